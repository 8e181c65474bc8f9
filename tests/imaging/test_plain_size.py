"""The size of a plain JPEG is read off its bytes, and of no other file."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imaging.jpeg_files import jpeg
from PIL import Image

from retrain_kit.errors import KitError
from retrain_kit.imaging import decoding
from retrain_kit.imaging.jpeg.headers import plain_size


def saved(kind, **options):
    file = io.BytesIO()
    Image.new("RGB", (30, 20)).save(file, kind, **options)
    return file.getvalue()


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved("JPEG", exif=exif)


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"mode": "L"}, {"mode": "CMYK"}, {"comment": b"a"}]
)
def test_the_size_of_a_plain_jpeg_is_read(options):
    assert plain_size(jpeg(75, 53, **options)) == (75, 53)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff",
        turned(),
        saved("PNG"),
        saved("MPO", save_all=True, append_images=[Image.new("RGB", (30, 20))]),
        jpeg()[:300],
        jpeg().replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc0\x00\x11\x0c"),
        jpeg().replace(b"\xff\xc0\x00\x11\x08\x00\x35", b"\xff\xc0\x00\x11\x08\x00\x00"),
    ],
    ids=["nothing", "a beginning", "turned", "PNG", "MPO", "cut", "12 bits", "no lines"],
)
def test_of_any_other_file_nothing_is_said(data):
    assert plain_size(data) is None


@given(st.integers(0, 700), st.integers(0, 255))
def test_where_a_byte_is_another_it_says_what_a_decoder_says_or_nothing(place, value):
    data = bytearray(jpeg())
    data[place] = value
    found = plain_size(bytes(data))
    try:
        size = decoding.image_size(io.BytesIO(bytes(data)))
    except KitError:
        return  # whoever opens the image says what is wrong with it
    assert found in {None, size}
