"""YOLO's label files as trainers, Darknet, LabelImg, CVAT and Roboflow write them."""

import pytest
from datasets.study_files import paint
from small_studies import put, study

from retrain_kit import datasets
from retrain_kit.annotations.samples import Box, Region
from retrain_kit.datasets import layouts, yolo
from retrain_kit.datasets.layouts.found import FoundImage, LeftOut
from retrain_kit.datasets.layouts.listing import Listing
from retrain_kit.errors import DataError, ParameterError

ROBOFLOW = """\
train: ../train/images
val: ../valid/images
test: ../test/images

nc: 3
names: ['cat', 'no', '1']

roboflow:
  workspace: someone
  license: CC BY 4.0
"""
POSE = "path: ../datasets/pose\ntrain: images/train\nval:\n  - images/val\nkpt_shape: [2, 3]\nnames:\n  0: person\n  1: dog\n"


def put_texts(folder, **texts):
    """Write texts by path, the dot as __ and the slash as ___."""
    for name, text in texts.items():
        put(folder, name.replace("___", "/").replace("__", "."), content=text.encode())


def one(folder, text, files=None, size=(200, 100), **more):
    """The sample of an image `images/a.jpg`, read from these lines."""
    put_texts(folder, labels___a__txt=text, **more)
    unmatched = []
    (sample,) = datasets.read(study(folder, "yolo", [("a", "images/a.jpg", size)], files), unmatched)
    assert unmatched == []
    return sample


def test_a_box_is_its_middle_width_and_height_in_shares_of_the_image(tmp_path):
    sample = one(
        tmp_path,
        "0 0.5 0.5 0.2 0.4\n\n1 0.05 0.1 0.1 0.2\r\n",
        {"names": "classes.txt"},
        classes__txt="cat\nno\n",
    )
    assert sample.regions == (
        Region("cat", Box(80, 30, 120, 70), "1", said={"class": 0}),
        Region("no", Box(0, 0, 20, 20), "3", said={"class": 1}),
    )
    assert sample.said == {"label_file": "labels/a.txt"}


@pytest.mark.parametrize(
    ("columns", "box", "polygons", "said"),
    [
        ("0.5 0.5 0.2 0.4 0.75", Box(80, 30, 120, 70), (), {"confidence": 0.75}),
        ("0 0 1 0 0.5 1", Box(0, 0, 200, 100), (((0, 0), (200, 0), (100, 100)),), {}),
        ("0 0 1 0 0.5 1 0.25", Box(0, 0, 200, 100), (((0, 0), (200, 0), (100, 100)),), {"confidence": 0.25}),
        (
            "0.1 0.5 0.2 0.1 0.3 0.5 0.2 0.9",
            Box(20, 10, 60, 90),
            (((20, 50), (40, 10), (60, 50), (40, 90)),),
            {},
        ),
        ("0.5 0.5 0.2 0.4 0.5 0.5 2", Box(80, 30, 120, 70), (), {"keypoints": [100, 50, 2]}),
        ("0.5 0.5 0.2 0.4 0.5 0.5 2 0 0 0", Box(80, 30, 120, 70), (), {"keypoints": [100, 50, 2, 0, 0, 0]}),
        ("-0.05 0.5 0.2 1.02", Box(-30, -1, 10, 101), (), {}),
    ],
    ids=[
        "box of a model",
        "outline",
        "outline of a model",
        "oriented box",
        "keypoint",
        "keypoints",
        "a little outside",
    ],
)
def test_the_number_of_columns_says_what_a_line_is(tmp_path, columns, box, polygons, said):
    (region,) = one(tmp_path, f"7 {columns}\n").regions
    assert region == Region("7", box, "1", polygons=polygons, said=said)


def test_an_outline_whose_numbers_might_be_keypoints_is_an_outline(tmp_path):
    (region,) = one(tmp_path, "0 0.1 0.1 0.9 0.1 0.9 0.5 1 0.9 0.9 0\n").regions
    assert len(region.polygons[0]) == 5


