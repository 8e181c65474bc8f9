"""The pixel way: JPEGs decoded and encoded again with their own tables and sampling.

Pixels outside the annotations change a little, mostly not at all. An image whose tables are libjpeg's for
some quality goes by way of its planes; others by way of red, green and blue.
"""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image

from retrain_kit.analysis.jpeg_loss import STANDARD_TABLES, scaled_table
from retrain_kit.batch.decanonize.encoded import EncodedImage, check_stated_size, requested_mask
from retrain_kit.imaging.jpeg import headers, metadata, orientation
from retrain_kit.imaging.jpeg.headers import UnsupportedJpegError
from retrain_kit.imaging.jpeg.planes import Planes
from retrain_kit.imaging.masking import _pixels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.annotations.samples import Region
    from retrain_kit.batch.decanonize.inputs import Task
    from retrain_kit.batch.decanonize.options import DecanonizeOptions
    from retrain_kit.imaging.jpeg.headers import JpegHeader
    from retrain_kit.imaging.masking import Mask

_MODES = {"grey": "L", "YCbCr": "YCbCr"}
_SIDEWAYS = 5


def encode_pixel(data: bytes, task: Task, options: DecanonizeOptions) -> EncodedImage:
    """Take out what the annotations cover and encode again.

    Raises
    ------
    UnsupportedJpegError
        When it is no whole JPEG in grey or in luma and chroma.
    DataError
        When it has another size than the study says.
    jpegs.turbo.LibraryError
        When the library is missing.
    """
    header = headers.read_jpeg_header(data, task.id)
    if header.model not in _MODES:
        raise UnsupportedJpegError(task.id, f"a JPEG in {header.model}")
    told = task.rotation_deg is not None or any(each.marker == headers.APP[1] for each in header.before)
    turn = orientation.read_orientation(data, task.rotation_deg, task.id) if told else 1
    stored = header.width_px, header.height_px
    size = stored if turn < _SIDEWAYS else stored[::-1]
    check_stated_size(task, size)
    mask = requested_mask(task, size, options.shape)
    boxes = task.regions if options.shape == "box" and turn == 1 else None
    coded = _coded(data, header, options.fill, orientation.to_stored(mask, turn), boxes)
    kept, gone = metadata.segments_without_images(header.before)
    new = data[:2] + kept + _bare(coded)
    new = metadata.with_orientation(new, turn) if told else new
    return EncodedImage("pixel", ".jpg", new, size, mask, options.fill, tuple(sorted(gone)))


def _coded(data: bytes, header: JpegHeader, fill: str, mask: Mask, regions: Iterable[Region] | None) -> bytes:
    """Return the image coded again, the masked part filled; boxes that say the same are quicker."""
    quality = _qualities().get(_tables(header))
    if quality is None:
        return _by_pixels(data, mask, fill)
    levels = Image.new("RGB", (1, 1), fill).convert(_MODES[header.model]).tobytes()
    planes, stored = Planes(data, "image"), (header.width_px, header.height_px)
    if regions is None:
        planes.fill(mask, levels)
    for region in regions or ():
        planes.fill_box(*_pixels(region.box, stored), levels)
    return planes.coded(quality, progressive=header.kind == "progressive")


def _by_pixels(data: bytes, mask: Mask, fill: str) -> bytes:
    coded = io.BytesIO()
    try:
        with metadata.image_from_bytes(data) as file:
            file.paste(Image.new("RGB", file.size, fill).convert(file.mode), (0, 0), Image.fromarray(mask))
            file.save(coded, "JPEG", quality="keep")
    except (OSError, SyntaxError, ValueError) as error:
        raise UnsupportedJpegError("image", f"an image that cannot be decoded ({error})") from error
    return coded.getvalue()


def _tables(header: JpegHeader) -> tuple[bytes, ...]:
    """Return the quantisation table of each component, that of Cb left out where it is also that of Cr."""
    tables: dict[int, bytes] = {}
    for segment in header.before:
        place = 0
        while segment.marker == headers.DQT and place < len(segment.payload):
            wide, number = divmod(segment.payload[place], 16)
            tables[number] = segment.payload[place + 1 : place + 65 + 64 * wide]
            place += 65 + 64 * wide
    found = [tables.get(part.table, b"") for part in header.components]
    return tuple(found[:2] if found[1:2] == found[2:] else found)


@cache
def _qualities() -> dict[tuple[bytes, ...], int]:
    """Return libjpeg's qualities by their tables: of images in grey, and in luma and chroma."""
    found: dict[tuple[bytes, ...], int] = {}
    order = sorted(range(64), key=_zigzag)
    for quality in range(1, 101):
        luma, chroma = (
            bytes(int(step) for step in scaled_table(table, quality)[order]) for table in STANDARD_TABLES
        )
        found[luma,] = found[luma, chroma] = quality
    return found


def _zigzag(place: int) -> tuple[int, int]:
    """Return what a coefficient's place in rows is sorted by to come into a file's order."""
    row, column = divmod(place, 8)
    diagonal = row + column
    return diagonal, row if diagonal % 2 else column


def _bare(coded: bytes) -> bytes:
    """Return tables, frame and scans of a file, without start and metadata."""
    first = next(each for each in headers.segments(coded) if not metadata.is_metadata(each))
    return coded[first.start :]
