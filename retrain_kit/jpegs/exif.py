"""EXIF that is still true: without thumbnails, makers' notes and anything else that may hold a picture.

What is kept stays byte for byte at its place, so that every offset stays true; the rest is blanked.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from itertools import pairwise

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_DIRECTORIES = {0x8769: "Exif", 0x8825: "GPS", 0xA005: "Interoperability"}
_TEXT, _LONGEST = 2, 2048
_GONE = {
    0x927C: "maker's note",
    **dict.fromkeys((0x0111, 0x0117, 0x0144, 0x0145, 0x015B), "picture in EXIF"),
    **dict.fromkeys((0x014A, 0x0201, 0x0202, 0x501B, 0xC634), "picture in EXIF"),
    **dict.fromkeys((0x02BC, 0x83BB, 0x8649), "other metadata within EXIF"),
    0xEA1C: "",  # padding
}
_JPEG = b"\xff\xd8\xff"


@dataclass
class _Blob:
    """A TIFF structure, what is copied of it, and the names of what is not."""

    data: bytes
    order: str
    kept: dict[int, bytes] = field(default_factory=dict)
    tables: dict[int, bytes] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def number(self, kind: str, place: int) -> int:
        return int(struct.unpack_from(self.order + kind, self.data, place)[0])


def still_true(data: bytes) -> tuple[bytes, set[str]]:
    """Return the TIFF structure of an EXIF segment without pictures, and the names of what went.

    Raises
    ------
    ValueError, struct.error
        When it is no TIFF structure or its first directory lies outside it.
    """
    orders = {b"II*\0": "<", b"MM\0*": ">"}
    if data[:4] not in orders:
        raise ValueError("no TIFF structure")
    blob = _Blob(data, orders[data[:4]], {0: data[:8]})
    _directory(blob, blob.number("I", 4))
    return _written(blob), blob.gone - {""}


def _directory(blob: _Blob, start: int) -> None:
    if start in blob.tables:
        raise ValueError("directories in a circle")
    count = blob.number("H", start)
    blob.tables[start] = b""
    places = range(start + 2, start + 2 + 12 * count, 12)
    entries = [blob.data[place : place + 12] for place in places if _entry(blob, place)]
    if blob.number("I", places.stop):
        blob.gone.add("thumbnail in EXIF")
    length = struct.pack(blob.order + "H", len(entries))
    blob.tables[start] = length + b"".join(entries) + bytes(4)


def _entry(blob: _Blob, place: int) -> bool:
    """Decide whether an entry is kept, and keep what it refers to."""
    tag, kind, count = struct.unpack_from(blob.order + "HHI", blob.data, place)
    if tag in _GONE:
        blob.gone.add(_GONE[tag])
        return False
    if tag in _DIRECTORIES:
        try:
            _directory(blob, blob.number("I", place + 8))
        except (ValueError, struct.error):
            blob.gone.add("broken EXIF")
            return False
        return True
    size = _SIZES.get(kind, 0) * count
    if size <= 4:  # noqa: PLR2004 - four bytes stand in the entry itself
        return bool(size)
    at = blob.number("I", place + 8)
    value = blob.data[at : at + size]
    if len(value) < size or (kind != _TEXT and size > _LONGEST) or _JPEG in value:
        blob.gone.add("broken EXIF" if len(value) < size else "large binary value in EXIF")
        return False
    blob.kept[at] = value
    return True


def _written(blob: _Blob) -> bytes:
    pieces = blob.kept | blob.tables
    new = bytearray(max(place + len(piece) for place, piece in pieces.items()))
    for place, piece in pieces.items():
        new[place : place + len(piece)] = piece
    ends = sorted((place, place + len(piece)) for place, piece in pieces.items())
    if any(end > start for (_, end), (start, _) in pairwise(ends)):
        raise ValueError("values that overlap")
    return bytes(new)
