"""What may still show what was removed goes; profile, orientation, density and true texts stay."""

import io
import struct

import numpy as np
import pytest
from imaging.jpeg_files import APP1, APP2, exif, jpeg, with_segment
from PIL import Image, ImageCms

from retrain_kit.imaging.jpeg import blocks, metadata
from retrain_kit.imaging.jpeg.headers import Segment, UnsupportedJpegError, segments

THUMBNAIL = jpeg(16, 16)
XMP = b"http://ns.adobe.com/xap/1.0/\0"


def reduced(marker, payload):
    """What stays of a segment, and what went."""
    return metadata.segments_without_images([Segment(marker, payload, 0, 0)])


def resource(number, content, name=b"\0\0"):
    return (
        b"8BIM"
        + struct.pack(">H", number)
        + name
        + struct.pack(">I", len(content))
        + content
        + b"\0" * (len(content) % 2)
    )


@pytest.mark.parametrize("order", ["<", ">"])
def test_orientation_and_maker_stay_while_thumbnail_and_makers_note_go(order):
    note = b"a note of the maker, with a preview in it"
    kept, gone = reduced(APP1, exif(6, note, THUMBNAIL, order))
    assert gone == {"thumbnail in EXIF", "maker's note"}
    assert THUMBNAIL[20:60] not in kept
    assert note not in kept
    read = Image.Exif()
    read.load(kept[4:])
    assert dict(read) == {0x010F: "Maker A", 0x0112: 6, 0x8769: 58}
    assert read.get_ifd(0x8769) == {0x9000: b"0230"}
    assert not read.get_ifd(1)
    assert kept[56:60] == b"\0\0\0\0"  # no second directory


def test_exif_that_says_true_things_alone_stays_byte_for_byte():
    before = Image.Exif()
    before[0x0112], before[0x8298], before[0x9003] = 8, "© Ann", "2009:01:02 03:04:05"
    before.get_ifd(0x8825)[2] = (1.0, 2.0, 3.5)
    payload = before.tobytes()
    assert metadata.segments_without_images([Segment(APP1, payload, 0, 0)])[0][4:].rstrip(
        b"\0"
    ) == payload.rstrip(b"\0")


@pytest.mark.parametrize(
    "payload",
    [
        b"Exif\0\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0II*\0\x08\0\0\0\x01\0" + b"\x69\x87\x04\0\x01\0\0\0\x08\0\0\0" + bytes(4),
    ],
)
def test_broken_exif_goes_and_is_named(payload):
    assert "broken EXIF" in reduced(APP1, payload)[1]


def test_a_thumbnail_in_jfif_is_cut_out_and_the_density_stays():
    payload = b"JFIF\0\x01\x02\x01\x00\x48\x00\x48\x01\x01abc"
    assert reduced(0xE0, payload) == (
        b"\xff\xe0\0\x10JFIF\0\x01\x02\x01\x00\x48\x00\x48\0\0",
        {"thumbnail in JFIF"},
    )


def test_photoshops_texts_stay_and_its_thumbnail_goes():
    text = resource(0x0404, b"\x1c\x02\x50\0\x03Ann")
    payload = b"Photoshop 3.0\0" + resource(1036, THUMBNAIL) + text + resource(1033, b"old")
    kept, gone = reduced(0xED, payload)
    assert kept[4:] == b"Photoshop 3.0\0" + text
    assert gone == {"Photoshop resource 1036", "Photoshop resource 1033"}


def test_a_preview_within_iptc_goes():
    payload = b"Photoshop 3.0\0" + resource(0x0404, b"\x1c\x02\xca\0\x03abc")
    assert reduced(0xED, payload) == (b"", {"Photoshop resource 1028"})


def test_xmp_stays_where_it_holds_texts_alone():
    plain, rich = (
        XMP + b"<x>Ann</x>",
        XMP + b"<xmp:Thumbnails><xmpGImg:image>abc</xmpGImg:image></xmp:Thumbnails>",
    )
    assert reduced(APP1, plain)[0][4:] == plain
    assert reduced(APP1, rich) == (b"", {"XMP with images"})
    assert reduced(APP1, XMP + b"A" * 400) == (b"", {"XMP with images"})


@pytest.mark.parametrize(
    ("marker", "payload", "gone"),
    [
        (0xE0, b"JFXX\0\x10" + THUMBNAIL, "APP0 (JFXX)"),
        (APP2, b"MPF\0II*\0", "APP2 (MPF)"),
        (APP2, b"FPXR\0\0", "APP2 (FPXR)"),
        (APP1, b"http://ns.adobe.com/xmp/extension/\0abc", "APP1 (http://ns.adobe.com/xmp/extension/)"),
        (0xEC, b"Ducky\0\x01", "APP12 (Ducky)"),
        (0xE5, b"\0\x01", "APP5"),
        (0xFE, b"a comment" + THUMBNAIL, "metadata that holds a JPEG"),
    ],
)
def test_what_is_not_known_to_be_free_of_images_goes(marker, payload, gone):
    assert reduced(marker, payload) == (b"", {gone})


def test_profile_density_comment_and_orientation_come_through_and_the_rest_is_named(turbojpeg):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = jpeg(icc_profile=profile, dpi=(300, 300), comment="by Ann")
    data = with_segment(data, APP1, exif(1, thumbnail=THUMBNAIL)) + THUMBNAIL
    mask = np.zeros((53, 75), bool)
    mask[:20, :20] = True
    result = blocks.empty_blocks(data, mask)
    with Image.open(io.BytesIO(result.data)) as image:
        assert image.info["icc_profile"] == profile
        assert image.info["dpi"] == (300, 300)
        assert image.info["comment"] == b"by Ann"
        assert image.getexif()[0x0112] == 1
    assert result.gone == (f"{len(THUMBNAIL)} bytes after the end", "maker's note", "thumbnail in EXIF")
    assert result.data.count(b"\xff\xd8\xff") == 1
    assert [segment.marker for segment in segments(result.data)][-1] == 0xD9


def test_an_orientation_said_only_in_metadata_that_goes_is_refused():
    payload = XMP + b'<x tiff:Orientation="6"/><xmp:Thumbnails/>'
    with pytest.raises(UnsupportedJpegError, match="an orientation said only in metadata that must go"):
        blocks.empty_blocks(with_segment(jpeg(), APP1, payload), np.ones((75, 53), bool))
