"""Figures of *What If…?*: ranges beside the images they are about, and in words."""

from __future__ import annotations

import textwrap
import unicodedata
from html import escape
from typing import TYPE_CHECKING

from retrain_kit.display import tokens
from retrain_kit.display.figures import SVG_MEDIA_TYPE, Figure, Note, Panel
from retrain_kit.exercises.common import prompts, refusals
from retrain_kit.exercises.common.consent import DEMONSTRATION, withheld_in_words
from retrain_kit.exercises.common.figures import stack_views
from retrain_kit.exercises.what_if import aggregate
from retrain_kit.exercises.what_if.aggregate import LET_IN
from retrain_kit.storage.languages import gettext, marked, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrain_kit.exercises.common.figures import HtmlView
    from retrain_kit.exercises.what_if.areas import BlankArea
    from retrain_kit.exercises.what_if.ranges import Degree, NamedAct, Option, Range


NOBODY_SAID = marked("nobody has said how likely")
NOTHING_LISTED = marked("Nothing is on the list yet.")
OUTSIDE_RANGE = marked("outside the range: nobody has let it in")

_WIDTH, _LEFT, _RIGHT = 520, 14, 506
_INK, _QUIET, _LINE, _DOT_COLOUR = map(tokens.css_variable, ("ink", "quiet", "line", "accent"))
_LETTERS, _ROW, _LANE, _GAP = 60, 17, 9, 10


def range_svg(found: Range) -> str:
    """Return the drawing of a range, as SVG without script, style sheet or request."""
    parts, y = list[str](), 8
    if found.demonstration:
        y += _ROW
        parts.append(_text(y, gettext(DEMONSTRATION), _DOT_COLOUR))
    if not found.options:
        y += _ROW
        parts.append(_text(y, gettext(NOTHING_LISTED), _QUIET))
    for option in found.options:
        y += _GAP
        parts += _drawn(option, y, gettext(NOBODY_SAID))
        y += _height(option)
    if found.outside:
        y += _GAP
        parts.append(_rule(_LEFT, _RIGHT, y, _QUIET, ' stroke-dasharray="3 4"'))
        parts += _drawn(found.outside, y, gettext(OUTSIDE_RANGE))
        y += _height(found.outside)
    parts += _scale(y + _ROW + 4)
    return tokens.svg_document(_WIDTH, y + _ROW + 14, parts, font_size="13")


def option_label(option: Option) -> str:
    """Return all wordings of an option: those that people have called the same are joined, none is chosen."""
    return " = ".join(option.texts)


def degrees_in_words(option: Option) -> str:
    """Return what people said of an option, in words; each person's saying, in the order of time."""
    if not option.degrees:
        return gettext(NOBODY_SAID)
    degrees = "; ".join(str(degree.likelihood) for degree in option.degrees)
    return ngettext("{count} person: {degrees}", "{count} people: {degrees}", option.people, degrees=degrees)


def range_alt(found: Range) -> str:
    """Return the drawing in words."""
    prefix = [gettext(DEMONSTRATION)] if found.demonstration else []
    spoken = [f"{option_label(option)}: {_spread(option)}." for option in found.options if option.degrees]
    silent = [option_label(option) for option in found.options if not option.degrees]
    if not found.options:
        return " ".join([*prefix, gettext(NOTHING_LISTED)])
    count = ngettext(
        "A range of {count} option, on a line from 0 to 100 per cent.",
        "A range of {count} options, each on a line from 0 to 100 per cent.",
        len(found.options),
    )
    sentences = [*prefix, count, *spoken]
    if silent:
        sentences.append(
            gettext("Of these nobody has said how likely: {options}.", options=", ".join(silent))
        )
    if found.outside:
        out = option_label(found.outside)
        sentences.append(gettext("{option} is outside the range: nobody has let it in.", option=out))
    return " ".join(sentences)


def _spread(option: Option) -> str:
    low, high = option.span or (0.0, 0.0)
    people, values = option.people, {"low": f"{low:g}", "high": f"{high:g}"}
    if low == high:
        return ngettext("{count} person, {low} %", "{count} people, {low} %", people, low=values["low"])
    return ngettext(
        "{count} person, from {low} to {high} %", "{count} people, from {low} to {high} %", people, **values
    )


