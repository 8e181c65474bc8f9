"""Coordinates as FiftyOne keeps them: fractions of the frame.

Read back, they are rounded to a millionth of a pixel, which undoes the noise of the division and nothing
else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.samples import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrain_kit.samples import Polygon, Size


def from_relative_xywh(relative: Sequence[float], size: Size) -> Box:
    """Turn FiftyOne's [left, top, width, height], fractions of the frame, into a box in pixels."""
    left, top, width, height = relative
    return Box(*flat_pixels([(left, top), (left + width, top + height)], size))


def to_relative_xywh(box: Box, size: Size) -> list[float]:
    """Turn a box in pixels into FiftyOne's [left, top, width, height], fractions of the frame."""
    width, height = size
    return [box.left / width, box.top / height, box.width_px / width, box.height_px / height]


def polygons(lists: Iterable[Iterable[Sequence[float]]], size: Size) -> tuple[Polygon, ...]:
    """Turn lists of points in fractions of the frame into polygons in pixels."""
    flat = [flat_pixels(points, size) for points in lists]
    return tuple(tuple(zip(edges[::2], edges[1::2], strict=True)) for edges in flat)


def flat_pixels(points: Iterable[Sequence[float]], size: Size) -> list[float]:
    """Return x, y, x, y, … in pixels."""
    return [round(fraction * side, 6) for point in points for fraction, side in zip(point, size, strict=True)]
