"""Stand-ins: what stands for a word in a data set: what else is in the images that bear it, and what never.

The images of a word are those that bear a label that means it, or anything that the label system has below
it. A word with several meanings is looked for in each by itself, and nothing is taken for another. A label
that is written like the word and whose meaning nobody says, is looked for too, as what it is: a label.

Each other label is counted in these images, and against all images of the study: how many times as often it
is there. What comes first is there more often as far as its interval tells; then what is there in most
images. Nothing is concluded from one alone: of twenty intervals one misses by chance.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis.intervals import lift_intervals
from retrain_kit.analysis.label_use import said_to_be_there, stated_ids, synsets_meant
from retrain_kit.analysis.shared_words import word_key
from retrain_kit.annotations.taxonomy import words_in_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from retrain_kit.analysis.intervals import Interval
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.taxonomy import Synset, Taxonomy

    Rows = NDArray[np.int64]

MOST_BESIDE = 100
"""So many labels are compared, those that are in most of the images; the others are counted."""


@dataclass(frozen=True)
class LabelBeside:
    """A label that is in images of a word.

    Parameters
    ----------
    label
        As it is shown.
    samples
        Ids of the images of the word that have it.
    of_word, of_label, of_all
        How many images bear the word, how many of the study have the label, how many there are.
    interval
        That of `times`; None where there is none.
    """

    label: str
    samples: tuple[str, ...]
    of_word: int
    of_label: int
    of_all: int
    interval: Interval | None

    @property
    def share(self) -> float:
        """The share of the word's images that have it."""
        return len(self.samples) / self.of_word

    @property
    def share_of_all(self) -> float:
        """The share of all images that have it."""
        return self.of_label / self.of_all

    @property
    def times(self) -> float:
        """How many times as often it is in the word's images as in all."""
        return self.share / self.share_of_all

    @property
    def is_more(self) -> bool:
        """Whether it is there more often, as far as its interval tells."""
        return self.interval is not None and self.interval.low > 1


@dataclass(frozen=True)
class StandIns:
    """What stands for one meaning of a word, or for a label whose meaning nobody says.

    Parameters
    ----------
    synset
        The meaning; None where it is a label as it is written.
    samples
        Ids of the images that bear it, in their order.
    labels
        By which labels they bear it, with the ids of the images of each; the one of most images first.
    beside
        What else is in them.
    others
        How many labels more are in them and were not compared.
    listed, never
        The kinds that the label system lists at and below it, and those of them that no image bears.
    """

    synset: Synset | None
    samples: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]
    beside: tuple[LabelBeside, ...]
    others: int
    listed: tuple[Synset, ...] = ()
    never: tuple[Synset, ...] = ()


@dataclass(frozen=True)
class AskedWord:
    """A word that was asked for.

    Parameters
    ----------
    word
        As it was asked.
    found
        What stands for it, the meaning of most images first; nothing where no image bears it.
    unused
        Its meanings in the label system that no image bears, at or below.
    """

    word: str
    found: tuple[StandIns, ...]
    unused: tuple[Synset, ...]


def stand_ins(
    words: Sequence[str],
    samples: Sequence[Sample],
    shown: Sequence[Sample],
    taxonomy: Taxonomy,
    ids: Mapping[str, str] | None = None,
) -> list[AskedWord]:
    """Return what stands for each word.

    Parameters
    ----------
    words
        Words, or ids of the label system.
    samples
        The images, as their data set labels them.
    shown
        The same images in the same order as they are shown, some labels perhaps veiled: labels and ids that
        are returned are theirs.
    taxonomy
        The label system.
    ids
        Its own ids by the names that the source may give in their place.
    """
    study = _Study(_kinds(samples, shown, taxonomy, ids or {}), [sample.id for sample in shown], taxonomy)
    meanings = _meanings(taxonomy, words)
    return [study.asked(word, meanings[word]) for word in dict.fromkeys(words)]


def _meanings(taxonomy: Taxonomy, words: Iterable[str]) -> dict[str, list[Synset]]:
    """Return the synsets that each word may mean, in any case."""
    wanted = {word_key(word) for word in words}
    found: dict[str, list[Synset]] = defaultdict(list)
    for synset in taxonomy:
        for key in dict.fromkeys(map(word_key, words_in_row(synset))):
            if key in wanted:
                found[key].append(synset)
    return {word: [taxonomy.synset(word)] if word in taxonomy else found[word_key(word)] for word in words}


