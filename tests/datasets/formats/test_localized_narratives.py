"""Localized Narratives: every line is read whole, and written back as it was."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.datasets.formats import localized_narratives
from retrain_kit.datasets.formats.localized_narratives import (
    Narrative,
    TracePoint,
    Utterance,
    parse_narratives,
    record_of_narrative,
)
from retrain_kit.errors import DataError

RECORD = {
    "dataset_id": "open_images_train",
    "image_id": "0c7b2e492da6ba02",
    "annotator_id": 93,
    "caption": "In this image there are penguins.",
    "timed_caption": [{"utterance": "In this image", "start_time": 0.0, "end_time": 2}],
    "traces": [[{"x": -0.05, "y": 1.1, "t": 0.012}, {"x": 0, "y": 1, "t": 1.5}], []],
    "voice_recording": "open_images_train/0c7b2e492da6ba02_93.ogg",
}
HERE = Path("narratives.jsonl")


def test_a_line_becomes_a_narrative_field_by_field():
    assert parse_narratives([json.dumps(RECORD), "\n"], HERE) == [
        Narrative(
            dataset_id="open_images_train",
            image_id="0c7b2e492da6ba02",
            annotator_id=93,
            caption="In this image there are penguins.",
            timed_caption=(Utterance("In this image", 0.0, 2),),
            traces=((TracePoint(-0.05, 1.1, 0.012), TracePoint(0, 1, 1.5)), ()),
            voice_recording="open_images_train/0c7b2e492da6ba02_93.ogg",
        )
    ]


def test_traces_may_be_missing():
    record = {key: value for key, value in RECORD.items() if key != "traces"}
    (narrative,) = parse_narratives([json.dumps(record)], HERE)
    assert narrative.traces is None
    assert record_of_narrative(narrative) == record


numbers = st.one_of(st.integers(-9, 9), st.floats(allow_nan=False, allow_infinity=False))
utterances = st.fixed_dictionaries({"utterance": st.text(), "start_time": numbers, "end_time": numbers})
traces = st.lists(
    st.lists(st.fixed_dictionaries({"x": numbers, "y": numbers, "t": numbers}), max_size=3), max_size=3
)
records = st.fixed_dictionaries(
    {
        "dataset_id": st.text(),
        "image_id": st.text(),
        "annotator_id": st.integers(),
        "caption": st.text(),
        "timed_caption": st.lists(utterances, max_size=3),
        "voice_recording": st.text(),
    },
    optional={"traces": traces},
)


@given(records)
def test_what_was_read_is_written_back_exactly(record):
    (narrative,) = parse_narratives([json.dumps(record)], HERE)
    assert json.dumps(record_of_narrative(narrative), sort_keys=True) == json.dumps(record, sort_keys=True)


@given(st.lists(records, max_size=4))
def test_the_lines_of_some_images_are_those_of_all_that_name_them(lines):
    texts = [json.dumps(record) for record in lines]
    wanted = {record["image_id"] for record in lines[::2]}
    assert parse_narratives(texts, HERE, wanted) == [
        each for each in parse_narratives(texts, HERE) if each.image_id in wanted
    ]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{", "Expecting property name"),
        ("[]", "list, no object"),
        (json.dumps(RECORD | {"mood": "good"}), "also mood"),
        (
            json.dumps({"image_id": "a", "caption": ""}),
            "no dataset_id, annotator_id, timed_caption, voice_recording",
        ),
        (json.dumps(RECORD | {"annotator_id": "93"}), 'annotator_id: "93"'),
        (json.dumps(RECORD | {"annotator_id": True}), "annotator_id: true"),
        (json.dumps(RECORD | {"traces": None}), "traces: null"),
        (json.dumps(RECORD | {"traces": [{"x": 0, "y": 0, "t": 0}]}), "traces: {"),
        (json.dumps(RECORD | {"traces": [[{"x": 0, "y": 0}]]}), "traces: {"),
        (json.dumps(RECORD | {"traces": [[{"x": float("nan"), "y": 0, "t": 0}]]}), "NaN, which is no JSON"),
        (json.dumps(RECORD | {"traces": [[{"x": "0", "y": 0, "t": 0}]]}), 'traces, x: "0"'),
        (json.dumps(RECORD | {"timed_caption": ["In this image"]}), 'timed_caption: "In this image"'),
    ],
)
def test_a_line_that_is_no_narrative_is_told_with_its_number(line, found):
    with pytest.raises(DataError) as caught:
        parse_narratives([json.dumps(RECORD), line, line], HERE)
    assert [fault.where for fault in caught.value.faults] == [
        "narratives.jsonl, line 2", "narratives.jsonl, line 3"
    ]  # fmt: skip
    assert caught.value.faults[0].found.startswith(found)


def test_a_file_is_streamed_for_some_images(tmp_path):
    path = tmp_path / "narratives.jsonl"
    path.write_text(f"{json.dumps(RECORD | {'image_id': 'b'})}\n{json.dumps(RECORD)}\n")
    (only,) = localized_narratives.load_narratives(path, {"0c7b2e492da6ba02"})
    assert record_of_narrative(only) == RECORD
    assert [each.image_id for each in localized_narratives.load_narratives(path)] == ["b", "0c7b2e492da6ba02"]


def test_a_file_that_is_not_there_or_not_text_is_a_fault(tmp_path):
    with pytest.raises(DataError, match="gone: found no narratives"):
        localized_narratives.load_narratives(tmp_path / "gone")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="binary: found no narratives"):
        localized_narratives.load_narratives(tmp_path / "binary")
