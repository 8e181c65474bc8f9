"""ReaL and ImageNet-X in the form of their own files; rows typed by hand in it, faults said one by one."""

import json
from pathlib import Path

import pytest
from places import SHARED

from retrain_kit.annotations.samples import Sample
from retrain_kit.annotations.second_labels import AnnotatorSentence, SecondLabels, imagenet_name
from retrain_kit.datasets.second_labels import (
    FACTORS,
    read_classes,
    read_imagenet_x,
    read_real,
    read_second_labels,
)
from retrain_kit.errors import DataError, ParameterError

IDS = tuple(f"n{number:08}" for number in range(1000))
ROW = (
    '{"file_name":"ILSVRC2012_val_00000002.JPEG","class":795,"multiple_objects":0,"background":1,"color":0,'
    '"brighter":0,"darker":0,"style":0,"larger":1,"smaller":0,"object_blocking":0,"person_blocking":0,'
    '"partial_view":0,"pattern":0,"pose":0,"shape":0,"subcategory":0,"texture":0,'
    '"justification":"two skis on a slope. ","one_word":"slope"}'
)
SILENT = (
    ROW.replace("00000002", "00000003").replace('"two skis on a slope. "', "null").replace('"slope"', "null")
)


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a text into a file and returns its path."""

    def written(text, name="file"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def real(*rows):
    """Return the text of a file of ReaL that begins with these entries; nothing fits the other images."""
    return json.dumps([*rows, *[[]] * (50_000 - len(rows))])


def faults(read, *given):
    with pytest.raises((DataError, ParameterError)) as raised:
        read(*given)
    return [f"{each.where.rpartition('/')[2]}: {each.found}" for each in raised.value.faults]


def test_a_number_of_real_is_a_synset_and_a_place_in_the_list_an_image(write):
    found = read_real(write(real([], [970, 795], [0, 999, 0])), IDS)
    assert found["ILSVRC2012_val_00000001"] == ()
    assert found["ILSVRC2012_val_00000002"] == ("n00000970", "n00000795")
    assert found["ILSVRC2012_val_00000003"] == ("n00000000", "n00000999")
    assert len(found) == 50_000


def test_what_is_no_file_of_real_is_said(write):
    assert faults(read_real, write("[[1], [2"), IDS)[0].startswith("file: no JSON (")
    assert faults(read_real, write("[[1], [2]]"), IDS) == ["file: a list of 2"]
    assert faults(read_real, write('{"a": 1}'), IDS) == ['file: {"a": 1}']
    assert faults(read_real, write(real([1000], [3], [-1], 7, [True], ["4"])), IDS) == [
        "file, entry 1: [1000]",
        "file, entry 3: [-1]",
        "file, entry 4: 7",
        "file, entry 5: [true]",
        'file, entry 6: ["4"]',
    ]


def test_of_a_file_of_another_kind_the_first_faults_are_said_and_how_many_more(write):
    found = faults(read_real, write(json.dumps(["a"] * 50_000)), IDS)
    assert found == [*(f'file, entry {number}: "a"' for number in range(1, 11)), "file: 49,990 more such"]


def test_a_sentence_stands_with_what_was_marked_and_may_be_missing(write):
    assert read_imagenet_x(write(f"{ROW}\n{SILENT}\n")) == {
        "ILSVRC2012_val_00000002": AnnotatorSentence(
            "two skis on a slope.", "slope", ("background", "larger")
        ),
        "ILSVRC2012_val_00000003": AnnotatorSentence("", "", ("background", "larger")),
    }
    assert len(FACTORS) == 16


def test_every_line_that_is_none_of_imagenet_x_is_said_with_its_number(write):
    lines = [
        ROW,
        ROW[:50],
        "",
        "7",
        ROW,
        ROW.replace('"pose":0', '"pose":2'),
        ROW.replace("file_name", "file"),
    ]
    found = faults(read_imagenet_x, write("\n".join(lines)))
    assert found[0].startswith('file, line 2: no JSON: "{\\"file_name')
    assert found[1:] == [
        "file, line 4: 7",
        "file, line 5: the image ILSVRC2012_val_00000002 a second time",
        "file, line 6: pose: 2, neither 0 nor 1",
        "file, line 7: file_name: null, no word",
    ]


def test_the_classes_are_a_thousand_in_the_order_of_their_ids(write):
    assert read_classes(write("".join(f"{each} word, words\n" for each in IDS))) == IDS
    assert read_classes(write("".join(f"{each},word\n" for each in IDS))) == IDS
    assert faults(read_classes, write(f"{IDS[0]} a\n{IDS[1]} b\n")) == ["file: 2 in this order"]
    assert faults(read_classes, write("\n".join(IDS[::-1]))) == ["file: 1,000 in another order"]
    assert faults(read_classes, write("tench\n")) == ["file, line 1: 'tench'"]


def test_the_thousand_of_the_challenge_are_read_as_they_are_distributed():
    path = SHARED / "testdata" / "imagenet" / "LOC_synset_mapping.txt"
    if not path.is_file():
        pytest.skip("the list of the synsets lies in ../shared, which is not here")
    ids = read_classes(path)
    assert (ids[0], ids[795], ids[999]) == ("n01440764", "n04228054", "n15075141")


@pytest.mark.parametrize(
    ("id", "file", "name"),
    [
        ("ILSVRC2012_val_00000293", "a.JPEG", "ILSVRC2012_val_00000293"),
        ("1", "val/ILSVRC2012_val_00000293_n02012849.JPEG", "ILSVRC2012_val_00000293"),
        ("n01440764/n01440764_10026", "a.JPEG", "n01440764_10026"),
        ("n01498041_stingray", "n01498041_stingray.JPEG", ""),
        ("cat", "cat.jpg", ""),
    ],
)
def test_an_image_is_known_by_its_id_or_its_file(id, file, name):  # noqa: A002 - the sample's own
    assert imagenet_name(Sample(id, Path(file), 4, 4)) == name


def test_what_is_read_is_what_is_given_and_its_licence_goes_with_it(write):
    classes = write("\n".join(IDS), "classes")
    both = read_second_labels(write(real([3]), "real"), classes, write(ROW, "x"))
    image = Sample("ILSVRC2012_val_00000001", Path("a"), 4, 4)
    assert both.labels_of(image) == ("n00000003",)
    assert both.sentence_of(image) is None
    assert [*both.licences] == ["ReaL", "ImageNet-X"]
    assert "BSD 3-Clause" in both.licences["ImageNet-X"]
    assert "CC BY-NC 4.0" in both.licences["ImageNet-X"]
    assert [*read_second_labels(None, None, write(ROW, "x")).licences] == ["ImageNet-X"]
    assert read_second_labels(None, None, None) == SecondLabels()
    assert faults(read_second_labels, write(real(), "real"), None, None) == ["classes: no file"]
