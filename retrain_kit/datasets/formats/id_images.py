"""Images whose pixels are ids of segments or classes: read as numbers, and the area of each as a mask.

The numbers are those of the file: indices of a palette, grey of 8 to 32 bits, or red + 256 · green + 65536 ·
blue. No colour is managed, nothing is turned, nothing is scaled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.annotations.samples import Box
from retrain_kit.errors import DataError
from retrain_kit.imaging import masking, opening

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Size

    Ids = NDArray[np.int64]

_BITS_OF_COLOUR, _OPAQUE = 8, 255


def read_ids(path: Path, size: Size) -> Ids:
    """Return the ids of an image of `size` (width, height): int64 (rows, columns).

    Raises
    ------
    ValueError
        When there is no such image, it has another size, or its pixels are no ids; in words.
    """
    try:
        with opening.open_image(path) as file:
            found, mode = file.size, file.mode
            if found != size:
                pass
            elif file.mode in {"RGB", "RGBA"} and opening.bit_depth(file) == _BITS_OF_COLOUR:
                red, green, blue, *alpha = np.moveaxis(np.asarray(file, dtype=np.int64), 2, 0)
                if not alpha or (alpha[0] == _OPAQUE).all():
                    ids: Ids = red + 256 * green + 65536 * blue
                    return ids
            elif file.mode in {"L", "P", "I", "1"} or file.mode.startswith("I;16"):
                return np.asarray(file, dtype=np.int64)
    except DataError as error:
        raise ValueError(error.faults[0].found) from None
    if found != size:
        stated = f"{found[0]} × {found[1]} pixels"
        raise ValueError(f"an image of {stated}, not {size[0]} × {size[1]} as the image has")
    raise ValueError(f"an image of the mode {mode}, whose pixels are no ids")


def area(ids: Ids, wanted: int) -> tuple[Box, masking.Mask] | None:
    """Return the extent of an id and its mask in it; None where no pixel has it."""
    mask = ids == wanted
    if not mask.any():
        return None
    left, top, right, bottom = masking.bounding_box(mask)
    return Box(left, top, right, bottom), mask[top:bottom, left:right].copy()
