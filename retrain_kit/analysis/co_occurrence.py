"""Co-occurrence: which labels are in the same images, and how much more often than by chance.

By chance two labels would meet in `images * one / images * other / images` images, if where one is had
nothing to do with where the other is. A label may be rare and always with another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis.images_per_label import images_per_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Sample

MOST_LABELS = 100
"""Of more labels only those in most images are counted in pairs: pairs grow with the square of the labels."""


@dataclass(frozen=True)
class LabelPair:
    """Two labels: `together` images have both, `by_chance` would be expected to."""

    one: str
    other: str
    images_of_one: int
    images_of_other: int
    together: int
    by_chance: float

    @property
    def share_of_either(self) -> float:
        """Of the images that have one or the other, the share that has both (Jaccard)."""
        return self.together / (self.images_of_one + self.images_of_other - self.together)


@dataclass(frozen=True)
class CoOccurrence:
    """How many images each two labels share.

    Parameters
    ----------
    labels
        The labels counted, the one in most images first.
    together
        int64 (labels, labels): in how many images both are; on the diagonal in how many one is.
    images
        How many images were looked at.
    others
        How many labels were left out, all of them in no more images than the last one counted.
    """

    labels: tuple[str, ...]
    together: NDArray[np.int64]
    images: int
    others: int = 0

    @property
    def pairs(self) -> list[LabelPair]:
        """Every two labels that meet; those that meet most often first, then those furthest above chance."""
        alone = self.together.diagonal()
        pairs = [
            LabelPair(
                self.labels[one],
                self.labels[other],
                int(alone[one]),
                int(alone[other]),
                int(self.together[one, other]),
                float(alone[one] * alone[other] / self.images),
            )
            for one, other in np.argwhere(np.triu(self.together, 1))
        ]
        return sorted(pairs, key=lambda pair: (-pair.together, pair.by_chance, pair.one, pair.other))


def label_co_occurrence(samples: Sequence[Sample], most: int = MOST_LABELS) -> CoOccurrence:
    """Return how many images each two labels share, of the `most` labels that are in most images."""
    rows = images_per_label(samples)
    counted = rows[:most]
    held = _presence((row.samples for row in counted), [sample.id for sample in samples])
    together = (held @ held.T).astype(np.int64)
    return CoOccurrence(tuple(row.label for row in counted), together, len(samples), max(0, len(rows) - most))


def _presence(found: Iterable[tuple[str, ...]], ids: Sequence[str]) -> NDArray[np.float64]:
    """Return which label is in which image: 1 or 0, (labels, images)."""
    places = {name: place for place, name in enumerate(ids)}
    rows = [[places[name] for name in names] for names in found]
    held = np.zeros((len(rows), len(ids)))
    for row, columns in enumerate(rows):
        held[row, columns] = 1
    return held
