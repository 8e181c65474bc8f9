"""Words: the terms of a sentence, where each of them stands, and when two of them are the same.

Two words are the same where they differ in case or in the way Unicode writes them, and in nothing else:
*knife* and *knives* are two. Chinese and Japanese, which put no space between words, are taken two characters
at a time. The commonest little words of the exercises' languages are left out. Other languages without spaces
are taken as they stand, in long runs.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LETTERS = frozenset("LMN")
_JOINTS = frozenset("'\u2019-\u2010")
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_ELISION = re.compile("(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'", re.IGNORECASE)
STOP_WORDS = {
    "en": "a an and are as at be but by for from had has have he her his i in into is it it's its of on "
    "or she so than that the their them there these they this those to was we were what which "
    "while with you",
    "pt": "a ao aos as às à com como da das de do dos e é em ela ele eles elas entre essa esse esta "
    "este foi há isso isto mais mas na nas no nos o os ou para pela pelo por que se sem ser seu "
    "sua são também um uma uns",
    "es": "a al como con de del e el ella ellas ellos en entre era es esa ese esta este esto está fue "
    "ha hay la las le lo los más no o para pero por que se sin son su sus también un una unas "
    "unos y ya",
    "fr": "à au aux avec c ce cette ces dans de des du elle elles en entre est et il ils la le les leur "
    "leurs mais ne on ou où par pas plus pour qu que qui sa sans se ses son sont sur un une",
    "sw": "au cha hadi hata hii hiki hili hiyo huo huyo ila ya yake yao ni na kama katika kwa kwenye "
    "lakini la pia sana si tu wa wake wao za zake",
    "zh": "的 了 和 是 在 与 也 就 都 而 及 或",
}
"""The words that are left out, by language."""
_LITTLE = {language: frozenset(words.split()) for language, words in STOP_WORDS.items()}


@dataclass(frozen=True)
class Term:
    """A word of a text: as it is compared, and where in the text it starts and ends."""

    text: str
    start: int
    end: int


def content_words(text: str, language: str = "") -> list[Term]:
    """Return the words of a text in their order, without the little words of its language.

    Where the language is not one of `STOP_WORDS`, no word is left out.
    """
    little = _LITTLE.get(language.lower().partition("-")[0], frozenset())
    found = (term for start, end in _runs(text) for term in _of_run(text, start, end, little))
    return [term for term in found if term.text not in little]


def vocabulary(text: str, language: str = "") -> frozenset[str]:
    """Return the different words of a text."""
    return frozenset(term.text for term in content_words(text, language))


def jaccard_similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much two vocabularies share, from 0 to 1: words in both of the words in either (Jaccard)."""
    either = one | other
    return len(one & other) / len(either) if either else 0.0


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words start and end: letters, marks, numbers, and hyphens and apostrophes within."""
    start = None
    for place, sign in enumerate(f"{text} "):
        inside = unicodedata.category(sign)[0] in _LETTERS
        joint = sign in _JOINTS and start is not None and _letter_at(text, place + 1)
        if inside and start is None:
            start = place
        elif start is not None and not inside and not joint:
            yield start, place
            start = None


def _letter_at(text: str, place: int) -> bool:
    return place < len(text) and unicodedata.category(text[place])[0] in _LETTERS


def _of_run(text: str, start: int, end: int, little: frozenset[str]) -> Iterator[Term]:
    """Yield the words of a run, which may be partly in Chinese."""
    place = start
    for dense in _DENSE.finditer(text, start, end):
        yield from _word(text, place, dense.start())
        yield from _dense(text, dense.start(), dense.end(), little)
        place = dense.end()
    yield from _word(text, place, end)


def _word(text: str, start: int, end: int) -> Iterator[Term]:
    if start < end:
        if elided := _ELISION.match(text[start:end].replace("\u2019", "'")):
            start += elided.end()
        plain = _plain(text[start:end])
        yield Term(plain.removesuffix("'s"), start, end)


def _dense(text: str, start: int, end: int, little: frozenset[str]) -> Iterator[Term]:
    """Yield two characters at a time, none of them little."""
    edges = [start - 1, *(place for place in range(start, end) if text[place] in little), end]
    for before, after in pairwise(edges):
        first, last = before + 1, after
        for place in range(first, max(last - 1, min(first + 1, last))):
            stop = min(place + 2, last)
            yield Term(_plain(text[place:stop]), place, stop)


def _plain(text: str) -> str:
    joined = text.replace("\u2019", "'").replace("\u2010", "-")
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", joined).casefold())
