"""Drawings: what a person drew, in whole pixels of the image, whatever a browser sends."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import sizes
from trying import examples

from retrain_kit.annotations import drawings
from retrain_kit.annotations.drawings import BOX, EXTREME, OUTLINE, WORD
from retrain_kit.annotations.samples import Box, Click, ImageLabel
from retrain_kit.annotations.working_time import Spent
from retrain_kit.errors import DataError
from retrain_kit.imaging import masking

SIZE = (12, 8)


def sent(*pieces, moments=()):
    drawn = [
        {"name": str(number), "kind": kind, "label": label, "points": [list(point) for point in points]}
        for number, (kind, label, points) in enumerate(pieces, 1)
    ]
    return {"drawn": drawn, "moments": [list(row) for row in moments]}


def drawing(*pieces, size=SIZE, moments=()):
    return drawings.from_sent("a", size, sent(*pieces, moments=moments))


def fault(*pieces, size=SIZE):
    with pytest.raises(DataError) as raised:
        drawing(*pieces, size=size)
    return str(raised.value)


def test_each_kind_becomes_an_annotation_with_its_time_and_its_pseudonym():
    moments = [(0, "act", "1"), (7, "act", "1"), (9, "act", "1:word"), (12, "act", "2"), (32, "act", "3")]
    made = drawing(
        (BOX, "cat", [(5, 6), (1, 2)]),
        (EXTREME, "tail", [(4, 1), (2, 3), (5, 7), (9, 4)]),
        (OUTLINE, "ear", [(0, 0), (4, 0), (0, 4)]),
        (WORD, "indoors", []),
        moments=[*moments, (34, "act", "4"), (35, "act", "9")],
    )
    box, tail, ear = made.regions("babab")
    assert (box.label, box.box, box.annotator, box.id) == ("cat", Box(1, 2, 5, 6), "babab", "1")
    times = {"active_s": 7, "idle_s": 0, "word_active_s": 2, "word_idle_s": 0}
    assert box.said == {"drawn_as": "box", "device": "", **times}
    assert (tail.box, tail.clicks[0]) == (Box(2, 1, 9, 7), Click(4, 1))
    assert (ear.polygons, ear.said["idle_s"]) == ((((0, 0), (4, 0), (0, 4)),), 20)
    said = {"word_active_s": 2, "word_idle_s": 0}
    assert made.image_labels("babab") == (ImageLabel("indoors", present=True, annotator="babab", said=said),)
    assert (made.rest, made.words) == (Spent(active_s=1), "cat\ntail\near\nindoors")
    assert drawings.from_details("a", drawings.to_details(made)) == made
    assert "active_s" not in made.untimed.regions("babab")[0].said


def test_extreme_clicks_span_their_box_in_whichever_order_they_came():
    made = drawing((EXTREME, "cat", [(0, 5), (5, 0), (5, 9), (9, 5)]), size=(9, 9)).drawn[0]
    assert made.box == Box(0, 0, 9, 9)


def test_what_lies_outside_is_moved_to_the_border_and_said():
    made = drawing((BOX, "all", [(-5, -5), (99, 99)]), size=(1, 1)).drawn[0]
    assert (made.box, made.moved) == (Box(0, 0, 1, 1), 2)
    assert made.notes == ("2 points lay outside the image: they were moved to the border.",)


def test_an_outline_that_crosses_itself_is_kept_and_said():
    bow = [(0, 0), (5, 4), (5, 0), (0, 4)]
    made = drawing((OUTLINE, "bow", bow)).drawn[0]
    assert made.notes == ("The outline crosses itself. It is kept as you drew it.",)
    assert masking.region_mask(made.region("1", "babab"), (5, 4), "outline").tolist() == [
        [True, False, False, False, True],
        [True, True, False, True, True],
        [True, True, False, True, True],
        [True, False, False, False, True],
    ]
    assert not drawings.crosses_itself([(0, 0), (4, 0), (4, 4), (0, 4)])


@pytest.mark.parametrize(
    ("kind", "points", "said"),
    [
        (BOX, [(1, 1), (1, 5)], "a box without width or height"),
        (BOX, [(1, 1)], "1 points; expected 2 points"),
        (BOX, [(-3, 1), (-1, 5)], "a box without width or height"),
        (OUTLINE, [(1, 1), (5, 5)], "three points or more"),
        (OUTLINE, [(1, 1), (1, 1), (5, 5), (1, 1)], "three points or more"),
        (OUTLINE, [(0, 0), (1, 1), (2, 2), (7, 7)], "not in one line"),
        (OUTLINE, [(0, 0)] * 1001, "at most 1000 points"),
        (EXTREME, [(4, 1), (9, 3), (5, 7), (2, 4)], "clicks that span no box"),
        (EXTREME, [(4, 7), (2, 3), (5, 1), (9, 4)], "clicks that span no box"),
        (WORD, [(1, 1)], "1 points; expected 0 points"),
        ("circle", [(1, 1)], "one of box"),
        (BOX, [(1, float("nan")), (2, 2)], "points"),
        (BOX, [("1", 1), (2, 2)], "points"),
    ],
)
def test_what_covers_nothing_or_is_none_is_refused(kind, points, said):
    assert said in fault((kind, "word", points))


def test_all_that_is_wrong_is_said_together_and_no_word_of_anybody_is_repeated():
    said = fault((BOX, "", [(1, 1), (1, 5)]), (BOX, "secret" * 20, [(1, 1), (2, 2)]), (BOX, "a", []))
    assert said.count("expected") == 3
    assert "secret" not in said
    assert "nothing; expected from 1 to 200 things" in fault()


@pytest.mark.parametrize(
    "wrong",
    [
        {"drawn": None, "moments": []},
        {"drawn": [{"kind": BOX, "label": "a", "points": [[0, 0], [1, 1]]}], "moments": []},
        {**sent((BOX, "a", [(0, 0), (1, 1)])), "moments": [[1, "act", "1"], [0, "act", "1"]]},
        {**sent((BOX, "a", [(0, 0), (1, 1)])), "moments": [[1, "jump", "1"]]},
        {**sent((BOX, "a", [(0, 0), (1, 1)])), "moments": [[True, "act", "1"]]},
        {**sent((BOX, "a", [(0, 0), (1, 1)])), "moments": "soon"},
    ],
)
def test_whatever_a_browser_sends_is_checked(wrong):
    with pytest.raises(DataError):
        drawings.from_sent("a", SIZE, wrong)


@examples(60)
@given(sizes, st.data())
def test_a_box_covers_exactly_the_pixels_between_its_corners(size, data):
    (left, right), (top, bottom) = (
        sorted(data.draw(st.lists(st.integers(0, side), min_size=2, max_size=2, unique=True)))
        for side in size
    )
    made = drawing((BOX, "a", [(right, top), (left, bottom)]), size=size)
    mask = masking.union_mask(made.regions("babab"), size)
    expected = np.zeros((size[1], size[0]), dtype=bool)
    expected[top:bottom, left:right] = True
    assert np.array_equal(mask, expected)
