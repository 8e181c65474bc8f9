"""COCO's run-length encoding of masks: runs of pixels column by column, first outside, then inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Size

MAX_BITS = 32


def decode_mask(rle: Mapping[str, Any], size: Size) -> NDArray[np.bool_]:
    """Return the mask of COCO's run-length encoding, for an image of `size` (width, height).

    Raises
    ------
    ValueError
        When the runs are for another size or do not fill it.
    """
    width, height = size
    if list(rle["size"]) != [height, width]:
        raise ValueError(f"runs for {rle['size']} in an image of height and width {[height, width]}")
    counts = rle["counts"]
    if isinstance(counts, bytes):
        counts = counts.decode("latin-1")
    runs = decompressed_runs(counts) if isinstance(counts, str) else _whole_numbers(counts)
    if min(runs, default=0) < 0 or sum(runs) != width * height:
        raise ValueError(f"runs that do not fill the {width} × {height} pixels")
    inside = np.arange(len(runs)) % 2 == 1
    return np.repeat(inside, np.asarray(runs, dtype=np.intp)).reshape(width, height).T


def _whole_numbers(counts: object) -> list[int]:
    """Return numbers as whole ones; a number with a point is one where nothing stands behind it."""
    found = counts if isinstance(counts, list | tuple) else None
    if found is not None and set(map(type, found)) == {int}:
        return list(found)
    if found is not None and all(
        type(each) is int or (type(each) is float and each.is_integer()) for each in found
    ):
        return list(map(int, found))
    raise ValueError("runs that are no list of whole numbers")


def decompressed_runs(text: str) -> list[int]:
    """Return the runs of a compressed RLE string.

    Each character carries five bits above the code of "0", the lowest first; its sixth bit says that the
    number goes on, the fifth bit of the last is the sign. From the fourth run on, what is written is the
    difference to the run two before.

    Raises
    ------
    ValueError
        When a character stands for no six bits, or the text ends within a number.
    """
    runs: list[int] = []
    number = shift = 0
    for character in text:
        bits = ord(character) - ord("0")
        if not 0 <= bits < 1 << 6 or shift > MAX_BITS:
            raise ValueError("runs in a text that is no compressed RLE")
        number |= (bits & 0b11111) << shift
        shift += 5
        if not bits & 0b100000:
            number -= (bits & 0b10000) << (shift - 4)
            runs.append(number + (runs[-2] if len(runs) > 2 else 0))  # noqa: PLR2004 - from the fourth run on
            number = shift = 0
    if shift:
        raise ValueError("a compressed RLE that ends within a number")
    return runs
