"""A study read a part at a time says what it says when it is read whole, and has the same faults."""

import json
from dataclasses import replace
from itertools import count, permutations

import pytest
from datasets.study_files import STUDIES, XML
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from small_studies import study
from strategies import regions
from trying import examples

from retrain_kit import datasets
from retrain_kit.datasets.formats.kit_json import annotation_record
from retrain_kit.errors import DataError
from retrain_kit.studies.manifests import ImageRow

SIZE = (50, 40)


def outcome(read, manifest):
    """What reading comes to: the samples, or the faults."""
    try:
        return list(read(manifest))
    except DataError as error:
        return [str(fault) for fault in error.faults]


@pytest.fixture(params=[1, 2, 5000])
def _part(request, monkeypatch):
    """Parts of so many images."""
    monkeypatch.setattr(datasets, "IMAGES_PER_PART", request.param)


def numbered(folder, dataset, number, files=None):
    """A study of so many images."""
    images = [(str(n), f"{n}.jpg", SIZE) for n in range(1, number + 1)]
    return study(folder, dataset, images, files)


@pytest.mark.usefixtures("_part")
@pytest.mark.parametrize("name", STUDIES)
def test_every_reader_gives_the_same_samples_in_the_same_order(name, tmp_path, same):
    manifest = STUDIES[name](tmp_path)
    read = datasets.read(manifest)
    streamed = list(datasets.stream(manifest))
    assert len(read) >= 1
    same([replace(sample, path=sample.path.resolve()) for sample in streamed], read)


@pytest.mark.usefixtures("_part")
@pytest.mark.parametrize("name", STUDIES)
def test_every_reader_says_the_same_of_files_it_does_not_know(name, tmp_path):
    manifest = STUDIES[name](tmp_path)
    manifest = replace(manifest, files={**manifest.files, "unheard_of": tmp_path / "unheard of"})
    assert outcome(datasets.stream, manifest) == outcome(datasets.read, manifest)


@pytest.mark.usefixtures("_part")
def test_images_without_annotations_stand_between_those_that_have_some(tmp_path):
    rows = "".join(f"{n},x,/m/1,1,0,0.5,0,0.{n}\n" for n in (5, 2, 2))
    (tmp_path / "boxes.csv").write_text("ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax\n" + rows)
    streamed = list(datasets.stream(numbered(tmp_path, "open-images", 5, {"boxes": "boxes.csv"})))
    assert [sample.id for sample in streamed] == ["1", "2", "3", "4", "5"]
    assert [len(sample.regions) for sample in streamed] == [0, 2, 0, 0, 1]


@pytest.mark.usefixtures("_part")
def test_a_fault_of_the_whole_table_is_said_once_and_rows_are_listed_in_the_order_of_images(tmp_path):
    boxes = tmp_path / "boxes.csv"
    boxes.write_text("ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax\n1,x,/m/1\n")
    (tmp_path / "images.csv").write_text("ImageID,License,Author,Rotation\n3,l,a,45\n1,l,a,1\n2,l,a,90\n")
    files = {"boxes": "boxes.csv", "images": "images.csv"}
    manifest = numbered(tmp_path, "open-images", 3, files)
    found = outcome(datasets.stream, manifest)
    assert [fault.replace(f"{tmp_path}/", "").partition(":")[0] for fault in found] == ["boxes.csv, line 2"]
    assert found == outcome(datasets.read, manifest)
    boxes.write_text(boxes.read_text() + ",x,/m/1\n1,x,/m/1,1,0,1,0,1\n2,x,/m/1,1,0,1,0,1\n")
    for read in (datasets.stream, datasets.read):
        unmatched = []
        rejected = [
            (each.image, each.place) for sample in read(manifest, unmatched) for each in sample.rejected
        ]
        assert rejected == [
            ("1", "boxes.csv, line 2"),
            ("1", "images.csv, line 3"),
            ("1", "boxes.csv, line 4"),
            ("3", "images.csv, line 2"),
        ]
        assert [each.place for each in unmatched] == ["boxes.csv, line 3"]


@pytest.mark.usefixtures("_part")
@pytest.mark.parametrize(("dataset", "ending"), [("pascal-voc", ".xml"), ("stanford-dogs", "")])
@pytest.mark.parametrize("having", [[2], [1, 3], []])
def test_a_part_without_xml_is_none_of_a_study_without_xml(tmp_path, dataset, ending, having):
    breed = tmp_path / "annotations" / "n02085620-Chihuahua"
    breed.mkdir(parents=True)
    for n in having:
        (breed / f"n{n}{ending}").write_text(XML.format(name=f"n{n}", word="dog"))
    images = [(f"n{n}", f"{breed.name}/n{n}.jpg", SIZE) for n in (1, 2, 3)]
    manifest = study(tmp_path, dataset, images, {"annotations": "annotations"})
    streamed = outcome(datasets.stream, manifest)
    assert streamed == outcome(datasets.read, manifest)
    assert [bool(sample.regions) for sample in streamed if having] == [
        n in having for n in (1, 2, 3) if having
    ]
    assert having or "found no XML named as an image" in streamed[0]


