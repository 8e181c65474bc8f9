"""Orientation: masks are turned between the upright and the stored image, as EXIF says."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL.JpegImagePlugin import JpegImageFile

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.imaging import opening
from retrain_kit.imaging.jpeg.headers import UnsupportedJpegError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[Any]

_TO_UPRIGHT: dict[int, Callable[[Array], Array]] = {
    1: lambda stored: stored,
    2: np.fliplr,
    3: lambda stored: np.rot90(stored, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: np.rot90(stored.T, 2),
    8: np.rot90,
}
_BACK = {6: 8, 8: 6}
_ROTATIONS = {0: 1, 90: 8, 180: 3, 270: 6}


def read_orientation(data: bytes, rotation_deg: int | None = None, where: str = "image") -> int:
    """Return how the stored image is to be turned, as `decoding.load_image` turns it, in EXIF's numbers.

    `rotation_deg`, the data set's own word (counter-clockwise), goes before EXIF.

    Raises
    ------
    UnsupportedJpegError
        When Pillow cannot read its header.
    ParameterError
        When `rotation_deg` is no quarter turn.
    """
    if rotation_deg is None:
        try:
            return opening.orientation(JpegImageFile(io.BytesIO(data)))
        except opening.DECODER_ERRORS as error:
            raise UnsupportedJpegError(where, f"a header that cannot be read ({error})") from None
    if rotation_deg % 360 not in _ROTATIONS:
        raise ParameterError(Fault("rotation", f"{rotation_deg} degrees", "0, 90, 180 or 270"))
    return _ROTATIONS[rotation_deg % 360]


def to_upright(stored: Array, turn: int) -> Array:
    """Return an array of the stored frame as one of the upright frame."""
    return _TO_UPRIGHT[turn](stored)


def to_stored(upright: Array, turn: int) -> Array:
    """Return an array of the upright frame as one of the stored frame."""
    return _TO_UPRIGHT[_BACK.get(turn, turn)](upright)
