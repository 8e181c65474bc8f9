"""Coverage: how much of an image is tagged, and how much is left.

Everything is counted on the masks themselves, as unions: a pixel under three boxes counts once. Shares are
fractions of the frame between 0 and 1.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from retrain_kit.analysis import intervals
from retrain_kit.imaging import masking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from retrain_kit.analysis.intervals import Interval
    from retrain_kit.annotations.samples import Region, Sample

NEARLY_UNTOUCHED_SHARE = 0.05
"""An image of which at most this share is tagged counts as nearly untouched."""


@dataclass(frozen=True)
class ImageCoverage:
    """One image: `tagged_px` of `frame_px` pixels are covered by at least one region."""

    sample: str
    regions: int
    tagged_px: int
    frame_px: int

    @property
    def share_tagged(self) -> float:
        """The share of the frame that tags cover."""
        return self.tagged_px / self.frame_px

    @property
    def share_left(self) -> float:
        """The share of the frame that no tag covers: the residue."""
        return (self.frame_px - self.tagged_px) / self.frame_px


@dataclass(frozen=True)
class GroupCoverage:
    """All regions that share a label or an annotator.

    `share_where_present` is their mean share of the images they appear in, `share_of_all` of all
    images, each image counting the same. The intervals are those of these means over images; None where
    there is none, see `retrain_kit.analysis.intervals`.
    """

    name: str
    images: int
    regions: int
    share_where_present: float
    share_of_all: float
    interval_where_present: Interval | None = None
    interval_of_all: Interval | None = None


@dataclass(frozen=True)
class PhraseCoverage:
    """One phrase: `share_untagged` of the area it speaks of is covered by no region."""

    sample: str
    text: str
    share_untagged: float


@dataclass(frozen=True)
class Summary:
    """The whole study in a few figures; `interval` is that of the mean, None where there is none."""

    images: int
    regions: int
    share_tagged_mean: float
    share_tagged_median: float
    without_residue: int
    nearly_untouched: int
    without_regions: int
    interval: Interval | None = None


def by_image(samples: Iterable[Sample], shape: masking.Shape = "box") -> list[ImageCoverage]:
    """Return the coverage of every image, in the order given."""
    return [_image(sample, shape) for sample in samples]


def by_label(samples: Iterable[Sample], shape: masking.Shape = "box") -> list[GroupCoverage]:
    """Return the coverage of every label; the label that covers most comes first."""
    return _grouped(list(samples), lambda region: region.label, shape)


def by_annotator(samples: Iterable[Sample], shape: masking.Shape = "box") -> list[GroupCoverage]:
    """Return the coverage of every annotator; who covers most comes first."""
    return _grouped(list(samples), lambda region: region.annotator, shape)


def by_phrase(samples: Iterable[Sample], shape: masking.Shape = "box") -> list[PhraseCoverage]:
    """Return every phrase whose box covers a pixel; what lies most outside the regions comes first."""
    rows = []
    for sample in samples:
        left = ~masking.union_mask(sample.regions, sample.size, shape)
        for phrase in sample.phrases:
            mask = masking.box_mask(phrase.box, sample.size)
            if mask.any():
                rows.append(PhraseCoverage(sample.id, phrase.text, float(left[mask].mean())))
    return sorted(rows, key=lambda row: (-row.share_untagged, row.sample, row.text))


def summary(images: Sequence[ImageCoverage]) -> Summary:
    """Return the coverage of a study in a few figures; all shares are 0 where it has no images."""
    shares = [image.share_tagged for image in images] or [0.0]
    return Summary(
        images=len(images),
        regions=sum(image.regions for image in images),
        share_tagged_mean=fmean(shares),
        share_tagged_median=median(shares),
        without_residue=sum(image.tagged_px == image.frame_px for image in images),
        nearly_untouched=sum(image.share_tagged <= NEARLY_UNTOUCHED_SHARE for image in images),
        without_regions=sum(image.regions == 0 for image in images),
        interval=intervals.mean_interval([image.share_tagged for image in images]),
    )


def heat_map(
    samples: Iterable[Sample], shape: masking.Shape = "box", cells: tuple[int, int] = (48, 36)
) -> NDArray[np.float64]:
    """Return where on the frame tags sit.

    Every image is laid on the same grid of `cells` (columns, rows), whatever its format; a cell holds
    the mean over all images of the share of it that is tagged.

    Returns
    -------
    numpy.ndarray
        float64 (rows, columns), between 0 and 1; all 0 without images.
    """
    grids = [_grid(masking.union_mask(sample.regions, sample.size, shape), cells) for sample in samples]
    return np.mean(grids, axis=0) if grids else np.zeros(cells[::-1])


def _image(sample: Sample, shape: masking.Shape) -> ImageCoverage:
    mask = masking.union_mask(sample.regions, sample.size, shape)
    return ImageCoverage(sample.id, len(sample.regions), int(np.count_nonzero(mask)), mask.size)


def _grouped(
    samples: list[Sample], key: Callable[[Region], str], shape: masking.Shape
) -> list[GroupCoverage]:
    shares: dict[str, dict[int, float]] = defaultdict(dict)
    counts: dict[str, int] = defaultdict(int)
    for place, sample in enumerate(samples):
        groups = defaultdict(list)
        for region in sample.regions:
            groups[key(region)].append(region)
        for name, regions in groups.items():
            shares[name][place] = float(masking.union_mask(regions, sample.size, shape).mean())
            counts[name] += len(regions)
    present, every = _intervals(list(shares.values()), len(samples))
    rows = [
        GroupCoverage(
            name, len(found), counts[name], fmean(found.values()), sum(found.values()) / len(samples), *limits
        )
        for (name, found), *limits in zip(shares.items(), present, every, strict=True)
    ]
    return sorted(rows, key=lambda row: (-row.share_of_all, row.name))


def _intervals(
    shares: Sequence[Mapping[int, float]], images: int
) -> tuple[list[Interval | None], list[Interval | None]]:
    """Return the intervals of the means where a group is, and over all images, of shares by image."""
    groups = intervals.group_images(images)
    sums, present = np.zeros((2, int(groups.max(initial=-1)) + 1, len(shares)))
    for column, found in enumerate(shares):
        places = groups[list(found)]
        np.add.at(sums[:, column], places, list(found.values()))
        np.add.at(present[:, column], places, 1)
    every = np.broadcast_to(np.bincount(groups)[:, np.newaxis].astype(float), sums.shape)
    return intervals.ratio_intervals(sums, present), intervals.ratio_intervals(sums, every)


def _grid(mask: NDArray[np.bool_], cells: tuple[int, int]) -> NDArray[np.float64]:
    grid = Image.fromarray(mask.astype(np.float32)).resize(cells, Image.Resampling.BOX)
    return np.asarray(grid, dtype=np.float64)
