"""Tags are taken out of JPEGs without decoding: exact outside, one colour inside, nothing left over."""

import io
import threading
from dataclasses import replace

import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imaging import jpeg_files
from imaging.jpeg_files import KINDS, beyond, coefficients, decoded, jpeg, shown, with_segment, within
from PIL import Image, ImageOps
from places import SHARED

from retrain_kit.errors import ParameterError
from retrain_kit.imaging.jpeg import blocks as jpeg_blocks
from retrain_kit.imaging.jpeg import headers, turbo
from retrain_kit.imaging.jpeg.headers import UnsupportedJpegError

PHOTOS = sorted(SHARED.glob("testdata/imagenet/val/*.JPEG")) + sorted(SHARED.glob("sample-photos/*.jpg"))

pytestmark = pytest.mark.usefixtures("turbojpeg")


def box(shape, left=20, top=10, right=45, bottom=30):
    mask = np.zeros(shape[:2], dtype=bool)
    mask[top:bottom, left:right] = True
    return mask


def assert_exact(data, mask, result):
    """Outside as before, inside the fill, and at least what was asked for."""
    before, after = decoded(data), decoded(result.data)
    assert before.shape == after.shape
    assert (result.effective | ~mask).all()
    outside = beyond(result.effective, jpeg_blocks.REACH_PX)
    assert (before[outside] == after[outside]).all()
    inside = within(result.effective)
    assert (shown(result.data)[inside] == result.fill).all()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_exact_outside_and_white_inside(kind):
    data = KINDS[kind]()
    mask = (
        box(decoded(data).shape)
        if min(decoded(data).shape[:2]) > 40
        else np.ones(decoded(data).shape[:2], bool)
    )
    result = jpeg_blocks.empty_blocks(data, mask)
    assert result.fill == (255, 255, 255)
    assert result.kind == "lossless JPEG"
    assert mask.any()
    assert_exact(data, mask, result)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_exact_for_a_mask_at_its_right_and_lower_edge(kind):
    data = KINDS[kind]()
    height, width = decoded(data).shape[:2]
    mask = np.zeros((height, width), bool)
    mask[-1, width // 2 :] = mask[height // 2 :, -1] = True
    assert_exact(data, mask, jpeg_blocks.empty_blocks(data, mask))


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_removed_is_in_no_coefficient_and_everything_else_is(kind):
    data = KINDS[kind]()
    height, width = decoded(data).shape[:2]
    mask = box((height, width)) if min(height, width) > 40 else np.ones((height, width), bool)
    result = jpeg_blocks.empty_blocks(data, mask)
    for before, after in zip(coefficients(data), coefficients(result.data), strict=True):
        down, across = -(-height // after.shape[0] // 8) * 8, -(-width // after.shape[1] // 8) * 8
        blocks = result.effective[::down, ::across][: after.shape[0], : after.shape[1]]
        assert not after[blocks][:, 1:].any()
        assert len(set(after[blocks][:, 0].tolist())) == 1
        assert (before[~blocks] == after[~blocks]).all()


@pytest.mark.parametrize("kind", KINDS)
def test_emptying_twice_is_emptying_once(kind):
    data = KINDS[kind]()
    mask = np.zeros(decoded(data).shape[:2], bool)
    mask[: mask.shape[0] // 2, : mask.shape[1] // 2 + 1] = True
    mask[0, 0] = True
    once = jpeg_blocks.empty_blocks(data, mask).data
    assert jpeg_blocks.empty_blocks(once, mask).data == once


@st.composite
def masks(draw, width=75, height=53):
    mask = np.zeros((height, width), dtype=bool)
    for _ in range(draw(st.integers(0, 4))):
        left, top = draw(st.integers(0, width)), draw(st.integers(0, height))
        mask[top : top + draw(st.integers(1, 30)), left : left + draw(st.integers(1, 40))] = True
    return mask


colours = st.tuples(*[st.integers(0, 255)] * 3)


@given(
    masks(),
    colours,
    st.sampled_from([kind for kind, make in KINDS.items() if decoded(make()).shape[:2] == (53, 75)]),
)
def test_any_mask_and_any_colour_are_exact(mask, fill, kind):
    data = KINDS[kind]()
    result = jpeg_blocks.empty_blocks(data, mask, fill)
    assert_exact(data, mask, result)
    if not mask.any():
        assert result.data == data


@given(masks(40, 30), st.integers(1, 8))
def test_a_mask_of_the_upright_image_removes_there_whatever_the_orientation(mask, orientation):
    width, height = (30, 40) if orientation > 4 else (40, 30)
    data = with_segment(jpeg(width, height), jpeg_files.APP1, jpeg_files.exif(orientation))
    result = jpeg_blocks.empty_blocks(data, mask)
    upright = []
    for file in (data, result.data):
        with Image.open(io.BytesIO(file)) as image:
            assert image.getexif()[0x0112] == orientation
            upright.append(np.asarray(ImageOps.exif_transpose(image)))
    assert upright[0].shape == (30, 40, 3)
    assert (result.effective | ~mask).all()
    outside, inside = beyond(result.effective), within(result.effective)
    assert (upright[0][outside] == upright[1][outside]).all()
    assert (upright[1][inside] == 255).all()


def test_a_data_sets_own_turn_goes_before_exif():
    data = with_segment(jpeg(40, 30), jpeg_files.APP1, jpeg_files.exif(3))
    mask = box((40, 30), 0, 0, 8, 8)
    result = jpeg_blocks.empty_blocks(data, mask, rotation_deg=90)
    after = np.rot90(shown(result.data))
    assert (after[within(result.effective)] == 255).all()
    assert result.effective[0, 0]
    with pytest.raises(ParameterError, match="rotation: found 45 degrees; expected 0, 90, 180 or 270"):
        jpeg_blocks.empty_blocks(data, mask, rotation_deg=45)


def test_the_removed_area_grows_to_the_grid_that_the_components_share():
    mask = box((53, 75), 17, 9, 18, 10)
    areas = {
        kind: int(jpeg_blocks.empty_blocks(KINDS[kind](), mask).effective.sum()) for kind in list(KINDS)[:6]
    }
    assert areas == {
        "baseline 4:4:4": 64,
        "baseline 4:2:2": 128,
        "baseline 4:2:0": 256,
        "baseline 4:4:0": 128,
        "baseline 4:1:1": 256,
        "grey": 64,
    }


def test_a_progressive_image_stays_progressive():
    result = jpeg_blocks.empty_blocks(KINDS["progressive 4:2:0"](), box((53, 75)))
    assert Image.open(io.BytesIO(result.data)).info["progressive"] == 1


def test_an_ungrey_fill_is_the_nearest_that_the_blocks_hold_and_is_said():
    result = jpeg_blocks.empty_blocks(jpeg(quality=50), box((53, 75)), (200, 30, 90))
    assert result.fill != (200, 30, 90)
    assert np.abs(np.subtract(result.fill, (200, 30, 90))).max() <= 8
    assert (shown(result.data)[within(result.effective)] == result.fill).all()


def test_a_mask_of_another_size_is_an_error():
    with pytest.raises(
        ParameterError, match="mask: found 53 × 75 px; expected the size of the upright image"
    ):
        jpeg_blocks.empty_blocks(jpeg(), np.zeros((75, 53), bool))


def test_values_beyond_the_range_of_eight_bits_are_refused():
    def spoil(number, plane):
        plane[0, 0, 0] = 1500

    data = turbo.edit_coefficients(jpeg(), spoil, progressive=False)
    with pytest.raises(UnsupportedJpegError, match="coefficients beyond the range of an 8-bit image"):
        jpeg_blocks.empty_blocks(data, box((53, 75)))


@pytest.mark.parametrize(
    ("kind", "symbols", "fit"),
    [(0x10, [0x01, 0xFA], True), (0x10, [0x01, 0x0B], False), (0x00, [0x0B], True), (0x11, [0x3F], False)],
    ids=["ten bits", "eleven bits", "eleven bits of a mean", "fifteen bits, the second table"],
)
def test_a_table_with_longer_codes_has_every_coefficient_looked_at(kind, symbols, fit):
    table = bytes([kind, len(symbols), *[0] * 15, *symbols])
    plain = headers.read_jpeg_header(jpeg())
    assert plain.fits
    more = replace(plain, before=(*plain.before, headers.Segment(0xC4, table, 0, 0)))
    assert more.fits is fit
    assert not replace(plain, kind="progressive").fits


@given(st.binary(max_size=300), st.lists(st.integers(0, 255), max_size=4))
def test_the_coded_image_ends_at_the_first_marker_that_is_none_of_its_own(coded, markers):
    data = coded.replace(b"\xff", b"\xff\x00") + bytes([0xFF, 0xD0, 0xFF, 0xFF, 0xD9]) + bytes(markers)
    assert headers._coded_end(data, 0, "image") == data.index(b"\xff\xff\xd9") + 1


def test_a_coded_image_longer_than_a_piece_ends_where_it_ends():
    for length in (65534, 65535, 65536, 65537, 131071):
        assert headers._coded_end(bytes(length) + b"\xff\xd9", 0, "image") == length
    with pytest.raises(UnsupportedJpegError, match="ends within the coded image"):
        headers._coded_end(bytes(70000) + b"\xff", 0, "image")


def test_threads_share_nothing():
    files = [jpeg(200, 150, seed=seed) for seed in range(8)]
    mask = box((150, 200))
    alone = [jpeg_blocks.empty_blocks(file, mask).data for file in files]
    together = {}

    def work(number):
        together[number] = [jpeg_blocks.empty_blocks(files[number], mask).data for _ in range(20)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == {number: [alone[number]] * 20 for number in range(8)}


def test_memory_is_given_back_after_good_and_broken_images():
    good = jpeg(512, 512, quality=95)
    broken = good[: len(good) // 2] + b"\xff\xd9"
    mask = box((512, 512))

    def run(times):
        for _ in range(times):
            jpeg_blocks.empty_blocks(good, mask)
            with pytest.raises(UnsupportedJpegError):
                jpeg_blocks.empty_blocks(broken, mask)
        return psutil.Process().memory_info().rss

    warm = run(30)
    assert run(150) - warm < 30_000_000


@pytest.mark.skipif(not PHOTOS, reason="the real photographs lie in ../shared, which is not here")
@pytest.mark.usefixtures("long_work")
def test_real_photographs_are_exact():
    for path in PHOTOS:
        data = path.read_bytes()
        if not data.startswith(b"\xff\xd8"):
            continue
        with Image.open(path) as image:
            upright = ImageOps.exif_transpose(image)
            mask = box((upright.height, upright.width), 30, 40, 130, 110)
        result = jpeg_blocks.empty_blocks(data, mask)
        before, after = decoded(data), decoded(result.data)
        changed = (before != after).reshape(*before.shape[:2], -1).any(axis=2)
        with Image.open(path) as image:
            turn = image.getexif().get(0x0112, 1)
        assert turn == 1
        assert not (changed & beyond(result.effective)).any(), path.name
        assert (shown(result.data)[within(result.effective)] == 255).all(), path.name
