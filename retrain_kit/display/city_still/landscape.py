"""A landscape: houses on a grid of lots, and the same ground in ever larger blocks, for what is far away.

A block is as high as the mean of its lots, streets with them, over all of its ground: so its volume is the
sum of those of its houses, and nothing of the work is lost where houses are drawn as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MARGIN = 4
"""How many lots of open ground lie around the city."""
STREET, OPEN = -1, -2
STREET_LOTS = 2
"""How wide streets are, beside each district, in lots."""


@dataclass(frozen=True)
class Level:
    """The ground in blocks of so many lots.

    Parameters
    ----------
    lots
        How many lots a block is wide and deep.
    low_m, high_m
        How high it is at the least, and at the most, by kind: (kinds, rows, columns), in metres, as float32.
    """

    lots: int
    low_m: NDArray[np.float32]
    high_m: NDArray[np.float32]

    @cached_property
    def low_top_m(self) -> NDArray[np.float32]:
        """How high a block is at the least."""
        return np.asarray(self.low_m.sum(axis=0), np.float32)

    @cached_property
    def high_top_m(self) -> NDArray[np.float32]:
        """How high a block is at the most."""
        return np.asarray(self.high_m.sum(axis=0), np.float32)

    @property
    def work(self) -> tuple[float, float]:
        """The volume of all blocks at the least and at the most, in cubic lots and metres."""
        area = self.lots**2
        low, high = (float(each.sum(dtype=np.float64)) * area for each in (self.low_m, self.high_m))
        return low, high

    def merged(self) -> Level:
        """Return the ground in blocks twice as wide and deep."""
        return Level(self.lots * 2, _merged(self.low_m), _merged(self.high_m))


def _merged(heights: NDArray[np.float32]) -> NDArray[np.float32]:
    _, rows, columns = heights.shape
    even = np.pad(heights, ((0, 0), (0, rows % 2), (0, columns % 2)))
    pairs = even[:, ::2] + even[:, 1::2]
    return np.asarray((pairs[:, :, ::2] + pairs[:, :, 1::2]) / 4, np.float32)


@dataclass(frozen=True)
class Landscape:
    """A city as it is drawn.

    Parameters
    ----------
    places
        The lot of each house, x and y, from 0 on: (houses, 2).
    low_m, high_m
        How high it is at the least and at the most, by kind, from the ground up: (kinds, houses), in metres.
    kinds
        Of each kind the name of a token: its colour.
    districts
        Of each district its left, top, right and bottom lot: (districts, 4).
    numbers
        The district of each house.
    stripes
        The numbers of up to three other labels of each house, -1 where there are fewer: (houses, 3).
    lot_m
        How wide and deep a lot is, in metres.
    """

    places: NDArray[np.int64]
    low_m: NDArray[np.float32]
    high_m: NDArray[np.float32]
    kinds: Sequence[str]
    districts: NDArray[np.int64]
    numbers: NDArray[np.int32]
    stripes: NDArray[np.int32]
    lot_m: float

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the grid, with the margin around the city."""
        right, bottom = self.districts[:, 2:].max(axis=0)
        return int(bottom) + 2 * MARGIN, int(right) + 2 * MARGIN

    @cached_property
    def cells(self) -> NDArray[np.int64]:
        """The place of each house in the grid, as one number."""
        found: NDArray[np.int64] = (self.places[:, 1] + MARGIN) * self.shape[1] + self.places[:, 0] + MARGIN
        return found

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The ground in lots, and in ever larger blocks, up to one."""
        found = [Level(1, self._grid(self.low_m), self._grid(self.high_m))]
        while max(found[-1].low_m.shape[1:]) > 1:
            found.append(found[-1].merged())
        return tuple(found)

    def _grid(self, heights: NDArray[np.float32]) -> NDArray[np.float32]:
        grid = np.zeros((len(heights), self.shape[0] * self.shape[1]), np.float32)
        grid[:, self.cells] = heights
        return grid.reshape(len(heights), *self.shape)

    @cached_property
    def houses(self) -> NDArray[np.int32]:
        """The house on each lot, -1 where there is none: (rows, columns)."""
        grid = np.full(self.shape[0] * self.shape[1], -1, np.int32)
        grid[self.cells] = np.arange(len(self.cells), dtype=np.int32)
        return grid.reshape(self.shape)

    @cached_property
    def grounds(self) -> NDArray[np.int32]:
        """The district of each lot, with its lanes; -1 for streets, -2 for open ground: (rows, columns)."""
        grid = np.full(self.shape, OPEN, np.int32)
        for left, top, right, bottom in self.districts + MARGIN:
            beside = STREET_LOTS
            grid[max(top - beside, 0) : bottom + beside, max(left - beside, 0) : right + beside] = STREET
        for number, (left, top, right, bottom) in enumerate(self.districts + MARGIN):
            grid[top:bottom, left:right] = number
        return grid

    @property
    def size_m(self) -> tuple[float, float]:
        """Width and depth of the city without its margin."""
        rows, columns = self.shape
        return (columns - 2 * MARGIN) * self.lot_m, (rows - 2 * MARGIN) * self.lot_m

    def middle_m(self, house: int) -> tuple[float, float]:
        """Return where the middle of a house is."""
        x, y = self.places[house] + 0.5
        return float(x) * self.lot_m, float(y) * self.lot_m
