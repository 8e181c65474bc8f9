"""Decoding: images are decoded upright, once, as browsers show their colours, and saved without loss."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from retrain_kit.errors import DataError, Fault
from retrain_kit.imaging import opening, profiles, sixteen
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.imaging.opening import Source

MAX_PIXELS = opening.MAX_PIXELS

_TURNS = {
    0: None,
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}
_TO_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BACK = {**_TO_UPRIGHT, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
_COMMON_MODES = {"L", "LA", "RGB", "RGBA", "CMYK", "LAB"}
_PLAIN = {"1": "L", "La": "LA", "RGBa": "RGBA", "RGBX": "RGB", "YCbCr": "RGB", "HSV": "RGB"}


def load_image(source: Source, rotation_deg: int | None = None) -> Image.Image:
    """Decode an image as a colour-managed browser shows it, and turn it upright.

    Parameters
    ----------
    source
        A file in any format Pillow reads; of several frames or pages it is the first.
    rotation_deg
        The data set's own word on the turn: 0, 90, 180 or 270 degrees counter-clockwise of the stored
        image. Where it is given the file's EXIF orientation is not applied as well: both speak of the same
        turn. None means that the data set says nothing, then EXIF counts.

    Returns
    -------
    PIL.Image.Image
        Mode RGB, or RGBA where the file has transparency, its levels in sRGB; without orientation in its
        metadata, so that it is never turned again. Of sixteen bits a colour it has the upper eight, as
        browsers do. Of numbers with a point, 0 is black and 1 is white.

    Raises
    ------
    DataError
        When the file is missing, cut short, no image, of a kind that is not read, or has more than
        `MAX_PIXELS` pixels; also when nothing says which of its numbers is white.
    """
    with opening.open_image(source) as file:
        colours = profiles.read_colours(file, str(source))
        image = plain(source, file)
        shown = profiles.to_srgb(turned(image, turns(source, file, rotation_deg)), colours)
        shown.info = {}
        return shown


def load_sample(sample: Sample) -> Image.Image:
    """Decode a sample's image upright and check that it has the size the data set states."""
    image = load_image(sample.path, sample.rotation_deg)
    check_size(sample, image.size)
    return image


def check_size(sample: Sample, size: tuple[int, int]) -> None:
    """Raise a `DataError` when an image has another size than the data set states."""
    if size != sample.size:
        found = f"{size[0]} × {size[1]} px"
        expected = f"{sample.width_px} × {sample.height_px} px, as the data set says"
        raise DataError(
            Fault(str(sample.path), found, expected, "The annotations would not fit; pull the file again.")
        )


def image_size(source: Source, rotation_deg: int | None = None) -> tuple[int, int]:
    """Return width and height of the upright image from the file's header, without decoding it."""
    try:
        with opening.open_image(source) as header:
            return opening.upright_size(header, rotation_deg)
    except opening.NoImageError as error:
        (fault,) = error.faults
        found = fault.found.replace("an image that cannot be decoded", "no image")
        raise DataError(replace(fault, found=found)) from None


def notes(source: Source) -> tuple[str, ...]:
    """Say what of an image's file its views do not show; nothing where they show all of it.

    Raises
    ------
    DataError
        When it is no image.
    """
    with opening.open_image(source) as file:
        told = [opening.first_of(file), profiles.read_colours(file, str(source)).ignored]
        bits = opening.bit_depth(file)
        if bits > 8:  # noqa: PLR2004 - what a screen's levels have
            told.append(f"{bits} bits a colour, of which views show the upper eight")
        if file.mode in {"CMYK", "LAB"}:
            told.append(f"colours in {file.mode}, which views show in sRGB")
        return tuple(filter(None, told))


def save_lossless(image: Image.Image, path: Path) -> Path:
    """Save an image without loss (PNG, or lossless WebP by the name's ending), whole or not at all."""
    with writing(path) as temporary:
        if path.suffix == ".webp":
            image.save(temporary, lossless=True, quality=0, method=0, exact=True)
        else:
            image.save(temporary, "PNG", compress_level=1)
    return path


