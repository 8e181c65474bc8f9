"""Data sets are found as they lie in folders, by what their files are, and read by the kit's readers."""

import json

import pytest
from own_folders import VOC_XML, coco, coco_json, image, roboflow, voc, write

from retrain_kit import datasets
from retrain_kit.datasets import layouts
from retrain_kit.datasets.layouts.found import LeftOut
from retrain_kit.datasets.layouts.listing import Listing
from retrain_kit.errors import ParameterError
from retrain_kit.studies import manifests


@pytest.fixture(autouse=True)
def _data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "kept"))
    monkeypatch.chdir(tmp_path)


def found_in(folder, layout=""):
    return layouts.choose_layout(Listing(folder), layout)


def rows(found):
    left_out = LeftOut()
    return [(each.id, each.file, each.split) for each in found.images(left_out)], dict(left_out.listed)


def labels(folder, layout=""):
    """Return what the study of a folder says of each image: the words of its annotations."""
    study = manifests.load(layouts.study_of(folder, layout))
    return {
        sample.id: [each.label for each in (*sample.regions, *sample.labels)]
        for sample in datasets.read(study)
    }


def test_coco_is_found_by_its_splits(tmp_path):
    found = found_in(coco(tmp_path / "c"))
    assert (found.layout, found.dataset, dict(found.files)) == (
        "coco",
        "coco",
        {
            "instances_train2017": "annotations/instances_train2017.json",
            "instances_val2017": "annotations/instances_val2017.json",
        },
    )
    assert rows(found) == (
        [
            ("0", "images/train2017/a.jpg", "train2017"),
            ("1", "images/train2017/b.jpg", "train2017"),
            ("7", "images/val2017/c.jpg", "val2017"),
        ],
        {"gone.jpg": "an image that is listed, and no such file is here"},
    )
    assert found.publication == {"published": "2019", "cite": "Cats, A. N. Other"}
    assert found.version == "2"
    assert labels(tmp_path / "c") == {"0": ["cat"], "1": ["cat"], "7": ["cat"]}


def test_what_coco_says_of_an_image_is_taken(tmp_path):
    first = next(found_in(coco(tmp_path / "c")).images(LeftOut()))
    assert (first.width_px, first.height_px, first.licence, first.source) == (
        8,
        6,
        "CC BY 2.0, https://example.org/by",
        "http://images.example.org/1.jpg",
    )


def test_images_of_two_splits_with_one_number_and_one_name_are_two(tmp_path):
    folder = roboflow(tmp_path / "r")
    found = found_in(folder)
    assert rows(found) == (
        [("train-0", "train/same.jpg", "train"), ("valid-0", "valid/same.jpg", "valid")],
        {},
    )
    assert labels(folder) == {"train-0": ["cat"], "valid-0": ["dog"]}
    assert found.licence == "CC BY 4.0"
    assert found.looked_into == ("README.dataset.txt",)


@pytest.mark.parametrize(
    "stated",
    [
        "a.jpg",
        "images/a.jpg",
        "./a.jpg",
        "C:\\\\sets\\\\images\\\\a.jpg",
        "/home/me/images/a.jpg",
        "http://x.org/images/a.jpg",
        "http://[x/images/a.jpg?b",
    ],
)
def test_an_image_is_found_however_its_annotation_file_says_where_it_was(tmp_path, stated):
    image(tmp_path / "c" / "images" / "a.jpg")
    write(tmp_path / "c" / "labels" / "result.json", coco_json([stated.replace("\\\\", "\\")]))
    assert rows(found_in(tmp_path / "c")) == ([("0", "images/a.jpg", "")], {})


def test_two_files_by_the_name_of_an_image_are_not_guessed_between(tmp_path):
    for place in ("one", "two"):
        image(tmp_path / "c" / "deep" / place / "a.jpg")
    write(tmp_path / "c" / "x.json", coco_json(["a.jpg"]))
    assert rows(found_in(tmp_path / "c", "coco")) == ([], {"a.jpg": "several files by its name"})


