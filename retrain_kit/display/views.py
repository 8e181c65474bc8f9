"""Views: an image as tagged, as decanonized, as taken, and small images on one sheet."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from retrain_kit.display import signs
from retrain_kit.display.tokens import COLOURS, HUES
from retrain_kit.errors import DataError
from retrain_kit.imaging import exact, masking

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Region, Sample


INK, PAPER = COLOURS["sheet-ink"].rgb, COLOURS["sheet"].rgb
CROWD, CROWDED_WIDTH = 12, 1.5  # with more regions, words so many times wider than theirs are left out
MOST_SIGNS = 60
"""A longer word is drawn with … in its middle."""
PALETTE = tuple(COLOURS[name].light for name in HUES)


def tagged(image: Image.Image, regions: Sequence[Region], shape: masking.Shape = "box") -> Image.Image:
    """Return the image with the outline and the word of every region drawn on it.

    The same word has the same colour wherever it appears. Lines lie inside the pixels a region covers, so
    that what is drawn is what `masking.remove_pixels` takes away. In a crowded image words that are much
    wider than their region are left out.
    """
    result = image.convert("RGB")
    line_px = max(2, round(max(image.size) / 220))
    for region in regions:
        mask = masking.region_mask(region, image.size, shape)
        if mask.any():
            left, top, right, bottom = edges = masking.bounding_box(mask)
            rim = _rim(mask[top:bottom, left:right], line_px)
            result.paste(colour_of(region.label), edges, Image.fromarray(rim))
    draw = ImageDraw.Draw(result)
    font = ImageFont.load_default(max(11, round(max(image.size) / 46)))
    for region in sorted(regions, key=lambda region: region.box.top):
        word = signs.shortened(signs.visible(region.label), MOST_SIGNS)
        if len(regions) <= CROWD or draw.textlength(word, font) < CROWDED_WIDTH * region.box.width_px:
            _write_label(draw, region, word, font)
    return result


def decanonized(
    image: Image.Image, regions: Iterable[Region], fill: str = "white", shape: masking.Shape = "box"
) -> Image.Image:
    """Return the image without the tagged areas: what nobody was asked to see is left."""
    return masking.remove_regions(image, regions, fill, shape)


def taken(
    image: Image.Image, regions: Iterable[Region], fill: str = "white", shape: masking.Shape = "box"
) -> Image.Image:
    """Return only the tagged areas of the image: what decanonizing takes away."""
    return masking.keep_pixels(image, masking.union_mask(regions, image.size, shape), fill)


def unshown(size: tuple[int, int], longest_px: int) -> Image.Image:
    """Return what stands for an image that cannot be shown, of its shape: a sheet that says so."""
    scale = longest_px / max(*size, 1)
    sheet = Image.new("RGB", (max(1, round(size[0] * scale)), max(1, round(size[1] * scale))), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((0, 0, sheet.width - 1, sheet.height - 1), outline=INK)
    font = ImageFont.load_default(max(11, round(longest_px / 24)))
    draw.text((sheet.width / 2, sheet.height / 2), "cannot be shown", INK, font, "mm")
    return sheet


def thumbnail(image: Image.Image, longest_px: int) -> Image.Image:
    """Return the image no longer than `longest_px` on either side; smaller ones are left as they are."""
    scale = longest_px / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def contact_sheet(images: Sequence[Image.Image], columns: int, cell_px: int, gap_px: int = 8) -> Image.Image:
    """Return the images on one sheet, row by row, each fitted into a square of `cell_px`."""
    rows = -(-len(images) // columns)
    step = cell_px + gap_px
    sheet = Image.new("RGB", (columns * step - gap_px, max(1, rows * step - gap_px)), PAPER)
    for place, image in enumerate(images):
        fitted = thumbnail(image.convert("RGB"), cell_px)
        left = place % columns * step + (cell_px - fitted.width) // 2
        top = place // columns * step + (cell_px - fitted.height) // 2
        sheet.paste(fitted, (left, top))
    return sheet


def colour_of(label: str) -> str:
    """Return the colour that a word has in every view."""
    return PALETTE[sum(label.encode()) % (len(PALETTE) - 1)]


def _rim(mask: NDArray[np.bool_], width_px: int) -> NDArray[np.bool_]:
    """Return the pixels of a mask that lie within `width_px` of its outside, along rows or columns."""
    wide, core = np.pad(mask, width_px), slice(width_px, -width_px)
    before, after = slice(None, -2 * width_px), slice(2 * width_px, None)
    inner = wide[before, core] & wide[after, core] & wide[core, before] & wide[core, after]
    return mask & ~inner


def _write_label(
    draw: ImageDraw.ImageDraw,
    region: Region,
    word: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    size = draw.im.size
    left, top, right, bottom = draw.textbbox((0, 0), word, font=font)
    width, height = right - left + 6, bottom - top + 6
    x = min(max(region.box.left, 0), max(0, size[0] - width))
    y = min(max(region.box.top, 0), max(0, size[1] - height))
    colour = colour_of(region.label)
    draw.rectangle((x, y, x + width - 1, y + height - 1), fill=colour)
    draw.text((x + 3 - left, y + 3 - top), word, fill=PAPER if colour != PALETTE[2] else INK, font=font)


# -- exact images on disk: decanonized, taken, and one crop per object, without loss.


def write_views(
    sample: Sample, folder: Path, fill: str = "white", shape: masking.Shape = "box"
) -> list[Path]:
    """Write a sample's residue, what was taken, and its objects as PNG; return the files.

    They keep the numbers of the image's file, of eight or sixteen bits, and its colour profile.

    Parameters
    ----------
    folder
        Receives `<id>/decanonized.png`, `<id>/taken.png` and `<id>/objects/<number>-<label>.png`. Files of
        the same names are replaced, each whole or not at all. An id that cannot name a folder as it is gets
        a few signs of its digest behind it, so that no two share one.

    Returns
    -------
    list of pathlib.Path
        The files written.
    """
    image = exact.load_exact_sample(sample)
    mask = masking.union_mask(sample.regions, sample.size, shape)
    place = folder / _folder_name(sample.id)
    written = [
        image.remove_pixels(mask, fill).save(place / "decanonized.png"),
        image.keep_pixels(mask, fill).save(place / "taken.png"),
    ]
    for number, region in enumerate(sample.regions, start=1):
        path = place / "objects" / f"{number:03}-{_name(region.label)}.png"
        crop = image.region_crop(region, shape, fill)
        written += [crop.save(path)] if crop else []
    return written


def write_every(
    samples: Iterable[Sample], folder: Path, fill: str = "white", shape: masking.Shape = "box"
) -> dict[str, tuple[str, ...]]:
    """Write the views of many samples as `write_views` does.

    Returns
    -------
    dict
        By a sample's id, what of its file is not in them, or why there are none.
    """
    told = {}
    for sample in samples:
        try:
            write_views(sample, folder, fill, shape)
            told[sample.id] = exact.what_goes(sample.path)
        except DataError as error:
            told[sample.id] = (f"not written: {'; '.join(fault.found for fault in error.faults)}",)
    return {name: gone for name, gone in told.items() if gone}


def _folder_name(text: str) -> str:
    name = _name(text)
    return name if name == text else f"{name}~{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _name(text: str) -> str:
    """Return the text as a file name that stays in its folder, and short enough for one."""
    return re.sub(r"[^\w.-]+", "_", text)[:_MAX_NAME].strip(".") or "_"


_MAX_NAME = 50
"""Signs of up to four bytes; a file's name may have 255."""
