"""Placement: whether boxes lie in the middle of their images more than chance would lay them.

Boxes that lie anywhere cover the middle of a frame more than its rim: a large one has no other place. So the
middle is compared with what it would be if each box, as large as it is, lay at random in its image.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis.intervals import FEWEST_IMAGES, SEED, Interval, mean_interval, points
from retrain_kit.display.figures import Note

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Region, Sample, Size

    Floats = NDArray[np.float64]

MOVES = 64
"""How often the boxes of an image are laid at random."""
_POINTS = (np.arange(8) + 0.5) / 24 + 1 / 3
"""Where the middle is looked at, across and down: the middle ninth of the frame, in 8 × 8 places."""


@dataclass(frozen=True)
class Placement:
    """How much of the middle ninth boxes cover, for each image that has some: as it is, and by chance."""

    seen: tuple[float, ...]
    chance: tuple[float, ...]

    @property
    def excess(self) -> tuple[float, ...]:
        """For each image, how much more of its middle is covered than by chance."""
        return tuple(seen - chance for seen, chance in zip(self.seen, self.chance, strict=True))

    @property
    def interval(self) -> Interval | None:
        """The interval of the mean excess, None where there is none."""
        return mean_interval(self.excess)

    @property
    def in_words(self) -> str:
        """Whether boxes lie in the middle more than by chance, in a sentence."""
        count, found = len(self.seen), self.interval
        if count < FEWEST_IMAGES or found is None:
            have = f"{count} image{' has' if count == 1 else 's have'} boxes"
            return f"Nothing can be said: {have}, and it takes {FEWEST_IMAGES} that differ."
        limits = f"95% interval {found.points}"
        told = f"{points(fmean(self.excess))} points, mean of {count:,} images, {limits}"
        if 0 in found:
            return f"No difference from chance can be seen: {told}."
        which = "more" if found.low > 0 else "less"
        return f"Boxes cover {which} of the middle than by chance: {told}."

    @property
    def note(self) -> Note:
        """What was found, as a note for notebooks and reports."""
        if not self.seen:
            return Note("No image here has a box.", ())
        lines = (
            ("covered of the middle ninth", f"{fmean(self.seen):.1%}, mean of images that have boxes"),
            ("by chance", f"{fmean(self.chance):.1%}, if each box lay at random in its image"),
            ("the middle, image by image", self.in_words),
        )
        return Note("The middle, and chance", lines)


def middle_by_chance(samples: Iterable[Sample], seed: int = SEED) -> Placement:
    """Return how much of the middle of each image its boxes cover, and would cover by chance."""
    random = np.random.default_rng(seed)
    found = [_covered(sample.regions, sample.size, random) for sample in samples if sample.regions]
    return Placement(tuple(seen for seen, _ in found), tuple(chance for _, chance in found))


def _covered(regions: Sequence[Region], size: Size, random: np.random.Generator) -> tuple[float, float]:
    edges = np.array([region.box.edges for region in regions]).reshape(-1, 2, 2) / size
    edges = edges.clip(0, 1)
    starts, lengths = edges[:, 0], edges[:, 1] - edges[:, 0]
    moved = random.random((MOVES, *starts.shape)) * (1 - lengths)
    return tuple(_share(places, lengths) for places in (starts[np.newaxis], moved))  # type: ignore[return-value]


def _share(starts: Floats, lengths: Floats) -> float:
    """Return the mean share of the middle that boxes cover, starts being (moves, boxes, 2)."""
    below = starts[..., np.newaxis] <= _POINTS
    inside = below & ((starts + lengths)[..., np.newaxis] > _POINTS)
    return float(np.any(inside[:, :, 0, :, np.newaxis] & inside[:, :, 1, np.newaxis, :], axis=1).mean())
