"""Drafts: JPEGs decoded no larger than they are shown, without what is removed from them.

A JPEG can be decoded at a half, a quarter or an eighth of its size in a fraction of the time. Pixels that it
encodes together, in squares of 8 or 16, mix their colours then. So what is removed grows to the grid of these
squares before anything else happens: no pixel of a draft holds anything of what was removed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PIL import ExifTags, Image, ImageColor
from PIL.JpegImagePlugin import JpegImageFile

from retrain_kit import masking, pictures

if TYPE_CHECKING:
    from retrain_kit.samples import Box, Sample, Size

    Colour = int | tuple[int, ...]

BLOCK_PX = 8
READ_BYTES = 1 << 20  # read at once: threads wait for the interpreter between two reads
_FULL, _HALF = {(1, 1)}, {(2, 2), (1, 1)}  # how densely colours are sampled, across and down


def decode(
    sample: Sample, longest_px: int, fill: str | None = None, shape: masking.Shape = "box"
) -> Image.Image | None:
    """Decode a JPEG at a fraction of its size, not smaller than its longer side shown at `longest_px`.

    Parameters
    ----------
    sample
        The picture and its regions.
    longest_px
        How long its longer side will be at most.
    fill
        A colour that takes the place of the regions, grown to squares; None removes nothing.
    shape
        Whether regions are boxes or outlines.

    Returns
    -------
    PIL.Image.Image or None
        Mode RGB. None where the picture wants decoding whole: no JPEG, turned, not of the stated size, small
        already, unusual sampling of colours, or broken, of which `pictures.load_sample` says why.
    """
    try:
        with Image.open(sample.path) as file:
            if not isinstance(file, JpegImageFile) or not _upright(file, sample):
                return None
            cell_px = _cell_px(file)
            factor = _draft(file, fitted(file.size, longest_px))
            if factor == 1 or (fill is not None and not cell_px):
                return None
            file.decodermaxblock = READ_BYTES
            file.load()
            picture = file if file.mode == "RGB" else file.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    if fill is not None:
        _remove(picture, sample, (ImageColor.getcolor(fill, "RGB"), shape), cell_px, cell_px // factor)
    return picture


def fitted(size: Size, longest_px: int) -> Size:
    """Return a size that is no longer than `longest_px` on either side, never enlarged."""
    scale = min(1, longest_px / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _upright(file: JpegImageFile, sample: Sample) -> bool:
    """Return whether the JPEG is stored upright and in the size that the data set states."""
    turned = file.getexif().get(ExifTags.Base.Orientation, 1) != 1
    if sample.rotation_deg is not None:
        turned = sample.rotation_deg % 360 != 0
    return not turned and file.size == sample.size and file.width * file.height <= pictures.MAX_PIXELS


def _cell_px(file: JpegImageFile) -> int:
    """Return the side of the squares beyond which no colour mixes; 0 where it may mix beyond any."""
    sampling = {(across, down) for _, across, down, _ in file.layer}
    if sampling == _FULL:
        return BLOCK_PX
    return 2 * BLOCK_PX if sampling == _HALF else 0


def _draft(file: JpegImageFile, least: Size) -> int:
    """Set the file to be decoded no smaller than `least`; return by which factor it is smaller."""
    width = file.width
    drafted = file.draft(file.mode, least)
    return round(width / drafted[1][2]) if drafted else 1


def _remove(
    picture: Image.Image, sample: Sample, filling: tuple[Colour, masking.Shape], cell_px: int, step: int
) -> None:
    """Fill every square that a region touches: `cell_px` wide in the original, `step` in its draft."""
    colour, shape = filling
    for region in sample.regions:
        if shape == "outline" and (region.polygons or region.mask is not None):
            mask = Image.fromarray(masking.region_mask(region, sample.size, shape))
            touched = mask.convert("L").reduce(cell_px).point(lambda level: 255 * (level > 0))
            grown = touched.resize((touched.width * step, touched.height * step), Image.Resampling.NEAREST)
            picture.paste(colour, (0, 0, *picture.size), grown.crop((0, 0, *picture.size)))
        elif region.box.width_px and region.box.height_px:
            picture.paste(colour, _grown(region.box, sample.size, cell_px, step))


def _grown(box: Box, size: Size, cell_px: int, step: int) -> tuple[int, int, int, int]:
    """Return the box on the draft, grown to whole squares."""
    left, top, right, bottom = (
        min(max(edge, 0), limit) / cell_px for edge, limit in zip(box.edges, size * 2, strict=True)
    )
    return math.floor(left) * step, math.floor(top) * step, math.ceil(right) * step, math.ceil(bottom) * step
