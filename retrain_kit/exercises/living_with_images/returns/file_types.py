"""File types: what a file is by its content, whatever its name says, and whether a study can take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import filetype

from retrain_kit.answers.entries import MAX_TEXT_BYTES
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.imaging import decoding, opening
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from pathlib import Path

IMAGE, SOUND, VIDEO, DOCUMENT, TEXT = "image", "sound", "video", "document", "text"
KIND_NAMES = {
    IMAGE: marked("an image"),
    SOUND: marked("a sound"),
    VIDEO: marked("a video"),
    DOCUMENT: marked("a document"),
}
MAX_FILE_BYTES = 200_000_000
_MARKUP = (b"<svg", b"<?xml", b"<!doctype", b"<html", b"{\\rtf", b"%!ps")


@dataclass(frozen=True)
class FileType:
    """What a file is.

    Parameters
    ----------
    kind
        `image`, `sound`, `video`, `document` or `text`.
    media_type
        Its media type.
    suffix
        The usual ending of such files, without the dot.
    """

    kind: str
    media_type: str
    suffix: str


FILE_TYPES = {
    "image/jpeg": FileType(IMAGE, "image/jpeg", "jpg"),
    "image/png": FileType(IMAGE, "image/png", "png"),
    "image/gif": FileType(IMAGE, "image/gif", "gif"),
    "image/webp": FileType(IMAGE, "image/webp", "webp"),
    "image/tiff": FileType(IMAGE, "image/tiff", "tif"),
    "image/heic": FileType(IMAGE, "image/heic", "heic"),
    "image/avif": FileType(IMAGE, "image/avif", "avif"),
    "audio/mpeg": FileType(SOUND, "audio/mpeg", "mp3"),
    "audio/x-wav": FileType(SOUND, "audio/wav", "wav"),
    "audio/ogg": FileType(SOUND, "audio/ogg", "ogg"),
    "audio/x-flac": FileType(SOUND, "audio/flac", "flac"),
    "audio/mp4": FileType(SOUND, "audio/mp4", "m4a"),
    "audio/aac": FileType(SOUND, "audio/aac", "aac"),
    "audio/amr": FileType(SOUND, "audio/amr", "amr"),
    "video/mp4": FileType(VIDEO, "video/mp4", "mp4"),
    "video/x-m4v": FileType(VIDEO, "video/mp4", "mp4"),
    "video/webm": FileType(VIDEO, "video/webm", "webm"),
    "video/quicktime": FileType(VIDEO, "video/quicktime", "mov"),
    "video/x-matroska": FileType(VIDEO, "video/x-matroska", "mkv"),
    "video/x-msvideo": FileType(VIDEO, "video/x-msvideo", "avi"),
    "video/3gpp": FileType(VIDEO, "video/3gpp", "3gp"),
    "application/pdf": FileType(DOCUMENT, "application/pdf", "pdf"),
}
"""By the names that `filetype` has for them."""
PLAIN_TEXT = FileType(TEXT, "text/plain", "txt")


def detect_type(path: Path, name: str = "") -> FileType:
    """Return what a file is.

    Parameters
    ----------
    path
        The file.
    name
        What it is called in a fault; the path where that is empty.

    Raises
    ------
    ParameterError
        When it is missing, empty, too large, or nothing that a study can take.
    """
    where = name or str(path)
    if not path.is_file():
        raise ParameterError(Fault(where, gettext("no file"), gettext("a file")))
    size = path.stat().st_size
    if not size:
        do = gettext("Who has nothing to say can refuse: that is an answer too.")
        raise ParameterError(Fault(where, gettext("an empty file"), gettext("something in it"), do))
    if size > MAX_FILE_BYTES:
        do = gettext("Make it smaller, or give a part of it.")
        most = gettext("at most {size} MB", size=f"{MAX_FILE_BYTES / 1e6:.0f}")
        raise ParameterError(Fault(where, f"{size / 1e6:,.0f} MB", most, do))
    guessed = filetype.guess(str(path))
    if guessed and guessed.mime in FILE_TYPES:
        if FILE_TYPES[guessed.mime].kind == IMAGE:
            _check_pixels(path, where)
        return FILE_TYPES[guessed.mime]
    if not guessed and _is_text(path):
        return PLAIN_TEXT
    do = gettext("Save it as text, PDF, JPEG, PNG, MP3 or MP4.")
    known = gettext("a file of type {kind}", kind=guessed.mime) if guessed else ""
    found = known or gettext("a file of another type")
    raise ParameterError(Fault(where, found, gettext("text, image, sound, video or PDF"), do))


def _check_pixels(path: Path, where: str) -> None:
    """Refuse an image that no page could show; one that is broken is kept as it is."""
    try:
        decoding.image_size(path)
    except opening.TooLargeError as error:
        expected = error.faults[0].expected
        found = f"an image of more than {expected.removeprefix('at most ')}"
        raise ParameterError(Fault(where, found, expected, gettext("Make it smaller."))) from None
    except DataError:
        return


def read_text(path: Path, name: str = "") -> str:
    """Return the text of a text file; `name` is what it is called in a fault.

    Raises
    ------
    ParameterError
        When it is longer than an answer may be.
    """
    text = path.read_text(encoding="utf-8-sig")
    if len(text.encode()) > MAX_TEXT_BYTES:
        do = gettext("Give a part of it, or make a PDF of it.")
        found = gettext("a text of {count} letters", count=len(text))
        most = gettext("at most {count} bytes", count=MAX_TEXT_BYTES)
        raise ParameterError(Fault(name or path.name, found, most, do))
    return text


def _is_text(path: Path) -> bool:
    """Say whether a file is plain text: UTF-8 without zeros, and no page or drawing in code."""
    with path.open("rb") as file:
        head = file.read(MAX_TEXT_BYTES + 4)
        more = bool(file.read(1))
    if b"\0" in head or head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return more and error.start >= MAX_TEXT_BYTES
    return True
