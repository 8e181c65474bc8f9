"""Wordings: which of them may mean the same. It is asked, never decided."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.exercises.ranges import WITHDRAWN

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrain_kit.exercises.ranges import Range, Wording

NEAR = 0.8
"""From so alike on, by the letters that two wordings share in the same order, they are asked about."""

_ARTICLES = {"a", "an", "the", "some"}


@dataclass(frozen=True)
class Question:
    """Two wordings of which a person may say that they are the same."""

    one: Wording
    other: Wording

    def __str__(self) -> str:
        return f"{self.one.text} – {self.other.text}"


class Likenesses:
    """Which wordings of a growing list are near to each other; each two are compared once."""

    def __init__(self) -> None:
        self._words: dict[str, list[str]] = {}
        self._near: set[tuple[str, str]] = set()

    def among(self, texts: Collection[str]) -> set[tuple[str, str]]:
        """Return the pairs of these that are near, each in some order; others are forgotten."""
        if not self._words.keys() <= set(texts):
            self._words = {text: words for text, words in self._words.items() if text in texts}
            self._near = {pair for pair in self._near if self._words.keys() >= set(pair)}
        for text in texts:
            if text not in self._words:
                words = _words(text)
                self._near |= {(other, text) for other, known in self._words.items() if _near(known, words)}
                self._words[text] = words
        return self._near


def alike(found: Range, known: Likenesses | None = None) -> tuple[Question, ...]:
    """Return the pairs of wordings that may be the same, in the order of the list.

    A pair is asked about where the letters are nearly the same, or all words of one are among the other's;
    not where the two are the same option already, or somebody has taken them apart. `known` remembers what
    was compared before, where a list is asked about again and again.
    """
    apart = {frozenset(act.texts) for act in found.acts if act.undone}
    listed = [(number, each) for number, option in enumerate(found.options) for each in option.wordings]
    places = {each.text: place for place, (_, each) in enumerate(listed) if each.text != WITHDRAWN}
    near = sorted(
        tuple(sorted(map(places.__getitem__, pair))) for pair in (known or Likenesses()).among(places)
    )
    return tuple(
        Question(listed[one][1], listed[other][1])
        for one, other in near
        if listed[one][0] != listed[other][0]
        and frozenset((listed[one][1].text, listed[other][1].text)) not in apart
    )


def near(one: str, other: str) -> bool:
    """Say whether two wordings are alike, articles, capitals and punctuation aside."""
    return _near(_words(one), _words(other))


def _near(first: list[str], second: list[str]) -> bool:
    if not (first and second):
        return False
    if set(first) <= set(second) or set(second) <= set(first):
        return True
    one, other = " ".join(first), " ".join(second)
    most = 2 * min(len(one), len(other)) / (len(one) + len(other))
    return most >= NEAR and difflib.SequenceMatcher(None, one, other).ratio() >= NEAR


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.casefold()) if word not in _ARTICLES]
