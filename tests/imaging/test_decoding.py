"""Images are decoded upright once, and saved without loss."""

import numpy as np
import pytest
from PIL import Image

from retrain_kit.annotations.samples import Sample
from retrain_kit.errors import DataError
from retrain_kit.imaging import decoding

# Two rows, three columns, every pixel another grey.
STORED = np.array([[0, 40, 80], [120, 160, 200]], dtype=np.uint8)
UPRIGHT = {
    1: [[0, 40, 80], [120, 160, 200]],
    2: [[80, 40, 0], [200, 160, 120]],
    3: [[200, 160, 120], [80, 40, 0]],
    4: [[120, 160, 200], [0, 40, 80]],
    5: [[0, 120], [40, 160], [80, 200]],
    6: [[120, 0], [160, 40], [200, 80]],
    7: [[200, 80], [160, 40], [120, 0]],
    8: [[80, 200], [40, 160], [0, 120]],
}
TURNED = {0: UPRIGHT[1], 90: UPRIGHT[8], 180: UPRIGHT[3], 270: UPRIGHT[6]}


def store(path, orientation=None):
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    Image.fromarray(STORED).convert("RGB").save(path, exif=exif)
    return path


def grey(image):
    return np.asarray(image)[..., 0].tolist()


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_exif_orientation_is_applied_once(tmp_path, orientation):
    image = decoding.load_image(store(tmp_path / "a.png", orientation))
    assert grey(image) == UPRIGHT[orientation]
    assert (
        grey(decoding.load_image(decoding.save_lossless(image, tmp_path / "b.png"))) == UPRIGHT[orientation]
    )


@pytest.mark.parametrize("rotation_deg", TURNED)
def test_a_data_sets_own_rotation_is_counter_clockwise(tmp_path, rotation_deg):
    assert grey(decoding.load_image(store(tmp_path / "a.png"), rotation_deg)) == TURNED[rotation_deg]


@pytest.mark.parametrize("rotation_deg", TURNED)
def test_where_the_data_set_states_a_rotation_exif_is_not_applied_as_well(tmp_path, rotation_deg):
    assert grey(decoding.load_image(store(tmp_path / "a.png", 6), rotation_deg)) == TURNED[rotation_deg]


@pytest.mark.parametrize("rotation_deg", [None, 0, 90, 180, 270])
@pytest.mark.parametrize("orientation", [None, *UPRIGHT])
def test_the_size_read_from_the_header_is_that_of_the_decoded_image(tmp_path, orientation, rotation_deg):
    path = store(tmp_path / "a.png", orientation)
    assert decoding.image_size(path, rotation_deg) == decoding.load_image(path, rotation_deg).size


def test_a_crooked_rotation_is_refused(tmp_path):
    with pytest.raises(DataError, match="found a rotation of 45 degrees; expected 0, 90, 180 or 270"):
        decoding.load_image(store(tmp_path / "a.png"), 45)


@pytest.mark.parametrize(
    ("mode", "expected"), [("L", "RGB"), ("P", "RGB"), ("LA", "RGBA"), ("CMYK", "RGB"), ("1", "RGB")]
)
def test_every_mode_becomes_rgb_or_rgba(tmp_path, mode, expected):
    path = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    Image.fromarray(STORED).convert(mode).save(path)
    assert decoding.load_image(path).mode == expected


def test_sixteen_bit_grey_keeps_its_upper_eight_bits(tmp_path):
    Image.fromarray(np.array([[0, 255, 256, 65535]], dtype=np.uint16)).save(tmp_path / "a.png")
    assert grey(decoding.load_image(tmp_path / "a.png")) == [[0, 0, 1, 255]]


@pytest.mark.parametrize("name", ["a.png", "a.webp"])
def test_a_saved_image_comes_back_bit_for_bit(tmp_path, name):
    pixels = np.random.default_rng(1).integers(0, 256, (9, 7, 4), dtype=np.uint8)
    saved = decoding.save_lossless(Image.fromarray(pixels), tmp_path / name)
    assert np.array_equal(np.asarray(Image.open(saved)), pixels)


def test_a_truncated_jpeg_is_one_clear_line(tmp_path):
    path = tmp_path / "cut.jpg"
    Image.new("RGB", (400, 400), "red").save(path)
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(
        DataError, match="cut.jpg: found an image that cannot be decoded .*truncated"
    ) as caught:
        decoding.load_image(path)
    assert "\n" not in str(caught.value)


def test_a_png_of_400_megapixels_is_refused_before_it_is_decoded(tmp_path):
    Image.new("1", (20_000, 20_000)).save(tmp_path / "huge.png")
    with pytest.raises(
        DataError, match="huge.png: found an image too large to decode.*at most 100 megapixels"
    ):
        decoding.load_image(tmp_path / "huge.png")


def test_a_png_of_120_megapixels_is_refused_with_its_size(tmp_path):
    Image.new("1", (12_000, 10_000)).save(tmp_path / "large.png")
    with pytest.raises(DataError, match="12000 × 10000 px"):
        decoding.load_image(tmp_path / "large.png")


def test_what_is_no_image_is_said_to_be_none(tmp_path):
    (tmp_path / "a.jpg").write_text("not found")
    with pytest.raises(DataError, match="expected a whole image"):
        decoding.load_image(tmp_path / "a.jpg")


def test_a_missing_image_is_named(tmp_path):
    with pytest.raises(DataError, match="gone.jpg: found no file"):
        decoding.load_image(tmp_path / "gone.jpg")


def test_an_image_of_another_size_than_the_data_set_says_is_refused(tmp_path):
    sample = Sample("a", store(tmp_path / "a.png"), 30, 20)
    with pytest.raises(DataError, match="found 3 × 2 px; expected 30 × 20 px"):
        decoding.load_sample(sample)
