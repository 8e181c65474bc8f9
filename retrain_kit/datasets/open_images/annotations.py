"""Rows of Open Images turned into annotations, upright and in pixels.

A row that cannot be an annotation (a box that is reversed or no number, a flag of another value, no label) is
listed with its table, its line and why; the others go on. Where its mask alone cannot be read, the box stays.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.annotations.samples import (
    UNKNOWN,
    Box,
    Click,
    Flags,
    ImageLabel,
    PointLabel,
    Region,
    RejectedAnnotation,
    Relationship,
    Votes,
)
from retrain_kit.datasets.formats import values
from retrain_kit.datasets.open_images.files import EDGES, box_from_relative_xxyy
from retrain_kit.errors import BoxError, DataError
from retrain_kit.imaging import masking

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping
    from pathlib import Path

    from retrain_kit.datasets.open_images.files import ImageFrame
    from retrain_kit.datasets.open_images.tables import Row

FLAG_COLUMNS = {
    "occluded": ("IsOccluded",),
    "truncated": ("IsTruncated",),
    "group_of": ("IsGroupOf",),
    "depiction": ("IsDepiction", "IsDepictionOf"),
    "inside": ("IsInside", "IsInsideOf"),
}
CLICK_COLUMNS = [(f"XClick{number}X", f"XClick{number}Y") for number in range(1, 5)]
VOTE_COLUMNS = ("YesVotes", "NoVotes", "UnsureVotes")
MAX_STRETCH = 1.1
"""A mask that is stretched more than this in one direction than in the other is noted."""

_YES_NO = {"1": True, "0": False, "-1": None, "": None, "1.0": True, "0.0": False, "-1.0": None}
_ESTIMATES = {"yes": True, "no": False, "unsure": None, "": None}


class AnnotationBuilder:
    """Makes the annotations of one image; rows that cannot be annotations come into `rejected`.

    Parameters
    ----------
    names
        The words for machine ids.
    frame
        The image's.
    find_mask
        Gives the stored mask of a row of the mask table, or None where there is none.
    files
        The tables' files by their names.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        frame: ImageFrame,
        find_mask: Callable[[Row], masking.Mask | None],
        files: Mapping[str, Path],
    ) -> None:
        self.names, self.frame, self.find_mask, self.files = names, frame, find_mask, files
        self.rejected: list[RejectedAnnotation] = []
        self.unfit = ""
        self._kept: list[str] = []

    def each(self, table: str, make: Callable[[Row, str], Any], rows: Iterable[Row]) -> list[Any]:
        """Make an annotation of each row of a table; its id is the table's letter and the row's number."""
        made = []
        for number, row in enumerate(rows, start=1):
            if self.unfit:
                self.reject(table, row, self.unfit)
                continue
            try:
                made.append(make(row, f"{_LETTERS.get(table, table[0])}{number}"))
            except (BoxError, ValueError) as error:
                self.reject(table, row, _why(error))
            for reason in self._kept:
                self.reject(table, row, reason, "the box")
            self._kept.clear()
        return made

    def reject(self, table: str, row: Row, reason: str, kept: str = "") -> None:
        """List a row of a table."""
        said = {name: cell for name, cell in row.items() if name != "line"}
        place = f"{self.files[table].name}, line {row['line']}"
        image = row.get("ImageID") or row.get("ImageId") or ""
        label = row.get("RelationshipLabel") or self.names.get(mid := _mid(row), mid)
        found = RejectedAnnotation(image, reason, row.get("BoxID", ""), label, place, kept, said)
        self.rejected.append(found)

    def box(self, row: Row, name: str) -> Region:
        """Return the region of a row of the tables of boxes or of MIAP."""
        return Region(
            self._name(row["LabelName"]),
            self._box(row, EDGES),
            name,
            row.get("Source") or UNKNOWN,
            flags=_flags(row),
            clicks=self._extreme_clicks(row),
            said=remaining_columns(row, _OF_A_BOX),
        )

    def label(self, row: Row, name: str) -> ImageLabel:
        """Return the word for the whole image of a row; a confidence between 0 and 1 is no answer."""
        del name
        present = {0.0: False, 1.0: True}.get(values.number(row["Confidence"], "Confidence"))
        said = remaining_columns(row, _OF_A_LABEL)
        return ImageLabel(self._name(row["LabelName"]), present, row["Source"] or UNKNOWN, said)

    def point(self, row: Row, name: str) -> PointLabel:
        """Return the word for a point of a row, with what people voted."""
        del name
        across, down = values.number(row["X"], "X"), values.number(row["Y"], "Y")
        if not (0 <= across <= 1 and 0 <= down <= 1):
            raise ValueError(f"X and Y: {row['X']}, {row['Y']}, outside the image")
        x, y = self.frame.point(across, down)
        present = _one_of(_ESTIMATES, "EstimatedYesNo", row["EstimatedYesNo"])
        cells = [row.get(column, "") for column in VOTE_COLUMNS]
        votes = Votes(*map(_count, cells)) if any(cells) else None
        label = self._name(row["Label"]) if row["Label"] else row.get("TextLabel", "")
        values.word(label, "Label and TextLabel")
        said = remaining_columns(row, _OF_A_POINT)
        return PointLabel(label, x, y, present, row["Source"] or UNKNOWN, votes, said)

    def mask(self, row: Row, name: str) -> Region:
        """Return the region of a row of the table of masks; its box is the mask's extent, if there is one."""
        box, label = self._box(row, BOX_COLUMNS), self._name(row["LabelName"])
        clicks = tuple(self._corrective_click(text) for text in row["Clicks"].split(";") if text.strip())
        said = remaining_columns(row, _OF_A_MASK)
        stored = self._stored(row)
        mask = None
        if stored is not None:
            said |= self._stretched(stored)
            mask = masking.instance_mask(
                _turned(stored, self.frame), Box(0, 0, *self.frame.size), self.frame.size
            )
            box, mask = _cut(box, mask)
        return Region(label, box, name, UNKNOWN, (), mask, clicks=clicks, said=said)

    def _stored(self, row: Row) -> masking.Mask | None:
        """Return the stored mask of a row; where it cannot be read its box is kept, and that is listed."""
        try:
            return self.find_mask(row)
        except DataError as error:
            fault = error.faults[0]
            self._kept.append(f"{fault.where}: {fault.found}, not {fault.expected}")
            return None

    def pair(self, row: Row, name: str) -> tuple[Region, Region, Relationship]:
        """Return the two regions and the relationship of a row.

        An attribute is a row too: the thing *is* wooden. Its second region then bears the attribute's word,
        at the place that the row gives it.
        """
        first, second = self._end(row, "1", f"{name}a"), self._end(row, "2", f"{name}b")
        said = remaining_columns(row, _OF_A_PAIR)
        predicate = values.word(row["RelationshipLabel"], "RelationshipLabel")
        return first, second, Relationship(first.id, predicate, second.id, name, said=said)

    def _end(self, row: Row, end: str, name: str) -> Region:
        label = row[f"LabelName{end}"]
        box = self._box(row, _END_COLUMNS[end])
        return Region(self._name(label), box, name, said={"LabelName": label})

    def _name(self, mid: str) -> str:
        """Return the word of a machine id; of one that the lists of classes lack, the id itself."""
        return self.names.get(mid) or values.word(mid, "LabelName")

    def _box(self, row: Row, columns: Iterable[str]) -> Box:
        plain = values.plain_numbers([row[name] for name in columns])
        edges = plain or [values.number(row[name], name) for name in columns]
        return box_from_relative_xxyy(edges, self.frame)

    def _extreme_clicks(self, row: Row) -> tuple[Click, ...]:
        """Return the four clicks that span a box; none where the source has none (-1)."""
        if not any(map(row.get, _CLICK_CELLS)):
            return ()
        pairs = [
            (values.number(row.get(x) or "-1", x), values.number(row.get(y) or "-1", y))
            for x, y in CLICK_COLUMNS
        ]
        return tuple(Click(*self.frame.point(x, y)) for x, y in pairs if (x, y) != (-1, -1))

    def _corrective_click(self, text: str) -> Click:
        if len(parts := text.split()) != _CLICK_PARTS:
            raise ValueError(f"Clicks: {text!r}, not x, y and 1 or 0")
        x, y, on = parts
        place = self.frame.point(values.number(x, "Clicks"), values.number(y, "Clicks"))
        return Click(*place, on=_one_of({"1": True, "0": False}, "Clicks", on))

    def _stretched(self, stored: masking.Mask) -> dict[str, str]:
        """Return a note where the mask's shape is not the stored image's."""
        height, width = stored.shape
        across, down = self.frame.size if self.frame.rotation_deg % 180 == 0 else self.frame.size[::-1]
        stretch = (across / width) / (down / height)
        if 1 / MAX_STRETCH <= stretch <= MAX_STRETCH:
            return {}
        return {"stretched": f"the mask has {width} × {height} pixels, the stored image {across} × {down}"}


