"""Lineage drawings: every sentence under the one it grew out of, as a vector picture.

A line leads from each sentence to what it was made from; a dot's colour is a person's, whose pseudonym stands
beside it. Long sentences are cut here, and whole in the list of sentences.
"""

from __future__ import annotations

import unicodedata
from html import escape
from typing import TYPE_CHECKING

from retrain_kit.display import svg as drawings
from retrain_kit.display.tokens import HUES
from retrain_kit.exercises import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.exercises.lineages import Place

WIDTH = 560
MOST_LINES = 4
_SIZE, _SMALL, _LEADING, _GAP = 15, 12, 20, 14
_INDENT, _DEEPEST, _MARGIN, _RADIUS = 30, 6, 12, 6
_NARROW, _WIDE = 0.54, 1.02  # mean widths of letters, in letter heights
_INK, _QUIET, _RIM, _PAPER = map(drawings.colour, ("ink", "quiet", "rim", "paper"))


def svg(places: Sequence[Place]) -> str:
    """Return the drawing of a forest of sentences."""
    people = dict.fromkeys(place.record.who for place in places if place.record)
    colours = {who: drawings.colour(HUES[number % len(HUES)]) for number, who in enumerate(people)}
    parts, dots, y = [], dict[int, tuple[int, int]](), _MARGIN
    for place in places:
        y += _GAP + _SMALL + (0 if place.source else _GAP)
        x = _MARGIN + _INDENT * min(place.depth, _DEEPEST)
        if place.source in dots:
            parts.append(_branch(dots[place.source], (x, y - 4)))
        dots[place.number] = (x, y - 4)
        lines = _wrapped(_printable(sentences.shown(place)), WIDTH - x - 3 * _RADIUS - _MARGIN)
        colour = colours[place.record.who] if place.record else _PAPER
        parts += [_dot(x, y - 4, colour), _text(x, y, sentences.title(place), _SMALL, _QUIET)]
        for line in lines:
            y += _LEADING
            parts.append(_text(x, y, line, _SIZE, _INK if sentences.in_words(place) else _QUIET))
    return drawings.document(WIDTH, y + 2 * _MARGIN, parts)


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
    """Return a text in lines that fit into so many units, at most `MOST_LINES`; long words are cut."""
    lines = [""]
    for word in _pieces(" ".join(text.split())):
        if lines[-1] and _width(lines[-1] + word.rstrip()) > room:
            lines.append("")
        for sign in word.lstrip() if not lines[-1] else word:
            if _width(lines[-1] + sign) > room:
                lines.append("")
            lines[-1] += sign
        if len(lines) > MOST_LINES:
            return [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1].rstrip()[:-1]}…"]
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
