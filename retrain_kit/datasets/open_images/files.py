"""The files of a study of Open Images: which tables there are, and what they all need from one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.datasets.open_images import classes
from retrain_kit.datasets.open_images.frames import EDGES
from retrain_kit.datasets.open_images.tables import Table
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.datasets.open_images.tables import Row
    from retrain_kit.manifests import Manifest

TABLES = {
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
OTHERS = ("classes", "attributes", "hierarchy", "narratives")
MASKS = "mask_folder"
_TURNS = {"": 0, "nan": 0, "0": 0, "90": 90, "180": 180, "270": 270}


def check(manifest: Manifest) -> None:
    """Refuse a study with files that the reader does not know."""
    known = {*TABLES, *OTHERS}
    unknown = sorted(name for name in manifest.files if name not in known and not name.startswith(MASKS))
    if unknown:
        expected = f"some of {', '.join([*TABLES, MASKS, *OTHERS])}"
        raise DataError(Fault(f"{manifest.name}.toml, files", ", ".join(unknown), expected))


def table(manifest: Manifest, name: str, *more: str) -> Table:
    """Return a table of the study, with the columns it must have and some more."""
    return Table(manifest.files[name], (*TABLES[name], *more))


def names(manifest: Manifest, faults: list[Fault]) -> dict[str, str]:
    """Return the words for machine ids, of classes and of attributes."""
    found: dict[str, str] = {}
    for name in filter(manifest.files.__contains__, ("attributes", "classes")):
        try:
            found |= classes.names(manifest.files[name])
        except DataError as error:
            faults += error.faults
    return found


def hierarchy(manifest: Manifest) -> Mapping[str, tuple[str, ...]]:
    """Return, for each machine id of the hierarchy, those directly above it; nothing without the file.

    Raises
    ------
    DataError
        When the file is no hierarchy.
    """
    path = manifest.files.get("hierarchy")
    return classes.parents(path) if path else {}


def rotation(manifest: Manifest, rows: list[Row], faults: list[Fault]) -> int:
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
