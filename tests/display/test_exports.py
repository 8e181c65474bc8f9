"""Exact images on disk."""

import numpy as np
import pytest
from PIL import Image

from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.display import views
from retrain_kit.imaging import decoding, masking


@pytest.fixture
def sample(tmp_path):
    pixels = np.random.default_rng(3).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.jpg", quality=90)
    regions = (
        Region("Bird", Box(5, 5, 20, 30)),
        Region("Bow/and\\arrow ..", Box(10, 10, 50, 20)),
        Region("x", Box(-9, 0, -1, 5)),
    )
    return Sample("../up", tmp_path / "a.jpg", 60, 40, regions)


def test_every_pixel_is_the_decoded_originals_in_exactly_one_of_residue_and_taken(sample, tmp_path):
    views.write_views(sample, tmp_path / "out", "transparent")
    (place,) = (tmp_path / "out").iterdir()
    residue, taken = (np.asarray(Image.open(place / f"{name}.png")) for name in ("decanonized", "taken"))
    original = np.asarray(decoding.load_image(sample.path))
    mask = masking.union_mask(sample.regions, sample.size)
    assert np.array_equal(residue[..., 3] == 0, mask)
    assert np.array_equal(taken[..., 3] == 0, ~mask)
    assert np.array_equal(residue[~mask][:, :3], original[~mask])
    assert np.array_equal(taken[mask][:, :3], original[mask])


def test_files_are_named_safely_and_stay_in_their_folder(sample, tmp_path):
    written = views.write_views(sample, tmp_path / "out")
    assert [str(path.relative_to(tmp_path / "out")) for path in written] == [
        "_up~8c722b8a/decanonized.png",
        "_up~8c722b8a/taken.png",
        "_up~8c722b8a/objects/001-Bird.png",
        "_up~8c722b8a/objects/002-Bow_and_arrow_.png",
    ]
    assert all(path.is_file() for path in written)
