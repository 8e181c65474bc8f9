"""Manifest → FiftyOne → kit → grouped slices → export → kit: all that each data set said is still there."""

import importlib
import inspect
import pkgutil
from dataclasses import replace

import pytest
from datasets.study_files import STUDIES, paint

from retrain_kit import datasets, fiftyone
from retrain_kit.datasets.coco import export as coco_export
from retrain_kit.storage import files


@pytest.fixture(scope="module", autouse=True)
def _database(kit_database):
    """These tests need FiftyOne's real database."""


SAID_BY = {
    "coco": ("regions",),
    "ffhq": ("said",),
    "folder": ("regions", "phrases"),
    "imagenet": ("labels", "regions"),
    "open_images": ("regions", "labels", "points", "relationships", "said"),
    "visual_genome": ("regions", "phrases", "relationships", "said"),
}
"""What a study has to say something in, so that its round trip proves something."""


@pytest.fixture(params=STUDIES)
def manifest(request, tmp_path):
    """A study of a reader, whose images are there under their digests."""
    made = STUDIES[request.param](tmp_path)
    for image in made.images:
        if not made.path(image).is_file():
            paint(made.path(image), (image.width_px, image.height_px))
    images = tuple(replace(image, sha256=files.sha256(made.path(image))) for image in made.images)
    return replace(made, images=images, digest=str(tmp_path))


def readers():
    """Return the names of the modules that read a study by its manifest."""
    names = [each.name for each in pkgutil.iter_modules(datasets.__path__)]
    modules = {name: importlib.import_module(f"retrain_kit.datasets.{name}") for name in names}
    read = {name: getattr(module, "read", None) for name, module in modules.items()}
    return [
        name
        for name, reader in read.items()
        if reader and list(inspect.signature(reader).parameters)[:1] == ["manifest"]
    ]


def test_every_reader_makes_the_journey():
    assert sorted(readers()) == sorted(STUDIES)


def test_a_study_comes_back_from_fiftyone_its_slices_and_both_exports(manifest, same, tmp_path):
    read = datasets.read(manifest)
    name = manifest.dataset.replace("-", "_")
    assert all(any(getattr(sample, part) for sample in read) for part in SAID_BY.get(name, ()))
    there = fiftyone.samples(fiftyone.study_dataset(manifest))
    same(there, read)
    grouped = fiftyone.grouped_dataset(there, manifest, shape="outline")
    assert grouped.group_slices == ["tagged", "decanonized", "taken"]
    same(fiftyone.samples(grouped), read)

    restored = fiftyone.restore_dataset(
        fiftyone.export_dataset(grouped, tmp_path / "out" / "fiftyone", "fiftyone")
    )
    fiftyone.export_dataset(fiftyone.samples(restored), tmp_path / "out" / "coco", "coco")
    for back in (fiftyone.samples(restored), coco_export.restore_coco(tmp_path / "out" / "coco")):
        assert [sample.path.is_relative_to(tmp_path / "out") for sample in back] == [True] * len(read)
        assert [files.sha256(sample.path) for sample in back] == [image.sha256 for image in manifest.images]
        same([replace(sample, path=one.path) for sample, one in zip(back, there, strict=True)], read)
