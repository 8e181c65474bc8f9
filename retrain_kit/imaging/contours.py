"""Contours: the outlines of a mask, traced exactly along the edges of its cells.

A contour is a closed way of straight lines between corners of cells. By the even-odd rule all contours of a
mask together cover its cells, and no others: holes are contours too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Box
    from retrain_kit.imaging.masking import Mask

    Floats = NDArray[np.float64]
    Corners = NDArray[np.int64]


def mask_contours(mask: Mask) -> list[Corners]:
    """Return the contours of a mask, those of most cells' edges first.

    Parameters
    ----------
    mask
        Boolean (rows, columns).

    Returns
    -------
    list of numpy.ndarray
        int64 (corners, 2), the columns x and y, from 0 to the number of columns and of rows. The first corner
        is the highest of a contour, of those the one farthest to the left; it is not repeated at the end.
        Cells that meet in a corner alone may be in one contour or in two.
    """
    rows, columns = _corners(mask)
    if not len(rows):
        return []
    beside, above = _pairs(rows, columns), _pairs(columns, rows)
    found, left = [], np.ones(len(rows), dtype=bool)
    steps = (beside.tolist(), above.tolist())
    for first in range(len(rows)):
        if left[first]:
            way = _walk(first, steps)
            left[way] = False
            found.append(np.stack([columns[way], rows[way]], axis=1))
    return sorted(found, key=_length, reverse=True)


def stretched(contour: Corners, mask: Mask, box: Box) -> Floats:
    """Return a contour of an instance mask in pixels of the frame: the mask is stretched over its box."""
    scale = np.array([box.width_px / mask.shape[1], box.height_px / mask.shape[0]])
    found: Floats = contour * scale + np.array([box.left, box.top])
    return found


def _corners(mask: Mask) -> tuple[Corners, Corners]:
    """Return rows and columns of all corners, row by row; where two contours meet a corner comes twice."""
    wide = np.pad(mask, 1).astype(np.int8)
    cells = wide[:-1, :-1], wide[:-1, 1:], wide[1:, :-1], wide[1:, 1:]
    turns = (cells[0] ^ cells[1] ^ cells[2] ^ cells[3]).astype(np.int64)
    crossing = (cells[0] == cells[3]) & (cells[1] == cells[2]) & (cells[0] != cells[1])
    rows, columns = np.nonzero(turns + crossing)
    times = 1 + crossing[rows, columns].astype(np.int64)
    return np.repeat(rows, times).astype(np.int64), np.repeat(columns, times).astype(np.int64)


def _pairs(line: Corners, place: Corners) -> Corners:
    """Return for each corner the other end of its edge along a line: the first and second belong together."""
    order = np.lexsort((np.arange(len(line)), place, line))
    other = np.empty_like(order)
    other[order[::2]], other[order[1::2]] = order[1::2], order[::2]
    return other


def _walk(first: int, steps: tuple[list[int], list[int]]) -> list[int]:
    """Return the corners of a contour, along rows and columns in turn, from its first to the right."""
    way, at, turn = [first], steps[0][first], 1
    while at != first:
        way.append(at)
        at, turn = steps[turn][at], 1 - turn
    return way


def _length(contour: Corners) -> int:
    return int(abs(np.diff(contour, axis=0, append=contour[:1])).sum())
