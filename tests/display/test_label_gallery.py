"""From a label a link leads to its images, each of which lies in the page once, within a bound."""

import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from retrain_kit.analysis.images_per_label import images_per_label
from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.display import label_gallery
from retrain_kit.display.label_gallery import MOST_BYTES, MOST_IMAGES, MOST_LABELS


@pytest.fixture(scope="module")
def noise(tmp_path_factory):
    """An image of noise: no JPEG of its size weighs more."""
    path = tmp_path_factory.mktemp("noise") / "noise.png"
    pixels = np.random.default_rng(1).integers(0, 256, (96, 96, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def sample(name, path, *labels):
    return Sample(name, path, 96, 96, tuple(Region(label, Box(0, 0, 9, 9)) for label in labels))


def gallery(samples):
    made = label_gallery.label_gallery(images_per_label(samples), samples, "Study two, version 1.")
    return made, BeautifulSoup(made.html, "html.parser")


def test_each_label_leads_to_its_images_and_back(noise):
    samples = [sample("one", noise, "Tree", "Bird"), sample("two", noise, "Tree")]
    _, page = gallery(samples)
    rows = [row.get_text(" ", strip=True) for row in page.select("tbody tr")]
    assert rows == ["Tree 2 100.0%", "Bird 1 50.0%"]
    for link, names in zip(page.select("tbody a"), (["one", "two"], ["one"]), strict=True):
        section = page.find(id=link["href"].removeprefix("#"))
        assert [each["title"] for each in section.select("span[title]")] == names
        assert page.find(id=section.h3.a["href"].removeprefix("#")).name == "table"
        for image in section.select("svg"):
            assert image["aria-label"].startswith("The image ")
            assert page.find(id=image.use["href"].removeprefix("#")).name == "image"
    assert len(page.select("image")) == 2


def test_labels_of_any_signs_have_places_of_their_own(noise):
    labels = ['"', "<b>", "a b", "a\tb", "قطة", "", "#", "%20"]
    _, page = gallery([sample("one", noise, *labels)])
    places = [each["id"] for each in page.select("[id]")]
    assert len(places) == len(set(places))
    assert {link["href"].removeprefix("#") for link in page.select("a")} <= set(places)
    assert len(page.select("section")) == len(labels)
    assert page.b is None


def test_a_study_of_ten_thousand_images_and_five_thousand_labels_stays_a_small_page(noise):
    random = np.random.default_rng(2)
    drawn = random.integers(0, 5000, (10_000, 3)) * (random.random((10_000, 3)) < 0.9)
    regions = [Region(f"label {n}", Box(0, 0, 9, 9)) for n in range(5000)]
    samples = [
        Sample(f"{n}", noise, 96, 96, tuple(regions[each] for each in row)) for n, row in enumerate(drawn)
    ]
    made, page = gallery(samples)
    assert sum(len(each.data) for each in made.thumbnails.values()) <= MOST_BYTES
    assert len(made.html) < 1.5 * MOST_BYTES
    assert len(page.select("tbody tr")) == MOST_LABELS
    count = len({region.label for each in samples for region in each.regions})
    assert f"{count - MOST_LABELS:,} labels more are in fewer images." in page.text
    data = re.findall(r'href="(data:[^"]+)"', made.html)
    assert len(data) == len(made.thumbnails) <= MOST_LABELS * MOST_IMAGES
    assert all(section.select("use") for section in page.select("section"))


def test_an_image_that_cannot_be_shown_says_so_and_stops_no_other(noise, tmp_path):
    gone = sample("gone", tmp_path / "gone.jpg", "Tree")
    _, page = gallery([gone, sample("there", noise, "Tree")])
    alts = [image["aria-label"] for image in page.select("svg[role=img]")]
    assert alts == ["The image gone. It cannot be shown.", "The image there."]


def test_a_study_without_labels_says_so(noise):
    assert "No image here has a label." in gallery([sample("one", noise)])[0].html
