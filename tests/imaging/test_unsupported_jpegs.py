"""What cannot be emptied exactly is refused with its reason, never guessed at."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imaging.jpeg_files import beyond, decoded, jpeg, shown, with_segment, within
from PIL import Image

from retrain_kit.errors import KitError
from retrain_kit.imaging.jpeg import blocks, headers, turbo
from retrain_kit.imaging.jpeg.headers import UnsupportedJpegError


def frame(data, **changes):
    """The JPEG with bytes of its frame header changed: `marker`, `precision`, `height`, `ids` or `sampling`."""
    new = bytearray(data)
    start = next(place for place in range(len(data)) if data[place : place + 2] in {b"\xff\xc0", b"\xff\xc2"})
    for name, value in changes.items():
        place = start + {"marker": 1, "precision": 4, "height": 5, "count": 9, "id": 13, "sampling": 11}[name]
        new[place : place + len(value)] = value
    return bytes(new)


def without(data, marker):
    """The JPEG without its first segment of that marker."""
    start = data.index(bytes([0xFF, marker]))
    stop = start + 2 + int.from_bytes(data[start + 2 : start + 4])
    return data[:start] + data[stop:]


def saved(kind):
    file = io.BytesIO()
    Image.new("RGB", (9, 9)).save(file, kind)
    return file.getvalue()


def cut_before_last_scan(data):
    return data[: data.rindex(b"\xff\xda")] + b"\xff\xd9"


def doubled_frame(data):
    start = data.index(b"\xff\xc0")
    return data[:start] + data[start : start + 19] + data[start:]


REFUSED = {
    "a PNG": lambda: saved("PNG"),
    "a GIF": lambda: saved("GIF"),
    "a BMP": lambda: saved("BMP"),
    "a TIFF": lambda: saved("TIFF"),
    "a WebP or another RIFF file": lambda: saved("WEBP"),
    "an empty file": lambda: b"",
    "no image that begins as a JPEG": lambda: b"<html>not found</html>",
    "a broken tail: the file ends within its headers": lambda: jpeg()[:2] + b"\xff\xe0",
    "a broken segment at byte 20": lambda: jpeg()[:60],
    "no marker at byte 2": lambda: jpeg()[:2] + b"\xff\x00" + jpeg()[4:],
    "a broken tail: the file ends within the coded image": lambda: jpeg()[:-200],
    "arithmetic coding": lambda: frame(jpeg(), marker=b"\xc9"),
    "lossless coding, which has no blocks": lambda: frame(jpeg(), marker=b"\xc3"),
    "hierarchical coding": lambda: frame(jpeg(), marker=b"\xc5"),
    "samples of 12 bits": lambda: frame(jpeg(), precision=b"\x0c"),
    "no size in its header": lambda: frame(jpeg(), height=b"\0\0"),
    "an image too large: 65535 × 65535 px": lambda: frame(jpeg(), height=b"\xff\xff\xff\xff"),
    "2 frames": lambda: doubled_frame(jpeg()),
    "components [1, 1, 3]": lambda: frame(jpeg(), id=b"\x01"),
    "a broken frame header": lambda: frame(jpeg(), count=b"\x04"),
    "unusual sampling [3, 2, 1]": lambda: frame(frame(jpeg(), sampling=b"\x31\x00"), id=b"\x02\x21"),
    "a component without its quantisation table": lambda: without(jpeg(mode="L"), 0xDB),
    "a component that is coded twice": lambda: (
        jpeg(mode="L")[:-2] + jpeg(mode="L")[jpeg(mode="L").index(b"\xff\xda") :]
    ),
    "scans that do not bring the whole image": lambda: cut_before_last_scan(jpeg(progressive=True)),
    "no scan, so no image": lambda: jpeg()[: jpeg().index(b"\xff\xda")] + b"\xff\xd9",
    "a scan that does not fit its frame": lambda: jpeg().replace(
        b"\xff\xda\x00\x0c\x03\x01", b"\xff\xda\x00\x0c\x03\x07"
    ),
    "a scan with a broken header": lambda: jpeg().replace(b"\xff\xda\x00\x0c\x03", b"\xff\xda\x00\x0c\x02"),
    "tables or sizes that change between the scans": lambda: (
        jpeg(progressive=True)[:-2] + b"\xff\xdb\x00\x43\x00" + bytes(64) + b"\xff\xd9"
    ),
    "four inks without Adobe's marker: whether 0 or 255 is no ink is not said": lambda: without(
        jpeg(mode="CMYK"), 0xEE
    ),
    "an unknown colour transform (7)": lambda: with_segment(
        without(jpeg(), 0xE0), 0xEE, b"Adobe\0\x64\0\0\0\0\x07"
    ),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_it_is_refused_with_its_reason(reason):
    with pytest.raises(UnsupportedJpegError) as error:
        headers.read_jpeg_header(REFUSED[reason](), "n01.JPEG")
    assert error.value.reason == reason
    assert str(error.value).startswith(f"n01.JPEG: found {reason}; expected ")


def test_the_whole_way_refuses_a_png_named_jpeg():
    with pytest.raises(
        UnsupportedJpegError,
        match="n02105855_2933.JPEG: found a PNG; expected a JPEG. The lossless ways of writing pixels take it.",
    ):
        blocks.empty_blocks(saved("PNG"), np.ones((9, 9), bool), where="n02105855_2933.JPEG")


def test_a_coded_image_that_ends_early_but_tidily_is_refused_with_the_librarys_words():
    data = jpeg(200, 200)
    with pytest.raises(UnsupportedJpegError, match="stumbles over .*premature end of data segment"):
        blocks.empty_blocks(data[: len(data) * 2 // 3] + b"\xff\xd9", np.ones((200, 200), bool))


@given(st.data())
def test_a_damaged_file_is_refused_or_exact_and_never_wrong(data):
    whole = bytearray(jpeg(40, 40, progressive=data.draw(st.booleans()), seed=3))
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(2, len(whole) - 1))] = data.draw(st.integers(0, 255))
    mask = np.zeros((40, 40), bool)
    mask[5:20, 5:20] = True
    try:
        result = blocks.empty_blocks(bytes(whole), mask)
    except KitError:
        return
    try:
        before = decoded(bytes(whole))
    except OSError:
        return
    after = decoded(result.data)
    outside = beyond(result.effective)
    assert (before[outside] == after[outside]).all()
    assert (shown(result.data)[within(result.effective)] == result.fill).all()


def test_a_missing_library_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("RETRAIN_KIT_TURBOJPEG", str(tmp_path / "libturbojpeg.so"))
    with pytest.raises(turbo.LibraryError, match="no TurboJPEG library; .* apt install libturbojpeg0"):
        blocks.empty_blocks(jpeg(), np.ones((53, 75), bool))
