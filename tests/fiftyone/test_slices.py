"""Every image three times in one group: tagged, decanonized, taken; the same inputs, the same dataset."""

from dataclasses import replace
from pathlib import Path

import kinds
import numpy as np
import pytest
from colours import soft
from PIL import Image

from retrain_kit import fiftyone
from retrain_kit.annotations.samples import Box, Provenance, Region, Sample
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.imaging import exact
from retrain_kit.studies import manifests


@pytest.fixture(scope="module", autouse=True)
def _database(kit_database):
    """These tests need FiftyOne's real database."""


@pytest.fixture
def study(tmp_path):
    return replace(manifests.load("embedded-sample"), name="two", digest=str(tmp_path))


@pytest.fixture
def sample(tmp_path):
    """An image of two colours that is to be turned by 90 degrees, with a region on its upper left pixel."""
    stored = np.array([[[10, 20, 30], [40, 50, 60]]], dtype=np.uint8)
    Image.fromarray(stored).save(tmp_path / "p.png")
    region = Region("Bird", Box(0, 0, 1, 1), "b1", "xclick")
    whence = Provenance("Ann", "CC0-1.0", "https://example.org", "0" * 64)
    return Sample(
        "p/1", tmp_path / "p.png", 1, 2, (region,), provenance=whence, rotation_deg=90, alt="Two dots"
    )


def pixels(dataset, name):
    (path,) = dataset.select_group_slices(name).values("filepath")
    with Image.open(path) as image:
        assert image.format == "PNG"
        return np.asarray(image).reshape(-1, 3).tolist()


def test_the_three_slices_hold_the_exact_upright_pixels(study, sample):
    dataset = fiftyone.grouped_dataset([sample], study, fill="#ff0000")
    assert dataset.group_slices == ["tagged", "decanonized", "taken"]
    assert dataset.default_group_slice == "tagged"
    assert pixels(dataset, "tagged") == [[40, 50, 60], [10, 20, 30]]
    assert pixels(dataset, "decanonized") == [[255, 0, 0], [10, 20, 30]]
    assert pixels(dataset, "taken") == [[40, 50, 60], [255, 0, 0]]


def test_the_slices_keep_sixteen_bits_and_the_profile_and_say_what_is_gone(study, tmp_path):
    every = kinds.kinds(soft())
    (tmp_path / "deep.png").write_bytes(every["RGB, 16 bits, wide"].data)
    (tmp_path / "many.gif").write_bytes(every["animated GIF"].data)
    region = Region("Thing", Box(0, 0, 16, 16))
    samples = [Sample(name, tmp_path / name, 48, 32, (region,)) for name in ("deep.png", "many.gif")]
    dataset = fiftyone.grouped_dataset(samples, study)
    for name in dataset.group_slices:
        (deep, _) = dataset.select_group_slices(name).values("filepath")
        made = exact.load_exact(Path(deep))
        assert (made.deep.dtype, made.profile) == (np.uint16, kinds.WIDE)
    rest = fiftyone.samples(dataset, slice_name="taken")
    assert [sample.said.get("gone") for sample in rest] == [None, "first of 3 frames"]


def test_the_tagged_slice_gives_the_samples_it_was_made_from(study, sample):
    assert fiftyone.samples(fiftyone.grouped_dataset([sample], study)) == [sample]


def test_the_other_slices_say_where_they_come_from_and_how_they_were_made(study, sample):
    dataset = fiftyone.grouped_dataset([sample], study, shape="outline")
    (rest,) = fiftyone.samples(dataset, slice_name="decanonized")
    assert (rest.id, rest.size, rest.regions, rest.rotation_deg) == ("p/1", (1, 2), (), None)
    assert rest.said == {"slice": "decanonized", "fill": "white", "shape": "outline"}
    assert (rest.provenance.author, rest.provenance.licence) == ("Ann", "CC0-1.0")
    assert rest.provenance.sha256 != sample.provenance.sha256
    assert dataset.info["study"] == "two"


def test_the_same_inputs_give_the_same_dataset_and_others_another(study, sample):
    first = fiftyone.grouped_dataset([sample], study)
    assert fiftyone.grouped_dataset([sample], study).name == first.name
    masked = replace(sample, regions=(replace(sample.regions[0], mask=np.array([[True]])),))
    others = [
        fiftyone.grouped_dataset([sample], study, fill="black"),
        fiftyone.grouped_dataset([sample], study, shape="outline"),
        fiftyone.grouped_dataset([replace(sample, regions=())], study),
        fiftyone.grouped_dataset([masked], study),
    ]
    assert len({first.name, *(other.name for other in others)}) == 5


def test_another_image_in_the_same_place_is_another_dataset(study, sample):
    first = fiftyone.grouped_dataset([sample], study)
    Image.new("RGB", (2, 1), "white").save(sample.path)
    again = fiftyone.grouped_dataset([sample], study)
    assert again.name != first.name
    assert pixels(again, "tagged") == [[255, 255, 255], [255, 255, 255]]


def test_images_that_were_cleared_from_the_cache_are_made_anew(study, sample):
    first = fiftyone.grouped_dataset([sample], study)
    paths = first.select_group_slices(["taken", "tagged"]).values("filepath")
    for path in paths:
        fiftyone.fo.core.storage.delete_file(path)
    fiftyone.grouped_dataset([sample], study)
    assert pixels(first, "taken") == [[40, 50, 60], [255, 255, 255]]


def test_a_missing_image_or_an_unknown_fill_leaves_no_dataset(study, sample):
    before = fiftyone.fo.list_datasets()
    with pytest.raises(DataError, match="no file"):
        fiftyone.grouped_dataset(
            [sample, replace(sample, id="q", path=sample.path.with_name("q.png"))], study
        )
    with pytest.raises(ParameterError, match="fill: found 'chartreux'"):
        fiftyone.grouped_dataset([sample], study, fill="chartreux")
    assert fiftyone.fo.list_datasets() == before
