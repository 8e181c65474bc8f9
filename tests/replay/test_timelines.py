"""Timelines: each point at its second, what is the data's own and what is made up, and the ledger's own sums."""

from dataclasses import replace

import numpy as np
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from replaying import FIGURES, known, sample
from trying import examples

from retrain_kit.analysis import ledger, replay
from retrain_kit.analysis.replay import NO_PLACE, ORDERS, Pace, make_timeline
from retrain_kit.analysis.study_replay import LISTED, MADE_UP, TRACED, make_replay, recorded_replay
from retrain_kit.annotations.recordings import Recording, Tag
from retrain_kit.annotations.samples import Box, Click, ImageLabel, Phrase, PointLabel, Region
from retrain_kit.annotations.traces import Trace
from retrain_kit.errors import ParameterError
from retrain_kit.studies import manifests
from retrain_kit.studies.quantities import Quantity

BOX = Box(10, 20, 50, 40)
TRIANGLE = (((0.0, 0.0), (40.0, 0.0), (0.0, 40.0)),)


def played(*regions, by_hand=False, **more):
    return make_timeline(sample(*regions, **more), known, Pace(FIGURES, by_hand=by_hand))


def drawn(timeline, end):
    """Return for each drawing x, y and the second at which each of its points appears."""
    times = zip(timeline.drawings, timeline.starts(end), timeline.seconds(end), strict=True)
    return [each.points * [1, 1, seconds] + [0, 0, start] for each, start, seconds in times]


def test_extreme_clicks_come_in_their_order_and_the_box_with_the_last_of_them():
    clicks = (Click(30, 20), Click(10, 25), Click(30, 40), Click(50, 30))
    (points,) = drawn(played(Region("Cat", BOX, annotator="hand", clicks=clicks)), "most")
    assert points.tolist() == [
        [30, 20, 2], [10, 25, 4], [30, 40, 6], [50, 30, 8], [10, 20, 8], [50, 20, 8], [50, 40, 8], [10, 40, 8],
    ]  # fmt: skip


def test_a_box_without_clicks_is_drawn_around_and_an_outline_corner_by_corner():
    timeline = played(
        Region("Cat", BOX, annotator="hand"),
        Region("Dog", Box(0, 0, 40, 40), annotator="hand", polygons=TRIANGLE),
    )
    outline, box = drawn(timeline, "least")
    assert outline[:, 2] == pytest.approx([0, 10 / 3, 20 / 3])
    assert box.tolist() == [[10, 20, 10], [50, 20, pytest.approx(10 + 4 / 3)], [50, 40, 12], [10, 40, pytest.approx(10 + 10 / 3)]]  # fmt: skip
    assert [each.ordered for each in timeline.drawings] == [True, False]
    assert (timeline.end_s("least"), timeline.end_s("most")) == (14, 18)


def test_a_mask_is_traced_and_corrective_clicks_come_before_what_a_machine_made_of_them():
    mask = np.ones((2, 2), dtype=bool)
    clicks = (Click(12, 22, on=True), Click(48, 22, on=False))
    plain, clicked = (Region("Cat", BOX, annotator="hand", mask=mask, clicks=each) for each in ((), clicks))
    (points,), (told,) = drawn(played(plain), "most"), drawn(played(clicked), "most")
    assert points[:, :2].tolist() == [[10, 20], [50, 20], [50, 40], [10, 40]]
    assert told[:, 2].tolist() == [5, 10, 10, 10, 10, 10]
    assert [stroke.kind for stroke in played(clicked).drawings[0].strokes] == ["yes", "no", "loop"]


def test_a_machines_box_is_there_at_once_and_by_hand_it_is_said_to_be_supposed():
    box = Region("Cat", BOX, annotator="machine")
    at_once, by_hand = played(box), played(box, by_hand=True)
    assert (at_once.end_s("most"), at_once.supposed) == (0, 0)
    assert (by_hand.end_s("least"), by_hand.end_s("most"), by_hand.supposed) == (4, 8, 1)


