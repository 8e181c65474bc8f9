"""Ways: which one an image takes, and why."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from retrain_kit.analysis.jpeg_loss import STANDARD_TABLES, scaled_table
from retrain_kit.batch.decanonize import inputs
from retrain_kit.batch.decanonize.encoded import (
    EncodedImage,
    NamedBytes,
    check_stated_size,
    frame_size,
    requested_mask,
)
from retrain_kit.errors import DataError, Fault, ParameterError, reason_of
from retrain_kit.imaging import decoding, exact, masking, opening, profiles
from retrain_kit.imaging.jpeg import blocks, headers, metadata, orientation
from retrain_kit.imaging.jpeg.headers import UnsupportedJpegError
from retrain_kit.imaging.jpeg.planes import Planes
from retrain_kit.imaging.masking import _pixels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Region
    from retrain_kit.batch.decanonize.inputs import Task
    from retrain_kit.batch.decanonize.options import DecanonizeOptions
    from retrain_kit.imaging.jpeg.headers import JpegHeader
    from retrain_kit.imaging.masking import Mask


_FILL, _ROTATION = "fill", "rotation_deg"


def encode_beside(data: bytes, task: Task, options: DecanonizeOptions) -> EncodedImage:
    """Look at the image's header and make the mask; nothing is decoded.

    Raises
    ------
    DataError
        When it is no image or has another size than the study says.
    """
    with opening.open_image(NamedBytes(data, task.id)) as file:
        size = opening.upright_size(file, task.rotation_deg)
        first = opening.first_of(file)  # the mask is of the first
    check_stated_size(task, size)
    mask = requested_mask(task, size, options.shape)
    return EncodedImage("beside", "", data, size, mask, options.fill, (first,) if first else ())


def mask_notes(task: Task, options: DecanonizeOptions) -> PngInfo:
    """Return what the mask says of itself, for `load_working_copy`."""
    info = PngInfo()
    info.add_text(_FILL, options.fill)
    if task.rotation_deg is not None:
        info.add_text(_ROTATION, str(task.rotation_deg))
    return info


def load_working_copy(path: Path) -> Image.Image:
    """Read a working copy back: the original, upright, with what its mask covers filled.

    Parameters
    ----------
    path
        The original's file, beside which its mask lies.

    Returns
    -------
    PIL.Image.Image
        Mode RGB, or RGBA where the original or the fill is transparent.

    Raises
    ------
    DataError
        When one of the two files is missing or broken, or their sizes differ.
    """
    place = Path(inputs.mask_name(str(path)))
    mask, said = _mask(place)
    rotation = said.get(_ROTATION)
    image = decoding.load_image(path, None if rotation is None else int(rotation))
    if mask.shape != (image.height, image.width):
        expected = f"a mask of {image.width} × {image.height} px"
        raise DataError(Fault(str(place), f"{mask.shape[1]} × {mask.shape[0]} px", expected))
    return masking.remove_pixels(image, mask, said.get(_FILL, "white"))


def _mask(path: Path) -> tuple[masking.Mask, dict[str, str]]:
    try:
        opening.check_regular(path)
        with Image.open(path, formats=["PNG"]) as file:
            said = {str(key): str(value) for key, value in file.info.items()}
            return np.asarray(file.convert("1")), said
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        do = "Without its mask a working copy is the original, with all that was removed."
        raise DataError(Fault(str(path), f"no mask ({reason_of(error)})", "a one-bit PNG", do)) from None


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
    fill = "#{:02x}{:02x}{:02x}".format(*_own_fill(data, options.colour or (255, 255, 255)))
    coded = _coded_pixels(data, header, fill, orientation.to_stored(mask, turn), boxes)
    kept, gone = metadata.segments_without_images(header.before)
    new = data[:2] + kept + _bare(coded)
    new = metadata.with_orientation(new, turn) if told else new
    return EncodedImage("pixel", ".jpg", new, size, mask, options.fill, tuple(sorted(gone)))


def _coded_pixels(
    data: bytes, header: JpegHeader, fill: str, mask: Mask, regions: Iterable[Region] | None
) -> bytes:
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
    return planes.encode(quality, progressive=header.kind == "progressive")


def _by_pixels(data: bytes, mask: Mask, fill: str) -> bytes:
    coded = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as file:
            file.paste(Image.new("RGB", file.size, fill).convert(file.mode), (0, 0), Image.fromarray(mask))
            file.save(coded, "JPEG", quality="keep")
    except (OSError, SyntaxError, ValueError) as error:
        raise UnsupportedJpegError(
            "image", f"an image that cannot be decoded ({reason_of(error)})"
        ) from error
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


_WEBP_LIMIT_PX = 16383


def encode_exact(data: bytes, task: Task, options: DecanonizeOptions) -> EncodedImage:
    """Take out what the annotations cover, exact to the pixel.

    Raises
    ------
    DataError
        When the image cannot be decoded or has another size than the study says.
    """
    image = exact.load_exact(NamedBytes(data, task.id), task.rotation_deg)
    check_stated_size(task, image.size)
    mask = requested_mask(task, image.size, options.shape)
    bare = image.remove_regions(task.regions, options.fill, options.shape)
    with opening.open_image(NamedBytes(data, task.id)) as file:
        kept = metadata.kept_metadata(file, bare.size)
    webp = options.lossless == "webp" and max(bare.size) <= _WEBP_LIMIT_PX and bare.fits_webp
    ending = ".webp" if webp else ".png"
    coded = bare.encoded(ending, kept.exif)
    gone = tuple(sorted({*bare.gone, *kept.gone}))
    return EncodedImage("exact", ending, coded, bare.size, mask, options.fill, gone)


def encode_jpeg(data: bytes, task: Task, options: DecanonizeOptions) -> EncodedImage:
    """Take out what the annotations cover, grown to the image's block grid.

    Raises
    ------
    headers.UnsupportedJpegError
        When that cannot be done exactly.
    DataError
        When the image has another size than the study says.
    jpegs.turbo.LibraryError
        When the library is missing.
    """
    size = task.size or frame_size(task, data)
    mask = requested_mask(task, size, options.shape)
    try:
        fill = _own_fill(data, options.colour or (255, 255, 255))
        new = blocks.empty_blocks(data, mask, fill, task.rotation_deg, task.id)
    except ParameterError as error:
        frame_size(task, data)
        raise DataError(*error.faults) from error
    turned = new.data if task.rotation_deg is None else metadata.with_orientation(new.data, new.turn)
    there = "#{:02x}{:02x}{:02x}".format(*new.fill)
    return EncodedImage(
        "jpeg", ".jpg", turned, size, mask, there, new.gone, (_share(new), lambda: new.effective)
    )


def _own_fill(data: bytes, colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return the numbers that look like a colour by the profile of a JPEG; grey is grey by any."""
    if colour[0] == colour[1] == colour[2]:
        return colour
    profile = metadata.embedded_profile(headers.segments(data))
    if not profile or profiles.checked_profile(profile, "RGB"):
        return colour
    red, green, blue = profiles.to_profile(colour, profile)
    return red, green, blue


