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
from itertools import zip_longest
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

MOST_COMPARED = 100
"""So many words of a place, the most frequent, have intervals."""


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
    found = [(sample, place) for sample, place in zip(samples, places, strict=True) if place]
    called, codes, counts = np.unique(
        np.array([place for _, place in found], dtype=np.str_), return_inverse=True, return_counts=True
    )
    known = _Known.of([sample for sample, _ in found], codes.astype(np.int64))
    order = sorted(range(len(called)), key=lambda code: (-counts[code], called[code]))
    compared = [(code, str(called[code])) for code in order if counts[code] >= fewest]
    expected = [each for code, place in compared for each in known.expected_at(code, place, fewest)]
    never = [row for row, is_missing in expected if is_missing]
    return WordsByPlace(
        tuple(row for code, place in compared for row in known.words_at(code, place)),
        tuple(sorted(never, key=lambda row: (-row.expected, row.place, row.word))),
        len(expected),
        sum(row.chance for row, _ in expected),
        len(compared),
        len(order) - len(compared),
    )


@dataclass(frozen=True)
class _Known:
    """The images of known place.

    Parameters
    ----------
    ids
        Their ids.
    codes
        The number of the place of each, int64 (images,).
    words
        All words, the one in most images first.
    rows
        For each word the rows of the images that have it.
    counts
        How many images of each place have each word, int64 (words, places).
    """

    ids: Sequence[str]
    codes: NDArray[np.int64]
    words: Sequence[LabelImages]
    rows: Sequence[NDArray[np.int64]]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, samples: Sequence[Sample], codes: NDArray[np.int64]) -> _Known:
        words = images_per_label(samples)
        ids = [sample.id for sample in samples]
        row_of = {name: row for row, name in enumerate(ids)}
        rows = [np.array([row_of[name] for name in word.samples], dtype=np.int64) for word in words]
        places = int(codes.max(initial=-1)) + 1
        counts = [np.bincount(codes[each], minlength=places) for each in rows]
        return cls(ids, codes, words, rows, np.array(counts, dtype=np.int64).reshape(len(words), places))

    def words_at(self, code: int, place: str) -> list[WordAtPlace]:
        """Return the words at a place, the most frequent first."""
        there = np.flatnonzero(self.counts[:, code]).tolist()
        there.sort(key=lambda column: (-self.counts[column, code], self.words[column].label))
        here = self.codes == code
        intervals = self._intervals(there[:MOST_COMPARED], here)
        return [
            WordAtPlace(
                place,
                self.words[column].label,
                tuple(self.ids[row] for row in self.rows[column][here[self.rows[column]]].tolist()),
                int(np.count_nonzero(here)),
                self.words[column].images,
                len(self.ids),
                interval,
            )
            for column, interval in zip_longest(there, intervals)
        ]

    def _intervals(self, columns: Sequence[int], here: NDArray[np.bool_]) -> list[Interval | None]:
        """Return intervals of how many times as often; where all images are of one place there are none."""
        if here.all():
            return [None] * len(columns)
        held = np.zeros((len(here), len(columns)), dtype=bool)
        for place, column in enumerate(columns):
            held[self.rows[column], place] = True
        return lift_intervals(held, here)

    def expected_at(self, code: int, place: str, fewest: int) -> Iterator[tuple[WordNeverThere, bool]]:
        """Yield each word that so many images of a place would be expected to have, and whether none has."""
        of_place, known = int(np.count_nonzero(self.codes == code)), len(self.ids)
        for column, word in enumerate(self.words):
            expected = of_place * word.images / known
            if expected < fewest:
                return  # words come by their number of images
            chance = chance_of_none(known, word.images, of_place)
            row = WordNeverThere(place, word.label, word.samples, of_place, expected, chance)
            yield row, not self.counts[column, code]


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