_LETTERS = {"relationships": "v", "miap": "p"}
_CLICK_PARTS = 3
BOX_COLUMNS = [f"Box{edge}" for edge in EDGES]
_END_COLUMNS = {end: [f"{edge}{end}" for edge in EDGES] for end in "12"}
_FLAG_CELLS = [column for columns in FLAG_COLUMNS.values() for column in columns]
_CLICK_CELLS = [axis for click in CLICK_COLUMNS for axis in click]

# The columns that have a field of their own.
_OF_A_BOX = frozenset(("ImageID", *EDGES, "Source", *_FLAG_CELLS, *_CLICK_CELLS))
_OF_A_LABEL = frozenset(("ImageID", "Source"))
_OF_A_POINT = frozenset(("ImageId", "X", "Y", "EstimatedYesNo", "Source", *VOTE_COLUMNS))
_OF_A_MASK = frozenset(("ImageID", "Clicks"))
_OF_A_PAIR = frozenset(
    ("ImageID", "RelationshipLabel", *(f"{column}{end}" for column in (*EDGES, "LabelName") for end in "12"))
)


def _mid(row: Row) -> str:
    """Return the machine id of a row, where it has one."""
    found: str = row.get("LabelName") or row.get("Label") or ""
    return found


def remaining_columns(row: Mapping[str, Any], used: Container[str]) -> dict[str, Any]:
    """Return what a row says besides the columns used and its line."""
    return {name: cell for name, cell in row.items() if name not in used and name != "line"}


