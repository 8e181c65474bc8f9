"""One image of COCO: the rows of its annotations turned into regions, and what is none listed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.annotations.samples import Box, Flags, Region
from retrain_kit.datasets.formats import rle
from retrain_kit.errors import BoxError
from retrain_kit.imaging import masking

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Polygon, Size

Row = dict[str, Any]

MIN_OUTLINE_NUMBERS = 6
_NOT_A_ANNOTATION = (KeyError, TypeError, ValueError, OverflowError, BoxError)


@dataclass
class CocoImage:
    """What the files say of one image: its `row`, None where it is not listed, and `rows` of annotations."""

    size: Size
    row: Row | None = None
    regions: list[Region] = field(default_factory=list)
    rejected: list[Row] = field(default_factory=list)
    captions: list[Row] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)


def box_from_coco(x: float, y: float, width: float, height: float) -> Box:
    """Return the box of COCO's [x, y, width, height]: the right edge is x + width, excluded.

    Sums are rounded to a millionth of a pixel, which undoes the noise of adding decimals.
    """
    return Box(float(x), float(y), round(float(x) + float(width), 6), round(float(y) + float(height), 6))


def polygon_from_flat(numbers: Iterable[float]) -> Polygon:
    """Return the polygon of COCO's flat list of x, y, x, y and so on.

    Raises
    ------
    ValueError
        When there are fewer than three vertices, half a vertex or a number that is not finite.
    """
    flat = [float(number) for number in numbers]
    if len(flat) < MIN_OUTLINE_NUMBERS or len(flat) % 2 or not all(map(math.isfinite, flat)):
        raise ValueError("a polygon that is not three or more vertices of finite numbers")
    return tuple(zip(flat[::2], flat[1::2], strict=True))


def add_instance(row: Row, category: Row, image: CocoImage) -> None:
    """Add the region of a row; list the row where its box is none, and where its outline is none."""
    image.rows[str(row.get("id", ""))] = row
    try:
        box = box_from_coco(*row["bbox"])
    except _NOT_A_ANNOTATION as error:
        image.rejected.append({"id": row.get("id"), "why": _why("bbox", error), "row": row})
        return
    polygons: tuple[Polygon, ...] = ()
    mask = None
    outline = row.get("segmentation") or []
    try:
        if isinstance(outline, dict):
            mask = rle.decode_mask(outline, image.size)
        else:
            polygons = tuple(polygon_from_flat(numbers) for numbers in outline)
    except _NOT_A_ANNOTATION as error:
        why = f"{_why('segmentation', error)}; the box is kept"
        image.rejected.append({"id": row.get("id"), "why": why, "row": row})
    image.regions.append(_region(row, category, box, polygons, mask))


def add_keypoints(row: Row, category: Row, image: CocoImage) -> None:
    """Add a row of keypoints to the region of its id; make a region of it where there is none."""
    name = str(row.get("id", ""))
    first = image.rows.get(name)
    if first is None:
        add_instance(row, category, image)
        return
    places = [place for place, region in enumerate(image.regions) if region.id == name]
    if not places:
        image.rejected.append(
            {"id": row.get("id"), "why": "keypoints of an annotation that cannot be one", "row": row}
        )
        return
    region = image.regions[places[0]]
    same = {key for key in row if key in first and first[key] == row[key]}
    new = {f"keypoints_{key}" if key in first else key: row[key] for key in row if key not in same}
    said = {**region.said, **new, **_said({}, category, row.keys())}
    image.regions[places[0]] = replace(region, said=said)


def _region(
    row: Row, category: Row, stated: Box, polygons: tuple[Polygon, ...], mask: NDArray[np.bool_] | None
) -> Region:
    crowd = {0: False, 1: True}.get(row["iscrowd"]) if isinstance(row.get("iscrowd"), int) else None
    taken = {"id", "image_id", "bbox", "segmentation", "" if crowd is None else "iscrowd"}
    said = _said(row, category, taken)
    box = stated if mask is None else _whole_pixels(stated, mask)
    if box != stated:
        said["bbox"] = row["bbox"]
    if mask is not None:
        left, top, right, bottom = map(int, box.edges)
        mask = mask[top:bottom, left:right] if mask.any() else np.zeros((1, 1), dtype=bool)
    name = str(row.get("id", ""))
    return Region(
        str(category["name"]), box, name, polygons=polygons, mask=mask, flags=Flags(group_of=crowd), said=said
    )


def _said(row: Row, category: Row, taken: Collection[str]) -> Row:
    """Return what else a row says, and its category; that under `category_…` where a row uses the name."""
    said = {key: value for key, value in row.items() if key not in taken}
    more = {key: value for key, value in category.items() if key not in {"id", "name"}}
    used = row.keys() | taken
    return said | {f"category_{key}" if key in used else key: value for key, value in more.items()}


def _whole_pixels(stated: Box, mask: NDArray[np.bool_]) -> Box:
    """Return the stated box where it is on whole pixels of the frame and holds the mask, else its extent."""
    if not mask.any():
        return stated
    extent = Box(*map(float, masking.bounding_box(mask)))
    whole = all(edge.is_integer() for edge in stated.edges)
    holds = 0 <= stated.left <= extent.left and 0 <= stated.top <= extent.top
    holds &= extent.right <= stated.right <= mask.shape[1] and extent.bottom <= stated.bottom <= mask.shape[0]
    return stated if whole and holds else extent


def _why(key: str, error: Exception) -> str:
    if isinstance(error, BoxError):
        return f"{key}: {error.faults[0].found}, not {error.faults[0].expected}"
    return f"{key}: no {error.args[0]}" if isinstance(error, KeyError) else f"{key}: {error}"
