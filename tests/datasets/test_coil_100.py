"""COIL-100 is read by its files' names: which object, from which side."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import SHARED
from small_studies import put, study

from retrain_kit import datasets
from retrain_kit.annotations.samples import ImageLabel
from retrain_kit.datasets import coil_100
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.imaging import decoding
from retrain_kit.studies.sampling import Candidate

REAL = SHARED / "testdata" / "coil100"
real = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real images lie in ../shared/testdata, which is not here"
)


@real
def test_a_real_image_is_read_with_its_object_and_angle(tmp_path):
    shutil.copy(REAL / "obj1__90.png", tmp_path)
    (sample,) = datasets.read(study(tmp_path, "coil-100", [("obj1__90", "obj1__90.png", (128, 128))]))
    assert sample.labels == (ImageLabel("obj1", present=True, annotator="unknown"),)
    assert sample.said == {"object": 1, "angle": 90}
    assert json.loads(json.dumps(sample.said)) == sample.said
    assert (sample.regions, sample.provenance.licence) == ((), "licence")
    assert decoding.load_sample(sample).size == (128, 128)


@real
def test_the_real_images_are_listed():
    assert sorted(coil_100.ids(study(REAL, "coil-100"))) == ["obj1__0", "obj1__180", "obj1__270", "obj1__90"]


def test_the_zip_as_distributed_is_listed_without_its_scripts(tmp_path):
    with zipfile.ZipFile(tmp_path / "coil-100.zip", "w") as archive:
        for name in ("obj1__0.png", "obj1__5.png", "obj12__0.png", "convertGroupppm2png.pl", "other.png"):
            archive.writestr(f"coil-100/{name}", "abc")
    files = {"images": "coil-100.zip"}
    assert coil_100.ids(study(tmp_path, "coil-100", files=files)) == ["obj1__0", "obj1__5", "obj12__0"]
    assert coil_100.ids(study(tmp_path, "coil-100", files=files, labels=["obj1"])) == ["obj1__0", "obj1__5"]
    member = ("coil-100.zip", "coil-100/obj12__0.png")
    assert coil_100.describe(study(tmp_path, "coil-100", files=files), ["obj12__0"]) == [
        Candidate("obj12__0", "coil-100/obj12__0.png", archive=member)
    ]


def test_an_object_that_is_not_there_is_named_with_those_near_it(tmp_path):
    put(tmp_path, "obj1__0.png", "obj10__0.png")
    with pytest.raises(ParameterError, match="'obj101'.* Near it: obj10, obj1."):
        coil_100.ids(study(tmp_path, "coil-100", labels=["obj101"]))


def test_all_images_named_otherwise_are_reported_together(tmp_path):
    images = [(name, f"{name}.png", (1, 1)) for name in ("obj1__0", "obj0__5", "object1", "obj1_0")]
    with pytest.raises(DataError) as caught:
        coil_100.read(study(tmp_path, "coil-100", images))
    assert [fault.found for fault in caught.value.faults] == ["'obj0__5'", "'object1'", "'obj1_0'"]


def test_a_file_that_the_reader_does_not_know_is_named(tmp_path):
    with pytest.raises(DataError, match="files: found boxes; expected some of images"):
        coil_100.read(study(tmp_path, "coil-100", files={"boxes": "boxes.csv"}))


@given(st.integers(1, 100), st.integers(0, 71).map(lambda step: 5 * step))
def test_object_and_angle_are_those_of_the_name(number, angle):
    images = [(f"obj{number}__{angle}", "a.png", (128, 128))]
    (sample,) = coil_100.read(study(Path(), "coil-100", images))
    assert sample.said == {"object": number, "angle": angle}
    assert sample.labels[0].label == f"obj{number}"
