"""The frame of a picture of Open Images: fractions of the stored picture turned into upright pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.samples import Box

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.samples import Size

EDGES = ("XMin", "XMax", "YMin", "YMax")


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
