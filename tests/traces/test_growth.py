"""A track grows at the speed of the hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from strategies import dots, pieces
from strategies import traces as any_traces
from trying import examples

from retrain_kit.errors import DataError, ParameterError
from retrain_kit.traces import Dot, Trace, growth, surfaces

SIZE = (80, 40)
RIGHT = Trace(([[0, 0.5, 1], [1, 0.5, 2]],))


def reach(picture):
    """Return the last column that is dark, or -1."""
    columns = np.flatnonzero((np.asarray(picture) < 128).any(axis=0))
    return int(columns.max(initial=-1))


def test_half_of_the_time_is_half_of_the_way():
    found = [(moment, reach(picture)) for moment, picture in growth.growth(RIGHT, SIZE, step_s=0.25)]
    assert [moment for moment, _ in found] == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]
    assert [column for _, column in found] == [-1, -1, -1, -1, 0, 20, 40, 60, 79]


def test_a_rest_and_an_absence_last_as_long_as_they_did():
    hand = Trace(([[0, 0.5, 0], [0.5, 0.5, 1], [0.5, 0.5, 2]], [[0.9, 0.5, 3]]))
    found = [reach(picture) for _, picture in growth.growth(hand, SIZE, step_s=0.5)]
    assert found == [0, 20, 40, 40, 40, 40, 72]


def test_clicks_without_times_come_one_by_one():
    clicks = Trace(dots=(Dot(0.25, 0.5), Dot(0.5, 0.5), Dot(0.75, 0.5)))
    found = [
        (moment, (np.asarray(picture) < 128).sum())
        for moment, picture in growth.growth(clicks, SIZE, step_s=0.5)
    ]
    assert [moment for moment, _ in found] == [0, 0.5, 1, 1.5]
    first = found[1][1]
    assert [count for _, count in found] == [0, first, 2 * first, 3 * first]
    assert first > 50


@examples(30)
@given(any_traces, st.sampled_from([0.1, 0.25, 0.7]))
def test_a_track_ends_whole(trace, step):
    for moment, picture in growth.growth(trace, (40, 30), step_s=step):
        assert picture.tobytes() == growth.until(trace, (40, 30), moment).tobytes()
    assert picture.tobytes() == surfaces.track(trace, (40, 30)).tobytes()


@examples(30)
@given(pieces(), st.lists(dots, max_size=3))
def test_what_was_drawn_stays(piece, clicked):
    trace = Trace((piece,), tuple(clicked))
    before = np.full((30, 40), 255, dtype=np.uint8)
    for moment in piece[:, 2]:
        now = np.asarray(growth.until(trace, (40, 30), moment))
        assert (now <= before).all()
        before = now


@given(any_traces, st.floats(0.01, 9))
def test_moments_rise_from_the_start_to_the_end(trace, step):
    found = growth.moments(trace, step)
    assert (np.diff(found) > 0).all()
    assert found[0] <= 0
    assert found[-1] >= (trace.span or (0, 0))[1]
    assert len(found) <= growth.MOST_FRAMES + 1


def test_a_long_recording_has_fewer_pictures_and_no_faster_hand():
    slow = Trace(([[0, 0, 0], [1, 1, 4000]],))
    found = growth.moments(slow)
    assert len(found) == 401
    assert found[1] == 10
    assert found[-1] == 4000


def test_an_animation_lasts_as_long_as_the_hand_took(tmp_path):
    hand = Trace(([[0, 0.5, 0], [0.5, 0.5, 0.5]], [[0.9, 0.5, 1.33]]))
    path = growth.animation(hand, SIZE, tmp_path / "hand.png", step_s=0.1)
    shown = []
    with Image.open(path) as file:
        assert file.info["loop"] == 1
        for number in range(file.n_frames):
            file.seek(number)
            shown.append((file.info["duration"], reach(file.convert("L"))))
    assert shown == [(100, 0), (100, 8), (100, 16), (100, 24), (100, 32), (830, 40), (100, 72)]


def test_an_animation_is_the_same_file_every_time(tmp_path):
    one, other = (growth.animation(RIGHT, SIZE, tmp_path / f"{name}.apng").read_bytes() for name in "ab")
    assert one == other


def test_a_hand_that_never_moved_is_one_white_picture(tmp_path):
    with Image.open(growth.animation(Trace(), SIZE, tmp_path / "none.png")) as file:
        assert getattr(file, "n_frames", 1) == 1
        assert file.convert("L").getextrema() == (255, 255)


def test_another_format_a_step_of_nothing_and_a_file_for_a_folder_are_errors(tmp_path):
    with pytest.raises(ParameterError, match=r"found '.gif'; expected a name that ends in .png or .apng"):
        growth.animation(RIGHT, SIZE, tmp_path / "hand.gif")
    with pytest.raises(ParameterError, match="step_s: found 0; expected at least 0.01 seconds"):
        growth.animation(RIGHT, SIZE, tmp_path / "hand.png", step_s=0)
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="a file where a folder should be"):
        growth.animation(RIGHT, SIZE, tmp_path / "file" / "hand.png")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
