"""Ink coverage: how dense an image's colours are, and how much of each ink printing it takes.

Both are computed from the values of the decoded image, in sRGB. A density is the logarithm to base 10
of the reciprocal of the reflectance (CIE e-ILV, 17-24-073). A channel's linear value (IEC 61966-2-1) takes
the place of the reflectance that a densitometer would measure on a print.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageCms

from retrain_kit.errors import DataError, Fault
from retrain_kit.imaging import profiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_PROFILE = Path(__file__).parents[1] / "data" / "ISOcoated_v2_300_bas.icc"
"""Offset printing on coated paper, at most 300 % of ink; by basICColor GmbH, zlib licence."""

STEP, STEPS = 0.2, 20
"""How wide a step of densities is, and how many there are: up to black."""
INK_NAMES = ("cyan", "magenta", "yellow", "black")
_DO = "Give the path of an .icc or .icm for printing in CMYK, or leave the parameter empty for the kit's own."


@dataclass(frozen=True)
class Density:
    """The optical densities of a channel: their mean, and the 5th, 50th and 95th percentile.

    `shares` are those of the image in steps of `STEP`, from 0; the last step holds all that is denser.
    """

    channel: str
    mean: float
    low: float
    median: float
    high: float
    shares: tuple[float, ...]


@dataclass(frozen=True)
class InkCoverage:
    """The area that each ink covers, as shares of the image.

    Parameters
    ----------
    profile
        What the inks were computed by.
    shares
        The mean share of cyan, magenta, yellow and black, in this order.
    total
        Their sum: the mean coverage, up to 4.
    max
        The coverage of the most covered pixel.
    """

    profile: str
    shares: tuple[float, float, float, float]
    total: float
    max: float


def on_paper(image: Image.Image) -> Image.Image:
    """Return a decoded image on white paper."""
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def densities(image: Image.Image) -> tuple[Density, ...]:
    """Return the densities of red, green and blue of an image in sRGB.

    Black (0) has no finite density; it counts as half of the next value.
    """
    found = []
    for name, channel in zip(("red", "green", "blue"), image.split(), strict=True):
        counts = np.asarray(channel.histogram(), np.int64)
        low, median, high = (_percentile(counts, percent) for percent in (95, 50, 5))
        mean = float((counts * _DENSITY).sum() / counts.sum())
        places = (_DENSITY / STEP).astype(int).clip(0, STEPS - 1)
        shares = np.bincount(places, counts, STEPS) / counts.sum()
        found.append(Density(name, mean, low, median, high, tuple(shares.tolist())))
    return tuple(found)


def estimate_ink(image: Image.Image, profile: Path | None = None) -> InkCoverage:
    """Return the ink that printing an image in sRGB takes by an ICC profile (perceptual intent).

    Raises
    ------
    DataError
        When the profile is missing or is none for printing in CMYK.
    """
    printer = _printer(profile or DEFAULT_PROFILE)
    screen, intent = ImageCms.createProfile("sRGB"), ImageCms.Intent.PERCEPTUAL
    try:
        transform = ImageCms.buildTransform(screen, printer, "RGB", "CMYK", intent)
    except ImageCms.PyCMSError as error:
        raise DataError(
            _fault(profile or DEFAULT_PROFILE, f"a profile that cannot be printed by ({error})")
        ) from None
    return measure_ink(
        ImageCms.applyTransform(image, transform) or image, profiles.profile_name(printer.tobytes())
    )


def measure_ink(printed: Image.Image, profile: str) -> InkCoverage:
    """Return how much of a CMYK image each ink covers."""
    covered = np.asarray(printed)
    shares = covered.reshape(-1, 4).mean(0) / 255
    most = covered.sum(2, dtype=np.uint16).max() / 255
    cyan, magenta, yellow, black = map(float, shares)
    return InkCoverage(profile, (cyan, magenta, yellow, black), float(shares.sum()), float(most))


def linear_light(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the light of sRGB values from 0 to 1 (IEC 61966-2-1)."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - IEC


def _printer(path: Path) -> ImageCms.ImageCmsProfile:
    if not path.is_file():
        raise DataError(_fault(path, "no file"))
    try:
        printer = ImageCms.getOpenProfile(str(path))
    except ImageCms.PyCMSError:
        raise DataError(_fault(path, "no ICC profile")) from None
    if printer.profile.xcolor_space != "CMYK":
        raise DataError(_fault(path, f"a profile for {printer.profile.xcolor_space.strip()}"))
    return printer


def _fault(path: Path, found: str) -> Fault:
    return Fault(f"ink_profile, {path}", found, "an ICC profile for printing in CMYK", _DO)


def _percentile(counts: NDArray[np.int64], percent: int) -> float:
    """Return the density of the lowest value that so many per cent of the pixels do not exceed."""
    value = int(np.searchsorted(counts.cumsum() * 100, percent * counts.sum()))
    return float(_DENSITY[value])


_DENSITY = np.log10(1 / linear_light(np.maximum(np.arange(256), 0.5) / 255))
