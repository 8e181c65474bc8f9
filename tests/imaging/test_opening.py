"""One place opens images: what is odd in a file is no traceback, and no wait."""

import io
import os
import struct
import zlib

import media
import numpy as np
import pytest
from colours import iccp, padded, png, saved, soft
from imaging.jpeg_files import jpeg
from kinds import ADOBE, EXCHANGED, several
from PIL import Image
from places import SHARED

from retrain_kit.annotations.samples import Box, Region
from retrain_kit.batch.decanonize import DecanonizeOptions, locations, methods, workers
from retrain_kit.batch.decanonize.inputs import Task
from retrain_kit.errors import DataError
from retrain_kit.imaging import decoding, exact, opening
from retrain_kit.imaging.jpeg import headers, metadata, orientation

IMAGE = Image.fromarray(soft())


def text_chunk(size_bytes):
    return b"zTXt", b"workflow\0\0" + zlib.compress(b"{" + bytes(size_bytes))


def orientation_of(value, kind=3):
    """Return EXIF with an orientation of any type: 2 a text, 3 a short number, 5 a fraction."""
    if kind == 3:
        entry = struct.pack("<HHIHH", 0x0112, 3, 1, value, 0)
    elif kind == 2:
        entry = struct.pack("<HHI", 0x0112, 2, 4) + value
    else:
        entry = struct.pack("<HHII", 0x0112, 5, 1, 26)
    return (
        b"Exif\0\0II*\0\x08\0\0\0\x01\0"
        + entry
        + bytes(4)
        + struct.pack("<II", *(value if kind == 5 else (0, 0)))
    )


@pytest.mark.parametrize(
    "said",
    [
        orientation_of(b"six\0", 2),
        orientation_of((1, 0), 5),
        orientation_of((6, 1), 5),
        orientation_of(9),
        orientation_of(0),
        b"Exif\0\0garbage",
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_an_orientation_that_is_no_number_from_1_to_8_counts_as_none(said, form):
    data = saved(IMAGE, form, exif=said)
    assert decoding.image_size(io.BytesIO(data)) == (48, 32)
    assert decoding.load_image(io.BytesIO(data)).size == (48, 32)
    assert exact.load_exact(io.BytesIO(data)).size == (48, 32)
    if form == "JPEG":
        assert orientation.read_orientation(data) == 1


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("rotation_deg", [None, 0, 90])
def test_a_tiff_is_turned_once(turn, rotation_deg, tmp_path):
    said = Image.Exif()
    said[0x0112] = turn
    IMAGE.save(tmp_path / "a.tif", exif=said)
    IMAGE.save(tmp_path / "a.png", exif=said)
    found, expected = (decoding.load_image(tmp_path / name, rotation_deg) for name in ("a.tif", "a.png"))
    assert np.array_equal(np.asarray(found), np.asarray(expected))
    assert decoding.image_size(tmp_path / "a.tif", rotation_deg) == found.size
    assert np.array_equal(
        np.asarray(exact.load_exact(tmp_path / "a.tif", rotation_deg).image), np.asarray(found)
    )


@pytest.mark.parametrize("size_bytes", [100, 3_000_000, 80_000_000])
def test_a_png_with_a_long_text_is_read(size_bytes):
    data = png(soft(), chunks=[text_chunk(size_bytes), iccp(EXCHANGED)])
    assert np.array_equal(np.asarray(decoding.load_image(io.BytesIO(data))), soft()[..., ::-1])
    assert decoding.image_size(io.BytesIO(data)) == (48, 32)


def test_a_png_with_a_profile_of_megabytes_keeps_it():
    profile = padded(ADOBE, 3_000_000)
    image = exact.load_exact(io.BytesIO(png(soft(), chunks=[iccp(profile)])))
    assert image.profile == profile


def test_a_png_with_a_huge_exif_is_read():
    data = png(soft(), chunks=[(b"eXIf", b"II*\0\x08\0\0\0\xff\xff" + bytes(2_000_000))])
    assert decoding.load_image(io.BytesIO(data)).size == decoding.image_size(io.BytesIO(data)) == (48, 32)


@pytest.mark.parametrize("read", [decoding.load_image, decoding.image_size, decoding.notes, exact.load_exact])
@pytest.mark.parametrize(
    ("make", "found"),
    [
        (os.mkfifo, "a pipe"),
        (lambda path: path.mkdir(), "a folder"),
        (lambda path: path.symlink_to("/dev/zero"), "a device"),
        (lambda _: None, "no file"),
        (lambda path: path.write_bytes(b""), "cannot identify image file"),
        (
            lambda path: path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(99)),
            "a HEIC image, which nothing here reads",
        ),
        (lambda path: path.write_bytes(b"\xff\x0a" + bytes(99)), "a JPEG XL image, which nothing here reads"),
        (lambda path: path.write_bytes(b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(99)), "a JPEG XL image"),
        (
            lambda path: path.write_bytes(
                b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n"
            ),
            "a file in EPS, which another program would have to decode",
        ),
        (lambda path: path.write_bytes(media.huge_png()), "an image too large to decode"),
    ],
)
def test_what_is_no_image_is_refused_in_one_line_and_at_once(read, make, found, tmp_path):
    make(tmp_path / "a.jpg")
    with pytest.raises(DataError) as caught:
        read(tmp_path / "a.jpg")
    assert found in caught.value.faults[0].found
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"no image", saved(IMAGE, "PNG")[:90]])
def test_what_is_wrong_names_no_folder(data, tmp_path):
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(DataError) as caught:
        decoding.load_image(tmp_path / "a.png")
    assert str(tmp_path) not in caught.value.faults[0].found
    with pytest.raises(DataError) as caught:
        decoding.load_image(io.BytesIO(data))
    assert " at 0x" not in caught.value.faults[0].found


