"""The time inside boxes is exact, by label, and counts what overlaps once."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import pieces, words
from strategies import traces as any_traces

from retrain_kit.analysis import attention
from retrain_kit.analysis.attention import BoxGrid
from retrain_kit.annotations.samples import Box, Click, Region
from retrain_kit.annotations.traces import Trace, from_clicks
from retrain_kit.errors import DataError

SIZE = (64, 64)
edges = st.integers(-16, 80)
ACROSS = Trace(([[0, 0.5, 0], [1, 0.5, 8]],))


@st.composite
def boxes(draw):
    (left, right), (top, bottom) = (sorted((draw(edges), draw(edges))) for _ in range(2))
    return Region(draw(st.sampled_from("ab")), Box(left, top, right, bottom))


regions = st.lists(boxes(), max_size=4)


def timed(trace):
    """Leave out traces without time in the frame."""
    try:
        attention.timed_segments(trace)
    except DataError:
        return False
    return True


def inside(trace, found, size=SIZE):
    return BoxGrid.from_regions(found, size).inside(attention.timed_segments(trace))[0].tolist()


def test_time_is_told_for_all_boxes_and_by_label():
    trace = Trace(([[-0.25, 0.5, 0], [1, 0.5, 10]], [[0.1, 0.1, 20], [0.1, 0.1, 22]]))
    found = (
        Region("Bird", Box(0, 16, 16, 48)),
        Region("Tree", Box(8, 16, 32, 48)),
        Region("Sky", Box(0, 0, 64, 16)),
    )
    assert BoxGrid.from_regions(found, SIZE).labels == (None, "Bird", "Sky", "Tree")
    assert inside(trace, found) == pytest.approx([6, 2, 2, 3])
    assert attention.timed_segments(trace)[:, 4].sum() == pytest.approx(10)
    assert trace.seconds == pytest.approx(12)


def test_boxes_over_each_other_count_once():
    same = Region("Bird", Box(16, 0, 32, 64))
    assert inside(ACROSS, [same, same, Region("Bird", Box(16, 20, 40, 40))]) == [3, 3]


def test_a_box_has_its_left_and_top_edge_and_not_its_right_and_bottom_one():
    rests = [([[x, y, 0], [x, y, 1]]) for x, y in ((0.25, 0.5), (0.5, 0.5), (0.3, 0.25), (0.3, 0.75))]
    box = Region("Bird", Box(16, 16, 32, 48))
    assert [inside(Trace((rest,)), [box])[0] for rest in rests] == [1, 0, 1, 0]


def test_without_boxes_all_time_is_outside():
    assert inside(ACROSS, []) == [0]
    assert attention.timed_segments(ACROSS)[:, 4].sum() == 8


def test_the_order_of_a_boxs_image_size_is_width_and_height():
    box = Region("Bird", Box(0, 0, 100, 30))
    assert inside(ACROSS, [box], (200, 50))[0] == pytest.approx(4)


@pytest.mark.parametrize(
    ("trace", "found"),
    [
        (Trace(), "no time within the frame"),
        (Trace(([[0.5, 0.5, 1]],)), "no time within the frame"),
        (Trace(([[1.2, 0.5, 1], [1.2, 0.7, 4]],)), "no time within the frame"),
        (from_clicks([Click(3, 4)], SIZE), "clicks without a way between them"),
    ],
)
def test_what_takes_no_time_has_no_share(trace, found):
    with pytest.raises(DataError, match=f"trace: found {found}; expected a way that takes time"):
        attention.timed_segments(trace)


@given(any_traces, regions)
def test_the_time_inside_is_between_nothing_and_that_within_the_frame(trace, found):
    assume(timed(trace))
    within = attention.timed_segments(trace)[:, 4].sum()
    assert within <= trace.seconds + 1e-9
    for seconds in inside(trace, found):
        assert 0 <= seconds <= within + 1e-9


@given(any_traces, boxes(), st.integers(-16, 80))
def test_a_box_cut_in_two_holds_the_same_time(trace, region, cut):
    assume(timed(trace))
    left, top, right, bottom = region.box.edges
    middle = min(max(left, cut), right)
    halves = [Region("c", Box(left, top, middle, bottom)), Region("d", Box(middle, top, right, bottom))]
    both, first, second = inside(trace, halves)
    assert both == pytest.approx(inside(trace, [region])[0], abs=1e-9)
    assert first + second == pytest.approx(both, abs=1e-9)


@given(any_traces, boxes(), boxes())
def test_two_boxes_hold_the_time_of_each_less_that_of_what_they_share(trace, one, other):
    assume(timed(trace))
    corners = [
        max(one.box.left, other.box.left),
        max(one.box.top, other.box.top),
        min(one.box.right, other.box.right),
        min(one.box.bottom, other.box.bottom),
    ]
    shared = corners[0] < corners[2] and corners[1] < corners[3]
    common = inside(trace, [Region("c", Box(*corners))])[0] if shared else 0
    alone = inside(trace, [one])[0] + inside(trace, [other])[0]
    assert inside(trace, [one, other])[0] == pytest.approx(alone - common, abs=1e-9)


@given(any_traces, regions)
def test_the_time_inside_is_the_same_on_the_way_back(trace, found):
    assume(timed(trace))
    back = Trace(tuple(np.column_stack([piece[::-1, :2], -piece[::-1, 2]]) for piece in trace.pieces))
    assert inside(back, found) == pytest.approx(inside(trace, found), abs=1e-9)


@given(any_traces, regions, st.integers(2, 4))
def test_the_time_inside_is_the_same_with_more_points_on_each_way(trace, found, parts):
    assume(timed(trace))
    finer = Trace(tuple(refined(piece, parts) for piece in trace.pieces))
    assert inside(finer, found) == pytest.approx(inside(trace, found), abs=1e-9)


def refined(piece, parts):
    rows = [a + (b - a) * step / parts for a, b in pairwise(piece) for step in range(parts)]
    points = np.array([*rows, *piece[-1:]]).reshape(-1, 3)
    points[:, 2] = np.maximum.accumulate(points[:, 2])
    return points


@given(pieces(), regions, st.integers(0, 16), st.integers(0, 16))
def test_the_time_inside_goes_with_trace_and_boxes_when_both_are_moved(piece, found, right, down):
    piece = np.column_stack([np.clip(piece[:, :2], 0, 0.625), piece[:, 2]])
    held = [
        Region(region.label, Box(*(min(max(edge, 0), 44) for edge in region.box.edges))) for region in found
    ]
    assume(timed(Trace((piece,))))
    aside = [
        Region(
            region.label,
            Box(
                region.box.left + right,
                region.box.top + down,
                region.box.right + right,
                region.box.bottom + down,
            ),
        )
        for region in held
    ]
    there = Trace((piece + np.array([right / 64, down / 64, 3]),))
    assert inside(there, aside) == pytest.approx(inside(Trace((piece,)), held), abs=1e-9)


@given(regions)
def test_areas_are_those_of_masks(found):
    mask = np.zeros((64, 64), dtype=bool)
    for region in found:
        left, top, right, bottom = (max(0, int(edge)) for edge in region.box.edges)
        mask[top:bottom, left:right] = True
    assert BoxGrid.from_regions(found, SIZE).areas[0] == pytest.approx(mask.mean(), abs=1e-12)


@given(st.lists(words, max_size=5))
def test_labels_come_by_name_after_all_together(labels):
    found = [Region(label, Box(0, 0, 8, 8)) for label in labels]
    assert BoxGrid.from_regions(found, SIZE).labels == (None, *sorted(set(labels)))


def test_the_caution_names_its_source():
    assert "A mouse is not an eye" in attention.MOUSE_CAUTION
    assert "(Tavakoli et al., CVPR 2017)" in attention.MOUSE_CAUTION
