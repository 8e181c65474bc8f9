"""Lineages: which sentence grew out of which.

Nothing is repeated here of what was withdrawn: only that something was, and when. What others wrote on top of
it is theirs, and stays.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from retrain_kit.display import tokens
from retrain_kit.display.tokens import HUES
from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.common.words import content_words
from retrain_kit.exercises.polyphony.turns import FIRST, IMPROVEMENT, NEW, step_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from retrain_kit.answers import Record, Withdrawal


@dataclass(frozen=True)
class SentenceNode:
    """Where a sentence stands.

    Parameters
    ----------
    number
        From 1, in the order in which they are shown.
    id
        The id of its record.
    depth
        How many sentences it grew out of, one out of the other.
    source
        The number of the sentence it grew out of; 0 where it is a first one.
    record
        What was said; None where it was withdrawn, or has not come here.
    withdrawn
        When it was withdrawn; empty where it was not.
    """

    number: int
    id: str
    depth: int
    source: int
    record: Record | None
    withdrawn: str = ""


def sentence_tree(records: Sequence[Record], withdrawals: Iterable[Withdrawal] = ()) -> list[SentenceNode]:
    """Return all sentences, each after the one it grew out of, in the order of the records."""
    by_id = {record.id: record for record in records}
    gone = {each.of: each.when for each in withdrawals}
    parents = _without_rings({name: record.asked.record for name, record in by_id.items()})
    children: dict[str, list[str]] = defaultdict(list)
    for name, parent in parents.items():
        children[parent].append(name)
    missing = dict.fromkeys(parent for parent in parents.values() if parent and parent not in by_id)
    order = {record.id: place for place, record in enumerate(records)}
    roots = sorted([*children[""], *missing], key=lambda name: order.get(name, -1))
    waiting = [(name, 0, 0) for name in reversed(roots)]
    found: list[SentenceNode] = []
    while waiting:
        name, depth, source = waiting.pop()
        number = len(found) + 1
        found.append(SentenceNode(number, name, depth, source, by_id.get(name), gone.get(name, "")))
        waiting += [(child, depth + 1, number) for child in reversed(children[name])]
    return found


def _without_rings(parents: dict[str, str]) -> dict[str, str]:
    """Return the same, cut where somebody forged sentences that grow out of themselves."""
    cut, safe = dict(parents), {""}
    for start in parents:
        name, way = start, dict[str, None]()
        while name not in safe and name in cut:
            safe.add(name)
            way[name] = None
            if cut[name] in way:
                cut[name] = ""
            name = cut[name]
    return cut


# -- lineage drawings: every sentence under the one it grew out of, as a vector image.


WIDTH_PX = 560
MAX_LINES = 4
_SIZE, _SMALL, _LEADING, _GAP = 15, 12, 20, 14
_INDENT, _DEEPEST, _MARGIN, _RADIUS = 30, 6, 12, 6
_NARROW, _WIDE = 0.54, 1.02  # mean widths of letters, in letter heights
_INK, _QUIET, _RIM, _PAPER = map(tokens.css_variable, ("ink", "quiet", "rim", "paper"))


def lineage_svg(places: Sequence[SentenceNode]) -> str:
    """Return the drawing of a forest of sentences."""
    people = dict.fromkeys(place.record.who for place in places if place.record)
    colours = {who: tokens.css_variable(HUES[number % len(HUES)]) for number, who in enumerate(people)}
    parts, dots, y = [], dict[int, tuple[int, int]](), _MARGIN
    for place in places:
        y += _GAP + _SMALL + (0 if place.source else _GAP)
        x = _MARGIN + _INDENT * min(place.depth, _DEEPEST)
        if place.source in dots:
            parts.append(_branch(dots[place.source], (x, y - 4)))
        dots[place.number] = (x, y - 4)
        lines = _wrapped(_printable(sentence_text(place)), WIDTH_PX - x - 3 * _RADIUS - _MARGIN)
        colour = colours[place.record.who] if place.record else _PAPER
        parts += [_dot(x, y - 4, colour), _text(x, y, sentence_title(place), _SMALL, _QUIET)]
        for line in lines:
            y += _LEADING
            parts.append(_text(x, y, line, _SIZE, _INK if sentence_words(place) else _QUIET))
    return tokens.svg_document(WIDTH_PX, y + 2 * _MARGIN, parts)


def _branch(start: tuple[int, int], end: tuple[int, int]) -> str:
    (x, y), (to_x, to_y) = start, end
    way = f"M{x} {y + _RADIUS}V{to_y - 8}Q{x} {to_y} {x + 8} {to_y}H{max(to_x - _RADIUS, x + 8)}"
    return f'<path d="{way}" fill="none" stroke="{_RIM}" stroke-width="1.5"/>'


def _dot(x: int, y: int, colour: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{_RADIUS}" fill="{colour}" stroke="{_QUIET}" stroke-width="1"/>'


def _text(x: int, y: int, text: str, size: int, colour: str) -> str:
    place = f'x="{x + 2 * _RADIUS}" y="{y}"'
    return f'<text {place} font-size="{size}" fill="{colour}">{escape(_printable(text))}</text>'


def _wrapped(text: str, room: int) -> list[str]:
    """Return a text in lines that fit into so many units, at most `MAX_LINES`; long words are cut."""
    lines = [""]
    for word in _pieces(" ".join(text.split())):
        if lines[-1] and _width(lines[-1] + word.rstrip()) > room:
            lines.append("")
        for sign in word.lstrip() if not lines[-1] else word:
            if _width(lines[-1] + sign) > room:
                lines.append("")
            lines[-1] += sign
        if len(lines) > MAX_LINES:
            return [*lines[: MAX_LINES - 1], f"{lines[MAX_LINES - 1].rstrip()[:-1]}…"]
    return lines


def _pieces(text: str) -> list[str]:
    """Return the words with the space behind each; a wide character is a word of its own."""
    pieces = [""]
    for sign in text:
        if pieces[-1].endswith(" ") or _is_wide(sign) or (pieces[-1] and _is_wide(pieces[-1][-1])):
            pieces.append("")
        pieces[-1] += sign
    return pieces


def _width(text: str) -> float:
    return sum(_SIZE * (_WIDE if _is_wide(sign) else _NARROW) for sign in text)


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def _printable(text: str) -> str:
    """Return a text without the signs that XML has no place for, or that turn what follows them around."""
    return "".join(
        " " if unicodedata.category(sign) in {"Cc", "Cs", "Cn", "Co"} or sign in _TURNS else sign
        for sign in text
    )


_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# -- sentences: how what was said is shown, with refusals, footnotes and what was withdrawn.


STEP_TITLES = {
    FIRST: "first sentence",
    IMPROVEMENT: "improves {source}",
    NEW: "new sentence, after reading {source}",
}


def sentence_text(place: SentenceNode) -> str:
    """Return what stands in a place, as plain text."""
    if not place.record:
        return f"Withdrawn, {place.withdrawn[:10]}." if place.withdrawn else "Not here."
    return sentence_words(place) or f"({refusals.WORDS_OF_SOMEBODY.get(place.record.refusal, 'no words')})"


def sentence_words(place: SentenceNode) -> str:
    """Return the words of a place; empty where there are none."""
    return place.record.text.strip() if place.record else ""


def sentence_title(place: SentenceNode) -> str:
    """Return what stands above a sentence: its number, whose it is, and which of the three texts."""
    return f"{place.number} · {_head(place)}" if place.record else f"{place.number}"


def _head(place: SentenceNode) -> str:
    if not place.record:
        return ""
    step = STEP_TITLES[step_of(place.record)].format(source=place.source or "what is not here")
    refused = (
        f" (refused: {refusals.WORDS_OF_SOMEBODY[place.record.refusal]})" if place.record.refusal else ""
    )
    return f"{place.record.who} · {step}{refused}"


def highlighted_html(record: Record, words: Collection[str]) -> str:
    """Return a record's text as HTML, with the words that are spoken of marked in it."""
    done, place = [], 0
    for term in content_words(record.text, record.language):
        if term.text in words and term.end > place:
            start = max(term.start, place)
            done += [
                escape(record.text[place:start]),
                f"<mark>{escape(record.text[start : term.end])}</mark>",
            ]
            place = term.end
    return "".join([*done, escape(record.text[place:])]).replace("</mark><mark>", "")


