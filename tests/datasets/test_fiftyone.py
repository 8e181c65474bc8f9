"""What a study says comes back out of FiftyOne's database, field by field."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from strategies import boxes, sizes

from retrain_kit import manifests
from retrain_kit.datasets import folder
from retrain_kit.errors import DataError
from retrain_kit.samples import Box, Click, Flags, ImageLabel, Region, Relationship

fiftyone = pytest.importorskip("retrain_kit.datasets.fiftyone")


@pytest.fixture(scope="module", autouse=True)
def _database(kit_database):
    """These tests need FiftyOne's real database."""


@pytest.fixture(scope="module")
def manifest():
    return manifests.load("embedded-sample")


@given(boxes(), sizes)
def test_a_box_comes_back_to_the_millionth_of_a_pixel(box, size):
    assert fiftyone.from_relative_xywh(fiftyone.to_relative_xywh(box, size), size) == box


def test_everything_the_embedded_sample_says_comes_back(manifest):
    dataset = fiftyone.load(manifest)
    back = fiftyone.samples(dataset)
    assert back == [replace(sample, path=sample.path.resolve()) for sample in folder.read(manifest)]
    assert dataset.persistent
    assert dataset.info["study"] == "embedded-sample"


def test_a_study_is_built_once(manifest):
    first = fiftyone.load(manifest)
    assert fiftyone.load(manifest).created_at == first.created_at


def test_a_changed_study_is_another_dataset(manifest):
    changed = replace(manifest, digest="0" * 64)
    assert fiftyone.load(changed).name != fiftyone.load(manifest).name


def test_a_build_that_was_cut_leaves_nothing_that_is_taken_for_a_dataset(manifest):
    cut = replace(manifest, digest="1" * 64)
    fiftyone.fo.Dataset(f"{fiftyone._name(cut)}-building")
    assert len(fiftyone.load(cut)) == len(manifest.images)


def test_masks_flags_clicks_relationships_and_whatever_else_was_said_come_back(manifest):
    mask = np.array([[True, False, True], [False, True, False]])
    flags = Flags(occluded=True, truncated=False, group_of=None)
    clicks = (Click(1, 2.25), Click(3, 4, on=True), Click(0, 0, on=False))
    sample = replace(
        folder.read(manifest)[0],
        regions=(
            Region("Bird", Box(1, 2, 3, 4), "m1", mask=mask, flags=flags, clicks=clicks, said={"iou": 0.5}),
            Region("Tree", Box(0, 0, 9, 9), "m2"),
        ),
        relationships=(Relationship("m1", "on", "m2", "q1", "verification", {"confidence": 1}),),
        said={"OriginalMD5": "9IzEn38GRNsVpATuv7gzEA=="},
        labels=(
            ImageLabel("Forest", present=True),
            ImageLabel("Sea", present=None, maker="machine", said={"Confidence": "0.7"}),
            ImageLabel("Sky", present=False),
        ),
    )
    dataset = fiftyone._empty("one sample")
    dataset.add_sample(fiftyone._to_document(sample))
    (back,) = fiftyone.samples(dataset)
    assert back == replace(sample, path=sample.path.resolve())
    assert np.array_equal(back.regions[0].mask, mask)


def test_a_dataset_of_another_shape_is_refused():
    with pytest.raises(DataError, match="found no field regions"):
        fiftyone.samples(fiftyone.fo.Dataset())


def test_a_changed_picture_is_found_before_anything_is_built(manifest, tmp_path):
    image = manifest.images[0]
    (tmp_path / "photos").mkdir()
    (tmp_path / image.file).write_bytes(b"another")
    with pytest.raises(DataError, match="found sha256"):
        fiftyone.load(replace(manifest, folder=tmp_path, images=(image,), digest="2" * 64))


def test_two_processes_that_load_a_new_study_at_once_share_one_dataset(manifest, tmp_path):
    program = """
import json, sys
from dataclasses import replace
from retrain_kit import manifests
from retrain_kit.datasets import fiftyone
dataset = fiftyone.load(replace(manifests.load("embedded-sample"), digest="3" * 64))
print(json.dumps([dataset.name, str(dataset.created_at), len(dataset)]))
"""
    both = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [json.loads(process.communicate()[0].splitlines()[-1]) for process in both]
    assert said[0] == said[1]
    assert said[0][2] == len(manifest.images)
