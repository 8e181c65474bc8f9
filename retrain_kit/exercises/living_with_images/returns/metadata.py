"""Metadata: what a file tells of its author beside what it shows, taken out of copies without loss.

Places, names, devices and comments go; pixels and sounds stay bit for bit, and so do the turn of an image
and its colours. Where a format does not allow that here, the caller is told.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

import pikepdf
from PIL import ExifTags, Image

from retrain_kit.errors import DataError
from retrain_kit.exercises.living_with_images.returns import mp4, ogg
from retrain_kit.imaging import opening
from retrain_kit.imaging.jpeg import headers, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

METADATA_LEFT = "What the file itself says of its author is still in it."
_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_TEXTS = {b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf"}
_RIFF_KEPT = {
    b"WEBP": {b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"},
    b"WAVE": {b"fmt ", b"fact", b"data"},
}
_FLAC_OUT, _FLAC_PADDING = {2, 4, 6}, 1
_BROKEN = (
    *(ValueError, LookupError, OSError, SyntaxError, TypeError, RecursionError),
    *(struct.error, DataError, Image.DecompressionBombError),
    *(pikepdf.PdfError, pikepdf.PasswordError),
)
_ID3_HEAD, _ID3_TAIL = 10, 128


def remove_metadata(data: bytes, media_type: str) -> tuple[bytes, str]:
    """Return a file without what it tells of its author, and a remark where that could not be done.

    A document also loses what it can start. Where that cannot be taken out, no byte of it is returned.

    Parameters
    ----------
    data
        The file.
    media_type
        What it is, as `file_types` says.
    """
    cleaner = _CLEANERS.get(media_type)
    if not cleaner:
        return data, METADATA_LEFT
    try:
        return cleaner(data), ""
    except _BROKEN:
        return b"" if cleaner is _pdf else data, METADATA_LEFT


def _jpeg(data: bytes) -> bytes:
    """Keep coded image, colours and turn; everything after the image's end goes too."""
    exif = _turn(data)
    kept, last = [data[:2], headers.build_segment(headers.APP[1], exif) if exif else b""], 2
    for segment in headers.segments(data):
        kept += [data[last : segment.start], _told(segment, data)]
        last = segment.stop
    return b"".join(kept)


def _told(segment: headers.Segment, data: bytes) -> bytes:
    """Return the bytes of a segment that stay: all of those that the pixels need."""
    payload = segment.payload
    if segment.marker == headers.APP[0] and payload.startswith(b"JFIF\0"):
        return headers.build_segment(segment.marker, payload[:12] + bytes(2))
    colours = segment.marker == headers.APP[2] and payload.startswith(b"ICC_PROFILE\0")
    adobe = segment.marker == headers.APP[14] and payload.startswith(b"Adobe")
    if metadata.is_metadata(segment) and not colours and not adobe:
        return b""
    return data[segment.start : segment.stop]


def _turn(data: bytes) -> bytes:
    """Return EXIF that says how the image is turned, and nothing else; empty where it stands upright."""
    with opening.open_image(io.BytesIO(data)) as image:
        turn = opening.orientation(image)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turn
    return exif.tobytes() if turn in range(2, 9) else b""


def _png(data: bytes) -> bytes:
    kept, turn = [data[: len(_PNG_START)]], _turn(data).removeprefix(b"Exif\0\0")
    for kind, whole in _png_chunks(data):
        if kind not in _PNG_TEXTS:
            kept.append(whole)
        elif kind == b"eXIf" and turn:
            kept.append(_png_chunk(kind, turn))
    return b"".join(kept)


def _png_chunk(kind: bytes, payload: bytes) -> bytes:
    checked = kind + payload
    return struct.pack(">I", len(payload)) + checked + struct.pack(">I", zlib.crc32(checked))


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG_START)
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        kind = data[at + 4 : at + 8]
        yield kind, data[at : at + size + 12]
        at += size + 12
        if kind == b"IEND":
            return
    raise ValueError


