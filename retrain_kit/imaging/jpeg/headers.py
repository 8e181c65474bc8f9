"""Headers: what a JPEG's markers say of its kind, size, components and colour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Literal

import numpy as np

from retrain_kit.errors import DataError, Fault
from retrain_kit.imaging.decoding import MAX_PIXELS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


class UnsupportedJpegError(DataError):
    """An image that cannot be emptied exactly as a JPEG; another lossless way (PNG) takes it."""

    def __init__(self, where: str, reason: str, expected: str = "a JPEG that can be emptied exactly") -> None:
        super().__init__(Fault(where, reason, expected, "The lossless ways of writing pixels take it."))
        self.reason = reason


MAX_SCANS = 500
"""More scans than any encoder writes: such a file is made to keep a decoder busy."""

_UNSEEN = 99


def check_scans(payloads: Iterable[bytes], components: Collection[Component], kind: str, where: str) -> None:
    """Refuse an image some of whose coefficients are missing: decoders smooth over what is not there.

    Raises
    ------
    UnsupportedJpegError
        With the reason.
    """
    payloads = list(payloads)
    if len(payloads) > MAX_SCANS:
        raise UnsupportedJpegError(where, f"{len(payloads)} scans", f"at most {MAX_SCANS}")
    lacking = {part.id: [_UNSEEN] * 64 for part in components}
    for payload in payloads:
        names, first, last, low = _scan(payload, where)
        for name in names:
            if name not in lacking or not first <= last < 64:  # noqa: PLR2004 - coefficients of a block
                raise UnsupportedJpegError(where, "a scan that does not fit its frame")
            if kind != "progressive" and lacking[name][0] != _UNSEEN:
                raise UnsupportedJpegError(where, "a component that is coded twice")
            for place in range(first, last + 1):
                lacking[name][place] = low
    if any(any(bits) for bits in lacking.values()):
        raise UnsupportedJpegError(where, "scans that do not bring the whole image")


def _scan(payload: bytes, where: str) -> tuple[bytes, int, int, int]:
    """Return the ids of a scan's components, its first and last coefficient and the bits it leaves out."""
    n = payload[0] if payload else 0
    if len(payload) != 2 * n + 4:
        raise UnsupportedJpegError(where, "a scan with a broken header")
    return payload[1 : 1 + 2 * n : 2], payload[-3], payload[-2], payload[-1] & 15


SOI, EOI, SOS, DQT, DHT = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4
APP, COM = range(0xE0, 0xF0), 0xFE
FRAME_MARKERS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers that start a frame (SOF); the three left out are tables and a reserved code."""

_ALONE = {0x00, 0x01, *range(0xD0, 0xD9)}
_ENTROPY_MARKERS = np.zeros(256, dtype=np.bool_)
_ENTROPY_MARKERS[[0x00, *range(0xD0, 0xD8), 0xFF]] = True
_MARK = 0xFF
_PIECE_BYTES = 1 << 16
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


_MAY_COME_FIRST = {0xC4, DQT, 0xDD, *APP, COM} - {APP[1]}
_FRAME_BYTES, _BITS = 9, 8


def plain_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a JPEG whose header is plain to see; None of all others.

    Such a one has eight bits, is baseline or progressive, alone in its file, of at most `MAX_PIXELS`, and has
    no block in which a turn could be said. Of all others `decoding.image_size` knows the size.

    Parameters
    ----------
    data
        The file, or its beginning.
    """
    place = len(b"\xff\xd8")
    while data[:3] == b"\xff\xd8\xff":
        head = data[place : place + _FRAME_BYTES]
        if len(head) < _FRAME_BYTES or head[0] != 0xFF:  # noqa: PLR2004 - 255 starts a marker
            return None
        stop = place + 2 + int.from_bytes(head[2:4])
        if head[1] in {0xC0, 0xC2}:
            height, width = int.from_bytes(head[5:7]), int.from_bytes(head[7:9])
            is_plain = head[4] == _BITS and 0 < width * height <= MAX_PIXELS
            return (width, height) if is_plain and data.find(bytes((0xFF, SOS)), stop) > 0 else None
        if head[1] not in _MAY_COME_FIRST or head[4:8] == b"MPF\0" or stop < place + 4:
            return None
        place = stop
    return None


