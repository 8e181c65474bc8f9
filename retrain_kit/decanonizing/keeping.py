"""Keeping: the colour profile and the metadata that are still true of a picture without what was taken."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import ExifTags, Image

from retrain_kit.jpegs import exif, markers, turns

if TYPE_CHECKING:
    from retrain_kit.samples import Size

_EXIF = b"Exif\0\0"
_SPACES = {"RGB": b"RGB ", "RGBA": b"RGB ", "YCbCr": b"RGB ", "L": b"GRAY"}
_SIZE_TAGS = (ExifTags.Base.ExifImageWidth, ExifTags.Base.ExifImageHeight)


@dataclass(frozen=True)
class Kept:
    """What goes on from a picture's file to the one that is written.

    Parameters
    ----------
    icc_profile, exif
        As Pillow's `save` takes them; None where there is none.
    gone
        What does not go on, by name.
    """

    icc_profile: bytes | None
    exif: bytes | None
    gone: tuple[str, ...] = ()

    def parameters(self) -> dict[str, Any]:
        """Return the parameters for Pillow's `save`, those that are there."""
        stated = {"icc_profile": self.icc_profile, "exif": self.exif}
        return {name: value for name, value in stated.items() if value}


def kept(file: Image.Image, mode: str, size: Size, turn: int = 1) -> Kept:
    """Return what goes on of an opened file.

    Parameters
    ----------
    file
        The picture as Pillow opens it.
    mode, size
        Of what is written: a colour profile goes on if it speaks of such colours, sizes if they hold.
    turn
        How what is written is to be turned, in EXIF's numbers.
    """
    profile = file.info.get("icc_profile") or None
    gone = set()
    if profile and profile[16:20] != _SPACES.get(mode):
        profile = None
        gone.add("colour profile of other colours")
    blob, lost = _still_true(file.info.get("exif") or b"", same_size=file.size == size, turn=turn)
    return Kept(profile, blob, tuple(sorted(gone | lost)))


def turned(data: bytes, turn: int) -> bytes:
    """Return a JPEG whose EXIF says this turn; the coded picture stays as it is."""
    if turn == turns.orientation(data):
        return data
    own = next((each for each in markers.segments(data) if _is_exif(each)), None)
    blob, _ = _still_true(own.payload if own else b"", same_size=True, turn=turn)
    segment = markers.build(markers.APP[1], blob or b"")
    if own:
        return data[: own.start] + segment + data[own.stop :]
    return data[:2] + segment + data[2:]


def _is_exif(segment: markers.Segment) -> bool:
    return segment.marker == markers.APP[1] and segment.payload.startswith(_EXIF)


def _still_true(blob: bytes, *, same_size: bool, turn: int) -> tuple[bytes | None, set[str]]:
    """Return EXIF with this turn and without what may show what was removed, and the names of that."""
    try:
        true, gone = exif.still_true(blob.removeprefix(_EXIF)) if blob else (b"", set())
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


def opened(data: bytes) -> Image.Image:
    """Return the picture in a file's bytes, not decoded yet."""
    return Image.open(io.BytesIO(data))
