"""Animated PNGs, written frame by frame: no more than one of them is in memory.

Pillow encodes each frame and reads the whole; what it writes itself it holds in memory until the end, some
hundred megabytes for a film of a minute.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

    from PIL import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = (b"IHDR", b"PLTE", b"tRNS")
_OVER = 1


@dataclass(frozen=True)
class Patch:
    """What is new in a frame.

    Parameters
    ----------
    image
        The new part, mode P; all patches of a film have the same palette. The first is the whole frame.
    place
        Its left and upper edge in the frame, in pixels.
    """

    image: Image.Image
    place: tuple[int, int] = (0, 0)


def write_animated_png(
    file: IO[bytes], patches: Iterable[Patch | None], frames_per_s: int, transparency: int
) -> int:
    """Write a film that plays again and again.

    Parameters
    ----------
    file
        Where it is written; it can be sought in.
    patches
        What is new in each frame; None where nothing is: the frame before stays longer.
    frames_per_s
        How many frames a second has.
    transparency
        The number in the palette of what stays as it was in the frame before.

    Returns
    -------
    int
        How many frames were written.
    """
    count = number = 0
    for patch, length in _with_lengths(patches):
        chunks = _encoded(patch.image, transparency)
        if not count:
            file.write(_SIGNATURE)
            for name, data in chunks:
                if name in _KEPT:
                    _write(file, name, data)
            counted_at = file.tell()
            _write(file, b"acTL", struct.pack(">II", 0, 0))
        control = (number, *patch.image.size, *patch.place, length, frames_per_s, 0, _OVER if count else 0)
        _write(file, b"fcTL", struct.pack(">IIIIIHHBB", *control))
        number += 1
        for name, data in chunks:
            if name == b"IDAT" and count:
                _write(file, b"fdAT", struct.pack(">I", number) + data)
                number += 1
            elif name == b"IDAT":
                _write(file, name, data)
        count += 1
    if count:
        _write(file, b"IEND", b"")
        file.seek(counted_at)
        _write(file, b"acTL", struct.pack(">II", count, 0))
    return count


def _with_lengths(patches: Iterable[Patch | None]) -> Iterator[tuple[Patch, int]]:
    """Yield each patch with how many frames it stays."""
    kept, length = None, 0
    for patch in patches:
        if patch and kept:
            yield kept, length
        kept, length = (patch, 1) if patch else (kept, length + 1)
    if kept:
        yield kept, length


def _encoded(image: Image.Image, transparency: int) -> list[tuple[bytes, bytes]]:
    """Return the chunks of an image, as Pillow encodes it."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG", bits=8, transparency=transparency)
    data, at, found = buffer.getvalue(), len(_SIGNATURE), []
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += length + 12
    return found


def _write(file: IO[bytes], name: bytes, data: bytes) -> None:
    """Write a chunk: its length, its name, what is in it, and their check sum."""
    file.write(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)))
