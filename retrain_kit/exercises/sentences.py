"""Sentences: how what was said is shown, with refusals, footnotes and what was withdrawn.

What people type is text, never markup.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from retrain_kit.exercises.circles import FIRST, IMPROVEMENT, NEW, step_of
from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.terms import terms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from retrain_kit.answers import Record
    from retrain_kit.exercises.lineages import Place

STEPS = {
    FIRST: "first sentence",
    IMPROVEMENT: "improves {source}",
    NEW: "new sentence, after reading {source}",
}


def shown(place: Place) -> str:
    """Return what stands in a place, as plain text."""
    if not place.record:
        return f"Withdrawn, {place.withdrawn[:10]}." if place.withdrawn else "Not here."
    return in_words(place) or f"({refusals.TOLD.get(place.record.refusal, 'no words')})"


def in_words(place: Place) -> str:
    """Return the words of a place; empty where there are none."""
    return place.record.text.strip() if place.record else ""


def title(place: Place) -> str:
    """Return what stands above a sentence: its number, whose it is, and which of the three texts."""
    return f"{place.number} · {_head(place)}" if place.record else f"{place.number}"


def _head(place: Place) -> str:
    if not place.record:
        return ""
    step = STEPS[step_of(place.record)].format(source=place.source or "what is not here")
    refused = f" (refused: {refusals.TOLD[place.record.refusal]})" if place.record.refusal else ""
    return f"{place.record.who} · {step}{refused}"


def marked(record: Record, words: Collection[str]) -> str:
    """Return a record's text as HTML, with the words that are spoken of marked in it."""
    done, place = [], 0
    for term in terms(record.text, record.language):
        if term.text in words and term.end > place:
            start = max(term.start, place)
            done += [
                escape(record.text[place:start]),
                f"<mark>{escape(record.text[start : term.end])}</mark>",
            ]
            place = term.end
    return "".join([*done, escape(record.text[place:])]).replace("</mark><mark>", "")


def listed(places: Iterable[Place], words: Collection[str] = ()) -> str:
    """Return all sentences whole, with their footnotes, as HTML."""
    return f"<ol>{''.join(f'<li>{_item(place, words)}</li>' for place in places)}</ol>"


def _item(place: Place, words: Collection[str]) -> str:
    if not place.record:
        return f"<em>{escape(shown(place))}</em>"
    said = marked(place.record, words) if in_words(place) else f"<em>{escape(shown(place))}</em>"
    notes = "".join(
        f"<br><small>Footnote, {escape(note.when[:10])}: "
        f'<bdi lang="{escape(note.language)}">{escape(note.text)}</bdi></small>'
        for note in place.record.footnotes
    )
    language = escape(place.record.language)
    return f'<bdi lang="{language}">{said}</bdi><br><small>{escape(_head(place))}</small>{notes}'


def plain(places: Iterable[Place]) -> str:
    """Return all sentences as lines of text."""
    lines = []
    for place in places:
        notes = place.record.footnotes if place.record else ()
        lines.append(f"{'  ' * place.depth}{title(place)}: {shown(place)}")
        lines += [f"{'  ' * place.depth}  footnote: {note.text}" for note in notes]
    return "\n".join(lines)
