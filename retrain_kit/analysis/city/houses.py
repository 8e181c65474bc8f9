"""Houses: each image with the work that others did at it, and with its labels, before it has a place.

An image stands in the district of the label whose boxes have the largest area in it, all of one label
together and overlaps counted with each; of the same areas, that which comes first in the alphabet. Its other
labels are its stripes, in the same order. A word for the whole image has no area. A word that was denied is
no label of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis import ledger
from retrain_kit.analysis.annotators import ANNOTATION_SOURCES, MACHINE, annotator_lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.labour_figures import LabourFigure
    from retrain_kit.studies.manifests import Manifest

NO_LABEL = "no label"
"""The district of images without any label."""


@dataclass(frozen=True)
class Storey:
    """A kind of work that came by one annotation source, and how long a piece of it took.

    Parameters
    ----------
    work
        As figures call it.
    source
        The name of the annotation source.
    low_s, high_s
        Between how many seconds and how many; 0 for what a machine made alone, and where no figure is known.
    timed
        Whether it is known; 0 seconds of a machine are.
    by_hand_s
        Of what a machine made: between how many seconds and how many it would have taken by hand.
    """

    work: str
    source: str
    low_s: float
    high_s: float
    timed: bool = True
    by_hand_s: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def of(cls, work: str, source: str, figures: Sequence[LabourFigure]) -> Storey:
        """Return the storey of a kind of work, by the figures that are chosen."""
        one = {(work, source): 1}
        (entry,) = ledger.make_ledger(one, figures).entries
        machine = ledger.make_ledger(ledger.by_hand(one), figures).time
        low, high = (float(entry.time.low), float(entry.time.high)) if entry.time else (0.0, 0.0)
        return cls(work, source, low, high, entry.time is not None, (float(machine.low), float(machine.high)))

    @property
    def by_machine(self) -> bool:
        """Whether a machine made it alone."""
        return self.source == MACHINE.name

    @property
    def order(self) -> tuple[int, str]:
        """Its place among storeys, from the ground up: by annotation source, then by work."""
        return list(ANNOTATION_SOURCES).index(self.source), self.work


@dataclass(frozen=True)
class Houses:
    """All images of a study, in any order.

    Parameters
    ----------
    ids
        Their ids.
    storeys
        The kinds of work there are, from the ground up.
    counts
        Pieces of work: (images, storeys), whole numbers.
    labels
        The words, each once.
    label_starts
        Where in `label_numbers` the labels of each image begin, and where the last ends: (images + 1).
    label_numbers
        Of each image the numbers of its labels: first that with the largest area.
    """

    ids: Sequence[str]
    storeys: tuple[Storey, ...]
    counts: NDArray[np.uint32]
    labels: tuple[str, ...]
    label_starts: NDArray[np.int64]
    label_numbers: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ids)


def count_houses(samples: Iterable[Sample], manifest: Manifest, figures: Sequence[LabourFigure]) -> Houses:
    """Return the houses of samples, in their order.

    Parameters
    ----------
    figures
        Those that are chosen, as for the ledger.
    """
    known, numbers = annotator_lookup(manifest), dict[str, int]()
    ids, pieces, ordered = list[str](), list[Counter[tuple[str, str]]](), list[list[int]]()
    for sample in samples:
        ids.append(sample.id)
        pieces.append(ledger.count_pieces(sample, known))
        ordered.append([numbers.setdefault(label, len(numbers)) for label in _labels(sample)])
    kinds = {kind: Storey.of(*kind, figures) for kind in {kind for each in pieces for kind in each}}
    storeys = sorted(kinds, key=lambda kind: kinds[kind].order)
    counts = np.array([[each[kind] for kind in storeys] for each in pieces], np.uint32)
    starts = np.cumsum([0, *map(len, ordered)], dtype=np.int64)
    flat = np.array([number for each in ordered for number in each], np.int32)
    found = tuple(kinds[kind] for kind in storeys)
    return Houses(ids, found, counts.reshape(len(ids), len(storeys)), tuple(numbers), starts, flat)


def _labels(sample: Sample) -> list[str]:
    """Return the labels of an image, that with the largest area first."""
    areas = defaultdict[str, float](float)
    for region in sample.regions:
        areas[region.label] += region.box.width_px * region.box.height_px
    for word in sample.labels:
        if word.present:
            areas[word.label] += 0
    return sorted(filter(None, areas), key=lambda label: (-areas[label], label))
