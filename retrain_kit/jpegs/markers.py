"""Markers: the pieces a JPEG file is made of, found without decoding it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.jpegs.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Iterator

SOI, EOI, SOS, DQT = 0xD8, 0xD9, 0xDA, 0xDB
APP, COM = range(0xE0, 0xF0), 0xFE
FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers that start a frame (SOF); the three left out are tables and a reserved code."""

_ALONE = {0x00, 0x01, *range(0xD0, 0xD9)}
_AFTER_ENTROPY = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_OTHERS = {
    b"\x89PNG": "a PNG",
    b"GIF8": "a GIF",
    b"BM": "a BMP",
    b"RIFF": "a WebP or another RIFF file",
    b"II*\0": "a TIFF",
    b"MM\0*": "a TIFF",
}


@dataclass(frozen=True)
class Segment:
    """A marker, what it carries, and where in the file it stands."""

    marker: int
    payload: bytes
    start: int
    stop: int


@dataclass(frozen=True)
class Component:
    """One plane of a JPEG: its id, sampling factors and the number of its quantisation table."""

    id: int
    across: int
    down: int
    table: int


def build(marker: int, payload: bytes) -> bytes:
    """Return a segment's bytes."""
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def segments(data: bytes, where: str = "picture") -> Iterator[Segment]:
    """Yield the segments of the first picture in `data` in their order, the last being its end (EOI).

    The coded picture after a scan's header (SOS) is stepped over.

    Raises
    ------
    RefusalError
        When `data` is no JPEG, ends early or has something else where a marker should be.
    """
    if data[:3] != b"\xff\xd8\xff":
        raise RefusalError(where, _what(data), "a JPEG")
    position = 2
    while True:
        segment = _segment(data, position, where)
        yield segment
        if segment.marker == EOI:
            return
        position = _coded_end(data, segment.stop, where) if segment.marker == SOS else segment.stop


def _segment(data: bytes, position: int, where: str) -> Segment:
    start = position
    while data[position : position + 2] == b"\xff\xff":
        position += 1
    head = data[position : position + 4]
    if head[:2] == bytes((0xFF, EOI)):
        return Segment(EOI, b"", start, position + 2)
    if len(head) < 4:  # noqa: PLR2004 - a marker and a length, two bytes each
        raise RefusalError(where, "a broken tail: the file ends within its headers")
    if head[0] != 0xFF or head[1] in _ALONE:  # noqa: PLR2004 - 255 starts a marker
        raise RefusalError(where, f"no marker at byte {position}")
    stop = position + 2 + int.from_bytes(head[2:], "big")
    if stop > len(data) or stop < position + 4:
        raise RefusalError(where, f"a broken segment at byte {position}")
    return Segment(head[1], data[position + 4 : stop], start, stop)


def _coded_end(data: bytes, position: int, where: str) -> int:
    found = _AFTER_ENTROPY.search(data, position)
    if found is None:
        raise RefusalError(where, "a broken tail: the file ends within the coded picture")
    return found.start()


def _what(data: bytes) -> str:
    known = (name for start, name in _OTHERS.items() if data.startswith(start))
    return next(known, "no picture that begins as a JPEG" if data else "an empty file")
