"""Metadata beside a JPEG's coefficients: what may still show what was removed goes, what is still true stays.

Colour profiles, orientation, density, EXIF without its pictures, XMP and IPTC texts and comments stay.
Anything of a kind not known to be free of pictures goes, and is named.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from retrain_kit.jpegs import exif
from retrain_kit.jpegs.markers import APP, COM, Segment, build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Kept = tuple[bytes, set[str]]

_XMP_PICTURES = re.compile(rb"Thumbnails|xmpGImg|GImage|GDepth|HasExtendedXMP|[A-Za-z0-9+/]{400}")
_PHOTOSHOP = {0x03ED: "resolution", 0x0404: "IPTC", 0x040A: "copyright flag", 0x040B: "address"}
_IPTC_PICTURES = re.compile(rb"\x1c(?:\x02[\xc8-\xca]|[\x07-\x09])")
_JPEG = b"\xff\xd8\xff"


def still_true(before: Iterable[Segment]) -> tuple[bytes, set[str]]:
    """Return the application segments and comments that stay, as bytes, and the names of what went."""
    kept, gone = b"", set()
    for segment in before:
        if is_metadata(segment):
            payload, names = _reduced(segment)
            kept += build(segment.marker, payload) if payload else b""
            gone |= names
    return kept, gone


def is_metadata(segment: Segment) -> bool:
    """Say whether a segment is an application's or a comment, no part of the coded picture."""
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
        new, gone = exif.still_true(payload[6:])
    except (ValueError, struct.error):
        return b"", {"broken EXIF"}
    return payload[:6] + new, gone


def _xmp(payload: bytes) -> Kept:
    return (b"", {"XMP with pictures"}) if _XMP_PICTURES.search(payload) else (payload, set())


def _photoshop(payload: bytes) -> Kept:
    kept, gone = payload[:14], set()
    for number, whole in _resources(payload):
        if number in _PHOTOSHOP and not _IPTC_PICTURES.search(whole):
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
    (APP[2], b"ICC_PROFILE\0", _whole),
    (APP[13], b"Photoshop 3.0\0", _photoshop),
    (APP[14], b"Adobe", _whole),
    (COM, b"", _whole),
]
