"""Word company: what is written beside a word, as beside *man* and beside *woman*, and how that differs.

Three places beside a word are looked at, in the same sentence, by the rules of `analysis.english`:

- *said of it*: the words directly before it in its run, *a young man*, and those that a form of *be* joins to
  it without an article, *the man is young and tall*;
- *does*: the first word in -ing, or one of a short list of verbs as *wears*, among the `NEAR` words behind
  it, before another thing is named;
- *with it*: every other thing that the sentence names, but the other words asked for; words that name a thing
  in less than half of their uses are left out.

The unit is an image, as several sentences about one image are often by one hand: a word stands beside another
in an image where one of its sentences has it so. Its share of the images of *man* is laid beside its share
of the images of the other words asked for, taken together: the difference with Newcombe's interval. An image
of two of the words counts on both sides. Very many are compared, so that some intervals leave 0 out by chance
alone; `holds` says which still do when widened for all comparisons (Bonferroni).

Counted are words that somebody wrote. Nothing follows from it for who is in an image.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from retrain_kit.analysis.english import Kind
from retrain_kit.analysis.intervals import (
    FEWEST_IMAGES,
    LEVEL,
    Interval,
    share_difference_interval,
    share_interval,
)
from retrain_kit.analysis.written_words import LEAST_THINGS, Quote, QuoteDraw

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from retrain_kit.analysis.english import EnglishReader, Reading
    from retrain_kit.analysis.written_words import ImageWords

NEAR = 4


class Place(StrEnum):
    """Where a word stands beside another."""

    SAID = "said of it"
    DOES = "does"
    WITH = "with it"


Beside = tuple[str, Place, str]
"""The word asked for, the place, and what stands there."""


@dataclass(frozen=True)
class Company:
    """A word beside a word.

    Parameters
    ----------
    word, place, other
        The word asked for, and what stands where beside it.
    together, images
        In how many images it does, of how many that have the word.
    elsewhere, other_images
        In how many images it stands so beside one of the other words, of how many that have one of them.
    share
        The interval of `together / images`.
    difference
        The interval of that share less the other; None where no image has another of the words.
    holds
        Whether the difference leaves 0 out when widened for all comparisons.
    """

    word: str
    place: Place
    other: str
    together: int
    images: int
    elsewhere: int
    other_images: int
    share: Interval
    difference: Interval | None
    holds: bool

    @property
    def points(self) -> float:
        """By how much the share is larger than that beside the other words, from -1 to 1."""
        others = self.elsewhere / self.other_images if self.other_images else 0.0
        return self.together / self.images - others


@dataclass(frozen=True)
class WordCompany:
    """What is written beside some words.

    Parameters
    ----------
    images
        Of how many images each word is written; 0 for words that nobody wrote.
    rows
        What stands beside them; of each word the largest difference first.
    compared
        How many comparisons were made.
    too_few
        How many words beside a word were left out: they stand there in fewer images than were asked for, and
        beside the other words, too.
    """

    images: Mapping[str, int]
    rows: tuple[Company, ...]
    compared: int
    too_few: int


def beside_words(reading: Reading, asked: Collection[str]) -> Iterator[Beside]:
    """Yield what stands beside the words asked for in a text, in its order; twice what stands there twice."""
    for at in reading.things:
        word = reading.lemmas[at]
        if word in asked:
            yield from ((word, Place.SAID, other) for other in _said_of(reading, at))
            yield from ((word, Place.DOES, other) for other in _done_by(reading, at))
            within = reading.sentence(at)
            things = (reading.lemmas[each] for each in reading.things if each != at and each in within)
            yield from ((word, Place.WITH, other) for other in things if other != word)


def count_word_company(
    rows: Iterable[ImageWords], reader: EnglishReader, asked: Sequence[str], fewest: int = FEWEST_IMAGES
) -> WordCompany:
    """Return what is written beside words.

    Parameters
    ----------
    rows
        The images, gone through once. Memory is bounded by how many different words stand beside those asked
        for, not by images.
    reader
        What reads the sentences.
    asked
        Single words.
    fewest
        In how many images something has to stand beside a word, or beside the others, to be compared.
    """
    words = tuple(dict.fromkeys(" ".join(reader.lemmas(word)) for word in asked))
    counts = _Counts(frozenset(words))
    for row in rows:
        counts.take(row, reader)
    return counts.company(words, fewest)


class _Counts:
    def __init__(self, asked: frozenset[str]) -> None:
        self.asked = asked
        self.having: Counter[frozenset[str]] = Counter()
        self.beside: dict[tuple[Place, str], Counter[frozenset[str]]] = defaultdict(Counter)
        self.uses: Counter[str] = Counter()
        self.as_thing: Counter[str] = Counter()

    def take(self, row: ImageWords, reader: EnglishReader) -> None:
        """Count an image: which of the words it has, and beside which of them each other word stands."""
        found: dict[tuple[Place, str], set[str]] = defaultdict(set)
        having: set[str] = set()
        for each in row.texts:
            reading = reader.read(each.text)
            if self.asked.isdisjoint(reading.lemmas):
                continue
            things = [reading.lemmas[place] for place in reading.things]
            having |= self.asked.intersection(things)
            self.uses.update(reading.lemmas)
            self.as_thing.update(things)
            for word, place, other in beside_words(reading, self.asked):
                found[place, other].add(word)
        if having:
            self.having[frozenset(having)] += 1
        for key, words in found.items():
            self.beside[key][frozenset(words)] += 1

    def company(self, words: Sequence[str], fewest: int) -> WordCompany:
        images = {word: _with(self.having, {word}) for word in words}
        found, too_few = [], 0
        for word in words:
            rest = frozenset(words) - {word}
            others = _with(self.having, rest)
            for (place, other), sets in self.beside.items():
                if place is Place.WITH and (other in self.asked or not self._is_thing(other)):
                    continue
                pair = _with(sets, {word}), _with(sets, rest)
                if max(pair) < fewest or images[word] < fewest:
                    too_few += bool(pair[0])
                else:
                    found.append((word, place, other, pair, others))
        compared = sum(bool(others) for *_, others in found)
        level = 1 - (1 - LEVEL) / max(1, compared)
        rows = [_company(*each, images[each[0]], level) for each in found]
        order = {word: place for place, word in enumerate(words)}
        rows.sort(key=lambda row: (order[row.word], -abs(row.points), -row.together, row.place, row.other))
        return WordCompany(images, tuple(rows), compared, too_few)

    def _is_thing(self, word: str) -> bool:
        return self.as_thing[word] >= LEAST_THINGS * self.uses[word]


def _with(sets: Mapping[frozenset[str], int], words: Collection[str]) -> int:
    """Return how many images have one of the words."""
    return sum(count for each, count in sets.items() if not each.isdisjoint(words))


def _company(  # noqa: PLR0913, PLR0917 - what was counted
    word: str, place: Place, other: str, pair: tuple[int, int], others: int, images: int, level: float
) -> Company:
    told = (word, place, other, pair[0], images, pair[1], others)
    share = share_interval(pair[0], images)
    if not others:
        return Company(*told, share, None, holds=False)
    first, second = (pair[0], images), (pair[1], others)
    wide = share_difference_interval(first, second, level)
    return Company(*told, share, share_difference_interval(first, second), holds=0 not in wide)


def _said_of(reading: Reading, at: int) -> Iterator[str]:
    """Yield what is said of a thing: before it in its run, and behind a form of *be*."""
    start = at
    while start and reading.kinds[start - 1] in {Kind.CONTENT, Kind.ED}:
        start -= 1
    yield from reading.words[start:at]
    behind = at + 1
    if behind >= len(reading.kinds) or reading.kinds[behind] is not Kind.BE:
        return
    for place in range(behind + 1, len(reading.kinds)):
        kind = reading.kinds[place]
        if kind is Kind.AND:
            continue
        if kind not in {Kind.CONTENT, Kind.ED}:
            return
        yield reading.words[place]


def _done_by(reading: Reading, at: int) -> Iterator[str]:
    """Yield what a thing does: the first word in -ing, or verb, near behind it and before another thing."""
    for place in range(at + 1, min(at + 1 + NEAR, len(reading.kinds))):
        kind = reading.kinds[place]
        if kind in {Kind.ING, Kind.VERB}:
            yield reading.words[place]
            return
        if kind is Kind.END or place in reading.things:
            return


def quote_word_company(
    rows: Iterable[ImageWords], reader: EnglishReader, wanted: Collection[Beside], seed: int
) -> dict[Beside, tuple[Quote, ...]]:
    """Return the sentences behind each, drawn by a seed, one an image; memory is bounded by `wanted`."""
    draw, asked, named = QuoteDraw(seed), frozenset(wanted), frozenset(word for word, _, _ in wanted)
    for row in rows:
        for each in row.texts:
            reading = reader.read(each.text)
            if not named.isdisjoint(reading.lemmas):
                for beside in dict.fromkeys(beside_words(reading, named)):
                    if beside in asked:
                        draw.offer("\0".join(beside), Quote(row.image, each))
    return {beside: draw.drawn("\0".join(beside)) for beside in asked}