def test_captions_and_keypoints_come_with_the_instances_of_their_split(tmp_path):
    image(tmp_path / "c" / "train" / "a.jpg")
    instances = coco_json(["a.jpg"])
    captions = instances | {"annotations": [{"id": 1, "image_id": 0, "caption": "A cat."}]}
    keypoints = coco_json(["a.jpg"])
    keypoints["annotations"][0] |= {"keypoints": [1, 1, 2], "num_keypoints": 1}
    for name, said in {"instances": instances, "captions": captions, "person_keypoints": keypoints}.items():
        write(tmp_path / "c" / "annotations" / f"{name}_train.json", said)
    assert dict(found_in(tmp_path / "c").files) == {
        "instances_train": "annotations/instances_train.json",
        "captions_train": "annotations/captions_train.json",
        "keypoints_train": "annotations/person_keypoints_train.json",
    }
    (sample,) = datasets.read(manifests.load(layouts.study_of(tmp_path / "c")))
    assert sample.said["captions"] == [{"id": 1, "caption": "A cat."}]


@pytest.mark.parametrize(
    "other",
    [
        [],
        {"images": []},
        {"images": [], "annotations": [{"segments_info": []}]},
        {"annotations": []},
        "{",
        "null",
    ],
)
def test_other_json_is_none_of_cocos(tmp_path, other):
    image(tmp_path / "c" / "a.jpg")
    write(tmp_path / "c" / "a.json", other)
    assert found_in(tmp_path / "c").layout == "images"


def test_voc_is_found_with_its_lists_of_splits(tmp_path):
    found = found_in(voc(tmp_path / "VOCdevkit" / "VOC2007").parent)
    assert dict(found.files) == {"annotations": "VOC2007/Annotations", "sets": "VOC2007/ImageSets/Main"}
    assert rows(found)[0] == [
        ("1", "VOC2007/JPEGImages/1.jpg", "train"),
        ("2", "VOC2007/JPEGImages/2.jpg", "val"),
        ("3", "VOC2007/JPEGImages/3.jpg", "train"),
    ]
    assert labels(tmp_path / "VOCdevkit") == {"1": ["cat"], "2": ["cat"], "3": []}


def test_xmls_beside_images_of_two_splits_with_one_name_are_two(tmp_path):
    for split, label in {"train": "cat", "valid": "dog"}.items():
        image(tmp_path / "v" / split / "a.jpg")
        write(tmp_path / "v" / split / "a.xml", VOC_XML.format(name="a", label=label))
    assert labels(tmp_path / "v") == {"train-a": ["cat"], "valid-a": ["dog"]}
    unmatched = []
    datasets.read(manifests.load(layouts.study_of(tmp_path / "v")), unmatched)
    assert unmatched == []


def test_corners_at_zero_are_said(tmp_path):
    image(tmp_path / "v" / "a.jpg")
    write(tmp_path / "v" / "a.xml", VOC_XML.format(name="a", label="cat").replace("<xmin>1<", "<xmin>0<"))
    assert found_in(tmp_path / "v").sentences[1] == (
        "1 of 1 XMLs looked at have a corner at 0, where VOC counts from 1: their tool may count from 0. "
        'dataset = "imagenet-boxes" in the TOML reads them so.'
    )


def test_folders_of_synsets_are_imagenets(tmp_path):
    image(tmp_path / "i" / "train" / "n01440764" / "n01440764_1.JPEG")
    image(tmp_path / "i" / "val" / "n01443537" / "ILSVRC2012_val_00000002.JPEG")
    write(tmp_path / "i" / "LOC_synset_mapping.txt", "n01440764 tench\nn01443537 goldfish\n")
    found = found_in(tmp_path / "i")
    assert (found.dataset, dict(found.files)) == ("imagenet", {"synsets": "LOC_synset_mapping.txt"})
    assert labels(tmp_path / "i") == {
        "n01440764_1": ["tench"],
        "ILSVRC2012_val_00000002": ["goldfish"],
    }