def build_segment(marker: int, payload: bytes) -> bytes:
    """Return a segment's bytes."""
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def segments(data: bytes, where: str = "image") -> Iterator[Segment]:
    """Yield the segments of the first image in `data` in their order, the last being its end (EOI).

    The coded image after a scan's header (SOS) is stepped over.

    Raises
    ------
    UnsupportedJpegError
        When `data` is no JPEG, ends early or has something else where a marker should be.
    """
    if data[:3] != b"\xff\xd8\xff":
        raise UnsupportedJpegError(where, _what(data), "a JPEG")
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
        raise UnsupportedJpegError(where, "a broken tail: the file ends within its headers")
    if head[0] != 0xFF or head[1] in _ALONE:  # noqa: PLR2004 - 255 starts a marker
        raise UnsupportedJpegError(where, f"no marker at byte {position}")
    stop = position + 2 + int.from_bytes(head[2:], "big")
    if stop > len(data) or stop < position + 4:
        raise UnsupportedJpegError(where, f"a broken segment at byte {position}")
    return Segment(head[1], data[position + 4 : stop], start, stop)


def _coded_end(data: bytes, position: int, where: str) -> int:
    """Return where the first marker after a coded image begins: 255 and what is no part of the image."""
    found = np.frombuffer(data, dtype=np.uint8)
    while position < len(data) - 1:
        piece = found[position : position + _PIECE_BYTES]
        starts = np.flatnonzero(piece[:-1] == _MARK)
        markers = starts[~_ENTROPY_MARKERS[piece[starts + 1]]]
        if markers.size:
            return position + int(markers[0])
        position += _PIECE_BYTES - 1
    raise UnsupportedJpegError(where, "a broken tail: the file ends within the coded image")


def _what(data: bytes) -> str:
    known = (name for start, name in _OTHERS.items() if data.startswith(start))
    return next(known, "no image that begins as a JPEG" if data else "an empty file")


ColourModel = Literal["grey", "YCbCr", "RGB", "CMYK", "YCCK"]

_KINDS = {0xC0: "baseline", 0xC1: "extended", 0xC2: "progressive"}
_OTHER_KINDS = {
    **dict.fromkeys((0xC3, 0xC7, 0xCB, 0xCF), "lossless coding, which has no blocks"),
    **dict.fromkeys((0xC5, 0xC6, 0xCD, 0xCE), "hierarchical coding"),
    **dict.fromkeys((0xC9, 0xCA), "arithmetic coding"),
}
_ADOBE: dict[tuple[int, int], ColourModel] = {(3, 0): "RGB", (3, 1): "YCbCr", (4, 0): "CMYK", (4, 2): "YCCK"}


