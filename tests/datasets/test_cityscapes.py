"""Cityscapes' outlines and label images, as its own tools write them."""

import json

import numpy as np
import pytest
from datasets.study_files import paint
from PIL import Image
from small_studies import put, study

from retrain_kit import datasets
from retrain_kit.annotations.samples import Box, Flags, Region
from retrain_kit.datasets import cityscapes, layouts
from retrain_kit.datasets.layouts.found import OUTLINES, FoundImage, LeftOut
from retrain_kit.datasets.layouts.listing import Listing
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.imaging import masking

ROAD = {"label": "road", "polygon": [[0, 2], [6, 2], [6, 4], [0, 4]]}
CARS = {"label": "cargroup", "polygon": [[1, 1], [5, 1], [5, 3]]}
NAME = "aachen_000000_000019"
IMAGE, TRUTH = f"leftImg8bit/train/aachen/{NAME}_leftImg8bit.png", f"gtFine/train/aachen/{NAME}_gtFine"
INSTANCES = [
    [0, 23, 23, 23, 0, 0],
    [7, 26000, 26000, 26, 26, 255],
    [7, 7, 26001, 7, 7, 7],
    [1, 1, 1, 18, 18, 18],
]


def outlines(*objects, width=6):
    return json.dumps({"imgHeight": 4, "imgWidth": width, "objects": list(objects)}).encode()


def put_numbers(folder, path, numbers, kind=np.uint16):
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.array(numbers, dtype=kind)).save(folder / path)


def one(folder, files=None, image=IMAGE):
    unmatched = []
    (sample,) = datasets.read(study(folder, "cityscapes", [(NAME, image, (6, 4))], files), unmatched)
    assert unmatched == []
    return sample


def test_outlines_come_in_the_order_of_drawing_each_on_top_of_those_before(tmp_path):
    put(tmp_path, f"{TRUTH}_polygons.json", content=outlines(ROAD, CARS))
    sample = one(tmp_path)
    assert sample.regions == (
        Region("road", Box(0, 2, 6, 4), "1", polygons=(((0, 2), (6, 2), (6, 4), (0, 4)),)),
        Region(
            "cargroup", Box(1, 1, 5, 3), "2", polygons=(((1, 1), (5, 1), (5, 3)),), flags=Flags(group_of=True)
        ),
    )
    assert (sample.said, sample.rejected) == ({"label_file": f"{TRUTH}_polygons.json"}, ())


def test_who_drew_it_is_told_apart_without_a_name(tmp_path):
    named = [
        {**ROAD, "user": "ann@example.org", "date": "01-Apr-2015"},
        {**ROAD, "user": "bob"},
        {**ROAD, "user": ""},
        {**ROAD, "user": "bob", "deleted": 1},
    ]
    put(tmp_path, f"{TRUTH}_polygons.json", content=outlines(*named))
    sample = one(tmp_path)
    assert [each.annotator for each in sample.regions] == ["annotator 1", "annotator 2", "unknown"]
    assert [each.said for each in sample.regions] == [{"date": "01-Apr-2015"}, {}, {}]
    assert [(each.id, each.reason, each.row) for each in sample.rejected] == [
        ("4", "deleted by whoever drew it", {**ROAD, "deleted": 1})
    ]
    assert "bob" not in repr(sample)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({**ROAD, "label": ""}, 'label: "", no word'),
        ({**ROAD, "polygon": [[0, 2], [6, 2]]}, "polygon: [[0, 2], [6, 2]], not three or more vertices"),
        ({**ROAD, "polygon": [[0, 2], [6, 2], [6]]}, "polygon: [[0, 2], [6, 2], [6]], a vertex that is not x and y"),
        ({**ROAD, "polygon": [[0, 2], [6, 2], [6, "4"]]}, 'a vertex: [6, "4"], not finite numbers alone'),
        ({"label": "person", "bbox": [1, 2, 3]}, "bbox: [1, 2, 3], not x, y, width and height"),
        (7, "7, no object"),
    ],
)  # fmt: skip
def test_an_object_that_cannot_be_taken_is_listed(tmp_path, found, reason):
    put(tmp_path, f"{TRUTH}_polygons.json", content=outlines(found, ROAD))
    sample = one(tmp_path)
    (rejected,) = sample.rejected
    assert (rejected.reason, rejected.place, rejected.row) == (
        reason,
        f"{TRUTH}_polygons.json, object 1",
        found,
    )
    assert [each.id for each in sample.regions] == ["2"]


def test_a_file_that_is_none_and_one_of_another_size_are_listed(tmp_path):
    put(tmp_path, f"{TRUTH}_polygons.json", content=b"[")
    assert one(tmp_path).rejected[0].reason.startswith("no annotations: no JSON (")
    put(tmp_path, f"{TRUTH}_polygons.json", content=outlines(ROAD, width=7))
    assert [each.reason for each in one(tmp_path).rejected] == [
        "size: 7 × 4 pixels, not 6 × 4 as the image has"
    ]


def test_boxes_of_citypersons_are_boxes(tmp_path):
    person = {"label": "pedestrian", "bbox": [1, 0, 2, 4], "bboxVis": [1, 0, 2, 3], "instanceId": 24000}
    put(tmp_path, f"gtBboxCityPersons/train/aachen/{NAME}_gtBboxCityPersons.json", content=outlines(person))
    assert one(tmp_path).regions == (
        Region("pedestrian", Box(1, 0, 3, 4), "1", said={"bboxVis": [1, 0, 2, 3], "instanceId": 24000}),
    )


