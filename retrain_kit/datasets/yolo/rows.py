"""One label file: its lines turned into regions, and what is none listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import Box, Region, RejectedAnnotation
from retrain_kit.datasets.formats import values
from retrain_kit.errors import BoxError, DataError
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from pathlib import Path

    from retrain_kit.annotations.samples import Polygon, Size
    from retrain_kit.datasets.yolo.words import Words
    from retrain_kit.studies.manifests import ImageRow

    Rows = list[tuple[int, str]]

BOX_COLUMNS, MIN_OUTLINE_NUMBERS = 4, 6
FARTHEST = 1.0
"""So many edges of the image a number may lie outside it; what lies farther is no share of it."""

_DIGITS = 6
_SEEN = 2.0
_FLAGS = (0.0, 1.0, _SEEN)


def label_rows(path: Path) -> Rows | str:
    """Return the lines of a label file that are not empty, with their numbers; or why it is no text."""
    try:
        text = texts.read_text(path)
    except DataError as error:
        return error.faults[0].found
    return [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]


def region_or_rejected(
    path: Path, place: str, row: ImageRow, words: Words
) -> list[Region | RejectedAnnotation]:
    """Return the regions of a label file, and its lines that are none, in their order."""
    rows = label_rows(path)
    if isinstance(rows, str):
        return [RejectedAnnotation(row.id, rows, place=place)]
    return [_region_or_rejected(number, line, f"{place}, line {number}", row, words) for number, line in rows]


def _region_or_rejected(
    number: int, line: str, place: str, row: ImageRow, words: Words
) -> Region | RejectedAnnotation:
    first, *rest = line.split()
    label = ""
    try:
        label, said = words.word(first)
        box, polygons, more = _shape(rest, (row.width_px, row.height_px), words)
        return Region(label, box, str(number), polygons=polygons, said=said | more)
    except BoxError as error:
        reason = f"its box: {error.faults[0].found}, not {error.faults[0].expected}"
    except ValueError as error:
        reason = str(error)
    return RejectedAnnotation(row.id, reason, str(number), label, place, row=line)


def _shape(columns: list[str], size: Size, words: Words) -> tuple[Box, tuple[Polygon, ...], dict[str, Any]]:
    """Return the box of a line, its outline if it has one, and what else it says.

    Raises
    ------
    ValueError, BoxError
        When it has columns of no kind, or numbers that are no shares.
    """
    numbers = values.plain_numbers(columns) or [values.number(each, "a column") for each in columns]
    said: dict[str, Any] = {}
    shape = numbers
    if step := _numbers_a_keypoint(numbers, words):
        shape = numbers[:BOX_COLUMNS]
        said = {"keypoints": _in_pixels(numbers[BOX_COLUMNS:], step, size), **words.keypoint_names}
    elif len(numbers) % 2 and len(numbers) > BOX_COLUMNS:
        shape, said = numbers[:-1], {"confidence": numbers[-1]}
    elif len(numbers) != BOX_COLUMNS and (len(numbers) < MIN_OUTLINE_NUMBERS or len(numbers) % 2):
        raise ValueError(f"{len(columns) + 1} columns, neither a box nor an outline nor keypoints")
    wrong = [each for each in shape if not -FARTHEST <= each <= 1 + FARTHEST]
    if wrong:
        raise ValueError(f"{wrong[0]:g}, no share of the image's edge: 0 to 1. Are they pixels?")
    if len(shape) == BOX_COLUMNS:
        return _box(shape, size), (), said
    outline = _outline(shape, size)
    return Box.around([outline]), (outline,), said


def _numbers_a_keypoint(numbers: list[float], words: Words) -> int:
    """Return how many numbers a keypoint has; 0 where a line has none."""
    if words.keypoints and len(numbers) == BOX_COLUMNS + words.keypoints[0] * words.keypoints[1]:
        return words.keypoints[1]
    return 3 if not words.keypoints and are_visible_keypoints(numbers) else 0


def _box(shares: list[float], size: Size) -> Box:
    """Return the box of YOLO's middle, width and height."""
    (x, y, width, height), (across, down) = shares, size
    edges = ((x - width / 2) * across, (y - height / 2) * down)
    ends = ((x + width / 2) * across, (y + height / 2) * down)
    return Box(*(round(each, _DIGITS) for each in (*edges, *ends)))


def _outline(shares: list[float], size: Size) -> Polygon:
    xs, ys = shares[::2], shares[1::2]
    return tuple(
        (round(x * size[0], _DIGITS), round(y * size[1], _DIGITS)) for x, y in zip(xs, ys, strict=True)
    )


def _in_pixels(shares: list[float], step: int, size: Size) -> list[float]:
    """Return keypoints with their places in pixels; what stands behind a place stays."""
    return [
        round(each * size[at % step], _DIGITS) if at % step < len(size) else each
        for at, each in enumerate(shares)
    ]


def are_visible_keypoints(numbers: list[float]) -> bool:
    """Say whether what stands behind a box are keypoints in threes, the third of each 0, 1 or 2.

    Where it may be an outline too, one of them is a 2, which no share of an image is.
    """
    flags = numbers[BOX_COLUMNS + 2 :: 3]
    threes = (len(numbers) - BOX_COLUMNS) % 3 == 0 and all(each in _FLAGS for each in flags)
    return bool(flags) and threes and (len(numbers) % 2 == 1 or _SEEN in flags)
