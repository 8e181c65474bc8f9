"""Chance: whether a pointer was longer inside the boxes than if its place meant nothing.

"Where the mouse goes most is what mattered most" is a claim, and this is its test: of a pointer, not of an
eye; of boxes, not of what mattered (see `attention.MOUSE_CAUTION`).

`compare_with_chance` keeps the shape and the speeds of a trace, and moves all of it by a random distance
right and down (what leaves the frame on one side comes back on the other), mirrored or not in either
direction. If its place meant nothing, every such move would be as likely as what was seen, and the boxes
would get their share of the frame. Hands and boxes may both like the middle of a frame; that alone can make a
small p.

`compare_pooled` lays every trace over the boxes of the other images instead. That keeps the habits of hands
and of frames, and asks for more: that a pointer was where the boxes of *this* image are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis.attention import BoxGrid, timed_segments
from retrain_kit.analysis.intervals import share_interval
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Region, Size
    from retrain_kit.annotations.traces import Trace

    Floats = NDArray[np.float64]

MIN_PERMUTATIONS = 999
QUANTILES = (0.025, 0.975)
_TIE = 1e-9
_AT_ONCE = 1 << 16


@dataclass(frozen=True)
class Comparison:
    """The share of time inside the boxes of a label, beside what chance has.

    Parameters
    ----------
    label
        None for all boxes together.
    chance, chance_low, chance_high
        The mean over the moves, and the limits between which 95 % of them lie.
    area
        The share of the frame that the boxes cover, which `chance` comes near.
    p
        The share of moves, what was seen counted among them, that have as much time inside or more.
    p_low, p_high
        A 95 % confidence interval, as `p` is estimated from a number of moves (Wilson's).
    p_of_all
        `p` corrected for the number of labels that were tried (Holm's).
    """

    label: str | None
    inside: float
    chance: float
    chance_low: float
    chance_high: float
    area: float
    p: float
    p_low: float
    p_high: float
    p_of_all: float
    permutations: int
    seed: int


@dataclass(frozen=True)
class TracedImage:
    """One person's trace, and the regions of the image it was made on."""

    trace: Trace
    regions: tuple[Region, ...]
    size: Size


@dataclass(frozen=True)
class PooledComparison:
    """The mean share of time inside boxes over several readings, beside that on the boxes of other images.

    `excess` is how much larger the share is on an image's own boxes than on the others'; `excess_low` and
    `excess_high` are its 95 % confidence interval over readings (percentiles of a bootstrap). `p` is as in
    `Comparison`, over permutations of the images.
    """

    readings: int
    inside: float
    chance: float
    excess: float
    excess_low: float
    excess_high: float
    p: float
    p_low: float
    p_high: float
    permutations: int
    seed: int


def compare_with_chance(
    trace: Trace, regions: Iterable[Region], size: Size, seed: int, permutations: int = MIN_PERMUTATIONS
) -> list[Comparison]:
    """Compare the shares of time inside the boxes with chance: all boxes together first, then by label.

    Raises
    ------
    ParameterError
        When there are to be fewer than `MIN_PERMUTATIONS` permutations.
    DataError
        When the trace has no time within the frame.
    """
    _enough(permutations)
    grid, segments = BoxGrid.from_regions(regions, size), timed_segments(trace)
    seen = grid.inside(segments)[0] / segments[:, 4].sum()
    drawn = moved_shares(segments, grid, seed, permutations)
    as_much = (drawn >= seen - _TIE).sum(axis=0)
    p = [_p(int(number), permutations) for number in as_much]
    low, high = np.quantile(drawn, QUANTILES, axis=0)
    of_all = [p[0][0], *holm_corrected([each[0] for each in p[1:]])]
    figures = np.stack([seen, drawn.mean(axis=0), low, high, grid.areas], axis=1).tolist()
    rows = zip(grid.labels, figures, p, of_all, strict=True)
    return [
        Comparison(label, inside, mean, least, most, area, *each, corrected, permutations, seed)
        for label, (inside, mean, least, most, area), each, corrected in rows
    ]


def moved_shares(segments: Floats, grid: BoxGrid, seed: int, permutations: int) -> Floats:
    """Return the shares of time inside the boxes after random moves, float64 (permutations, labels).

    `segments` lie within the frame. The same seed gives the same moves, whatever the trace.
    """
    random = np.random.default_rng(seed)
    distances = random.random((permutations, 2))
    mirrored = random.integers(0, 2, (permutations, 2)).astype(bool)
    many = max(1, _AT_ONCE // len(segments))
    found = []
    for first in range(0, permutations, many):
        moves = slice(first, first + many)
        copies = _move(segments, distances[moves], mirrored[moves])
        found.append(grid.inside(copies.reshape(-1, 5), len(copies)))
    drawn: Floats = np.concatenate(found) / segments[:, 4].sum()
    return drawn


def compare_pooled(
    readings: Sequence[TracedImage], seed: int, permutations: int = MIN_PERMUTATIONS
) -> PooledComparison:
    """Compare the share of time inside an image's own boxes with that inside those of the other images.

    Raises
    ------
    ParameterError
        When there are fewer than two readings or `MIN_PERMUTATIONS` permutations.
    DataError
        When a trace has no time within the frame.
    """
    _enough(permutations)
    if len(readings) < 2:  # noqa: PLR2004 - one has no other
        raise ParameterError(Fault("readings", str(len(readings)), "at least two, of different images"))
    table = _crossed(readings)
    count, seen = len(table), float(table.diagonal().mean())
    random = np.random.default_rng(seed)
    orders = random.permuted(np.tile(np.arange(count), (permutations, 1)), axis=1)
    drawn = table[np.arange(count), orders].mean(axis=1)
    as_much = int((drawn >= seen - _TIE).sum())
    elsewhere = (table.sum(axis=1) - table.diagonal()) / (count - 1)
    excess = table.diagonal() - elsewhere
    resampled = excess[random.integers(0, count, (permutations, count))].mean(axis=1)
    low, high = np.quantile(resampled, QUANTILES).tolist()
    told = (seen, float(elsewhere.mean()), float(excess.mean()), low, high)
    return PooledComparison(count, *told, *_p(as_much, permutations), permutations, seed)


def holm_corrected(p: Sequence[float]) -> list[float]:
    """Return p-values corrected by Holm's step-down method, in the same order."""
    corrected, largest = list(p), 0.0
    for place, index in enumerate(np.argsort(p, kind="stable").tolist()):
        largest = max(largest, min(1.0, (len(p) - place) * p[index]))
        corrected[index] = largest
    return corrected


def _move(segments: Floats, distances: Floats, mirrored: NDArray[np.bool_]) -> Floats:
    """Return the segments once for each move, float64 (moves, segments, 5), between 0 and 2."""
    copies = np.repeat(segments[np.newaxis], len(distances), axis=0)
    for axis in (0, 1):
        places = copies[:, :, axis:4:2]
        mirror = mirrored[:, axis, np.newaxis, np.newaxis]
        places[:] = np.where(mirror, 1 - places, places) + distances[:, axis, np.newaxis, np.newaxis]
    return copies


def _crossed(readings: Sequence[TracedImage]) -> Floats:
    """Return the share of time of each trace (rows) inside the boxes of each image (columns)."""
    grids = [BoxGrid.from_regions(reading.regions, reading.size) for reading in readings]
    ways = [timed_segments(reading.trace) for reading in readings]
    return np.array([[grid.inside(way)[0, 0] / way[:, 4].sum() for grid in grids] for way in ways])


def _p(as_much: int, permutations: int) -> tuple[float, float, float]:
    """Return p, never 0, and Wilson's interval around the share that it estimates."""
    around = share_interval(as_much, permutations)
    p = (1 + as_much) / (1 + permutations)
    return p, min(p, around.low), max(p, around.high)


def _enough(permutations: int) -> None:
    if permutations < MIN_PERMUTATIONS:
        raise ParameterError(Fault("permutations", str(permutations), f"at least {MIN_PERMUTATIONS}"))
