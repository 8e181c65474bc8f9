"""Prints: an image's file as it goes onto a card, never coded again where that can be helped.

A JPEG goes as it is, byte for byte. What typst cannot embed is decoded and written as PNG, without loss, and
the card says so.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pikepdf
from PIL import ExifTags, Image

from retrain_kit.batch.decanonize import DecanonizeOptions, methods
from retrain_kit.batch.decanonize.inputs import Task, bare_regions
from retrain_kit.errors import DataError, Fault
from retrain_kit.imaging import decoding, opening, profiles
from retrain_kit.imaging.jpeg import headers, metadata, orientation
from retrain_kit.imaging.jpeg.headers import UnsupportedJpegError
from retrain_kit.storage.files import writing
from retrain_kit.storage.languages import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample, Size


JPEG_SIGNATURE = b"\xff\xd8\xff"
PNG_SIGNATURE = b"\x89PNG"
_SIDEWAYS = 5  # EXIF orientations 5 to 8 swap width and height


@dataclass(frozen=True)
class PrintFile:
    """An image's file for the page.

    Parameters
    ----------
    file
        What is embedded: the original where it goes as it is.
    size
        Width and height in pixels, upright.
    jpeg
        Whether the file is a JPEG, whatever its name; else it is a PNG.
    note
        What was done to it on the way; empty where nothing was.
    needs_line
        Whether it needs a line around it: white holes may reach its edge.
    """

    file: Path
    size: Size
    jpeg: bool = False
    note: str = ""
    needs_line: bool = False


def prepare_print(sample: Sample, place: Path, *, decanonized: bool = False) -> PrintFile:
    """Return an image ready for the page.

    Parameters
    ----------
    sample
        The image, and for a decanonized one its regions.
    place
        A path without ending, for a file where the original does not do.
    decanonized
        Whether what its tags cover is taken out first: of JPEGs without decoding them, else without loss.

    Raises
    ------
    DataError
        When the file is missing, no image, or of another size than the study says.
    imaging.jpeg.turbo.LibraryError
        When a JPEG is to be decanonized and the library for it is missing.
    """
    try:
        opening.check_regular(sample.path)
        data = sample.path.read_bytes()
    except OSError as error:
        do = "Has it been moved or not been pulled?"
        raise DataError(Fault(str(sample.path), str(error.strerror), "an image", do)) from None
    if decanonized and sample.regions:
        return _without_tags(sample, data, place)
    made = _as_it_is(sample, data, place)
    return replace(made, note=gettext("nothing in it is tagged, so nothing is gone")) if decanonized else made


def _as_it_is(sample: Sample, data: bytes, place: Path) -> PrintFile:
    if (ready := _jpeg(sample, data)) is not None:
        file = sample.path if ready == data else _written(place, ".jpg", ready)
        with opening.open_image(sample.path) as opened:
            return PrintFile(file, sample.size, jpeg=True, note=opening.first_of(opened))
    image = decoding.load_sample(sample)
    note = "" if data.startswith(PNG_SIGNATURE) else gettext("decoded and set without loss")
    told = "; ".join(filter(None, (note, *decoding.notes(sample.path))))
    return PrintFile(decoding.save_lossless(image, place.with_suffix(".png")), sample.size, note=told)


def _without_tags(sample: Sample, data: bytes, place: Path) -> PrintFile:
    regions = bare_regions(sample.regions, "box")
    task = Task(0, sample.id, "", "", regions, sample.size, sample.rotation_deg)
    made, _ = methods.encode_decanonized(data, task, DecanonizeOptions())
    share, jpeg = f"{made.effective:.1%}", made.way == "jpeg"
    gone = ngettext(
        "without what its tag covers: {share} of it",
        "without what its {count} tags cover: {share} of it",
        len(regions),
        share=share,
    )
    gone = gettext("{gone}, in whole blocks of the JPEG", gone=gone) if jpeg else gone
    if jpeg:
        return PrintFile(_written(place, ".jpg", made.data), made.size, jpeg, gone, needs_line=True)
    shown = decoding.load_image(io.BytesIO(made.data))
    file = decoding.save_lossless(shown, place.with_suffix(".png"))
    return PrintFile(file, made.size, jpeg, gone, needs_line=True)


def _jpeg(sample: Sample, data: bytes) -> bytes | None:
    """Return a JPEG as it can be embedded, turned as the data set says; None where that cannot be done."""
    if not data.startswith(JPEG_SIGNATURE):
        return None
    with opening.open_image(sample.path) as file:
        if not profiles.read_colours(file).holds_on_paper(file.mode):
            return None
    try:
        header = headers.read_jpeg_header(data, sample.id)
        turn = orientation.read_orientation(data, sample.rotation_deg, sample.id)
    except UnsupportedJpegError:
        return None
    size = header.width_px, header.height_px
    whole = any(segment.marker == headers.EOI for segment in header.after)
    if not whole or (size[::-1] if turn >= _SIDEWAYS else size) != sample.size:
        return None
    return data if sample.rotation_deg is None else metadata.with_orientation(data, turn)


def _written(place: Path, ending: str, data: bytes) -> Path:
    path = place.with_suffix(ending)
    path.write_bytes(data)
    return path


# -- embedding: JPEGs go into a PDF as they are, without being decoded on the way.


_MODES = {"L": "L", "CMYK": "CMYK"}


def stand_in_jpeg(jpeg: Path, number: int) -> bytes:
    """Return a JPEG of one pixel that stands for another until `embed_jpegs`.

    Parameters
    ----------
    jpeg
        The original.
    number
        Makes the stand-in unlike any other.
    """
    with opening.open_image(jpeg) as original:
        mode = _MODES.get(original.mode, "RGB")
        profile = original.info.get("icc_profile") or b""
        if profiles.checked_profile(profile, original.mode):
            profile = b""  # it does not count on a screen, and shall not on paper
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = opening.orientation(original)
    data = io.BytesIO()
    Image.new(mode, (1, 1)).save(data, "JPEG", exif=exif, icc_profile=profile, comment=str(number))
    return data.getvalue()


def embed_jpegs(pdf: bytes, originals: Mapping[bytes, Path], target: Path) -> None:
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
    with opening.open_image(original) as image:
        stream.Width, stream.Height = image.size
    stream.write(original.read_bytes(), filter=pikepdf.Name.DCTDecode)
