"""MP4 and QuickTime: films and sounds without what they tell of who made them, where, when and with what.

Such a file is a tree of boxes, and its tracks say where their samples lie. Tracks of images and of sound
stay; others go, as those of places, subtitles and chapters. What no track that stays points at becomes zeros.
Nothing moves. The file format is that of ISO/IEC 14496-12 and of Apple's *QuickTime File Format*.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_TABLES = {
    *(b"stsd", b"stts", b"ctts", b"cslg", b"stss", b"stps", b"stsc", b"stsz", b"stco", b"co64", b"sdtp"),
    *(b"sbgp", b"sgpd", b"subs", b"saiz", b"saio"),
}
_KEPT = {
    b"": {b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"sidx", b"ssix", b"mfra"},
    b"moov": {b"mvhd", b"trak", b"mvex"},
    b"trak": {b"tkhd", b"edts", b"tapt", b"mdia"},
    b"mdia": {b"mdhd", b"hdlr", b"elng", b"minf"},
    b"minf": {b"vmhd", b"smhd", b"gmhd", b"hdlr", b"dinf", b"stbl"},
    b"stbl": _TABLES,
    b"dinf": {b"dref"},
    b"moof": {b"mfhd", b"traf"},
    b"traf": {b"tfhd", b"tfdt", b"trun", b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio"},
}
"""What stays in each box that holds others; the file itself has no name."""
_SEEN, _HEARD = b"vide", b"soun"
_VENDOR_AT, _PASCAL_AT, _PASCAL_BYTES = 20, 50, 32
_MOST_PARTS = 100_000
"""More boxes, or more gaps between samples, has no film that a person made; they would take minutes."""
_COUNTED = 8
"""The bytes before the first entry of a table: its version, and how many there are."""


@dataclass(frozen=True)
class _Box:
    """A box: its kind, and where it, what is in it, and what follows on it begin."""

    kind: bytes
    start: int
    inner: int
    stop: int


def remove_metadata(data: bytes) -> bytes:
    """Return a film or a sound of the same length, with nothing in it but images and sound.

    Raises
    ------
    ValueError, struct.error
        When it is broken, or of a kind of which this cannot be done here.
    """
    return bytes(_Cleaning(data).cleaned())


class _Cleaning:
    def __init__(self, data: bytes) -> None:
        self._data, self._cleaned = data, bytearray(data)
        self._dropped, self._boxes = False, 0
        self._spans: list[NDArray[np.int64]] = []

    def cleaned(self) -> bytearray:
        parts = self._open(_Box(b"", 0, 0, len(self._data)))
        for film in (part for part in parts if part.kind == b"moov"):
            self._clean_film(film)
        if not self._spans:
            raise ValueError
        fragments = [part for part in parts if part.kind == b"moof"]
        if fragments and self._dropped:
            raise ValueError
        for fragment in fragments:
            for part in self._open(fragment):
                if part.kind == b"traf":
                    self._open(part)
        if not fragments:
            self._blank_between([part for part in parts if part.kind == b"mdat"])
        return self._cleaned

    def _clean_film(self, film: _Box) -> None:
        for part in self._open(film):
            if part.kind == b"mvhd":
                self._blank_times(part)
            elif part.kind == b"trak":
                self._clean_track(part)

    def _clean_track(self, track: _Box) -> None:
        """Clean a track of images or of sound, and note where its samples are; take out any other."""
        parts = {part.kind: part for part in self._open(track)}
        media = {part.kind: part for part in self._open(parts[b"mdia"])} if b"mdia" in parts else {}
        handler = media.get(b"hdlr")
        kind = self._data[handler.inner + 8 : handler.inner + 12] if handler else b""
        if kind not in (_SEEN, _HEARD):
            self._dropped = True
            self._take_out(track)
            return
        self._blank_times(parts[b"tkhd"])
        self._blank_times(media[b"mdhd"])
        inner = {part.kind: part for part in self._open(media[b"minf"])}
        for each in filter(None, (handler, inner.get(b"hdlr"))):
            self._blank(each.inner + 12, each.stop)
        for dinf in filter(None, [inner.get(b"dinf")]):
            self._blank_addresses(dinf)
        tables = {part.kind: part for part in self._open(inner[b"stbl"])}
        self._blank_encoders(tables[b"stsd"], kind)
        self._spans.append(self._samples(tables, kind))

    def _open(self, outer: _Box) -> list[_Box]:
        """Return the boxes in a box that stay; the others become free space."""
        at, parts = outer.inner, []
        while at + 8 <= outer.stop:
            part = self._box(at, outer.stop)
            at = part.stop
            if part.kind in _KEPT[outer.kind]:
                parts.append(part)
            else:
                self._take_out(part)
        if at < outer.stop:
            self._blank(at, outer.stop)
        return parts

    def _box(self, at: int, end: int) -> _Box:
        self._boxes += 1
        size, kind = struct.unpack_from(">I4s", self._data, at)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", self._data, at + 8), 16
        stop = at + size if size else end
        if stop > end or stop < at + head or self._boxes > _MOST_PARTS:
            raise ValueError
        return _Box(kind, at, at + head, stop)

    def _take_out(self, part: _Box) -> None:
        self._cleaned[part.start + 4 : part.start + 8] = b"free"
        self._blank(part.inner, part.stop)

    def _blank(self, start: int, stop: int) -> None:
        self._cleaned[start:stop] = bytes(max(0, stop - start))

    def _blank_times(self, part: _Box) -> None:
        """Forget when a film or a track was made, and changed."""
        wide = 8 if self._data[part.inner] else 4
        if part.inner + 4 + 2 * wide > part.stop:
            raise ValueError
        self._blank(part.inner + 4, part.inner + 4 + 2 * wide)

    def _blank_addresses(self, dinf: _Box) -> None:
        """Forget the path under which a file once lay; one that shows another file is not taken."""
        for table in self._open(dinf):
            for each in self._entries(table):
                if not self._data[each.inner + 3] & 1:
                    raise ValueError
                self._blank(each.inner + 4, each.stop)

    def _blank_encoders(self, table: _Box, kind: bytes) -> None:
        """Forget whose an encoder is and what it is called: cameras write their own names there."""
        for each in self._entries(table):
            self._blank(each.start + _VENDOR_AT, min(each.start + _VENDOR_AT + 4, each.stop))
            if kind == _HEARD:
                continue
            if each.start + _PASCAL_AT + _PASCAL_BYTES > each.stop:
                raise ValueError
            self._blank(each.start + _PASCAL_AT, each.start + _PASCAL_AT + _PASCAL_BYTES)

    def _entries(self, table: _Box) -> Iterator[_Box]:
        at = table.inner + _COUNTED
        while at + 8 <= table.stop:
            each = self._box(at, table.stop)
            yield each
            at = each.stop

    def _samples(self, tables: dict[bytes, _Box], kind: bytes) -> NDArray[np.int64]:
        """Return where a track's chunks begin and end: int64, n × 2, in bytes."""
        chunks = tables.get(b"stco") or tables[b"co64"]
        starts = self._numbers(chunks, ">u4" if chunks.kind == b"stco" else ">u8", 1).ravel()
        runs = self._numbers(tables[b"stsc"], ">u4", 3)
        size, count = struct.unpack_from(">II", self._data, tables[b"stsz"].inner + 4)
        if kind == _HEARD and size == 1:
            raise ValueError  # QuickTime's uncompressed sound, whose samples are larger than they say
        firsts = np.append(runs[:, 0], len(starts) + 1)
        repeats = np.diff(firsts)
        if len(starts) and (firsts[0] != 1 or (repeats < 0).any()):
            raise ValueError
        in_chunk = np.repeat(runs[:, 1], repeats) if len(starts) else runs[:0, 1]
        until = np.append(0, np.cumsum(in_chunk))
        if until[-1] != count:
            raise ValueError
        if size:
            bytes_until = until * size
        else:
            sizes = self._numbers(tables[b"stsz"], ">u4", 1, skipped=4).ravel()
            bytes_until = np.append(0, np.cumsum(sizes))[until]
        return np.column_stack((starts, starts + np.diff(bytes_until)))

    def _numbers(self, table: _Box, kind: str, columns: int, skipped: int = 0) -> NDArray[np.int64]:
        """Return the numbers of a table, a row an entry; `skipped` bytes come before it says how many."""
        at = table.inner + 4 + skipped
        (rows,) = struct.unpack_from(">I", self._data, at)
        if at + 4 + rows * columns * np.dtype(kind).itemsize > table.stop:
            raise ValueError
        read = np.frombuffer(self._data, kind, rows * columns, at + 4)
        return read.astype(np.int64).reshape(rows, columns)

    def _blank_between(self, payloads: list[_Box]) -> None:
        """Blank what lies between the samples of tracks that stay; all of these lie in `payloads`."""
        spans = np.concatenate(self._spans)
        spans = spans[np.argsort(spans[:, 0], kind="stable")]
        inside = np.zeros(len(spans), bool)
        for part in payloads:
            here = (spans[:, 0] >= part.inner) & (spans[:, 1] <= part.stop)
            inside |= here
            until = np.maximum.accumulate(np.append(part.inner, spans[here, 1]))
            since = np.append(spans[here, 0], part.stop)
            gaps = np.column_stack((until, since))[since > until].tolist()
            if len(gaps) > _MOST_PARTS:
                raise ValueError
            for start, stop in gaps:
                self._blank(start, stop)
        if not inside.all():
            raise ValueError
