"""libjpeg-turbo, through ctypes: a JPEG's coefficients are edited and written again, nothing is decoded.

The TurboJPEG library of 2.1 and of 3.x serves: its `tjTransform` reads the entropy code alone, hands over the
quantised coefficients and codes them again. Every call has a handle of its own, so threads may share this
module.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.errors import Fault, KitError
from retrain_kit.imaging.jpeg.headers import UnsupportedJpegError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Coefficients = NDArray[np.int16]

LIBRARY_VARIABLE = "RETRAIN_KIT_TURBOJPEG"
_NAMES = ("libturbojpeg.so.0", "libturbojpeg.0.dylib", "libturbojpeg.dylib", "turbojpeg.dll")
_PROGRESSIVE, _NO_MARKERS, _LIMIT_SCANS, _BLOCK_BYTES = 32, 64, 32768, 128
_GET_IT = (
    "On Debian: apt install libturbojpeg0; on Ubuntu: apt install libturbojpeg; with conda: conda install "
    "libjpeg-turbo; on a Mac: brew install jpeg-turbo. Where it lies elsewhere, "
    f"{LIBRARY_VARIABLE} names its file."
)


class LibraryError(KitError):
    """The TurboJPEG library is missing or cannot be used."""


def ensure_library() -> None:
    """Make sure that the library is there.

    Raises
    ------
    LibraryError
        When it is not, with how to get it.
    """
    load_library(os.environ.get(LIBRARY_VARIABLE, ""))


class _Region(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("x", "y", "w", "h")]


_Filter = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, _Region, _Region, ctypes.c_int, ctypes.c_int, ctypes.c_void_p
)


class _Transform(ctypes.Structure):
    _fields_ = [
        ("region", _Region),
        ("operation", ctypes.c_int),
        ("options", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("filter", _Filter),
    ]


def edit_coefficients(
    data: bytes, change: Callable[[int, Coefficients], None], *, progressive: bool, where: str = "image"
) -> bytes:
    """Return the JPEG with its coefficients changed, without any of its application segments.

    Parameters
    ----------
    data
        A JPEG.
    change
        Is called once for each component with its number and its quantised coefficients (rows of blocks,
        columns of blocks, 64 in natural order), to change in place; the array is valid during the call alone.
    progressive
        Whether the result is coded progressively.

    Raises
    ------
    UnsupportedJpegError
        When the library finds anything wrong with the image, be it a mere warning.
    LibraryError
        When the library is missing.
    """
    library = load_library(os.environ.get(LIBRARY_VARIABLE, ""))
    planes = _Planes(change)
    options = _NO_MARKERS | (_PROGRESSIVE if progressive else 0)
    transform = _Transform(_Region(), 0, options, None, _Filter(planes.row))
    handle = library.tjInitTransform()
    output, size = ctypes.c_void_p(), ctypes.c_ulong()
    try:
        outcome = library.tjTransform(
            *(handle, data, len(data), 1, ctypes.byref(output), ctypes.byref(size)),
            *(ctypes.byref(transform), _LIMIT_SCANS),
        )
        if planes.error:
            raise planes.error
        if outcome:
            said = library.tjGetErrorStr2(handle).decode("utf-8", "replace")
            raise UnsupportedJpegError(
                where, f"an image libjpeg-turbo stumbles over ({said.strip()})", "a whole JPEG"
            )
        return ctypes.string_at(output.value or 0, size.value)
    finally:
        library.tjFree(output)
        library.tjDestroy(handle)


class _Planes:
    """Gathers the rows of a component that the library hands over and passes them on as one array."""

    def __init__(self, change: Callable[[int, Coefficients], None]) -> None:
        self.change = change
        self.rows: list[int] = []
        self.error: Exception | None = None

    def row(
        self, address: int, strip: _Region, plane: _Region, component: int, _number: int, _transform: int
    ) -> int:
        """Take one row of blocks; with a component's last one, change them all. -1 stops the library."""
        rows = plane.h // 8
        if strip.y >= plane.h:
            return 0
        self.rows.append(address)
        if len(self.rows) < rows:
            return 0
        try:
            self.change(component, _array(self.rows, plane.w // 8))
        except Exception as error:  # noqa: BLE001 - raised again by `edit_coefficients`; C knows no exceptions
            self.error = error
            return -1
        finally:
            self.rows = []
        return 0


def _array(addresses: list[int], columns: int) -> Coefficients:
    """Return the rows at these addresses as one array without copying; they lie at equal distances."""
    width = columns * _BLOCK_BYTES
    strides = {later - earlier for earlier, later in pairwise(addresses)} or {width}
    stride = strides.pop()
    if strides or stride < width:
        raise LibraryError(Fault("libturbojpeg", "scattered rows of coefficients", "rows at equal distances"))
    length = ((len(addresses) - 1) * stride + width) // 2
    memory = np.ctypeslib.as_array((ctypes.c_int16 * length).from_address(addresses[0]))
    shape = len(addresses), columns, 64
    return np.lib.stride_tricks.as_strided(memory, shape, (stride, _BLOCK_BYTES, 2))


@cache
def load_library(chosen: str) -> ctypes.CDLL:
    """Load the library from where the user says, this Python's own prefix, or where the system keeps it."""
    beside = [Path(sys.prefix) / folder / name for folder in ("lib", "Library/bin") for name in _NAMES]
    places = [str(path) for path in beside if path.is_file()]
    places += [ctypes.util.find_library("turbojpeg") or "", *_NAMES]
    for place in [chosen] if chosen else filter(None, places):
        try:
            return _declared(ctypes.CDLL(place))
        except (OSError, AttributeError):
            continue
    where = f"{LIBRARY_VARIABLE}={chosen}" if chosen else "this machine"
    raise LibraryError(
        Fault(where, "no TurboJPEG library", "libjpeg-turbo's libturbojpeg, 2.1 or later", _GET_IT)
    )


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    """Say what the functions take and give."""
    number, pointer = ctypes.c_int, ctypes.c_void_p
    library.tjInitTransform.argtypes, library.tjInitTransform.restype = [], pointer
    library.tjTransform.restype = number
    library.tjTransform.argtypes = [
        *(pointer, ctypes.c_char_p, ctypes.c_ulong, number, ctypes.POINTER(pointer)),
        *(ctypes.POINTER(ctypes.c_ulong), ctypes.POINTER(_Transform), number),
    ]
    library.tjFree.argtypes, library.tjFree.restype = [pointer], None
    library.tjDestroy.argtypes, library.tjDestroy.restype = [pointer], number
    library.tjGetErrorStr2.argtypes, library.tjGetErrorStr2.restype = [pointer], ctypes.c_char_p
    return library