@dataclass(frozen=True)
class JpegHeader:
    """What the markers of a JPEG say.

    Parameters
    ----------
    kind
        `baseline`, `extended` or `progressive`.
    width_px, height_px
        Size of the stored image, before any turn.
    steps
        For each component the quantisation step of its mean (DC) coefficient.
    model
        What the components mean.
    before, after
        The segments before the first scan, and from it on.
    """

    kind: str
    width_px: int
    height_px: int
    components: tuple[Component, ...]
    steps: tuple[int, ...]
    model: ColourModel
    before: tuple[Segment, ...]
    after: tuple[Segment, ...]

    @cached_property
    def fits(self) -> bool:
        """Whether no coefficient but the mean can be out of range, as no code of the file stands for one.

        That follows from the Huffman tables of one scan, not from those of progressive scans, which add bits.
        """
        if self.kind == "progressive":
            return False
        tables = [each.payload for each in (*self.before, *self.after) if each.marker == DHT]
        return all(map(_codes_fit, tables))

    @cached_property
    def cell(self) -> tuple[int, int]:
        """Width and height in pixels of the smallest cell whose edges are block edges of all components."""
        across = [part.across for part in self.components]
        down = [part.down for part in self.components]
        return 8 * (max(across) // min(across)), 8 * (max(down) // min(down))


_COUNTS = 17
_SHORT = bytes(symbol for symbol in range(256) if symbol & 15 <= 10)  # noqa: PLR2004 - bits of an 8-bit image


@lru_cache
def _codes_fit(payload: bytes) -> bool:
    """Say whether all codes of a table's segment, but those for means, have at most ten bits."""
    place = 0
    while place < len(payload):
        counts = payload[place + 1 : place + _COUNTS]
        symbols = payload[place + _COUNTS : place + _COUNTS + sum(counts)]
        if payload[place] >> 4 and symbols.translate(None, _SHORT):
            return False
        place += _COUNTS + sum(counts)
    return True


def read_jpeg_header(data: bytes, where: str = "image") -> JpegHeader:
    """Read the header of a JPEG and make sure that its blocks can be emptied exactly.

    Raises
    ------
    UnsupportedJpegError
        With the reason when they cannot.
    """
    found = list(segments(data, where))
    before = tuple(takewhile(lambda segment: segment.marker != SOS, found))
    after = tuple(found[len(before) :])
    kind, width, height, components = _frame(found, where)
    if not after:
        raise UnsupportedJpegError(where, "no scan, so no image")
    if any(segment.marker not in {SOS, EOI, DHT, 0xDD, *APP, 0xFE} for segment in after):
        raise UnsupportedJpegError(where, "tables or sizes that change between the scans")
    check_scans((segment.payload for segment in after if segment.marker == SOS), components, kind, where)
    steps = _steps(before, components, where)
    model = _model(before, components, where)
    return JpegHeader(kind, width, height, components, steps, model, before, after)


def _frame(found: Iterable[Segment], where: str) -> tuple[str, int, int, tuple[Component, ...]]:
    frames = [segment for segment in found if segment.marker in FRAME_MARKERS]
    if len(frames) != 1:
        raise UnsupportedJpegError(where, f"{len(frames)} frames", "a JPEG with one")
    marker, payload = frames[0].marker, frames[0].payload
    if marker not in _KINDS:
        raise UnsupportedJpegError(where, _OTHER_KINDS[marker])
    if len(payload) < 9 or len(payload) != 6 + 3 * payload[5]:  # noqa: PLR2004 - three bytes a component
        raise UnsupportedJpegError(where, "a broken frame header")
    precision, height, width = payload[0], int.from_bytes(payload[1:3]), int.from_bytes(payload[3:5])
    if precision != 8:  # noqa: PLR2004 - bits
        raise UnsupportedJpegError(where, f"samples of {precision} bits", "a JPEG of 8 bits")
    if not width * height:
        raise UnsupportedJpegError(where, "no size in its header")
    if width * height > MAX_PIXELS:
        raise UnsupportedJpegError(
            where, f"an image too large: {width} × {height} px", f"at most {MAX_PIXELS} px"
        )
    parts = [payload[place : place + 3] for place in range(6, len(payload), 3)]
    components = tuple(Component(part[0], part[1] >> 4, part[1] & 15, part[2]) for part in parts)
    _check_sampling(components, where)
    return _KINDS[marker], width, height, components


def _check_sampling(components: tuple[Component, ...], where: str) -> None:
    if len(components) not in {1, 3, 4} or len({part.id for part in components}) != len(components):
        raise UnsupportedJpegError(
            where, f"components {[part.id for part in components]}", "one, three or four of them"
        )
    for factors in ([part.across for part in components], [part.down for part in components]):
        if not all(1 <= factor <= 4 and max(factors) % factor == 0 for factor in factors):  # noqa: PLR2004
            raise UnsupportedJpegError(where, f"unusual sampling {factors}")


def _steps(before: Iterable[Segment], components: Iterable[Component], where: str) -> tuple[int, ...]:
    """Return for each component the first value of its quantisation table."""
    first: dict[int, int] = {}
    for segment in before:
        place = 0
        while segment.marker == DQT and place < len(segment.payload):
            wide, number = segment.payload[place] >> 4, segment.payload[place] & 15
            first[number] = int.from_bytes(segment.payload[place + 1 : place + 2 + wide])
            place += 65 + 64 * wide
    steps = tuple(first.get(part.table, 0) for part in components)
    if not all(steps):
        raise UnsupportedJpegError(where, "a component without its quantisation table")
    return steps


def _model(before: tuple[Segment, ...], components: tuple[Component, ...], where: str) -> ColourModel:
    """Say what the components mean, as libjpeg does; what it has to guess is refused."""
    if len(components) == 1:
        return "grey"
    jfif = any(segment.marker == APP[0] and segment.payload[:5] == b"JFIF\0" for segment in before)
    adobe = [
        s.payload[11] for s in before if s.marker == APP[14] and s.payload[:5] == b"Adobe" and s.payload[11:]
    ]
    ids = tuple(part.id for part in components)
    if len(components) == 3 and (jfif or not adobe):  # noqa: PLR2004 - three components may be YCbCr or RGB
        return "RGB" if not jfif and ids == tuple(b"RGB") else "YCbCr"
    if not adobe:
        raise UnsupportedJpegError(
            where, "four inks without Adobe's marker: whether 0 or 255 is no ink is not said"
        )
    model = _ADOBE.get((len(components), adobe[-1]))
    if model is None:
        raise UnsupportedJpegError(where, f"an unknown colour transform ({adobe[-1]})")
    return model