def test_open_images_is_found_by_the_first_lines_of_its_tables(tmp_path):
    name = "0123456789abcdef"
    image(tmp_path / "o" / "train" / "data" / f"{name}.jpg")
    columns = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded"
    write(
        tmp_path / "o" / "train" / "labels" / "detections.csv",
        f"{columns}\n{name},xclick,/m/01yrx,1,0,0.5,0,0.5,0\n",
    )
    write(tmp_path / "o" / "train" / "metadata" / "classes.csv", "/m/01yrx,Cat\n")
    found = found_in(tmp_path / "o")
    assert dict(found.files) == {
        "boxes": "train/labels/detections.csv",
        "classes": "train/metadata/classes.csv",
    }
    assert labels(tmp_path / "o") == {name: ["Cat"]}


def test_visual_genome_is_found_by_its_files_and_numbers(tmp_path):
    image(tmp_path / "g" / "VG_100K" / "1.jpg")
    objects = [
        {"image_id": 1, "objects": [{"object_id": 3, "names": ["cat"], "x": 1, "y": 1, "w": 2, "h": 2}]}
    ]
    write(tmp_path / "g" / "objects_v1_2.json", objects)
    found = found_in(tmp_path / "g")
    assert (found.dataset, dict(found.files)) == ("visual-genome", {"objects": "objects_v1_2.json"})
    assert labels(tmp_path / "g") == {"1": ["cat"]}


def test_folders_are_classes_where_every_split_has_the_same(tmp_path):
    for split in ("train", "val"):
        for name in ("cat", "dog"):
            image(tmp_path / "k" / split / name / "1.jpg")
    assert labels(tmp_path / "k") == {
        "train%2Fcat%2F1.jpg": ["cat"],
        "train%2Fdog%2F1.jpg": ["dog"],
        "val%2Fcat%2F1.jpg": ["cat"],
        "val%2Fdog%2F1.jpg": ["dog"],
    }


def test_folders_that_may_be_classes_are_labels_only_where_somebody_says_so(tmp_path):
    for name in ("monday", "tuesday"):
        image(tmp_path / "k" / name / "1.jpg")
    every = layouts.find_layouts(Listing(tmp_path / "k"))
    assert [each.layout for each in every] == ["images", "class-folders"]
    assert labels(tmp_path / "k") == {"monday%2F1.jpg": [], "tuesday%2F1.jpg": []}
    assert labels(tmp_path / "k", "class-folders") == {
        "monday%2F1.jpg": ["monday"],
        "tuesday%2F1.jpg": ["tuesday"],
    }


def test_the_kits_own_annotations_name_images_by_path_or_by_name(tmp_path):
    image(tmp_path / "f" / "deep" / "a.png")
    image(tmp_path / "f" / "b.png")
    lines = [
        {"image": "a", "id": "1", "label": "cat", "box": [0, 0, 2, 2]},
        {"image": "b.png", "image_label": "dog"},
    ]
    write(tmp_path / "f" / "annotations.jsonl", "\n".join(map(json.dumps, lines)))
    assert labels(tmp_path / "f") == {"b.png": ["dog"], "a": ["cat"]}


def test_of_several_layouts_all_are_found_and_the_one_that_says_most_is_taken(tmp_path):
    folder = voc(tmp_path / "both")
    write(folder / "annotations.json", coco_json(["1.jpg", "2.jpg"]))
    every = layouts.find_layouts(Listing(folder))
    assert [each.layout for each in every] == ["coco", "pascal-voc", "images"]
    assert found_in(folder, "pascal-voc").layout == "pascal-voc"


def test_a_layout_that_is_not_there_is_said(tmp_path):
    image(tmp_path / "a" / "a.jpg")
    with pytest.raises(ParameterError, match="expected a folder laid out as coco"):
        found_in(tmp_path / "a", "coco")
    with pytest.raises(ParameterError, match="--as: found 'cocoo'; expected a layout. Near it: coco"):
        found_in(tmp_path / "a", "cocoo")
    write(tmp_path / "b" / "a.txt", "x")
    with pytest.raises(ParameterError, match="found 1 file.*expected a folder with images in it"):
        found_in(tmp_path / "b")
