"""Vocabulary: the words that a study's labels have, found again in sentences.

A label is written in a sentence where a thing is named with its words: *street light* in *two old street
lights*. Where several labels end alike the longest counts. A label of a label system has all words of its
synset, but a word that several labels have stands for none of them unless it is a label itself.

What stands above a label in the system is said by a box of it, too: a box of *dog* says that there is an
animal. Of a label with several meanings only what stands above all of them counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from retrain_kit.analysis.english import EnglishReader
from retrain_kit.analysis.label_use import said_to_be_there, synsets_meant
from retrain_kit.annotations.taxonomy import words_in_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from retrain_kit.analysis.english import Reading
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.taxonomy import Taxonomy


@dataclass(frozen=True)
class Vocabulary:
    """The words of a study's labels, and of the system they are of.

    A key is a label's words in small letters, without plural. Memory is bounded by labels and system.

    Parameters
    ----------
    reader
        What reads labels and sentences.
    spelled
        Each label that is in use, as it is written most often, by its key.
    names
        The key that each row of words leads to: those of labels in use, and of the system's other words.
    above
        The keys of what stands above each label, by its key.
    """

    reader: EnglishReader
    spelled: Mapping[str, str]
    names: Mapping[str, str]
    above: Mapping[str, frozenset[str]]

    def key(self, label: str) -> str:
        """Return the key of a label."""
        return " ".join(self.reader.lemmas(label)) or label

    def keys_named(self, reading: Reading) -> Iterator[tuple[int, str]]:
        """Yield the place and the key of each thing that a sentence names; without a label its own word."""
        lemmas, names, longest = reading.lemmas, self.names, self._longest
        for place in reading.things:
            word = lemmas[place]
            for first in range(max(0, place + 1 - longest.get(word, 0)), place):
                row = " ".join(lemmas[first : place + 1])
                if row in names:
                    yield place, names[row]
                    break
            else:
                yield place, names.get(word, word)

    @cached_property
    def _longest(self) -> dict[str, int]:
        """Of how many words the longest row is that ends in a word."""
        found: dict[str, int] = {}
        for row in self.names:
            words = row.split()
            found[words[-1]] = max(found.get(words[-1], 0), len(words))
        return found


def study_vocabulary(
    samples: Iterable[Sample], taxonomy: Taxonomy, ids: Mapping[str, str] | None = None
) -> Vocabulary:
    """Return the words of the labels that are in a study, and of their label system.

    Parameters
    ----------
    samples
        The images: they are gone through once.
    taxonomy, ids
        As for `label_use.count_label_use`.
    """
    used: Counter[str] = Counter()
    meant: dict[str, set[str]] = defaultdict(set)
    for sample in samples:
        for annotation in said_to_be_there(sample):
            used[annotation.label] += 1
            meant[annotation.label].update(synsets_meant(taxonomy, annotation, ids))
    return label_vocabulary(taxonomy, used, meant)


def label_vocabulary(taxonomy: Taxonomy, used: Counter[str], meant: Mapping[str, set[str]]) -> Vocabulary:
    """Return the words of labels, and of their label system.

    Parameters
    ----------
    taxonomy
        The label system.
    used
        How many annotations bear each label.
    meant
        The ids of the synsets that each label means.
    """
    rows = {synset.id: words_in_row(synset) for synset in taxonomy}
    reader = EnglishReader({word.casefold() for row in [*rows.values(), used] for word in row})
    return _Building(reader, rows, taxonomy).vocabulary(used, meant)


class _Building:
    def __init__(
        self, reader: EnglishReader, rows: Mapping[str, tuple[str, ...]], taxonomy: Taxonomy
    ) -> None:
        self.reader, self.taxonomy = reader, taxonomy
        self.rows = {name: tuple(filter(None, map(self.key, row))) for name, row in rows.items()}

    def key(self, words: str) -> str:
        return " ".join(self.reader.lemmas(words))

    def vocabulary(self, used: Counter[str], meant: Mapping[str, set[str]]) -> Vocabulary:
        spelled: dict[str, str] = {}
        names: dict[str, str] = {row: row for words in self.rows.values() for row in words}
        for label, _ in sorted(used.items(), key=lambda each: (-each[1], each[0])):
            spelled.setdefault(self.key(label) or label, label)
        others = self._other_words(spelled, meant)
        names |= {row: next(iter(keys)) for row, keys in others.items() if len(keys) == 1}
        names |= {key: key for key in spelled}
        above = {self.key(label) or label: self._above(ids, names) for label, ids in meant.items()}
        return Vocabulary(self.reader, spelled, names, above)

    def _other_words(self, spelled: Mapping[str, str], meant: Mapping[str, set[str]]) -> dict[str, set[str]]:
        """Return the labels that each word of their synsets stands for, but for labels themselves."""
        found: dict[str, set[str]] = defaultdict(set)
        for key, label in spelled.items():
            for row in (row for name in meant[label] for row in self.rows.get(name, ())):
                found[row].add(key)
        return found

    def _above(self, ids: Iterable[str], names: Mapping[str, str]) -> frozenset[str]:
        ways = [
            frozenset(names[row] for far in self.taxonomy.ancestors(name) for row in self.rows[far])
            for name in ids
        ]
        return frozenset.intersection(*ways) if ways else frozenset()