def test_what_was_only_checked_is_there_while_the_time_of_a_check_passes():
    timeline = played(Region("Cat", BOX, annotator="checked"))
    assert drawn(timeline, "most")[0][:, 2].tolist() == [0, 0, 0, 0]
    assert timeline.end_s("most") == 2


def test_what_nobody_has_timed_is_there_at_once_and_counted_and_what_has_no_place_too():
    timeline = played(
        phrases=(Phrase("a cat", BOX),),
        points=(PointLabel("Cat", 5, 6, present=True, annotator="people"),),
        labels=(ImageLabel("Cat", present=True),),
    )
    assert (timeline.end_s("most"), timeline.untimed, dict(timeline.left_out)) == (0, 2, {NO_PLACE: 1})
    assert [each.points.tolist() for each in timeline.drawings][1] == [[5, 6, 1]]


def test_the_order_is_made_up_by_a_rule_that_is_said():
    boxes = [Region(str(side), Box(0, 0, side, side), annotator="hand") for side in (2, 9, 4, 7, 1)]
    said = {
        order: [each.label for each in make_timeline(sample(*boxes), known, Pace(FIGURES), order).drawings]
        for order in ORDERS
    }
    assert said["largest"] == ["9", "7", "4", "2", "1"]
    assert said["listed"] == ["2", "9", "4", "7", "1"]
    lots = [make_timeline(sample(*boxes), known, Pace(FIGURES), "lot", seed) for seed in (7, 7, 8)]
    drawn = [[each.label for each in lot.drawings] for lot in lots]
    assert drawn[0] == drawn[1] != drawn[2]
    assert all("made up" in ORDERS[order] for order in ("largest", "lot"))
    with pytest.raises(ParameterError, match="order"):
        make_timeline(sample(), known, Pace(FIGURES), "best")


def test_a_narrative_goes_its_way_at_its_own_times():
    rows = [
        [{"x": 0.0, "y": 0.5, "t": 3.0}, {"x": 0.5, "y": 0.5, "t": 4.0}],
        [{"x": 1.0, "y": 1.0, "t": 7.0}],
    ]
    record = {"annotator_id": 7, "traces": rows}
    timeline = played(said={"localized_narratives": [record]})
    (drawing,) = timeline.drawings
    assert timeline.ordered
    assert drawing.recorded
    assert timeline.rule == replay.RECORDED
    assert drawn(timeline, "least")[0].tolist() == [[0, 40, 0], [50, 40, 1], [100, 80, 4]]
    assert timeline.end_s("least") == timeline.end_s("most") == 4


def test_a_recorded_sitting_has_its_own_times_boxes_among_them():
    trace = Trace((np.array([[0, 0, 1], [1, 1, 5]], dtype=float),))
    tags = (Tag("cat", (0, 0, 0.5, 0.5), 3.0), Tag("dog", (0.5, 0.5, 1, 1)))
    timeline = replay.recorded_timeline(Recording("one", (100, 80), trace=trace, tags=tags, seconds=9))
    assert [each.label for each in timeline.drawings] == ["", "cat", "dog"]
    assert timeline.starts("most").tolist() == [1, 3, 9]
    assert drawn(timeline, "most")[0].tolist() == [[0, 0, 1], [100, 80, 5]]


def test_what_was_recorded_says_that_its_seconds_are_its_own():
    trace = Trace((np.array([[0, 0, 1], [1, 1, 5]], dtype=float),))
    shown = recorded_replay([Recording("one", (100, 80), trace=trace, seconds=9)], "A study.")
    assert shown.lines == (
        ("time", "0:00:05 (h:min:s) in all; as fast as these"),
        ("order", "as it was recorded"),
    )
    assert shown.whose == "hours, as recorded"
    tags = (Tag("cat", (0, 0, 0.5, 0.5), 3.0), Tag("dog", (0.5, 0.5, 1, 1)))
    (untold,) = recorded_replay([Recording("one", (100, 80), trace=trace, tags=tags)], "A study.").timelines
    assert (untold.rule, untold.ordered) == (replay.RECORDED_IN_PART, False)


