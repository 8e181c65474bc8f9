"""Written words: what is named in the sentences about an image, and whether a box of that image has it.

Counted are images: however often a word stands in the sentences of one, the image counts once. A label is in
a box of an image where a region bears it, or bears what stands below it in the label system. It is *under a
wider word* where a region bears what stands above it. Siblings are never taken for each other.

A word that no label has is counted as well. Some words are taken for things that are none (see
`analysis.english`): such a word counts as the name of a thing where it names one in at least half of its
uses.

The images are gone through once, one by one. Memory is bounded by how many different words there are, not by
images and sentences. The order of images changes nothing, and an image changes the counts of its own words
alone.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from retrain_kit.annotations import written
from retrain_kit.annotations.written import DataSetText

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from retrain_kit.analysis.vocabulary import Vocabulary
    from retrain_kit.annotations.samples import Sample

NO_TEXT = DataSetText("", "")
MOST_QUOTES = 6
"""So many sentences are kept behind a number."""
LEAST_THINGS = 0.5


class ImageWords(NamedTuple):
    """What is said of an image: the labels of its boxes, and the lines about it."""

    image: str
    labels: Collection[str]
    texts: Sequence[DataSetText]


class Quote(NamedTuple):
    """A sentence that stands behind a number, and its image."""

    image: str
    text: DataSetText


@dataclass(frozen=True)
class WrittenWord:
    """A word that is written of images.

    Parameters
    ----------
    key
        See `Vocabulary`.
    images
        Of how many images it is written.
    in_box
        In how many of them a box has it, too.
    under_wider
        In how many of the others a box has what stands above it.
    """

    key: str
    images: int
    in_box: int
    under_wider: int

    @property
    def in_no_box(self) -> int:
        """Of how many images it is written while no box has it."""
        return self.images - self.in_box


@dataclass(frozen=True)
class WrittenWords:
    """What is written of a study's images.

    Parameters
    ----------
    images, with_text, texts
        How many images there are, of how many something is written, and how many lines.
    labelled
        Words that a label in use has: of most images in no box first.
    unlabelled
        Words that no label in use has: of most images first.
    no_things
        How many words were left out of them, as they name a thing in less than half of their uses.
    boxed
        In how many images a box has each label, or what stands below it, by its key.
    """

    images: int
    with_text: int
    texts: int
    labelled: tuple[WrittenWord, ...]
    unlabelled: tuple[WrittenWord, ...]
    no_things: int
    boxed: Mapping[str, int]


def image_words(
    samples: Iterable[Sample], more: Mapping[str, Sequence[DataSetText]] | None = None
) -> Iterator[ImageWords]:
    """Yield what is said of each image; `more` are lines that people wrote elsewhere, by the image's id."""
    for sample in samples:
        texts = [*written.texts_about(sample), *(more or {}).get(sample.id, ())]
        yield ImageWords(sample.id, {region.label for region in sample.regions}, texts)


def count_written_words(rows: Iterable[ImageWords], vocabulary: Vocabulary) -> WrittenWords:
    """Return which words are written of images, and in which of them a box has them."""
    counting = _Counting(vocabulary)
    for row in rows:
        counting.take(row)
    return counting.result()


