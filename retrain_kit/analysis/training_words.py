"""Training words: whether a machine that has a list of words has those that people use of a work.

A machine with a list can say a word of it and no other. A label of a list may have several names, parted by
commas, and a name several words: *maze, labyrinth*; *oil filter*. A word is *on the list* where it is a whole
name, letter by letter, capitals aside: no plural is taken back, and nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from retrain_kit.annotations.written import TrainingWords
from retrain_kit.storage.texts import composed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_CLOSED = """
a an and as at be by for from he her his if in into is it its no nor not of off on onto or our over she so
some than that the their them they this to too under up was we were what which who with without you
"""
_CLOSED_ELSEWHERE = """
al ao au aux avec con da das de degli dei del della der des di dos du ein eine einer el en et gli het il im la
las le les lo los mit na para por sur um uma un una und une von zum zur
"""
CLOSED = frozenset(f"{_CLOSED} {_CLOSED_ELSEWHERE}".split())
"""Words that name nothing: they are not looked for, and two lines that share one share no word.

English ones, and of the languages of titles those that are no English word besides: *die* and *van* stay.
"""
MOST_INSTEAD = 4


@dataclass(frozen=True)
class SoughtWord:
    """A word that was looked for on a list.

    Parameters
    ----------
    word
        In small letters.
    on_list
        Whether it is a name of the list.
    instead
        The names of the list that have it among other words, in the list's order: *oil* has *oil filter*.
    """

    word: str
    on_list: bool
    instead: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """What was found, in words."""
        if self.on_list:
            return f"{self.word}: on the list"
        more = len(self.instead) - MOST_INSTEAD
        named = ", ".join(self.instead[:MOST_INSTEAD]) + (f" and {more} more" if more > 0 else "")
        return f"{self.word}: not on the list" + (f", which has {named}" if self.instead else "")


class WordList:
    """The words that a machine has, to be looked into.

    Parameters
    ----------
    labels
        As the machine has them; an empty one is none.
    shown
        The same under the veil, in the same order; a name that is veiled is never said in place of a word.
    """

    def __init__(self, labels: Sequence[str], shown: Sequence[str] = ()) -> None:
        self._labels = [label for label in labels if label.strip()]
        self._open = set(shown or labels)

    def __len__(self) -> int:
        return len(self._labels)

    @cached_property
    def _names(self) -> dict[str, None]:
        return dict.fromkeys(name for label in self._labels for name in names_of(label))

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        shown = (label for label in self._labels if label in self._open)
        for name in dict.fromkeys(name for label in shown for name in names_of(label)):
            for word in dict.fromkeys(_WORD.findall(name)):
                found.setdefault(word, []).append(name)
        return found

    def look_for(self, word: str) -> SoughtWord:
        """Return whether a word is on the list, and which names have it among others."""
        plain = " ".join(composed(word).casefold().split())
        instead = tuple(name for name in self._by_word.get(plain, ()) if name != plain)
        return SoughtWord(plain, plain in self._names, instead)

    def beside(self, words: Iterable[str]) -> TrainingWords:
        """Return how many words a machine has, and which of some it has and has not."""
        sought = dict.fromkeys(map(self.look_for, words))
        return TrainingWords(
            len(self),
            tuple(each.word for each in sought if each.on_list),
            tuple(each.word for each in sought if not each.on_list),
        )


def names_of(label: str) -> tuple[str, ...]:
    """Return the names of a label in small letters: *maze* and *labyrinth* of *maze, labyrinth*."""
    names = composed(label).casefold().split(",")
    return tuple(" ".join(name.split()) for name in names if name.strip())


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters, each once, without those that name nothing."""
    found = dict.fromkeys(word for word in _WORD.findall(composed(text).casefold()) if len(word) > 1)
    return [word for word in found if word not in CLOSED]
