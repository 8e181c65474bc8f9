"""Annotations in the kit's own format are read, or listed with their lines, or the file is a fault."""

import gzip
import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from cases import copy_case
from hypothesis import given
from hypothesis import strategies as st
from small_studies import study
from strategies import image_labels, phrases, regions, relationships
from trying import examples

from retrain_kit import datasets
from retrain_kit.annotations.samples import Box, Flags, ImageLabel, Phrase, Region, RejectedAnnotation
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
damages = st.one_of(
    st.sampled_from([None, True, "", "a", "\ud800", 0, -1, 1e300, 10**30, 10**400, [], {}, [[]], [None]]),
    st.sampled_from([float("nan"), float("inf"), [1, 2, 3, 4], [[[1, 2], [3, 4], [5, 6]]]]),
    anything,
)
OF_ALL_KINDS = [
    {
        "image": "a", "id": "r1", "label": "Bird", "annotator": "drawn", "box": [1, 2, 3, 4],
        "polygons": [[[1, 2], [3, 2], [3, 4]]], "flags": {"occluded": True},
        "clicks": [[1, 2, None]], "said": {"score": 1},
    },
    {"image": "a", "id": "p1", "phrase": "a bird in the sky", "box": [0, 0, 9, 9]},
    {"image": "a", "id": "l1", "image_label": "Forest", "present": False},
    {"image": "a", "id": "q1", "subject": "r1", "predicate": "on", "object": "r2"},
    {"image": "b", "label": "Bird", "box": [1, 2, 3, 4]},
]  # fmt: skip
keys = st.sampled_from(sorted({key for record in OF_ALL_KINDS for key in record} | {"more"}))


@examples(300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), keys, damages | st.just("gone")), max_size=3))
def test_of_damaged_lines_every_one_is_an_annotation_or_listed_or_the_file_is_a_fault(wounds):
    records = [dict(record) for record in OF_ALL_KINDS]
    for line, key, damage in wounds:
        records[line] = {**records[line], key: damage}
        if damage == "gone":
            del records[line][key]
    unmatched = []
    try:
        found = folder.parse_annotations(map(json.dumps, records), PATH, {"a", "b"}, unmatched)
    except DataError as error:
        assert "no annotation of an image that the manifest lists" in str(error)  # noqa: PT017 - it may be
        return
    assert sum(map(len, found.values())) + len(unmatched) == len(records)
    for line in itertools.chain(*found.values()):
        if not isinstance(line, RejectedAnnotation):
            again = json.dumps(folder.annotation_record("a", line))
            assert folder.parse_annotations([again], PATH, {"a"}) == {"a": [line]}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"box": [0, 0, 1, 1]}, "no 'label', and no 'phrase', 'image_label', 'predicate'"),
        ({"label": "Bird"}, "no 'box'"),
        ({"label": "Bird", "box": [3, 0, 1, 1]}, "box: (3.0, 0.0, 1.0, 1.0), not left <= right and top <= bottom"),
        ({"label": "Bird", "box": [float("nan"), 0, 1, 1]}, "box: [NaN, 0, 1, 1], not finite numbers alone"),
        ({"label": "Bird", "box": ["0", "0", "1", "1"]}, 'box: ["0", "0", "1", "1"], not finite numbers alone'),
        ({"label": "Bird", "box": [True, 0, 1, 1]}, "box: [true, 0, 1, 1], not finite numbers alone"),
        ({"label": "Bird", "box": [0, 0, 1]}, "box: [0, 0, 1], not four edges"),
        ({"label": "Bird", "box": [0, 0, 1, 1], "polygons": [[[0, 0], [1, 1]]]}, "a polygon of fewer than three vertices"),
        ({"label": "Bird", "box": [0, 0, 1, 1], "polygons": [[[0, 0], [1, float("nan")], [1, 1]]]}, "polygons: [0, 0, 1, NaN, 1, 1], not finite numbers alone"),
        ({"label": "Bird", "polygons": [[[0, 0], [1, float("inf")], [1, 1]]]}, "polygons: [0, 0, 1, Infinity, 1, 1], not finite numbers alone"),
        ({"label": "Bird", "polygons": [[0, 0, 1, 1, 2, 2]]}, "polygons: [0, 0, 1, 1, 2, 2], not pairs of x and y"),
        ({"label": "Bird", "polygons": [[[0, 0], [1, 0, 1], [1, 1]]]}, "polygons: [[0, 0], [1, 0, 1], [1, 1]], not pairs of x and y"),
        ({"label": "Bird", "polygons": {"a": 1}}, 'polygons: {"a": 1}, no list of polygons'),
        ({"label": "Bird", "box": [0, 0, 1, 1], "flags": {"occluded": -1}}, "occluded: -1 where only true, false and null (not said) can stand"),
        ({"label": "Bird", "box": [0, 0, 1, 1], "flags": {"blurry": True}}, 'flags: {"blurry": true}, not occluded, truncated, group_of, depiction, inside'),
        ({"label": "Bird", "box": [0, 0, 1, 1], "clicks": [[1, 2]]}, "clicks: [[1, 2]], no list of x, y, yes or no"),
        ({"label": "Bird", "box": [0, 0, 1, 1], "said": ["x"]}, 'said: ["x"], no table'),
        ({"label": 7, "box": [0, 0, 1, 1]}, "label: 7, no text"),
        ({"label": ["Bird"], "box": [0, 0, 1, 1]}, 'label: ["Bird"], no text'),
        ({"label": True, "box": [0, 0, 1, 1]}, "label: true, no text"),
        ({"label": "\ud800", "box": [0, 0, 1, 1]}, "label: '\\ud800', no text that can be written"),
        ({"label": "Bird", "phrase": "a bird", "box": [0, 0, 1, 1]}, "label and phrase in one annotation"),
        ({"phrase": {"en": "a bird"}, "box": [0, 0, 1, 1]}, 'phrase: {"en": "a bird"}, no text'),
        ({"image_label": 3}, "image_label: 3, no text"),
        ({"image_label": "Forest", "present": 1}, "present: 1 where only true, false and null (not said) can stand"),
        ({"image_label": "Forest", "annotator": 5}, "annotator: 5, no text"),
        ({"subject": "r1", "predicate": "on", "object": None}, "object: null, no id"),
        ({"subject": ["r1"], "predicate": "on", "object": "r2"}, 'subject: ["r1"], no id'),
        ({"label": "Bird", "box": [0, 0, 1, 1], "id": True}, "id: true, no id"),
        ({"label": "Bird", "box": [0, 0, 1, 1], "id": ["r1"]}, 'id: ["r1"], no id'),
    ],
)  # fmt: skip
def test_a_line_that_is_no_annotation_is_listed_with_what_is_wrong_and_the_others_are_read(record, reason):
    good = {"image": "a", "id": "r9", "label": "Tree", "box": [0, 0, 1, 1]}
    rejected, tree = parse({"image": "a", **record}, good)["a"]
    assert (rejected.image, rejected.place, rejected.kept) == ("a", "annotations.jsonl, line 1", "")
    assert rejected.reason == reason
    assert json.dumps(rejected.row).replace("\\\\u", "\\u") == json.dumps({"image": "a", **record})
    assert tree == Region("Tree", Box(0, 0, 1, 1), "r9")