class _Boxes:
    """What the boxes of an image say: their labels and all above them; kept by label."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.said: dict[str, frozenset[str]] = {}
        self.keys: dict[str, str] = {}

    def __call__(self, labels: Iterable[str]) -> set[str]:
        return {key for label in labels for key in self.of_label(label)}

    def are_wider(self, labels: Iterable[str], key: str) -> bool:
        """Return whether one of the labels stands above a word."""
        return self.is_below({*map(self.key, labels)}, key)

    def is_below(self, keys: set[str], key: str) -> bool:
        """Return whether one of these keys stands above a word."""
        return not self.vocabulary.above.get(key, frozenset()).isdisjoint(keys)

    def key(self, label: str) -> str:
        """Return the key of a label."""
        if label not in self.keys:
            self.keys[label] = self.vocabulary.key(label)
        return self.keys[label]

    def of_label(self, label: str) -> frozenset[str]:
        if label not in self.said:
            key = self.key(label)
            self.said[label] = frozenset({key}) | self.vocabulary.above.get(key, frozenset())
        return self.said[label]


@dataclass
class _Counting:
    vocabulary: Vocabulary
    all_images: int = 0
    with_text: int = 0
    texts: int = 0
    images: Counter[str] = field(default_factory=Counter)
    in_box: Counter[str] = field(default_factory=Counter)
    under_wider: Counter[str] = field(default_factory=Counter)
    boxed: Counter[str] = field(default_factory=Counter)
    uses: Counter[str] = field(default_factory=Counter)
    as_thing: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.boxes = _Boxes(self.vocabulary)

    def take(self, row: ImageWords) -> None:
        self.all_images += 1
        self.with_text += bool(row.texts)
        self.texts += len(row.texts)
        there = self.boxes(row.labels)
        self.boxed.update(there)
        named = self._named(row.texts)
        self.images.update(named)
        self.in_box.update(named & there)
        bare = {self.boxes.key(label) for label in row.labels}
        self.under_wider.update([key for key in named - there if self.boxes.is_below(bare, key)])

    def _named(self, texts: Iterable[DataSetText]) -> set[str]:
        found: set[str] = set()
        uses: list[str] = []
        things: list[str] = []
        for each in texts:
            reading = self.vocabulary.reader.read(each.text)
            uses += reading.lemmas
            things += [reading.lemmas[place] for place in reading.things]
            found.update([key for _, key in self.vocabulary.keys_named(reading)])
        self.uses.update(uses)
        self.as_thing.update(things)
        return found

    def result(self) -> WrittenWords:
        rows = [
            WrittenWord(key, images, self.in_box[key], self.under_wider[key])
            for key, images in self.images.items()
        ]
        labelled = [row for row in rows if row.key in self.vocabulary.spelled]
        others = [row for row in rows if row.key not in self.vocabulary.spelled]
        things = [row for row in others if self._is_thing(row.key)]
        return WrittenWords(
            self.all_images,
            self.with_text,
            self.texts,
            tuple(sorted(labelled, key=lambda row: (-row.in_no_box, -row.images, row.key))),
            tuple(sorted(things, key=lambda row: (-row.images, row.key))),
            len(others) - len(things),
            self.boxed,
        )

    def _is_thing(self, key: str) -> bool:
        last = key.rpartition(" ")[2]
        return self.as_thing[last] >= LEAST_THINGS * self.uses[last]


# -- the sentences behind a number


@dataclass(frozen=True)
class WrittenQuotes:
    """Sentences that have a word, by its key; drawn by a seed, one an image, at most `MOST_QUOTES` each.

    Parameters
    ----------
    absent
        Of images of which no box has the word.
    under_wider
        Those of them where a box has what stands above it.
    boxed
        Of images of which a box has it.
    in_boxes
        Images of which a box has it, whatever is written; without a sentence.
    """

    absent: Mapping[str, tuple[Quote, ...]]
    under_wider: Mapping[str, tuple[Quote, ...]]
    boxed: Mapping[str, tuple[Quote, ...]]
    in_boxes: Mapping[str, tuple[Quote, ...]]


class QuoteDraw:
    """Draws sentences as they come by, the same whatever their order; one an image for each key."""

    def __init__(self, seed: int, most: int = MOST_QUOTES) -> None:
        self.most = most
        self._salt = str(seed).encode()
        self._heaps: dict[str, list[tuple[int, str, Quote]]] = defaultdict(list)

    def offer(self, key: str, quote: Quote) -> None:
        """Take a sentence into the draw of a key, of which its image has none yet with a lower lot."""
        told = f"{quote.image}\0{quote.text.text}\0{quote.text.kind}".encode(errors="surrogatepass")
        lot = -int.from_bytes(hashlib.blake2b(told, digest_size=8, key=self._salt).digest())
        heap = self._heaps[key]
        if len(heap) == self.most and lot <= heap[0][0]:
            return
        same = next((each for each in heap if each[2].image == quote.image), None)
        if same is not None:
            if lot > same[0]:
                heap[heap.index(same)] = (lot, quote.image, quote)
                heapq.heapify(heap)
        elif len(heap) < self.most:
            heapq.heappush(heap, (lot, quote.image, quote))
        else:
            heapq.heapreplace(heap, (lot, quote.image, quote))

    def drawn(self, key: str) -> tuple[Quote, ...]:
        """Return what was drawn for a key, the lowest lot first."""
        return tuple(
            quote for *_, quote in sorted(self._heaps.get(key, ()), key=lambda each: (-each[0], each[1]))
        )

    def every(self) -> dict[str, tuple[Quote, ...]]:
        """Return what was drawn for each key."""
        return {key: self.drawn(key) for key in self._heaps}


def quote_written_words(
    rows: Iterable[ImageWords], vocabulary: Vocabulary, wanted: Collection[str], seed: int
) -> WrittenQuotes:
    """Return sentences that have these words.

    Parameters
    ----------
    rows
        What was counted, once more.
    wanted
        Keys of words: memory is bounded by them.
    seed
        Another seed draws other sentences.
    """
    asked, boxes = frozenset(wanted), _Boxes(vocabulary)
    absent, under_wider, boxed, in_boxes = (QuoteDraw(seed) for _ in range(4))
    for row in rows:
        there = boxes(row.labels)
        for key in there & asked:
            in_boxes.offer(key, Quote(row.image, NO_TEXT))
        for each in row.texts:
            keys = {key for _, key in vocabulary.keys_named(vocabulary.reader.read(each.text))}
            for key in keys & asked:
                quote = Quote(row.image, each)
                (boxed if key in there else absent).offer(key, quote)
                if key not in there and boxes.are_wider(row.labels, key):
                    under_wider.offer(key, quote)
    return WrittenQuotes(absent.every(), under_wider.every(), boxed.every(), in_boxes.every())
