"""COCO's panoptic files: JSON beside PNGs of ids, as `panopticapi` reads and writes them."""

import json

import numpy as np
import pytest
from datasets.study_files import paint
from PIL import Image
from small_studies import study

from retrain_kit import datasets
from retrain_kit.annotations.samples import Box, Flags
from retrain_kit.datasets import coco_panoptic, layouts
from retrain_kit.datasets.layouts.found import OUTLINES, FoundImage, LeftOut
from retrain_kit.datasets.layouts.listing import Listing
from retrain_kit.errors import DataError
from retrain_kit.imaging import masking

IDS = np.array(
    [
        [0, 0, 3226956, 3226956, 3226956],
        [0, 7, 3226956, 7, 3226956],
        [300, 300, 300, 300, 300],
    ]
)
SEGMENTS = [
    {"id": 3226956, "category_id": 1, "area": 5, "bbox": [2, 0, 3, 2], "iscrowd": 0},
    {"id": 7, "category_id": 1, "area": 2, "bbox": [1, 1, 2, 1], "iscrowd": 1},
    {"id": 300, "category_id": 149, "area": 5, "bbox": [0, 2, 5, 1], "iscrowd": 0},
]
PANOPTIC = {
    "info": {"description": "COCO 2018 Panoptic Dataset"},
    "licenses": [{"id": 4, "name": "BY", "url": "https://example.org/by"}],
    "images": [{"id": 139, "file_name": "000000000139.jpg", "width": 5, "height": 3, "license": 4}],
    "annotations": [{"segments_info": SEGMENTS, "file_name": "000000000139.png", "image_id": 139}],
    "categories": [
        {"supercategory": "person", "isthing": 1, "id": 1, "name": "person", "color": [220, 20, 60]},
        {"supercategory": "ground", "isthing": 0, "id": 149, "name": "road", "color": [128, 64, 128]},
    ],
}