def _riff(data: bytes) -> bytes:
    """Keep the chunks of image or sound alone, and say in a WebP's header that no others are there."""
    form = data[8:12]
    body = b"".join(whole for kind, whole in _riff_chunks(data) if kind in _RIFF_KEPT[form])
    if form == b"WEBP" and body.startswith(b"VP8X"):
        body = body[:8] + bytes([body[8] & ~0x0C]) + body[9:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + form + body


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        (size,) = struct.unpack("<I", data[at + 4 : at + 8])
        yield data[at : at + 4], data[at : at + 8 + size + size % 2]
        at += 8 + size + size % 2


def _mp3(data: bytes) -> bytes:
    """Take out the tags before and after the sound: ID3 of both kinds, and APE."""
    while data[:3] == b"ID3":
        size = sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
        footer = _ID3_HEAD if data[5] & 0x10 else 0
        data = data[_ID3_HEAD + size + footer :]
    if data[-_ID3_TAIL : -_ID3_TAIL + 3] == b"TAG":
        data = data[:-_ID3_TAIL]
    if data[-32:-24] == b"APETAGEX":
        (size, _, flags) = struct.unpack("<III", data[-20:-8])
        data = data[: -(size + (32 if flags >> 31 else 0))]
    if not data:
        raise ValueError
    return data


def _flac(data: bytes) -> bytes:
    """Make padding of comments, images and what applications wrote."""
    cleaned, at, last = bytearray(data), 4, False
    while not last:
        last, kind = bool(data[at] & 0x80), data[at] & 0x7F
        size = int.from_bytes(data[at + 1 : at + 4])
        if kind in _FLAC_OUT:
            cleaned[at] = _FLAC_PADDING | (0x80 if last else 0)
            cleaned[at + 4 : at + 4 + size] = bytes(size)
        at += 4 + size
    return bytes(cleaned)


def _pdf(data: bytes) -> bytes:
    """Take out the document's information, its XMP, and what it can start; the pages stay as they are."""
    with pikepdf.open(io.BytesIO(data)) as document:
        del document.docinfo
        tables = list(_tables(document))
        for table in tables:
            _take_out_what_starts(table)
        for table in filter(_is_armed, tables):
            for key in table.keys() & {"/S", "/F", "/Win", "/Unix", "/Mac"}:
                del table[key]
        for note in (note for page in document.pages for note in page.obj.get("/Annots", [])):
            if "/T" in note and note.get("/Subtype") != "/Widget":
                del note["/T"]
        written = io.BytesIO()
        document.save(written, deterministic_id=True)
    return written.getvalue()


_ARMED_ACTIONS = {
    *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie"),
    *("/Sound", "/RichMediaExecute", "/GoTo3DView", "/ResetForm"),
}
_STARTING = ("/AA", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent", "/Metadata")


def _tables(document: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Yield every table of a document, those within others too, each once."""
    left: list[Any] = [document.trailer, *document.objects]
    while left:
        each = left.pop()
        if isinstance(each, pikepdf.Stream):
            each = each.stream_dict
        if isinstance(each, pikepdf.Dictionary):
            yield each
            inner = [value for _, value in each.items()]
        else:
            inner = list(each) if isinstance(each, pikepdf.Array) else []
        left += [value for value in inner if isinstance(value, pikepdf.Object) and not value.is_indirect]


def _take_out_what_starts(table: pikepdf.Dictionary) -> None:
    """Take out of a table what a reader would start, open or send: scripts, programs, forms, attachments."""
    for key in [key for key, value in table.items() if key in _STARTING or _is_armed(value)]:
        del table[key]


def _is_armed(value: object) -> bool:
    return isinstance(value, pikepdf.Dictionary) and str(value.get("/S")) in _ARMED_ACTIONS


_CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _riff,
    "audio/wav": _riff,
    "audio/mpeg": _mp3,
    "audio/mp4": mp4.remove_metadata,
    "video/mp4": mp4.remove_metadata,
    "video/quicktime": mp4.remove_metadata,
    "video/3gpp": mp4.remove_metadata,
    "audio/flac": _flac,
    "audio/ogg": ogg.remove_metadata,
    "application/pdf": _pdf,
}
