"""Agreements: which words survive all rewritings, beside what was dropped, by whom, and who keeps it.

Nothing is averaged, and no word wins. Each word carries the records in which it stands, so that every claim
can be looked up. Refusals have no words that could be dropped; a sentence whose source was withdrawn is
compared with nothing. Footnotes are shown with their sentence, and not counted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations, product
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.exercises.common.words import jaccard_similarity, vocabulary
from retrain_kit.exercises.polyphony.turns import FIRST, NEW, Circle, step_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from retrain_kit.answers import Record

    PairKey = tuple[str, tuple[str, ...]]
    Words = frozenset[str]
    Change = tuple[Words, Words]


MIN_PEOPLE = 2
"""Of one person's words nobody can say that several agree."""


@dataclass(frozen=True)
class Rewriting:
    """A sentence and what it was made from: what was read, and in Moment B one's own first sentence too."""

    after: Record
    read: Record | None
    earlier: Record | None = None

    @property
    def before(self) -> Record | None:
        """What it is compared with: what was read where that is still here, else one's own first sentence."""
        return self.read or self.earlier


@dataclass(frozen=True)
class WordPath:
    """The way of one word through the sentences about a pair.

    Parameters
    ----------
    term
        The word, as it is compared.
    said
        The records in which it stands.
    kept, dropped
        The rewritings whose source has it: those that have it too, and those that have not.
    restored
        New sentences in which authors say it again after somebody else had dropped it.
    last
        The last sentences, one a person, in which it stands.
    """

    term: str
    said: list[Record] = field(default_factory=list)
    kept: list[Record] = field(default_factory=list)
    dropped: list[Record] = field(default_factory=list)
    restored: list[Record] = field(default_factory=list)
    last: list[Record] = field(default_factory=list)

    @property
    def people(self) -> tuple[str, ...]:
        """Who has said it, in the order in which they did."""
        return tuple(dict.fromkeys(record.who for record in self.said))

    @property
    def is_agreed(self) -> bool:
        """Whether several people end on it, and every rewriting keeps it, of which there is at least one."""
        return len(self.last) >= MIN_PEOPLE and bool(self.kept) and not self.dropped


def rewritings(records: Iterable[Record]) -> list[Rewriting]:
    """Return every sentence that was made from another, in the order of the records."""
    known = {record.id: record for record in records if step_of(record) and not record.refusal}
    firsts: dict[tuple[str, PairKey], Record] = {}
    for record in known.values():
        if step_of(record) == FIRST:
            firsts.setdefault((record.who, pair_of_record(record)), record)
    return [
        Rewriting(
            record,
            known.get(record.asked.record),
            firsts.get((record.who, pair_of_record(record))) if step_of(record) == NEW else None,
        )
        for record in known.values()
        if step_of(record) != FIRST
    ]


def last_sentences(records: Iterable[Record]) -> list[Record]:
    """Return what each person says last in a sentence of their own: the new one, else the first."""
    last: dict[str, Record] = {}
    for step in (FIRST, NEW):
        own: dict[str, Record] = {}
        for record in records:
            if step_of(record) == step and not record.refusal:
                own.setdefault(record.who, record)
        last |= own
    return list(last.values())


def word_paths(records: Sequence[Record]) -> list[WordPath]:
    """Return the way of every word: those that most last sentences share first, then by how many say them."""
    words = {
        record.id: words_of_record(record) for record in records if step_of(record) and not record.refusal
    }
    found: dict[str, WordPath] = {}
    for record in records:
        for term in sorted(words.get(record.id, ())):
            found.setdefault(term, WordPath(term)).said.append(record)
    for each in rewritings(records):
        _follow(each, words, found)
    for record in last_sentences(records):
        for term in words[record.id]:
            found[term].last.append(record)
    return sorted(found.values(), key=lambda path: (-len(path.last), -len(path.people), -len(path.said)))


def agreed_words(records: Sequence[Record]) -> list[WordPath]:
    """Return the words that survive all rewritings."""
    return [path for path in word_paths(records) if path.is_agreed]


def dropped_words(records: Sequence[Record]) -> list[WordPath]:
    """Return the words that somebody dropped, those that somebody still keeps first."""
    return [path for path in word_paths(records) if path.dropped]


def words_of_record(record: Record) -> frozenset[str]:
    """Return the different words of a record, in its own language."""
    return vocabulary(record.text, record.language)


