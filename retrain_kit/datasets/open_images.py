"""Open Images V7: its CSV tables, read for the pictures of a study, with who made each mark.

The manifest's `files` name the tables, each of them optional: `images` (the image table), `boxes`,
`image_labels`, `masks` with `mask_folder`, `relationships`, `points`, `miap` and `classes` (names of the
machine ids). Tables of millions of rows are streamed; only rows of the study's pictures are kept.

Coordinates of the source are fractions of the *stored* picture. `Rotation` says how far to turn the
picture and its boxes counter-clockwise; both are turned here, once. Where no rotation was recovered the
stored picture stands as it is. Flags of -1 are unknown and stay so; `Source` becomes the maker; whatever has
no field of its own is kept in `said` under the source's name.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from retrain_kit import masking, pictures
from retrain_kit.errors import BoxError, DataError, Fault
from retrain_kit.samples import UNKNOWN, Box, Click, Flags, ImageLabel, Region, Relationship, Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from retrain_kit.manifests import Manifest
    from retrain_kit.samples import Size

Row = dict[str, str]

EDGES = ("XMin", "XMax", "YMin", "YMax")
FLAGS = {
    "occluded": ("IsOccluded",),
    "truncated": ("IsTruncated",),
    "group_of": ("IsGroupOf",),
    "depiction": ("IsDepiction", "IsDepictionOf"),
    "inside": ("IsInside", "IsInsideOf"),
}
CLICKS = [(f"XClick{number}X", f"XClick{number}Y") for number in range(1, 5)]
YES_NO = {"1": True, "0": False, "-1": None, "": None}
TABLES = {
    "images": ("ImageID", "License", "Author", "Rotation"),
    "boxes": ("ImageID", "Source", "LabelName", "Confidence", *EDGES),
    "image_labels": ("ImageID", "Source", "LabelName", "Confidence"),
    "masks": (
        "MaskPath",
        "ImageID",
        "LabelName",
        "BoxID",
        "BoxXMin",
        "BoxXMax",
        "BoxYMin",
        "BoxYMax",
        "Clicks",
    ),
    "relationships": ("ImageID", "LabelName1", "LabelName2", "RelationshipLabel"),
    "points": ("ImageId", "X", "Y", "Label", "EstimatedYesNo", "Source"),
    "miap": ("ImageID", "LabelName", *EDGES),
}


@dataclass(frozen=True)
class Frame:
    """The upright picture's size in pixels, and how far it was turned counter-clockwise to stand so."""

    size: Size
    rotation_deg: int = 0

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return in pixels, upright, where (x, y), fractions of the stored picture, lies."""
        turns = {0: (x, y), 90: (y, 1 - x), 180: (1 - x, 1 - y), 270: (1 - y, x)}
        u, v = turns[self.rotation_deg]
        return round(u * self.size[0], 6), round(v * self.size[1], 6)


def from_relative_xxyy(edges: Iterable[float], frame: Frame) -> Box:
    """Turn XMin, XMax, YMin, YMax, fractions of the stored picture, into an upright box in pixels.

    Raises
    ------
    BoxError
        When the box is reversed or no number.
    """
    x_min, x_max, y_min, y_max = edges
    Box(x_min, y_min, x_max, y_max)
    (x1, y1), (x2, y2) = frame.point(x_min, y_min), frame.point(x_max, y_max)
    return Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Raises
    ------
    DataError
        With every fault of the tables, as far as it concerns the pictures of the study.
    """
    unknown = sorted(manifest.files.keys() - {*TABLES, "classes", "mask_folder"})
    if unknown:
        expected = f"some of {', '.join([*TABLES, 'mask_folder', 'classes'])}"
        raise DataError(Fault(f"{manifest.name}.toml, files", ", ".join(unknown), expected))
    ids = {image.id for image in manifest.images}
    tables, faults = _tables(manifest.files, ids)
    frames = {
        image.id: Frame((image.width_px, image.height_px), _rotation(tables["images"].get(image.id), faults))
        for image in manifest.images
    }
    reader = _Reader(
        _classes(manifest.files.get("classes")), frames, manifest.files.get("mask_folder"), faults
    )
    samples = [
        reader.sample(manifest.sample(image), {name: tables[name].get(image.id, []) for name in TABLES})
        for image in manifest.images
    ]
    if faults:
        raise DataError(*faults)
    return samples


