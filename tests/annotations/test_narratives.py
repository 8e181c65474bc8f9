"""Recordings are written exactly as Localized Narratives, and read back with what stands beside them."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from strategies import recordings as any_recordings

from retrain_kit.annotations import narratives
from retrain_kit.annotations.recordings import Recording, Tag
from retrain_kit.annotations.traces import Trace
from retrain_kit.datasets.formats import localized_narratives

MADE = Recording(
    "0a1b",
    (400, 300),
    "A cup.",
    Trace(([[0.25, 0.5, 0.1], [1.05, 0.75, 1.5]], [[0.5, 0.5, 2]])),
    Trace(([[0.1, 0.1, 0.5], [0.1, 0.1, 0.75]],)),
    (Tag("cup", (0.25, 0.5, 0.5, 1), 2.5, "mouse"),),
    ("keyboard", "mouse"),
    8.5,
    (3.0, 7.25),
    (480, 360),
)


class Narrative(NamedTuple):
    """The fields of the format: the loader of its authors makes such a tuple of each line, with nothing over."""

    dataset_id: str
    image_id: str
    annotator_id: int
    caption: str
    timed_caption: list
    traces: list
    voice_recording: str


def test_a_recording_is_a_line_of_the_format():
    assert narratives.narrative_record(MADE, "nature", "bahab-difom-zulut") == {
        "dataset_id": "nature",
        "image_id": "0a1b",
        "annotator_id": narratives.annotator_number("bahab-difom-zulut"),
        "caption": "A cup.",
        "timed_caption": [{"utterance": "A cup.", "start_time": 3.0, "end_time": 7.25}],
        "traces": [
            [{"x": 0.25, "y": 0.5, "t": 0.1}, {"x": 1.05, "y": 0.75, "t": 1.5}],
            [{"x": 0.5, "y": 0.5, "t": 2.0}],
        ],
        "voice_recording": "",
    }


def test_what_the_format_has_no_room_for_stands_beside():
    assert narratives.companion_record(MADE, "nature", "bahab-difom-zulut", language="en") == {
        "dataset_id": "nature",
        "image_id": "0a1b",
        "annotator_id": narratives.annotator_number("bahab-difom-zulut"),
        "who": "bahab-difom-zulut",
        "size": [400, 300],
        "focus": [[[0.1, 0.1, 0.5], [0.1, 0.1, 0.75]]],
        "tags": [{"label": "cup", "edges": [0.25, 0.5, 0.5, 1], "t": 2.5, "device": "mouse"}],
        "devices": ["keyboard", "mouse"],
        "seconds": 8.5,
        "written": [3.0, 7.25],
        "frame": [480, 360],
        "language": "en",
    }


def test_a_number_follows_from_the_pseudonym_and_is_exact_in_every_reader_of_json():
    number = narratives.annotator_number("bahab-difom-zulut")
    assert (
        number
        == narratives.annotator_number("bahab-difom-zulut")
        != narratives.annotator_number("bahab-difom-zulub")
    )
    assert 0 < number < 2**53
    assert narratives.annotator_number("") == 0


def test_where_nobody_knows_when_it_was_written_the_utterance_lasts_as_long_as_the_recording():
    (utterance,) = narratives.narrative_record(Recording("a", (4, 3), "A cup.", seconds=4.5), "nature")[
        "timed_caption"
    ]
    assert utterance == {"utterance": "A cup.", "start_time": 0.0, "end_time": 4.5}


@given(any_recordings)
def test_every_line_is_read_as_the_authors_of_the_format_read_it(recording):
    found = Narrative(
        **json.loads(narratives.json_line(narratives.narrative_record(recording, "nature", "bahab")))
    )
    assert (found.image_id, found.caption, type(found.annotator_id)) == (recording.image, recording.text, int)


@given(any_recordings)
def test_both_lines_bring_the_recording_back(recording):
    lines = (
        narratives.narrative_record(recording, "nature", "bahab"),
        narratives.companion_record(recording, "nature", "bahab"),
    )
    track, beside = (json.loads(narratives.json_line(line)) for line in lines)
    assert narratives.recording_from_records(track, beside) == recording


@given(any_recordings)
def test_the_kits_own_reader_of_the_format_finds_text_and_track(recording):
    line = narratives.json_line(narratives.narrative_record(recording, "nature", "bahab"))
    (found,) = localized_narratives.parse_narratives([line], Path("own.jsonl"))
    assert found.caption == recording.text
    assert localized_narratives.trace_of_narrative(found) == recording.trace


def test_words_of_any_script_stand_on_one_line():
    line = narratives.json_line(narratives.narrative_record(Recording("a", (4, 3), "杯子\nکپ"), "nature"))
    assert line.count("\n") == 1
    assert "杯子" in line
    assert json.loads(line)["caption"] == "杯子\nکپ"


def test_a_keyboard_alone_leaves_no_trace():
    found = narratives.narrative_record(
        Recording("a", (4, 3), "A cup.", focus=MADE.focus, devices=("keyboard",)), "nature"
    )
    assert found["traces"] == []


@pytest.mark.parametrize("key", narratives.NARRATIVE_KEYS)
def test_the_keys_are_those_that_the_reader_expects(key):
    assert tuple(localized_narratives.KEYS) == narratives.NARRATIVE_KEYS
    assert key in narratives.narrative_record(MADE, "nature")
