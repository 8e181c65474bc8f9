"""Ways: which one an image takes, and why."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

import numpy as np

from retrain_kit.batch.decanonize import recode, working_copy
from retrain_kit.batch.decanonize.encoded import (
    EncodedImage,
    NamedBytes,
    check_stated_size,
    frame_size,
    requested_mask,
)
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.imaging import decoding, masking
from retrain_kit.imaging.jpeg import blocks, metadata
from retrain_kit.imaging.jpeg.headers import UnsupportedJpegError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL import Image

    from retrain_kit.batch.decanonize.inputs import Task
    from retrain_kit.batch.decanonize.options import DecanonizeOptions


_WEBP_LIMIT_PX = 16383


def encode_exact(data: bytes, task: Task, options: DecanonizeOptions) -> EncodedImage:
    """Take out what the annotations cover, exact to the pixel.

    Raises
    ------
    DataError
        When the image cannot be decoded or has another size than the study says.
    """
    image = decoding.load_image(cast("Path", NamedBytes(data, task.id)), task.rotation_deg)
    check_stated_size(task, image.size)
    mask = requested_mask(task, image.size, options.shape)
    bare = masking.remove_regions(image, task.regions, options.fill, options.shape)
    with metadata.image_from_bytes(data) as file:
        kept = metadata.kept_metadata(file, bare.mode, bare.size)
    webp = options.lossless == "webp" and max(bare.size) <= _WEBP_LIMIT_PX
    ending = ".webp" if webp else ".png"
    coded = _coded(bare, ending, kept)
    return EncodedImage("exact", ending, coded, bare.size, mask, options.fill, kept.gone)


def _coded(image: Image.Image, ending: str, kept: metadata.KeptMetadata) -> bytes:
    coded = io.BytesIO()
    if ending == ".webp":
        image.save(coded, "WEBP", lossless=True, quality=0, method=0, exact=True, **kept.parameters())
    else:
        image.save(coded, "PNG", compress_level=1, **kept.parameters())
    return coded.getvalue()


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
        new = blocks.empty_blocks(data, mask, options.colour or (255, 255, 255), task.rotation_deg, task.id)
    except ParameterError as error:
        frame_size(task, data)
        raise DataError(*error.faults) from error
    turned = new.data if task.rotation_deg is None else metadata.with_orientation(new.data, new.turn)
    fill = "#{:02x}{:02x}{:02x}".format(*new.fill)
    return EncodedImage(
        "jpeg", ".jpg", turned, size, mask, fill, new.gone, (_share(new), lambda: new.effective)
    )


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
        return working_copy.encode_beside(data, task, options), ""
    if options.way == "exact" or options.colour is None:
        return encode_exact(data, task, options), ""
    first = recode.encode_pixel if options.way == "pixel" else encode_jpeg
    try:
        return first(data, task, options), ""
    except UnsupportedJpegError as refusal:
        if options.way == "jpeg":
            raise
        return encode_exact(data, task, options), refusal.reason
