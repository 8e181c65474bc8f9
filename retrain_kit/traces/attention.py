"""Attention: how long a pointer was inside the boxes of a picture.

The times are exact: every segment is cut at the edges of the boxes, nothing is sampled. Boxes that overlap
count once. A share is one of the time within the frame; the time beyond it is told apart. Whether a share is
much, `chance` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.errors import DataError, Fault
from retrain_kit.traces import stays

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from retrain_kit.samples import Region, Size
    from retrain_kit.traces import Trace

    Floats = NDArray[np.float64]

CAUTION = (
    "A mouse is not an eye: what a pointer tells of attention is less consistent between people than eye"
    " tracking, and does not fully agree with it (Tavakoli et al., CVPR 2017). And a pointer also waits and"
    " rests: where it stayed longest is not yet what mattered most."
)


@dataclass(frozen=True)
class Plan:
    """The boxes of a picture as cells of a grid, in fractions of the frame: all of them, then label by label.

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
    def of(cls, regions: Iterable[Region], size: Size) -> Plan:
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
        parts = stays.cut(segments, tiled_xs, tiled_ys)
        rows, columns = self.covered.shape[1:]
        group, times = parts.segment * groups // max(1, len(segments)), parts.seconds(segments)
        in_boxes = self.covered[:, parts.row % rows, parts.column % columns]
        return np.stack([np.bincount(group[in_box], times[in_box], groups) for in_box in in_boxes], axis=1)


def timed(trace: Trace) -> Floats:
    """Return what lies within the frame of the segments of a trace.

    Raises
    ------
    DataError
        When that takes no time.
    """
    segments = stays.within(trace.segments)
    if segments[:, 4].sum() > 0:
        return segments
    found = "clicks without a way between them" if trace.dots else "no time within the frame"
    do = "How long a hand was somewhere cannot be told of it; it can be looked at."
    raise DataError(Fault("trace", found, "a way that takes time", do))
