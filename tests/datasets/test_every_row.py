"""Every row of a file is an annotation or is listed with its place, whatever stands before and behind it."""

import json
from functools import partial

import pytest
from datasets.study_files import KITTI
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from small_studies import put, study
from trying import examples

from retrain_kit import datasets

SIZE = (50, 40)
CORNERS = [[1, 2], [20, 2], [20, 30]]


def lines(folder, dataset, image, file, rows):
    put(folder, file, content="\n".join(rows).encode())
    return study(folder, dataset, [("a", image, SIZE)])


def labelme(folder, rows):
    put(folder, "a.json", content=json.dumps({"shapes": rows}).encode())
    return study(folder, "labelme", [("a", "a.jpg", SIZE)])


def cityscapes(folder, rows):
    put(folder, "gtFine/a_gtFine_polygons.json", content=json.dumps({"objects": rows}).encode())
    return study(folder, "cityscapes", [("a", "leftImg8bit/a_leftImg8bit.png", SIZE)])


def cvat(folder, rows):
    image = f'<image id="0" name="a.jpg" width="50" height="40">{"".join(rows)}</image>'
    put(folder, "a.xml", content=f"<annotations>{image}</annotations>".encode())
    return study(folder, "cvat", [("a", "a.jpg", SIZE)], {"annotations": "a.xml"})


def label_studio(folder, rows):
    results = [
        row | {"id": str(at)} if isinstance(row, dict) else row for at, row in enumerate(rows, start=1)
    ]
    task = {"id": 1, "data": {"image": "a.jpg"}, "annotations": [{"id": 1, "result": results}]}
    put(folder, "a.json", content=json.dumps([task]).encode())
    return study(folder, "label-studio", [("a", "a.jpg", SIZE)], {"annotations": "a.json"})


SHAPE = {"label": "cat", "points": CORNERS}
OBJECT = {"label": "road", "polygon": CORNERS}
RESULT = {"type": "polygonlabels", "value": {"points": CORNERS, "polygonlabels": ["cat"]}}
YOLO_ROWS = [
    "0 0.5 0.5 0.2 0.4",
    "1 0 0 1 0 0.5 1",
    "0 0.5 0.5 0.2",
    "cat 0.5 0.5 0.2 0.4",
    "0 9 9 9 9",
    "0 0.5 0.5 0.1 -1",
]
CVAT_ROWS = [
    '<box label="a" xtl="1" ytl="2" xbr="3" ybr="4"/>',
    '<polygon label="b" points="1,2;3,4;5,9"/>',
    '<polygon label="c" points="1,2"/>',
    '<box xtl="1" ytl="2" xbr="3" ybr="4"/>',
    "<star/>",
]
FORMATS = {
    "yolo": (partial(lines, dataset="yolo", image="images/a.jpg", file="labels/a.txt"), YOLO_ROWS),
    "kitti": (partial(lines, dataset="kitti", image="image_2/a.png", file="label_2/a.txt"), [*KITTI.splitlines(), "Car", "Car x"]),
    "labelme": (labelme, [SHAPE, {**SHAPE, "label": ""}, {**SHAPE, "points": 7}, {**SHAPE, "shape_type": "star"}, None, 7]),
    "cityscapes": (cityscapes, [OBJECT, {**OBJECT, "deleted": 1}, {**OBJECT, "polygon": []}, {"label": "sky"}, None, "x"]),
    "cvat": (cvat, CVAT_ROWS),
    "label_studio": (label_studio, [RESULT, {**RESULT, "value": {}}, {**RESULT, "original_width": 7}, {"type": "relation"}, None, "x"]),
}  # fmt: skip


def place(rejected):
    """The number at the end of a place: that of the row."""
    return int(rejected.place.rpartition(" ")[2])


@pytest.mark.parametrize("name", FORMATS)
@examples(20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_every_row_is_an_annotation_or_listed_and_none_is_both(tmp_path, name, data):
    make, pool = FORMATS[name]
    rows = data.draw(st.lists(st.sampled_from(pool), min_size=1, max_size=6))
    unmatched = []
    (sample,) = datasets.read(make(tmp_path, rows=rows), unmatched)
    listed = [place(each) for each in sample.rejected if each.place]
    taken = [int(region.id) for region in sample.regions]
    assert sorted(taken + listed) == list(range(1, len(rows) + 1))
    assert all(each.reason for each in sample.rejected)
    assert unmatched == []
