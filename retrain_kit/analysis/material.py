"""Material: what an image's file says of itself, as an object of light, ink and compression.

Every reading is of the file as it is here, after all that was done to it on its way. They are fragile: a card
lists what they do not tell.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import ExifTags
from PIL.JpegImagePlugin import JpegImageFile

from retrain_kit.analysis import ink_coverage, jpeg_loss
from retrain_kit.analysis.density_histogram import density_histogram
from retrain_kit.display.cards import Card, Fact, FactGroup
from retrain_kit.imaging import decoding, opening, profiles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from PIL import Image

    from retrain_kit.analysis.ink_coverage import Density, InkCoverage
    from retrain_kit.analysis.jpeg_loss import Compression, LuminanceBand

CAMERA_FIELDS = {
    "Make": "maker of the camera",
    "Model": "camera",
    "Software": "software",
    "DateTime": "file changed",
}
EXPOSURE_FIELDS = {
    "ExposureTime": "exposure",
    "FNumber": "f-stop",
    "ISOSpeedRatings": "sensitivity",
    "FocalLength": "focal length",
    "DateTimeOriginal": "taken, by the camera's clock",
}
"""The EXIF fields that are read, and what they are called. Names, serial numbers and places are not read."""

SAMPLING_NAMES = {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0", (1, 2): "4:4:0", (4, 1): "4:1:1"}
ONLY_LAST_SAVING = "What the file was before it was last saved: only the last saving can be read."
NOT_TOLD = (
    "How it looks on paper: densities and inks are computed, not measured.",
    "Whether it was brightened, sharpened or filtered on its way.",
)
NOT_TOLD_BY_JPEG = (
    "Whether detail at level zero was taken by the compression or was never there: a smooth sky has none.",
    "What earlier savings took: after a crop or a scaling their blocks lie elsewhere and pass for image.",
)


@dataclass(frozen=True)
class Material:
    """What a file says.

    Parameters
    ----------
    name, format, mode, size, size_bytes
        The file's name, format, colours, width and height as stored, and length.
    exif
        The EXIF fields that are there, by their names there, as texts.
    has_location
        Whether EXIF holds a location; it is never read.
    notes
        What of the file was not read.
    colours
        How the values were read as colours.
    densities, ink
        See `retrain_kit.analysis.ink_coverage`.
    compression
        How it was saved as a JPEG; None for files that are none.
    """

    name: str
    format: str
    mode: str
    size: tuple[int, int]
    size_bytes: int
    exif: Mapping[str, str]
    has_location: bool
    notes: tuple[str, ...]
    colours: str
    densities: tuple[Density, ...]
    ink: InkCoverage
    compression: Compression | None

    @property
    def card(self) -> Card:
        """The readings as a card, with what they do not tell."""
        groups = (_file(self), _camera(self), _densities(self), _inks(self.ink), _compression(self))
        jpeg = (ONLY_LAST_SAVING, *NOT_TOLD_BY_JPEG) if self.compression else ()
        unknown = (*jpeg, *NOT_TOLD)
        drawing = density_histogram(self.densities)
        return Card(f"Its file, {self.name}, as material", groups, unknown, drawing)


def read_material(path: Path, ink_profile: Path | None = None) -> Material:
    """Read a file as material.

    Raises
    ------
    DataError
        When the file is no image, or `ink_profile` is no profile for printing in CMYK.
    """
    with warnings.catch_warnings(action="ignore"):  # Pillow warns of EXIF that is cut short
        stored, notes = decoding.load_image(path, 0), decoding.notes(path)
        with opening.open_image(path) as file:
            return _read(path, file, ink_coverage.on_paper(stored), (notes, ink_profile))


def _read(
    path: Path, file: Image.Image, colours: Image.Image, more: tuple[tuple[str, ...], Path | None]
) -> Material:
    notes, ink_profile = more
    own = file.mode == "CMYK"
    exif, located = _exif(file)
    return Material(
        path.name,
        file.format or "",
        file.mode,
        file.size,
        path.stat().st_size,
        exif,
        located,
        notes,
        _how_read(file),
        ink_coverage.densities(colours),
        ink_coverage.measure_ink(file, "the file itself, which is CMYK")
        if own
        else ink_coverage.estimate_ink(colours, ink_profile),
        jpeg_loss.read_compression(file) if isinstance(file, JpegImageFile) else None,
    )


def _how_read(file: Image.Image) -> str:
    """Return how the values of an opened image are read as colours."""
    found = profiles.read_colours(file)
    if found.ignored:
        return "as sRGB (the profile in the file does not fit its colours)"
    if found.embedded and found.embedded == file.info.get("icc_profile"):
        return f"by the profile in the file, {profiles.profile_name(found.embedded)}"
    if found.embedded:
        return "by the numbers for its colours in the file's header"
    return "as a screen without a profile shows CMYK" if file.mode == "CMYK" else "as sRGB (none is named)"


def _exif(file: Image.Image) -> tuple[dict[str, str], bool]:
    """Return the fields of EXIF that are read, and whether there is a location in it."""
    try:
        found = file.getexif()
        shot = found.get_ifd(ExifTags.IFD.Exif)
        located = bool(found.get_ifd(ExifTags.IFD.GPSInfo))
    except opening.DECODER_ERRORS:
        return {}, False
    texts = {name: _clean(found.get(ExifTags.Base[name])) for name in CAMERA_FIELDS}
    texts |= {name: _shot(name, shot.get(ExifTags.Base[name])) for name in EXPOSURE_FIELDS}
    return {name: text for name, text in texts.items() if text}, located


def _shot(name: str, value: Any) -> str:  # noqa: ANN401 - whatever EXIF holds
    """Return a field of the exposure as a text; an empty one where it is none."""
    if name == "DateTimeOriginal":
        return _clean(value)
    try:
        number = float(value[0] if isinstance(value, tuple) else value)
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return ""
    if not math.isfinite(number) or number <= 0:
        return ""
    if name == "ExposureTime":
        return f"1/{1 / number:.0f} s" if number < 0.3 else f"{number:g} s"  # noqa: PLR2004 - as cameras do
    return {"FNumber": f"f/{number:g}", "ISOSpeedRatings": f"ISO {number:g}"}.get(name, f"{number:g} mm")


def _clean(value: object) -> str:
    return " ".join(str(value).replace("\0", " ").split()) if isinstance(value, str) else ""


def _file(material: Material) -> FactGroup:
    size = f"{material.size[0]} × {material.size[1]} px as stored, {material.size_bytes:,} bytes"
    facts = [
        Fact("format", f"{material.format}, colours {material.mode}", "the file's header"),
        Fact("size", size, "the file's header"),
    ]
    facts += [Fact("not read", note, "the file's header") for note in material.notes]
    return FactGroup("The file", tuple(facts))


def _camera(material: Material) -> FactGroup:
    named = {**EXPOSURE_FIELDS, **CAMERA_FIELDS}
    facts = [Fact(named[name], text, f"EXIF: {name}") for name, text in material.exif.items()]
    if material.has_location:
        facts.append(Fact("place", "there is a location in this file; it is not shown", "EXIF: GPSInfo"))
    none = Fact("exposure, f-stop, camera, date", "this file does not say", "EXIF: none of the fields")
    return FactGroup("Exposure", tuple(facts) or (none,))


def _densities(material: Material) -> FactGroup:
    computed = f"from the pixels, read {material.colours}"
    rows = {
        "on average": "mean",
        "lightest 5%, up to": "low",
        "half, up to": "median",
        "darkest 5%, from": "high",
    }
    facts = []
    for question, field in rows.items():
        each = (f"{density.channel} {getattr(density, field):.2f}" for density in material.densities)
        facts.append(Fact(question, ", ".join(each), computed))
    return FactGroup("Density of its colours", tuple(facts))


def _inks(ink: InkCoverage) -> FactGroup:
    each = ", ".join(
        f"{name} {share:.0%}" for name, share in zip(ink_coverage.INK_NAMES, ink.shares, strict=True)
    )
    by = f"ICC profile: {ink.profile}"
    whole = f"{ink.total:.0%} of its area on average, {ink.max:.0%} where it is most; all four inks are 400%"
    return FactGroup(
        "Ink needed to print it", (Fact("each ink covers", each, by), Fact("together", whole, by))
    )


def _compression(material: Material) -> FactGroup:
    saved = material.compression
    if saved is None:
        kind = material.format or "of another kind"
        answer = f"this file is no JPEG: it is {kind}; it has no table of steps"
        return FactGroup("Compression", (Fact("steps", answer, "the file's header"),))
    facts = [
        Fact("nearest quality", _nearest(saved), "the file's tables against libjpeg's, least squares"),
        Fact("steps of the luminance", _steps(saved), "the file's first table"),
        Fact("colour", _sampling(saved), "the file's sampling factors"),
        Fact("build-up", "progressive" if saved.progressive else "in one pass", "the file's header"),
    ]
    computed = "computed from the decoded luminance"
    facts += [Fact(band.name, _band(band), computed) for band in saved.bands]
    if saved.unread:
        facts.append(Fact("dark and light", f"cannot be read: {saved.unread}", computed))
    return FactGroup("Compression", tuple(facts))


def _nearest(saved: Compression) -> str:
    exact = "exactly its tables" if not saved.estimate.error else f"off by {saved.estimate.error:.1f} a step"
    return f"{saved.estimate.quality} of 100, {exact}"


def _steps(saved: Compression) -> str:
    first = saved.tables[0]
    return f"{first[0]} for the mean of a block, {min(first[1:])} to {max(first[1:])} for detail"


def _sampling(saved: Compression) -> str:
    if len(saved.sampling) == 1:
        return "none: the file is grey"
    luminance, colour = saved.sampling[0], saved.sampling[1]
    across, down = luminance[0] / colour[0], luminance[1] / colour[1]
    name = SAMPLING_NAMES.get((round(across), round(down)), "an unusual ratio")
    return f"{name}: one value of colour for {across * down:g} of luminance"


def _band(band: LuminanceBand) -> str:
    if band.share_zero is None:
        return "no block of the image lies in it"
    step = f"; one step is {band.step_share:.1%} of the mean luminance" if band.step_share else ""
    return f"{band.share_zero:.1%} of the detail is at level zero, in {band.blocks:,} blocks{step}"
