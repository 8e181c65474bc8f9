"""Holes: the connected parts of what was taken out of a picture.

Two pixels belong to one hole where they share an edge, or where a chain of such pixels joins them. Boxes that
touch or overlap leave one hole, whatever their words were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.masking import Mask

    Edges = tuple[int, int, int, int]


@dataclass(frozen=True)
class Hole:
    """A connected blank area.

    Parameters
    ----------
    number
        From 1, from the top of the picture down, then from the left.
    edges
        Left, top, right, bottom in pixels; right and bottom excluded.
    area_px
        How many pixels it has, at most those of its rectangle.
    """

    number: int
    edges: Edges
    area_px: int

    @property
    def id(self) -> str:
        """Its rectangle as a media fragment, `xywh=left,top,width,height`: the same in every draw."""
        left, top, right, bottom = self.edges
        return f"xywh={left},{top},{right - left},{bottom - top}"


def find(mask: Mask) -> tuple[Hole, ...]:
    """Return the connected parts of a mask."""
    found = sorted((_measured(runs) for runs in _joined(mask)), key=lambda part: (part[0][1], part[0][0]))
    return tuple(Hole(number, edges, area) for number, (edges, area) in enumerate(found, 1))


def _measured(runs: list[Edges]) -> tuple[Edges, int]:
    lefts, tops, rights, bottoms = zip(*runs, strict=True)
    area = sum(right - left for left, _, right, _ in runs)
    return (min(lefts), min(tops), max(rights), max(bottoms)), area


def _joined(mask: Mask) -> list[list[Edges]]:
    """Return the runs of a mask, row by row, gathered where runs of neighbouring rows touch."""
    part_of: dict[Edges, list[Edges]] = {}
    above: list[Edges] = []
    for row in range(mask.shape[0]):
        runs = list(_runs(mask, row))
        for run in runs:
            part_of[run] = [run]
            for other in above:
                if other[0] < run[2] and run[0] < other[2]:
                    _join(part_of, run, other)
        above = runs
    return list({id(part): part for part in part_of.values()}.values())


def _join(part_of: dict[Edges, list[Edges]], one: Edges, other: Edges) -> None:
    small, large = sorted((part_of[one], part_of[other]), key=len)
    if small is not large:
        large.extend(small)
        part_of.update(dict.fromkeys(small, large))


def _runs(mask: Mask, row: int) -> Iterator[Edges]:
    """Yield each run of marked pixels of a row, as a rectangle one pixel high."""
    steps = np.flatnonzero(np.diff(mask[row].astype(np.int8), prepend=0, append=0))
    for left, right in zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True):
        yield left, row, right, row + 1
