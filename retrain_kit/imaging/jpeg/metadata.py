"""Metadata of a JPEG: what may still show what was removed goes, what is still true stays.

Colour profiles, orientation, density, EXIF without its images, XMP and IPTC texts and comments stay.
Anything of a kind not known to be free of images goes, and is named.
"""

from __future__ import annotations

import io
import re
import struct
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from PIL import ExifTags, Image

from retrain_kit.imaging import opening
from retrain_kit.imaging.jpeg import headers, orientation
from retrain_kit.imaging.jpeg.headers import APP, COM, Segment, build_segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from retrain_kit.annotations.samples import Size

    Kept = tuple[bytes, set[str]]


_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_DIRECTORIES = {0x8769: "Exif", 0x8825: "GPS", 0xA005: "Interoperability"}
_TEXT, _LONGEST = 2, 2048
_GONE = {
    0x927C: "maker's note",
    **dict.fromkeys((0x0111, 0x0117, 0x0144, 0x0145, 0x015B), "image in EXIF"),
    **dict.fromkeys((0x014A, 0x0201, 0x0202, 0x501B, 0xC634), "image in EXIF"),
    **dict.fromkeys((0x02BC, 0x83BB, 0x8649), "other metadata within EXIF"),
    0xEA1C: "",  # padding
}
_EMBEDDED_JPEG = b"\xff\xd8\xff"
_PROFILE = b"ICC_PROFILE\0"
_NUMBER_OF_IMAGES, _MOST_IMAGES = 0xB001, 1000


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


def exif_without_images(data: bytes) -> tuple[bytes, set[str]]:
    """Return the TIFF structure of an EXIF segment without images, and the names of what went.

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
    if len(value) < size or (kind != _TEXT and size > _LONGEST) or _EMBEDDED_JPEG in value:
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


_XMP_IMAGES = re.compile(rb"Thumbnails|xmpGImg|GImage|GDepth|HasExtendedXMP|[A-Za-z0-9+/]{400}")
_PHOTOSHOP = {0x03ED: "resolution", 0x0404: "IPTC", 0x040A: "copyright flag", 0x040B: "address"}
_IPTC_IMAGES = re.compile(rb"\x1c(?:\x02[\xc8-\xca]|[\x07-\x09])")
_JPEG = b"\xff\xd8\xff"
_PROFILE = b"ICC_PROFILE\0"
_NUMBER_OF_IMAGES, _MOST_IMAGES = 0xB001, 1000


def segments_without_images(before: Iterable[Segment]) -> tuple[bytes, set[str]]:
    """Return the application segments and comments that stay, as bytes, and the names of what went."""
    before = list(before)
    kept, gone = b"", _further_images(before)
    shows = any(is_profile(segment) for segment in before) and _holds_jpeg(embedded_profile(before))
    for segment in before:
        if is_profile(segment):  # a profile stays whole, or goes whole
            kept += b"" if shows else build_segment(segment.marker, segment.payload)
            gone |= {"colour profile that holds a JPEG"} if shows else set()
        elif is_metadata(segment):
            payload, names = _reduced(segment)
            kept += build_segment(segment.marker, payload) if payload else b""
            gone |= names
    return kept, gone


def is_profile(segment: Segment) -> bool:
    """Say whether a segment holds a colour profile, or a part of one."""
    return segment.marker == APP[2] and segment.payload.startswith(_PROFILE)


def embedded_profile(segments: Iterable[Segment]) -> bytes:
    """Return the colour profile that segments hold, in the order of its parts; empty where there is none."""
    parts = sorted(segment.payload[len(_PROFILE) :] for segment in segments if is_profile(segment))
    return b"".join(part[2:] for part in parts)


def _holds_jpeg(profile: bytes) -> bool:
    """Say whether a JPEG stands within a profile; three bytes alone may be anything."""
    at = profile.find(_JPEG)
    while at >= 0:
        try:
            with Image.open(io.BytesIO(profile[at:]), formats=["JPEG"]):
                return True
        except (*opening.DECODER_ERRORS, Image.DecompressionBombError):
            at = profile.find(_JPEG, at + 1)
    return False


def _further_images(before: Iterable[Segment]) -> set[str]:
    """Return how many images a file says it holds, by the Multi-Picture Format (CIPA DC-007)."""
    index = next((each.payload[4:] for each in before if each.marker == APP[2] and _is_index(each)), b"")
    orders = {b"II*\0": "<", b"MM\0*": ">"}
    order = orders.get(index[:4])
    if not order:
        return set()
    try:
        start = struct.unpack_from(order + "I", index, 4)[0]
        for place in range(start + 2, start + 2 + 12 * struct.unpack_from(order + "H", index, start)[0], 12):
            tag, _, _, value = struct.unpack_from(order + "HHII", index, place)
            if tag == _NUMBER_OF_IMAGES and 1 < value <= _MOST_IMAGES:
                return {f"first of {value} images"}
    except struct.error:
        pass
    return set()


def _is_index(segment: Segment) -> bool:
    return segment.payload.startswith(b"MPF\0")


def is_metadata(segment: Segment) -> bool:
    """Say whether a segment is an application's or a comment, no part of the coded image."""
    return segment.marker in APP or segment.marker == COM


