"""Box geometry: how large the boxes of a label are, and where on the frame they lie.

Boxes are measured as they are within their images: what reaches beyond the frame is cut off. Sizes are
shares of the frame, positions shares of its width and height from the left and the top, so that images of
any format can be counted together. Every box counts once; where boxes overlap, all of them count.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Region, Sample

    Floats = NDArray[np.float64]

GRID = (24, 18)
"""Columns and rows of a map of positions."""
SIZE_STEPS = tuple(2.0**-power for power in range(10, -1, -1))
"""Where steps of sizes end, as shares of the frame: each holds boxes of up to twice the size before."""


@dataclass(frozen=True)
class BoxGeometry:
    """The boxes of one label.

    Parameters
    ----------
    label
        The word of the data set.
    images
        In how many images a region bears it.
    edges
        float64 (boxes, 4): left, top, right, bottom as shares of the frame, within it; none is empty.
    outside
        How many boxes more are empty, or lie outside their images.
    """

    label: str
    images: int
    edges: Floats
    outside: int = 0

    @property
    def boxes(self) -> int:
        """How many boxes are measured."""
        return len(self.edges)

    @property
    def shares(self) -> Floats:
        """How much of its frame each box takes: float64 (boxes,), above 0 and up to 1."""
        sides = self.edges[:, 2:] - self.edges[:, :2]
        return sides[:, 0] * sides[:, 1]

    @property
    def centres(self) -> Floats:
        """The centre of each box: float64 (boxes, 2), from the left and from the top."""
        return (self.edges[:, :2] + self.edges[:, 2:]) / 2

    @property
    def share_quartiles(self) -> tuple[float, float, float] | None:
        """The share of the frame that a quarter, half and three quarters of the boxes do not exceed."""
        return _quartiles(self.shares) if self.boxes else None

    @property
    def middle_of_centres(self) -> tuple[float, float] | None:
        """The median of the centres, from the left and from the top; None without boxes."""
        if not self.boxes:
            return None
        across, down = np.median(self.centres, axis=0)
        return float(across), float(down)

    @property
    def size_counts(self) -> NDArray[np.int64]:
        """How many boxes are in each step of `SIZE_STEPS`: int64 (steps,)."""
        steps = np.searchsorted(SIZE_STEPS[:-1], self.shares)
        return np.bincount(steps, minlength=len(SIZE_STEPS)).astype(np.int64)

    def position_map(self, cells: tuple[int, int] = GRID) -> Floats:
        """Return where the boxes lie on a grid of `cells` (columns, rows).

        Returns
        -------
        numpy.ndarray
            float64 (rows, columns): the mean, over the boxes, of the share of the cell that a box covers;
            all 0 without boxes.
        """
        across, down = (_overlaps(self.edges[:, axis::2], count) for axis, count in enumerate(cells))
        grid = down.T @ across / max(self.boxes, 1)
        return np.asarray(grid.clip(0, 1), dtype=np.float64)


def box_geometry(samples: Iterable[Sample]) -> list[BoxGeometry]:
    """Return the boxes of each label; the label with most boxes comes first, then by the alphabet."""
    return _grouped(samples, lambda region: region.label)


def all_boxes(samples: Iterable[Sample]) -> BoxGeometry:
    """Return the boxes of all labels together, under an empty label."""
    found = _grouped(samples, lambda _: "")
    return found[0] if found else BoxGeometry("", 0, np.empty((0, 4)))


def _grouped(samples: Iterable[Sample], key: Callable[[Region], str]) -> list[BoxGeometry]:
    edges: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    images: dict[str, int] = defaultdict(int)
    for sample in samples:
        width, height = sample.size
        for name in {key(region) for region in sample.regions}:
            images[name] += 1
        for region in sample.regions:
            left, top, right, bottom = region.box.edges
            edges[key(region)].append((left / width, top / height, right / width, bottom / height))
    rows = [_measured(name, images[name], np.array(found)) for name, found in edges.items()]
    return sorted(rows, key=lambda row: (-row.boxes, row.label))


def _measured(label: str, images: int, edges: Floats) -> BoxGeometry:
    within = edges.clip(0, 1)
    seen = (within[:, :2] < within[:, 2:]).all(axis=1)
    return BoxGeometry(label, images, within[seen], int(np.count_nonzero(~seen)))


def _overlaps(ends: Floats, cells: int) -> Floats:
    """Return how much of each of so many cells the spans from start to end cover: (spans, cells)."""
    starts = np.arange(cells)
    lows, highs = (ends * cells)[:, :1], (ends * cells)[:, 1:]
    return (np.minimum(highs, starts + 1) - np.maximum(lows, starts)).clip(0)


def _quartiles(values: Floats) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75))
    return float(low), float(middle), float(high)
