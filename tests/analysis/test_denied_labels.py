"""Labels that were denied: typed rows, laws, real answers of Open Images."""

import csv
from pathlib import Path

import pytest
from places import SHARED
from words_written import image

from retrain_kit.analysis.denied_labels import DeniedLabel, denied_labels
from retrain_kit.annotations.samples import ImageLabel, PointLabel, Sample, Votes

REAL = SHARED / "testdata" / "open_images"


def test_a_label_is_said_denied_or_disputed():
    samples = [
        image("1", "", denied=["cat", "dog"]),
        image("2", "", said=["cat"], denied=["cat"]),
        image("3", "cat", denied=["cat"]),
        image("4", "cat"),
        image("5", "", said=["dog"]),
        image("6", "", said=["owl"]),
        image("7"),
    ]
    found = denied_labels(samples)
    assert found.rows == (
        DeniedLabel("cat", ("4",), ("1",), ("2", "3"), ("unknown",)),
        DeniedLabel("dog", ("5",), ("1",), (), ("unknown",)),
    )
    assert [row.asked for row in found.rows] == [4, 2]
    assert (found.images, found.asked_images, found.left_open) == (7, 5, 0)


def test_votes_on_a_point_that_disagree_are_a_dispute_and_what_is_left_open_is_none():
    points = (
        PointLabel("cat", 1, 1, present=True, annotator="crowd", votes=Votes(yes=2, no=1)),
        PointLabel("dog", 1, 1, present=False, annotator="crowd", votes=Votes(no=3)),
        PointLabel("owl", 1, 1, present=None, votes=Votes(unsure=3)),
    )
    found = denied_labels([Sample("1", Path("1.jpg"), 4, 4, points=points)])
    assert found.rows == (
        DeniedLabel("dog", (), ("1",), (), ("crowd",)),
        DeniedLabel("cat", (), (), ("1",), ("crowd",)),
    )
    assert found.left_open == 1


def test_order_changes_no_count_and_a_label_nobody_asked_about_no_row():
    samples = [image("1", "", denied=["cat"]), image("2", "", said=["cat"]), image("3", "owl")]
    rows, turned = (denied_labels(each).rows for each in (samples, samples[::-1]))
    assert rows == turned
    assert denied_labels([]).rows == ()


def test_real_answers_of_open_images():
    path = REAL / "train-annotations-human-imagelabels.rows.csv"
    if not path.is_file():
        pytest.skip("the real rows lie in ../shared/testdata, which is not here")
    answers = list(csv.DictReader(path.open(encoding="utf-8")))
    by_image = {}
    for row in answers:
        label = ImageLabel(row["LabelName"], row["Confidence"] == "1", row["Source"])
        by_image.setdefault(row["ImageID"], []).append(label)
    samples = [Sample(name, Path("x"), 4, 4, labels=tuple(each)) for name, each in by_image.items()]
    found = denied_labels(samples)
    denied = {(row["ImageID"], row["LabelName"]) for row in answers if row["Confidence"] == "0"}
    assert denied
    assert {(name, row.label) for row in found.rows for name in row.denied} == denied
    assert {who for row in found.rows for who in row.by} == {"verification"}
