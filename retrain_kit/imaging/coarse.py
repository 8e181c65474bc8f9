"""Coarse areas: what is covered by a mask becomes a few flat colours, and nothing of it can be got back.

The frame is laid out in cells, four along its longer side, however many pixels it has. In each cell the
masked pixels take the mean of those same pixels. So an image keeps at most sixteen colours of all that is
masked: what lies in a cell, and how, is not in the result, and no program can compute it from there. One
that draws a face into it invents a face.

**What remains.** Where the masked area lies, how large it is and its outline; a mean colour for each cell,
as of skin, hair and clothes together; all that is not masked. Somebody who knows the person, the place or the
photograph may know them by that. Whoever has the image itself can find it again by what is around.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

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
    pixels = np.array(image)
    masked = pixels[mask]
    whole = _mean(masked) if len(masked) >= FEWEST_PX else np.full_like(pixels[0, 0], GREY)
    for rows, columns in _cells(image.size):
        within = mask[rows, columns]
        found = pixels[rows, columns][within]
        pixels[rows, columns][within] = _mean(found) if len(found) >= FEWEST_PX else whole
    return Image.fromarray(pixels)


def _cells(size: tuple[int, int]) -> Iterator[tuple[slice, slice]]:
    """Yield the rows and columns of each cell of a frame of `size` (width, height)."""
    edge = -(-max(size) // CELLS)
    for top in range(0, size[1], edge):
        for left in range(0, size[0], edge):
            yield slice(top, top + edge), slice(left, left + edge)


def _mean(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the mean of pixels (count, channels) in whole numbers; a half rounds up."""
    total: NDArray[np.uint64] = pixels.sum(axis=0, dtype=np.uint64)
    return ((2 * total + len(pixels)) // (2 * len(pixels))).astype(np.uint8)
