"""Ways: which one a picture takes, and why."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

import numpy as np

from retrain_kit.batch.decanonize import recode, working_copy
from retrain_kit.batch.decanonize.encoded import Made, Named, asked, check_size, frame
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.imaging import decoding, masking
from retrain_kit.imaging.jpeg import blocks, metadata
from retrain_kit.imaging.jpeg.headers import RefusalError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL import Image

    from retrain_kit.batch.decanonize.inputs import Task
    from retrain_kit.batch.decanonize.options import Options


_WEBP_LIMIT_PX = 16383


def make_lossless(data: bytes, task: Task, options: Options) -> Made:
    """Take out what the marks cover, exact to the pixel.

    Raises
    ------
    DataError
        When the picture cannot be decoded or has another size than the study says.
    """
    picture = decoding.load(cast("Path", Named(data, task.id)), task.rotation_deg)
    check_size(task, picture.size)
    mask = asked(task, picture.size, options.shape)
    bare = masking.remove_regions(picture, task.regions, options.fill, options.shape)
    with metadata.opened(data) as file:
        kept = metadata.kept(file, bare.mode, bare.size)
    webp = options.lossless == "webp" and max(bare.size) <= _WEBP_LIMIT_PX
    ending = ".webp" if webp else ".png"
    coded = _coded(bare, ending, kept)
    return Made("exact", ending, coded, bare.size, mask, options.fill, kept.gone)


def _coded(picture: Image.Image, ending: str, kept: metadata.Kept) -> bytes:
    coded = io.BytesIO()
    if ending == ".webp":
        picture.save(coded, "WEBP", lossless=True, quality=0, method=0, exact=True, **kept.parameters())
    else:
        picture.save(coded, "PNG", compress_level=1, **kept.parameters())
    return coded.getvalue()


def make(data: bytes, task: Task, options: Options) -> Made:
    """Take out what the marks cover, grown to the picture's block grid.

    Raises
    ------
    jpegs.refusals.RefusalError
        When that cannot be done exactly.
    DataError
        When the picture has another size than the study says.
    jpegs.turbo.LibraryError
        When the library is missing.
    """
    size = task.size or frame(task, data)
    mask = asked(task, size, options.shape)
    try:
        new = blocks.remove(data, mask, options.colour or (255, 255, 255), task.rotation_deg, task.id)
    except ParameterError as error:
        frame(task, data)
        raise DataError(*error.faults) from error
    turned = new.data if task.rotation_deg is None else metadata.turned(new.data, new.turn)
    fill = "#{:02x}{:02x}{:02x}".format(*new.fill)
    return Made("jpeg", ".jpg", turned, size, mask, fill, new.gone, (_share(new), lambda: new.effective))


def _share(new: blocks.Emptied) -> float:
    """Return the share of the frame that the emptied cells cover, without making the mask."""
    across, down = new.header.cell
    widths = _lengths(new.header.width_px, across)
    heights = _lengths(new.header.height_px, down)
    return round(int(heights @ new.cells @ widths) / (new.header.width_px * new.header.height_px), 6)


def _lengths(whole: int, part: int) -> NDArray[np.int64]:
    """Return the lengths of the parts that cover a whole, the last one cut."""
    return np.diff(np.append(np.arange(0, whole, part), whole))


def take(data: bytes, task: Task, options: Options) -> tuple[Made, str]:
    """Take out what the marks cover, the first way the options allow that does it.

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
        return working_copy.make(data, task, options), ""
    if options.way == "exact" or options.colour is None:
        return make_lossless(data, task, options), ""
    first = recode.make if options.way == "pixel" else make
    try:
        return first(data, task, options), ""
    except RefusalError as refusal:
        if options.way == "jpeg":
            raise
        return make_lossless(data, task, options), refusal.reason
