"""Traces keep where a hand was and when, and nothing of what it was on."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from places import SHARED
from small_studies import study
from strategies import records_of
from strategies import traces as any_traces

from retrain_kit.annotations import traces
from retrain_kit.annotations.samples import Box, Click, Region, Sample
from retrain_kit.annotations.traces import (
    CORRECTIVE_CLICKS,
    EXTREME_CLICKS,
    NARRATIVE_TRACE,
    SourceTrace,
    TimedClick,
    Trace,
)
from retrain_kit.datasets import open_images
from retrain_kit.errors import DataError

REAL = SHARED / "testdata" / "open_images"
real = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real rows lie in ../shared/testdata, which is not here"
)
BOXES = REAL / "train-annotations-bbox.rows-with-clicks.csv"
MASKS = REAL / "train-annotations-object-segmentation.rows.csv"
PENGUINS = {
    "dataset_id": "open_images_train",
    "image_id": "0c7b2e492da6ba02",
    "annotator_id": 93,
    "caption": "Two penguins on snow.",
    "timed_caption": [{"utterance": "Two penguins on snow.", "start_time": 0.0, "end_time": 2.5}],
    "traces": [
        [{"x": 0.25, "y": 0.5, "t": 0.012}, {"x": 0.5, "y": 0.5, "t": 1.012}],
        [{"x": -0.07, "y": 1.08, "t": 1.75}],
        [],
    ],
    "voice_recording": "open_images_train/0c7b2e492da6ba02_93.ogg",
}
SILENT = {key: value for key, value in PENGUINS.items() if key != "traces"} | {"annotator_id": 4}


def test_a_record_of_localized_narratives_becomes_points_and_segments():
    trace = traces.from_records(PENGUINS["traces"])
    assert [piece.tolist() for piece in trace.pieces] == [
        [[0.25, 0.5, 0.012], [0.5, 0.5, 1.012]],
        [[-0.07, 1.08, 1.75]],
        [],
    ]
    assert trace.segments.tolist() == [[0.25, 0.5, 0.5, 0.5, 1.0]]
    assert trace.span == (0.012, 1.75)
    assert trace.seconds == 1.0


def test_the_time_between_two_pieces_is_nobodys():
    trace = Trace(([[0, 0, 1], [1, 0, 2]], [[0, 0, 9], [0, 1, 12]]))
    assert trace.seconds == 4.0
    assert trace.span == (1.0, 12.0)


@given(any_traces)
def test_a_trace_is_written_and_read_as_it_was(trace):
    record = json.loads(json.dumps(records_of(trace)))
    back = traces.from_records(record)
    assert back == Trace(trace.pieces)
    assert hash(back) == hash(Trace(trace.pieces))


def test_traces_are_the_same_by_what_they_hold():
    one = Trace((np.array([[0.0, 0.5, 1]]),), (TimedClick(0.5, 0.5),))
    assert one == Trace(([[-0.0, 0.5, 1]],), (TimedClick(0.5, 0.5),))
    assert one != Trace(([[0.0, 0.5, 2]],), (TimedClick(0.5, 0.5),))
    assert one != Trace(([[0.0, 0.5, 1]],))
    assert one != "a trace"


def test_a_trace_cannot_be_changed_afterwards():
    points = np.array([[0.5, 0.5, 0.0]])
    trace = Trace((points,))
    points[0, 0] = 0.9
    assert trace.pieces[0][0, 0] == 0.5
    with pytest.raises(ValueError, match="read-only"):
        trace.pieces[0][0, 0] = 0.9


def test_all_that_is_wrong_with_a_trace_is_said_at_once():
    with pytest.raises(DataError) as caught:
        Trace(
            (
                [[0, 0, 5], [0, 0, 4], [0, 0, 3]],
                [[0, float("nan"), 0]],
                [[0.5, 0.5, 0], [320, 240, 1]],
                [[0, 0]],
                [["a", 0, 0]],
            ),
            (TimedClick(0.5, 0.5), TimedClick(float("inf"), 0)),
        )
    assert [str(fault) for fault in caught.value.faults] == [
        "trace, piece 1, point 2: found x 0, y 0, t 4; expected a time no earlier than that of the point before. 1 more like it.",
        "trace, piece 2, point 1: found x 0, y nan, t 0; expected finite numbers.",
        "trace, piece 3, point 2: found x 320, y 240, t 1; expected fractions of the frame, at most 0.5 beyond it.",
        "trace, piece 4: found no rows of three numbers; expected x, y and t of each point.",
        "trace, piece 5: found no rows of three numbers; expected x, y and t of each point.",
        "trace, click 2, point 1: found x inf, y 0, t 0; expected finite numbers.",
    ]


def test_a_new_piece_may_begin_earlier_than_the_last_one_ended():
    assert Trace(([[0, 0, 5]], [[0, 0, 1]])).span == (1.0, 5.0)


def test_clicks_have_places_and_no_times():
    trace = traces.from_clicks([Click(20, 30, on=True), Click(0, 60, on=False), Click(80, 15)], (80, 60))
    assert trace == Trace(
        (), (TimedClick(0.25, 0.5, None, on=True), TimedClick(0, 1, None, on=False), TimedClick(1, 0.25))
    )
    assert trace.span is None
    assert trace.seconds == 0


def test_the_hands_in_a_sample_are_found_narratives_first():
    clicked = Region("Bird", Box(0, 0, 40, 30), "b1", clicks=(Click(20, 30),))
    untouched = Region("Bird", Box(0, 0, 40, 30), "b2")
    sample = Sample(
        "a", Path("a.jpg"), 80, 60, (clicked, untouched), said={"localized_narratives": [PENGUINS, SILENT]}
    )
    assert traces.source_traces(sample) == [
        SourceTrace(traces.from_records(PENGUINS["traces"]), NARRATIVE_TRACE, "93"),
        SourceTrace(Trace((), (TimedClick(0.25, 0.5),)), EXTREME_CLICKS, "b1"),
    ]


@real
def test_the_extreme_clicks_of_a_real_box_lie_on_its_four_edges(tmp_path):
    (sample,) = open_images.read(opened(tmp_path, "000002b66c9c498e", boxes=BOXES))
    found = traces.source_traces(sample)
    assert [(hand.kind, hand.name) for hand in found] == [
        (EXTREME_CLICKS, "b1"),
        (EXTREME_CLICKS, "b2"),
        (EXTREME_CLICKS, "b3"),
    ]
    places = np.array([(click.x, click.y) for click in found[0].trace.clicks])
    assert np.allclose(
        places, [(0.148438, 0.148438), (0.0125, 0.357812), (0.059375, 0.5875), (0.195312, 0.325)], atol=1e-8
    )
    assert [click.t for click in found[0].trace.clicks] == [None] * 4


@real
def test_the_corrective_clicks_of_a_real_mask_keep_what_they_said(tmp_path):
    (sample,) = open_images.read(opened(tmp_path, "677c122b0eaa5d16", masks=MASKS))
    (hand,) = traces.source_traces(sample)
    assert hand.kind == CORRECTIVE_CLICKS
    assert [click.on for click in hand.trace.clicks] == [
        True, True, False, True, True, False, False, False, True, True, True, False
    ]  # fmt: skip
    assert (hand.trace.clicks[0].x, hand.trace.clicks[0].y) == pytest.approx((0.95498, 0.65197), abs=1e-8)


def opened(folder, name, **files):
    """Return a study of Open Images with one image of 640 × 480."""
    return study(folder, "open-images", [(name, f"{name}.jpg", (640, 480))], files)
