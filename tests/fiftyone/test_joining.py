"""What the kit reads stands beside what FiftyOne's own loader brought, image by image."""

import hashlib
from dataclasses import replace

import pytest
from PIL import Image

from retrain_kit import fiftyone
from retrain_kit.annotations.samples import UNKNOWN, Box, Click, Flags
from retrain_kit.datasets import open_images
from retrain_kit.errors import DataError
from retrain_kit.studies import manifests

IDS = ("000002b66c9c498e", "000002b66c9c498f")
BOXES = """\
ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside,XClick1X,XClick2X,XClick3X,XClick4X,XClick1Y,XClick2Y,XClick3Y,XClick4Y
000002b66c9c498e,xclick,/m/01g317,1,0.0125,0.25,0.125,0.5,0,1,-1,0,0,0.125,0.0125,0.0625,0.25,0.125,0.375,0.5,0.25
000002b66c9c498f,activemil,/m/01g317,1,0,1,0,1,-1,-1,-1,-1,-1,-1,-1,-1,-1,-1,-1,-1,-1
"""
LABELS = """\
ImageID,Source,LabelName,Confidence
000002b66c9c498e,verification,/m/01g317,0
"""


@pytest.fixture(scope="module", autouse=True)
def _database(kit_database):
    """These tests need FiftyOne's real database."""


@pytest.fixture
def open_images_folder(tmp_path):
    """Two images and their tables, as FiftyOne's zoo lays Open Images out."""
    contents = {
        "labels/detections.csv": BOXES,
        "labels/classifications.csv": LABELS,
        "metadata/classes.csv": "/m/01g317,Person\n",
        "metadata/attributes.csv": "",
        "metadata/hierarchy.json": '{"LabelName": "/m/0bl9f"}',
    }
    for name, content in contents.items():
        path = tmp_path / "train" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (tmp_path / "train" / "data").mkdir()
    for name in IDS:
        Image.new("RGB", (80, 80), "navy").save(tmp_path / "train" / "data" / f"{name}.jpg")
    return tmp_path / "train"


@pytest.fixture
def theirs(open_images_folder):
    """What FiftyOne's own importer makes of it."""
    return fiftyone.fo.Dataset.from_dir(
        dataset_dir=str(open_images_folder),
        dataset_type=fiftyone.fo.types.OpenImagesV7Dataset,
        label_types=["detections", "classifications"],
    )


@pytest.fixture
def ours(open_images_folder):
    """What the kit's reader makes of it."""
    rows = []
    for name in IDS:
        path = open_images_folder / "data" / f"{name}.jpg"
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        rows.append(manifests.ImageRow(name, f"data/{name}.jpg", digest, 80, 80, "CC-BY-2.0", "Ann", "s"))
    files = {
        "boxes": open_images_folder / "labels" / "detections.csv",
        "image_labels": open_images_folder / "labels" / "classifications.csv",
        "classes": open_images_folder / "metadata" / "classes.csv",
    }
    texts = ("few", "t", "w", "open-images", "7", "l", "r")
    annotation = manifests.AnnotationProcess()
    return open_images.read(
        manifests.Manifest(*texts, open_images_folder, files, annotation, tuple(rows), "")
    )


def test_a_dataset_of_fiftyones_zoo_is_read_with_what_its_loader_left(theirs):
    first, second = fiftyone.samples(theirs, "filepath")
    (region,) = first.regions
    assert (first.id, second.id) == IDS
    assert (region.label, region.annotator, region.box) == ("Person", UNKNOWN, Box(1, 10, 20, 40))
    assert region.said["IsGroupOf"] is True  # the source says: unknown
    assert first.labels[0].present is False
    assert first.labels[0].said == {"field": "negative_labels", "confidence": 0.0}


def test_joined_the_annotators_the_unknown_flags_and_the_clicks_are_back(theirs, ours):
    joined = fiftyone.join_samples(theirs, ours)
    assert (joined.both, joined.only_dataset, joined.only_samples) == (IDS, (), ())
    back = fiftyone.samples(theirs)
    assert back == ours
    (region,) = back[0].regions
    assert (region.annotator, back[1].regions[0].annotator) == ("xclick", "activemil")
    assert region.flags == Flags(occluded=False, truncated=True, group_of=None, depiction=False, inside=False)
    assert region.clicks == (Click(10, 10), Click(1, 30), Click(5, 40), Click(20, 20))
    assert [(label.label, label.present, label.annotator) for label in back[0].labels] == [
        ("Person", False, "verification")
    ]
    assert back[0].provenance.author == "Ann"
    assert len(theirs.first().detections.detections) == 1  # FiftyOne's own stay beside


def test_images_in_one_of_the_two_alone_are_named_and_read_as_before(theirs, ours):
    joined = fiftyone.join_samples(theirs, [ours[0], replace(ours[1], id="ffff")])
    assert (joined.both, joined.only_dataset, joined.only_samples) == (IDS[:1], IDS[1:], ("ffff",))
    first, second = fiftyone.samples(theirs, "filepath")
    assert first == ours[0]
    assert (second.id, second.regions[0].annotator, second.regions[0].said["field"]) == (
        IDS[1],
        UNKNOWN,
        "detections",
    )


def test_ids_may_stand_in_a_field(theirs, ours):
    theirs.set_values("number", [8, 7])
    joined = fiftyone.join_samples(theirs, [replace(ours[0], id="7"), replace(ours[1], id="8")], "number")
    assert joined.both == ("8", "7")
    assert [sample.id for sample in fiftyone.samples(theirs)] == ["8", "7"]


def test_a_dataset_is_joined_twice_without_harm(theirs, ours):
    fiftyone.join_samples(theirs, ours[:1])
    fiftyone.join_samples(theirs, ours)
    assert fiftyone.samples(theirs) == ours


def test_a_dataset_with_fields_of_the_same_names_is_refused_with_all_of_them(theirs, ours):
    theirs.set_values("author", ["A", "B"])
    theirs.set_values("regions", [1, 2])
    with pytest.raises(DataError) as caught:
        fiftyone.join_samples(theirs, ours)
    assert [fault.found for fault in caught.value.faults] == [
        "a field author of its own",
        "a field regions of its own",
    ]
    assert not theirs.has_field("annotator")
    assert fiftyone.samples(theirs)[0].said["author"] == "A"


def test_an_id_that_is_not_there_or_twice_is_named(theirs, ours):
    with pytest.raises(DataError, match="found no field flickr_id"):
        fiftyone.join_samples(theirs, ours, "flickr_id")
    theirs.set_values("number", [1, 1])
    with pytest.raises(DataError, match="number: found '1' twice; expected every id once"):
        fiftyone.join_samples(theirs, ours, "number")
