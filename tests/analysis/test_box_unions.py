"""Unions of boxes have the area that exact fractions give, however they are grouped."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.analysis import box_unions, coverage
from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.datasets.open_images.files import ImageFrame, box_from_relative_xxyy

# Sixteenths are exact in binary, and so are the areas made of them; some lie beyond the frame.
sixteenths = st.integers(-6, 22).map(lambda n: n / 16)
anywhere = st.one_of(st.floats(-0.5, 1.5), sixteenths)


@st.composite
def boxes(draw, coordinates):
    left, right = sorted((draw(coordinates), draw(coordinates)))
    top, bottom = sorted((draw(coordinates), draw(coordinates)))
    return left, top, right, bottom


def images(coordinates=sixteenths, most=12):
    return st.lists(st.lists(boxes(coordinates), min_size=1, max_size=most), min_size=1, max_size=6)


def rows_and_starts(groups):
    rows = np.array([box for group in groups for box in group], dtype=np.float64).reshape(-1, 4)
    return rows, np.cumsum([0, *map(len, groups)])[:-1]


def areas(groups, grid=None):
    return box_unions.union_areas(*rows_and_starts(groups), grid)


def exact(group, frame=(0, 0, 1, 1)):
    """Return the area of the union inside a frame in exact fractions, cell by cell."""
    within = [
        tuple(min(max(Fraction(edge), frame[axis % 2]), frame[axis % 2 + 2]) for axis, edge in enumerate(box))
        for box in group
    ]
    xs, ys = (sorted({box[axis] for box in within} | {box[axis + 2] for box in within}) for axis in (0, 1))
    return sum(
        (
            (right - left) * (bottom - top)
            for left, right in pairwise(xs)
            for top, bottom in pairwise(ys)
            if any(b[0] <= left and right <= b[2] and b[1] <= top and bottom <= b[3] for b in within)
        ),
        Fraction(0),
    )


def covered(group, columns, rows):
    """Return the share of each cell of the frame that a union covers, in exact fractions."""
    return [
        [
            columns
            * rows
            * exact(
                group,
                (Fraction(x, columns), Fraction(y, rows), Fraction(x + 1, columns), Fraction(y + 1, rows)),
            )
            for x in range(columns)
        ]
        for y in range(rows)
    ]


@given(images())
def test_areas_are_those_of_exact_fractions_to_the_last_bit(groups):
    assert areas(groups).tolist() == [float(exact(group)) for group in groups]


@given(images(anywhere))
def test_areas_of_any_numbers_are_exact_but_for_rounding(groups):
    assert areas(groups) == pytest.approx([float(exact(group)) for group in groups], rel=0, abs=1e-12)


@given(images(anywhere, most=5), st.integers(1, 4), st.integers(1, 4))
def test_each_cell_of_the_grid_holds_what_the_unions_cover_of_it(groups, columns, rows):
    grid = box_unions.UnionGrid(columns, rows)
    areas(groups, grid)
    expected = np.sum([np.array(covered(group, columns, rows), dtype=float) for group in groups], axis=0)
    assert grid.covered == pytest.approx(expected, rel=0, abs=1e-9)


@given(images(anywhere))
def test_areas_are_the_same_with_a_grid_and_without(groups):
    assert areas(groups) == pytest.approx(areas(groups, box_unions.UnionGrid(3, 2)), rel=0, abs=1e-15)


@given(st.integers(1, 16), st.integers(1, 12), st.data())
def test_boxes_on_whole_pixels_cover_what_masks_count(width, height, data):
    edges = data.draw(st.lists(boxes(st.integers(-3, 19)), min_size=1, max_size=9))
    regions = tuple(Region("Tree", Box(*edge)) for edge in edges)
    (row,) = coverage.by_image([Sample("a", "a", width, height, regions)])
    (found,) = areas([[(x1 / width, y1 / height, x2 / width, y2 / height) for x1, y1, x2, y2 in edges]])
    assert found * row.frame_px == pytest.approx(row.tagged_px, abs=1e-9)


@given(st.integers(1, 16), st.integers(1, 12), st.data())
def test_the_grid_is_the_heat_map_of_coverage(width, height, data):
    edges = data.draw(st.lists(boxes(st.integers(0, 16)), min_size=1, max_size=5))
    sample = Sample("a", "a", width, height, tuple(Region("Tree", Box(*edge)) for edge in edges))
    grid = box_unions.UnionGrid(width, height)
    areas([[(x1 / width, y1 / height, x2 / width, y2 / height) for x1, y1, x2, y2 in edges]], grid)
    assert grid.covered == pytest.approx(coverage.heat_map([sample], cells=(width, height)), abs=1e-9)


@given(images(anywhere), st.randoms())
def test_a_union_depends_neither_on_the_order_of_boxes_nor_on_other_images(groups, random):
    shuffled = [random.sample(group, len(group)) for group in groups]
    alone = [areas([group])[0] for group in shuffled]
    assert areas(groups) == pytest.approx(alone, rel=0, abs=1e-15)


def test_two_boxes_that_overlap_count_once():
    assert areas([[(0, 0, 0.5, 1), (0, 0, 1, 0.5)]]).tolist() == [0.75]


def test_thirds_that_fill_the_frame_leave_nothing_at_all():
    thirds = [(0, 0, 1 / 3, 1), (1 / 3, 0, 2 / 3, 1), (2 / 3, 0, 1, 1)]
    assert areas([thirds, [*thirds, (0.1, 0.1, 0.7, 0.7)]]).tolist() == [1, 1]


def test_what_lies_beyond_the_frame_and_what_has_no_area_counts_nothing():
    beyond, line = [(-1, -1, 0, 2), (1.5, 0, 2, 1)], [(0.2, 0.2, 0.2, 0.9)]
    assert areas([beyond, line, [(-1, -1, 2, 2)]]) == pytest.approx([0, 0, 1], rel=0, abs=1e-15)


def test_a_checkerboard_of_a_thousand_boxes_covers_half():
    squares = [
        (x / 64, y / 32, (x + 1) / 64, (y + 1) / 32) for x in range(64) for y in range(32) if (x + y) % 2
    ]
    assert len(squares) == 1024
    assert areas([squares, squares[:1]]).tolist() == [0.5, 1 / 2048]


def test_no_images_have_no_areas():
    grid = box_unions.UnionGrid(2, 2)
    assert box_unions.union_areas(np.empty((0, 4)), np.empty(0, dtype=np.int64), grid).tolist() == []
    assert grid.covered.tolist() == [[0, 0], [0, 0]]


def test_the_grid_of_several_images_is_their_sum():
    grid = box_unions.UnionGrid(2, 2)
    areas([[(0, 0, 0.5, 1)], [(0, 0, 1, 0.5)]], grid)
    areas([[(0.25, 0, 0.75, 0.5)]], grid)
    assert grid.covered.tolist() == [[2.5, 1.5], [1, 0]]


@given(boxes(sixteenths), st.sampled_from([0, 1, 2, 3]))
def test_boxes_are_turned_upright_as_the_reader_turns_them(box, quarters):
    left, top, right, bottom = box
    (turned,) = box_unions.upright_boxes(np.array([box]), np.array([quarters]))
    assert Box(*turned) == box_from_relative_xxyy(
        (left, right, top, bottom), ImageFrame((1, 1), 90 * quarters)
    )
