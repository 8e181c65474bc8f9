"""Prints: a picture's file as it goes onto a card, never coded again where that can be helped.

A JPEG goes as it is, byte for byte. What typst cannot embed is decoded and written as PNG, without loss, and
the card says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrain_kit import pictures
from retrain_kit.decanonizing import Options, keeping, ways
from retrain_kit.decanonizing.tasks import Task, bare
from retrain_kit.errors import DataError, Fault
from retrain_kit.jpegs import headers, markers, turns
from retrain_kit.jpegs.refusals import RefusalError

if TYPE_CHECKING:
    from pathlib import Path

    from retrain_kit.samples import Sample, Size

JPEG = b"\xff\xd8\xff"
PNG = b"\x89PNG"
_SIDEWAYS = 5  # EXIF orientations 5 to 8 swap width and height


@dataclass(frozen=True)
class Print:
    """A picture's file for the page.

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
    framed
        Whether it needs a line around it: white holes may reach its edge.
    """

    file: Path
    size: Size
    jpeg: bool = False
    note: str = ""
    framed: bool = False


def prepare(sample: Sample, place: Path, *, decanonized: bool = False) -> Print:
    """Return a picture ready for the page.

    Parameters
    ----------
    sample
        The picture, and for a decanonized one its regions.
    place
        A path without ending, for a file where the original does not do.
    decanonized
        Whether what its tags cover is taken out first: of JPEGs without decoding them, else without loss.

    Raises
    ------
    DataError
        When the file is missing, no picture, or of another size than the study says.
    jpegs.turbo.LibraryError
        When a JPEG is to be decanonized and the library for it is missing.
    """
    try:
        data = sample.path.read_bytes()
    except OSError as error:
        do = "Has it been moved or not been pulled?"
        raise DataError(Fault(str(sample.path), str(error.strerror), "a picture", do)) from None
    if decanonized and sample.regions:
        return _without_tags(sample, data, place)
    made = _as_it_is(sample, data, place)
    return replace(made, note="nothing in it is tagged, so nothing is gone") if decanonized else made


def _as_it_is(sample: Sample, data: bytes, place: Path) -> Print:
    if (ready := _jpeg(sample, data)) is not None:
        file = sample.path if ready == data else _written(place, ".jpg", ready)
        return Print(file, sample.size, jpeg=True)
    picture = pictures.load_sample(sample)
    note = "" if data.startswith(PNG) else "decoded and set without loss"
    return Print(pictures.save(picture, place.with_suffix(".png")), sample.size, note=note)


def _without_tags(sample: Sample, data: bytes, place: Path) -> Print:
    regions = bare(sample.regions, "box")
    task = Task(0, sample.id, "", "", regions, sample.size, sample.rotation_deg)
    made, _ = ways.take(data, task, Options())
    tags = "tag covers" if len(regions) == 1 else f"{len(regions)} tags cover"
    gone = f"without what its {tags}: {made.effective:.1%} of it"
    jpeg = made.way == "jpeg"
    gone = f"{gone}, in whole blocks of the JPEG" if jpeg else gone
    return Print(_written(place, made.ending, made.data), made.size, jpeg, gone, framed=True)


def _jpeg(sample: Sample, data: bytes) -> bytes | None:
    """Return a JPEG as it can be embedded, turned as the data set says; None where that cannot be done."""
    if not data.startswith(JPEG):
        return None
    try:
        header = headers.read(data, sample.id)
        turn = turns.orientation(data, sample.rotation_deg, sample.id)
    except RefusalError:
        return None
    size = header.width_px, header.height_px
    whole = any(segment.marker == markers.EOI for segment in header.after)
    if not whole or (size[::-1] if turn >= _SIDEWAYS else size) != sample.size:
        return None
    return data if sample.rotation_deg is None else keeping.turned(data, turn)


def _written(place: Path, ending: str, data: bytes) -> Path:
    path = place.with_suffix(ending)
    path.write_bytes(data)
    return path
