"""Sixteen bits: the numbers of images that have more than eight bits a colour.

Pillow keeps the upper byte of each number of a colour image. The lower one is what it keeps when it is told
that the bytes lie the other way round, so a second decoding brings it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.imaging import opening

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PIL import Image

    from retrain_kit.imaging.opening import Source

    Deep = NDArray[np.uint16]

_NATIVE = "RGB;16L" if sys.byteorder == "little" else "RGB;16B"
_SWAPPED = {
    "RGB;16B": "RGB;16L",
    "RGB;16L": "RGB;16B",
    "RGB;16N": "RGB;16B" if _NATIVE == "RGB;16L" else "RGB;16L",
    "RGBX;16L": "RGBX;16B",
    "RGBX;16B": "RGBX;16L",
    "RGBA;16B": "RGBA;16L",
    "RGBA;16L": "RGBA;16B",
    "RGBA;16N": "RGBA;16B" if _NATIVE == "RGB;16L" else "RGBA;16L",
}
"""How the lower byte of each number is read: Pillow keeps the first of two bytes, and swapped the other."""
_GREY_ALPHA = "LA;16B"
_OPAQUE = 65535


def layout(file: Image.Image) -> str:
    """Return how all sixteen bits of an opened file are read; empty where it has eight, or they cannot be."""
    if file.mode.startswith("I;16") or (file.mode == "I" and file.format == "PPM"):
        return "grey"
    told = {_raw_mode(tile) for tile in opening.tiles(file)}
    if told == {_GREY_ALPHA}:
        return "grey and alpha"
    return "colours" if told and told <= set(_SWAPPED) else ""


def _raw_mode(tile: Any) -> str:  # noqa: ANN401 - Pillow's own
    args = tile.args
    return str(args[0] if isinstance(args, tuple) and args else args)


def levels(source: Source, file: Image.Image, kind: str) -> Deep:
    """Return the numbers of a file that is decoded already: rows, columns, channels."""
    if kind == "grey":
        found = greys(file)[..., None]
    elif kind == "grey and alpha":
        pairs = np.asarray(_decoded_as(source, lambda _: "RGBA")).astype(np.uint16)
        found = (pairs[..., ::2] << 8 | pairs[..., 1::2]).astype(np.uint16)
    else:
        lower = np.asarray(_decoded_as(source, _SWAPPED.__getitem__))
        found = (np.asarray(file).astype(np.uint16) << 8 | lower).astype(np.uint16)
    clear = file.info.get("transparency")
    if clear is None or found.shape[2] in {2, 4} or isinstance(clear, bytes):
        return found
    alpha = np.where((found == np.array(clear)).all(axis=2), 0, _OPAQUE).astype(np.uint16)
    return np.dstack([found, alpha])


def _decoded_as(source: Source, raw_mode: Callable[[str], str]) -> Image.Image:
    """Decode a file once more, its bytes put together in another way."""
    if not isinstance(source, Path):
        source.seek(0)
    with opening.open_image(source) as file:
        as_told = [each._replace(args=_with_mode(each.args, raw_mode)) for each in opening.tiles(file)]
        file.tile = as_told  # type: ignore[attr-defined]  # every opened file has them
        file.load()
        return file.copy()


def _with_mode(args: Any, raw_mode: Callable[[str], str]) -> Any:  # noqa: ANN401 - Pillow's own
    return (raw_mode(args[0]), *args[1:]) if isinstance(args, tuple) else raw_mode(args)


def greys(file: Image.Image) -> Deep:
    """Return the greys of a decoded file of sixteen bits, from black to white."""
    values = np.asarray(file).astype(np.uint16)
    white_is_zero = file.format == "TIFF" and file.tag_v2.get(262) == 0  # type: ignore[attr-defined]
    return _OPAQUE - values if white_is_zero else values