def sentences_html(places: Iterable[SentenceNode], words: Collection[str] = ()) -> str:
    """Return all sentences whole, with their footnotes, as HTML."""
    return f"<ol>{''.join(f'<li>{_item(place, words)}</li>' for place in places)}</ol>"


def _item(place: SentenceNode, words: Collection[str]) -> str:
    if not place.record:
        return f"<em>{escape(sentence_text(place))}</em>"
    said = (
        highlighted_html(place.record, words)
        if sentence_words(place)
        else f"<em>{escape(sentence_text(place))}</em>"
    )
    notes = "".join(
        f"<br><small>Footnote, {escape(note.when[:10])}: "
        f'<bdi lang="{escape(note.language)}">{escape(note.text)}</bdi></small>'
        for note in place.record.footnotes
    )
    language = escape(place.record.language)
    return f'<bdi lang="{language}">{said}</bdi><br><small>{escape(_head(place))}</small>{notes}'


def sentences_text(places: Iterable[SentenceNode]) -> str:
    """Return all sentences as lines of text."""
    lines = []
    for place in places:
        notes = place.record.footnotes if place.record else ()
        lines.append(f"{'  ' * place.depth}{sentence_title(place)}: {sentence_text(place)}")
        lines += [f"{'  ' * place.depth}  footnote: {note.text}" for note in notes]
    return "\n".join(lines)