@dataclass(frozen=True)
class _Kind:
    """Annotations with one label and ids: what is shown of it, what it means, and the rows of its images."""

    shown: str
    synsets: tuple[str, ...]
    key: str
    rows: list[int] = field(default_factory=list)


def _kinds(
    samples: Sequence[Sample], shown: Sequence[Sample], taxonomy: Taxonomy, ids: Mapping[str, str]
) -> list[_Kind]:
    found: dict[tuple[str, tuple[str, ...], str], _Kind] = {}
    for row, (sample, other) in enumerate(zip(samples, shown, strict=True)):
        for own, seen in zip(said_to_be_there(sample), said_to_be_there(other), strict=True):
            key = (own.label, stated_ids(own) if own.said else (), seen.label)
            if key not in found:
                found[key] = _Kind(seen.label, synsets_meant(taxonomy, own, ids), word_key(own.label))
            rows = found[key].rows
            if not rows or rows[-1] != row:
                rows.append(row)
    return [*found.values()]


@dataclass(frozen=True)
class _Study:
    kinds: Sequence[_Kind]
    ids: Sequence[str]
    taxonomy: Taxonomy

    @cached_property
    def used(self) -> frozenset[str]:
        """The ids of all synsets that an image bears."""
        return frozenset(name for kind in self.kinds for name in kind.synsets)

    @cached_property
    def every(self) -> dict[str, Rows]:
        """The rows of the images of each label as it is shown, in their order."""
        return _by_label(self.kinds)

    def asked(self, word: str, meanings: Sequence[Synset]) -> AskedWord:
        found, unused = [], []
        for synset in meanings:
            below = frozenset(self.taxonomy.subtree(synset.id))
            kinds = [kind for kind in self.kinds if not below.isdisjoint(kind.synsets)]
            if kinds:
                found.append(self._of(kinds, synset))
            else:
                unused.append(synset)
        if kinds := [kind for kind in self.kinds if not kind.synsets and kind.key == word_key(word)]:
            found.append(self._of(kinds))
        return AskedWord(word, tuple(sorted(found, key=lambda each: -len(each.samples))), tuple(unused))

    def _of(self, kinds: Sequence[_Kind], synset: Synset | None = None) -> StandIns:
        own = _by_label(kinds)
        chosen = np.zeros(len(self.ids), dtype=bool)
        for rows in own.values():
            chosen[rows] = True
        beside = {label: rows[chosen[rows]] for label, rows in self.every.items() if label not in own}
        ordered = _most_first({label: rows for label, rows in beside.items() if len(rows)})
        compared = dict(islice(ordered.items(), MOST_BESIDE))
        rated = self._compared(compared, chosen)
        listed = self.taxonomy.subtree(synset.id, instances=False) if synset else ()
        every = tuple(map(self.taxonomy.synset, listed))
        return StandIns(
            synset,
            self._names(np.flatnonzero(chosen)),
            {label: self._names(rows) for label, rows in _most_first(own).items()},
            tuple(sorted(rated, key=lambda each: (not each.is_more, -len(each.samples)))),
            len(ordered) - len(compared),
            every,
            tuple(each for each in every if each.id not in self.used),
        )

    def _names(self, rows: Rows) -> tuple[str, ...]:
        return tuple(self.ids[row] for row in rows.tolist())

    def _compared(self, beside: Mapping[str, Rows], chosen: NDArray[np.bool_]) -> list[LabelBeside]:
        of_all, of_word = len(chosen), int(np.count_nonzero(chosen))
        held = np.zeros((of_all, len(beside)), dtype=bool)
        for column, label in enumerate(beside):
            held[self.every[label], column] = True
        intervals = lift_intervals(held, chosen) if of_word < of_all else [None] * len(beside)
        return [
            LabelBeside(label, self._names(rows), of_word, len(self.every[label]), of_all, interval)
            for (label, rows), interval in zip(beside.items(), intervals, strict=True)
        ]


def _by_label(kinds: Iterable[_Kind]) -> dict[str, Rows]:
    """Return the rows of the images of each label as it is shown, each once and in their order."""
    found: dict[str, list[list[int]]] = defaultdict(list)
    for kind in kinds:
        found[kind.shown].append(kind.rows)
    return {label: np.unique(np.concatenate(rows)).astype(np.int64) for label, rows in found.items()}


def _most_first(found: Mapping[str, Rows]) -> dict[str, Rows]:
    return dict(sorted(found.items(), key=lambda each: (-len(each[1]), each[0])))