def _turned(stored: masking.Mask, frame: ImageFrame) -> masking.Mask:
    turned: masking.Mask = np.rot90(stored, frame.rotation_deg // 90)
    return turned


def _cut(box: Box, mask: masking.Mask) -> tuple[Box, masking.Mask]:
    """Return the mask's extent and the mask in it; an empty mask leaves the box as it is."""
    if not mask.any():
        return box, np.zeros((1, 1), dtype=bool)
    left, top, right, bottom = masking.bounding_box(mask)
    return Box(left, top, right, bottom), mask[top:bottom, left:right]


def _flags(row: Row) -> Flags:
    return _flags_of(*[(column, row[column]) for column in _FLAG_CELLS if column in row])


@lru_cache(1 << 10)
def _flags_of(*cells: tuple[str, str]) -> Flags:
    """Return the flags that these cells say: rows have few different ones, and share them."""
    said = dict(cells)
    found = {
        flag: next(((column, said[column]) for column in columns if column in said), (flag, ""))
        for flag, columns in FLAG_COLUMNS.items()
    }
    return Flags(**{flag: _one_of(_YES_NO, *each) for flag, each in found.items()})


def _one_of(answers: Mapping[str, bool | None], column: str, text: str) -> bool | None:
    if text not in answers:
        known = ", ".join(answer for answer in answers if answer and "." not in answer)
        raise ValueError(f"{column}: {text!r} is none of {known}")
    return answers[text]


def _count(text: str) -> int:
    found = values.number_id(text)
    if found is None or found.startswith("-"):
        raise ValueError(f"{text!r} is no number of votes")
    return int(found)


def _why(error: Exception) -> str:
    if isinstance(error, BoxError):
        return f"{error.faults[0].found}, not {error.faults[0].expected}"
    return str(error)
