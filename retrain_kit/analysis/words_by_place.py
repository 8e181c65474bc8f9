"""Words by place: which words images have that were taken at a place, and which never.

Places are compared with all images whose place is known; what is unknown is in neither. A word that no image
of a place has may be missing by chance alone where the place has few images, or the word is rare. So it is
listed where at least so many images of the place would be expected to have it, if its images were like all
of known place. How many words would be missing so by chance is said beside: the sum, over all words looked
at, of the chance that as many images drawn from those of known place have none with the word.

Images are taken as if they came one by one. Where one person gave many, all numbers are less sure than they
look.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis.images_per_label import images_per_label
from retrain_kit.analysis.intervals import FEWEST_IMAGES, lift_intervals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from retrain_kit.analysis.images_per_label import LabelImages
    from retrain_kit.analysis.intervals import Interval
    from retrain_kit.annotations.samples import Sample


@dataclass(frozen=True)
class WordAtPlace:
    """A word that images of a place have.

    Parameters
    ----------
    place, word
        What they are called.
    samples
        Ids of the images that were taken there and have the word.
    of_place, of_word, known
        How many images were taken there; how many of known place have the word; how many are of known place.
    interval
        That of `times`; None where there is none.
    """

    place: str
    word: str
    samples: tuple[str, ...]
    of_place: int
    of_word: int
    known: int
    interval: Interval | None

    @property
    def share(self) -> float:
        """The share of the place's images that have the word."""
        return len(self.samples) / self.of_place

    @property
    def times(self) -> float:
        """How many times as often images of the place have it as all of known place."""
        return self.share * self.known / self.of_word


@dataclass(frozen=True)
class WordNeverThere:
    """A word that no image of a place has; `expected` would, if they were like all of known place.

    `chance` is that of none among so many images of known place; `samples` are those that have the word.
    """

    place: str
    word: str
    samples: tuple[str, ...]
    of_place: int
    expected: float
    chance: float


@dataclass(frozen=True)
class WordsByPlace:
    """Which words images have that were taken at a place.

    Parameters
    ----------
    there
        Words that are there, place by place, that of most images first; the most frequent words first.
    never
        Words that are not, though they were to be expected.
    looked_at
        How many pairs of a word and a place were to be expected so.
    missing_by_chance
        How many of these would be missing by chance alone.
    places, small
        How many places were compared, and how many have too few images for that.
    """

    there: tuple[WordAtPlace, ...]
    never: tuple[WordNeverThere, ...]
    looked_at: int
    missing_by_chance: float
    places: int
    small: int


def words_by_place(
    samples: Sequence[Sample], places: Sequence[str], fewest: int = FEWEST_IMAGES
) -> WordsByPlace:
    """Return which words images have that were taken at a place, and which never.

    Parameters
    ----------
    samples
        The images.
    places
        What the place of each is called, in their order; empty where it is unknown.
    fewest
        A place of fewer images is not compared; a word that fewer images would be expected to have there is
        not looked for among those that never are.
    """
    known = _Known.of(samples, places)
    called, counts = np.unique(known.places, return_counts=True)
    order = sorted(zip(called.tolist(), counts.tolist(), strict=True), key=lambda each: (-each[1], each[0]))
    compared = [place for place, count in order if count >= fewest]
    there = [row for place in compared for row in known.words_at(place)]
    looked_at = [row for place in compared for row in known.expected_at(place, fewest)]
    met = {(row.place, row.word) for row in there}
    never = [row for row in looked_at if (row.place, row.word) not in met]
    return WordsByPlace(
        tuple(there),
        tuple(sorted(never, key=lambda row: (-row.expected, row.place, row.word))),
        len(looked_at),
        sum(row.chance for row in looked_at),
        len(compared),
        len(order) - len(compared),
    )


@dataclass(frozen=True)
class _Known:
    """The images of known place: their ids, their places, the words, and which image has which."""

    ids: NDArray[np.str_]
    places: NDArray[np.str_]
    words: list[LabelImages]
    held: NDArray[np.bool_]

    @classmethod
    def of(cls, samples: Sequence[Sample], places: Sequence[str]) -> _Known:
        found = [(sample, place) for sample, place in zip(samples, places, strict=True) if place]
        words = images_per_label(sample for sample, _ in found)
        rows = {sample.id: row for row, (sample, _) in enumerate(found)}
        held = np.zeros((len(rows), len(words)), dtype=bool)
        for column, word in enumerate(words):
            held[[rows[name] for name in word.samples], column] = True
        return cls(np.array([*rows], np.str_), np.array([place for _, place in found], np.str_), words, held)

    def words_at(self, place: str) -> list[WordAtPlace]:
        """Return the words at a place; where all images are of one, it is compared with nothing."""
        here = self.places == place
        of_place, known = int(np.count_nonzero(here)), len(here)
        columns = np.flatnonzero(self.held[here].any(axis=0)).tolist()
        intervals = lift_intervals(self.held[:, columns], here) if of_place < known else [None] * len(columns)
        found = [
            WordAtPlace(
                place,
                self.words[column].label,
                tuple(self.ids[here & self.held[:, column]].tolist()),
                of_place,
                self.words[column].images,
                known,
                interval,
            )
            for column, interval in zip(columns, intervals, strict=True)
        ]
        return sorted(found, key=lambda row: (-len(row.samples), row.word))

    def expected_at(self, place: str, fewest: int) -> Iterator[WordNeverThere]:
        """Yield each word that at least so many images of a place would be expected to have."""
        of_place, known = int(np.count_nonzero(self.places == place)), len(self.places)
        for word in self.words:
            expected = of_place * word.images / known
            if expected < fewest:
                return  # words come by their number of images
            chance = chance_of_none(known, word.images, of_place)
            yield WordNeverThere(place, word.label, word.samples, of_place, expected, chance)


def chance_of_none(images: int, with_word: int, drawn: int) -> float:
    """Return the chance that none of so many images has a word, drawn by chance from all without return.

    Examples
    --------
    >>> round(chance_of_none(4, 2, 2), 6)
    0.166667
    """
    without = images - with_word
    if drawn > without:
        return 0.0
    return exp(
        lgamma(without + 1) - lgamma(without - drawn + 1) - lgamma(images + 1) + lgamma(images - drawn + 1)
    )
