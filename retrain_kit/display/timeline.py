"""A timeline: what happened when, from the top down, narrow enough for a phone.

A year without anything is a short piece of the line, so that time is seen to pass. Words are beside dots, and
colours tell nothing that the words do not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from retrain_kit.display import signs, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH_PX = 280
"""What is left of a screen of 320 pixels between the margins of a page."""
_TEXT_PX, _LINE_PX = 13, 17
_GAP_PX, _YEAR_PX = 11, 9
_LINE_X, _WORDS_X = 52, 66
_SIGNS = 29
"""As many of the widest usual letters as fit beside the line."""
_MOST_SIGNS = 120


@dataclass(frozen=True)
class Moment:
    """Something that happened.

    Parameters
    ----------
    when
        A year, a month `2007-10`, or a day `2007-10-15`.
    who
        What it happened to, in a word or two; the same has the same colour.
    what
        What happened, in a few words.
    """

    when: str
    who: str
    what: str

    @property
    def year(self) -> int:
        """The year."""
        return int(self.when[:4])


def timeline_svg(moments: Sequence[Moment]) -> str:
    """Return moments, in their order, as an SVG that is as high as they need."""
    names = list(dict.fromkeys(moment.who for moment in moments))
    top, parts, dots = 16.0, list[str](), list[float]()
    for before, moment in pairwise((None, *moments)):
        empty = moment.year - before.year - 1 if moment and before else 0
        parts += [_tick(top + each * _YEAR_PX) for each in range(max(empty, 0))]
        top += max(empty, 0) * _YEAR_PX
        if moment:
            first = before is None or before.year != moment.year
            drawn, lines = _moment(moment, top, names.index(moment.who), first=first)
            parts.append(drawn)
            dots.append(top)
            top += lines * _LINE_PX + _GAP_PX
    told = f"{len(moments)} moments, from {moments[0].when} to {moments[-1].when}." if moments else ""
    line = (
        f'<path d="M{_LINE_X} {dots[0]}V{dots[-1]}" stroke="{tokens.css_variable("rim")}" stroke-width="2"/>'
        if dots
        else ""
    )
    said = [f"<title>{escape(told)}</title>", line, *parts]
    return tokens.svg_document(WIDTH_PX, round(top), said, role="img", font_size=str(_TEXT_PX))


def _tick(top: float) -> str:
    left, colour = _LINE_X - 3, tokens.css_variable("rim")
    return f'<path d="M{left} {top:.1f}h6" stroke="{colour}" stroke-width="1"/>'


def _moment(moment: Moment, top: float, number: int, *, first: bool) -> tuple[str, int]:
    """Return a moment with its dot, and how many lines its words take."""
    hue = tokens.css_variable(tokens.HUES[number % len(tokens.HUES)])
    ink, quiet = tokens.css_variable("ink"), tokens.css_variable("quiet")
    lines = _wrapped(signs.visible(signs.shortened(moment.what, _MOST_SIGNS)))
    base = top + 5
    shown = [f'<circle cx="{_LINE_X}" cy="{top:.1f}" r="5" fill="{hue}"/>']
    if first:
        shown.append(f'<text x="6" y="{base:.1f}" font-weight="bold" fill="{ink}">{moment.year}</text>')
    who = escape(signs.visible(signs.shortened(moment.who, _SIGNS)))
    shown.append(f'<text x="{_WORDS_X}" y="{base:.1f}" font-weight="bold" fill="{ink}">{who}</text>')
    for place, line in enumerate(lines, 1):
        y = base + place * _LINE_PX
        shown.append(f'<text x="{_WORDS_X}" y="{y:.1f}" fill="{quiet}">{escape(line)}</text>')
    told = f"{moment.when}, {moment.who}: {moment.what}"
    return f"<g><title>{escape(told)}</title>{''.join(shown)}</g>", 1 + len(lines)


def _wrapped(text: str) -> list[str]:
    """Return a text in lines that fit; a word that is longer than a line is cut."""
    lines = [""]
    for whole in text.split():
        for word in (whole[at : at + _SIGNS] for at in range(0, len(whole), _SIGNS)):
            joined = f"{lines[-1]} {word}".strip()
            lines = [*lines[:-1], joined] if len(joined) <= _SIGNS else [*lines, word]
    return lines
