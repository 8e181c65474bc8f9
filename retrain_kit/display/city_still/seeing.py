"""Seeing: which house, and which ground, is behind each pixel.

Each column of the image looks along one ray over the ground. All rays go ahead together, step by step from
near to far, with steps that grow with the distance, through ever larger blocks. What rises above all that a
ray has met is seen. So the work is by steps and columns, however many houses there are. What is only at the
most is glass: it lets through what is behind it, the less the more of it there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.display.city_still.landscape import MARGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from retrain_kit.display.city_still.landscape import Landscape, Level
    from retrain_kit.display.city_still.view import View

_EDGE, _FRAME_M = 0.47, 0.25
ROOF, EAST, SOUTH = 0, 1, 2
"""Which side of a house is seen: its roof, a wall that looks along x, or one that looks along y."""
LIT = np.array([1.08, 0.94, 0.7], np.float32)
"""How light each of them is."""
_NEAREST_M, _LEAST_STEP_M = 0.8, 0.03
_NEAR_M, _GROWTHS = 60.0, (0.002, 0.0035)
"""By which part of the distance steps grow, up to so many metres and beyond."""
_ROOF, _WALL, _INSIDE, _FRAME = 0.5, 0.4, 0.0012, 0.9
"""How much glass takes of what is behind it: its roof, a free wall, a metre inside, its frame."""
_FRAMED_M = 700.0
"""How far frames are seen."""


@dataclass(frozen=True)
class Seen:
    """What is behind each pixel.

    Parameters
    ----------
    far_m
        How far ahead it is; infinite for the sky: (rows, columns).
    house
        The block that is seen, as a place in its level; -1 for ground and sky.
    level
        Of which level.
    side
        Which side of it.
    glass
        How much glass is before it, in all, and of each channel of its colour: (4, rows, columns).
    """

    far_m: NDArray[np.float32]
    house: NDArray[np.int32]
    level: NDArray[np.int8]
    side: NDArray[np.int8]
    glass: NDArray[np.float32]


def see(
    landscape: Landscape, view: View, size: tuple[int, int], tint: Callable[..., NDArray[np.float32]]
) -> Seen:
    """Return what is seen.

    Parameters
    ----------
    size
        Width and height of the image.
    tint
        Gives the colour of the glass of blocks, by a level, their places in it, and how far they are.
    """
    marcher = _March(landscape, view, size, tint)
    for step in _steps(landscape, view):
        marcher.go(*step)
    return marcher.seen()


def _steps(landscape: Landscape, view: View) -> Iterator[tuple[float, float]]:
    """Yield how far each step is, and how long, until all of the city is behind."""
    width, depth = landscape.size_m
    x, y = view.ahead
    corners = [(cx - view.x_m) * x + (cy - view.y_m) * y for cx in (0, width) for cy in (0, depth)]
    far = max(_NEAREST_M, min(corners) - MARGIN * landscape.lot_m)
    while far < max(corners) + MARGIN * landscape.lot_m:
        long = max(_LEAST_STEP_M, far * _GROWTHS[int(far > _NEAR_M)])
        yield far, long
        far += long


class _March:
    """All rays together, and what they have met so far."""

    def __init__(
        self,
        landscape: Landscape,
        view: View,
        size: tuple[int, int],
        tint: Callable[..., NDArray[np.float32]],
    ) -> None:
        self.landscape, self.view, self.tint = landscape, view, tint
        self.width, self.height = size
        self.focal_px = view.focal * self.width
        self.horizon_px = view.horizon * self.height
        self.rays = view.rays(self.width)
        self.covered = np.full(self.width, self.height, np.int64)
        self.before = np.full((2, self.width), -1, np.int64)
        self.glassy = np.zeros(self.width, np.float32)
        self.level = -1
        self.met: list[tuple[NDArray[np.int64], ...]] = []
        self.glass = np.zeros((4, self.height + 1, self.width), np.float32)

    def go(self, far: float, long: float) -> None:
        """Look at what is so far ahead."""
        lot_m = self.landscape.lot_m
        wide = max(long, far / self.focal_px) / lot_m
        number = min(int(max(np.log2(max(wide, 1)), 0)), len(self.landscape.levels) - 1)
        level = self.landscape.levels[number]
        if number != self.level:
            self.before, self.level = self.before >> 1, number
        lots = self.view.on_ground(self.rays, far) / lot_m + MARGIN
        place = np.floor(lots / level.lots).astype(np.int64)
        rows, columns = level.low_top_m.shape
        inside = np.flatnonzero((place[0] >= 0) & (place[1] >= 0) & (place[0] < columns) & (place[1] < rows))
        if inside.size:
            self._meet(level, place, inside, far, long)
        else:
            self.glassy[:] = 0
        self.before = place

    def _meet(
        self, level: Level, place: NDArray[np.int64], inside: NDArray[np.int64], far: float, long: float
    ) -> None:
        cell = place[1, inside] * level.low_top_m.shape[1] + place[0, inside]
        high = level.high_top_m.ravel()[cell]
        built = high > 0
        if not built.any():
            self.glassy[:] = 0
            return
        at, cell, high = inside[built], cell[built], high[built]
        low = level.low_top_m.ravel()[cell]
        crossed = place[:, at] != self.before[:, at]
        wall = np.where(crossed[0], EAST, np.where(crossed[1], SOUTH, ROOF))
        end = np.minimum(self.covered[at], self._row(np.zeros(1), far)[0])
        top, edge = self._row(low, far), self._row(low, max(far - long, _NEAREST_M / 2))
        edge = np.clip(edge, top, np.maximum(end, top))
        self._see((at, top, edge, cell, np.zeros_like(wall)), far, low > 0)
        self._see((at, edge, end, cell, wall), far, low > 0)
        self.covered[at] = np.minimum(self.covered[at], np.where(low > 0, top, self.height))
        self._glaze(level, cell, (at, low, high), wall, (far, long))

    def _see(self, met: tuple[NDArray[np.int64], ...], far: float, solid: NDArray[np.bool_]) -> None:
        """Note which rows of columns show a side of a block."""
        shown = solid & (met[1] < met[2])
        many = int(shown.sum())
        if many:
            more = (np.full(many, far), np.full(many, self.level))
            self.met.append((*(each[shown] for each in met), *more))

    def _glaze(
        self,
        level: Level,
        cell: NDArray[np.int64],
        block: tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]],
        wall: NDArray[np.int64],
        how: tuple[float, float],
    ) -> None:
        """Add glass between the least and the most of blocks, where nothing nearer hides it."""
        (at, low, high), (far, long) = block, how
        top, end = self._row(high, far), np.minimum(self.covered[at], self._row(low, far))
        shown = top < end
        free = np.clip(self._row(self.glassy[at], far), top, end)
        self.glassy[:] = 0
        self.glassy[at] = high
        if not shown.any():
            return
        at, cell, top, end, free, wall = (each[shown] for each in (at, cell, top, end, free, wall))
        tint = self.tint(level, cell, far).T
        edge = np.clip(self._row(high[shown], max(far - long, _NEAREST_M / 2)), top, end)
        edge = np.where(wall == ROOF, edge, np.minimum(edge, free))
        self._add(at, (top, end), _INSIDE * long, tint * LIT[SOUTH])
        self._add(at, (top, edge), _ROOF, tint * LIT[ROOF])
        self._add(at, (np.minimum(edge, free), free), _WALL, tint * LIT[wall])
        if level.lots == 1 and far < _FRAMED_M:
            self._frame((at, top, np.maximum(free, top)), wall, tint, far)

    def _add(
        self,
        at: NDArray[np.int64],
        rows: tuple[NDArray[np.int64], NDArray[np.int64]],
        much: float,
        colour: NDArray[np.float32],
    ) -> None:
        """Add so much glass to columns, from one row to another, in its colour: (3, columns)."""
        added = np.float32(much) * np.concatenate([np.ones((1, at.size), np.float32), colour])
        self.glass[:, rows[0], at] += added
        self.glass[:, rows[1], at] -= added

    def _frame(
        self,
        where: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
        wall: NDArray[np.int64],
        tint: NDArray[np.float32],
        far: float,
    ) -> None:
        """Add the frame of walls of glass: an edge above, and upright ones."""
        at, top, end = where
        along = self.view.on_ground(self.rays[:, at], far) / self.landscape.lot_m % 1
        upright = np.abs(np.where(wall == EAST, along[1], along[0]) - 0.5) > _EDGE
        one = max(1, round(self.focal_px * _FRAME_M / far))
        much, dark = _FRAME * (1 - far / _FRAMED_M), tint * np.float32(0.8)
        for part, low, high in (
            (wall != ROOF, top, np.minimum(top + one, end)),
            (upright & (wall != ROOF), top, end),
        ):
            self._add(at[part], (low[part], high[part]), much, dark[:, part])

    def _row(self, height_m: NDArray[np.floating[Any]], far: float) -> NDArray[np.int64]:
        """Return the first row that is below a height at a distance."""
        rows = self.horizon_px + self.focal_px * (self.view.above_m - height_m) / far
        return np.asarray(np.clip(np.ceil(rows - 0.5), 0, self.height), np.int64)

    def seen(self) -> Seen:
        """Return what all rays have met."""
        shape = (self.height, self.width)
        rows = np.arange(self.height) + 0.5
        with np.errstate(divide="ignore"):
            ground = self.focal_px * self.view.above_m / np.maximum(rows - self.horizon_px, 0)
        far_m = np.repeat(ground.astype(np.float32)[:, None], self.width, axis=1)
        house = np.full(shape, -1, np.int32)
        level, side = np.zeros(shape, np.int8), np.zeros(shape, np.int8)
        if self.met:
            at, top, end, *what = (np.concatenate(each) for each in zip(*self.met, strict=True))
            many = end - top
            first = np.cumsum(many) - many
            pixel = (np.arange(int(many.sum())) - np.repeat(first - top, many), np.repeat(at, many))
            images: tuple[NDArray[Any], ...] = (house, side, far_m, level)
            for image, value in zip(images, what, strict=True):
                image[pixel] = np.repeat(value, many)
        glass = np.cumsum(self.glass, axis=1)[:, :-1]
        return Seen(far_m, house, level, side, np.maximum(glass, 0))
