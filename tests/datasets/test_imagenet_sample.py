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


def test_every_fault_of_the_labels_is_named(tmp_path):
    rows = {"a": 5, "b": -1, "c": True, "d/e": 0, "f": {}}
    with pytest.raises(DataError) as error:
        imagenet_sample.read(study(tmp_path, {"classes": ["tench"], "labels": rows}))
    where = [fault.where.removeprefix(f"{tmp_path}/labels.json, ") for fault in error.value.faults]
    assert where == ["labels, a", "labels, b", "labels, c", "labels", "labels, f"]


def test_a_file_that_is_none_and_an_image_that_it_lacks_are_faults(tmp_path):
    with pytest.raises(DataError, match="labels.json: found no labels"):
        imagenet_sample.read(study(tmp_path, "{"))
    with pytest.raises(DataError, match="no classes or no labels"):
        imagenet_sample.read(study(tmp_path, {"classes": {}, "labels": []}))
    with pytest.raises(DataError, match="labels: found no image 9; expected all images of the manifest"):
        imagenet_sample.read(study(tmp_path, images=["9"]))
