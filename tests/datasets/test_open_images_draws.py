"""Images of Open Images are chosen by the words of its tables, and described as its tables say."""

import json
from pathlib import Path

import pytest
from places import SHARED

from retrain_kit.datasets import open_images
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.studies import manifests, sampling

REAL = SHARED / "testdata" / "open_images"
real = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real rows lie in ../shared/testdata, which is not here"
)
BOXES = """ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax
c,xclick,/m/bird,1,0,1,0,1
a,xclick,/m/eagle,1,0,1,0,1
b,xclick,/m/wheel,1,0,1,0,1
c,xclick,/m/bird,1,0,1,0,1
"""
LABELS = """ImageID,Source,LabelName,Confidence
a,verification,/m/bird,0
b,verification,/m/bird,1.0
d,machine,/m/bird,0.9
"""
IMAGES = """ImageID,Subset,OriginalURL,OriginalLandingURL,License,Author,Rotation
a,train,https://o.example/a_o.jpg,https://o.example/a,https://cc.example/by,"Ann, of Ghent",90.0
b,validation,https://o.example/b_o.jpg,https://o.example/b,,Bo,
d,train,,,,,
"""
CLASSES = "LabelName,DisplayName\n/m/bird,Bird\n/m/eagle,Eagle\n/m/wheel,Wheel\n/m/wheel2,Wheel\n/m/car,Car\n"
HIERARCHY = {
    "LabelName": "/m/0bl9f",
    "Subcategory": [
        {"LabelName": "/m/bird", "Subcategory": [{"LabelName": "/m/eagle"}]},
        {"LabelName": "/m/car", "Part": [{"LabelName": "/m/wheel"}]},
        {"LabelName": "/m/hunter", "Subcategory": [{"LabelName": "/m/eagle"}]},
    ],
}


@pytest.fixture
def study(tmp_path):
    """Return the function that makes a study with these tables, whose images are not drawn yet."""

    def make(labels=(), subset="", **tables):
        files = {}
        for name, content in tables.items():
            files[name] = content if isinstance(content, Path) else tmp_path / name
            if not isinstance(content, Path):
                files[name].write_text(content, encoding="utf-8")
        rule = sampling.Rule(5, 7, tuple(labels), subset)
        plain = ("open-images", "7", "l", "", tmp_path, files, manifests.AnnotationProcess(), (), "")
        return manifests.Manifest("two", "t", "w", *plain, draw=rule)

    return make


@pytest.mark.parametrize(
    ("label", "expected"),
    [("Bird", ["c", "a"]), ("/m/bird", ["c", "a"]), ("Eagle", ["a"]), ("Wheel", ["b"]), ("Car", []),
     ("/m/0bl9f", ["c", "a"]), ("/m/hunter", ["a"])],
)  # fmt: skip
def test_a_word_means_itself_and_what_is_below_it_but_not_its_parts(study, label, expected):
    made = study([label], boxes=BOXES, classes=CLASSES, hierarchy=json.dumps(HIERARCHY))
    assert open_images.ids(made) == expected


def test_without_a_hierarchy_a_word_means_itself(study):
    assert open_images.ids(study(["/m/bird"], boxes=BOXES)) == ["c"]


def test_without_boxes_the_image_labels_count_that_nobody_denied(study):
    assert open_images.ids(study(["Bird"], image_labels=LABELS, classes=CLASSES)) == ["b"]


def test_without_words_every_image_of_the_image_table_counts(study):
    assert open_images.ids(study(boxes=BOXES, images=IMAGES)) == ["a", "b", "d"]
    assert open_images.ids(study(boxes=BOXES)) == ["c", "a", "b"]


def test_a_subset_leaves_out_what_the_image_table_puts_elsewhere(study):
    assert open_images.ids(study(subset="train", images=IMAGES)) == ["a", "d"]
    assert open_images.ids(study(["/m/bird"], "train", boxes=BOXES, images=IMAGES)) == ["c"]


def test_an_unknown_word_names_those_near_it(study):
    with pytest.raises(ParameterError, match="labels: found 'Brid'; .* Near it: Bird"):
        open_images.ids(study(["Brid"], boxes=BOXES, classes=CLASSES))
    with pytest.raises(ParameterError, match="labels: found 'Bird'; .* Near it: /m/bird"):
        open_images.ids(study(["Bird"], boxes=BOXES))


def test_an_unknown_subset_names_those_near_it(study):
    with pytest.raises(ParameterError, match="subset: found 'trian'; .* Near it: train"):
        open_images.ids(study(subset="trian", images=IMAGES))


def test_a_study_without_tables_cannot_be_drawn(study):
    with pytest.raises(
        DataError, match="two.toml, files: found no table to draw from; expected one of boxes"
    ):
        open_images.ids(study(["Bird"], classes=CLASSES))


