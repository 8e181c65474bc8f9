"""One image of COCO: the rows of its annotations turned into regions, and what is none listed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from retrain_kit.annotations.samples import UNKNOWN, Box, Flags, Region
from retrain_kit.datasets.formats import fields, rle
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import BoxError
from retrain_kit.imaging import masking

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Polygon, RejectedAnnotation, Size

Row = dict[str, Any]

MIN_OUTLINE_NUMBERS = 6
_NO_ANNOTATION = (KeyError, TypeError, ValueError, OverflowError, BoxError)


@dataclass
class CocoImage:
    """What the files say of one image.

    Parameters
    ----------
    stated, row
        Its row as it stands, and with its licence in full; None where it is not listed.
    rows
        The rows of instances by the keys of their ids.
    unlabelled_px
        How many pixels belong to no segment, where a file says it.
    """

    size: Size
    stated: Row | None = None
    row: Row | None = None
    regions: list[Region] = field(default_factory=list)
    rejected: list[RejectedAnnotation] = field(default_factory=list)
    captions: list[Row] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)
    unlabelled_px: int = 0


class Outline(NamedTuple):
    """What a row says of the shape: polygons or a mask of the whole frame; neither where it says nothing."""

    polygons: tuple[Polygon, ...] = ()
    mask: NDArray[np.bool_] | None = None

    def extent(self) -> Box | None:
        """Return the smallest box around it; None where it covers nothing."""
        if self.mask is not None:
            return Box(*map(float, masking.bounding_box(self.mask))) if self.mask.any() else None
        return Box.around(self.polygons) if self.polygons else None


def box_from_coco(x: float, y: float, width: float, height: float) -> Box:
    """Return the box of COCO's [x, y, width, height]: the right edge is x + width, excluded.

    Sums are rounded to a millionth of a pixel, which undoes the noise of adding decimals.
    """
    return Box(x, y, round(x + width, 6), round(y + height, 6))


_BOX_NUMBERS = 4


def _box(stated: object) -> Box:
    edges = fields.numbers(stated, "bbox")
    if len(edges) != _BOX_NUMBERS:
        raise ValueError(f"bbox: {shown(stated)}, not x, y, width and height")
    return box_from_coco(*edges)


def polygon_from_flat(flat: Any) -> Polygon:  # noqa: ANN401 - whatever stands in the list's place
    """Return the polygon of COCO's flat list of x, y, x, y and so on.

    Raises
    ------
    ValueError
        When there are fewer than three vertices, half a vertex or something that is no finite number.
    """
    edges = fields.numbers(flat, "a polygon")
    if len(edges) < MIN_OUTLINE_NUMBERS:
        raise ValueError(f"a polygon: {shown(flat)}, not three or more vertices")
    if len(edges) % 2:
        raise ValueError(f"a polygon: {shown(flat)}, an x without its y")
    pairs = iter(edges)
    return tuple(zip(pairs, pairs, strict=True))


def outline_from_coco(stated: object, size: Size) -> Outline:
    """Return the outline of a `segmentation`, for an image of `size` (width, height).

    It is a list of polygons, runs of pixels (RLE), or a list of those; several are united. A polygon that
    stands in no list is taken too.

    Raises
    ------
    KeyError, TypeError, ValueError
        When it is none of these.
    """
    if not stated and (stated is None or isinstance(stated, list | dict)):
        return _NO_OUTLINE
    if isinstance(stated, dict):
        return Outline(mask=rle.decode_mask(stated, size))
    if not isinstance(stated, list):
        raise ValueError(f"{shown(stated)}, no outline")  # noqa: TRY004 - one kind for all that is none
    kinds = set(map(type, stated))
    if kinds.isdisjoint((list, dict)):
        return Outline((polygon_from_flat(stated),))
    if dict not in kinds:
        return Outline(tuple(map(polygon_from_flat, stated)))
    masks = (
        rle.decode_mask(part, size)
        if isinstance(part, dict)
        else masking.polygon_mask(polygon_from_flat(part), size)
        for part in stated
    )
    return Outline(mask=reduce(or_, masks))


_NO_OUTLINE = Outline()


def add_instance(row: Row, category: Row, image: CocoImage) -> tuple[str, str]:
    """Add the region of a row; return what is wrong with the row, and what of it was taken all the same.

    An outline without a box gives its extent.
    """
    image.rows[fields.id_key(row.get("id"))] = row
    outline, box, wrong = _NO_OUTLINE, None, ""
    try:
        outline = outline_from_coco(row.get("segmentation"), image.size)
    except _NO_ANNOTATION as error:
        wrong = _why("segmentation", error)
    stated = row.get("bbox")
    try:
        box = None if stated is None or stated == [] else _box(stated)
    except _NO_ANNOTATION as error:
        wrong = f"{wrong}; {_why('bbox', error)}" if wrong else _why("bbox", error)
    if box is None and outline.extent() is None:
        return wrong or "bbox: none, and no outline that covers anything", ""
    image.regions.append(_region(row, category, box, outline))
    return wrong, "the outline" if box is None else "the box"


def add_keypoints(row: Row, category: Row, image: CocoImage) -> tuple[str, str]:
    """Add a row of keypoints to the region of its id; make a region of it where there is none.

    What is returned is as in `add_instance`.
    """
    name = fields.id_key(row.get("id"))
    first = image.rows.get(name) if name else None
    if first is None:
        return add_instance(row, category, image)
    places = [place for place, region in enumerate(image.regions) if fields.id_key(region.id) == name]
    if not places:
        return "keypoints of an annotation that cannot be one", ""
    region = image.regions[places[0]]
    same = {key for key in row if key in first and first[key] == row[key]}
    new = {f"keypoints_{key}" if key in first else key: row[key] for key in row if key not in same}
    said = {**region.said, **new, **said_with_category({}, category, row.keys())}
    image.regions[places[0]] = replace(region, said=said)
    return "", ""


def _region(row: Row, category: Row, stated: Box | None, outline: Outline) -> Region:
    crowd = yes_no(row.get("iscrowd"))
    said = said_with_category(row, category, _TAKEN if crowd is None else _TAKEN_WITH_CROWD)
    mask = outline.mask
    box = stated if mask is None else _whole_pixels(stated, mask)
    if box is None:
        box = Box.around(outline.polygons)
    if stated is not None and box != stated:
        said["bbox"] = row["bbox"]
    if mask is not None:
        left, top, right, bottom = map(int, box.edges)
        mask = mask[top:bottom, left:right] if mask.any() else np.zeros((1, 1), dtype=bool)
    name, flags, who = fields.id_text(row.get("id")), _FLAGS[crowd], _annotator(row)
    return Region(category["name"], box, name, who, outline.polygons, mask, flags, said=said)


def _annotator(row: Row) -> str:
    """Return who made an annotation, where a row has a field for that; an address is nobody's name here."""
    said = next((row[field] for field in _ANNOTATOR if row.get(field) not in (None, "")), None)
    if isinstance(said, int) and not isinstance(said, bool):
        return f"annotator {said}"
    return said.strip() or UNKNOWN if isinstance(said, str) and "@" not in said else UNKNOWN