def test_null_says_nothing(tmp_path):
    record = {"image": "a", "label": "Bird", "box": [0, 0, 1, 1]}
    more = dict.fromkeys(("id", "annotator", "polygons", "flags", "clicks", "said", "phrase", "present"))
    assert parse(record | more, record | more) == parse(record, record)
    assert parse(record) == {"a": [Region("Bird", Box(0, 0, 1, 1))]}


def test_an_outline_without_a_box_gives_its_extent():
    outline = [[[1, 2], [5, 2], [5, 4.5]]]
    (region,) = parse({"image": "a", "label": "Bird", "polygons": outline})["a"]
    assert (region.box, region.polygons) == (Box(1, 2, 5, 4.5), (((1, 2), (5, 2), (5, 4.5)),))


def test_what_stands_under_other_keys_is_kept_as_said():
    (region,) = parse({"image": "a", "label": "Bird", "box": [0, 0, 1, 1], "score": 0.5, "said": {"n": 1}})[
        "a"
    ]
    assert region.said == {"score": 0.5, "n": 1}
    (phrase,) = parse({"image": "a", "phrase": "a bird", "box": [0, 0, 1, 1], "said": {"n": 1}})["a"]
    assert phrase.said == {"n": 1}


def test_an_image_is_named_to_the_letter_or_by_a_number():
    record = {"label": "Bird", "box": [0, 0, 1, 1]}
    unmatched = []
    found = folder.parse_annotations(
        [json.dumps({"image": name, **record}) for name in (7, 7.0, "7", "07", True, None, [7], "a", 8)],
        PATH,
        {"7", "a"},
        unmatched,
    )
    assert {name: len(lines) for name, lines in found.items()} == {"7": 3, "a": 1}
    assert [(each.image, each.place[-6:], each.reason) for each in unmatched] == [
        ("07", "line 4", 'image: "07", which the manifest does not list'),
        ("", "line 5", "image: true, which the manifest does not list"),
        ("", "line 6", "image: null, which the manifest does not list"),
        ("", "line 7", "image: [7], which the manifest does not list"),
        ("8", "line 9", "image: 8, which the manifest does not list"),
    ]