def rows(path: Path, columns: Iterable[str], ids: Iterable[str]) -> list[Row]:
    """Stream a table and return its rows of these pictures as texts, with their `line`.

    Rows in which one of the `columns` is missing come back too, whatever their picture: they were cut.

    Raises
    ------
    DataError
        When the file is missing, is no CSV, or lacks one of the columns.
    """
    columns = list(columns)
    key = _key(columns)
    try:
        table = pl.scan_csv(path, infer_schema=False, row_index_name="line", row_index_offset=2)
        missing = [column for column in columns if column not in table.collect_schema().names()]
        if missing:
            raise DataError(Fault(f"{path}, line 1", "other columns", f"also {', '.join(missing)}"))
        cut = pl.any_horizontal(pl.col(column).is_null() for column in columns if column != "Rotation")
        wanted = table.filter(pl.col(key).is_in(sorted(ids)) | cut)
        found = wanted.with_columns(pl.col("line").cast(pl.String)).collect(engine="streaming")
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        raise DataError(Fault(str(path), f"no table ({reason})", "a CSV of Open Images, whole")) from None
    return [{name: cell or "" for name, cell in row.items()} for row in found.to_dicts()]


def _tables(files: Mapping[str, Path], ids: set[str]) -> tuple[dict[str, dict[str, list[Row]]], list[Fault]]:
    """Return the rows of each table by picture, and the faults of the tables."""
    tables: dict[str, dict[str, list[Row]]] = {name: defaultdict(list) for name in TABLES}
    faults: list[Fault] = []
    for name, columns in TABLES.items():
        if name not in files:
            continue
        try:
            found = rows(files[name], columns, ids)
        except DataError as error:
            faults += error.faults
            continue
        for row in found:
            empty = [column for column in columns if not row[column] and column != "Rotation"]
            row["where"] = f"{files[name]}, line {row.pop('line')}"
            if empty:
                faults.append(Fault(f"{row['where']}, {empty[0]}", "nothing", "a value; the row was cut"))
            else:
                tables[name][row[_key(columns)]].append(row)
    return tables, faults


def _key(columns: Iterable[str]) -> str:
    """Return the column that names the picture: ImageID, in the table of points ImageId."""
    return next(column for column in columns if column.lower() == "imageid")


