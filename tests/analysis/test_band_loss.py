"""Whether the dark lost more than the light is asked image by image, and answered within an interval."""

import numpy as np
import pytest
from PIL import Image

from retrain_kit.analysis import band_loss
from retrain_kit.analysis.band_loss import BandLoss
from retrain_kit.analysis.intervals import mean_interval
from retrain_kit.datasets import folder
from retrain_kit.studies import manifests

DARK, LIGHT = "dark, luminance 0 to 85", "light, luminance 170 to 255"


def halves(path, dark, light, seed):
    """A JPEG of a dark and a light half, each with noise of its own strength."""
    random = np.random.default_rng(seed)
    noise = [random.normal(level, strength, (64, 32)) for level, strength in ((45, dark), (210, light))]
    Image.fromarray(np.hstack(noise).clip(0, 255).astype("uint8")).save(path, quality=75)
    return path


def study(where, dark, light, images=24):
    random = np.random.default_rng(1)
    strengths = random.uniform(0.7, 1.3, (images, 2)) * (dark, light)
    return [halves(where / f"{place}.jpg", *pair, place) for place, pair in enumerate(strengths)]


def test_a_difference_is_said_where_dark_halves_are_smoother(tmp_path):
    found = band_loss.read_band_loss(study(tmp_path, 4, 12))
    assert found.files == 24
    assert found.unread == ()
    assert found.same_tables == 24
    assert found.interval.low > 0
    assert found.in_words.startswith("In the dark more of the detail is at level zero than in the light: +")


def test_the_reverse_is_said_where_light_halves_are_smoother(tmp_path):
    said = band_loss.read_band_loss(study(tmp_path, 12, 4)).in_words
    assert said.startswith("In the dark less of the detail is at level zero than in the light: −")


def test_no_difference_is_said_where_both_halves_are_alike(tmp_path):
    found = band_loss.read_band_loss(study(tmp_path, 8, 8))
    assert 0 in found.interval
    assert found.in_words.startswith("No difference can be seen between dark and light: ")


def test_bands_are_named_with_their_limits(tmp_path):
    found = band_loss.read_band_loss(study(tmp_path, 4, 12, 6))
    assert [(band.name, band.images) for band in found.bands] == [(DARK, 6), (LIGHT, 6)]
    assert "third" not in repr(found.note)


def test_too_few_images_say_nothing(tmp_path):
    said = band_loss.read_band_loss(study(tmp_path, 4, 12, 4)).in_words
    assert said == "Nothing can be said: 4 images have dark and light blocks, and it takes 5."


def test_files_that_cannot_be_read_are_counted_with_the_reason(tmp_path):
    good = study(tmp_path, 8, 8, 5)
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    Image.new("CMYK", (16, 16)).save(tmp_path / "ink.jpg")
    (tmp_path / "cut.jpg").write_bytes(good[0].read_bytes()[:400])
    (tmp_path / "text.jpg").write_text("no image")
    odd = [tmp_path / name for name in ("a.png", "ink.jpg", "cut.jpg", "text.jpg", "none.jpg")]
    found = band_loss.read_band_loss([*good, *odd])
    assert dict(found.unread) == {"no JPEG": 1, "its colours are CMYK": 1, "cannot be decoded": 3}
    lines = dict(found.note.lines)
    assert lines["files read"] == "5 of 10"
    assert lines["one and the same table of steps"] == "5 of 5"


def test_no_files_at_all_are_no_error():
    found = band_loss.band_loss([])
    assert found.in_words == "Nothing can be said: 0 images have dark and light blocks, and it takes 5."
    assert repr(found.note)


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ([0.1, 0.2, 0.15, 0.3, 0.12, 0.2], "In the dark more of"),
        ([-0.1, -0.2, -0.15, -0.3, -0.12, -0.2], "In the dark less of"),
        ([0.1, -0.2, 0.15, -0.3, 0.12, 0.2], "No difference can be seen between"),
        ([0.0] * 9, "No difference can be seen: in almost all of 9 images"),
    ],
)
def test_the_sentence_follows_from_the_interval(differences, said):
    assert BandLoss(9, (), (), tuple(differences), 9).in_words.startswith(said)


def test_chance_alone_is_called_a_difference_about_once_in_twenty():
    random = np.random.default_rng(2)
    seen = [0 not in mean_interval(random.normal(0, 0.1, 30)) for _ in range(400)]
    assert 0.02 <= np.mean(seen) <= 0.08


def test_the_embedded_sample_shows_no_difference():
    manifest = manifests.load("embedded-sample")
    found = band_loss.read_band_loss(sample.path for sample in folder.read(manifest))
    assert len(found.differences) == 47
    assert sum(difference > 0 for difference in found.differences) == 17
    assert found.in_words == (
        "No difference can be seen between dark and light: −4.7 points, mean of 47 images that have both, "
        "95% interval −9.5 to +0.3."
    )