def test_data_says_how_many_keypoints_of_how_many_numbers_there_are(tmp_path):
    text = "0 0.5 0.5 0.2 0.4 0.5 0.5 1 0.25 0.25 1\n0 0.5 0.5 0.2 0.4 0.5 0.5 2\n"
    sample = one(tmp_path, text, {"data": "data.yaml"}, data__yaml=POSE)
    assert [region.said for region in sample.regions] == [
        {"class": 0, "keypoints": [100, 50, 1, 50, 25, 1]},
        {"class": 0, "confidence": 2},
    ]
    two = POSE.replace("[2, 3]", "[2, 2]") + "kpt_names:\n  0: [nose, tail]\n"
    (region,) = one(
        tmp_path, "0 0.5 0.5 0.2 0.4 0.5 0.5 0.25 0.25\n", {"data": "data.yaml"}, data__yaml=two
    ).regions
    assert region.said == {
        "class": 0,
        "keypoints": [100, 50, 50, 25],
        "keypoint_names": {"0": ["nose", "tail"]},
    }


def test_what_cannot_be_taken_is_listed_with_its_line(tmp_path):
    lines = [
        "2 0.5 0.5 0.1 0.1",
        "-1 0.5 0.5 0.1 0.1",
        "cat 0.5 0.5 0.1 0.1",
        "0 0.5 0.5 0.1",
        "0 120 80 30 20",
        "0 0.5 0.5 nan 0.1",
        "0 0.5 0.5 -0.1 0.1",
        "0 0.5 0.5 0 0.1",
        "0 0.5 0.5 0.1 0.1",
    ]
    sample = one(tmp_path, "\n".join(lines), {"names": "classes.txt"}, classes__txt="cat\ndog\n")
    assert [(each.id, each.label, each.place, each.reason, each.kept, each.row) for each in sample.rejected] == [
        ("1", "", "labels/a.txt, line 1", "class: 2, none of the 2 that have a word", "", lines[0]),
        ("2", "", "labels/a.txt, line 2", "class: -1, none of the 2 that have a word", "", lines[1]),
        ("3", "", "labels/a.txt, line 3", 'class: "cat", no number', "", lines[2]),
        ("4", "cat", "labels/a.txt, line 4", "4 columns, neither a box nor an outline nor keypoints", "", lines[3]),
        ("5", "cat", "labels/a.txt, line 5", "120, no share of the image's edge: 0 to 1. Are they pixels?", "", lines[4]),
        ("6", "cat", "labels/a.txt, line 6", 'a column: "nan", no finite number', "", lines[5]),
        ("7", "cat", "labels/a.txt, line 7", "its box: (110.0, 45.0, 90.0, 55.0), not left <= right and top <= bottom", "", lines[6]),
        ("8", "cat", "", "its box: empty: covers nothing", "the word", None),
    ]  # fmt: skip
    assert [region.id for region in sample.regions] == ["8", "9"]


def test_a_file_that_is_no_text_and_one_for_which_there_is_no_image_are_listed(tmp_path):
    paint(tmp_path / "images" / "a.jpg", (20, 10))
    put(tmp_path, "labels/a.txt", content=b"0 0.5\xff")
    put_texts(tmp_path, labels___b__txt="0 0.5 0.5 0.1 0.1\n", labels___classes__txt="cat\n")
    unmatched = []
    images = [("a", "images/a.jpg", (20, 10))]
    (sample,) = datasets.read(study(tmp_path, "yolo", images, {"labels": "labels"}), unmatched)
    assert [each.place for each in sample.rejected] == ["labels/a.txt"]
    assert [(each.image, each.reason, each.place, each.row) for each in unmatched] == [
        ("b", "no image b", "labels/b.txt, line 1", "0 0.5 0.5 0.1 0.1")
    ]


@pytest.mark.parametrize(
    ("image", "label"),
    [
        ("images/train/a.jpg", "labels/train/a.txt"),
        ("train/images/a.jpg", "train/labels/a.txt"),
        ("train/image/a.jpg", "train/label/a.txt"),
        ("obj_train_data/a.jpg", "obj_train_data/a.txt"),
        ("images/a.jpg", "images/a.txt"),
        ("photos/x/a.jpg", "marks/x/a.txt"),
        ("photos/x/a.jpg", "marks/a.txt"),
        ("JPEGImages/a.b.jpg", "labels/a.b.txt"),
    ],
)
def test_a_label_file_is_found_where_trainers_look_for_it(tmp_path, image, label):
    put(tmp_path, label, content=b"0 0.5 0.5 0.2 0.4\n")
    files = {"labels": "marks"} if "marks" in label else None
    (sample,) = datasets.read(study(tmp_path, "yolo", [("a", image, (200, 100))], files))
    assert sample.said["label_file"] == label


