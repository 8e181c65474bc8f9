"""Planes: a JPEG is decoded to luma and chroma as they are stored, and coded again from them.

libjpeg-turbo does both. Chroma is neither enlarged nor reduced and no colour is converted, so that coding again
with the same tables changes next to nothing, and takes two thirds of the time.
"""

from __future__ import annotations

import ctypes
import os
from functools import cache, reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.imaging.jpeg import turbo
from retrain_kit.imaging.jpeg.headers import UnsupportedJpegError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Plane = NDArray[np.uint8]

_ACCURATE, _PROGRESSIVE = 4096, 16384
_GREY = 3
_WORDS = {2: np.uint16, 4: np.uint32}
_POINTER = ctypes.c_void_p


class Planes:
    """The planes of a JPEG, each padded to whole units of its sampling.

    Parameters
    ----------
    data
        A JPEG in grey, or in luma and chroma.
    where
        What errors call it.

    Raises
    ------
    UnsupportedJpegError
        When the library finds anything wrong with the image, be it a mere warning.
    turbo.LibraryError
        When the library is missing.
    """

    def __init__(self, data: bytes, where: str) -> None:
        self._where = where
        self._library = planes_library()
        handle = self._library.tjInitDecompress()
        numbers = [ctypes.c_int() for _ in range(4)]
        try:
            places = [ctypes.byref(number) for number in numbers]
            self._check(handle, self._library.tjDecompressHeader3(handle, data, len(data), *places))
            self.width_px, self.height_px, self._sampling, _ = (number.value for number in numbers)
            self.planes = [self._empty(number) for number in range(1 if self._sampling == _GREY else 3)]
            known = handle, data, len(data), _addresses(self.planes), self.width_px, None, self.height_px
            self._check(handle, self._library.tjDecompressToYUVPlanes(*known, _ACCURATE))
        finally:
            self._library.tjDestroy(handle)

    def fill(self, mask: NDArray[np.bool_], levels: Sequence[int]) -> None:
        """Put a level into each plane where the mask, in the stored frame, touches its samples."""
        luma = self.planes[0]
        padded = np.zeros(luma.shape, dtype=np.bool_)
        padded[: mask.shape[0], : mask.shape[1]] = mask
        for plane, level in zip(self.planes, levels, strict=True):
            np.copyto(plane, np.uint8(level), where=_reduced(padded, plane.shape))

    def fill_box(self, rows: slice, columns: slice, levels: Sequence[int]) -> None:
        """Do the same for a rectangle of the stored frame, which is quicker."""
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        for plane, level in zip(self.planes, levels, strict=True):
            down = self.planes[0].shape[0] // plane.shape[0]
            across = self.planes[0].shape[1] // plane.shape[1]
            touched = (
                slice(rows.start // down, -(-rows.stop // down)),
                slice(columns.start // across, -(-columns.stop // across)),
            )
            plane[touched] = level

    def coded(self, quality: int, *, progressive: bool) -> bytes:
        """Return the planes as a JPEG with libjpeg's tables for that quality."""
        handle = self._library.tjInitCompress()
        output, size = _POINTER(), ctypes.c_ulong()
        flags = _ACCURATE | (_PROGRESSIVE if progressive else 0)
        try:
            frame = _addresses(self.planes), self.width_px, None, self.height_px, self._sampling
            places = ctypes.byref(output), ctypes.byref(size)
            outcome = self._library.tjCompressFromYUVPlanes(handle, *frame, *places, quality, flags)
            self._check(handle, outcome)
            return ctypes.string_at(output.value or 0, size.value)
        finally:
            self._library.tjFree(output)
            self._library.tjDestroy(handle)

    def _empty(self, number: int) -> Plane:
        width = self._library.tjPlaneWidth(number, self.width_px, self._sampling)
        height = self._library.tjPlaneHeight(number, self.height_px, self._sampling)
        if min(width, height) < 1:
            raise UnsupportedJpegError(self._where, "an unusual sampling of its colours")
        return np.empty((height, width), dtype=np.uint8)

    def _check(self, handle: int, outcome: int) -> None:
        if outcome:
            said = self._library.tjGetErrorStr2(handle).decode("utf-8", "replace").strip()
            raise UnsupportedJpegError(
                self._where, f"an image libjpeg-turbo stumbles over ({said})", "a whole JPEG"
            )


def _reduced(mask: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which samples of a plane a mask of the padded luma touches."""
    down, across = mask.shape[0] // shape[0], mask.shape[1] // shape[1]
    merged = reduce(np.bitwise_or, [mask[row::down] for row in range(down)])
    return merged.view(_WORDS[across]) != 0 if across > 1 else merged


def _addresses(planes: Sequence[Plane]) -> Any:  # noqa: ANN401 - an array of C
    return (_POINTER * 3)(*(plane.ctypes.data for plane in planes))


@cache
def planes_library() -> ctypes.CDLL:
    """Return libjpeg-turbo with the functions for planes declared.

    Raises
    ------
    turbo.LibraryError
        When it is missing; the message says how to get it.
    """
    found = turbo.load_library(os.environ.get(turbo.LIBRARY_VARIABLE, ""))
    number, reference = ctypes.c_int, ctypes.POINTER(ctypes.c_int)
    for name in ("tjInitDecompress", "tjInitCompress"):
        getattr(found, name).argtypes, getattr(found, name).restype = [], _POINTER
    for name in ("tjPlaneWidth", "tjPlaneHeight"):
        getattr(found, name).argtypes, getattr(found, name).restype = [number] * 3, number
    source: list[Any] = [_POINTER, ctypes.c_char_p, ctypes.c_ulong]
    frame: list[Any] = [ctypes.POINTER(_POINTER), number, _POINTER, number]
    found.tjDecompressHeader3.argtypes = [*source, *[reference] * 4]
    found.tjDecompressToYUVPlanes.argtypes = [*source, *frame, number]
    result: list[Any] = [ctypes.POINTER(_POINTER), ctypes.POINTER(ctypes.c_ulong)]
    found.tjCompressFromYUVPlanes.argtypes = [_POINTER, *frame, number, *result, number, number]
    return found
