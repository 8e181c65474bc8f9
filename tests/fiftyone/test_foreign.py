"""What cannot be taken of a dataset in FiftyOne is listed, and nothing is turned into a word that is none."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from retrain_kit import fiftyone
from retrain_kit.annotations.samples import UNKNOWN, Box
from retrain_kit.errors import DataError
from retrain_kit.fiftyone import foreign, values
from retrain_kit.imaging import masking


@pytest.fixture(scope="module", autouse=True)
def _database(kit_database):
    """FiftyOne asks for its database where it is imported."""


@pytest.fixture(scope="module")
def fo():
    return fiftyone.fo


@pytest.fixture(scope="module")
def read(fo, tmp_path_factory):
    """Return the function that reads a document of one image of 80 by 60 pixels with these fields."""
    path = tmp_path_factory.mktemp("foreign") / "one.png"
    Image.new("RGB", (80, 60)).save(path)

    def make(targets=None, **content):
        return foreign.read_sample(fo.Sample(filepath=str(path), **content), targets or {}, "filepath")

    return make


def test_a_mask_that_is_none_leaves_its_box(read, fo):
    shapes = [
        np.zeros((2, 2, 3)),
        np.zeros(4),
        np.zeros((0, 3)),
        np.full((2, 2), np.nan),
        np.full((2, 2), 0.5),
    ]
    for mask in shapes:
        sample = read(one=fo.Detection(label="a", bounding_box=[0, 0, 0.5, 0.5], mask=mask))
        assert [(region.box, region.mask) for region in sample.regions] == [(Box(0, 0, 40, 30), None)]
        assert [(each.image, each.label, each.kept) for each in sample.rejected] == [("one", "a", "the box")]
        assert sample.rejected[0].reason.startswith("a mask that is none: ")


def test_an_area_of_a_mask_that_is_none_is_listed(read, fo):
    for mask in (np.ones(4), np.ones((2, 2, 2)), np.full((2, 2), np.nan), np.full((2, 2), 0.5)):
        sample = read(ground=fo.Segmentation(mask=mask))
        assert sample.regions == ()
        assert [each.place for each in sample.rejected] == ["field ground"]


def test_what_a_mask_means_is_a_word_or_its_value(read, fo):
    mask = np.array([[1, 2], [3, 4]], dtype=np.uint8)
    targets = {"ground": {1: "road", 2: None, 3: {"label": "sky", "intTarget": 3}, 4: ["sea"]}}
    sample = read(targets, ground=fo.Segmentation(mask=mask))
    assert [region.label for region in sample.regions] == ["road", "2", "sky", "4"]


def test_a_word_for_the_whole_image_that_is_none_is_listed(read, fo):
    sample = read(
        one=fo.Classification(), two=fo.Classification(label=" "), three=fo.Classification(label="a")
    )
    assert [label.label for label in sample.labels] == ["a"]
    assert [(each.place, each.reason) for each in sample.rejected] == [
        ("field one", "label: null, no word"),
        ("field two", 'label: " ", no word'),
    ]


@pytest.mark.parametrize("annotator", [7, ["Ann"], {"name": "Ann"}, True, " "])
def test_an_annotator_is_a_word_or_unknown_and_what_else_stands_there_is_kept(read, fo, annotator):
    sample = read(one=fo.Classification(label="a", annotator=annotator))
    assert sample.labels[0].annotator == UNKNOWN
    assert sample.labels[0].said["annotator"] == annotator


def test_ids_that_are_numbers_are_the_same_however_they_are_kept(read, fo):
    assert [foreign.image_id_in("image_id", each) for each in (1, 1.0, "1")] == ["1", "1", "1"]
    assert foreign.image_id_in("image_id", "01") == "01"
    sample = fo.Sample(filepath=str(read().path), image_id=[1])
    with pytest.raises(DataError, match=r"image_id: found \[1\]; expected the image's id"):
        foreign.read_sample(sample, {}, "image_id")


odd = st.one_of(
    st.none(), st.floats(), st.integers(-3, 3), st.sampled_from(["", "a", 1e300, [], [0.5], True])
)
coordinates = st.one_of(st.floats(0, 1), odd)
points = st.lists(st.one_of(st.lists(coordinates, max_size=3), coordinates), max_size=4)
labels = st.sampled_from([None, "", " ", "bird"])


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(labels, st.lists(coordinates, max_size=5)), max_size=3),
    st.lists(st.tuples(labels, st.lists(points, max_size=2), st.booleans()), max_size=3),
    st.lists(labels, max_size=3),
)
def test_every_label_is_an_annotation_or_listed(read, fo, drawn, outlines, words):
    made = []
    for kind, rows in (
        (fo.Detection, [{"label": label, "bounding_box": box} for label, box in drawn]),
        (fo.Polyline, [{"label": label, "points": shape, "closed": end} for label, shape, end in outlines]),
        (fo.Classification, [{"label": label} for label in words]),
    ):
        for row in rows:
            with suppress(Exception):  # what FiftyOne itself refuses is in no dataset
                made.append(kind(**row))
    sample = read(**{f"field_{number}": label for number, label in enumerate(made)})
    assert len(sample.regions) + len(sample.labels) + len(sample.rejected) == len(made)


@given(st.lists(st.lists(st.floats(), min_size=2, max_size=2), max_size=4))
def test_every_point_is_an_annotation_or_listed(read, fo, places):
    label = None
    with suppress(Exception):  # what FiftyOne itself refuses is in no dataset
        label = fo.Keypoint(label="a", points=places)
    assume(label is not None)
    sample = read(joints=label)
    assert len(sample.points) + len(sample.rejected) == max(1, len(places))
    assert all(0 <= point.x <= 80 and 0 <= point.y <= 60 for point in sample.points)


def test_values_of_a_mask_keep_their_words_in_any_case():
    mask = np.array([[[255, 0, 16]]], dtype=np.uint8)
    (area,) = values.semantic_areas(mask, {"#FF0010": {"label": "road"}}, (8, 8))
    assert area.word == "road"


def test_a_hole_in_an_outline_stays_a_hole_and_parts_beside_each_other_stay_outlines(read, fo):
    def square(left, top, right, bottom):
        return [
            (left / 80, top / 60),
            (right / 80, top / 60),
            (right / 80, bottom / 60),
            (left / 80, bottom / 60),
        ]

    outer, inner, apart = square(10, 10, 20, 20), square(12, 13, 15, 16), square(30, 30, 32, 32)
    sample = read(
        ring=fo.Polyline(label="ring", points=[outer, inner], closed=True, filled=True),
        parts=fo.Polyline(label="parts", points=[outer, apart], closed=True, filled=True),
    )
    ring, parts = sample.regions
    expected = np.zeros((60, 80), dtype=bool)
    expected[10:20, 10:20] = True
    expected[13:16, 12:15] = False
    assert np.array_equal(masking.region_mask(ring, sample.size, "outline"), expected)
    assert ring.box == Box(10, 10, 20, 20)
    assert parts.mask is None
    assert masking.region_mask(parts, sample.size, "outline").sum() == 100 + 4
