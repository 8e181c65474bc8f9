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
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis.intervals import lift_intervals
from retrain_kit.analysis.label_use import said_to_be_there, synsets_meant
from retrain_kit.analysis.shared_words import word_key
from retrain_kit.annotations.taxonomy import words_in_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrain_kit.analysis.intervals import Interval
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.taxonomy import Synset, Taxonomy

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
    read = [_read(sample, each, taxonomy, ids or {}) for sample, each in zip(samples, shown, strict=True)]
    every: dict[str, list[int]] = defaultdict(list)
    for row, image in enumerate(read):
        for label in image.labels:
            every[label].append(row)
    study = _Study(read, dict(every), [sample.id for sample in shown], taxonomy)
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
class _Image:
    """What an image bears: labels as they are shown, by what each means, and by how it is written."""

    labels: frozenset[str]
    by_synset: Mapping[str, set[str]]
    by_key: Mapping[str, set[str]]


def _read(sample: Sample, shown: Sample, taxonomy: Taxonomy, ids: Mapping[str, str]) -> _Image:
    by_synset: dict[str, set[str]] = defaultdict(set)
    by_key: dict[str, set[str]] = defaultdict(set)
    labels = set()
    for own, seen in zip(said_to_be_there(sample), said_to_be_there(shown), strict=True):
        labels.add(seen.label)
        meant = synsets_meant(taxonomy, own, ids)
        for name in meant:
            by_synset[name].add(seen.label)
        if not meant:
            by_key[word_key(own.label)].add(seen.label)
    return _Image(frozenset(labels), by_synset, by_key)


@dataclass(frozen=True)
class _Study:
    read: Sequence[_Image]
    every: Mapping[str, list[int]]
    ids: Sequence[str]
    taxonomy: Taxonomy

    def asked(self, word: str, meanings: Sequence[Synset]) -> AskedWord:
        found, unused = [], []
        for synset in meanings:
            below = self.taxonomy.subtree(synset.id)
            rows = self._bearing("by_synset", below)
            if rows:
                found.append(self._of(synset, rows))
            else:
                unused.append(synset)
        if rows := self._bearing("by_key", (word_key(word),)):
            found.append(self._of(None, rows))
        return AskedWord(word, tuple(sorted(found, key=lambda each: -len(each.samples))), tuple(unused))

    def _bearing(self, by: str, names: Iterable[str]) -> dict[int, set[str]]:
        """Return the rows of images that bear one of the names, with the labels that say so."""
        names = frozenset(names)
        found = {}
        for row, image in enumerate(self.read):
            borne: Mapping[str, set[str]] = getattr(image, by)
            if hit := names.intersection(borne):
                found[row] = {label for name in hit for label in borne[name]}
        return found

    def _of(self, synset: Synset | None, rows: Mapping[int, set[str]]) -> StandIns:
        labels: dict[str, list[str]] = defaultdict(list)
        for row, borne in rows.items():
            for label in borne:
                labels[label].append(self.ids[row])
        beside = self._labels_beside(rows, labels)
        compared = sorted(beside, key=lambda label: (-len(beside[label]), label))[:MOST_BESIDE]
        listed = self.taxonomy.subtree(synset.id, instances=False) if synset else ()
        used = {name for image in self.read for name in image.by_synset}
        kinds = tuple(map(self.taxonomy.synset, listed))
        return StandIns(
            synset,
            tuple(self.ids[row] for row in rows),
            {
                name: tuple(labels[name])
                for name in sorted(labels, key=lambda name: (-len(labels[name]), name))
            },
            tuple(
                sorted(
                    self._compared(compared, beside, rows),
                    key=lambda each: (not each.is_more, -len(each.samples)),
                )
            ),
            len(beside) - len(compared),
            kinds,
            tuple(kind for kind in kinds if kind.id not in used),
        )

    def _labels_beside(self, rows: Iterable[int], own: Iterable[str]) -> dict[str, list[int]]:
        own, found = frozenset(own), defaultdict(list)
        for row in rows:
            for label in self.read[row].labels - own:
                found[label].append(row)
        return dict(found)

    def _compared(
        self, labels: Sequence[str], beside: Mapping[str, list[int]], rows: Mapping[int, object]
    ) -> list[LabelBeside]:
        of_all = len(self.read)
        chosen = np.zeros(of_all, dtype=bool)
        chosen[list(rows)] = True
        held = np.zeros((of_all, len(labels)), dtype=bool)
        for column, label in enumerate(labels):
            held[self.every[label], column] = True
        intervals = lift_intervals(held, chosen) if len(rows) < of_all else [None] * len(labels)
        return [
            LabelBeside(
                label,
                tuple(self.ids[row] for row in beside[label]),
                len(rows),
                len(self.every[label]),
                of_all,
                interval,
            )
            for label, interval in zip(labels, intervals, strict=True)
        ]
