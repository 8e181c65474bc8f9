"""Label Studio's exports: what annotators and models said of an image, and who they are."""

import json

import pytest
from datasets.study_files import BRUSH, label_studio, paint, result
from small_studies import put, study

from retrain_kit import datasets
from retrain_kit.annotations.samples import Box, ImageLabel, PointLabel, Region, Relationship
from retrain_kit.datasets import layouts
from retrain_kit.datasets.formats.brush_rle import decode_brush
from retrain_kit.datasets.layouts.found import FoundImage, LeftOut
from retrain_kit.datasets.layouts.listing import Listing
from retrain_kit.errors import DataError
from retrain_kit.imaging import masking

BOX = {"x": 10, "y": 25, "width": 20, "height": 50, "rotation": 0, "rectanglelabels": ["cat"]}


def read(folder, *tasks, files=None, size=(50, 40), image="images/a.jpg"):
    put(folder, "export.json", content=json.dumps(list(tasks)).encode())
    unmatched = []
    files = files or {"annotations": "export.json"}
    (sample,) = datasets.read(study(folder, "label-studio", [("a", image, size)], files), unmatched)
    return sample, unmatched


def task(*results, **more):
    annotation = {"id": 11, "completed_by": 3, "result": list(results)}
    return {"id": 7, "data": {"image": "a.jpg"}, "annotations": [annotation], **more}


def test_what_an_annotator_said_is_read_with_who_it_was(tmp_path):
    manifest = label_studio(tmp_path)
    manifest.files.pop("predictions")
    unmatched = []
    (sample,) = datasets.read(manifest, unmatched)
    assert unmatched == []
    said = {"from_name": "label", "origin": "manual", "annotation": "11"}
    both = {"labels": ["cat", "pet"], **said}
    assert [each for each in sample.regions if each.mask is None] == [
        Region("cat", Box(5, 10, 15, 30), "a1", "annotator 3", said=both),
        Region("cat", Box(-15, 10, 5, 20), "a2", "annotator 3", (((5, 10), (5, 20), (-15, 20), (-15, 10)),), said={**both, "rotation": 90}),
        Region("mat", Box(0, 0, 25, 20), "a3", "annotator 3", (((0, 0), (25, 0), (25, 20)),), said=said),
    ]  # fmt: skip
    (eye,) = (each for each in sample.regions if each.mask is not None)
    assert (eye.label, eye.id, eye.box, eye.said) == ("eye", "a4", Box(20, 18, 30, 22), said)
    assert sample.points == (PointLabel("nose", 5, 2, present=True, annotator="annotator 3", said={"shape": "a5", **said, "width": 0.5}),)  # fmt: skip
    assert sample.labels == (ImageLabel("indoors", present=True, annotator="annotator 3", said=said),)
    assert sample.relationships == (
        Relationship("a1", "on", "a3", "11.9", "annotator 3", {"direction": "right"}),
    )
    assert sample.said == {
        "annotations": [
            {"id": "11", "annotator": "annotator 3", "results": 9, "lead_time": 4.5},
            {"id": "12", "annotator": "annotator 4", "results": 1, "was_cancelled": True},
        ],
        "predictions": [
            {"id": "5", "annotator": "model v2", "results": 1, "score": 0.5, "model_version": "v2"}
        ],
        "answers": [{"text": ["a cat"], "from_name": "label", "annotator": "annotator 3"}],
    }
    assert [(each.id, each.label, each.place, each.reason) for each in sample.rejected] == [
        ("a8", "", "annotations.json, task 1, annotation 11, result 8", "label: null, no word"),
        ("a1", "cat", "annotations.json, task 1, annotation 12, result 1", "of an annotation that was cancelled: its annotator skipped the task"),
    ]  # fmt: skip
    assert "example.org" not in repr(sample)


def test_predictions_are_read_where_they_are_asked_for(tmp_path):
    (sample,) = datasets.read(label_studio(tmp_path))
    assert [(each.id, each.annotator, each.said.get("score")) for each in sample.regions][-2:] == [
        ("a4", "annotator 3", None),
        ("a1 (5.1)", "model v2", 0.5),
    ]


def test_a_brush_is_exact_to_the_pixel(tmp_path):
    value = {"format": "rle", "rle": BRUSH, "brushlabels": ["dog"]}
    sample, _ = read(tmp_path, task(result("brushlabels", value, "b", (5, 3))), size=(5, 3))
    (region,) = sample.regions
    assert region.box == Box(1, 1, 4, 3)
    assert masking.region_mask(region, (5, 3), "outline").tolist() == [
        [False, False, False, False, False],
        [False, True, True, True, False],
        [False, False, False, True, False],
    ]


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        (BRUSH[:9], "a brush that ends within a block"),
        ([0, 0, 0, 61, *BRUSH[4:]], "a brush of 61 numbers, not four for each of 5 × 3 pixels"),
        ([0, 0, 0, 60, 57, 27, 255, 255, 255, 255, 255, 255], "a brush whose blocks do not fill its pixels"),
        ([0, 0, 0, 256], "rle: numbers that are no bytes"),
        ([0, "1"], 'rle: [0, "1"], no list of bytes'),
    ],
)
def test_a_brush_that_is_none_is_refused(stored, reason):
    with pytest.raises(ValueError, match=f"^{reason.replace('[', '.').replace(']', '.')}$"):
        decode_brush(stored, (5, 3))


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (result("rectanglelabels", {**BOX, "x": "1"}, "r"), 'x: ["1"], not finite numbers alone'),
        (result("rectanglelabels", {**BOX, "width": -1}, "r"), "its box: (5.0, 10.0, 4.5, 30.0), not left <= right and top <= bottom"),
        (result("polygonlabels", {"points": [[1, 2], [3, 4]], "polygonlabels": ["cat"]}, "r"), "points: [[1, 2], [3, 4]], not three or more vertices"),
        (result("rectanglelabels", BOX, "r", (51, 40)), "size: 51 × 40 pixels, not 50 × 40 as the image has"),
        (result("rectanglelabels", BOX, "r", image_rotation=90), "image_rotation: 90: it was drawn on a turned image"),
        (result("labels", {"start": 1, "end": 5, "text": "cat", "labels": ["cat"]}, "r"), 'type: "labels", nothing that the kit knows of an image'),
        ({"id": "r", "type": "relation", "from_id": "x", "to_id": "y", "labels": ["cat"]}, "a relation between what is no region of this image"),
        ({"id": "r", "value": 5}, "value: 5, no table"),
        (7, "7, no result"),
    ],
)  # fmt: skip
def test_a_result_that_cannot_be_taken_is_listed(tmp_path, found, reason):
    sample, _ = read(tmp_path, task(found, result("rectanglelabels", BOX, "ok")))
    assert [(each.reason, each.place) for each in sample.rejected] == [
        (reason, "export.json, task 1, annotation 11, result 1")
    ]
    assert [each.id for each in sample.regions] == ["ok"]


