"""Shapes that tools of annotation know, as boxes, outlines and masks in the kit's convention."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.annotations.samples import Box
from retrain_kit.imaging import masking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.annotations.samples import Point, Polygon, Size
    from retrain_kit.imaging.masking import Mask

_DIGITS = 6


def rotated(points: Iterable[Point], pivot: Point, degrees: float) -> Polygon:
    """Return points turned about a pivot, clockwise as seen; to a millionth of a pixel."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    offsets = ((x - pivot[0], y - pivot[1]) for x, y in points)
    return tuple(
        (round(pivot[0] + x * cosine - y * sine, _DIGITS), round(pivot[1] + x * sine + y * cosine, _DIGITS))
        for x, y in offsets
    )


def corners(box: Box) -> Polygon:
    """Return the corners of a box, clockwise from the left upper one."""
    left, top, right, bottom = box.edges
    return (left, top), (right, top), (right, bottom), (left, bottom)


def ellipse(centre: Point, radii: Point, degrees: float, size: Size) -> tuple[Box, Mask | None]:
    """Return the extent of an ellipse and its mask in a frame of `size`, by pixel centres.

    The extent is that of the mask in whole pixels; where the mask is empty that of the ellipse, and no mask.

    Parameters
    ----------
    centre, radii
        x and y.
    degrees
        How far it is turned about its centre, clockwise as seen.
    size
        Width and height of the frame; what lies outside belongs to no mask.
    """
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    half = (
        math.hypot(radii[0] * cosine, radii[1] * sine),
        math.hypot(radii[0] * sine, radii[1] * cosine),
    )
    edges = (centre[0] - half[0], centre[1] - half[1], centre[0] + half[0], centre[1] + half[1])
    box = Box(*(round(edge, _DIGITS) for edge in edges))
    (left, right), (top, bottom) = (
        (max(0, math.floor(max(low, 0))), min(most, math.ceil(min(high, most))))
        for low, high, most in ((edges[0], edges[2], size[0]), (edges[1], edges[3], size[1]))
    )
    if left >= right or top >= bottom or not all(radii):
        return box, None
    across = np.arange(left, right) + 0.5 - centre[0]
    down = (np.arange(top, bottom) + 0.5 - centre[1])[:, None]
    along, beside = (across * cosine + down * sine) / radii[0], (down * cosine - across * sine) / radii[1]
    mask = along**2 + beside**2 <= 1
    return placed(mask, left, top) if mask.any() else (box, None)


def placed(mask: Mask, left: int, top: int) -> tuple[Box, Mask]:
    """Return the extent of a mask with its corner there in the frame, and the mask in it; it is not empty."""
    first, upper, last, lower = masking.bounding_box(mask)
    return Box(left + first, top + upper, left + last, top + lower), mask[upper:lower, first:last]