@pytest.mark.usefixtures("_part")
def test_images_of_visual_genome_come_in_the_order_of_the_manifest_whatever_that_of_the_files(tmp_path):
    box = {"x": 1, "y": 2, "w": 3, "h": 4}
    entries = [{"image_id": n, "objects": [{"object_id": n, "names": [f"thing {n}"], **box}]} for n in (3, 1)]
    (tmp_path / "objects.json").write_text(json.dumps(entries))
    streamed = list(datasets.stream(numbered(tmp_path, "visual-genome", 3, {"objects": "objects.json"})))
    assert [[region.label for region in sample.regions] for sample in streamed] == [
        ["thing 1"],
        [],
        ["thing 3"],
    ]


@pytest.mark.usefixtures("_part")
@pytest.mark.parametrize("text", ["", "[]", '[{"objects": []}]', '[{"image_id": 1, "objects": 7}', "[1"])
def test_a_broken_file_of_visual_genome_has_the_same_faults(tmp_path, text):
    (tmp_path / "objects.json").write_text(text)
    manifest = numbered(tmp_path, "visual-genome", 3, {"objects": "objects.json"})
    assert outcome(datasets.stream, manifest) == outcome(datasets.read, manifest)


ANNOTATION = {"category_id": 3, "bbox": [1, 2, 3, 4], "iscrowd": 0, "segmentation": []}
COCO = {
    "info": {"year": 2017},
    "images": [{"id": n, "width": 50, "height": 40, "license": 1} for n in (3, 1, 2)],
    "annotations": [
        {"id": n, "image_id": image, **ANNOTATION} for n, image in enumerate((2, 3, 2, 4), start=1)
    ],
    "categories": [{"id": 3, "name": "cat"}],
    "licenses": [{"id": 1, "name": "CC"}],
}


@pytest.mark.parametrize(
    "order", list(permutations(["images", "annotations", "categories", "licenses"]))[::5]
)
def test_the_lists_of_coco_may_stand_in_any_order(tmp_path, order):
    (tmp_path / "instances.json").write_text(json.dumps({name: COCO[name] for name in (*order, "info")}))
    streamed = list(datasets.stream(numbered(tmp_path, "coco", 3, {"instances": "instances.json"})))
    assert [[region.id for region in sample.regions] for sample in streamed] == [[], ["1", "3"], ["2"]]
    assert [sample.said for sample in streamed] == [{"license": {"id": 1, "name": "CC"}}] * 3
    assert streamed[1].regions[0].label == "cat"


def test_faults_of_coco_come_in_the_order_of_the_files_whatever_that_of_the_images(tmp_path):
    images = [*COCO["images"], {"id": 3}, {"id": 1, "width": 7, "height": 7}]
    categories = [*COCO["categories"], {"id": 3, "name": "dog"}]
    (tmp_path / "one.json").write_text(json.dumps({**COCO, "categories": categories, "images": images}))
    (tmp_path / "two.json").write_text("[")
    (tmp_path / "captions.json").write_text(json.dumps({"annotations": "none"}))
    files = {"captions": "captions.json", "instances": "one.json", "instances_two": "two.json"}
    found = outcome(datasets.stream, numbered(tmp_path, "coco", 4, files))
    assert [fault.replace(f"{tmp_path}/", "").partition(";")[0] for fault in found] == [
        'one.json, categories: found the category 3 as "cat" and as "dog"',
        "two.json: found no annotations (Expecting {, character 0)",
        "one.json, images: found 3 a second time, with something else",
        "one.json, images: found 1 a second time, with something else",
        'captions.json, annotations: found "none"',
    ]


def test_what_coco_could_not_take_is_listed_with_its_image_in_the_order_of_the_files(tmp_path):
    annotations = [
        {"id": 1, "image_id": 3, "category_id": 9},
        {"id": 2, "image_id": 1, **ANNOTATION},
        {"id": 2, "image_id": 1, **ANNOTATION},
        {"id": 4, "image_id": 2, "category_id": 8},
    ]
    (tmp_path / "one.json").write_text(json.dumps({**COCO, "annotations": annotations}))
    captions = [{"id": 5, "image_id": 2}, {"id": 6, "image_id": 7, "caption": "A cat."}]
    (tmp_path / "captions.json").write_text(json.dumps({"annotations": captions}))
    files = {"captions": "captions.json", "instances": "one.json"}
    unmatched = []
    streamed = list(datasets.stream(numbered(tmp_path, "coco", 3, files), unmatched))
    assert [(each.image, each.place, each.reason) for sample in streamed for each in sample.rejected] == [
        ("1", "one.json, annotation 3", "id: 2 a second time"),
        ("2", "one.json, annotation 4", "category_id: 8, none that categories lists"),
        ("2", "captions.json, annotation 1", "caption: null, no text"),
        ("3", "one.json, annotation 1", "category_id: 9, none that categories lists"),
    ]
    assert [(each.image, each.id, each.place) for each in unmatched] == [
        ("7", "6", "captions.json, annotation 2")
    ]


