"""Ogg: voice messages of phones, as Opus, Vorbis or Speex, without what they tell of who made them.

Such a file is a row of pages, and its second packet is a comment: which program wrote it, and what people or
programs added, images too. It becomes an empty comment of the same length, so that nothing moves. Pages and
their checksums are those of RFC 3533, comments those of RFC 7845 and of the *Vorbis I specification*.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = struct.Struct("<4sBBqIIIB")
_CHECKSUM_AT, _FULL, _MOST_BYTES = 22, 255, 1 << 24
_COMMENTS = {
    b"OpusHead": (b"OpusTags", b""),
    b"\x01vorbis": (b"\x03vorbis", b"\x01"),
    b"Speex   ": (b"", b""),
}
"""By how the first packet begins: how the comment begins, and how it ends."""


@dataclass(frozen=True)
class _Page:
    """Where a page is, whose sound it is, and how long its parts of packets are; 255 goes on."""

    start: int
    stop: int
    sound: int
    parts: tuple[int, ...]

    @property
    def body(self) -> int:
        return self.start + _HEAD.size + len(self.parts)


def remove_metadata(data: bytes) -> bytes:
    """Return a sound without its comments; every other byte but the checksums of their pages stays.

    Raises
    ------
    ValueError
        When it is no whole Ogg file of one sound in Opus, Vorbis or Speex.
    """
    pages = list(_pages(data))
    if len({page.sound for page in pages}) != 1:
        raise ValueError
    first, comment = _packet(pages, 0), _packet(pages, 1)
    begins, ends = _comment_of(b"".join(data[start:stop] for start, stop in first))
    rest = _empty(sum(stop - start for start, stop in comment), begins, ends)
    cleaned = bytearray(data)
    for start, stop in comment:
        cleaned[start:stop], rest = rest[: stop - start], rest[stop - start :]
    for page in pages:
        if page.start < comment[-1][1] and page.stop > comment[0][0]:
            _sign(cleaned, page)
    return bytes(cleaned)


def _comment_of(packet: bytes) -> tuple[bytes, bytes]:
    """Return how the comment of a sound begins and ends, by its first packet."""
    for head, told in _COMMENTS.items():
        if packet.startswith(head):
            return told
    raise ValueError


def _pages(data: bytes) -> Iterator[_Page]:
    at = 0
    while at < len(data):
        mark, version, _, _, sound, _, _, many = _HEAD.unpack_from(data, at)
        parts = tuple(data[at + _HEAD.size : at + _HEAD.size + many])
        stop = at + _HEAD.size + many + sum(parts)
        if mark != b"OggS" or version or len(parts) != many or stop > len(data):
            raise ValueError
        yield _Page(at, stop, sound, parts)
        at = stop


def _packet(pages: list[_Page], number: int) -> list[tuple[int, int]]:
    """Return where the parts of a packet begin and end; packets are counted from 0."""
    places, found = list[tuple[int, int]](), 0
    for page in pages:
        at = page.body
        for size in page.parts:
            if found == number:
                places.append((at, at + size))
            at += size
            if size < _FULL:
                found += 1
            if found > number:
                return places
    raise ValueError


def _empty(size: int, begins: bytes, ends: bytes) -> bytes:
    """Return a comment of nobody: a writer without a name, as long as is needed, and a list of none."""
    spaces = size - len(begins) - len(ends) - 8
    if spaces < 0 or size > _MOST_BYTES:
        raise ValueError
    return begins + struct.pack("<I", spaces) + b" " * spaces + bytes(4) + ends


def _sign(data: bytearray, page: _Page) -> None:
    """Write the checksum of a page: a CRC of 32 bits, of the page with zeros in its place."""
    data[page.start + _CHECKSUM_AT : page.start + _CHECKSUM_AT + 4] = bytes(4)
    rest = 0
    for byte in data[page.start : page.stop]:
        rest = ((rest << 8) & 0xFFFFFFFF) ^ _CRC[(rest >> 24) ^ byte]
    data[page.start + _CHECKSUM_AT : page.start + _CHECKSUM_AT + 4] = struct.pack("<I", rest)


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        rest = byte << 24
        for _ in range(8):
            rest = ((rest << 1) & 0xFFFFFFFF) ^ (0x04C11DB7 if rest >> 31 else 0)
        table.append(rest)
    return table


_CRC = _crc_table()
