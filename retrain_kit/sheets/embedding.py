"""Embedding: JPEGs go into a PDF as they are, without being decoded on the way.

The typesetter decodes what it places, which for a class's pictures takes most of the time and of the memory.
So it gets a stand-in of one pixel for each JPEG, with the same colours, profile and turn, and the original
takes the stand-in's place afterwards.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
from PIL import ExifTags, Image

from retrain_kit.files import writing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MODES = {"L": "L", "CMYK": "CMYK"}


def stand_in(jpeg: Path, number: int) -> bytes:
    """Return a JPEG of one pixel that stands for another until `embed`.

    Parameters
    ----------
    jpeg
        The original.
    number
        Makes the stand-in unlike any other.
    """
    with Image.open(jpeg) as original:
        mode = _MODES.get(original.mode, "RGB")
        profile = original.info.get("icc_profile")
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = original.getexif().get(ExifTags.Base.Orientation, 1)
    data = io.BytesIO()
    Image.new(mode, (1, 1)).save(data, "JPEG", exif=exif, icc_profile=profile, comment=str(number))
    return data.getvalue()


def embed(pdf: bytes, originals: Mapping[bytes, Path], target: Path) -> None:
    """Write a PDF with the originals in the places of their stand-ins, whole or not at all.

    Parameters
    ----------
    pdf
        As it was set.
    originals
        The files of the JPEGs by their stand-ins.
    target
        The file to write.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for each in document.objects:
            if isinstance(each, pikepdf.Stream) and each.get("/Filter") == pikepdf.Name.DCTDecode:
                original = originals.get(each.read_raw_bytes())
                if original:
                    _replace(each, original)
        with writing(target) as temporary:
            document.save(temporary, deterministic_id=True, compress_streams=True)


def _replace(stream: pikepdf.Stream, original: Path) -> None:
    with Image.open(original) as picture:
        stream.Width, stream.Height = picture.size
    stream.write(original.read_bytes(), filter=pikepdf.Name.DCTDecode)