def test_a_pipe_among_images_is_skipped_in_words(tmp_path):
    os.mkfifo(tmp_path / "a.jpg")
    task = Task(0, "a", "a.jpg", str(tmp_path / "a.jpg"), (), None, None)
    record = workers.decanonize_image(
        task, DecanonizeOptions(), locations.storage_folder(str(tmp_path / "out"))
    )
    assert "no file, but a pipe or a device" in record.skipped


def test_files_of_several_frames_or_pages_say_so():
    for form, said in (("GIF", "3 frames"), ("TIFF", "3 pages"), ("WEBP", "3 frames"), ("MPO", "3 images")):
        assert decoding.notes(io.BytesIO(several(IMAGE, form))) == (f"first of {said}",)
    task = Task(0, "a", "a.jpg", "", (), (48, 32), None)
    for way in ("jpeg", "pixel", "exact", "beside"):
        made, _ = methods.encode_decanonized(several(IMAGE, "MPO"), task, DecanonizeOptions(way))
        assert made.original or made.data == several(IMAGE, "MPO") or "first of 3 images" in made.gone


def profile_segments(data):
    return metadata.embedded_profile(headers.segments(data))


@pytest.mark.parametrize("way", ["jpeg", "pixel", "exact"])
def test_a_profile_in_many_segments_stays_whole_also_where_three_bytes_look_like_a_jpeg(way, turbojpeg):
    profile = padded(ADOBE, 200_000)
    for place in (500, 70_000, 150_000):
        profile = profile[:place] + b"\xff\xd8\xff\xe0" + profile[place + 4 :]
    task = Task(0, "a", "a.jpg", "", (Region("Thing", Box(0, 0, 16, 16)),), (48, 32), None)
    made, _ = methods.encode_decanonized(
        saved(IMAGE, "JPEG", icc_profile=profile), task, DecanonizeOptions(way)
    )
    with Image.open(io.BytesIO(made.data)) as file:
        assert file.info["icc_profile"] == profile
    assert made.gone == ()


def test_a_profile_that_holds_a_jpeg_goes_whole():
    profile = padded(ADOBE, 200_000)
    shows = jpeg(16, 12)
    profile = profile[:70_000] + shows + profile[70_000 + len(shows) :]
    task = Task(0, "a", "a.jpg", "", (Region("Thing", Box(0, 0, 16, 16)),), (48, 32), None)
    made, _ = methods.encode_decanonized(
        saved(IMAGE, "JPEG", icc_profile=profile), task, DecanonizeOptions("pixel")
    )
    assert profile_segments(made.data) == b""
    assert made.gone == ("colour profile that holds a JPEG",)


@pytest.mark.parametrize(
    "path", sorted((SHARED / "cases" / "files").rglob("*.*")), ids=lambda path: path.name
)
def test_the_images_of_the_cases_are_read_or_refused_in_words(path):
    try:
        opening.check_regular(path)
    except FileNotFoundError:
        pytest.skip("a link that leads nowhere")
    sizes = []
    for read in (decoding.load_image, exact.load_exact):
        try:
            sizes.append(read(path).size)
        except DataError as error:
            sizes.append(len(error.faults))
    assert sizes[0] == sizes[1] != 0