_ANNOTATOR = ("annotator", "annotator_id")
"""COCO has no field for that; these are what data sets in its form call it."""


_TAKEN = frozenset(("id", "image_id", "bbox", "segmentation"))
_TAKEN_WITH_CROWD = _TAKEN | {"iscrowd"}
_FLAGS = {crowd: Flags(group_of=crowd) for crowd in (None, False, True)}


def yes_no(value: object) -> bool | None:
    """Return what 0 or 1 says; None where something else stands."""
    return bool(value) if isinstance(value, int | float) and value in {0, 1} else None


def said_with_category(row: Row, category: Row, taken: Collection[str]) -> Row:
    """Return what else a row says, and its category; that under `category_…` where a row uses the name."""
    said = {key: value for key, value in row.items() if key not in taken}
    for key, value in category.items():
        if key not in {"id", "name"}:
            said[f"category_{key}" if key in row or key in taken else key] = value
    return said


def _whole_pixels(stated: Box | None, mask: NDArray[np.bool_]) -> Box | None:
    """Return the stated box where it is on whole pixels of the frame and holds the mask, else its extent."""
    if not mask.any():
        return stated
    extent = Box(*map(float, masking.bounding_box(mask)))
    if stated is None:
        return extent
    whole = all(edge.is_integer() for edge in stated.edges)
    holds = 0 <= stated.left <= extent.left and 0 <= stated.top <= extent.top
    holds &= extent.right <= stated.right <= mask.shape[1] and extent.bottom <= stated.bottom <= mask.shape[0]
    return stated if whole and holds else extent


def _why(key: str, error: Exception) -> str:
    if isinstance(error, BoxError):
        return f"{key}: {error.faults[0].found}, not {error.faults[0].expected}"
    said = f"no {error.args[0]}" if isinstance(error, KeyError) else str(error)
    return said if said.startswith(f"{key}: ") else f"{key}: {said}"
