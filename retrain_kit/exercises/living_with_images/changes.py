"""Changes: which words of a first description stay in the second, which are dropped, which are added.

Words are compared as `common.words` does, without the little words of a language. Scripts that put no space
between words and that it takes in long runs (Thai, Lao, Khmer, Burmese, Tibetan) are taken two letters at a
time here, as Chinese and Japanese are. Nothing is counted up to a grade for anybody: a description that loses
all its words is no worse than one that keeps them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrain_kit.exercises.common.words import Term, content_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from retrain_kit.answers import Record
    from retrain_kit.exercises.living_with_images.descriptions import DescriptionPair

_SPACELESS = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff]+")
_ANNOTATIONS = frozenset(("Mn", "Mc", "Me"))
Span = tuple[int, int]


@dataclass(frozen=True)
class TextChange:
    """The words of two texts, as they are compared; each word is in exactly one of the three."""

    stayed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True)
class WordChange:
    """What became of a word in a class, by pseudonym: who keeps it, who drops it, who adds it."""

    text: str
    stayed: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    @property
    def people(self) -> frozenset[str]:
        """Who has said it, in either text."""
        return frozenset((*self.stayed, *self.dropped, *self.added))


def change_between(first: Sequence[Term], second: Sequence[Term]) -> TextChange:
    """Return what became of the words of the first text in the second, each in its order."""
    before, after = ({term.text: None for term in text} for text in (first, second))
    return TextChange(
        tuple(word for word in before if word in after),
        tuple(word for word in before if word not in after),
        tuple(word for word in after if word not in before),
    )


def text_change(described: DescriptionPair) -> TextChange | None:
    """Return what became of a person's words.

    None where one of the two descriptions is missing or is a refusal, or where they are said to be in two
    languages: word by word there is nothing to compare.
    """
    first, second = described.first, described.second
    if not first or not second or first.refusal or second.refusal or not same_language(first, second):
        return None
    return change_between(terms_of_record(first), terms_of_record(second))


def same_language(first: Record, second: Record) -> bool:
    """Say whether two records may be in one language: both say the same, or one does not say."""
    tags = {record.language.lower().partition("-")[0] for record in (first, second) if record.language}
    return len(tags) <= 1


def word_changes(every: Iterable[DescriptionPair]) -> list[WordChange]:
    """Return what became of every word in a class; those that most people have first, then in their order."""
    found: dict[str, WordChange] = {}
    for described in every:
        change = text_change(described) or TextChange()
        for kind in ("stayed", "dropped", "added"):
            for text in getattr(change, kind):
                whos = getattr(found.setdefault(text, WordChange(text)), kind)
                whos += [described.who] if described.who not in whos else []
    return sorted(found.values(), key=lambda word: -len(word.people))


def terms_of_record(record: Record) -> list[Term]:
    """Return the words of a record, in its own language."""
    return terms_of_text(record.text, record.language)


def terms_of_text(text: str, language: str = "") -> list[Term]:
    """Return the words of a text; those of scripts without spaces two letters at a time."""
    return [
        part
        for term in content_words(text, language)
        for part in (_pieces(text, term) if _SPACELESS.fullmatch(term.text) else (term,))
    ]


def term_spans(found: Iterable[Term], chosen: Collection[str]) -> list[Span]:
    """Return where the chosen words stand, in order; those that touch are one."""
    merged: list[Span] = []
    for term in found:
        if term.text in chosen:
            if merged and term.start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], term.end))
            else:
                merged.append((term.start, term.end))
    return merged


def chosen_passages(record: Record, chosen: Collection[str]) -> tuple[str, ...]:
    """Return the chosen words as the record has them, each once."""
    found = (record.text[start:end] for start, end in term_spans(terms_of_record(record), chosen))
    return tuple({text.casefold(): text for text in found}.values())


def highlighted_parts(record: Record, chosen: Collection[str]) -> list[tuple[str, bool]]:
    """Return a record's text cut into parts, each with whether it is of the chosen words."""
    done, place = list[tuple[str, bool]](), 0
    for start, end in term_spans(terms_of_record(record), chosen):
        done += [(record.text[place:start], False), (record.text[start:end], True)]
        place = end
    return [part for part in (*done, (record.text[place:], False)) if part[0]]


def _pieces(text: str, term: Term) -> Iterator[Term]:
    """Yield a word without inner spaces as overlapping pairs of letters, each with its combining marks."""
    starts = [
        place
        for place in range(term.start, term.end)
        if unicodedata.category(text[place]) not in _ANNOTATIONS
    ]
    edges = [term.start, *starts[1:], term.end]
    for number in range(max(1, len(edges) - 2)):
        start, end = edges[number], edges[min(number + 2, len(edges) - 1)]
        yield Term(unicodedata.normalize("NFKC", text[start:end]), start, end)