def test_what_is_said_is_of_the_end_that_is_played_and_tells_whose_own_an_order_is():
    wide = replace(FIGURES[0], id="wide", quantity=Quantity(2.0, 90.0, FIGURES[0].quantity.unit))
    record = {"annotator_id": 7, "traces": [[{"x": 0.0, "y": 0.5, "t": 3.0}, {"x": 0.5, "y": 0.5, "t": 4.0}]]}
    clicked = Region("Cat", BOX, annotator="hand", clicks=(Click(30, 20), Click(10, 25)))
    spoken = sample(clicked, Region("Dog", BOX, annotator="hand"), said={"localized_narratives": [record]})
    manifest = manifests.load("embedded-sample")
    shown = make_replay([spoken], manifest, [wide, *FIGURES])
    assert shown.whose == "hours of work, by published figures, some as recorded"
    assert [text.split(",")[0] for name, text in shown.lines if name == "by the figures"] == ["box: wide"]
    assert shown.caption.lines[0] == "Played at the most of published seconds: wide"
    assert [text for name, text in shown.lines if name == "within a drawing"] == [
        f"{LISTED}; {TRACED}; {MADE_UP}"
    ]
    alone = make_replay([sample(clicked)], manifest, FIGURES)
    assert [text for name, text in alone.lines if name in {"order", "within a drawing"}] == [
        replay.ALONE,
        LISTED,
    ]


def test_where_nothing_was_drawn_that_is_said_and_no_pace():
    told = "Nothing was drawn here: no annotation of these images has a place that could be drawn."
    assert recorded_replay([], "A study.").lines == (("drawings", told),)


def test_ones_own_seconds_go_before_published_ones_and_with_them_ones_own_order():
    small, large = (
        Region("Cat", Box(0, 0, side, side), annotator="hand", said={"active_s": 3.0, "word_active_s": side})
        for side in (2, 9)
    )
    timeline = played(small, large)
    assert [each.label for each in timeline.drawings if each.recorded] == ["Cat", "Cat"]
    assert timeline.seconds("least").tolist() == timeline.seconds("most").tolist() == [5, 12]
    assert (timeline.rule, timeline.ordered) == (replay.RECORDED, True)
    mixed = played(small, Region("Dog", BOX, annotator="hand", said={"active_s": "long"}))
    assert mixed.seconds("most").tolist() == [8, 5]
    assert mixed.rule == ORDERS["largest"]


@examples(60)
@given(st.lists(strategies.regions(), max_size=4), st.lists(strategies.phrases, max_size=2))
def test_the_seconds_of_a_timeline_are_those_of_the_ledger_and_points_come_in_order(regions, phrases):
    image = sample(*regions, phrases=tuple(phrases))
    timeline = make_timeline(image, known, Pace(FIGURES))
    time = ledger.make_ledger(ledger.count_pieces(image, known), FIGURES)
    assert timeline.end_s("least") == pytest.approx(time.time.low)
    assert timeline.end_s("most") == pytest.approx(time.time.high)
    assert timeline.untimed == time.untimed
    for points, start in zip(drawn(timeline, "most"), timeline.starts("most"), strict=True):
        assert (np.diff(np.concatenate([[start], points[:, 2]])) >= -1e-9).all()


def test_edges_too_great_to_be_counted_with_are_drawn_all_the_same():
    huge = Region("Cat", Box(-1e308, -1e308, 1e308, 1e308), annotator="hand")
    (points,) = drawn(played(huge), "most")
    assert points[:, 2] == pytest.approx([0, 2, 4, 6])
