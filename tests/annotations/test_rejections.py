"""What could not be taken of a study's annotations is counted, said and, where asked, an error."""

import json

import pytest

from retrain_kit.annotations import rejections
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.annotations.samples import RejectedAnnotation, Sample
from retrain_kit.errors import DataError

REVERSED = RejectedAnnotation("b", "right before left", "1", "person", "b.xml, object 1", row={"xmin": "300"})
HALF = RejectedAnnotation("b", "an outline of two points", "2", "kite", "b.xml, object 2", kept="the box")
LOST = RejectedAnnotation("999", "no image of this id", "7", "dog", "instances.json, annotation 3")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Rejections(), ""),
        (Rejections((REVERSED,)), "1 annotation could not be taken whole, in 1 image."),
        (Rejections((REVERSED, HALF)), "2 annotations could not be taken whole, in 1 image."),
        (Rejections((), (LOST,)), "1 annotation matches no image."),
        (
            Rejections((REVERSED, HALF), (LOST, LOST)),
            "2 annotations could not be taken whole, in 1 image; 2 annotations match no image.",
        ),
    ],
)
def test_the_numbers_are_a_sentence(found, words):
    assert found.in_words() == words


def test_each_is_a_line_with_image_id_label_reason_and_place():
    assert REVERSED.in_words() == ("image b, annotation 1, “person”: right before left (b.xml, object 1)")
    assert HALF.in_words().endswith("(b.xml, object 2; kept: the box)")
    assert RejectedAnnotation("", "no image").in_words() == "no image named: no image"


def test_they_are_collected_from_samples_in_their_order(tmp_path):
    samples = [
        Sample("a", tmp_path / "a", 1, 1),
        Sample("b", tmp_path / "b", 1, 1, rejected=(REVERSED, HALF)),
    ]
    found = Rejections.of_samples(samples, [LOST])
    assert list(found) == [REVERSED, HALF, LOST]
    assert len(found) == 3


def test_where_it_is_strict_all_are_faults_and_of_very_many_the_first_and_their_number():
    Rejections().check()
    with pytest.raises(DataError) as error:
        Rejections((REVERSED,), (LOST,)).check()
    assert [fault.where for fault in error.value.faults] == [
        "b.xml, object 1",
        "instances.json, annotation 3",
    ]
    with pytest.raises(DataError) as error:
        Rejections((REVERSED,) * 1000).check()
    assert len(error.value.faults) == 51
    assert error.value.faults[-1].found == "950 more that could not be taken"


def test_as_lines_of_json_they_keep_the_source_s_own_words():
    (line,) = Rejections((REVERSED,)).lines()
    assert json.loads(line)["row"] == {"xmin": "300"}
    (odd,) = Rejections((RejectedAnnotation("a", "odd", row={"x": b"\xff"}),)).lines()
    assert json.loads(odd)["row"] == {"x": "b'\\xff'"}


def test_who_watches_hears_once_of_a_study_and_nobody_of_one_that_is_whole():
    said = []
    with rejections.watching(said.append) as watch:
        rejections.note_rejections("whole", Rejections())
        rejections.note_rejections("two", Rejections((REVERSED,)))
        rejections.note_rejections("two", Rejections((REVERSED,)))
    assert said == ["two: 1 annotation could not be taken whole, in 1 image."]
    assert list(watch.studies) == ["two"]
    rejections.note_rejections("two", Rejections((REVERSED,)))
    assert len(said) == 1


def test_a_strict_watch_ends_the_reading():
    with rejections.watching(print) as watch:
        watch.strict = True
        with pytest.raises(DataError, match="right before left"):
            rejections.note_rejections("two", Rejections((REVERSED,)))
