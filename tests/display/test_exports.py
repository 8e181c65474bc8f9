"""Exact images on disk."""

import kinds
import numpy as np
import pytest
from colours import soft
from PIL import Image

from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.display import views
from retrain_kit.imaging import decoding, exact, masking


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


def test_sixteen_bits_and_the_profile_stay_in_every_file_and_what_goes_is_told(tmp_path):
    deep = kinds.kinds(soft())["RGB, 16 bits, wide"]
    (tmp_path / "deep.png").write_bytes(deep.data)
    (tmp_path / "many.gif").write_bytes(kinds.kinds(soft())["animated GIF"].data)
    (tmp_path / "cut.png").write_bytes(deep.data[:200])
    region = Region("Thing", Box(4, 4, 20, 20))
    samples = [
        Sample(name, tmp_path / f"{name}", 48, 32, (region,)) for name in ("deep.png", "many.gif", "cut.png")
    ]
    told = views.write_every(samples, tmp_path / "out")
    own = exact.load_exact(tmp_path / "deep.png")
    mask = masking.union_mask([region], (48, 32))
    for name, expected in (
        ("decanonized", np.where(mask[..., None], 65535, own.deep)),
        ("taken", np.where(mask[..., None], own.deep, 65535)),
        ("objects/001-Thing", own.deep[4:20, 4:20]),
    ):
        written = exact.load_exact(tmp_path / "out" / "deep.png" / f"{name}.png")
        assert np.array_equal(written.deep, expected)
        assert written.profile == kinds.WIDE
    assert told["many.gif"] == ("first of 3 frames",)
    assert "not written: an image that cannot be decoded" in told["cut.png"][0]
    assert set(told) == {"many.gif", "cut.png"}


def test_files_are_named_safely_and_stay_in_their_folder(sample, tmp_path):
    written = views.write_views(sample, tmp_path / "out")
    assert [str(path.relative_to(tmp_path / "out")) for path in written] == [
        "_up~8c722b8a/decanonized.png",
        "_up~8c722b8a/taken.png",
        "_up~8c722b8a/objects/001-Bird.png",
        "_up~8c722b8a/objects/002-Bow_and_arrow_.png",
    ]
    assert all(path.is_file() for path in written)