def test_of_two_images_of_one_name_each_has_its_own_labels_or_none(tmp_path):
    put(tmp_path, "train/labels/a.txt", content=b"0 0.5 0.5 0.2 0.4\n")
    put(tmp_path, "valid/labels/b.txt", content=b"")
    images = [(split, f"{split}/images/a.jpg", (20, 10)) for split in ("train", "valid")]
    files = {"labels_1": "train/labels", "labels_2": "valid/labels"}
    assert [len(each.regions) for each in datasets.read(study(tmp_path, "yolo", images, files))] == [1, 0]


def test_what_lies_beside_images_is_of_those_images_alone(tmp_path):
    for split in ("train", "val"):
        paint(tmp_path / split / "a.jpg", (20, 10))
    put(tmp_path, "train/a.txt", content=b"0 0.5 0.5 0.2 0.4\n")
    images = [(split, f"{split}/a.jpg", (20, 10)) for split in ("train", "val")]
    for files in ({"labels": "."}, {"labels": "train"}, None):
        assert [len(each.regions) for each in datasets.read(study(tmp_path, "yolo", images, files))] == [1, 0]


def test_a_study_without_any_label_file_is_a_fault(tmp_path):
    with pytest.raises(DataError, match=r"no .txt file of any image"):
        datasets.read(study(tmp_path, "yolo", [("a", "images/a.jpg", (20, 10))]))


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("data.yaml", "names: [", "no YAML"),
        ("data.yaml", "[1]", "found a list"),
        ("data.yaml", "names: cat", 'names: found "cat"'),
        ("data.yaml", "names:\n  zero: cat", "a word for each number"),
        ("data.yaml", "names: [[a], b]", "names: found a list"),
        ("data.yaml", "a: &a [x]\nnames: {0: *b}", "no YAML"),
        ("classes.txt", "caf\xe9".encode("latin-1"), "no text"),
    ],
)  # fmt: skip
def test_words_that_are_none_are_a_fault_of_their_file(tmp_path, name, text, found):
    put(tmp_path, name, content=text if isinstance(text, bytes) else text.encode())
    put(tmp_path, "labels/a.txt", content=b"0 0.5 0.5 0.2 0.4\n")
    files = {"data" if name.endswith("yaml") else "names": name}
    with pytest.raises(DataError, match=found):
        datasets.read(study(tmp_path, "yolo", [("a", "images/a.jpg", (20, 10))], files))


def roboflow(folder):
    for split in ("train", "valid"):
        paint(folder / split / "images" / "a.jpg", (20, 10))
    put_texts(
        folder,
        data__yaml=ROBOFLOW,
        train___labels___a__txt="1 0.5 0.5 0.2 0.4\n",
        valid___labels___a__txt="2 0 0 1 0 1 1\n",
    )


def test_words_are_those_that_stand_there_whatever_yaml_makes_of_them(tmp_path):
    roboflow(tmp_path)
    images = [(split, f"{split}/images/a.jpg", (20, 10)) for split in ("train", "valid")]
    samples = datasets.read(study(tmp_path, "yolo", images, {"data": "data.yaml"}))
    assert [(each.said["split"], each.regions[0].label) for each in samples] == [
        ("train", "no"),
        ("val", "1"),
    ]


def test_a_layout_tells_roboflows_folder(tmp_path):
    roboflow(tmp_path)
    paint(tmp_path / "runs" / "batch0.jpg", (8, 8))
    found = layouts.choose_layout(Listing(tmp_path))
    assert (found.layout, found.dataset, found.licence) == ("yolo", "yolo", "CC BY 4.0")
    assert found.files == {"data": "data.yaml", "labels_1": "train/labels", "labels_2": "valid/labels"}
    assert list(found.images(LeftOut())) == [
        FoundImage("train%2Fimages%2Fa.jpg", "train/images/a.jpg", split="train"),
        FoundImage("valid%2Fimages%2Fa.jpg", "valid/images/a.jpg", split="val"),
    ]
    assert found.sentences == (
        "2 images in 2 folders with YOLO's label files.",
        "Their first lines have 5, 7 and more columns: outlines or keypoints.",
        "Words and lists are those of data.yaml.",
    )


