"""The files of a study of Open Images: which tables there are, and what they all need from one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.annotations.samples import Box
from retrain_kit.datasets.open_images import classes
from retrain_kit.datasets.open_images.tables import Table
from retrain_kit.errors import DataError, Fault
from retrain_kit.imaging import decoding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from retrain_kit.annotations.samples import Size
    from retrain_kit.datasets.open_images.tables import Row
    from retrain_kit.imaging.masking import Mask
    from retrain_kit.studies.manifests import Manifest


EDGES = ("XMin", "XMax", "YMin", "YMax")


@dataclass(frozen=True)
class ImageFrame:
    """The upright image's size in pixels, and how far it was turned counter-clockwise to stand so."""

    size: Size
    rotation_deg: int = 0

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return in pixels, upright, where (x, y), fractions of the stored image, lies."""
        turns = {0: (x, y), 90: (y, 1 - x), 180: (1 - x, 1 - y), 270: (1 - y, x)}
        u, v = turns[self.rotation_deg]
        return round(u * self.size[0], 6), round(v * self.size[1], 6)


def box_from_relative_xxyy(edges: Iterable[float], frame: ImageFrame) -> Box:
    """Turn XMin, XMax, YMin, YMax, fractions of the stored image, into an upright box in pixels.

    Raises
    ------
    BoxError
        When the box is reversed or no number.
    """
    x_min, x_max, y_min, y_max = edges
    Box(x_min, y_min, x_max, y_max)
    (x1, y1), (x2, y2) = frame.point(x_min, y_min), frame.point(x_max, y_max)
    return Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


TABLE_COLUMNS = {
    "images": ("ImageID", "License", "Author", "Rotation"),
    "boxes": ("ImageID", "Source", "LabelName", "Confidence", *EDGES),
    "image_labels": ("ImageID", "Source", "LabelName", "Confidence"),
    "masks": ("MaskPath", "ImageID", "LabelName", "BoxID", *(f"Box{edge}" for edge in EDGES), "Clicks"),
    "relationships": (
        "ImageID",
        "LabelName1",
        "LabelName2",
        *(f"{edge}{end}" for end in (1, 2) for edge in EDGES),
        "RelationshipLabel",
    ),
    "points": ("ImageId", "X", "Y", "Label", "EstimatedYesNo", "Source"),
    "miap": ("ImageID", "LabelName", *EDGES),
}
OTHER_FILES = ("classes", "attributes", "hierarchy", "narratives")
MASK_FOLDER = "mask_folder"
_TURNS = {"": 0, "nan": 0, "0": 0, "90": 90, "180": 180, "270": 270}


def check_file_names(manifest: Manifest) -> None:
    """Refuse a study with files that the reader does not know."""
    known = {*TABLE_COLUMNS, *OTHER_FILES}
    unknown = sorted(
        name for name in manifest.files if name not in known and not name.startswith(MASK_FOLDER)
    )
    if unknown:
        expected = f"some of {', '.join([*TABLE_COLUMNS, MASK_FOLDER, *OTHER_FILES])}"
        raise DataError(Fault(f"{manifest.name}.toml, files", ", ".join(unknown), expected))


def open_table(manifest: Manifest, name: str, *more: str) -> Table:
    """Return a table of the study, with the columns it must have and some more."""
    return Table(manifest.files[name], (*TABLE_COLUMNS[name], *more))


def names_of_ids(manifest: Manifest, faults: list[Fault]) -> dict[str, str]:
    """Return the words for machine ids, of classes and of attributes."""
    found: dict[str, str] = {}
    for name in filter(manifest.files.__contains__, ("attributes", "classes")):
        try:
            found |= classes.class_names(manifest.files[name])
        except DataError as error:
            faults += error.faults
    return found


def class_hierarchy(manifest: Manifest) -> Mapping[str, tuple[str, ...]]:
    """Return, for each machine id of the hierarchy, those directly above it; nothing without the file.

    Raises
    ------
    DataError
        When the file is no hierarchy.
    """
    path = manifest.files.get("hierarchy")
    return classes.class_parents(path) if path else {}


def stated_rotation(manifest: Manifest, rows: list[Row], faults: list[Fault]) -> int:
    """Return the turn that the image table says; list a fault where it is none, or said twice."""
    if not rows:
        return 0
    path = manifest.files["images"]
    for row in rows[1:]:
        found = f"{row['ImageID']} a second time"
        faults.append(Fault(f"{path}, line {row['line']}", found, f"line {rows[0]['line']} alone"))
    text = rows[0]["Rotation"].lower().removesuffix(".0")
    if text not in _TURNS:
        where = f"{path}, line {rows[0]['line']}, Rotation"
        faults.append(Fault(where, repr(rows[0]["Rotation"]), "0, 90, 180, 270 or nothing"))
    return _TURNS.get(text, 0)


# -- the masks of Open Images: PNGs beside their table, looked up inside their folders and nowhere else.


class MaskFinder:
    """Finds stored masks.

    Parameters
    ----------
    folders
        Where the PNGs are, there or in folders named by the first digit of their image's id, as in the
        data set's archives and in FiftyOne's zoo. Without folders there are no masks.
    """

    def __init__(self, folders: Collection[Path]) -> None:
        self.folders = folders

    def fault(self) -> Fault | None:
        """Return a fault where there are folders and nothing in them: then no mask can be found."""
        if not self.folders or any(folder.is_dir() and any(folder.iterdir()) for folder in self.folders):
            return None
        return Fault(", ".join(map(str, self.folders)), "no file", "PNGs of masks", "Have they been pulled?")

    def find(self, row: Row) -> Mask | None:
        """Return the mask of a row of the mask table as it is stored; None where no masks are.

        Raises
        ------
        DataError
            When the file is missing, unreadable or outside its folder.
        """
        if not self.folders:
            return None
        path = self._path(row["MaskPath"], row["ImageID"][:1])
        return np.asarray(decoding.load_image(path, 0).convert("L")) > 0

    def _path(self, name: str, digit: str) -> Path:
        where = f"MaskPath {name}"
        for folder in self.folders:
            for place in (folder, folder / digit.upper(), folder / digit.lower()):
                path = place / name
                if "\0" in name or not path.resolve().is_relative_to(folder.resolve()):
                    raise DataError(Fault(where, "a way out of its folder", f"a file in {folder}"))
                if path.is_file():
                    return path
        expected = f"a PNG in {', '.join(map(str, self.folders))}"
        raise DataError(Fault(where, "no file", expected, "Has it been pulled?"))