def _share(new: blocks.EmptiedJpeg) -> float:
    """Return the share of the frame that the emptied cells cover, without making the mask."""
    across, down = new.header.cell
    widths = _lengths(new.header.width_px, across)
    heights = _lengths(new.header.height_px, down)
    return round(int(heights @ new.cells @ widths) / (new.header.width_px * new.header.height_px), 6)


def _lengths(whole: int, part: int) -> NDArray[np.int64]:
    """Return the lengths of the parts that cover a whole, the last one cut."""
    return np.diff(np.append(np.arange(0, whole, part), whole))


def encode_decanonized(data: bytes, task: Task, options: DecanonizeOptions) -> tuple[EncodedImage, str]:
    """Take out what the annotations cover, the first way the options allow that does it.

    Returns
    -------
    tuple
        What was made, and why it took another way than the first; empty where it did not.

    Raises
    ------
    DataError
        When no way does it.
    jpegs.turbo.LibraryError
        When a library is missing.
    """
    if options.way == "beside":
        return encode_beside(data, task, options), ""
    if options.way == "exact" or options.colour is None:
        return encode_exact(data, task, options), ""
    first = encode_pixel if options.way == "pixel" else encode_jpeg
    try:
        return first(data, task, options), ""
    except UnsupportedJpegError as refusal:
        if options.way == "jpeg":
            raise
        return encode_exact(data, task, options), refusal.reason
