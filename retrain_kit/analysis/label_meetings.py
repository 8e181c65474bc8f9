"""Label meetings: which labels are never in one image and which always, beside what chance would have.

If where one label is had nothing to do with where the other is, the number of images with both would follow
the hypergeometric distribution: so many of one fall among so many of the other, of all images. Two labels
*never meet* where no image has both and chance would bring about less than none only with `p`; one label is
*always with* another where each of its images has it, and chance would bring that about with `p`. Labels in
fewer images than asked for are not compared. Of many pairs some are rare by chance alone: `p_of_all` is
corrected for all pairs that were looked at (Holm).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis.chance import holm_corrected
from retrain_kit.analysis.intervals import FEWEST_IMAGES, LEVEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrain_kit.analysis.co_occurrence import CoOccurrence

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Meeting:
    """Two labels that never meet, or of which one is always with the other.

    Parameters
    ----------
    one, other
        The labels; where it is always, `one` is never without `other`.
    images_of_one, images_of_other, together
        In how many images each is, and both are.
    by_chance, chance_low, chance_high
        How many images chance would have with both: the mean, and the limits that hold 95 % of all draws.
    p
        How often chance would have as few, or as many.
    p_of_all
        The same, corrected for all pairs that were looked at.
    """

    one: str
    other: str
    images_of_one: int
    images_of_other: int
    together: int
    by_chance: float
    chance_low: int
    chance_high: int
    p: float
    p_of_all: float


@dataclass(frozen=True)
class Meetings:
    """Labels that never meet, and labels that are always with another: the least likely by chance first.

    Parameters
    ----------
    never, always
        The pairs.
    compared
        How many labels were compared; each two of them once for never, twice for always.
    too_few
        How many labels were in too few images.
    others
        How many were left out besides, all of them in no more images than those compared.
    images
        Of how many images.
    """

    never: tuple[Meeting, ...]
    always: tuple[Meeting, ...]
    compared: int
    too_few: int
    others: int
    images: int


def label_meetings(counts: CoOccurrence, fewest: int = FEWEST_IMAGES) -> Meetings:
    """Return which labels never meet, and which always.

    Parameters
    ----------
    counts
        How many images each two labels share, of `co_occurrence.label_co_occurrence`.
    fewest
        In how many images a label has to be.
    """
    alone = counts.together.diagonal()
    kept = np.flatnonzero(alone >= fewest)
    every = [*permutations(kept.tolist(), 2)]
    never = [each for each in every if each[0] < each[1] and not counts.together[each[:2]]]
    always = [each for each in every if counts.together[each[:2]] == alone[each[0]]]
    pairs = len(kept) * (len(kept) - 1)
    return Meetings(
        _meetings(counts, never, pairs // 2, least=True),
        _meetings(counts, always, pairs, least=False),
        len(kept),
        len(alone) - len(kept),
        counts.others,
        counts.images,
    )


def _meetings(
    counts: CoOccurrence, found: list[tuple[int, int]], pairs: int, *, least: bool
) -> tuple[Meeting, ...]:
    alone = counts.together.diagonal().tolist()
    factorials = log_factorials(counts.images)
    made = []
    for one, other in found:
        by_number = chance_of_meeting(factorials, alone[one], alone[other])
        together = int(counts.together[one, other])
        tail = by_number[: together + 1] if least else by_number[together:]
        low, high = _limits(by_number)
        told = (alone[one], alone[other], together, alone[one] * alone[other] / counts.images)
        made.append((counts.labels[one], counts.labels[other], *told, low, high, min(1.0, float(tail.sum()))))
    p = [each[-1] for each in made]
    corrected = holm_corrected([*p, *[1.0] * (pairs - len(p))])[: len(p)]
    rows = (Meeting(*each, of_all) for each, of_all in zip(made, corrected, strict=True))
    return tuple(sorted(rows, key=lambda row: (row.p, -row.by_chance, row.one, row.other)))


def log_factorials(most: int) -> Floats:
    """Return the logarithms of the factorials of 0 to `most`, float64 (most + 1)."""
    return np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, most + 1)))))


def chance_of_meeting(factorials: Floats, one: int, other: int) -> Floats:
    """Return how likely each number of images with both labels is by chance, float64 (min(one, other) + 1).

    The hypergeometric distribution.

    Parameters
    ----------
    factorials
        Logarithms of those of 0 to the number of images.
    one, other
        In how many images each label is.

    Examples
    --------
    >>> chance_of_meeting(log_factorials(4), 2, 2).round(4).tolist()
    [0.1667, 0.6667, 0.1667]
    """
    images = len(factorials) - 1
    likely = np.zeros(min(one, other) + 1)
    both = np.arange(max(0, one + other - images), len(likely))

    def log_choose(whole: int, part: NDArray[np.int64]) -> Floats:
        found: Floats = factorials[whole] - factorials[part] - factorials[whole - part]
        return found

    ways = log_choose(one, both) + log_choose(images - one, other - both)
    likely[both] = np.exp(ways - log_choose(images, np.array(other)))
    return likely


def _limits(by_number: Floats) -> tuple[int, int]:
    """Return the numbers between which 95 % of all draws lie at least, both included."""
    tail = (1 - LEVEL) / 2
    sums = np.cumsum(by_number)
    last = len(by_number) - 1
    low, high = np.searchsorted(sums, [tail, min(1 - tail, float(sums[-1]))]).tolist()
    return min(low, last), min(high, last)