def turns(source: Source, file: Image.Image, rotation_deg: int | None) -> tuple[Image.Transpose, ...]:
    """Return what turns the pixels that `plain` gave of an opened file upright.

    Raises
    ------
    DataError
        When `rotation_deg` is no quarter turn.
    """
    turn, by_pillow = file.info.get("turn", 1), file.format == "TIFF"  # which it turns as it loads
    if rotation_deg is None:
        steps = [None if by_pillow else _TO_UPRIGHT.get(turn)]
    elif rotation_deg % 360 in _TURNS:
        steps = [_BACK.get(turn) if by_pillow else None, _TURNS[rotation_deg % 360]]
    else:
        raise DataError(Fault(str(source), f"a rotation of {rotation_deg} degrees", "0, 90, 180 or 270"))
    return tuple(step for step in steps if step is not None)


def turned(image: Image.Image, steps: Iterable[Image.Transpose]) -> Image.Image:
    """Return an image turned by some steps; the image itself where there are none."""
    for step in steps:
        image = image.transpose(step)
    return image


def plain(source: Source, file: Image.Image) -> Image.Image:
    """Decode an opened file in a mode whose numbers go from 0 to 255: L, LA, RGB, RGBA, CMYK or LAB.

    Raises
    ------
    DataError
        When nothing says which of its numbers is white.
    """
    file.info["turn"] = opening.orientation(file)
    tiles, kind = opening.tiles(file), sixteen.layout(file)
    shown = tiles[0].extents if file.format == "GIF" and tiles else None
    grey_alpha = bool(tiles) and tiles[0].args == "LA;16B"
    file.load()
    if file.mode.startswith("I;16") or (file.mode == "I" and file.format == "PPM"):
        return _upper_bits(file)
    if file.mode in {"I", "F"}:
        return _scaled(source, file)
    if shown and shown != (0, 0, *file.size):
        return _within(file, shown)
    mode = _PLAIN.get(file.mode, file.mode)
    if "transparency" in file.info or mode not in _COMMON_MODES:
        transparent = file.has_transparency_data
        mode = ("LA" if mode == "L" else "RGBA") if transparent else "L" if mode == "L" else "RGB"
    if grey_alpha:
        mode = "LA"
    if kind == "colours" and isinstance(file.info.get("transparency"), tuple):
        return Image.fromarray((sixteen.levels(source, file, kind) >> 8).astype(np.uint8))
    return file if file.mode == mode else file.convert(mode)


def _upper_bits(file: Image.Image) -> Image.Image:
    values = sixteen.greys(file)
    grey = Image.fromarray((values >> 8).astype(np.uint8))
    clear = file.info.get("transparency")
    if isinstance(clear, int):
        grey.putalpha(Image.fromarray(np.where(values == clear, 0, 255).astype(np.uint8)))
    return grey


def _scaled(source: Source, file: Image.Image) -> Image.Image:
    """Return an image of numbers with a point, by the rule that 0 is black and 1 is white."""
    values = np.asarray(file)
    low, high = float(values.min()), float(values.max())
    if file.mode == "F" and low >= 0 and high <= 1:
        return Image.fromarray(np.rint(values * 255).astype(np.uint8))
    kind = "whole numbers of 32 bits" if file.mode == "I" else "numbers with a point"
    found = f"an image of {kind} from {low:g} to {high:g}, of which nothing says which is white"
    expected = "numbers with a point from 0 to 1, or whole numbers of up to 16 bits"
    raise DataError(Fault(str(source), found, expected, "Save it so, by a scale that you state."))


def _within(file: Image.Image, edges: tuple[int, int, int, int]) -> Image.Image:
    """Return a first frame that does not cover its whole image, transparent where it does not."""
    image = file.convert("RGBA")
    frame = Image.new("RGBA", image.size)
    frame.paste(image.crop(edges), edges[:2])
    return frame
