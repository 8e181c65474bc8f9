"""Shared words: which words two studies both use, and which only one of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.analysis import images_per_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrain_kit.analysis.two_studies import Two
    from retrain_kit.annotations.samples import Sample

    Counts = dict[str, tuple[str, int, int]]


@dataclass(frozen=True)
class Word:
    """A word as both studies, or one, write it: how many regions bear it and in how many images it is.

    The word is the first study's, where it is in both in other letters. A count is 0 where a study has not
    the word.
    """

    word: str
    regions: tuple[int, int]
    images: tuple[int, int]


@dataclass(frozen=True)
class Words:
    """The words of two studies: in both, or in one alone; those of most images first."""

    both: tuple[Word, ...]
    first_alone: tuple[Word, ...]
    second_alone: tuple[Word, ...]


def shared_words(two: Two) -> Words:
    """Return which words both studies use, and which only one.

    Two words are one where they differ in capitals, or in spaces, `_` and `-`, alone: nothing is translated,
    and no word is taken for its synonym or its plural.
    """
    found = [_word_counts(side.samples) for side in two]
    keys = [set(counts) for counts in found]
    return Words(
        _words(keys[0] & keys[1], found), _words(keys[0] - keys[1], found), _words(keys[1] - keys[0], found)
    )


def word_key(word: str) -> str:
    """Return what words are compared by.

    Examples
    --------
    >>> word_key("Traffic_light")
    'traffic light'
    """
    return " ".join(word.replace("_", " ").replace("-", " ").casefold().split()) or word


def _word_counts(samples: Iterable[Sample]) -> Counts:
    """Return the spelling, regions and images of each word, by its key; the most frequent spelling."""
    found: dict[str, tuple[str, int, int]] = {}
    samples = list(samples)
    spelled: dict[str, Counter[str]] = {}
    images: Counter[str] = Counter()
    regions: Counter[str] = Counter()
    for sample in samples:
        labels = images_per_label.labels_in(sample)
        images.update({word_key(label) for label in labels})
        regions.update(word_key(region.label) for region in sample.regions)
        for label in labels:
            spelled.setdefault(word_key(label), Counter())[label] += 1
    for key, spellings in spelled.items():
        found[key] = (spellings.most_common(1)[0][0], regions[key], images[key])
    return found


def _words(keys: Iterable[str], found: Sequence[Counts]) -> tuple[Word, ...]:
    none = ("", 0, 0)
    rows = []
    for key in keys:
        first, second = (counts.get(key, none) for counts in found)
        rows.append(Word(first[0] or second[0], (first[1], second[1]), (first[2], second[2])))
    return tuple(sorted(rows, key=lambda row: (-sum(row.images), -sum(row.regions), row.word)))