def _drawn(option: Option, y: int, silence: str) -> Iterator[str]:
    lines = _wrapped(option, silence)
    for number, line in enumerate(lines, 1):
        yield _text(y + number * _ROW - 3, line, _INK)
    y += len(lines) * _ROW
    if option.degrees:
        yield _rule(_LEFT, _RIGHT, y + _lanes(option) // 2, _LINE)
    for number, degree in enumerate(option.degrees):
        yield _degree(degree, y + number * _LANE + _LANE // 2 + 1)


def _wrapped(option: Option, silence: str) -> list[str]:
    text = option_label(option) if option.degrees else f"{option_label(option)} – {silence}"
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    letters = _LETTERS // 2 if 2 * wide > len(text) else _LETTERS
    return textwrap.wrap(text, letters) or [text]


def _lanes(option: Option) -> int:
    return len(option.degrees) * _LANE


def _height(option: Option) -> int:
    return len(_wrapped(option, gettext(OUTSIDE_RANGE))) * _ROW + _lanes(option)


def _degree(degree: Degree, y: int) -> str:
    said = degree.likelihood
    low, high = (_LEFT + (_RIGHT - _LEFT) * per_cent / 100 for per_cent in (said.low, said.high))
    if said.word:
        return _rule(low, high, y, _DOT_COLOUR, ' stroke-width="4" stroke-linecap="round"')
    return f'<circle cx="{low:.1f}" cy="{y}" r="4" fill="{_DOT_COLOUR}"/>'


def _scale(y: int) -> Iterator[str]:
    for share, anchor in ((0, "start"), (50, "middle"), (100, "end")):
        x = _LEFT + (_RIGHT - _LEFT) * share / 100
        yield _text(y, f"{share} %", _QUIET, f' x="{x:g}" text-anchor="{anchor}"')


def _text(y: int, text: str, colour: str, place: str = f' x="{_LEFT}"') -> str:
    return f'<text y="{y}" fill="{colour}"{place}>{escape(text)}</text>'


def _rule(start: float, end: float, y: int, colour: str, style: str = "") -> str:
    return f'<path d="M{start:.1f} {y}H{end:.1f}" stroke="{colour}" fill="none"{style}/>'


def ranges_beside_images(ranges: Iterable[Range], areas: Iterable[BlankArea]) -> HtmlView:
    """Return ranges, each beside its image."""
    return stack_views(range_beside_image(found, area) for found, area in zip(ranges, areas, strict=True))


def ranges_in_words(ranges: Iterable[Range], areas: Iterable[BlankArea]) -> HtmlView:
    """Return ranges in words, as `range_in_words` does."""
    return stack_views(range_in_words(found, area) for found, area in zip(ranges, areas, strict=True))


def range_beside_image(found: Range, area: BlankArea) -> Figure:
    """Return a range beside its image."""
    drawing = Panel(gettext("range"), range_alt(found), range_svg(found).encode(), SVG_MEDIA_TYPE)
    sentences = (
        gettext(DEMONSTRATION) if found.demonstration else "",
        ngettext(
            "{count} option, in the order of the list.",
            "{count} options, in the order of the list.",
            len(found.options),
        ),
        gettext("A dot is a number one person said, a line the interval of a word."),
        _refusals(found),
        withheld_in_words(found.withheld),
    )
    caption = " ".join(filter(None, sentences))
    credit = f"{area.credit} {prompts.prompts_credit()}"
    return Figure((area.panel, drawing), caption, credit, area.name)


def range_in_words(found: Range, area: BlankArea) -> Note:
    """Return a range in words, with refusals and acts."""
    prefix = f" – {gettext(DEMONSTRATION)}" if found.demonstration else ""
    spoken = [option for option in found.options if option.degrees]
    silent = [option_label(option) for option in found.options if not option.degrees]
    lines = [(option_label(option), degrees_in_words(option)) for option in spoken]
    if silent:
        lines.append((gettext(NOBODY_SAID), ", ".join(silent)))
    if not found.options:
        lines.append((gettext(NOTHING_LISTED), ""))
    if found.outside:
        lines.append((option_label(found.outside), gettext(OUTSIDE_RANGE)))
    notes = (
        (gettext("footnote"), f"{wording.text}: {note.text}")
        for option in found.options
        for wording in option.wordings
        for note in wording.footnotes
    )
    return Note(
        f"{area.name}{prefix}",
        (*lines, *notes, *((gettext("refused"), refusals.refusal_in_words(r)) for r in found.refusals)),
    )


def act_log(ranges: Iterable[Range], areas: Iterable[BlankArea]) -> Note:
    """Return all named acts: who let the elephant in, called wordings the same, or took them apart."""
    lines = tuple(
        (act.record.when, f"{area.name}: {_act_words(act)}")
        for found, area in zip(ranges, areas, strict=True)
        for act in found.acts
    )
    return Note(
        gettext("What was done by name") if lines else gettext("Nobody has done anything by name."), lines
    )


def sameness_questions(ranges: Iterable[Range], areas: Iterable[BlankArea]) -> Note:
    """Return the wordings of which a person may say that they are the same."""
    lines = tuple(
        (area.name, str(question))
        for found, area in zip(ranges, areas, strict=True)
        for question in aggregate.similar_wordings(found)
    )
    asked = gettext("Are these the same? Somebody has to say so.")
    return Note(asked if lines else gettext("No wordings are alike."), lines)


def _act_words(act: NamedAct) -> str:
    about = "" if act.kind == LET_IN else f": {' – '.join(act.texts)}"
    reason = f" ({act.record.text})" if act.record.text != act.kind else ""
    return f"{act.record.who} {act.kind}{about}{reason}{' [taken back]' if act.undone else ''}"


def _refusals(found: Range) -> str:
    if not found.refusals:
        return ""
    return gettext("Refused: {ways}.", ways=", ".join(map(refusals.refusal_in_words, found.refusals)))
