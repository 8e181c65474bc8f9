"""Decoding: images are decoded upright, once, and saved without loss."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from retrain_kit.errors import DataError, Fault
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample

MAX_PIXELS = 100_000_000
"""Larger images are refused: decoded and copied they take more memory than a small machine has."""


_FIRST_SIDEWAYS = 5  # EXIF orientations 5 to 8 swap width and height


def load_image(path: Path, rotation_deg: int | None = None) -> Image.Image:
    """Decode an image and turn it upright.

    Parameters
    ----------
    path
        A file in any format Pillow reads.
    rotation_deg
        The data set's own word on the turn: 0, 90, 180 or 270 degrees counter-clockwise of the stored
        image. Where it is given the file's EXIF orientation is not applied as well: both speak of the same
        turn. None means that the data set says nothing, then EXIF counts.

    Returns
    -------
    PIL.Image.Image
        Mode RGB, or RGBA where the file has transparency; without orientation in its metadata, so that
        it is never turned again. Sixteen-bit grey keeps its upper eight bits.

    Raises
    ------
    DataError
        When the file is missing, cut short, no image, or has more than `MAX_PIXELS` pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as file:
                _check_size(path, file.size)
                file.load()
                return _upright(path, file, rotation_deg)
    except FileNotFoundError:
        raise DataError(
            Fault(str(path), "no file", "an image", "Has it been moved or not been pulled?")
        ) from None
    except Image.DecompressionBombError as error:
        raise DataError(_too_large(path, str(error))) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise DataError(
            Fault(
                str(path),
                f"an image that cannot be decoded ({error})",
                "a whole image",
                "Pull or copy the file again.",
            )
        ) from None


def load_sample(sample: Sample) -> Image.Image:
    """Decode a sample's image upright and check that it has the size the data set states."""
    image = load_image(sample.path, sample.rotation_deg)
    if image.size != sample.size:
        found = f"{image.width} × {image.height} px"
        expected = f"{sample.width_px} × {sample.height_px} px, as the data set says"
        raise DataError(
            Fault(str(sample.path), found, expected, "The annotations would not fit; pull the file again.")
        )
    return image


def image_size(file: Path | BinaryIO, rotation_deg: int | None = None) -> tuple[int, int]:
    """Return width and height of the upright image from the file's header, without decoding it."""
    try:
        with Image.open(file) as header:
            exif_turn = header.getexif().get(ExifTags.Base.Orientation, 1) >= _FIRST_SIDEWAYS
            turned = exif_turn if rotation_deg is None else rotation_deg % 180 != 0
            return (header.height, header.width) if turned else (header.width, header.height)
    except Image.DecompressionBombError as error:
        raise DataError(_too_large(file, str(error))) from None
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise DataError(
            Fault(str(file), f"no image ({error})", "an image", "Pull or copy the file again.")
        ) from None


def save_lossless(image: Image.Image, path: Path) -> Path:
    """Save an image without loss (PNG, or lossless WebP by the name's ending), whole or not at all."""
    with writing(path) as temporary:
        if path.suffix == ".webp":
            image.save(temporary, lossless=True, quality=0, method=0, exact=True)
        else:
            image.save(temporary, "PNG", compress_level=1)
    return path


def _upright(path: Path, file: Image.Image, rotation_deg: int | None) -> Image.Image:
    """Return the decoded file in a plain mode and turned, copied only where that changes it."""
    if rotation_deg is None:
        image = _plain(file)
        ImageOps.exif_transpose(image, in_place=True)
    elif rotation_deg % 360 in _TURNS:
        turn = _TURNS[rotation_deg % 360]
        image = _plain(file) if turn is None else _plain(file).transpose(turn)
    else:
        raise DataError(Fault(str(path), f"a rotation of {rotation_deg} degrees", "0, 90, 180 or 270"))
    image.info = {}
    return image


_TURNS = {
    0: None,
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}


def _plain(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        upper = (np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8)
        grey = Image.fromarray(upper)
        grey.info = dict(image.info)
        return grey.convert("RGB")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _check_size(path: Path, size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise DataError(_too_large(path, f"{size[0]} × {size[1]} px"))


def _too_large(file: object, what: str) -> Fault:
    return Fault(
        str(file),
        f"an image too large to decode: {what}",
        f"at most {MAX_PIXELS // 1_000_000} megapixels",
        "Make it smaller or leave it out of the study.",
    )