def _classes(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    table = pl.read_csv(path, has_header=False, infer_schema=False, new_columns=["mid", "name"])
    return dict(zip(table["mid"], table["name"], strict=True))


def _rotation(found: list[Row] | None, faults: list[Fault]) -> int:
    text = found[0]["Rotation"] if found else ""
    if text in {"", "nan", "NaN", "0", "0.0"}:
        return 0
    try:
        return {90.0: 90, 180.0: 180, 270.0: 270}[float(text)]
    except (ValueError, KeyError):
        where = f"{found[0]['where']}, Rotation" if found else "Rotation"
        faults.append(Fault(where, repr(text), "0, 90, 180, 270 or nothing"))
        return 0


class _Reader:
    """Turns rows of one study into marks; faults are collected, nothing is dropped in silence."""

    def __init__(
        self,
        classes: Mapping[str, str],
        frames: Mapping[str, Frame],
        mask_folder: Path | None,
        faults: list[Fault],
    ) -> None:
        self.classes, self.frames, self.mask_folder, self.faults = classes, frames, mask_folder, faults

    def sample(self, plain: Sample, tables: Mapping[str, list[Row]]) -> Sample:
        """Return the sample with the marks that its rows in the tables say."""
        frame = self.frames[plain.id]
        pairs = self._each(self._pair, tables["relationships"], frame, "v")
        regions = [
            *self._each(self._box, tables["boxes"], frame, "b"),
            *self._each(self._mask, tables["masks"], frame, "m"),
            *self._each(self._box, tables["miap"], frame, "p"),
            *(region for pair in pairs for region in pair[:2]),
        ]
        image = tables["images"][0] if tables["images"] else {}
        said: dict[str, Any] = _rest(image, ("ImageID",))
        if tables["points"]:
            said["points"] = [_rest(row, ("ImageId",)) for row in tables["points"]]
        return replace(
            plain,
            rotation_deg=frame.rotation_deg,
            regions=tuple(regions),
            labels=tuple(self._each(self._label, tables["image_labels"], frame, "l")),
            relationships=tuple(pair[2] for pair in pairs),
            said=said,
        )

    def _each(
        self, make: Callable[[Row, Frame, str], Any], found: list[Row], frame: Frame, letter: str
    ) -> list[Any]:
        made = []
        for number, row in enumerate(found, start=1):
            try:
                made.append(make(row, frame, f"{letter}{number}"))
            except BoxError as error:
                self.faults.append(Fault(row["where"], error.faults[0].found, error.faults[0].expected))
            except (ValueError, KeyError) as error:
                self.faults.append(Fault(row["where"], str(error), "numbers, and 1, 0 or -1 for flags"))
        return made

    def _name(self, mid: str) -> str:
        return self.classes.get(mid, mid)

    def _box(self, row: Row, frame: Frame, name: str) -> Region:
        used = ("ImageID", *EDGES, "Source", *_flag_columns(), *(axis for click in CLICKS for axis in click))
        return Region(
            self._name(row["LabelName"]),
            from_relative_xxyy((float(row[edge]) for edge in EDGES), frame),
            name,
            row.get("Source") or UNKNOWN,
            flags=_flags(row),
            clicks=_extreme_clicks(row, frame),
            said=_rest(row, used),
        )

    def _label(self, row: Row, frame: Frame, name: str) -> ImageLabel:
        del frame, name
        present = {0.0: False, 1.0: True}.get(float(row["Confidence"]))
        said = _rest(row, ("ImageID", "Source"))
        return ImageLabel(self._name(row["LabelName"]), present, row["Source"], said)

    def _mask(self, row: Row, frame: Frame, name: str) -> Region:
        box = from_relative_xxyy((float(row[f"Box{edge}"]) for edge in EDGES), frame)
        mask = self._mask_picture(row, frame)
        if mask is not None and mask.any():
            left, top, right, bottom = masking.extent(mask)
            box, mask = Box(left, top, right, bottom), mask[top:bottom, left:right]
        clicks = tuple(_corrective_click(text, frame) for text in row["Clicks"].split(";") if text.strip())
        said = _rest(row, ("ImageID", "Clicks"))
        return Region(self._name(row["LabelName"]), box, name, UNKNOWN, (), mask, clicks=clicks, said=said)

    def _mask_picture(self, row: Row, frame: Frame) -> masking.Mask | None:
        """Return the mask's PNG, turned and scaled to the frame; None where there is no folder of masks."""
        if self.mask_folder is None:
            return None
        stored = np.asarray(pictures.load(self.mask_folder / row["MaskPath"], 0).convert("L")) > 0
        upright = np.rot90(stored, frame.rotation_deg // 90)
        return masking.instance_mask(upright, Box(0, 0, *frame.size), frame.size)

    def _pair(self, row: Row, frame: Frame, name: str) -> tuple[Region, Region, Relationship]:
        ends = []
        for end, letter in (("1", "a"), ("2", "b")):
            box = from_relative_xxyy((float(row[f"{edge}{end}"]) for edge in EDGES), frame)
            label = row[f"LabelName{end}"]
            ends.append(Region(self._name(label), box, f"{name}{letter}", said={"LabelName": label}))
        link = Relationship(
            f"{name}a", row["RelationshipLabel"], f"{name}b", name, said=_rest(row, ("ImageID",))
        )
        return ends[0], ends[1], link


def _flag_columns() -> list[str]:
    return [column for columns in FLAGS.values() for column in columns]


def _flags(row: Row) -> Flags:
    said = {
        flag: next((row[column] for column in columns if column in row), "")
        for flag, columns in FLAGS.items()
    }
    return Flags(**{flag: YES_NO[text] for flag, text in said.items()})


def _extreme_clicks(row: Row, frame: Frame) -> tuple[Click, ...]:
    """Return the four clicks that span a box; none where the source has none (-1)."""
    pairs = [(float(row.get(x) or -1), float(row.get(y) or -1)) for x, y in CLICKS]
    return tuple(Click(*frame.point(x, y)) for x, y in pairs if (x, y) != (-1, -1))


def _corrective_click(text: str, frame: Frame) -> Click:
    x, y, on = text.split()
    return Click(*frame.point(float(x), float(y)), on={"1": True, "0": False}[on])


def _rest(row: Mapping[str, str], used: Iterable[str]) -> dict[str, Any]:
    return {name: text for name, text in row.items() if name not in {*used, "where"}}
