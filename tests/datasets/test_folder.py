"""Annotations in the kit's own format are read whole, or all their faults are named."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import image_labels, phrases, regions, relationships

from retrain_kit import datasets
from retrain_kit.annotations.samples import Box, Flags, ImageLabel, Phrase, Region
from retrain_kit.datasets import folder
from retrain_kit.errors import DataError
from retrain_kit.studies import manifests

PATH = Path("annotations.jsonl")


def parse(*records):
    return folder.parse_annotations([json.dumps(record) for record in records], PATH, {"a"})


def test_a_region_a_phrase_and_a_label_of_the_whole_image():
    annotations = parse(
        {
            "image": "a", "id": "r1", "label": "Bird", "annotator": "drawn", "box": [1, 2, 3, 4],
            "polygons": [[[1, 2], [3, 2], [3, 4]]], "flags": {"occluded": True, "truncated": False},
        },
        {"image": "a", "id": "p1", "phrase": "a bird in the sky", "box": [0, 0, 9, 9]},
        {"image": "a", "id": "l1", "image_label": "Forest", "present": False, "annotator": "drawn"},
    )  # fmt: skip
    assert annotations["a"] == [
        Region(
            "Bird",
            Box(1, 2, 3, 4),
            "r1",
            "drawn",
            (((1, 2), (3, 2), (3, 4)),),
            flags=Flags(occluded=True, truncated=False),
        ),
        Phrase("a bird in the sky", Box(0, 0, 9, 9), "p1", "unknown"),
        ImageLabel("Forest", present=False, annotator="drawn"),
    ]


@given(st.one_of(regions(), phrases, image_labels, relationships))
def test_an_annotation_comes_back_as_it_was_written(annotation):
    line = json.dumps(folder.annotation_record("a", annotation))
    assert folder.parse_annotations([line], PATH, {"a"}) == {"a": [annotation]}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from(
    ["image", "id", "label", "phrase", "image_label", "present", "annotator", "box", "polygons", "flags"]
)


@given(
    st.one_of(
        anything,
        st.dictionaries(keys, anything),
        st.dictionaries(keys, anything).map(lambda d: d | {"image": "a"}),
    )
)
def test_whatever_stands_in_a_line_it_is_an_annotation_or_a_fault_of_the_kit(record):
    with contextlib.suppress(DataError):
        folder.parse_annotations([json.dumps(record)], PATH, {"a"})


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"id": "r1", "label": "Bird", "box": [0, 0, 1, 1]}, "found no 'image'"),
        ({"image": "b", "label": "Bird", "box": [0, 0, 1, 1]}, "the image 'b', which the manifest does not list"),
        ({"image": "a", "box": [0, 0, 1, 1]}, "found no 'label'"),
        ({"image": "a", "label": "Bird"}, "found no 'box'"),
        ({"image": "a", "label": "Bird", "box": [3, 0, 1, 1]}, "expected left <= right"),
        ({"image": "a", "label": "Bird", "box": [float("nan"), 0, 1, 1]}, "expected four finite numbers"),
        ({"image": "a", "label": "Bird", "box": [0, 0, 1]}, "expected an annotation"),
        ({"image": "a", "label": "Bird", "box": [0, 0, 1, 1], "polygons": [[[0, 0], [1, 1]]]}, "fewer than three vertices"),
        ({"image": "a", "label": "Bird", "box": [0, 0, 1, 1], "flags": {"occluded": -1}}, "found -1 where only true"),
        ({"image": "a", "label": "Bird", "box": [0, 0, 1, 1], "flags": {"blurry": True}}, "blurry"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_annotation_is_named_with_what_is_wrong(record, expected):
    with pytest.raises(DataError) as caught:
        parse(record)
    assert str(caught.value).startswith("annotations.jsonl, line 1: ")
    assert expected in str(caught.value)


def test_all_faults_of_a_file_are_reported_together():
    good = '{"image": "a", "id": "r1", "label": "Bird", "box": [0, 0, 1, 1]}'
    with pytest.raises(DataError) as caught:
        folder.parse_annotations([good, "", "{", good, good.replace('"a"', '"b"')], PATH, {"a"})
    assert [fault.where for fault in caught.value.faults] == [
        f"annotations.jsonl, line {n}" for n in (3, 4, 5)
    ]
    assert "the id 'r1' a second time" in caught.value.faults[1].found


def test_a_data_set_the_kit_does_not_read_is_named(tmp_path):
    manifest = manifests.Manifest(
        "mine",
        "t",
        "w",
        "open-photographs",
        "1",
        "l",
        "r",
        tmp_path,
        {},
        manifests.AnnotationProcess(),
        (),
        "",
    )
    with pytest.raises(DataError, match="mine.toml, dataset: found 'open-photographs'"):
        datasets.read(manifest)
