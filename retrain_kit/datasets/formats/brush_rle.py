"""Label Studio's run-length encoding of brushes: bits of a picture of four channels, row by row.

A stream of bits, the highest first: how many numbers there are (32 bits), how many bits each has less one
(5), and four lengths of counts less one (4 bits each). Then blocks: a bit that says whether one number is
repeated, two bits that choose the length of the count, the count less one, and the number, or as many as
counted. The numbers are red, green, blue and opacity of each pixel; a brush covers what is not wholly clear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.datasets.formats.values import shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Size

_CHANNELS, _OPACITY = 4, 3
_COUNT_BITS, _WORD_BITS, _LENGTH_BITS = 32, 5, 4


def decode_brush(stored: object, size: Size) -> NDArray[np.bool_]:
    """Return the mask of a brush, for an image of `size` (width, height).

    Raises
    ------
    ValueError
        When it is no such code, or one of another size.
    """
    bits = _Bits(_bytes(stored))
    width, height = size
    count = bits.number(_COUNT_BITS)
    if count != width * height * _CHANNELS:
        raise ValueError(f"a brush of {count:,} numbers, not four for each of {width} × {height} pixels")
    word = bits.number(_WORD_BITS) + 1
    lengths = [bits.number(_LENGTH_BITS) + 1 for _ in range(4)]
    found, at = np.zeros(count, dtype=np.uint32), 0
    while at < count:
        repeated, which = bits.number(1), bits.number(2)
        end = at + bits.number(lengths[which]) + 1
        if end > count:
            raise ValueError("a brush whose blocks do not fill its pixels")
        found[at:end] = bits.number(word) if repeated else bits.numbers(end - at, word)
        at = end
    return found[_OPACITY::_CHANNELS].reshape(height, width) > 0


def _bytes(stored: object) -> NDArray[np.uint8]:
    if not isinstance(stored, list) or not stored or set(map(type, stored)) != {int}:
        raise ValueError(f"rle: {shown(stored)}, no list of bytes")
    if min(stored) < 0 or max(stored) > 255:  # noqa: PLR2004 - what a byte holds
        raise ValueError("rle: numbers that are no bytes")
    return np.array(stored, dtype=np.uint8)


class _Bits:
    """Bits, read from the first on."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._bits = np.unpackbits(data)
        self._at = 0

    def number(self, length: int) -> int:
        """Return the number that the next bits are."""
        return int(self.numbers(1, length)[0])

    def numbers(self, count: int, length: int) -> NDArray[np.uint32]:
        """Return so many numbers of so many bits."""
        end = self._at + count * length
        if end > len(self._bits):
            raise ValueError("a brush that ends within a block")
        rows = self._bits[self._at : end].reshape(count, length).astype(np.uint32)
        self._at = end
        powers = np.left_shift(np.uint32(1), np.arange(length - 1, -1, -1, dtype=np.uint32))
        total: NDArray[np.uint32] = (rows * powers).sum(axis=1, dtype=np.uint32)
        return total