def records_by_pair(records: Iterable[Record]) -> dict[PairKey, list[Record]]:
    """Return what was said about each pair, in the order in which the pairs were first spoken of."""
    found: dict[PairKey, list[Record]] = defaultdict(list)
    for record in records:
        if step_of(record):
            found[pair_of_record(record)].append(record)
    return dict(found)


def by_name(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Return what was said about each pair, under a name for the pair."""
    return {" and ".join(images): said for (_, images), said in records_by_pair(records).items()}


def pair_of_record(record: Record) -> PairKey:
    """Return what tells a record's pair from any other: its study and its images."""
    return record.asked.study, record.asked.images


def _follow(each: Rewriting, words: dict[str, frozenset[str]], found: dict[str, WordPath]) -> None:
    if not each.before:
        return
    after, before = words[each.after.id], words[each.before.id]
    for term in before & after:
        found[term].kept.append(each.after)
    for term in before - after:
        found[term].dropped.append(each.after)
    if each.read and each.earlier:
        for term in (words[each.earlier.id] & after) - before:
            found[term].restored.append(each.after)


# -- enrichment: whether people who read each other say more than they did alone, or more of the same.


MAX_SWAPS = 4095
_EXACT = 12
_TIE = 1e-9
MAX_P = 0.05


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
        The mean likeness of two sentences about a pair, from 0 to 1 (`words.jaccard_similarity`).
    p
        The share of changes of place that move the likeness as much as the circle did, in either direction.
    smallest_p
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
    smallest_p: float
    swaps: int
    seed: int

    @property
    def in_words(self) -> str:
        """What can be said, and what cannot, in a sentence or two."""
        if self.smallest_p > MAX_P:
            return (
                f"{self.people} people are too few to tell: chance alone brings the smallest possible p to "
                f"{self.smallest_p:.2f}. The figures describe these sentences and no others."
            )
        if self.p > MAX_P:
            return f"The likeness moved no further than chance would move it (p = {self.p:.3f})."
        moved = "more" if self.alike_new > self.alike_first else "less"
        words = "more" if self.distinct_new > self.distinct_first else "no more"
        return (
            f"After reading, the sentences are {moved} alike than before (p = {self.p:.3f}), "
            f"with {words} different words between them."
        )


def measure_enrichment(records: Iterable[Record], seed: int) -> Enrichment | None:
    """Return what became of the sentences; None where no two people finished with the same pair.

    Parameters
    ----------
    seed
        Draws the changes of place, where there are more than can all be made.
    """
    circles = {pair: Circle(said) for pair, said in records_by_pair(records).items()}
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
        smallest_p=2 / len(chosen),
        swaps=len(chosen),
        seed=seed,
    )


def _changes(circle: Circle) -> Iterator[Change]:
    """Yield the words of everybody's first and new sentence."""
    for who in circle.people:
        first, new = circle.said_at(who, FIRST), circle.said_at(who, NEW)
        if first and new and not first.refusal and not new.refusal:
            yield words_of_record(first), words_of_record(new)


def _added(records: Sequence[Record]) -> Iterator[Words]:
    """Yield the words of each rewriting that are in nothing its author had before their eyes."""
    for each in rewritings(records):
        seen = [words_of_record(source) for source in (each.read, each.earlier) if source]
        if seen:
            yield words_of_record(each.after).difference(*seen)


def _length(pairs: Sequence[Sequence[Words]]) -> float:
    return fmean(len(words) for said in pairs for words in said)


def _distinct(pairs: Sequence[Sequence[Words]]) -> float:
    return fmean(len(frozenset[str]().union(*said)) for said in pairs)


def _likeness(said: Sequence[Words]) -> float:
    return fmean(jaccard_similarity(one, other) for one, other in combinations(said, 2))


def _table(changes: Sequence[Change]) -> NDArray[np.float64]:
    """Return the likeness of all sentences about a pair, first ones before new ones."""
    every = [words for side in (0, 1) for words in (each[side] for each in changes)]
    return np.array([[jaccard_similarity(one, other) for other in every] for one in every])


def _orders(people: int, seed: int) -> NDArray[np.int64]:
    """Return whose sentences change places, by rows, nobody's in the first; int64 (swaps, people)."""
    if people <= _EXACT:
        return np.array(list(product((0, 1), repeat=people)))
    drawn = np.random.default_rng(seed).integers(0, 2, (MAX_SWAPS, people))
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
