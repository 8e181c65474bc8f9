"""Images per label: in how many images each label is, and in which.

A label is in an image where one of its regions bears it, or where the source says that it is there, of a
point or of the whole image. A label that is denied, or left open, is not in the image.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.annotations.samples import Sample


@dataclass(frozen=True)
class LabelImages:
    """One label.

    Parameters
    ----------
    label
        The word of the data set.
    samples
        Ids of the images it is in, in the order given.
    regions
        How many regions bear it.
    share
        The share of all images that it is in, from 0 to 1.
    """

    label: str
    samples: tuple[str, ...]
    regions: int
    share: float

    @property
    def images(self) -> int:
        """In how many images it is."""
        return len(self.samples)


def labels_in(sample: Sample) -> frozenset[str]:
    """Return the labels that are in an image."""
    borne = {region.label for region in sample.regions}
    of_whole = {label.label for label in sample.labels if label.present}
    of_points = {point.label for point in sample.points if point.present}
    return frozenset(borne | of_whole | of_points)


def images_per_label(samples: Iterable[Sample]) -> list[LabelImages]:
    """Return every label with the images it is in; the one in most images comes first.

    Of labels in as many images the one with more regions comes first, then the one that comes first in the
    alphabet.
    """
    found: dict[str, list[str]] = defaultdict(list)
    regions: Counter[str] = Counter()
    images = 0
    for sample in samples:
        images += 1
        regions.update(region.label for region in sample.regions)
        for label in labels_in(sample):
            found[label].append(sample.id)
    rows = [LabelImages(label, tuple(ids), regions[label], len(ids) / images) for label, ids in found.items()]
    return sorted(rows, key=lambda row: (-row.images, -row.regions, row.label))
