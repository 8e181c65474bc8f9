"""A view: from where a still is seen. Upright lines stay upright, as in drawings of architects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.display.city_still.landscape import STREET_LOTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrain_kit.display.city_still.landscape import Landscape


@dataclass(frozen=True)
class View:
    """From where, and where to.

    Parameters
    ----------
    x_m, y_m
        Where the eye is, from the upper left corner of the city to the right and down.
    above_m
        How high it is.
    heading
        Where it looks, in radians: 0 is up on the plan, and a quarter turn on is to the right.
    horizon
        How far down the horizon is: 0 at the upper edge, 1 at the lower one; it may be outside.
    focal
        How long the lens is, in widths of the image.
    """

    x_m: float
    y_m: float
    above_m: float
    heading: float
    horizon: float
    focal: float = 0.9

    @property
    def ahead(self) -> tuple[float, float]:
        """The direction of the middle of the image."""
        return float(np.sin(self.heading)), float(-np.cos(self.heading))

    def rays(self, width: int) -> NDArray[np.float64]:
        """Return how far the ray of each column goes for each metre ahead, x and y: (2, columns)."""
        across = (np.arange(width) + 0.5 - width / 2) / (self.focal * width)
        x, y = self.ahead
        return np.array([x - y * across, y + x * across])

    def on_ground(self, rays: NDArray[np.float64], far_m: NDArray[np.float32] | float) -> NDArray[np.float64]:
        """Return where rays are that have gone so far ahead, x and y in metres: (2, columns)."""
        return np.array([[self.x_m], [self.y_m]]) + far_m * rays

    def on_image(
        self, x_m: float, y_m: float, up_m: float, size: tuple[int, int]
    ) -> tuple[float, float, float] | None:
        """Return the column and the row of a place, and how far ahead it is; None where it is behind."""
        dx, dy = x_m - self.x_m, y_m - self.y_m
        ahead_x, ahead_y = self.ahead
        far = dx * ahead_x + dy * ahead_y
        if far <= 0:
            return None
        across = -dx * ahead_y + dy * ahead_x
        width, height = size
        row = self.horizon * height + self.focal * width * (self.above_m - up_m) / far
        return width * (0.5 + self.focal * across / far), row, far

    def between(self, other: View, share: float) -> View:
        """Return a view on the way to another: heights by their ratio, since far away a step is small."""

        def part(one: float, two: float) -> float:
            return one + (two - one) * share

        above = float(self.above_m ** (1 - share) * other.above_m**share)
        return View(
            part(self.x_m, other.x_m),
            part(self.y_m, other.y_m),
            above,
            part(self.heading, other.heading),
            part(self.horizon, other.horizon),
            part(self.focal, other.focal),
        )


_NEAR_ROW = 0.93
_STREET_HOUSES = 300
_RISE, _EDGE, _HIGHEST = 0.27, 0.03, 3
"""From afar: how high the eye is, by its distance; how much of the image is free at its edges; and how many
times as high as most others a house may be that is in the image to its top. Of few houses the highest is not
among the others: else one tower makes a dot of its city."""


def views_of(landscape: Landscape, ratio: float = 9 / 16) -> dict[str, View]:
    """Return views that suit a landscape: from afar, from the middle distance, and from a street.

    Parameters
    ----------
    ratio
        How high the image is, in widths.
    """
    lot_m, (width, depth) = landscape.lot_m, landscape.size_m
    tops = landscape.high_m.sum(axis=0)
    edges = landscape.districts * lot_m
    first = tops[landscape.numbers == 0]
    highest = _HIGHEST * float(np.percentile(tops, 98, method="lower"))
    afar = _afar((width, depth), min(float(tops.max()), highest), ratio, STREET_LOTS * lot_m)
    left, top, right, bottom = edges[0].tolist()
    middle = _around(
        ((left + right) / 2, (top + bottom) / 2),
        float(np.hypot(right - left, bottom - top)) / 4,
        min(float(np.percentile(first, 98)), highest),
        (ratio, 0.13),
    )
    many = np.bincount(landscape.numbers, minlength=len(edges))
    left, _, right, bottom = edges[np.abs(np.log(many / _STREET_HOUSES)).argmin()].tolist()
    street = View(left - 6, bottom + 6, 1.7, 1.3, 0.62, 0.75)
    return {"afar": afar, "middle": middle, "street": street}


def _afar(size_m: tuple[float, float], tall: float, ratio: float, street_m: float) -> View:
    """Return a view of a whole city with the street around it, and houses so tall, from as near as can be."""
    focal, heading = 0.95, 0.5
    (width, depth), away = size_m, 40.0
    while True:
        x, y = width / 2 - np.sin(heading) * away, depth / 2 + np.cos(heading) * away
        view = View(float(x), float(y), _RISE * away, heading, 0.0, focal)
        ends = ((-street_m, width + street_m), (-street_m, depth + street_m))
        corners = [view.on_image(x_m, y_m, 0, (1, 1)) for x_m, y_m in product(*ends)]
        seen = [corner for corner in corners if corner]
        rows = [row / ratio for _, row, _ in seen] or [0.0]
        horizon = _NEAR_ROW - max(rows)
        top = horizon + min(*rows, focal * (_RISE - tall / away) / ratio)
        is_wide = all(_EDGE < column < 1 - _EDGE for column, _, _ in seen)
        if len(seen) == len(corners) and is_wide and top > _EDGE:
            return replace(view, horizon=float(horizon))
        away *= 1.04


def _around(middle: tuple[float, float], reach: float, tall: float, how: tuple[float, float]) -> View:
    """Return a view of all of a round place, by how far its edge is from its middle, and how tall it is."""
    ratio, rise = how
    focal, heading = 0.95, 0.5
    wider = (9 / 16) / ratio
    away = max((1 + 0.8 * wider) * reach, 2.6 * tall * wider, 40.0 * wider)
    above = rise * away
    horizon = _NEAR_ROW - focal * above / (away - reach) / ratio
    x, y = middle[0] - np.sin(heading) * away, middle[1] + np.cos(heading) * away
    return View(float(x), float(y), above, heading, float(horizon), focal)
