"""Tencent ML-Images is read from its lists: addresses, classes, confidences, and a hierarchy."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_studies import study

from retrain_kit import datasets
from retrain_kit.annotations.samples import ImageLabel
from retrain_kit.datasets import tencent_ml_images
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.studies.sampling import Candidate

# Lines of the data set's own example and dictionary.
PHOTO = "https://c1.staticflickr.com/4/3593/5715926508_bb4fe6d4bc_o.jpg"
SECOND = "https://c3.staticflickr.com/7/6080/6071452334_57111b2799_o.jpg"
URLS = f"{PHOTO}\t1193:1\t865:0.9\t2:1\n{SECOND}\t4767:0.9\t2:0\n"
IMAGENET = "n04310904/n04310904_8388.JPEG\t2367:1\t2:1\nn11753700/n11753700_1897.JPEG\t865:1\n"
DICTIONARY = (
    "category_index\tcategory_id\tindex_of_parent_category\tcategory name\n"
    "0\tn00002452\t-1\tthing\n"
    "2\tn00002684\t-1\tobject, physical object\n"
    "865\tn00003553\t2\twhole, unit\n"
)


@pytest.fixture
def make(tmp_path):
    """Return the function that makes a study of these ids with these lists."""

    def made(ids=(), labels=(), **lists):
        for name, text in lists.items():
            (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
        images = [(name, f"{name}.jpg", (4, 3)) for name in ids]
        return study(
            tmp_path, "tencent-ml-images", images, {name: f"{name}.txt" for name in lists}, labels=labels
        )

    return made


def test_an_image_is_read_with_its_words_numbers_and_confidences(make):
    name = tencent_ml_images.id_of_url(PHOTO)
    (sample,) = datasets.read(make([name], urls=URLS, dictionary=DICTIONARY))
    assert sample.labels == (
        ImageLabel("1193", present=True, annotator="unknown", said={"class": "1193", "confidence": "1"}),
        ImageLabel(
            "whole, unit",
            present=None,
            annotator="unknown",
            said={"class": "865", "confidence": "0.9", "category_id": "n00003553", "parent": "2"},
        ),
        ImageLabel(
            "object, physical object",
            present=True,
            annotator="unknown",
            said={"class": "2", "confidence": "1", "category_id": "n00002684", "parent": "-1"},
        ),
    )
    assert sample.said == {"place": PHOTO, "lines": [1]}
    assert json.loads(json.dumps(sample.said)) == sample.said


def test_an_image_of_imagenet_has_imagenets_id(make):
    (sample,) = tencent_ml_images.read(make(["n11753700_1897"], imagenet_ids=IMAGENET))
    assert [label.label for label in sample.labels] == ["865"]
    assert sample.said == {"place": "n11753700/n11753700_1897.JPEG", "lines": [2]}


def test_the_words_of_all_lines_of_one_address_are_kept(make):
    name = tencent_ml_images.id_of_url(SECOND)
    (sample,) = tencent_ml_images.read(make([name], urls=f"{URLS}{SECOND}\t2:0\t7:1\n"))
    assert [(label.label, label.present) for label in sample.labels] == [
        ("4767", None),
        ("2", False),
        ("7", True),
    ]
    assert sample.said["lines"] == [2, 3]


def test_spaces_may_stand_between_classes_as_in_the_readme(make):
    assert list(tencent_ml_images.ids(make(urls=f"{PHOTO}  3:1  5193:0.9 9416:1\n"))) == [
        tencent_ml_images.id_of_url(PHOTO)
    ]


@pytest.mark.parametrize("word", ["whole, unit", "n00003553", "865"])
def test_images_are_chosen_by_name_wordnet_id_or_number(make, word):
    manifest = make((), [word], urls=URLS, imagenet_ids=IMAGENET, dictionary=DICTIONARY)
    assert list(tencent_ml_images.ids(manifest)) == [tencent_ml_images.id_of_url(PHOTO), "n11753700_1897"]


def test_an_unknown_word_is_named_with_those_near_it(make):
    with pytest.raises(ParameterError, match="'whole'.* Near it: whole, unit"):
        tencent_ml_images.ids(make((), ["whole"], urls=URLS, dictionary=DICTIONARY))


def test_a_candidate_is_fetched_from_its_address_or_has_to_be_brought(make):
    name = tencent_ml_images.id_of_url(PHOTO)
    manifest = make(urls=URLS, imagenet_ids=IMAGENET)
    assert tencent_ml_images.describe(manifest, [name, "n04310904_8388"]) == [
        Candidate(name, f"{name}.jpg", PHOTO, source=PHOTO),
        Candidate(
            "n04310904_8388",
            "n04310904/n04310904_8388.JPEG",
            source="ImageNet, n04310904/n04310904_8388.JPEG",
        ),
    ]


def test_an_address_has_an_id_of_its_own_wherever_it_stands():
    assert (
        tencent_ml_images.id_of_url("https://example.org/a.jpg") == "200b8183e717daaefa21a9aff11fa1841821a592"
    )


@given(st.lists(st.from_regex(r"https://e\.org/[a-z]{1,6}\.png", fullmatch=True), min_size=1, unique=True))
def test_the_ids_do_not_depend_on_the_order_of_the_list(tmp_path_factory, addresses):
    folder = tmp_path_factory.mktemp("lists")
    manifest = study(folder, "tencent-ml-images", files={"urls": "urls.txt"})
    found = []
    for order in (addresses, addresses[::-1]):
        (folder / "urls.txt").write_text("".join(f"{address}\t1:1\n" for address in order))
        found.append(set(tencent_ml_images.ids(manifest)))
    assert found[0] == found[1]
    assert len(found[0]) == len(addresses)


@pytest.mark.parametrize(
    "line",
    ["ftp://a/b.jpg\t1:1", "<html>", "1193:1", "7\t1:1"],
)
def test_wrong_lines_are_named_together(make, line):
    with pytest.raises(DataError) as caught:
        list(tencent_ml_images.ids(make(urls=f"{line}\n{URLS}{line}\n")))
    assert [fault.where.rpartition(", ")[2] for fault in caught.value.faults] == ["line 1", "line 4"]


@pytest.mark.parametrize(
    ("tags", "words", "wrong"),
    [
        ("", [], [""]),
        ("\t1193", [], ["1193"]),
        ("\t1193:high\t2:1", ["object, physical object"], ["1193:high"]),
        ("\t1:1\t:\t2:nan", ["1"], [":", "2:nan"]),
        ("\t0002:1", ["object, physical object"], []),
    ],
)
def test_what_is_no_class_of_an_image_is_listed_and_the_others_are_read(make, tags, words, wrong):
    name = tencent_ml_images.id_of_url(PHOTO)
    (sample,) = datasets.read(make([name], urls=f"{PHOTO}{tags}\n", dictionary=DICTIONARY))
    assert [label.label for label in sample.labels] == words
    assert [(each.image, each.row, each.place) for each in sample.rejected] == [
        (name, tag, "urls.txt, line 1") for tag in wrong
    ]
    assert all(
        each.reason == f"{each.row!r}, no class with a confidence (2367:1)" for each in sample.rejected
    )


def test_a_class_that_is_named_twice_differently_is_a_fault(make):
    again = "02\tn00002684\t-1\tobject, physical object\n"
    name = tencent_ml_images.id_of_url(PHOTO)
    assert len(datasets.read(make([name], urls=URLS, dictionary=DICTIONARY + again))) == 1
    with pytest.raises(
        DataError, match="line 5: found the class 2 as 'object, physical object' and as 'thing'"
    ):
        datasets.read(
            make([name], urls=URLS, dictionary=DICTIONARY + again.replace("object, physical object", "thing"))
        )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_lists_are_read_in_the_encoding_that_their_mark_says(make, tmp_path, encoding):
    name = tencent_ml_images.id_of_url(PHOTO)
    manifest = make([name], urls=URLS, dictionary=DICTIONARY)
    expected = datasets.read(manifest)
    for file in manifest.files.values():
        file.write_bytes(file.read_text().replace("\n", "\r\n").encode(encoding))
    assert datasets.read(manifest) == expected


def test_of_many_wrong_lines_twenty_are_named_and_the_others_counted(make):
    with pytest.raises(DataError) as caught:
        list(tencent_ml_images.ids(make(urls="wrong\n" * 1000)))
    assert len(caught.value.faults) == 21
    assert caught.value.faults[-1].found == "980 more such lines"


def test_a_dictionary_that_is_none_is_named_by_its_lines(make):
    text = DICTIONARY + "3\tn1\t2\nx\tn1\t2\tword\n"
    with pytest.raises(DataError) as caught:
        tencent_ml_images.ids(make(urls=URLS, dictionary=text))
    assert [fault.where.rpartition(", ")[2] for fault in caught.value.faults] == ["line 5", "line 6"]


def test_a_list_that_is_not_there_is_named_with_how_to_obtain_it(make, tmp_path):
    manifest = make(urls=URLS)
    (tmp_path / "urls.txt").unlink()
    with pytest.raises(DataError, match=r"urls.txt: found no list.*Ask its authors"):
        list(tencent_ml_images.ids(manifest))
    with pytest.raises(DataError, match="files: found no list; expected one of urls, imagenet_ids"):
        list(tencent_ml_images.ids(make()))


def test_images_that_no_list_has_are_named(make):
    with pytest.raises(DataError, match="n1_1: found no such image"):
        tencent_ml_images.read(make(["n1_1"], urls=URLS))
