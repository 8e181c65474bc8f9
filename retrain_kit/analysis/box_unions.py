"""Box unions: the areas that boxes cover together, of millions of images at once.

Boxes are rows of left, top, right, bottom as fractions of the frame, so that the frame is the square from 0
to 1 and every area a share of the image. What lies beyond the frame does not count. Areas are those of real
numbers, not of pixels: exact but for the rounding of the last sums, which stays below 1e-12.

The edges of an image's boxes cut it into cells, each covered or not; a union is known by its corners.
Images with about as many boxes are worked on together. Memory grows with the square of the number of boxes
of one image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_CELLS_AT_ONCE = 1 << 19
_INT8_EDGES = 256
_MANY = 64


@dataclass(frozen=True)
class Corners:
    """The corners of unions: where each lies, its weight, and to which image of a stack it belongs.

    A corner adds its weight to everything that lies right of it and below; a union is the sum of its corners.
    """

    xs: Floats
    ys: Floats
    weights: NDArray[np.int8]
    images: Integers

    def areas(self, images: int) -> Floats:
        """Return the area of each union."""
        parts = self.weights * (1 - self.xs) * (1 - self.ys)
        return np.bincount(self.images, parts, images).astype(np.float64, copy=False)


class UnionGrid:
    """The frame in `columns` × `rows` cells, on which unions are laid over each other.

    `covered` is, for each cell, the sum over all unions of the share of the cell that they cover.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._sums = np.zeros((rows + 2) * (columns + 2))

    @property
    def covered(self) -> Floats:
        """The sums, float64 (rows, columns)."""
        sums = self._sums.reshape(self.rows + 2, self.columns + 2)
        return sums.cumsum(0).cumsum(1)[: self.rows, : self.columns]

    def add(self, corners: Corners) -> None:
        """Lay unions on the grid.

        A corner inside a cell is shared out to the cell and its neighbours, so that running sums over them
        give each cell the very part that is covered.
        """
        column, right = _split(corners.xs * self.columns)
        row, below = _split(corners.ys * self.rows)
        place = row * (self.columns + 2) + column
        for step, share in ((0, 1 - below), (self.columns + 2, below)):
            for aside, part in ((0, 1 - right), (1, right)):
                weights = corners.weights * share * part
                self._sums += np.bincount(place + (step + aside), weights, len(self._sums))


def union_areas(boxes: Floats, starts: Integers, grid: UnionGrid | None = None) -> Floats:
    """Return the area of the union of each group of boxes, between 0 and 1.

    Parameters
    ----------
    boxes
        float64 (n, 4), those of a group in neighbouring rows; none reversed, all finite.
    starts
        The first row of each group, rising from 0; no group is empty.
    grid
        Where the unions are laid as well.
    """
    boxes = np.clip(boxes, 0, 1)
    found = np.empty(len(starts))
    for groups, rows in _alike(starts, len(boxes)):
        corners = _corners(boxes[rows])
        found[groups] = corners.areas(len(groups))
        if grid:
            grid.add(corners)
    return np.clip(found, 0, 1)


def upright_boxes(boxes: Floats, turns: Integers) -> Floats:
    """Return the boxes with the frame of each turned counter-clockwise by 0, 1, 2 or 3 quarters."""
    boxes = boxes.copy()
    for quarter in (1, 2, 3):
        left, top, right, bottom = boxes[turns >= quarter].T
        boxes[turns >= quarter] = np.stack([top, 1 - right, bottom, 1 - left], axis=1)
    return boxes


def _alike(starts: Integers, boxes: int) -> Iterator[tuple[Integers, Integers]]:
    """Yield groups of about the same size, and the rows of each; short ones have their last row repeated."""
    sizes = np.diff(starts, append=boxes)
    rounded = _rounded(sizes)
    order = np.argsort(rounded, kind="stable")
    values, firsts = np.unique(rounded[order], return_index=True)
    for size, every in zip(values, np.split(order, firsts[1:]), strict=False):
        many = max(1, _CELLS_AT_ONCE // (4 * size * size))
        for first in range(0, len(every), many):
            groups = every[first : first + many]
            within = np.minimum(np.arange(size), sizes[groups, np.newaxis] - 1)
            yield groups, starts[groups, np.newaxis] + within


def _rounded(sizes: Integers) -> Integers:
    """Return sizes rounded up: all up to 16 stay; above, there are eight sizes to a power of two."""
    step = 2 ** np.maximum(np.ceil(np.log2(sizes)).astype(np.int64) - 4, 0)
    rounded: Integers = -(-sizes // step) * step
    return rounded


def _corners(boxes: Floats) -> Corners:
    """Return the corners of the unions of images with the same number of boxes, (images, boxes, 4).

    The edges of an image's boxes cut it into cells; how many boxes lie on a cell is the running sum over the
    corners of the boxes. The last axis is the image.
    """
    xs, lefts, rights = _edges(boxes[:, :, 0], boxes[:, :, 2])
    ys, tops, bottoms = _edges(boxes[:, :, 1], boxes[:, :, 3])
    many, edges = xs.shape
    depth = np.zeros((edges, edges, many), dtype=np.int8 if edges < _INT8_EDGES else np.int16)
    flat, image = depth.reshape(-1), np.arange(many)[:, np.newaxis]
    for columns, rows, step in (
        (lefts, tops, 1),
        (lefts, bottoms, -1),
        (rights, tops, -1),
        (rights, bottoms, 1),
    ):
        np.add.at(flat, ((columns * edges + rows) * many + image).ravel(), depth.dtype.type(step))
    _add_up(depth)
    weights = (depth > 0).view(np.int8)
    weights[1:] -= weights[:-1].copy()
    weights[:, 1:] -= weights[:, :-1].copy()
    found = np.flatnonzero(weights != 0)
    place, image = np.divmod(found, many)
    column, row = np.divmod(place, edges)
    return Corners(xs[image, column], ys[image, row], weights.ravel()[found], image)


def _add_up(depth: NDArray[np.signedinteger]) -> None:
    """Make running sums along the first two axes, in place, each in the way that is fast for its shape."""
    for place in range(1, len(depth)):
        depth[place] += depth[place - 1]
    if depth.shape[2] < _MANY:
        np.add.accumulate(depth, axis=1, out=depth)
        return
    for place in range(1, len(depth)):
        depth[:, place] += depth[:, place - 1]


def _edges(starts: Floats, ends: Floats) -> tuple[Floats, Integers, Integers]:
    """Return all edges of each image in order, and at which place each box starts and ends.

    Of edges at the same place starts come first, so that boxes that touch leave no gap.
    """
    edges = np.concatenate([starts, ends], axis=1)
    order = np.argsort(edges, axis=1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(edges.shape[1])[np.newaxis], axis=1)
    boxes = starts.shape[1]
    return np.take_along_axis(edges, order, axis=1), places[:, :boxes], places[:, boxes:]


def _split(numbers: Floats) -> tuple[Integers, Floats]:
    """Return whole numbers and what is above them."""
    whole = numbers.astype(np.int64)
    return whole, numbers - whole
