"""Flickr-Faces-HQ keeps the whole trajectory of a face: photograph, author, licence, cut."""

import copy
import gzip
import json

import pytest
from small_studies import study

from retrain_kit import datasets
from retrain_kit.datasets import ffhq
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.studies.sampling import Candidate

# The example of the data set's README; its dots are filled in.
ENTRY = {
    "category": "training",
    "metadata": {
        "photo_url": "https://www.flickr.com/photos/example/1/",
        "photo_title": "DSCF0899.JPG",
        "author": "Jeremy Frumkin",
        "country": "",
        "license": "Attribution-NonCommercial License",
        "license_url": "https://creativecommons.org/licenses/by-nc/2.0/",
        "date_uploaded": "2007-08-16",
        "date_crawled": "2018-10-10",
    },
    "image": {
        "file_url": "https://drive.google.com/uc?id=example",
        "file_path": "images1024x1024/00000/00000.png",
        "file_size": 1488194,
        "file_md5": "ddeaeea6ce59569643715759d537fd1b",
        "pixel_size": [1024, 1024],
        "pixel_md5": "47238b44dfb87644460cbdcc4607e289",
        "face_landmarks": [[131.62, 453.8], [133.55, 512.7]],
    },
    "thumbnail": {"file_path": "thumbnails128x128/00000/00000.png", "pixel_size": [128, 128]},
    "in_the_wild": {
        "file_path": "in-the-wild-images/00000/00000.png",
        "pixel_size": [2016, 1512],
        "face_rect": [667, 410, 1438, 1181],
        "face_landmarks": [[765.94, 738.1]],
        "face_quad": [[410.2, 1281.9], [400.1, 300.0], [1380.4, 290.3], [1390.5, 1270.2]],
    },
}
NOTICE = "A person's face; nothing says that the person was asked."


def entry(index, category="training"):
    made = copy.deepcopy(ENTRY)
    made["category"] = category
    made["image"]["file_path"] = f"images1024x1024/00000/{index:05d}.png"
    return made


@pytest.fixture
def make(tmp_path):
    """Return the function that makes a study of images (id, file, size) with three entries or this text."""

    def made(images=(), text=None, **rule):
        table = {"0": ENTRY, "1": entry(1), "2": entry(2, "validation")}
        (tmp_path / "ffhq-dataset-v2.json").write_text(json.dumps(table) if text is None else text)
        return study(tmp_path, "ffhq", images, {"metadata": "ffhq-dataset-v2.json"}, **rule)

    return made


def test_a_face_is_read_with_all_that_the_metadata_says(make):
    (sample,) = datasets.read(make([("0", "images1024x1024/00000/00000.png", (1024, 1024))]))
    assert sample.said == {**ENTRY, "image_kind": "image"}
    assert sample.said["in_the_wild"]["face_rect"] == [667, 410, 1438, 1181]
    assert json.loads(json.dumps(sample.said)) == sample.said
    assert (sample.notice, sample.labels, sample.regions) == (NOTICE, (), ())


@pytest.mark.parametrize(
    ("file", "size", "kind"),
    [
        ("ffhq/thumbnails128x128/00000/00000.png", (128, 128), "thumbnail"),
        ("in-the-wild-images/00000/00000.png", (2016, 1512), "in_the_wild"),
        ("mine.png", (5, 5), None),
    ],
)
def test_it_is_said_which_of_the_three_images_the_file_is(make, file, size, kind):
    (sample,) = ffhq.read(make([("0", file, size)]))
    assert sample.said.get("image_kind") == kind


def test_a_candidate_has_author_licence_address_and_digest(make):
    assert ffhq.describe(make(), ["0"]) == [
        Candidate(
            "0",
            "images1024x1024/00000/00000.png",
            "https://drive.google.com/uc?id=example",
            licence="Attribution-NonCommercial License, https://creativecommons.org/licenses/by-nc/2.0/",
            author="Jeremy Frumkin",
            source="https://www.flickr.com/photos/example/1/",
            note="MD5 as stated: ddeaeea6ce59569643715759d537fd1b",
            notice=NOTICE,
        )
    ]


def test_what_the_metadata_leaves_empty_is_unknown(make):
    bare = {"5": {"metadata": {"author": ""}, "image": {"file_path": "5.png"}}}
    (candidate,) = ffhq.describe(make(text=json.dumps(bare)), ["5"])
    assert (candidate.author, candidate.licence, candidate.source) == ("unknown", "unknown", "unknown")
    assert (candidate.url, candidate.note) == ("", "")