def test_a_file_of_which_no_line_names_an_image_is_a_fault():
    with pytest.raises(
        DataError, match='found no annotation of an image that the manifest lists, but of "b";'
    ):
        parse({"image": "b", "label": "Bird", "box": [0, 0, 1, 1]})
    assert parse() == {}


def test_all_faults_of_a_file_are_reported_together():
    good = '{"image": "a", "id": "r1", "label": "Bird", "box": [0, 0, 1, 1]}'
    deep = '{"image": "a", "said": ' + "[" * 3000 + "]" * 3000 + "}"
    less = '{"image": "a", "said": ' + "[" * 300 + "]" * 300 + "}"
    with pytest.raises(DataError) as caught:
        folder.parse_annotations([good, "", "{", "[]", deep, "7", less, good], PATH, {"a"})
    assert [fault.where for fault in caught.value.faults] == [
        f"annotations.jsonl, line {n}" for n in (3, 4, 5, 6, 7)
    ]


def test_an_id_that_comes_a_second_time_is_listed_with_its_line():
    good = {"image": "a", "id": "7", "label": "Bird", "box": [0, 0, 1, 1]}
    first, again, number = parse(good, good, good | {"id": 7.0})["a"]
    assert first == Region("Bird", Box(0, 0, 1, 1), "7")
    assert [(each.id, each.reason, each.place[-6:]) for each in (again, number)] == [
        ("7", 'the id "7" a second time', "line 2"),
        ("7", 'the id "7" a second time', "line 3"),
    ]


def test_the_case_of_annotations_whose_id_is_null(tmp_path):
    first, second = datasets.read(manifests.load(str(copy_case("files/06-id-null", tmp_path) / "mine.toml")))
    assert [(region.label, region.id, region.box) for region in first.regions] == [
        ("x", "", Box(1, 1, 9, 9)),
        ("y", "", Box(1, 1, 9, 9)),
    ]
    assert (first.rejected, second.regions) == ((), ())


def test_the_case_of_an_outline_that_is_no_number(tmp_path):
    (sample,) = datasets.read(manifests.load(str(copy_case("attack/polygon-pnan", tmp_path) / "s.toml")))
    assert sample.regions == ()
    (rejected,) = sample.rejected
    assert (rejected.id, rejected.label, rejected.place) == ("r1", "Bird", "annotations.jsonl, line 1")
    assert rejected.reason == "polygons: [0, 0, NaN, 0, 0, 5], not finite numbers alone"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\n\n \n"])
def test_a_file_is_read_in_the_encoding_that_its_mark_says(tmp_path, encoding, packed, ends):
    record = {"image": "a", "label": "Vélo 🚲", "box": [0, 0, 1, 1]}
    text = "".join(json.dumps(record, ensure_ascii=False) + ends for _ in range(3))
    path = tmp_path / "annotations.jsonl"
    path.write_bytes(gzip.compress(text.encode(encoding)) if packed else text.encode(encoding))
    manifest = study(tmp_path, "folder", [("a", "a.jpg", (9, 9))], {"annotations": path.name})
    for read in (datasets.read, datasets.stream):
        (sample,) = read(manifest)
        assert [region.label for region in sample.regions] == ["Vélo 🚲"] * 3


@pytest.mark.parametrize(
    "data",
    [gzip.compress(b'{"image": "a"}', mtime=0)[:-6], "{}".encode("utf-16") + b"x", b"\xff\xfe\x00\xd8\n\x00"],
)
def test_a_file_that_is_not_whole_is_a_fault(tmp_path, data):
    (tmp_path / "annotations.jsonl").write_bytes(data)
    manifest = study(tmp_path, "folder", [("a", "a.jpg", (9, 9))], {"annotations": "annotations.jsonl"})
    for read in (datasets.read, datasets.stream):
        with pytest.raises(DataError, match=r"annotations\.jsonl: found no annotations \("):
            list(read(manifest))


def test_a_part_of_a_study_knows_the_images_of_the_whole(tmp_path):
    lines = [{"image": name, "label": "Bird", "box": [0, 0, 1, 1]} for name in ("a", "b", "c")]
    (tmp_path / "annotations.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    images = [(name, f"{name}.jpg", (9, 9)) for name in ("a", "b")]
    whole = study(tmp_path, "folder", images, {"annotations": "annotations.jsonl"})
    for read in (folder.read, folder.stream):
        unmatched = []
        (sample,) = read(replace(whole, images=whole.images[:1], part_of=whole), unmatched)
        assert (sample.id, [each.image for each in unmatched]) == ("a", ["c"])


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