def test_a_layout_tells_darknets_folder_and_a_folder_of_labelimg(tmp_path):
    paint(tmp_path / "d" / "obj_train_data" / "a.png", (20, 10))
    put_texts(
        tmp_path / "d",
        obj__data="classes = 1\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n",
        obj__names="cat\n",
        train__txt="data/obj_train_data/a.png\n",
        obj_train_data___a__txt="0 0.5 0.5 0.2 0.4\n",
    )
    found = layouts.choose_layout(Listing(tmp_path / "d"))
    assert found.files == {"data": "obj.data", "labels": "obj_train_data"}
    images = [(each.id, each.file, (20, 10)) for each in found.images(LeftOut())]
    (sample,) = datasets.read(study(tmp_path / "d", found.dataset, images, found.files))
    assert (sample.said["split"], [region.label for region in sample.regions]) == ("train", ["cat"])

    paint(tmp_path / "l" / "a.jpg", (20, 10))
    put_texts(tmp_path / "l", classes__txt="cat\n", a__txt="0 0.5 0.5 0.2 0.4\n")
    found = layouts.choose_layout(Listing(tmp_path / "l"))
    assert (found.layout, found.files) == ("yolo", {"names": "classes.txt", "labels": "."})


def test_images_are_drawn_by_their_words_and_lists(tmp_path):
    roboflow(tmp_path)
    files, ids = {"data": "data.yaml"}, ["train%2Fimages%2Fa.jpg", "valid%2Fimages%2Fa.jpg"]
    assert yolo.ids(study(tmp_path, "yolo", files=files)) == ids
    assert yolo.ids(study(tmp_path, "yolo", files=files, labels=["1"])) == ids[1:]
    assert yolo.ids(study(tmp_path, "yolo", files=files, subset="train")) == ids[:1]
    assert [each.file for each in yolo.describe(study(tmp_path, "yolo", files=files), ids)] == [
        "train/images/a.jpg",
        "valid/images/a.jpg",
    ]
    for rule in ({"labels": ["dog"]}, {"subset": "test"}):
        with pytest.raises(ParameterError):
            yolo.ids(study(tmp_path, "yolo", files=files, **rule))


def test_words_of_another_data_set_are_not_taken_for_these_classes(tmp_path):
    for split in ("train", "other"):
        paint(tmp_path / split / "images" / "a.jpg", (20, 10))
    put_texts(
        tmp_path,
        classes__txt="cat\n",
        data__yaml=ROBOFLOW.replace("../train", "other"),
        train___labels___a__txt="7 0.5 0.5 0.2 0.4\n",
    )
    found = layouts.choose_layout(Listing(tmp_path))
    assert found.files == {"labels": "train/labels"}
    assert found.sentences[-1] == (
        "No file says the words of its classes: their numbers stand for them. "
        "Not theirs, as classes or lists do not fit: data.yaml, classes.txt."
    )


def test_label_files_without_any_image_are_no_layout(tmp_path):
    paint(tmp_path / "shot.png", (20, 10))
    put_texts(tmp_path, a__txt="0 0.5 0.5 0.2 0.4\n", classes__txt="cat\n")
    assert layouts.choose_layout(Listing(tmp_path)).layout == "images"


def test_a_layout_tells_folders_of_any_name_that_lie_beside_each_other(tmp_path):
    paint(tmp_path / "JPEGIMG" / "a.jpg", (20, 10))
    put_texts(tmp_path, YOLOLabels___a__txt="0 0.5 0.5 0.2 0.4\n", train__txt="JPEGIMG/a.jpg\n")
    voc = b"<annotation><object><name>cat</name></object></annotation>"
    put(tmp_path, "Annotations/a.xml", content=voc)
    found = {each.layout: each for each in layouts.find_layouts(Listing(tmp_path))}
    assert found["pascal-voc"].files == {"annotations": "Annotations"}
    assert found["yolo"].files == {"labels": "YOLOLabels"}
    images = [(each.id, each.file, (20, 10)) for each in found["yolo"].images(LeftOut())]
    (sample,) = datasets.read(study(tmp_path, "yolo", images, found["yolo"].files))
    assert len(sample.regions) == 1
