"""The plan of a city: where districts lie, and where in them the houses stand, all on one grid of lots.

The largest district lies in the middle. Strips of smaller ones are laid around what is there, to the right,
below, to the left, above, and so on, so that no number of districts runs out of ground. Houses of a district
stand in rings: the first in the outermost, the last in its middle. A city that puts the lower houses first
has its highest in the middle of each district, where no other hides them, and neighbours are of like height:
blocks of them that are drawn as one keep it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BLOCK = 8
"""After so many lots there is a lane."""
LANE, STREET, AVENUE = 1, 2, 3
"""How wide a lane in a district is, in lots; a street between two of them; an avenue between strips."""
_THICKNESSES = np.geomspace(0.3, 1.2, 10)
"""How thick a strip may be, in sides of the square that its first district would be."""


@dataclass(frozen=True)
class Plot:
    """A rectangle of ground, in lots.

    Parameters
    ----------
    left, top
        Its first lot, which may be negative: the middle of the largest district is near (0, 0).
    columns, rows
        How many houses it has room for; lanes come on top, see `ground`.
    """

    left: int
    top: int
    columns: int
    rows: int

    @property
    def right(self) -> int:
        """The first lot beyond it."""
        return self.left + int(ground(self.columns))

    @property
    def bottom(self) -> int:
        """The first lot below it."""
        return self.top + int(ground(self.rows))


@dataclass(frozen=True)
class Plan:
    """The plots, in the order of sizes; and of each strip its first, and the one after its last."""

    plots: tuple[Plot, ...]
    strips: tuple[tuple[int, int], ...]

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of all of it, in lots."""
        edges = np.array([(each.left, each.top, each.right, each.bottom) for each in self.plots])
        return (*edges[:, :2].min(axis=0).tolist(), *edges[:, 2:].max(axis=0).tolist())


def ground(lots: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """Return how wide so many lots are in a row, with the lanes between them."""
    wide = np.asarray(lots, np.int64)
    return np.asarray(wide + np.maximum(wide - 1, 0) // BLOCK * LANE)


def offset(lot: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where in its district a lot lies, with the lanes before it."""
    return lot + lot // BLOCK * LANE


def plan_districts(sizes: Sequence[int]) -> Plan:
    """Return where districts lie that have so many houses each, the largest first.

    Parameters
    ----------
    sizes
        At least 1 each, in descending order; one at least.
    """
    houses = np.asarray(sizes, np.int64)
    columns = int(np.ceil(np.sqrt(houses[0])))
    rows = int(-(-houses[0] // columns))
    plots = [Plot(-int(ground(columns)) // 2, -int(ground(rows)) // 2, columns, rows)]
    strips = [(0, 1)]
    left, top, right, bottom = plots[0].left, plots[0].top, plots[0].right, plots[0].bottom
    for side in cycle(("right", "below", "left", "above")):
        first = len(plots)
        if first == len(houses):
            return Plan(tuple(plots), tuple(strips))
        upright = side in {"right", "left"}
        thick, lengths = _strip(houses[first:], bottom - top if upright else right - left)
        deep = int(ground(thick))
        starts = np.concatenate([[0], np.cumsum(ground(lengths) + STREET)[:-1]])
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            if upright:
                x = right + AVENUE if side == "right" else left - AVENUE - deep
                plots.append(Plot(x, top + start, thick, length))
            else:
                y = bottom + AVENUE if side == "below" else top - AVENUE - deep
                plots.append(Plot(left + start, y, length, thick))
        strips.append((first, len(plots)))
        right += (deep + AVENUE) * (side == "right")
        bottom += (deep + AVENUE) * (side == "below")
        left -= (deep + AVENUE) * (side == "left")
        top -= (deep + AVENUE) * (side == "above")
    raise AssertionError


def _strip(houses: NDArray[np.int64], room: int) -> tuple[int, NDArray[np.int64]]:
    """Return how thick the next strip is, in lots, and how long each of its districts."""
    most = room - max(room, 0) // (BLOCK + LANE) * LANE
    least = int(-(-houses[0] // max(most, 1)))
    thicknesses = {max(least, round(part * float(houses[0]) ** 0.5), 1) for part in _THICKNESSES}
    strips = (_packed(houses, room, thick) for thick in sorted(thicknesses))
    return min(strips, key=lambda strip: _unevenness(strip) + _spare(strip, room, len(houses)))


def _packed(houses: NDArray[np.int64], room: int, thick: int) -> tuple[int, NDArray[np.int64]]:
    """Return a strip with as many districts as it has room for, the first at least."""
    lengths = -(-houses // thick)
    ends = np.cumsum(ground(lengths) + STREET) - STREET
    return thick, lengths[: max(1, int(np.searchsorted(ends, room, side="right")))]


def _unevenness(strip: tuple[int, NDArray[np.int64]]) -> float:
    """Return how far its districts are from squares, by their houses."""
    thick, lengths = strip
    ratios = np.maximum(lengths / thick, thick / lengths)
    return float((ratios * lengths).sum() / lengths.sum())


def _spare(strip: tuple[int, NDArray[np.int64]], room: int, houses: int) -> float:
    """Return how much of its room a strip leaves open; none counts in the last."""
    _, lengths = strip
    return 0.0 if len(lengths) == houses else 1 - float(ground(lengths).sum() + STREET * len(lengths)) / room


def lots(columns: int, rows: int, houses: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the column and the row of each house of a district, the first in the outermost ring.

    Where there are more lots than houses, the first lots are left empty. Within a ring the way goes from its
    upper left corner to the right, down, to the left and up.
    """
    rank = np.arange(columns * rows - houses, columns * rows)
    inner = (columns + rows - np.sqrt((columns - rows) ** 2 + 4.0 * (columns * rows - rank))) / 4
    ring = np.maximum(np.floor(inner + _HALF_STEP), 0).astype(np.int64)
    ring -= _before(columns, rows, ring) > rank
    ring += _before(columns, rows, ring + 1) <= rank
    step = rank - _before(columns, rows, ring)
    wide, high = columns - 2 * ring, rows - 2 * ring
    corners = [step < wide, step < wide + high - 1, step < 2 * wide + high - 2]
    last = wide - 1
    along = [step, last, last - (step - wide - high + 2)]
    down = [np.zeros_like(step), step - last, high - 1]
    back = np.zeros_like(step)
    up = high - 1 - (step - 2 * wide - high + 3)
    return ring + np.select(corners, along, back), ring + np.select(corners, down, up)


_HALF_STEP = 1e-9


def _before(columns: int, rows: int, ring: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many lots lie in the rings before one."""
    return columns * rows - np.maximum(columns - 2 * ring, 0) * np.maximum(rows - 2 * ring, 0)
