"""Shown words: what of the words of a study is shown under the veil, in tables and in sentences.

The veil of the study (`analysis.veiled_study`) hides what its label system has below *person*. Sentences hold
words of no label system: without a list of words that may wound, the words that data sets use for people are
hidden in them, too, and those that were asked for. What stands before such a word, or is said of it, is
hidden as long as the content notice is not accepted, whatever the list: *old*, *pretty*. Counts stay.

Which other words of a sentence are words for people only a label system can say that has them, as WordNet.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING

from retrain_kit.analysis.english import Kind, Reading, plurals
from retrain_kit.analysis.people_in_images import PERSONS
from retrain_kit.analysis.word_company import Place, beside_words
from retrain_kit.annotations.hidden_words import HiddenWords
from retrain_kit.annotations.veil import PERSON_IDS, SIGN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrain_kit.analysis.veiled_study import StudyVeil
    from retrain_kit.analysis.vocabulary import Vocabulary
    from retrain_kit.annotations.samples import ImageLabel, PointLabel, Region, Sample


WRITTEN_OF_PEOPLE = frozenset(
    {
        *(
            "lady",
            "guy",
            "gentleman",
            "gentlemen",
            "dude",
            "gal",
            "male",
            "female",
            "adult",
            "teenager",
            "teen",
        ),
        *("toddler", "infant", "youngster", "mother", "mom", "father", "dad", "son", "daughter", "brother"),
        *("sister", "wife", "husband", "bride", "groom", "couple", "elderly", "chick", "lad", "lass"),
    }
)
"""Words for people that are common in sentences, besides those of `PERSONS`."""


class ShownWords:
    """What is shown of words and sentences.

    Parameters
    ----------
    veil
        The study's veil.
    vocabulary
        The words of the study.
    samples
        All images of the study.
    asked
        Words for people that are asked about, without plural.
    listed
        Whether there is a list of words that may wound: then no word besides is hidden.
    """

    def __init__(
        self,
        veil: StudyVeil,
        vocabulary: Vocabulary,
        samples: Sequence[Sample],
        asked: Sequence[str] = (),
        *,
        listed: bool = False,
    ) -> None:
        self.veil = veil.look_at(samples)
        self.vocabulary = vocabulary
        self.asked = tuple(asked)
        self._numbers = {sample.id: number for number, sample in enumerate(samples, start=1)}
        self._labels = _shown_labels(veil, samples)
        people = () if listed else {*PERSONS, *WRITTEN_OF_PEOPLE, *self.asked} - {*PERSON_IDS, "persons"}
        self._more = HiddenWords(each for word in people for each in (word, *plurals(word)))

    @property
    def lifted(self) -> bool:
        """Whether the content notice was accepted."""
        return self.veil.lifted

    def label(self, label: str) -> str:
        """Return what is shown of a label of the study."""
        return label if self.lifted else self._hidden(self._labels.get(label, label))

    def word(self, key: str) -> str:
        """Return what is shown of a word, by its key: the label that it is, or the word itself."""
        label = self.vocabulary.spelled.get(key)
        if label is not None:
            return self.label(label)
        return key if self.lifted else self._hidden(self.veil.word(key))

    def asked_word(self, word: str) -> str:
        """Return what is shown of a word that was asked for: where it is hidden, which one it was."""
        return f"{SIGN} {self.asked.index(word) + 1}" if SIGN in self.word(word) else word

    def said_of_people(self, word: str) -> str:
        """Return what is shown of a word that is said of people."""
        return word if self.lifted else f"{SIGN} {_digest(word)}"

    def sentence(self, text: str) -> str:
        """Return a sentence without words for people, and without what is said of them."""
        if self.lifted:
            return text
        reading = self.vocabulary.reader.read(text)
        told = HiddenWords(_said_of(reading, self._people))
        return self._more.hide(self.veil.text(told.hide(text)))

    def image(self, name: str) -> str:
        """Return what an image is called: its name may hold a label, so that it has a number instead."""
        return f"image {self._numbers[name]:,}" if name in self._numbers else "an image"

    def _hidden(self, word: str) -> str:
        hidden = self._more.hide(word)
        return word if hidden == word else f"{hidden} {_digest(word)}"

    @cached_property
    def _people(self) -> frozenset[str]:
        """Words for people, *person* among them, without plural."""
        words = PERSONS | WRITTEN_OF_PEOPLE
        lemmas = self.vocabulary.reader.lemmas
        return frozenset((*words, *self.asked, *(each for word in words for each in lemmas(word))))


def _shown_labels(veil: StudyVeil, samples: Sequence[Sample]) -> Mapping[str, str]:
    """Return what is shown of each label that the veil changes anywhere."""
    found: dict[str, str] = {}
    if veil.lifted:
        return found
    for sample in samples:
        said: tuple[Region | ImageLabel | PointLabel, ...] = (*sample.regions, *sample.labels, *sample.points)
        for annotation in said:
            if (shown := veil.label(annotation)) != annotation.label:
                found[annotation.label] = shown
    return found


def _said_of(reading: Reading, people: frozenset[str]) -> Iterator[str]:
    """Yield the words before a word for people in its run, and those that a form of *be* joins to it."""
    for at, lemma in enumerate(reading.lemmas):
        if lemma in people:
            start = at
            while start and reading.kinds[start - 1] <= Kind.ING:
                start -= 1
            yield from reading.words[start:at]
    for _, place, other in beside_words(reading, people):
        if place is Place.SAID:
            yield other


def _digest(word: str) -> str:
    return f"#{hashlib.sha256(word.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
