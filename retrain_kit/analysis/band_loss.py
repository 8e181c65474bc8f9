"""Band loss: whether JPEG left less detail in the dark blocks of images than in their light ones.

It is asked of many images together, and of each image against itself: the share of detail at level zero in
its dark blocks less that in its light ones. So it does not matter which images are dark, or how they were
saved. Whether detail at level zero was taken or never there, no file tells: see `jpeg_loss`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from PIL.JpegImagePlugin import JpegImageFile

from retrain_kit.analysis import jpeg_loss
from retrain_kit.analysis.intervals import FEWEST_IMAGES, Interval, mean_interval, points
from retrain_kit.analysis.jpeg_loss import LUMINANCE_BANDS
from retrain_kit.display.figures import Note
from retrain_kit.errors import DataError
from retrain_kit.imaging import opening

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from retrain_kit.analysis.jpeg_loss import Compression, LuminanceBand

MOST_IMAGES = 1000
"""Of larger studies so many are read, drawn by chance: a minute or two."""
MIN_BLOCKS = 10
"""A band of an image with fewer blocks is left out: it tells of a corner, not of the image."""
DARK, LIGHT = LUMINANCE_BANDS[0], LUMINANCE_BANDS[-1]


@dataclass(frozen=True)
class BandShare:
    """The mean share of detail at level zero in a band, over the `images` that have it."""

    name: str
    images: int
    share_zero: float
    interval: Interval | None


@dataclass(frozen=True)
class BandLoss:
    """The detail of many files by luminance.

    Parameters
    ----------
    files
        How many there were.
    unread
        Why some could not be read, and how many for each reason.
    bands
        Each band that an image has, in the order of `jpeg_loss.LUMINANCE_BANDS`.
    differences
        For each image with dark and light blocks, the share in the dark less that in the light.
    same_tables
        How many files have the same steps as the most others; 0 without files.
    """

    files: int
    unread: tuple[tuple[str, int], ...]
    bands: tuple[BandShare, ...]
    differences: tuple[float, ...]
    same_tables: int

    @property
    def interval(self) -> Interval | None:
        """The interval of the mean difference, None where there is none."""
        return mean_interval(self.differences)

    @property
    def in_words(self) -> str:
        """Whether a difference can be seen, in a sentence."""
        count = len(self.differences)
        if count < FEWEST_IMAGES:
            have = f"{count} image{' has' if count == 1 else 's have'}"
            return f"Nothing can be said: {have} dark and light blocks, and it takes {FEWEST_IMAGES}."
        mean, found = fmean(self.differences), self.interval
        if found is None:
            return (
                f"No difference can be seen: in almost all of {count:,} images the two shares are the same."
            )
        limits = f"95% interval {found.points}"
        told = f"{points(mean)} points, mean of {count:,} images that have both, {limits}"
        if 0 in found:
            return f"No difference can be seen between dark and light: {told}."
        which = "more" if mean > 0 else "less"
        return f"In the dark {which} of the detail is at level zero than in the light: {told}."

    @property
    def note(self) -> Note:
        """What was found, as a note for notebooks and reports."""
        shares = ((f"{band.name}: detail at level zero", _told(band)) for band in self.bands)
        unread = (("not read", f"{count:,} {why}") for why, count in self.unread)
        read = self.files - sum(count for _, count in self.unread)
        lines = (
            ("files read", f"{read:,} of {self.files:,}"),
            *unread,
            ("one and the same table of steps", f"{self.same_tables:,} of {read:,}" if read else ""),
            *shares,
            ("dark less light, image by image", self.in_words),
        )
        return Note("Dark and light, over many files", lines)


def read_band_loss(paths: Iterable[Path]) -> BandLoss:
    """Read files and return their detail by luminance; one that cannot be read is counted with its reason."""
    return band_loss([_compression(path) for path in paths])


def band_loss(found: Sequence[Compression | str]) -> BandLoss:
    """Return the detail of files by luminance, of their compression or the reason why there is none."""
    whole = [each for each in found if not isinstance(each, str) and not each.unread]
    reasons = Counter(each if isinstance(each, str) else each.unread for each in found)
    del reasons[""]
    bands = [{band.name: band for band in each.bands if _enough(band)} for each in whole]
    differences = tuple(
        _zero(each[DARK[0]]) - _zero(each[LIGHT[0]]) for each in bands if {DARK[0], LIGHT[0]} <= each.keys()
    )
    shares = (
        _share(name, [_zero(each[name]) for each in bands if name in each]) for name, _, _ in LUMINANCE_BANDS
    )
    same = Counter(each.tables for each in whole).most_common(1)
    return BandLoss(
        len(found),
        tuple(sorted(reasons.items())),
        tuple(share for share in shares if share.images),
        differences,
        same[0][1] if same else 0,
    )


def _compression(path: Path) -> Compression | str:
    try:
        with opening.open_image(path) as file:
            if not isinstance(file, JpegImageFile):
                return "no JPEG"
            return jpeg_loss.read_compression(file)
    except DataError:
        return "cannot be decoded"


def _share(name: str, found: Sequence[float]) -> BandShare:
    return BandShare(name, len(found), fmean(found) if found else 0, mean_interval(found))


def _enough(band: LuminanceBand) -> bool:
    return band.blocks >= MIN_BLOCKS and band.share_zero is not None


def _zero(band: LuminanceBand) -> float:
    return band.share_zero or 0.0


def _told(band: BandShare) -> str:
    images = "1 image" if band.images == 1 else f"{band.images:,} images"
    limits = f"; 95% interval {band.interval.percent}" if band.interval else ""
    return f"{band.share_zero:.1%}, mean of {images}{limits}"
