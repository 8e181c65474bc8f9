"""The traces of narratives come into the core without loss."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from strategies import records_of
from strategies import traces as any_traces

from retrain_kit.annotations.traces import Trace
from retrain_kit.datasets.formats import localized_narratives
from retrain_kit.datasets.formats.localized_narratives import parse_narratives, record_of_narrative
from retrain_kit.errors import DataError

RECORD = {
    "dataset_id": "mscoco_val2017",
    "image_id": "137576",
    "annotator_id": 93,
    "caption": "In this image there are two cows.",
    "timed_caption": [{"utterance": "In this", "start_time": 0.0, "end_time": 0.4}],
    "traces": [[{"x": 0.2086, "y": -0.0533, "t": 0.022}, {"x": 0.2087, "y": -0.05, "t": 0.03}], []],
    "voice_recording": "mscoco_val2017/137576_93.ogg",
}
(NARRATIVE,) = parse_narratives([json.dumps(RECORD)], Path("narratives.jsonl"))


def test_a_narratives_places_are_the_points_of_a_trace():
    trace = localized_narratives.trace_of_narrative(NARRATIVE)
    assert trace == Trace(([[0.2086, -0.0533, 0.022], [0.2087, -0.05, 0.03]], np.empty((0, 3))))
    assert record_of_narrative(NARRATIVE) == RECORD


def test_a_narrative_without_traces_has_none():
    assert localized_narratives.trace_of_narrative(replace(NARRATIVE, traces=None)) is None


@given(any_traces)
def test_a_trace_comes_back_out_of_the_file_it_was_written_to(trace):
    line = json.dumps(RECORD | {"traces": records_of(trace)})
    (back,) = parse_narratives([line], Path("narratives.jsonl"))
    assert len(json.loads(line)) == 7
    assert localized_narratives.trace_of_narrative(back) == Trace(trace.pieces)


def test_places_in_pixels_are_told():
    record = RECORD | {"traces": [[{"x": 320, "y": 200, "t": 0}]]}
    (wrong,) = parse_narratives([json.dumps(record)], Path("narratives.jsonl"))
    with pytest.raises(DataError, match="x 320, y 200, t 0; expected fractions of the frame"):
        localized_narratives.trace_of_narrative(wrong)