def test_a_file_of_coco_that_breaks_off_says_nothing_but_that(tmp_path):
    text = json.dumps({**COCO, "annotations": [{"id": 1, "image_id": 1}] * 2})
    (tmp_path / "instances.json").write_text(text[:-1])
    (fault,) = outcome(datasets.stream, numbered(tmp_path, "coco", 4, {"instances": "instances.json"}))
    assert fault == (
        f"{tmp_path}/instances.json: found no annotations (Expecting , or }}, character {len(text) - 1}); "
        "expected a JSON file of COCO."
    )


@pytest.mark.usefixtures("_part")
def test_what_is_wrong_with_the_tables_and_boxes_of_imagenet_is_said_once(tmp_path):
    (tmp_path / "solution.csv").write_text("ImageId,PredictionString\n3,n1\n")
    (tmp_path / "boxes").mkdir()
    files = {"solution": "solution.csv", "boxes": "boxes"}
    found = outcome(datasets.stream, numbered(tmp_path, "imagenet", 3, files))
    assert [fault.replace(f"{tmp_path}/", "").partition(";")[0] for fault in found] == [
        "solution.csv: found no row that is one",
        "boxes: found no XML",
    ]


@pytest.mark.usefixtures("_part")
def test_of_two_solutions_of_imagenet_the_later_one_counts_and_each_has_an_image_once(tmp_path):
    (tmp_path / "one.csv").write_text("ImageId,PredictionString\n1,n02012849 1 2 3 4\n2,n02012849 1 2 3 4\n")
    (tmp_path / "two.csv").write_text("ImageId,PredictionString\n2,n03126707 5 6 7 8 n03126707 0 0 1 1\n")
    files = {"solution_one": "one.csv", "solution_two": "two.csv"}
    streamed = list(datasets.stream(numbered(tmp_path, "imagenet", 3, files)))
    assert [[region.said["synset"] for region in sample.regions] for sample in streamed] == [
        ["n02012849"],
        ["n03126707", "n03126707"],
        [],
    ]


lines = st.one_of(
    st.builds(
        lambda image, annotation, name: json.dumps(annotation_record(image, annotation) | {"id": name}),
        st.sampled_from(["1", "2", "3", "4"]),
        regions(),
        st.sampled_from(["", "r1", "r2"]),
    ),
    st.sampled_from(
        ["", "{", "[]", "7", '{"image": "1"}', '{"image": "1", "label": "x", "box": [3, 0, 1, 1]}']
    ),
)


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(lines, max_size=12), st.booleans())
def test_lines_of_annotations_in_any_order_come_to_the_same_annotations_or_the_same_faults(
    tmp_path, written, torn
):
    data = "\n".join(written).encode() + (b'\n{"image": "\xff"}' if torn else b"")
    (tmp_path / "annotations.jsonl").write_bytes(data)
    manifest = numbered(tmp_path, "folder", 3, {"annotations": "annotations.jsonl"})
    listed = [], []
    streamed, read = (
        outcome(lambda each, way=way, found=found: way(each, found), manifest)
        for way, found in zip((datasets.stream, datasets.read), listed, strict=True)
    )
    assert streamed == read
    assert listed[0] == listed[1] or isinstance(read[0], str)


def test_annotations_that_are_no_text_are_named_with_their_lines(tmp_path):
    (tmp_path / "annotations.jsonl").write_bytes(b'\n{"image": "\xff"}\n')
    manifest = numbered(tmp_path, "folder", 1, {"annotations": "annotations.jsonl"})
    (fault,) = outcome(datasets.stream, manifest)
    assert fault.startswith(
        f"{tmp_path}/annotations.jsonl, line 2: found 'utf-8' codec can't decode byte 0xff"
    )


def test_a_missing_file_of_annotations_is_named(tmp_path):
    manifest = numbered(tmp_path, "folder", 1, {"annotations": "annotations.jsonl"})
    assert outcome(datasets.stream, manifest) == outcome(datasets.read, manifest)
    assert "found no annotations (" in outcome(datasets.stream, manifest)[0]


def test_samples_come_before_all_images_are_known(tmp_path):
    endless = (ImageRow(str(n), f"{n}.jpg", "0" * 64, *SIZE, "licence", "author", "source") for n in count(1))
    first = next(datasets.stream(replace(numbered(tmp_path, "images", 0), images=endless)))
    assert (first.id, first.path) == ("1", tmp_path / "1.jpg")
