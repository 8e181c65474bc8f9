"""What a study says comes back out of FiftyOne's database, field by field."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from strategies import (
    annotators,
    boxes,
    image_labels,
    phrases,
    quarters,
    regions,
    relationships,
    said,
    sizes,
    words,
)
from strategies import yes_no_unknown as answers

from retrain_kit import fiftyone
from retrain_kit.annotations.samples import (
    Box,
    Click,
    Flags,
    ImageLabel,
    Phrase,
    PointLabel,
    Provenance,
    Region,
    RejectedAnnotation,
    Relationship,
    Sample,
    Votes,
)
from retrain_kit.datasets import folder
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.studies import manifests


@pytest.fixture(scope="module", autouse=True)
def _database(kit_database):
    """These tests need FiftyOne's real database."""


@pytest.fixture(scope="module")
def manifest():
    return manifests.load("embedded-sample")


@pytest.fixture
def fo():
    return fiftyone.fo


@pytest.fixture
def image(tmp_path):
    """An image of 80 by 60 pixels."""
    path = tmp_path / "one.png"
    Image.new("RGB", (80, 60), "navy").save(path)
    return path


@pytest.fixture
def read(fo, image):
    """Return the function that reads a dataset of one image with these fields."""

    def make(**content):
        dataset = fo.Dataset()
        targets = content.pop("mask_targets", None)
        document = fo.Sample(filepath=str(image), **content)
        dataset.add_sample(document)
        dataset.mask_targets = targets or {}
        dataset.save()
        (sample,) = fiftyone.samples(dataset)
        return sample, document

    return make