def test_an_id_with_a_slash_is_a_fault(study):
    with pytest.raises(DataError, match="found the id '../a'; expected an id without slashes"):
        open_images.ids(study(boxes=BOXES.replace("\nb,", "\n../a,")))


CUT = "a row that was cut ({} cells, not {} cells)"


def test_a_row_that_was_cut_is_left_out_counted_and_named(study):
    boxes = BOXES.replace("a,xclick,/m/eagle,1,0,1,0,1", "a,xclick,/m/eagle,1,0")
    images = IMAGES.replace("\nd,train,,,,,", "\nc,tr\nd,train,,,,,")
    made = study(["/m/bird", "/m/eagle", "/m/wheel"], boxes=boxes, hierarchy=json.dumps(HIERARCHY))
    assert open_images.ids(made) == ["c", "b"]
    assert open_images.reasons_left_out(made) == {"boxes, line 3": CUT.format(5, 8)}
    made = study(boxes=boxes, images=images)
    assert open_images.ids(made) == ["a", "b", "d"]
    assert [each.source for each in open_images.describe(made, ["a", "c"])] == [
        "https://o.example/a",
        "unknown",
    ]
    assert open_images.reasons_left_out(made) == {"images, line 4": CUT.format(2, 7)}
    made = study(["/m/bird"], "train", boxes=BOXES, images=images)
    assert open_images.ids(made) == []
    assert open_images.reasons_left_out(made) == {"images, line 4": CUT.format(2, 7)}


def test_a_table_that_ends_in_a_cut_row_is_refused(study):
    with pytest.raises(DataError, match="boxes, line 6: found 3 cells; expected 8 cells"):
        open_images.ids(study(["/m/bird"], boxes=BOXES + "d,xclick,/m/b"))


def test_an_image_is_described_as_the_image_table_says(study):
    assert open_images.describe(study(images=IMAGES, subset="test"), ["d", "a", "z"]) == [
        sampling.Candidate("d", "images/train/d.jpg", rotation_deg=0),
        sampling.Candidate(
            "a",
            "images/train/a.jpg",
            "https://o.example/a_o.jpg",
            licence="https://cc.example/by",
            author="Ann, of Ghent",
            source="https://o.example/a",
            rotation_deg=90,
        ),
        sampling.Candidate("z", "images/test/z.jpg", rotation_deg=0),
    ]


def test_without_an_image_table_all_is_unknown(study):
    assert open_images.describe(study(boxes=BOXES), ["a"]) == [
        sampling.Candidate("a", "images/a.jpg", "", (), "unknown", "unknown", "unknown", rotation_deg=0)
    ]


def test_a_class_may_be_below_several_and_parts_are_not_below(study):
    assert open_images.class_hierarchy(study(hierarchy=json.dumps(HIERARCHY))) == {
        "/m/0bl9f": (),
        "/m/bird": ("/m/0bl9f",),
        "/m/car": ("/m/0bl9f",),
        "/m/hunter": ("/m/0bl9f",),
        "/m/eagle": ("/m/hunter", "/m/bird"),
        "/m/wheel": (),
    }


@pytest.mark.parametrize("text", ["[]", "{", '{"LabelName": "/m/1", "Subcategory": [{}]}', "null"])
def test_a_file_that_is_no_hierarchy_is_a_fault(study, text):
    with pytest.raises(DataError, match="expected a JSON of LabelName, Subcategory and Part"):
        open_images.class_hierarchy(study(hierarchy=text))


@real
def test_the_real_hierarchy_has_birds_and_what_is_below_them(study):
    above = open_images.class_hierarchy(study(hierarchy=REAL / "hierarchy.json"))
    assert len(above) == 602
    assert above["/m/09ddx"] == ("/m/015p6",)
    assert above["/m/015p6"] == ("/m/0jbk",)


@real
def test_real_rows_are_found_by_a_class(study):
    boxes = REAL / "train-annotations-bbox.subset.csv"
    rows = [line.split(",") for line in boxes.read_text().splitlines()[1:]]
    made = study(["Human hand"], boxes=boxes, classes=REAL / "classes.csv", hierarchy=REAL / "hierarchy.json")
    assert open_images.ids(made) == list(dict.fromkeys(row[0] for row in rows if row[2] == "/m/0k65p"))


@real
def test_a_real_image_is_described_with_its_author(study):
    (found,) = open_images.describe(
        study(images=REAL / "train-images-with-rotation.rows.csv"), ["4fa8054781a4c382"]
    )
    assert found == sampling.Candidate(
        "4fa8054781a4c382",
        "images/train/4fa8054781a4c382.jpg",
        "https://farm3.staticflickr.com/5310/5898076654_51085e157c_o.jpg",
        licence="https://creativecommons.org/licenses/by/2.0/",
        author="Michael Beat",
        source="https://www.flickr.com/photos/michael-beat/5898076654",
        rotation_deg=0,
    )