def test_each_number_of_an_instance_image_is_exactly_its_pixels(tmp_path):
    put_numbers(tmp_path, f"{TRUTH}_instanceIds.png", INSTANCES)
    sample = one(tmp_path)
    assert [(each.label, each.id, each.box, each.flags.group_of, each.said) for each in sample.regions] == [
        ("ego vehicle", "1", Box(0, 3, 3, 4), None, {"class": 1}),
        ("road", "7", Box(0, 1, 6, 3), None, {"class": 7}),
        ("polegroup", "18", Box(3, 3, 6, 4), True, {"class": 18}),
        ("sky", "23", Box(1, 0, 4, 1), None, {"class": 23}),
        ("car", "26", Box(3, 1, 5, 2), True, {"class": 26}),
        ("car", "26000", Box(1, 1, 3, 2), False, {"class": 26}),
        ("car", "26001", Box(2, 2, 3, 3), False, {"class": 26}),
    ]
    for region in sample.regions:
        covered = masking.region_mask(region, (6, 4), "outline")
        assert (covered == (np.array(INSTANCES) == int(region.id))).all()
    assert sample.said == {"label_file": f"{TRUTH}_instanceIds.png", "unlabelled_px": 3}
    assert [(each.id, each.reason) for each in sample.rejected] == [
        ("255", "1 pixels of the number 255, no class of Cityscapes")
    ]


def test_outlines_count_before_instances_and_those_before_labels_unless_one_kind_is_named(tmp_path):
    put(tmp_path, f"{TRUTH}_polygons.json", content=outlines(ROAD))
    put_numbers(tmp_path, f"{TRUTH}_instanceIds.png", INSTANCES)
    put_numbers(tmp_path, f"{TRUTH}_labelIds.png", [[26] * 6] * 4, np.uint8)
    assert [each.label for each in one(tmp_path).regions] == ["road"]
    assert [each.label for each in one(tmp_path, {"labels": "gtFine"}).regions] == ["car"]
    assert len(one(tmp_path, {"instances": "gtFine", "labels": "gtFine"}).regions) == 7


@pytest.mark.parametrize(
    ("image", "truth"),
    [
        (f"leftImg8bit_trainvaltest/leftImg8bit/val/a/{NAME}_leftImg8bit.png", f"gtFine_trainvaltest/gtFine/val/a/{NAME}_gtFine_polygons.json"),
        (f"leftImg8bit/val/a/{NAME}_leftImg8bit.png", f"gtCoarse/val/a/{NAME}_gtCoarse_polygons.json"),
        (f"x/{NAME}_leftImg8bit.png", f"x/{NAME}_gtFine_polygons.json"),
    ],
)  # fmt: skip
def test_files_are_found_as_they_come_out_of_the_archives(tmp_path, image, truth):
    put(tmp_path, truth, content=outlines(ROAD))
    files = {"polygons": "gtFine_trainvaltest/gtFine"} if "trainvaltest" in truth else None
    assert one(tmp_path, files, image).said == {"label_file": truth}


def test_what_has_no_image_is_unmatched_and_a_study_without_files_a_fault(tmp_path):
    paint(tmp_path / IMAGE, (6, 4))
    other = TRUTH.replace("19", "20")
    put(tmp_path, f"{TRUTH}_polygons.json", f"{other}_polygons.json", content=outlines(ROAD))
    put_numbers(tmp_path, f"{other}_labelIds.png", INSTANCES)
    put_numbers(tmp_path, f"{TRUTH}_color.png", INSTANCES)
    unmatched = []
    images = [(NAME, IMAGE, (6, 4))]
    datasets.read(
        study(tmp_path, "cityscapes", images, {"polygons": "gtFine", "labels": "gtFine"}), unmatched
    )
    assert [(each.image, each.place, each.row) for each in unmatched] == [
        ("aachen_000000_000020", f"{other}_polygons.json, object 1", ROAD)
    ]
    with pytest.raises(DataError, match="of any image"):
        datasets.read(study(tmp_path, "cityscapes", [("b", "x/b.png", (6, 4))]))


def test_a_layout_tells_the_tree_and_images_are_drawn_from_it(tmp_path):
    paint(tmp_path / IMAGE, (6, 4))
    put(tmp_path, f"{TRUTH}_polygons.json", content=outlines(ROAD))
    put(tmp_path, TRUTH.replace("gtFine", "gtCoarse") + "_polygons.json", content=outlines(ROAD))
    put_numbers(tmp_path, f"{TRUTH}_instanceIds.png", INSTANCES)
    found = layouts.choose_layout(Listing(tmp_path))
    assert (found.layout, found.dataset, found.detail) == ("cityscapes", "cityscapes", OUTLINES)
    assert found.files == {"polygons": "gtFine", "instances": "gtFine"}
    assert list(found.images(LeftOut())) == [FoundImage(NAME, IMAGE, split="train")]
    assert found.sentences[1:] == (
        "The outlines are read; the label images were made of them by a program.",
        "gtCoarse is left out: there are finer annotations.",
    )
    assert cityscapes.ids(study(tmp_path, "cityscapes", labels=["road"], subset="train")) == [NAME]
    assert cityscapes.ids(study(tmp_path, "cityscapes", labels=["sky"])) == []
    assert [each.file for each in cityscapes.describe(study(tmp_path, "cityscapes"), [NAME])] == [IMAGE]
    with pytest.raises(ParameterError):
        cityscapes.ids(study(tmp_path, "cityscapes", labels=["kite"]))
