"""Recordings go into JSON and come back; what comes from outside is checked, all faults together."""

import json

import numpy as np
import pytest
from hypothesis import given
from strategies import recordings as any_recordings

from retrain_kit.annotations import recordings
from retrain_kit.annotations.recordings import Recording, Tag
from retrain_kit.annotations.samples import Box
from retrain_kit.annotations.traces import Trace
from retrain_kit.errors import DataError

WAY = [[0.25, 0.5, 0.0], [0.5, 0.75, 1.5]]


def faults(details, text=""):
    with pytest.raises(DataError) as caught:
        recordings.from_details("a", text, {"size": [4, 3], **details})
    return [str(fault) for fault in caught.value.faults]


@given(any_recordings)
def test_a_recording_comes_back_from_json_as_it_was(recording):
    told = json.loads(json.dumps(recordings.to_details(recording), allow_nan=False))
    assert recordings.from_details(recording.image, recording.text, told) == recording


def test_places_are_kept_to_a_millionth_and_times_to_a_tenth_of_a_millisecond():
    told = recordings.to_details(Recording("a", (4, 3), trace=Trace(([[1 / 3, 2 / 3, 1 / 7]],))))
    assert told["pieces"] == [[[0.333333, 0.666667, 0.1429]]]


def test_points_come_as_rows_or_as_objects():
    objects = [[{"x": x, "y": y, "t": t} for x, y, t in WAY]]
    rows = recordings.from_details("a", "", {"size": [4, 3], "pieces": [WAY]})
    assert recordings.from_details("a", "", {"size": [4, 3], "pieces": objects}) == rows


def test_boxes_are_regions_in_pixels_of_the_image_numbered_as_they_were_drawn():
    tags = (Tag("cup", (0.25, 0.5, 0.5, 1), 2.5, "mouse"), Tag("cup", (0, 0, 1, 1)))
    first, second = Recording("a", (400, 300), tags=tags).regions
    assert (first.label, first.box, first.id, first.annotator) == (
        "cup",
        Box(100, 150, 200, 300),
        "1",
        "drawn",
    )
    assert first.said == {"t": 2.5, "device": "mouse"}
    assert (second.box, second.id) == (Box(0, 0, 400, 300), "2")


def test_a_focus_path_stays_at_each_place_until_it_moves_on():
    focus = Trace(([[0.1, 0.1, 1], [0.5, 0.5, 3], [0.5, 0.5, 4]],))
    (held,) = recordings.trace_of_focus(focus).pieces
    expected = [[0.1, 0.1, 1], [0.1, 0.1, 3], [0.5, 0.5, 3], [0.5, 0.5, 4], [0.5, 0.5, 4]]
    np.testing.assert_array_equal(held, expected)


def test_everything_that_is_wrong_is_told_at_once_and_none_of_what_was_said():
    found = faults(
        {
            "size": [0, 3],
            "pieces": [[[0.1, 0.1, 2], [0.1, 0.1, 1]]],
            "focus": "secret",
            "tags": [
                {"label": "secret" * 20, "edges": [0.5, 0, 0.2, 1]},
                "secret",
                {"label": " ", "edges": None},
            ],
            "devices": ["secret"],
            "seconds": -1,
            "written": [1],
            "frame": "secret",
        },
        "secret" * 1000,
    )
    assert [line.split(":")[0] for line in found] == [
        "description",
        "size",
        "trace, piece 1, point 2",
        "focus",
        "box 1, word",
        "box 1",
        "box 2",
        "box 3, word",
        "box 3",
        "devices",
        "seconds",
        "written",
        "frame",
    ]
    assert not any("secret" in line for line in found)


@pytest.mark.parametrize(
    "pieces",
    [
        5,
        [5],
        [[5]],
        [["abc"]],
        [[["0", "0", "0"]]],
        [[[True, 0, 0]]],
        [[[0, 0]]],
        [[{"x": 0}]],
        [[[10**400, 0, 0]]],
    ],
)
def test_what_is_no_point_is_refused(pieces):
    assert len(faults({"pieces": pieces})) == 1


@pytest.mark.parametrize("t", [-0.5, 14_401])
def test_a_time_before_the_start_or_hours_after_it_is_refused(t):
    assert "times from" in faults({"pieces": [[[0, 0, t]]]})[0]


def test_too_many_points_and_too_many_boxes_are_refused():
    assert "found 100001 points; expected at most 100000" in faults({"pieces": [[[0, 0, 0]] * 100_001]})[0]
    assert "found 201 boxes" in faults({"tags": [{"label": "a", "edges": [0, 0, 1, 1]}] * 201})[0]
