"""Enrichment: whether people who read each other say more than they did alone, or more of the same.

First sentences were written before anybody had read anything: they are independent. New ones were written
after two readings. Both are by the same people, so there are as many of one as of the other. If reading made
no difference, anybody's first and new sentence could as well have changed places. That is done in every
possible way, or in many, and the circle's likeness is looked up among what comes out.

A second sentence may be longer because it is the second. The kit cannot tell that apart from what reading
does, and shows the length beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.exercises.agreements import by_pair, rewritings, words_of
from retrain_kit.exercises.circles import FIRST, NEW, Circle
from retrain_kit.exercises.terms import alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from retrain_kit.answers import Record

    Words = frozenset[str]
    Change = tuple[Words, Words]

SWAPS = 4095
_EXACT = 12
_TIE = 1e-9
SMALL = 0.05


@dataclass(frozen=True)
class Enrichment:
    """What became of independent sentences in the circle.

    Parameters
    ----------
    pairs, people
        How many pairs of images, and how many people, counted once for each pair, of whom there is both a
        first and a new sentence. A pair with fewer than two of them is left out.
    new_words
        The mean number of words in a rewriting that stand in nothing its author had before their eyes.
    length_first, length_new
        The mean number of different words in a sentence.
    distinct_first, distinct_new
        The mean number of different words in all sentences about a pair.
    alike_first, alike_new
        The mean likeness of two sentences about a pair, from 0 to 1 (`terms.alike`).
    p
        The share of changes of place that move the likeness as much as the circle did, in either direction.
    p_least
        The smallest value that `p` can take with so few people.
    """

    pairs: int
    people: int
    new_words: float
    length_first: float
    length_new: float
    distinct_first: float
    distinct_new: float
    alike_first: float
    alike_new: float
    p: float
    p_least: float
    swaps: int
    seed: int

    @property
    def told(self) -> str:
        """What can be said, and what cannot, in a sentence or two."""
        if self.p_least > SMALL:
            return (
                f"{self.people} people are too few to tell: chance alone brings the smallest possible p to "
                f"{self.p_least:.2f}. The figures describe these sentences and no others."
            )
        if self.p > SMALL:
            return f"The likeness moved no further than chance would move it (p = {self.p:.3f})."
        moved = "more" if self.alike_new > self.alike_first else "less"
        words = "more" if self.distinct_new > self.distinct_first else "no more"
        return (
            f"After reading, the sentences are {moved} alike than before (p = {self.p:.3f}), "
            f"with {words} different words between them."
        )


def measure(records: Iterable[Record], seed: int) -> Enrichment | None:
    """Return what became of the sentences; None where no two people finished with the same pair.

    Parameters
    ----------
    seed
        Draws the changes of place, where there are more than can all be made.
    """
    circles = {pair: Circle(said) for pair, said in by_pair(records).items()}
    kept = {pair: found for pair, circle in circles.items() if len(found := list(_changes(circle))) > 1}
    if not kept:
        return None
    tables = [_table(changes) for changes in kept.values()]
    people = sum(map(len, tables)) // 2
    chosen = _orders(people, seed)
    differences = _differences(tables, chosen)
    as_much = np.abs(differences) >= abs(differences[0]) - _TIE
    first, new = ([[each[side] for each in changes] for changes in kept.values()] for side in (0, 1))
    added = [len(words) for pair in kept for words in _added(circles[pair].records)]
    return Enrichment(
        pairs=len(kept),
        people=people,
        new_words=fmean(added) if added else 0.0,
        length_first=_length(first),
        length_new=_length(new),
        distinct_first=_distinct(first),
        distinct_new=_distinct(new),
        alike_first=fmean(map(_likeness, first)),
        alike_new=fmean(map(_likeness, new)),
        p=float(as_much.mean()),
        p_least=2 / len(chosen),
        swaps=len(chosen),
        seed=seed,
    )


def _changes(circle: Circle) -> Iterator[Change]:
    """Yield the words of everybody's first and new sentence."""
    for who in circle.people:
        first, new = circle.said(who, FIRST), circle.said(who, NEW)
        if first and new and not first.refusal and not new.refusal:
            yield words_of(first), words_of(new)


def _added(records: Sequence[Record]) -> Iterator[Words]:
    """Yield the words of each rewriting that are in nothing its author had before their eyes."""
    for each in rewritings(records):
        seen = [words_of(source) for source in (each.read, each.earlier) if source]
        if seen:
            yield words_of(each.after).difference(*seen)


def _length(pairs: Sequence[Sequence[Words]]) -> float:
    return fmean(len(words) for said in pairs for words in said)


def _distinct(pairs: Sequence[Sequence[Words]]) -> float:
    return fmean(len(frozenset[str]().union(*said)) for said in pairs)


def _likeness(said: Sequence[Words]) -> float:
    return fmean(alike(one, other) for one, other in combinations(said, 2))


def _table(changes: Sequence[Change]) -> NDArray[np.float64]:
    """Return the likeness of all sentences about a pair, first ones before new ones."""
    every = [words for side in (0, 1) for words in (each[side] for each in changes)]
    return np.array([[alike(one, other) for other in every] for one in every])


def _orders(people: int, seed: int) -> NDArray[np.int64]:
    """Return whose sentences change places, by rows, nobody's in the first; int64 (swaps, people)."""
    if people <= _EXACT:
        return np.array(list(product((0, 1), repeat=people)))
    drawn = np.random.default_rng(seed).integers(0, 2, (SWAPS, people))
    return np.vstack([np.zeros((1, people), np.int64), drawn])


def _differences(tables: Sequence[NDArray[np.float64]], orders: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how much more alike the new sentences are than the first, the mean over pairs, by order."""
    found = np.zeros((len(tables), len(orders)))
    start = 0
    for row, table in enumerate(tables):
        count = len(table) // 2
        swapped = orders[:, start : start + count] * count
        start += count
        here = np.arange(count)
        new, first = (_mean_of_pairs(table, rows) for rows in (here + count - swapped, here + swapped))
        found[row] = new - first
    mean: NDArray[np.float64] = found.mean(axis=0)
    return mean


def _mean_of_pairs(table: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean likeness of any two different sentences of each row."""
    one, other = np.triu_indices(rows.shape[1], 1)
    mean: NDArray[np.float64] = table[rows[:, one], rows[:, other]].mean(axis=1)
    return mean
