"""Attention: how long a pointer was inside the boxes of an image.

The times are exact: every segment is cut at the edges of the boxes, nothing is sampled. Boxes that overlap
count once. A share is one of the time within the frame; the time beyond it is told apart. Whether a share is
much, `chance` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Region, Size
    from retrain_kit.annotations.traces import Trace

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


GRID_CELLS = (48, 36)
_FRAME = np.array([0.0, 1.0])
_REACH = 4  # beyond so many standard deviations a Gaussian counts as nothing


@dataclass(frozen=True)
class SegmentParts:
    """The parts into which the lines of a grid cut segments.

    `segment` is the row of the segment each comes from; `start` and `end` are fractions of it. A column or
    row of -1 lies before the first line, one as large as the number of cells beyond the last.
    """

    segment: Integers
    start: Floats
    end: Floats
    column: Integers
    row: Integers

    def seconds(self, segments: Floats) -> Floats:
        """Return the seconds of each part."""
        found: Floats = (self.end - self.start) * segments[self.segment, 4]
        return found


def cut_segments(segments: Floats, xs: Floats, ys: Floats) -> SegmentParts:
    """Cut segments, as `Trace.segments` gives them, at lines; both `xs` and `ys` rise."""
    across, down = _crossings(segments[:, [0, 2]], xs), _crossings(segments[:, [1, 3]], ys)
    segment = np.concatenate([np.arange(len(segments)), across[0], down[0]])
    start = np.concatenate([np.zeros(len(segments)), across[1], down[1]])
    order = np.lexsort((start, segment))
    segment, start = segment[order], start[order]
    last = np.append(segment[1:] != segment[:-1], True)[: len(segment)]
    end = np.where(last, 1.0, np.roll(start, -1))
    kept = end > start
    segment, start, end = segment[kept], start[kept], end[kept]
    x, y = _along(segments[segment], (start + end) / 2)
    return SegmentParts(segment, start, end, _places(xs, x), _places(ys, y))


def segments_in_frame(segments: Floats) -> Floats:
    """Return what lies in the frame of each segment, as segments."""
    parts = cut_segments(segments, _FRAME, _FRAME)
    inside = (parts.column == 0) & (parts.row == 0)
    kept = segments[parts.segment[inside]]
    first, last = _along(kept, parts.start[inside]), _along(kept, parts.end[inside])
    return np.stack([*first, *last, parts.seconds(segments)[inside]], axis=1)


def seconds_in_cells(segments: Floats, xs: Floats, ys: Floats) -> Floats:
    """Return the seconds in each cell between the lines, float64 (rows, columns)."""
    parts = cut_segments(segments, xs, ys)
    columns, rows = len(xs) - 1, len(ys) - 1
    inside = (parts.column >= 0) & (parts.column < columns) & (parts.row >= 0) & (parts.row < rows)
    place = (parts.row * columns + parts.column)[inside]
    found = np.bincount(place, parts.seconds(segments)[inside], rows * columns)
    return found.astype(np.float64).reshape(rows, columns)


def dwell_time_grid(trace: Trace, cells: tuple[int, int] = GRID_CELLS, blur_cells: float = 0) -> Floats:
    """Return how many seconds the pointer was in each cell of the frame.

    Parameters
    ----------
    cells
        Columns and rows.
    blur_cells
        The standard deviation, in cells, of a Gaussian that smooths the map. At the edges of the frame it is
        mirrored, so that no second gets lost.

    Returns
    -------
    numpy.ndarray
        float64 (rows, columns); its sum is the time within the frame.
    """
    columns, rows = cells
    found = seconds_in_cells(trace.segments, np.arange(columns + 1) / columns, np.arange(rows + 1) / rows)
    return _smoother(rows, blur_cells) @ found @ _smoother(columns, blur_cells).T


def click_grid(trace: Trace, cells: tuple[int, int] = GRID_CELLS) -> Floats:
    """Return how many clicks lie in each cell of the frame, float64 (rows, columns)."""
    columns, rows = cells
    found = np.zeros((rows, columns))
    for click in trace.clicks:
        column, row = int(np.floor(click.x * columns)), int(np.floor(click.y * rows))
        if 0 <= column < columns and 0 <= row < rows:
            found[row, column] += 1
    return found


def _places(lines: Floats, values: Floats) -> Integers:
    return np.searchsorted(lines, values, side="right").astype(np.int64) - 1


def _crossings(ends: Floats, lines: Floats) -> tuple[Integers, Floats]:
    """Return which segments cross a line, once for each it crosses, and at which share of the segment."""
    start, end = _places(lines, ends).T
    before, count = np.minimum(start, end), abs(end - start)
    segment = np.repeat(np.arange(len(ends)), count)
    nth = np.arange(len(segment)) - np.repeat(count.cumsum() - count, count)
    line, (first, last) = lines[before[segment] + 1 + nth], ends[segment].T
    return segment, np.clip((line - first) / (last - first), 0, 1)


def _along(segments: Floats, share: Floats) -> tuple[Floats, Floats]:
    """Return the place at a share of each segment."""
    x0, y0, x1, y1, _ = segments.T
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


def _smoother(length: int, deviation: float) -> Floats:
    """Return the matrix that smooths a column of this length; each of its columns sums to 1."""
    if deviation <= 0:
        return np.eye(length)
    here = np.arange(length)[:, np.newaxis]
    turns = 1 + int(_REACH * deviation / length)
    images = [2 * turn * length + here.T for turn in range(-turns, turns + 1)]
    mirrored = [*images, *(-1 - image for image in images)]
    weights = np.sum([np.exp(-0.5 * ((here - image) / deviation) ** 2) for image in mirrored], axis=0)
    smoother: Floats = weights / weights.sum(axis=0)
    return smoother


MOUSE_CAUTION = (
    "A mouse is not an eye: what a pointer tells of attention is less consistent between people than eye"
    " tracking, and does not fully agree with it (Tavakoli et al., CVPR 2017). And a pointer also waits and"
    " rests: where it stayed longest is not yet what mattered most."
)


@dataclass(frozen=True)
class BoxGrid:
    """The boxes of an image as cells of a grid, in fractions of the frame: all of them, then label by label.

    The plan repeats itself to the right and below, as a frame whose opposite sides are joined.

    Parameters
    ----------
    labels
        None for all boxes, then the labels by name.
    xs, ys
        The edges of the boxes and of the frame, from 0 to 1.
    covered
        Which cells lie in boxes: boolean (labels, rows, columns).
    """

    labels: tuple[str | None, ...]
    xs: Floats
    ys: Floats
    covered: NDArray[np.bool_]

    @classmethod
    def of(cls, regions: Iterable[Region], size: Size) -> BoxGrid:
        """Lay out the boxes of regions on a frame of this size; what reaches beyond it is cut off."""
        regions = list(regions)
        edges = np.array([region.box.edges for region in regions]).reshape(-1, 4)
        edges = np.clip(edges / [*size, *size], 0, 1)
        xs, ys = (np.unique([0, 1, *edges[:, axis], *edges[:, axis + 2]]) for axis in (0, 1))
        labels = (None, *sorted({region.label for region in regions}))
        covered = np.zeros((len(labels), len(ys) - 1, len(xs) - 1), dtype=bool)
        columns, rows = np.searchsorted(xs, edges[:, ::2]), np.searchsorted(ys, edges[:, 1::2])
        for region, (left, right), (top, bottom) in zip(regions, columns, rows, strict=True):
            covered[[0, labels.index(region.label)], top:bottom, left:right] = True
        return cls(labels, xs, ys, covered)

    @property
    def areas(self) -> Floats:
        """The share of the frame that the boxes of each label cover."""
        found: Floats = self.covered @ np.diff(self.xs) @ np.diff(self.ys)
        return found

    def inside(self, segments: Floats, groups: int = 1) -> Floats:
        """Return the seconds inside the boxes, float64 (groups, labels).

        The segments are those of all groups, one after the other, as many in each.
        """
        tiled_xs, tiled_ys = (np.concatenate([lines, lines[1:] + 1]) for lines in (self.xs, self.ys))
        parts = cut_segments(segments, tiled_xs, tiled_ys)
        rows, columns = self.covered.shape[1:]
        group, times = parts.segment * groups // max(1, len(segments)), parts.seconds(segments)
        in_boxes = self.covered[:, parts.row % rows, parts.column % columns]
        return np.stack([np.bincount(group[in_box], times[in_box], groups) for in_box in in_boxes], axis=1)


def timed_segments(trace: Trace) -> Floats:
    """Return what lies within the frame of the segments of a trace.

    Raises
    ------
    DataError
        When that takes no time.
    """
    segments = segments_in_frame(trace.segments)
    if segments[:, 4].sum() > 0:
        return segments
    found = "clicks without a way between them" if trace.clicks else "no time within the frame"
    do = "How long a hand was somewhere cannot be told of it; it can be looked at."
    raise DataError(Fault("trace", found, "a way that takes time", do))
