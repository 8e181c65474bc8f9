"""Differences: how far the means of two studies lie apart, image by image, with intervals.

Each image counts the same. An interval is made by drawing the images of each study again by themselves: see
`retrain_kit.analysis.intervals.difference_interval`. What is measured in both is the same by its definition;
what the two studies mean by a region, or by a word, may not be.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from retrain_kit.analysis import box_geometry, coverage, images_per_label, intervals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrain_kit.analysis.intervals import Interval
    from retrain_kit.analysis.two_studies import Two
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.imaging.masking import Shape

    Values = Callable[[Sequence[Sample], Shape], Sequence[float]]


@dataclass(frozen=True)
class Difference:
    """A mean over the images of each study, and how far apart the two are.

    Parameters
    ----------
    what
        What is measured of each image.
    first, second
        The two means; None for a study without images.
    is_share
        Whether they are shares, from 0 to 1.
    interval
        That of the first less the second; None where there is none.
    """

    what: str
    first: float | None
    second: float | None
    is_share: bool
    interval: Interval | None

    @property
    def difference(self) -> float | None:
        """The first less the second."""
        return None if self.first is None or self.second is None else self.first - self.second

    @property
    def in_words(self) -> str:
        """What the interval lets one say."""
        if self.interval is None:
            return "nothing can be said"
        if 0 in self.interval:
            return "no difference can be seen"
        return "more in the first" if self.interval.low > 0 else "less in the first"


def differences(two: Two, shape: Shape = "box", seed: int = intervals.SEED) -> list[Difference]:
    """Return how the two studies differ, image by image, each with its interval."""
    return [
        _difference(what, *(measure(side.samples, shape) for side in two), is_share=is_share, seed=seed)
        for what, measure, is_share in MEASURES
    ]


def _difference(
    what: str, first: Sequence[float], second: Sequence[float], *, is_share: bool, seed: int
) -> Difference:
    means = [fmean(values) if values else None for values in (first, second)]
    found = intervals.difference_interval(first, second, seed)
    return Difference(what, means[0], means[1], is_share=is_share, interval=found)


def _tagged(samples: Sequence[Sample], shape: Shape) -> list[float]:
    return [row.share_tagged for row in coverage.by_image(samples, shape)]


def _regions(samples: Sequence[Sample], _: Shape) -> list[float]:
    return [len(sample.regions) for sample in samples]


def _labels(samples: Sequence[Sample], _: Shape) -> list[float]:
    return [len(images_per_label.labels_in(sample)) for sample in samples]


def _bare(samples: Sequence[Sample], _: Shape) -> list[float]:
    return [float(not sample.regions) for sample in samples]


def _box_shares(samples: Sequence[Sample], _: Shape) -> list[float]:
    boxes = (box_geometry.all_boxes([sample]).shares for sample in samples)
    return [float(shares.mean()) for shares in boxes if len(shares)]


def _megapixels(samples: Sequence[Sample], _: Shape) -> list[float]:
    return [sample.width_px * sample.height_px / 1e6 for sample in samples]


MEASURES: tuple[tuple[str, Values, bool], ...] = (
    ("tagged of an image", _tagged, True),
    ("images without any region", _bare, True),
    ("a box's share of its image, where there are boxes", _box_shares, True),
    ("regions an image", _regions, False),
    ("different words an image", _labels, False),
    ("megapixels an image", _megapixels, False),
)
"""What is measured of each image, by which function, and whether it is a share."""
