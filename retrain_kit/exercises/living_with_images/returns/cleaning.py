"""Cleaning: what somebody gives from a phone is kept without what it tells of them, or not at all.

A photo says where and when it was taken and by which phone; a recording may bear a name. What is kept of it
in a class is the image and the sound alone. What cannot be cleaned is refused, in words that say what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.exercises.living_with_images.returns import file_types, heic, metadata
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from retrain_kit.exercises.living_with_images.returns.file_types import FileType

_HEIC = "image/heic"
TELLING = marked("a file that may say where it was made and by whom, and that cannot be cleaned here")
_DO = {
    file_types.IMAGE: marked("Save it as JPEG or PNG, or take a screenshot of it and give that."),
    file_types.SOUND: marked("Save it as MP3, M4A, OGG or WAV; or say in words what is to be heard."),
    file_types.VIDEO: marked("Save it as MP4; or give an image of it, or its sound."),
    file_types.DOCUMENT: marked("Save it as a PDF without a password."),
}
FROM_A_PHONE = (file_types.IMAGE, file_types.SOUND)
"""The kinds that a class takes; whoever brings a folder may bring all kinds."""


@dataclass(frozen=True)
class CleanedFile:
    """A file as it is kept: what is left of it, and what it is."""

    data: bytes
    kind: FileType


def clean_file(path: Path, name: str = "", kinds: Collection[str] = FROM_A_PHONE) -> CleanedFile:
    """Return a file without places, names, devices and comments; a HEIC image as a JPEG.

    Parameters
    ----------
    name
        What it is called in a fault; the path where that is empty.
    kinds
        What it may be: kinds of `file_types`.

    Raises
    ------
    ParameterError
        When it is something else, broken, or of a kind that cannot be cleaned.
    """
    where, kind = name or str(path), file_types.detect_type(path, name)
    if kind.kind not in kinds:
        called = gettext(file_types.KIND_NAMES.get(kind.kind, marked("a text")))
        do = gettext("Make a photo of it, or hand the file to whoever runs this class.")
        raise ParameterError(Fault(where, called, gettext("an image or a sound"), do))
    data, media_type = path.read_bytes(), kind.media_type
    if media_type == _HEIC:
        return CleanedFile(_as_jpeg(data, where), file_types.FILE_TYPES["image/jpeg"])
    cleaned, left = metadata.remove_metadata(data, media_type)
    if left or not cleaned:
        expected = gettext("a file that tells nothing of them")
        raise ParameterError(Fault(where, gettext(TELLING), expected, gettext(_DO[kind.kind])))
    return CleanedFile(cleaned, kind)


def _as_jpeg(data: bytes, where: str) -> bytes:
    try:
        return heic.jpeg_from_heic(data)
    except DataError as error:
        fault = error.faults[0]
        raise ParameterError(Fault(where, fault.found, fault.expected, fault.do)) from None