def _reduced(segment: Segment) -> Kept:
    payload = segment.payload
    for marker, start, reduce in _KNOWN:
        if segment.marker == marker and payload.startswith(start):
            new, names = reduce(payload)
            return (b"", {"metadata that holds a JPEG"}) if _JPEG in new else (new, names)
    name = f"APP{segment.marker - APP[0]}"
    label = re.match(rb"[ -~]{3,40}", payload)
    return b"", {f"{name} ({label[0].decode()})" if label else name}


def _whole(payload: bytes) -> Kept:
    return payload, set()


def _jfif(payload: bytes) -> Kept:
    """Keep version and density; the two last bytes are the size of a thumbnail that follows."""
    thumbnail = {"thumbnail in JFIF"} if payload[12:14] != bytes(2) else set()
    return payload[:12] + bytes(2), thumbnail


def _exif(payload: bytes) -> Kept:
    try:
        new, gone = exif_without_images(payload[6:])
    except (ValueError, struct.error):
        return b"", {"broken EXIF"}
    return payload[:6] + new, gone


def _xmp(payload: bytes) -> Kept:
    return (b"", {"XMP with images"}) if _XMP_IMAGES.search(payload) else (payload, set())


def _photoshop(payload: bytes) -> Kept:
    kept, gone = payload[:14], set()
    for number, whole in _resources(payload):
        if number in _PHOTOSHOP and not _IPTC_IMAGES.search(whole):
            kept += whole
        else:
            gone.add(f"Photoshop resource {number}")
    return (kept if len(kept) > 14 else b""), gone  # noqa: PLR2004 - the name alone


def _resources(payload: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and bytes of each of Photoshop's resources, up to the first that is broken."""
    place = 14
    while payload[place : place + 4] == b"8BIM" and len(payload) >= place + 12:
        number = int.from_bytes(payload[place + 4 : place + 6])
        name = payload[place + 6] + 1
        at = place + 6 + name + name % 2
        size = int.from_bytes(payload[at : at + 4])
        stop = at + 4 + size + size % 2
        if len(payload) < at + 4 + size:
            return
        yield number, payload[place:stop]
        place = stop


_KNOWN: list[tuple[int, bytes, Callable[[bytes], Kept]]] = [
    (APP[0], b"JFIF\0", _jfif),
    (APP[1], b"Exif\0\0", _exif),
    (APP[1], b"http://ns.adobe.com/xap/1.0/\0", _xmp),
    (APP[13], b"Photoshop 3.0\0", _photoshop),
    (APP[14], b"Adobe", _whole),
    (COM, b"", _whole),
]

# -- kept metadata: what is still true of an image without what was taken.


_EXIF = b"Exif\0\0"
_SIZE_TAGS = (ExifTags.Base.ExifImageWidth, ExifTags.Base.ExifImageHeight)


@dataclass(frozen=True)
class KeptMetadata:
    """What goes on from an image's file to the one that is written, besides its colours.

    Parameters
    ----------
    exif
        As Pillow's `save` takes it; empty where there is none.
    gone
        What does not go on, by name.
    """

    exif: bytes
    gone: tuple[str, ...] = ()


def kept_metadata(file: Image.Image, size: Size, turn: int = 1) -> KeptMetadata:
    """Return what goes on of an opened file.

    Parameters
    ----------
    file
        The image as Pillow opens it.
    size
        Of what is written: sizes go on if they hold.
    turn
        How what is written is to be turned, in EXIF's numbers.
    """
    blob, lost = _still_true(file.info.get("exif") or b"", same_size=file.size == size, turn=turn)
    return KeptMetadata(blob or b"", tuple(sorted(lost)))


def with_orientation(data: bytes, turn: int) -> bytes:
    """Return a JPEG whose EXIF says this turn; the coded image stays as it is."""
    if turn == orientation.read_orientation(data):
        return data
    own = next((each for each in headers.segments(data) if _is_exif(each)), None)
    blob, _ = _still_true(own.payload if own else b"", same_size=True, turn=turn)
    segment = headers.build_segment(headers.APP[1], blob or b"")
    if own:
        return data[: own.start] + segment + data[own.stop :]
    return data[:2] + segment + data[2:]


def _is_exif(segment: headers.Segment) -> bool:
    return segment.marker == headers.APP[1] and segment.payload.startswith(_EXIF)


def _still_true(blob: bytes, *, same_size: bool, turn: int) -> tuple[bytes | None, set[str]]:
    """Return EXIF with this turn and without what may show what was removed, and the names of that."""
    try:
        true, gone = exif_without_images(blob.removeprefix(_EXIF)) if blob else (b"", set())
        written = Image.Exif()
        written.load(_EXIF + true if true else b"")
        if same_size and turn == written.get(ExifTags.Base.Orientation, 1):
            return (_EXIF + true if true else None), gone
        return _changed(written, same_size=same_size, turn=turn), gone
    except (OSError, ValueError, TypeError, SyntaxError, struct.error):
        return _changed(Image.Exif(), same_size=True, turn=turn), {"broken EXIF"}


def _changed(written: Image.Exif, *, same_size: bool, turn: int) -> bytes | None:
    """Return EXIF that says this turn, and no size where that is another one now."""
    written.pop(ExifTags.Base.Orientation, None)
    if turn != 1:
        written[ExifTags.Base.Orientation] = turn
    if not same_size:
        for tag in _SIZE_TAGS:
            written.get_ifd(ExifTags.IFD.Exif).pop(tag, None)
    return written.tobytes() if len(written) else None
