"""Holes are the connected parts of what was taken out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from retrain_kit.exercises.what_if import areas


def mask(*rows):
    return np.array([[sign == "#" for sign in row] for row in rows])


def test_holes_are_numbered_from_the_top_then_from_the_left():
    found = areas.find_holes(mask("...##", "#..##", "#....", "....#"))
    assert [(hole.number, hole.edges, hole.area_px) for hole in found] == [
        (1, (3, 0, 5, 2), 4),
        (2, (0, 1, 1, 3), 2),
        (3, (4, 3, 5, 4), 1),
    ]
    assert found[0].id == "xywh=3,0,2,2"


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        (("....", "...."), 0),
        (("#.", ".#"), 2),
        (("#.#", "#.#", "###"), 1),
        (("###", "#.#", "###"), 1),
        (("#####", "#...#", "#.#.#", "#...#", "#####"), 2),
        (("#.#.#", "#####"), 1),
    ],
)
def test_pixels_that_share_an_edge_are_of_one_hole(rows, count):
    assert len(areas.find_holes(mask(*rows))) == count


@given(arrays.arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12))))
def test_the_holes_are_those_of_a_flood(marked):
    left, flooded = marked.copy(), []
    for row, column in zip(*np.nonzero(marked), strict=True):
        queue, area = [(row, column)], 0
        while queue:
            y, x = queue.pop()
            if 0 <= y < left.shape[0] and 0 <= x < left.shape[1] and left[y, x]:
                left[y, x], area = False, area + 1
                queue += [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]
        flooded += [area] if area else []
    assert sorted(hole.area_px for hole in areas.find_holes(marked)) == sorted(flooded)
