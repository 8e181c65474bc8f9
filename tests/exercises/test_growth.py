"""A track grows at the speed of the hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import pieces, timed_clicks
from strategies import traces as any_traces
from trying import examples

from retrain_kit.annotations.traces import TimedClick, Trace
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.surfaces import drawing

SIZE = (80, 40)
RIGHT = Trace(([[0, 0.5, 1], [1, 0.5, 2]],))


def reach(image):
    """Return the last column that is dark, or -1."""
    columns = np.flatnonzero((np.asarray(image) < 128).any(axis=0))
    return int(columns.max(initial=-1))


def grown(trace, size, step_s=drawing.STEP_S):
    """Return the track at each of its moments."""
    return [
        (moment, drawing.track_until(trace, size, moment)) for moment in drawing.growth_moments(trace, step_s)
    ]


def test_half_of_the_time_is_half_of_the_way():
    found = [(moment, reach(image)) for moment, image in grown(RIGHT, SIZE, step_s=0.25)]
    assert [moment for moment, _ in found] == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]
    assert [column for _, column in found] == [-1, -1, -1, -1, 0, 20, 40, 60, 79]


def test_a_rest_and_an_absence_last_as_long_as_they_did():
    hand = Trace(([[0, 0.5, 0], [0.5, 0.5, 1], [0.5, 0.5, 2]], [[0.9, 0.5, 3]]))
    found = [reach(image) for _, image in grown(hand, SIZE, step_s=0.5)]
    assert found == [0, 20, 40, 40, 40, 40, 72]


def test_clicks_without_times_come_one_by_one():
    clicks = Trace(clicks=(TimedClick(0.25, 0.5), TimedClick(0.5, 0.5), TimedClick(0.75, 0.5)))
    found = [(moment, (np.asarray(image) < 128).sum()) for moment, image in grown(clicks, SIZE, step_s=0.5)]
    assert [moment for moment, _ in found] == [0, 0.5, 1, 1.5]
    first = found[1][1]
    assert [count for _, count in found] == [0, first, 2 * first, 3 * first]
    assert first > 50


@examples(30)
@given(any_traces, st.sampled_from([0.1, 0.25, 0.7]))
def test_a_track_ends_whole(trace, step):
    *_, (_, image) = grown(trace, (40, 30), step_s=step)
    assert image.tobytes() == drawing.draw_track(trace, (40, 30)).tobytes()


@examples(30)
@given(pieces(), st.lists(timed_clicks, max_size=3))
def test_what_was_drawn_stays(piece, clicked):
    trace = Trace((piece,), tuple(clicked))
    before = np.full((30, 40), 255, dtype=np.uint8)
    for moment in piece[:, 2]:
        now = np.asarray(drawing.track_until(trace, (40, 30), moment))
        assert (now <= before).all()
        before = now


@given(any_traces, st.floats(0.01, 9))
def test_moments_rise_from_the_start_to_the_end(trace, step):
    found = drawing.growth_moments(trace, step)
    assert (np.diff(found) > 0).all()
    assert found[0] <= 0
    assert found[-1] >= (trace.span or (0, 0))[1]
    assert len(found) <= drawing.MAX_FRAMES + 1


def test_a_long_recording_has_fewer_images_and_no_faster_hand():
    slow = Trace(([[0, 0, 0], [1, 1, 4000]],))
    found = drawing.growth_moments(slow)
    assert len(found) == 401
    assert found[1] == 10
    assert found[-1] == 4000


def test_a_hand_that_never_moved_is_one_white_image():
    ((moment, image),) = grown(Trace(), SIZE)
    assert moment == 0
    assert image.convert("L").getextrema() == (255, 255)


def test_a_step_of_nothing_is_an_error():
    with pytest.raises(ParameterError, match="step_s: found 0; expected at least 0.01 seconds"):
        drawing.growth_moments(RIGHT, 0)