def save_ids(path, ids):
    """Write ids as COCO does: red + 256 · green + 65536 · blue."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.stack([ids % 256, ids // 256 % 256, ids // 65536], axis=-1).astype(np.uint8)).save(
        path
    )


def made(folder, ids=IDS, files=None, **changed):
    (folder / "annotations").mkdir(exist_ok=True)
    (folder / "annotations" / "panoptic_val2017.json").write_text(json.dumps({**PANOPTIC, **changed}))
    if ids is not None:
        save_ids(folder / "annotations" / "panoptic_val2017" / "000000000139.png", ids)
    files = files or {"panoptic": "annotations/panoptic_val2017.json"}
    return study(folder, "coco-panoptic", [("139", "val2017/000000000139.jpg", (5, 3))], files)


def annotation(**changed):
    return [{**PANOPTIC["annotations"][0], **changed}]


def test_each_segment_is_exactly_its_pixels(tmp_path):
    unmatched = []
    (sample,) = datasets.read(made(tmp_path), unmatched)
    assert (sample.rejected, unmatched) == ((), [])
    assert [(each.label, each.id, each.box, each.flags, each.annotator) for each in sample.regions] == [
        ("person", "3226956", Box(2, 0, 5, 2), Flags(group_of=False), "unknown"),
        ("person", "7", Box(1, 1, 4, 2), Flags(group_of=True), "unknown"),
        ("road", "300", Box(0, 2, 5, 3), Flags(group_of=False), "unknown"),
    ]
    for region in sample.regions:
        assert (masking.region_mask(region, (5, 3), "outline") == (int(region.id) == IDS)).all()
    thing = {"supercategory": "person", "isthing": 1, "color": [220, 20, 60]}
    assert [each.said for each in sample.regions] == [
        {"category_id": 1, "area": 5, **thing},
        {"category_id": 1, "area": 2, "bbox": [1, 1, 2, 1], **thing},
        {"category_id": 149, "area": 5, "supercategory": "ground", "isthing": 0, "color": [128, 64, 128]},
    ]
    licence = {"id": 4, "name": "BY", "url": "https://example.org/by"}
    assert sample.said == {"file_name": "000000000139.jpg", "license": licence, "unlabelled_px": 3}


def test_what_cannot_be_taken_is_listed_with_its_segment(tmp_path):
    segments = [
        {"id": 300, "category_id": 149},
        {"id": 300, "category_id": 1},
        {"id": 8, "category_id": 1},
        {"id": 7, "category_id": 2},
        {"id": 0, "category_id": 1},
        {"id": 10**30, "category_id": 1},
        "a segment",
    ]
    (sample,) = datasets.read(made(tmp_path, annotations=annotation(segments_info=segments)))
    place = "panoptic_val2017.json, annotation 1"
    assert [(each.id, each.label, each.place, each.reason) for each in sample.rejected] == [
        ("300", "person", f"{place}, segment 2", "id: 300 a second time"),
        ("8", "person", f"{place}, segment 3", "no pixel of the id 8 in its PNG"),
        ("7", "", f"{place}, segment 4", "category_id: 2, none that categories lists"),
        ("0", "person", f"{place}, segment 5", "id: 0, no number above 0"),
        ("1" + "0" * 30, "person", f"{place}, segment 6", f"no pixel of the id 1{'0' * 30} in its PNG"),
        ("", "", f"{place}, segment 7", "id: null, no number above 0"),
        ("3226956", "", place, "5 pixels of the id 3226956, which segments_info does not list"),
    ]
    assert [each.id for each in sample.regions] == ["300"]


@pytest.mark.parametrize(
    ("ids", "row", "reason"),
    [
        (None, {}, 'its PNG, "000000000139.png": no file'),
        (IDS[:, :4], {}, 'its PNG, "000000000139.png": an image of 4 × 3 pixels, not 5 × 3 as the image has'),
        (IDS, {"file_name": "../x.png"}, 'its PNG, "../x.png": a name that leads out of its folder'),
        (IDS, {"file_name": None}, "its PNG, null: no name of a file"),
    ],
)
def test_without_its_png_each_segment_is_listed(tmp_path, ids, row, reason):
    (sample,) = datasets.read(made(tmp_path, ids, annotations=annotation(**row)))
    assert [each.reason for each in sample.rejected] == [reason] * 3
    assert [each.id for each in sample.rejected] == ["3226956", "7", "300"]
    assert sample.regions == ()


def test_an_image_of_another_size_and_a_row_without_segments_are_listed(tmp_path):
    images = [{**PANOPTIC["images"][0], "width": 50}]
    (sample,) = datasets.read(made(tmp_path, images=images))
    assert {each.reason for each in sample.rejected} == {"size: 50 × 3 pixels, not 5 × 3 as the image has"}
    (sample,) = datasets.read(made(tmp_path, annotations=annotation(segments_info=None)))
    assert sample.rejected[0].reason == "segments_info: null, no list of segments"


def test_annotations_of_images_that_are_not_listed_are_unmatched(tmp_path):
    rows = [*PANOPTIC["annotations"], {"image_id": 5, "file_name": "5.png", "segments_info": []}]
    unmatched = []
    datasets.read(made(tmp_path, annotations=rows), unmatched)
    assert [(each.image, each.place) for each in unmatched] == [("5", "panoptic_val2017.json, annotation 2")]


def test_an_image_that_no_file_lists_and_a_file_that_is_none_are_faults(tmp_path):
    with pytest.raises(DataError, match="no image 139"):
        datasets.read(made(tmp_path, images=[{"id": 5}], annotations=annotation(image_id=5)))
    with pytest.raises(DataError, match="categories: found null"):
        datasets.read(made(tmp_path, categories=None))
    with pytest.raises(DataError, match="no panoptic"):
        datasets.read(made(tmp_path, files={"instances": "annotations/panoptic_val2017.json"}))


def test_the_folder_of_pngs_may_be_stated(tmp_path):
    save_ids(tmp_path / "ids" / "000000000139.png", IDS)
    files = {"panoptic_val": "annotations/panoptic_val2017.json", "masks_val": "ids"}
    (sample,) = datasets.read(made(tmp_path, None, files))
    assert len(sample.regions) == 3


def test_images_are_drawn_by_their_categories(tmp_path):
    files = {"panoptic": "annotations/panoptic_val2017.json"}
    made(tmp_path)
    assert coco_panoptic.ids(study(tmp_path, "coco-panoptic", files=files, labels=["road"])) == ["139"]
    assert [
        each.file for each in coco_panoptic.describe(study(tmp_path, "coco-panoptic", files=files), ["139"])
    ] == ["000000000139.jpg"]


def test_a_layout_tells_the_folder(tmp_path):
    made(tmp_path)
    paint(tmp_path / "val2017" / "000000000139.jpg", (5, 3))
    found = layouts.choose_layout(Listing(tmp_path))
    assert (found.layout, found.dataset, found.detail) == ("coco-panoptic", "coco-panoptic", OUTLINES)
    assert found.files == {
        "panoptic_val2017": "annotations/panoptic_val2017.json",
        "masks_val2017": "annotations/panoptic_val2017",
    }
    assert list(found.images(LeftOut())) == [
        FoundImage("139", "val2017/000000000139.jpg", 5, 3, "BY, https://example.org/by", split="val2017")
    ]