votes = st.none() | st.builds(Votes, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
points = st.builds(PointLabel, words, quarters, quarters, answers, annotators, votes, said)


def several(kind):
    return st.lists(kind, max_size=3).map(tuple)


@st.composite
def samples(draw, path):
    width, height = draw(sizes)
    annotations = {"regions": regions(), "phrases": phrases, "labels": image_labels, "points": points}
    annotations["relationships"] = relationships
    drawn = {name: draw(several(kind)) for name, kind in annotations.items()}
    rotation = draw(st.sampled_from([None, 0, 90, 180, 270]))
    whence = Provenance(*(draw(words) for _ in range(5)))
    return Sample(
        draw(words), path, width, height, provenance=whence, rotation_deg=rotation, said=draw(said), **drawn
    )


def test_every_name_of_the_package_is_there_when_it_is_asked_for():
    assert all(getattr(fiftyone, name) for name in fiftyone.__all__)
    with pytest.raises(AttributeError, match="'retrain_kit.fiftyone' has no attribute 'load_everything'"):
        _ = fiftyone.load_everything


@given(boxes(), sizes)
def test_a_box_comes_back_to_the_millionth_of_a_pixel(box, size):
    assert fiftyone.box_from_relative_xywh(fiftyone.to_relative_xywh(box, size), size) == box


@given(data=st.data())
def test_whatever_a_sample_says_comes_back_from_its_document(data, tmp_path_factory):
    sample = data.draw(samples(tmp_path_factory.getbasetemp().resolve() / "p.png"))
    assert fiftyone.documents.to_sample(fiftyone.to_document(sample)) == sample


def test_everything_the_embedded_sample_says_comes_back(manifest):
    dataset = fiftyone.study_dataset(manifest)
    back = fiftyone.samples(dataset)
    assert back == [replace(sample, path=sample.path.resolve()) for sample in folder.read(manifest)]
    assert dataset.persistent
    dataset.reload()
    assert dataset.info["study"] == "embedded-sample"


def test_a_study_is_built_once(manifest):
    first = fiftyone.study_dataset(manifest)
    assert fiftyone.study_dataset(manifest).created_at == first.created_at


def test_a_changed_study_is_another_dataset(manifest):
    changed = replace(manifest, digest="0" * 64)
    assert fiftyone.study_dataset(changed).name != fiftyone.study_dataset(manifest).name


def test_a_build_that_was_cut_leaves_nothing_that_is_taken_for_a_dataset(manifest):
    cut = replace(manifest, digest="1" * 64)
    name = fiftyone.studies.dataset_name(cut.name, cut.digest, cut.folder.resolve())
    fiftyone.fo.Dataset(f"{name}-building")
    assert len(fiftyone.study_dataset(cut)) == len(manifest.images)


def test_masks_flags_clicks_relationships_and_whatever_else_was_said_come_back(manifest):
    mask = np.array([[True, False, True], [False, True, False]])
    flags = Flags(occluded=True, truncated=False, group_of=None)
    clicks = (Click(1, 2.25), Click(3, 4, on=True), Click(0, 0, on=False))
    sample = replace(
        folder.read(manifest)[0],
        regions=(
            Region("Bird", Box(1, 2, 3, 4), "m1", mask=mask, flags=flags, clicks=clicks, said={"iou": 0.5}),
            Region("Tree", Box(0, 0, 9, 9), "m2"),
        ),
        relationships=(Relationship("m1", "on", "m2", "q1", "verification", {"confidence": 1}),),
        rejected=(
            RejectedAnnotation("a", "no box", "7", "Kite", "objects.json, row 3", "", {"box": [1, None]}),
        ),
        said={"OriginalMD5": "9IzEn38GRNsVpATuv7gzEA=="},
        phrases=(Phrase("a bird", Box(1, 2, 3, 4), "p1", "drawn", {"words": 2}),),
        points=(
            PointLabel("Bird", 1.5, 2.5, present=True, annotator="verification", votes=Votes(2, 1, 3)),
            PointLabel("Tree", 7, 8, present=None, said={"id": "/m/07j7r"}),
        ),
        labels=(
            ImageLabel("Forest", present=True),
            ImageLabel("Sea", present=None, annotator="machine", said={"Confidence": "0.7"}),
            ImageLabel("Sky", present=False),
        ),
    )
    dataset = fiftyone.empty_dataset("one sample")
    dataset.add_sample(fiftyone.to_document(sample))
    (back,) = fiftyone.samples(dataset)
    assert back == replace(sample, path=sample.path.resolve())
    assert np.array_equal(back.regions[0].mask, mask)


def test_a_changed_image_is_found_before_anything_is_built(manifest, tmp_path):
    image = manifest.images[0]
    (tmp_path / "photos").mkdir()
    (tmp_path / image.file).write_bytes(b"another")
    with pytest.raises(DataError, match="found sha256"):
        fiftyone.study_dataset(replace(manifest, folder=tmp_path, images=(image,), digest="2" * 64))


def test_two_processes_that_load_a_new_study_at_once_share_one_dataset(manifest, tmp_path):
    program = """
import json, sys
from dataclasses import replace
from retrain_kit.studies import manifests
from retrain_kit import fiftyone
dataset = fiftyone.study_dataset(replace(manifests.load("embedded-sample"), digest="3" * 64))
print(json.dumps([dataset.name, str(dataset.created_at), len(dataset)]))
"""
    both = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [json.loads(process.communicate()[0].splitlines()[-1]) for process in both]
    assert said[0] == said[1]
    assert said[0][2] == len(manifest.images)


def test_a_detection_of_any_dataset_becomes_a_region_and_keeps_its_attributes(read, fo):
    mask = np.array([[True, False], [True, True]])
    box = fo.Detection(
        label="Bird",
        bounding_box=[0.25, 0.5, 0.5, 0.25],
        mask=mask,
        confidence=0.5,
        index=3,
        mood="calm",
        tags=["x"],
    )
    sample, _ = read(
        ground_truth=fo.Detections(detections=[box]), one=fo.Detection(label="b", bounding_box=[0, 0, 1, 1])
    )
    first, second = sample.regions
    said = {"field": "ground_truth", "confidence": 0.5, "index": 3, "mood": "calm", "tags": ["x"]}
    assert first == Region("Bird", Box(20, 30, 60, 45), box.id, said=said)
    assert np.array_equal(first.mask, mask)
    assert (second.box, second.said) == (Box(0, 0, 80, 60), {"field": "one"})


def test_an_outline_becomes_a_region_and_an_open_line_is_listed(read, fo):
    corners = [(0.25, 0.25), (0.75, 0.25), (0.5, 0.75)]
    outline = fo.Polyline(label="Kite", points=[corners], closed=True, filled=False, annotator="Ann")
    line = fo.Polyline(label="Road", points=[corners])
    dot = fo.Polyline(label="Dot", points=[corners[:1]], filled=True)
    sample, _ = read(lines=fo.Polylines(polylines=[outline, line, dot]))
    shape = (((20, 15), (60, 15), (40, 45)),)
    said = {"field": "lines", "closed": True, "filled": False}
    assert sample.regions == (Region("Kite", Box(20, 15, 60, 45), outline.id, "Ann", shape, said=said),)
    assert [(each.place, each.reason, each.label, each.id) for each in sample.rejected] == [
        ("field lines", "an open line, which holds no area", "Road", line.id),
        ("field lines", "an outline of fewer than three vertices, or without a place", "Dot", dot.id),
    ]
    assert {each.image for each in sample.rejected} == {sample.id}
    assert sample.rejected[0].row["points"] == [[list(corner) for corner in corners]]
    assert "not carried" not in sample.said


def test_keypoints_become_points_one_by_one(read, fo):
    skeleton = fo.Keypoint(label="cat", points=[(0.5, 0.5), (float("nan"), float("nan")), (0.25, 1)], index=4)
    sample, _ = read(joints=fo.Keypoints(keypoints=[skeleton]))
    said = {"field": "joints", "index": 4, "keypoint": skeleton.id}
    assert sample.points == (
        PointLabel("cat", 40, 30, present=True, said={**said, "number": 0}),
        PointLabel("cat", 20, 60, present=True, said={**said, "number": 2}),
    )
    (rejected,) = sample.rejected
    assert (rejected.place, rejected.reason, rejected.id, rejected.label) == (
        "field joints, point 1",
        "a point without a place in the image",
        skeleton.id,
        "cat",
    )
    assert rejected.row == {"keypoint": skeleton.id, "number": 1, "point": ["nan", "nan"]}


def test_a_word_is_affirmed_unless_the_label_says_otherwise(read, fo):
    sample, _ = read(
        positive_labels=fo.Classifications(classifications=[fo.Classification(label="Sea")]),
        negative_labels=fo.Classifications(classifications=[fo.Classification(label="Sky", annotator="Ann")]),
        guess=fo.Classification(label="Fog", confidence=0.25),
        asked=fo.Classification(label="Sun", present=False),
        spot=fo.Keypoint(label="Leg", points=[(0, 0)], estimated_yes_no="unsure", yes_votes=1),
    )
    assert set(map(repr, sample.labels)) == set(
        map(
            repr,
            [
                ImageLabel("Sea", present=True, said={"field": "positive_labels"}),
                ImageLabel("Sky", present=False, annotator="Ann", said={"field": "negative_labels"}),
                ImageLabel("Fog", present=None, said={"field": "guess", "confidence": 0.25}),
                ImageLabel("Sun", present=False, said={"field": "asked", "present": False}),
            ],
        )
    )
    said = {"field": "spot", "estimated_yes_no": "unsure", "yes_votes": 1}
    assert sample.points == (PointLabel("Leg", 0, 0, present=None, said=said),)


def test_a_semantic_mask_becomes_a_region_for_each_value(read, fo):
    mask = np.array([[0, 1, 1], [0, 1, 7]], dtype=np.uint8)
    sample, document = read(ground=fo.Segmentation(mask=mask), mask_targets={"ground": {1: "road"}})
    road, seven = sample.regions
    assert (road.label, road.box, road.id) == ("road", Box(26.666667, 0, 80, 60), f"{document.ground.id}-1")
    assert road.mask.tolist() == [[True, True], [True, False]]
    assert (seven.label, seven.said) == ("7", {"field": "ground", "value": 7})
    assert (seven.box, seven.mask.tolist()) == (Box(53.333333, 30, 80, 60), [[True]])


def test_a_mask_of_colours_takes_its_words_from_the_colours(read, fo, tmp_path):
    path = tmp_path / "mask.png"
    Image.fromarray(np.array([[[0, 0, 0], [255, 0, 16]]], dtype=np.uint8)).save(path)
    sample, _ = read(
        ground=fo.Segmentation(mask_path=str(path)), mask_targets={"ground": {"#FF0010": "road"}}
    )
    (road,) = sample.regions
    assert (road.label, road.box) == ("road", Box(40, 0, 80, 60))
    assert road.said == {"field": "ground", "mask_path": str(path), "value": "#ff0010"}


def test_what_is_no_annotation_is_listed_and_nothing_is_left_out(read, fo):
    heat = np.arange(1200, dtype=np.float32).reshape(30, 40)
    sample, _ = read(
        heat=fo.Heatmap(map=heat),
        place=fo.GeoLocation(point=[13.4, 52.5]),
        age=fo.Regression(value=3.5),
        weather="rain",
        empty=fo.Classifications(),
        lost=fo.Segmentation(mask_path="nowhere.png"),
        tags=["train"],
    )
    (heatmap, lost) = sorted(sample.rejected, key=lambda each: each.place)
    assert (heatmap.reason, heatmap.row["map"]) == (
        "a heatmap: numbers for pixels, no annotation",
        {"shape": [30, 40], "dtype": "float32", "range": [0.0, 1199.0], "left out": "its numbers"},
    )
    assert (lost.reason, lost.row["mask_path"][-11:]) == ("a mask that cannot be read", "nowhere.png")
    assert sample.said["place"]["point"] == [13.4, 52.5]
    assert sample.said["age"]["value"] == 3.5
    assert (sample.said["weather"], sample.said["tags"]) == ("rain", ["train"])


def test_the_size_is_the_upright_files_or_the_metadatas_or_there_is_none(fo, image, tmp_path):
    dataset = fo.Dataset()
    known = fo.ImageMetadata(width=7, height=5)
    lost = [str(tmp_path / "a.png"), str(tmp_path / "b.png"), str(tmp_path / "c.png")]
    dataset.add_samples(
        [fo.Sample(filepath=str(image), metadata=known), fo.Sample(filepath=lost[0], metadata=known)]
    )
    assert [sample.size for sample in fiftyone.samples(dataset)] == [(80, 60), (7, 5)]
    dataset.add_samples([fo.Sample(filepath=path) for path in lost[1:]])
    with pytest.raises(DataError, match="an image without a size") as caught:
        fiftyone.samples(dataset)
    assert [fault.where for fault in caught.value.faults] == lost[1:]


def test_one_slice_of_a_grouped_dataset_is_read(fo, image):
    dataset = fo.Dataset()
    dataset.add_group_field("group", default="left")
    for _ in range(2):
        group = fo.Group()
        dataset.add_samples(
            [
                fo.Sample(filepath=str(image), group=group.element(side), side=side)
                for side in ("left", "right")
            ]
        )
    assert [sample.said["side"] for sample in fiftyone.samples(dataset)] == ["left", "left"]
    assert [sample.said["side"] for sample in fiftyone.samples(dataset, slice_name="right")] == [
        "right",
        "right",
    ]
    with pytest.raises(DataError, match=r"the slice top among left \(image\), right \(image\)"):
        fiftyone.samples(dataset, slice_name="top")


def test_a_film_is_refused(fo):
    dataset = fo.Dataset("films")
    dataset.add_sample(fo.Sample(filepath="film.mp4"))
    with pytest.raises(
        DataError, match="dataset films: found media of the type video; expected a dataset of images"
    ):
        fiftyone.samples(dataset)


def test_a_dataset_that_only_fiftyone_knows_is_a_study_in_which_the_unsaid_is_unknown(fo, image):
    dataset = fo.Dataset("birds of mine")
    dataset.add_sample(fo.Sample(filepath=str(image), name="bird 1"))
    study, opened = fiftyone.open_study("fiftyone:birds of mine")
    (row,) = study.images
    assert opened.name == "birds of mine"
    assert (study.name, study.title, study.licence, study.version) == (
        "birds-of-mine",
        "birds of mine",
        "unknown",
        "unknown",
    )
    assert (study.annotation.who, study.annotation.when, study.annotation.how) == (
        "unknown",
        "unknown",
        "unknown",
    )
    assert (study.path(row), row.width_px, row.height_px, row.sha256) == (image, 80, 60, "")
    assert fiftyone.manifest_of_dataset(dataset, "name").images[0].id == "bird 1"


def test_a_study_is_opened_by_its_name_as_well(manifest):
    study, dataset = fiftyone.open_study("embedded-sample", accepted=True)
    assert (study, len(dataset)) == (manifest, len(manifest.images))
    veiled, dataset = fiftyone.open_study("embedded-sample")
    assert (veiled.unveiled, len(dataset)) == (manifest, len(manifest.images))


def test_an_unknown_dataset_is_said_with_those_that_there_are(fo):
    fo.Dataset("1 that is there")
    with pytest.raises(ParameterError, match="'fiftyone:nix'.*In FiftyOne there are: .*1 that is there"):
        fiftyone.open_study("fiftyone:nix")


def test_an_id_field_has_to_be_there_and_filled(fo, image):
    dataset = fo.Dataset("without ids")
    dataset.add_samples([fo.Sample(filepath=str(image), number=3), fo.Sample(filepath=str(image))])
    with pytest.raises(DataError, match="dataset without ids: found no field name"):
        fiftyone.samples(dataset, "name")
    with pytest.raises(DataError, match="one.png, number: found nothing; expected the image's id"):
        fiftyone.samples(dataset, "number")


def test_what_somebody_adds_or_tags_in_the_app_comes_back(fo, image):
    region = Region(
        "Bird", Box(0, 0, 8, 6), "b1", "xclick", polygons=(((0, 0), (8, 0), (0, 6)),), said={"iou": 1}
    )
    dataset = fiftyone.empty_dataset("tagged in the app")
    fiftyone.add_samples(dataset, [Sample("p", image, 80, 60, (region,))])
    document = dataset.first()
    document.tags = ["look again"]
    document.regions.detections[0].tags.append("wrong")
    document.regions.detections.append(fo.Detection(label="Bee", bounding_box=[0.5, 0.5, 0.25, 0.5]))
    document.point_labels.keypoints.append(fo.Keypoint(label="Leg", points=[(0.5, 0.5)]))
    document.image_labels.classifications.append(fo.Classification(label="Sea"))
    document.save()
    (sample,) = fiftyone.samples(fo.load_dataset("tagged in the app"))
    assert sample.said == {"tags": ["look again"]}
    assert sample.regions == (
        replace(region, said={"iou": 1, "tags": ["wrong"]}),
        Region("Bee", Box(40, 30, 60, 60)),
    )
    assert sample.points == (PointLabel("Leg", 40, 30, present=None),)
    assert sample.labels == (ImageLabel("Sea", present=None),)


def test_a_view_is_read_as_its_dataset_is(manifest):
    dataset = fiftyone.study_dataset(manifest)
    assert fiftyone.samples(dataset.skip(3).limit(2)) == fiftyone.samples(dataset)[3:5]
