"""The zoo's small sample has words alone; a synset is said only where the word has one."""

import json

import pytest

from retrain_kit.annotations.samples import ImageLabel
from retrain_kit.datasets import imagenet_sample
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.studies import manifests, sampling

MAPPING = (
    "n01440764 tench, Tinca tinca\n"
    "n02012849 crane\n"
    "n03126707 crane\n"
    "n03710637 maillot\n"
    "n03710721 maillot, tank suit\n"
)
TENCH = {"n01440764": {"lemmas": ["tench", "Tinca_tinca"], "gloss": "a game fish", "hypernyms": []}}
LABELS = {
    "classes": ["tench", "crane", "maillot", "crane", "heron"],
    "labels": {"000001": 0, "000002": 3, "000003": 2, "000004": 4, "000005": 1, "000006": None},
}


def study(folder, labels=LABELS, images=(), rule=None, **tables):
    """Return a study of the sample: its file of labels and these tables."""
    (folder / "labels.json").write_text(labels if isinstance(labels, str) else json.dumps(labels))
    files = {"labels": folder / "labels.json"}
    for name, text in ({"synsets": MAPPING} | tables).items():
        files[name] = folder / ("nouns.json" if name == "wordnet" else f"{name}.txt")
        files[name].write_text(text)
    rows = tuple(
        manifests.ImageRow(name, f"data/{name}.jpg", "0" * 64, 500, 375, "unknown", "unknown", "unknown")
        for name in images
    )
    return manifests.Manifest(
        "small",
        "t",
        "w",
        "imagenet-sample",
        "1",
        "l",
        "r",
        folder,
        files,
        manifests.AnnotationProcess(),
        rows,
        "",
        draw=rule,
    )


def labels(folder, *images, **files):
    return [sample.labels for sample in imagenet_sample.read(study(folder, images=images, **files))]


def test_a_word_with_one_synset_is_read_field_by_field(tmp_path):
    assert labels(tmp_path, "000001", wordnet=json.dumps(TENCH)) == [
        (
            ImageLabel(
                "tench",
                present=True,
                annotator="unknown",
                said={
                    "label": 0,
                    "class": "tench",
                    "synset": "n01440764",
                    "gloss": "a game fish",
                    "paths": [["n01440764"]],
                },
            ),
        )
    ]


def test_a_word_of_two_synsets_keeps_both_and_says_neither(tmp_path):
    (crane,), (maillot,) = labels(tmp_path, "000002", "000003")
    assert crane == ImageLabel(
        "crane", present=True, said={"label": 3, "class": "crane", "synsets": ["n02012849", "n03126707"]}
    )
    assert maillot.said["synsets"] == ["n03710637", "n03710721"]


def test_a_word_that_the_mapping_lacks_and_an_image_without_word_stay_so(tmp_path):
    (heron,), nothing = labels(tmp_path, "000004", "000006")
    assert heron == ImageLabel("heron", present=True, said={"label": 4, "class": "heron"})
    assert nothing == ()


def test_lists_texts_and_attributes_of_the_same_layout_are_kept(tmp_path):
    rows = {"a": [{"label": 0, "confidence": 0.5, "attributes": {"blurred": True}}, "heron"]}
    tench, heron = labels(tmp_path, "a", labels={"classes": ["tench"], "labels": rows})[0]
    assert tench.said == {
        "label": 0,
        "confidence": 0.5,
        "attributes": {"blurred": True},
        "class": "tench",
        "synset": "n01440764",
    }
    assert heron == ImageLabel("heron", present=True, said={"label": "heron", "class": "heron"})


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ((), ["000001", "000002", "000003", "000004", "000005", "000006"]),
        (("crane",), ["000002", "000005"]),
        (("n01440764", "heron"), ["000001", "000004"]),
    ],
)
def test_ids_follow_words_and_the_synsets_that_are_sure(tmp_path, wanted, expected):
    assert imagenet_sample.ids(study(tmp_path, rule=sampling.Rule(1, 1, wanted))) == expected


def test_a_synset_that_is_not_sure_and_an_unknown_word_are_refused(tmp_path):
    with pytest.raises(ParameterError) as error:
        imagenet_sample.ids(study(tmp_path, rule=sampling.Rule(1, 1, ("n02012849", "tensh"))))
    assert [fault.found for fault in error.value.faults] == ["'n02012849'", "'tensh'"]
    assert "tench" in error.value.faults[1].do


def test_images_are_found_beside_the_labels(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "000001.jpg").write_bytes(b"")
    manifest = study(tmp_path)
    assert imagenet_sample.describe(manifest, ["000001"]) == [sampling.Candidate("000001", "data/000001.jpg")]
    with pytest.raises(DataError, match="data: found no image 000002; expected all of the sample"):
        imagenet_sample.describe(manifest, ["000001", "000002"])


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (5, "label: 5, no place in classes, from 0 to 1"),
        (-1, "label: -1, no place in classes, from 0 to 1"),
        (True, "label: true, no place in classes, from 0 to 1"),
        (0.5, "label: 0.5, no place in classes, from 0 to 1"),
        ({}, "label: null, no place in classes, from 0 to 1"),
        ([[0]], "label: [0], no place in classes, from 0 to 1"),
        ("", 'label: "", no word'),
        (1, "classes, 1: null, no word"),
    ],
)
def test_what_is_no_word_and_no_place_in_the_list_is_listed(tmp_path, target, reason):
    rows = {"a": target, "b": 0, "c": 0.0}
    manifest = study(tmp_path, {"classes": ["tench", None], "labels": rows}, images=["a", "b", "c"])
    odd, *whole = imagenet_sample.read(manifest)
    assert odd.labels == ()
    assert [(each.image, each.place, each.reason) for each in odd.rejected] == [
        ("a", "labels.json, a", reason)
    ]
    assert [label.label for sample in whole for label in sample.labels] == ["tench", "tench"]


def test_rows_without_an_image_match_none_where_images_lie(tmp_path):
    manifest = study(tmp_path, {"classes": ["tench"], "labels": {"a": 0, "b": 0, "d/e": 0}}, images=["a"])
    unmatched = []
    imagenet_sample.read(manifest, unmatched)
    assert unmatched == []
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "b.jpg").write_bytes(b"")
    imagenet_sample.read(manifest, unmatched)
    assert [(each.image, each.place) for each in unmatched] == [("d/e", "labels.json, d/e")]


def test_an_image_that_is_listed_twice_is_a_fault(tmp_path):
    with pytest.raises(DataError, match=r'labels.json: found no labels \("a" a second time\)'):
        imagenet_sample.read(study(tmp_path, '{"classes": ["x", "y"], "labels": {"a": 0, "a": 1}}'))


def test_a_file_that_is_none_and_an_image_that_it_lacks_are_faults(tmp_path):
    with pytest.raises(DataError, match="labels.json: found no labels"):
        imagenet_sample.read(study(tmp_path, "{"))
    with pytest.raises(DataError, match="no classes or no labels"):
        imagenet_sample.read(study(tmp_path, {"classes": {}, "labels": []}))
    with pytest.raises(DataError, match="labels: found no image 9; expected all images of the manifest"):
        imagenet_sample.read(study(tmp_path, images=["9"]))
