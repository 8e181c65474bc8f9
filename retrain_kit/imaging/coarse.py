"""Coarse areas: what is covered by a mask becomes a few flat colours, and nothing of it can be got back.

The frame is laid out in cells, four along its longer side, however many pixels it has. In each cell the
masked pixels take the mean of those same pixels. So an image keeps at most sixteen colours of all that is
masked: what lies in a cell, and how, is not in the result, and no program can compute it from there. One
that draws a face into it invents a face.

**What remains.** Where the masked area lies, how large it is and its outline; a mean colour for each cell,
as of skin, hair and clothes together; all that is not masked. Somebody who knows the person, the place or the
photograph may know them by that. Whoever has the image itself can find it again by what is around. Two
masks over the same image have two sets of means: together they say a little more than one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from PIL import Image, ImageStat

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.imaging.masking import Mask

CELLS = 4
"""Along the longer side of the frame; along the shorter one as many of that size as fit, rounded up."""
FEWEST_PX = 16
"""A mean of fewer pixels would be nearly a pixel: they take the mean of all that is masked, or grey."""
GREY = 128


def coarsen(image: Image.Image, mask: Mask) -> Image.Image:
    """Return the image with what is masked made coarse; every other pixel is the original's.

    Parameters
    ----------
    image
        Mode RGB or RGBA, as `decoding.load_image` gives it.
    mask
        Boolean (rows, columns), of the image's size.

    Raises
    ------
    ParameterError
        When mask and image differ in size.
    """
    if mask.shape != (image.height, image.width):
        expected = f"{image.height} rows and {image.width} columns, as the image has"
        raise ParameterError(Fault("mask", f"{mask.shape[0]} rows and {mask.shape[1]} columns", expected))
    stencil, result = Image.fromarray(mask), image.copy()
    found = {cell: _sums(image.crop(cell), stencil.crop(cell)) for cell in _cells(image.size)}
    whole = _colour(sum(found.values(), _Sums()), (GREY,) * len(image.getbands()))
    for cell, sums in found.items():
        if sums.count:
            result.paste(_colour(sums, whole), cell, stencil.crop(cell))
    return result


def _cells(size: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    """Yield left, top, right, bottom of each cell of a frame of `size` (width, height)."""
    edge = -(-max(size) // CELLS)
    for top in range(0, size[1], edge):
        for left in range(0, size[0], edge):
            yield left, top, min(left + edge, size[0]), min(top + edge, size[1])


@dataclass(frozen=True)
class _Sums:
    """How many pixels there are, and the sum of each channel."""

    count: int = 0
    channels: tuple[int, ...] = ()

    def __add__(self, other: _Sums) -> _Sums:
        pairs = zip_longest(self.channels, other.channels, fillvalue=0)
        return _Sums(self.count + other.count, tuple(map(sum, pairs)))


def _sums(image: Image.Image, stencil: Image.Image) -> _Sums:
    told = ImageStat.Stat(image, stencil)
    return _Sums(told.count[0], tuple(map(int, told.sum)))


def _colour(sums: _Sums, otherwise: tuple[int, ...]) -> tuple[int, ...]:
    """Return the mean in whole numbers, a half rounded up; another colour for too few pixels."""
    if sums.count < FEWEST_PX:
        return otherwise
    return tuple((2 * each + sums.count) // (2 * sums.count) for each in sums.channels)
