"""A study read a part at a time says what it says when it is read whole, and has the same faults."""

import json
from dataclasses import replace
from itertools import count

import pytest
from datasets.makers import STUDIES, XML
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import regions
from studies import study

from retrain_kit import datasets
from retrain_kit.datasets.formats.marks import to_record
from retrain_kit.errors import DataError
from retrain_kit.manifests import Image

SIZE = (50, 40)


def outcome(read, manifest):
    """What reading comes to: the samples, or the faults."""
    try:
        return list(read(manifest))
    except DataError as error:
        return [str(fault) for fault in error.faults]


@pytest.fixture(params=[1, 2, 5000])
def _part(request, monkeypatch):
    """Parts of so many pictures."""
    monkeypatch.setattr(datasets, "PART", request.param)


def numbered(folder, dataset, number, files=None):
    """A study of so many pictures."""
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
def test_pictures_without_marks_stand_between_those_that_have_some(tmp_path):
    rows = "".join(f"{n},x,/m/1,1,0,0.5,0,0.{n}\n" for n in (5, 2, 2))
    (tmp_path / "boxes.csv").write_text("ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax\n" + rows)
    streamed = list(datasets.stream(numbered(tmp_path, "open-images", 5, {"boxes": "boxes.csv"})))
    assert [sample.id for sample in streamed] == ["1", "2", "3", "4", "5"]
    assert [len(sample.regions) for sample in streamed] == [0, 2, 0, 0, 1]


@pytest.mark.usefixtures("_part")
def test_a_fault_of_the_whole_table_is_said_once_and_those_of_pictures_in_their_order(tmp_path):
    (tmp_path / "boxes.csv").write_text("ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax\n1,x,/m/1\n")
    (tmp_path / "images.csv").write_text("ImageID,License,Author,Rotation\n3,l,a,45\n1,l,a,1\n2,l,a,90\n")
    files = {"boxes": "boxes.csv", "images": "images.csv"}
    manifest = numbered(tmp_path, "open-images", 3, files)
    found = outcome(datasets.stream, manifest)
    assert [fault.replace(f"{tmp_path}/", "").partition(":")[0] for fault in found] == [
        "boxes.csv, line 2",
        "images.csv, line 3, Rotation",
        "images.csv, line 2, Rotation",
    ]
    assert found == outcome(datasets.read, manifest)


@pytest.mark.usefixtures("_part")
@pytest.mark.parametrize(("dataset", "ending"), [("pascal-voc", ".xml"), ("stanford-dogs", "")])
@pytest.mark.parametrize("having", [[2], [1, 3], []])
def test_a_part_without_xml_is_none_of_a_study_without_xml(tmp_path, dataset, ending, having):
    breed = tmp_path / "marks" / "n02085620-Chihuahua"
    breed.mkdir(parents=True)
    for n in having:
        (breed / f"n{n}{ending}").write_text(XML.format(name=f"n{n}", word="dog"))
    images = [(f"n{n}", f"{breed.name}/n{n}.jpg", SIZE) for n in (1, 2, 3)]
    manifest = study(tmp_path, dataset, images, {"annotations": "marks"})
    streamed = outcome(datasets.stream, manifest)
    assert streamed == outcome(datasets.read, manifest)
    assert [bool(sample.regions) for sample in streamed if having] == [
        n in having for n in (1, 2, 3) if having
    ]
    assert having or "found no XML named as a picture" in streamed[0]


@pytest.mark.usefixtures("_part")
def test_pictures_of_visual_genome_come_in_the_order_of_the_manifest_whatever_that_of_the_files(tmp_path):
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


lines = st.one_of(
    st.builds(
        lambda image, mark, name: json.dumps(to_record(image, mark) | {"id": name}),
        st.sampled_from(["1", "2", "3", "4"]),
        regions(),
        st.sampled_from(["", "r1", "r2"]),
    ),
    st.sampled_from(
        ["", "{", "[]", "7", '{"image": "1"}', '{"image": "1", "label": "x", "box": [3, 0, 1, 1]}']
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(lines, max_size=12), st.booleans())
def test_lines_of_marks_in_any_order_come_to_the_same_marks_or_the_same_faults(tmp_path, written, torn):
    data = "\n".join(written).encode() + (b'\n{"image": "\xff"}' if torn else b"")
    (tmp_path / "marks.jsonl").write_bytes(data)
    manifest = numbered(tmp_path, "folder", 3, {"marks": "marks.jsonl"})
    assert outcome(datasets.stream, manifest) == outcome(datasets.read, manifest)


def test_marks_that_are_no_text_are_named_with_their_lines(tmp_path):
    (tmp_path / "marks.jsonl").write_bytes(b'\n{"image": "\xff"}\n')
    manifest = numbered(tmp_path, "folder", 1, {"marks": "marks.jsonl"})
    (fault,) = outcome(datasets.stream, manifest)
    assert fault.startswith(f"{tmp_path}/marks.jsonl, line 2: found 'utf-8' codec can't decode byte 0xff")


def test_a_missing_file_of_marks_is_named(tmp_path):
    manifest = numbered(tmp_path, "folder", 1, {"marks": "marks.jsonl"})
    assert outcome(datasets.stream, manifest) == outcome(datasets.read, manifest)
    assert "found no marks (" in outcome(datasets.stream, manifest)[0]


def test_samples_come_before_all_pictures_are_known(tmp_path):
    endless = (Image(str(n), f"{n}.jpg", "0" * 64, *SIZE, "licence", "author", "source") for n in count(1))
    first = next(datasets.stream(replace(numbered(tmp_path, "pictures", 0), images=endless)))
    assert (first.id, first.path) == ("1", tmp_path / "1.jpg")