def test_a_label_and_its_shape_may_be_two_results_of_one_id(tmp_path):
    shape = result("rectangle", {key: BOX[key] for key in ("x", "y", "width", "height")}, "r")
    words = result("labels", {"x": 10, "y": 25, "labels": ["cat"]}, "r")
    text = result("textarea", {"x": 10, "y": 25, "width": 1, "height": 2, "text": ["tabby"]}, "r")
    sample, _ = read(tmp_path, task(shape, words, text))
    (region,) = sample.regions
    assert (region.label, region.said["text"], sample.rejected) == ("cat", ["tabby"], ())


@pytest.mark.parametrize(
    ("said", "annotator"),
    [
        (3, "annotator 3"),
        ({"id": 3, "email": "a@example.org", "first_name": "Ann"}, "annotator 3"),
        ("a@example.org", "annotator 1"),
        ({"email": "a@example.org"}, "annotator 1"),
        (None, "unknown"),
        (True, "unknown"),
    ],
)
def test_no_name_of_an_annotator_is_kept(tmp_path, said, annotator):
    made = task(result("rectanglelabels", BOX, "r"))
    made["annotations"][0]["completed_by"] = said
    sample, _ = read(tmp_path, made)
    assert sample.regions[0].annotator == annotator
    assert "example.org" not in repr(sample)


@pytest.mark.parametrize(
    "named",
    [
        "a.jpg",
        "/data/upload/3/0a1b2c3d-a.jpg",
        "/a.jpg",
        "/data/local-files/?d=shots%5Cimages%5Ca.jpg",
        "https://bucket.example.org/x/images/a.jpg?X-Signature=abc",
        "s3://bucket/a.jpg",
        "images\\a.jpg",
    ],
)
def test_an_image_is_found_by_whatever_its_task_calls_it(tmp_path, named):
    sample, _ = read(tmp_path, task(result("rectanglelabels", BOX, "r"), data={"photo": named, "text": "x"}))
    assert len(sample.regions) == 1


def test_json_min_is_read(tmp_path):
    shape = {**BOX, "original_width": 50, "original_height": 40}
    row = {"image": "/data/upload/3/0a1b2c3d-a.jpg", "id": 7, "label": [shape], "kinds": {"choices": ["indoors", "night"]}, "sure": "yes", "annotator": 3, "annotation_id": 11, "lead_time": 2.5}  # fmt: skip
    sample, _ = read(tmp_path, row)
    (region,) = sample.regions
    assert (region.label, region.box, region.annotator) == ("cat", Box(5, 10, 15, 30), "annotator 3")
    assert [each.label for each in sample.labels] == ["indoors", "night"]
    assert sample.said["annotations"] == [
        {"id": "11", "annotator": "annotator 3", "results": 2, "lead_time": 2.5}
    ]


def test_what_is_said_of_no_image_is_unmatched(tmp_path):
    found = result("rectanglelabels", BOX, "r")
    two = task(found, data={"left": "a.jpg", "right": "b.jpg"})
    _, unmatched = read(
        tmp_path, task(found), task(found, data={"image": "b.jpg"}), two, task(found, data={}), 7
    )
    assert [(each.image, each.id, each.reason) for each in unmatched] == [
        ("", "r", "2 images in one task: which of them is annotated is not said"),
        ("", "r", "no image named in its data"),
        ("", "", "7, no task"),
        ("b.jpg", "r", "no image b.jpg"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [("{}", "no task"), ("[", "no JSON"), ('[{"data": {"image": "b.jpg"}}]', "no image of the study")],
)
def test_a_file_that_is_no_export_is_a_fault(tmp_path, text, found):
    put(tmp_path, "export.json", content=text.encode())
    files = {"annotations": "export.json"}
    with pytest.raises(DataError, match=found):
        datasets.read(study(tmp_path, "label-studio", [("a", "a.jpg", (50, 40))], files))


def test_a_layout_tells_the_folder(tmp_path):
    label_studio(tmp_path)
    paint(tmp_path / "images" / "a.jpg", (50, 40))
    found = layouts.choose_layout(Listing(tmp_path))
    assert (found.layout, found.dataset, found.files) == (
        "label-studio",
        "label-studio",
        {"annotations": "annotations.json"},
    )
    assert list(found.images(LeftOut())) == [FoundImage("images%2Fa.jpg", "images/a.jpg")]