def test_the_ids_are_the_indexes_of_a_category(make):
    assert list(ffhq.ids(make())) == ["0", "1", "2"]
    assert list(ffhq.ids(make(subset="validation"))) == ["2"]


def test_a_rule_that_names_a_word_or_another_category_is_an_error(make):
    with pytest.raises(ParameterError, match="'smile'.* It has none"):
        ffhq.ids(make(labels=["smile"]))
    with pytest.raises(ParameterError, match="'valid'.* Near it: validation"):
        ffhq.ids(make(subset="valid"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"0": {', "no JSON"),
        ("", "no JSON"),
        ("{}", "found no entries"),
        ("[]", "found no entries"),
        ('{"0": 1, "1": {"metadata": {}, "image": {}}}', "'1'"),
    ],
)
def test_a_file_that_is_no_metadata_is_named(make, text, expected):
    with pytest.raises(DataError, match="ffhq-dataset-v2.json") as caught:
        list(ffhq.ids(make(text=text)))
    assert expected in str(caught.value)


def test_images_that_the_metadata_does_not_list_or_lists_in_another_size_are_named(make):
    images = [("7", "7.png", (1, 1)), ("8", "8.png", (1, 1))]
    with pytest.raises(DataError) as caught:
        ffhq.read(make(images))
    assert sorted(fault.where for fault in caught.value.faults) == ["7", "8"]
    with pytest.raises(DataError, match="1024 × 1023 pixels, in the metadata 1024 × 1024"):
        ffhq.read(make([("0", "images1024x1024/00000/00000.png", (1024, 1023))]))


def test_a_study_without_metadata_is_named(tmp_path):
    with pytest.raises(DataError, match="files: found no metadata"):
        list(ffhq.ids(study(tmp_path, "ffhq")))


@pytest.mark.parametrize("name", ["0", "00000", "0.0"])
def test_an_index_is_a_number(make, name):
    (sample,) = datasets.read(make([(name, "images1024x1024/00000/00000.png", (1024, 1024))]))
    assert (sample.id, sample.said["metadata"]["author"]) == (name, "Jeremy Frumkin")


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("metadata", "license", 7),
        ("metadata", "author", ["Ann"]),
        ("metadata", "photo_url", True),
        ("image", "file_url", {}),
        ("image", "file_path", 3),
    ],
)
def test_what_is_no_text_where_one_is_expected_is_a_fault(make, table, key, value):
    wrong = copy.deepcopy(ENTRY)
    wrong[table][key] = value
    with pytest.raises(DataError, match=r"'0': found .*; expected an entry with metadata"):
        ffhq.describe(make(text=json.dumps({"0": wrong})), ["0"])


@pytest.mark.parametrize("value", [None, 7, "x", [1], {"file_path": 7}, {"pixel_size": "big"}])
def test_whatever_stands_in_the_place_of_another_image_the_face_is_read(make, value):
    table = {"0": {**ENTRY, "thumbnail": value, "in_the_wild": value}}
    images = [("0", "images1024x1024/00000/00000.png", (1024, 1024))]
    (sample,) = datasets.read(make(images, text=json.dumps(table)))
    assert sample.said["image_kind"] == "image"


def test_an_entry_that_comes_twice_differently_is_a_fault(make):
    image = [("0", "images1024x1024/00000/00000.png", (1024, 1024))]
    first = json.dumps(ENTRY)
    assert len(ffhq.read(make(image, text=f'{{"0": {first}, "0": {first}}}'))) == 1
    with pytest.raises(DataError, match="'00': found a second entry, with something else"):
        ffhq.read(make(image, text=f'{{"0": {first}, "00": {json.dumps(entry(1))}}}'))


@pytest.mark.parametrize("deep", [150, 3000, 20_000])
def test_lists_in_lists_are_a_fault(make, deep):
    text = json.dumps({"0": ENTRY}).replace('"country": ""', f'"country": {"[" * deep}{"]" * deep}')
    with pytest.raises(DataError):
        ffhq.read(make([("0", "images1024x1024/00000/00000.png", (1024, 1024))], text=text))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_the_metadata_are_read_in_the_encoding_that_their_mark_says(make, encoding):
    manifest = make([("0", "images1024x1024/00000/00000.png", (1024, 1024))])
    expected = ffhq.read(manifest)
    path = manifest.files["metadata"]
    path.write_bytes(gzip.compress(path.read_text().encode(encoding)))
    assert ffhq.read(manifest) == expected
