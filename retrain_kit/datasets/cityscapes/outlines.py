"""One file of outlines: its objects turned into regions, and what is none listed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import UNKNOWN, Box, Flags, Region, RejectedAnnotation
from retrain_kit.datasets.cityscapes.classes import is_group
from retrain_kit.datasets.formats import fields, values
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import BoxError, DataError
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from pathlib import Path

    from retrain_kit.annotations.samples import Polygon
    from retrain_kit.datasets.formats.pseudonyms import Pseudonyms
    from retrain_kit.studies.manifests import ImageRow

_MIN_VERTICES, _BOX_NUMBERS = 3, 4


def outlines(path: Path, place: str, row: ImageRow, people: Pseudonyms) -> list[Region | RejectedAnnotation]:
    """Return the regions of a file of outlines in the order of drawing, and what is none among them."""
    said = read_objects(path)
    objects = said.get("objects") if isinstance(said, dict) else None
    if not isinstance(objects, list):
        why = said if isinstance(said, str) else "no list of objects"
        return [RejectedAnnotation(row.id, f"no annotations: {why}", place=place)]
    other = _other_size(said, row)
    made: list[Region | RejectedAnnotation] = []
    for number, found in enumerate(objects, start=1):
        region = other or _region_or_reason(found, str(number), people)
        if isinstance(region, Region):
            made.append(region)
        else:
            label = found.get("label") if isinstance(found, dict) else ""
            word = label if isinstance(label, str) and fields.is_text(label) else ""
            where = f"{place}, object {number}"
            row_said = fields.writable(without_user(found))
            made.append(RejectedAnnotation(row.id, region, str(number), word, where, row=row_said))
    return made


def read_objects(path: Path) -> Any:  # noqa: ANN401 - a table, or why it is none
    """Return what a file of outlines says; a text says why it is no such file."""
    try:
        said = json.loads(text := texts.read_text(path))
    except DataError as error:
        return error.faults[0].found
    except (ValueError, RecursionError) as error:
        return f"no JSON ({error})"
    if fields.may_be_too_deep(text) and fields.is_too_deep(said):
        return f"lists in lists, more than {fields.MAX_DEPTH} deep"
    return said if isinstance(said, dict) else "no table"


def _other_size(said: dict[str, Any], row: ImageRow) -> str:
    stated = [said.get("imgWidth"), said.get("imgHeight")]
    if stated in ([None, None], [row.width_px, row.height_px]):
        return ""
    found = " × ".join(map(shown, stated))
    return f"size: {found} pixels, not {row.width_px} × {row.height_px} as the image has"


def _region_or_reason(found: object, number: str, people: Pseudonyms) -> Region | str:
    if not isinstance(found, dict):
        return f"{shown(found)}, no object"
    if found.get("deleted") in (1, True):
        return "deleted by whoever drew it"
    try:
        label = values.word(found.get("label"), "label")
        box, polygons = _shape(found)
    except BoxError as error:
        return f"bbox: {error.faults[0].found}, not {error.faults[0].expected}"
    except ValueError as error:
        return str(error)
    said = {
        key: value
        for key, value in without_user(found).items()
        if key not in {"label", "bbox" if not polygons else "", "polygon"}
    }
    annotator = people.of(found.get("user")) or UNKNOWN
    flags = Flags(group_of=True if is_group(label) else None)
    return Region(label, box, number, annotator, polygons, flags=flags, said=said)


def without_user(found: Any) -> Any:  # noqa: ANN401 - whatever stands in the list
    """Return what an object says without who is named in it."""
    return {key: value for key, value in found.items() if key != "user"} if isinstance(found, dict) else found


def _shape(found: dict[str, Any]) -> tuple[Box, tuple[Polygon, ...]]:
    """Return the box of an object, and its outline where it has one.

    Raises
    ------
    ValueError, BoxError
        When it has neither.
    """
    if "polygon" not in found and "bbox" in found:
        edges = fields.numbers(found["bbox"], "bbox")
        if len(edges) != _BOX_NUMBERS:
            raise ValueError(f"bbox: {shown(found['bbox'])}, not x, y, width and height")
        left, top, width, height = edges
        return Box(left, top, left + width, top + height), ()
    stated = found.get("polygon")
    if not isinstance(stated, list) or len(stated) < _MIN_VERTICES:
        raise ValueError(f"polygon: {shown(stated)}, not three or more vertices")
    points = [fields.numbers(point, "a vertex") for point in stated]
    if any(len(point) != 2 for point in points):  # noqa: PLR2004 - x and y
        raise ValueError(f"polygon: {shown(stated)}, a vertex that is not x and y")
    outline = tuple((x, y) for x, y in points)
    return Box.around([outline]), (outline,)
