"""LabelMe's files, with every shape that it draws."""

import json

import numpy as np
import pytest
from datasets.study_files import labelme, paint, png_text
from small_studies import put, study

from retrain_kit import datasets
from retrain_kit.annotations.samples import Box, ImageLabel, PointLabel, Region
from retrain_kit.datasets import labelme as reader
from retrain_kit.datasets import layouts
from retrain_kit.datasets.layouts.found import FoundImage, LeftOut
from retrain_kit.datasets.layouts.listing import Listing
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.imaging import masking

CAT = {"label": "cat", "points": [[1, 2], [20, 2], [20, 30]]}


def one(folder, *shapes, image="a.jpg", **more):
    table = {"shapes": list(shapes), "imagePath": "a.jpg", "imageHeight": 40, "imageWidth": 50, **more}
    put(folder, "a.json", content=json.dumps(table).encode())
    (sample,) = datasets.read(study(folder, "labelme", [("a", image, (50, 40))]))
    return sample


def test_every_shape_is_read(tmp_path):
    unmatched = []
    (sample,) = datasets.read(labelme(tmp_path), unmatched)
    assert unmatched == []
    assert [each for each in sample.regions if each.mask is None] == [
        Region(
            "cat", Box(1, 2, 20, 30.5), "1", polygons=(((1, 2), (20, 2), (20, 30.5)),), said={"group_id": 3}
        ),
        Region("dog", Box(10, 5, 40, 30), "2", said={"description": "asleep"}),
        Region("tail", Box(1, 1, 20, 9), "5", said={"points": [[1, 1], [9, 9], [20, 3]]}),
    ]
    assert sample.points == (PointLabel("nose", 5.5, 6, present=True, said={"shape": "4"}),)
    assert sample.labels == (ImageLabel("indoors", present=True),)
    assert sample.said == {
        "label_file": "a.json",
        "version": "5.4.1",
        "flags": {"indoors": True, "night": False},
    }
    assert [(each.id, each.place, each.reason) for each in sample.rejected] == [
        ("7", "a.json, shape 7", 'label: "", no word')
    ]


def test_masks_and_circles_are_exact_to_the_pixel(tmp_path):
    (sample,) = datasets.read(labelme(tmp_path))
    eye, ear = (each for each in sample.regions if each.mask is not None)
    rows, columns = np.mgrid[:40, :50] + 0.5
    assert (
        masking.region_mask(eye, (50, 40), "outline") == ((columns - 20) ** 2 + (rows - 20) ** 2 <= 25)
    ).all()
    expected = np.zeros((40, 50), dtype=bool)
    expected[5, [5, 6]] = expected[6, [4, 6]] = True
    assert (masking.region_mask(ear, (50, 40), "outline") == expected).all()


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ({**CAT, "label": None}, "label: null, no word"),
        ({**CAT, "points": [[1, 2], [3, 4]]}, "points: 2, not 3 or more"),
        ({**CAT, "points": [[1, 2], [3], [4, 5]]}, "points: [[1, 2], [3], [4, 5]], a point that is not x and y"),
        ({**CAT, "points": []}, "points: [], no list of points"),
        ({**CAT, "points": [[1, 2], [3, "4"], [5, 6]]}, 'a point: [3, "4"], not finite numbers alone'),
        ({**CAT, "shape_type": "cube"}, 'shape_type: "cube", none that the kit knows'),
        ({**CAT, "shape_type": "mask"}, "mask: null, no picture"),
        ({**CAT, "shape_type": "mask", "mask": "?"}, "mask: no picture in Base64"),
        ({**CAT, "shape_type": "mask", "mask": png_text([[1]]), "points": [[50, 2], [51, 3]]}, "a mask of 1 × 1 pixels from 50, 2 on, beyond the image"),
        ("cat", '"cat", no shape'),
    ],
)  # fmt: skip
def test_a_shape_that_cannot_be_taken_is_listed(tmp_path, shape, reason):
    sample = one(tmp_path, shape, CAT)
    assert [(each.reason, each.place, each.row) for each in sample.rejected] == [
        (reason, "a.json, shape 1", shape)
    ]
    assert [each.id for each in sample.regions] == ["2"]


def test_a_file_that_is_none_and_one_of_another_size_are_listed(tmp_path):
    assert [each.reason for each in one(tmp_path, CAT, imageWidth=51).rejected] == [
        "size: 51 × 40 pixels, not 50 × 40 as the image has"
    ]
    assert len(one(tmp_path, CAT, imageWidth=None, imageHeight=None).regions) == 1
    assert one(tmp_path, shapes=None).rejected[0].reason == "no list of shapes"


@pytest.mark.parametrize(
    ("image", "file", "files"),
    [
        ("images/x/a.jpg", "annotations/x/a.json", None),
        ("train/images/a.jpg", "train/json/a.json", None),
        ("photos/a.jpg", "marks/a.json", {"annotations": "marks"}),
    ],
)
def test_a_file_is_found_beside_its_image_or_in_a_folder_that_mirrors_it(tmp_path, image, file, files):
    put(tmp_path, file, content=json.dumps({"shapes": [CAT]}).encode())
    (sample,) = datasets.read(study(tmp_path, "labelme", [("a", image, (50, 40))], files))
    assert (sample.said, len(sample.regions)) == ({"label_file": file}, 1)


def test_shapes_without_an_image_are_unmatched_and_images_without_any_file_a_fault(tmp_path):
    paint(tmp_path / "a.jpg", (50, 40))
    put(tmp_path, "a.json", "b.json", content=json.dumps({"shapes": [CAT]}).encode())
    put(tmp_path, "package.json", content=b'{"name": "x"}')
    unmatched = []
    datasets.read(study(tmp_path, "labelme", [("a", "a.jpg", (50, 40))]), unmatched)
    assert [(each.image, each.place, each.row) for each in unmatched] == [("b", "b.json, shape 1", CAT)]
    with pytest.raises(DataError, match="no .json file of any image"):
        datasets.read(study(tmp_path, "labelme", [("c", "c.jpg", (50, 40))]))


def test_a_layout_tells_the_folder_and_images_are_drawn_by_their_labels(tmp_path):
    labelme(tmp_path)
    paint(tmp_path / "a.jpg", (50, 40))
    found = layouts.choose_layout(Listing(tmp_path))
    assert (found.layout, found.dataset, found.files) == ("labelme", "labelme", {"annotations": "."})
    assert list(found.images(LeftOut())) == [FoundImage("a.jpg", "a.jpg")]
    assert reader.ids(study(tmp_path, "labelme", labels=["tail"])) == ["a.jpg"]
    assert [each.file for each in reader.describe(study(tmp_path, "labelme"), ["a.jpg"])] == ["a.jpg"]
    with pytest.raises(ParameterError):
        reader.ids(study(tmp_path, "labelme", labels=["kite"]))
