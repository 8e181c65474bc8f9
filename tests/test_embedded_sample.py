"""The embedded sample keeps what its manifest and the kit promise of it."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image
from places import SHARED

from retrain_kit.datasets import folder
from retrain_kit.imaging import masking
from retrain_kit.studies import manifests

CLASSES = SHARED / "testdata" / "open_images" / "classes.csv"


@pytest.fixture(scope="module")
def manifest():
    return manifests.load("embedded-sample")


@pytest.fixture(scope="module")
def samples(manifest):
    return folder.read(manifest)


def test_every_image_is_there_with_its_hash(manifest):
    manifests.verify_files(manifest)


def test_no_image_lies_there_that_the_manifest_does_not_name(manifest):
    assert sorted(path.name for path in (manifest.folder / "photos").iterdir()) == sorted(
        Path(image.file).name for image in manifest.images
    )


def test_there_are_as_many_images_and_annotations_as_promised(samples):
    regions = [region for sample in samples for region in sample.regions]
    assert 40 <= len(samples) <= 60
    assert len(regions) >= 250
    assert sum(bool(region.polygons) for region in regions) >= 60
    assert min(len(sample.phrases) for sample in samples) >= 2
    assert sum(bool(sample.leaves_out) for sample in samples) >= 8


def test_the_images_take_at_most_8_megabytes(samples):
    assert sum(sample.path.stat().st_size for sample in samples) <= 8_000_000


def test_every_image_has_author_licence_source_and_alt_text(samples):
    for sample in samples:
        assert sample.provenance.licence in {"Public Domain", "CC0-1.0"}, sample.id
        assert sample.provenance.author, sample.id
        assert sample.provenance.source, sample.id
        assert sample.alt, sample.id


def test_every_image_has_the_size_its_manifest_says(samples):
    for sample in samples:
        with Image.open(sample.path) as image:
            assert image.size == sample.size, sample.id


def test_every_annotation_lies_inside_its_image_and_covers_a_pixel(samples):
    assert masking.box_corrections(samples) == []


def test_the_box_of_an_outlined_region_is_the_extent_of_its_outline(samples):
    for sample in samples:
        for region in sample.regions:
            if region.polygons:
                assert region.box == region.box.around(region.polygons), (sample.id, region.id)


def test_every_annotator_is_explained(manifest, samples):
    annotators = Counter(region.annotator for sample in samples for region in sample.regions)
    assert set(annotators) == set(manifest.annotation.annotators)


def test_the_manifest_says_that_the_annotations_are_no_ground_truth(manifest):
    assert "no ground truth" in manifest.annotation.status


def test_every_word_is_a_class_of_open_images(samples):
    if not CLASSES.exists():
        pytest.skip("the list of classes lies in ../shared/testdata, which is not here")
    with CLASSES.open(encoding="utf-8", newline="") as file:
        classes = {row[1] for row in csv.reader(file)}
    assert {region.label for sample in samples for region in sample.regions} <= classes
