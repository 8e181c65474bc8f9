"""Time is shared out exactly over a grid: by length along each segment, without sampling."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import pieces, places
from strategies import traces as any_traces

from retrain_kit.analysis import attention
from retrain_kit.annotations.traces import TimedClick, Trace

cells = st.tuples(st.integers(1, 9), st.integers(1, 9))


def test_a_way_along_a_row_is_shared_out_by_length():
    trace = Trace(([[0.125, 0.5, 0], [0.875, 0.5, 6]],))
    assert attention.dwell_time_grid(trace, (4, 3)) == pytest.approx(
        np.array([[0, 0, 0, 0], [1, 2, 2, 1], [0, 0, 0, 0]]), abs=1e-12
    )


def test_a_diagonal_crosses_cells_in_both_directions():
    trace = Trace(([[0, 0, 10], [1, 1, 22]],))
    assert attention.dwell_time_grid(trace, (4, 3)) == pytest.approx(
        np.array([[3, 1, 0, 0], [0, 2, 2, 0], [0, 0, 1, 3]]), abs=1e-12
    )


def test_rests_add_up_and_what_lies_beyond_the_frame_is_in_no_cell():
    trace = Trace(
        ([[0.3, 0.1, 0], [0.3, 0.1, 2]], [[0.3, 0.1, 5], [0.3, 0.1, 6]], [[1.1, 0.5, 7], [1.1, 0.5, 9]])
    )
    assert attention.dwell_time_grid(trace, (4, 3)).tolist() == [[0, 3, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_a_line_belongs_to_the_cell_right_of_it_and_below():
    trace = Trace(([[0.5, 0.5, 0], [0.5, 0.5, 1]], [[0.5, 0, 1], [0.5, 0.5, 3]]))
    assert attention.dwell_time_grid(trace, (2, 2)).tolist() == [[0, 2], [0, 1]]


def test_the_right_and_bottom_edge_lie_beyond_the_frame():
    trace = Trace(([[1, 0.5, 0], [1, 0.5, 1]], [[0.5, 1, 0], [0.5, 1, 1]]))
    assert attention.dwell_time_grid(trace, (2, 2)).sum() == 0


def test_what_enters_the_frame_is_cut_at_its_edge():
    trace = Trace(([[-0.25, 0.5, 0], [0.75, 0.5, 8]],))
    assert attention.segments_in_frame(trace.segments).tolist() == [[0, 0.5, 0.75, 0.5, 6]]


def test_without_points_there_is_no_time():
    assert attention.dwell_time_grid(Trace(), (2, 1)).tolist() == [[0, 0]]
    assert attention.segments_in_frame(Trace().segments).shape == (0, 5)


@given(any_traces, cells)
def test_all_cells_together_hold_the_time_within_the_frame(trace, grid):
    total = attention.segments_in_frame(trace.segments)[:, 4].sum()
    assert attention.dwell_time_grid(trace, grid).sum() == pytest.approx(total, abs=1e-9)
    assert 0 <= total <= trace.seconds + 1e-9


@given(any_traces, cells)
def test_a_finer_grid_adds_up_to_the_coarser_one(trace, grid):
    columns, rows = grid
    fine = attention.dwell_time_grid(trace, (2 * columns, 2 * rows))
    summed = fine.reshape(rows, 2, columns, 2).sum(axis=(1, 3))
    assert summed == pytest.approx(attention.dwell_time_grid(trace, grid), abs=1e-9)


@given(pieces(), cells)
def test_the_way_back_takes_the_same_time_everywhere(piece, grid):
    back = np.column_stack([piece[::-1, :2], -piece[::-1, 2]])
    there, again = (
        attention.dwell_time_grid(Trace((piece,)), grid),
        attention.dwell_time_grid(Trace((back,)), grid),
    )
    assert there == pytest.approx(again, abs=1e-9)


@given(pieces(least=2), cells, st.integers(2, 5))
def test_more_points_on_a_straight_way_change_nothing(piece, grid, parts):
    steps = np.linspace(0, 1, parts + 1)[:, np.newaxis, np.newaxis]
    finer = (piece[:-1] + steps * np.diff(piece, axis=0)).transpose(1, 0, 2).reshape(-1, 3)
    finer[:, 2] = np.maximum.accumulate(finer[:, 2])
    assert attention.dwell_time_grid(Trace((finer,)), grid) == pytest.approx(
        attention.dwell_time_grid(Trace((piece,)), grid), abs=1e-9
    )


@given(any_traces, cells)
def test_sampling_comes_near_what_is_exact(trace, grid):
    columns, rows = grid
    shares = (np.arange(400) + 0.5) / 400
    counted = np.zeros((rows, columns))
    for x0, y0, x1, y1, time in trace.segments:
        for share in shares:
            column = int(np.floor((x0 + share * (x1 - x0)) * columns))
            row = int(np.floor((y0 + share * (y1 - y0)) * rows))
            if 0 <= column < columns and 0 <= row < rows:
                counted[row, column] += time / 400
    # Each crossing of a line misplaces at most one sample.
    assert counted == pytest.approx(
        attention.dwell_time_grid(trace, grid), abs=2 * trace.seconds / 400 + 1e-9
    )


@given(any_traces, cells, st.floats(0.1, 9))
def test_smoothing_loses_no_second(trace, grid, blur):
    sharp, smooth = attention.dwell_time_grid(trace, grid), attention.dwell_time_grid(trace, grid, blur)
    assert smooth.sum() == pytest.approx(sharp.sum(), abs=1e-9)
    assert smooth.max() <= sharp.max() + 1e-9
    assert (smooth >= 0).all()


def test_smoothing_spreads_a_rest_like_a_bell():
    trace = Trace(([[0.5, 0.5, 0], [0.5, 0.5, 1]],))
    row = attention.dwell_time_grid(trace, (9, 1), blur_cells=1)[0]
    assert row.round(4).tolist() == [0.0001, 0.0044, 0.054, 0.242, 0.3989, 0.242, 0.054, 0.0044, 0.0001]


def test_smoothing_is_mirrored_at_the_edges():
    corner = Trace(([[0.05, 0.5, 0], [0.05, 0.5, 1]],))
    row = attention.dwell_time_grid(corner, (10, 1), blur_cells=1)[0]
    assert row[:4].round(4).tolist() == [0.6409, 0.296, 0.0584, 0.0046]


def test_clicks_are_counted():
    trace = Trace(
        clicks=(
            TimedClick(0.1, 0.1),
            TimedClick(0.2, 0.2),
            TimedClick(0.75, 0.34),
            TimedClick(1, 0.5),
            TimedClick(-0.1, 0.5),
        )
    )
    assert attention.click_grid(trace, (4, 3)).tolist() == [[2, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]]


@given(st.lists(st.tuples(places, places), max_size=9))
def test_every_click_within_the_frame_is_counted_once(clicked):
    within = sum(0 <= x < 1 and 0 <= y < 1 for x, y in clicked)
    assert (
        attention.click_grid(Trace(clicks=tuple(TimedClick(x, y) for x, y in clicked)), (7, 5)).sum()
        == within
    )
