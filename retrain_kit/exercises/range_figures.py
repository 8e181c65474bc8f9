"""Range figures: ranges beside the pictures they are about, and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.exercises import prompts, range_drawings, wordings
from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.reading import LET_IN
from retrain_kit.figures import SVG, Figure, Note, Panel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.exercises.areas import Area
    from retrain_kit.exercises.ranges import Act, Range


@dataclass(frozen=True)
class Stack:
    """Figures or notes, one below the other."""

    parts: tuple[Figure | Note, ...]

    def _repr_html_(self) -> str:
        return "\n".join(part._repr_html_() for part in self.parts)

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self.parts))


def side_by_side(ranges: Iterable[Range], areas: Iterable[Area]) -> Stack:
    """Return ranges, each beside its picture."""
    return Stack(tuple(beside(found, area) for found, area in zip(ranges, areas, strict=True)))


def words(ranges: Iterable[Range], areas: Iterable[Area]) -> Stack:
    """Return ranges in words, as `in_words` does."""
    return Stack(tuple(in_words(found, area) for found, area in zip(ranges, areas, strict=True)))


def beside(found: Range, area: Area) -> Figure:
    """Return a range beside its picture."""
    drawing = Panel("range", range_drawings.alt(found), range_drawings.svg(found).encode(), SVG)
    prefix = f"{range_drawings.DEMONSTRATION} " if found.demonstration else ""
    caption = (
        f"{prefix}{len(found.options)} options, in the order of the list. A dot is a number one person said, "
        f"a line the interval of a word.{_refusals(found)}{_aside(found)}"
    )
    return Figure((area.panel, drawing), caption, f"{area.credit} {prompts.credit()}", area.name)


def in_words(found: Range, area: Area) -> Note:
    """Return a range in words, with refusals and acts."""
    prefix = f" – {range_drawings.DEMONSTRATION}" if found.demonstration else ""
    spoken = [option for option in found.options if option.degrees]
    silent = [range_drawings.label(option) for option in found.options if not option.degrees]
    lines = [(range_drawings.label(option), range_drawings.told(option)) for option in spoken]
    lines.append((range_drawings.NOBODY, ", ".join(silent)))
    if found.outside:
        lines.append((range_drawings.label(found.outside), range_drawings.OUTSIDE))
    notes = (
        ("footnote", f"{wording.text}: {note.text}")
        for option in found.options
        for wording in option.wordings
        for note in wording.footnotes
    )
    return Note(
        f"{area.name}{prefix}", (*lines, *notes, *(("refused", refusals.answer(r)) for r in found.refusals))
    )


def log(ranges: Iterable[Range], areas: Iterable[Area]) -> Note:
    """Return all named acts: who let the elephant in, called wordings the same, or took them apart."""
    lines = tuple(
        (act.record.when, f"{area.name}: {_act_words(act)}")
        for found, area in zip(ranges, areas, strict=True)
        for act in found.acts
    )
    return Note("What was done by name" if lines else "Nobody has done anything by name.", lines)


def asked(ranges: Iterable[Range], areas: Iterable[Area]) -> Note:
    """Return the wordings of which a person may say that they are the same."""
    lines = tuple(
        (area.name, str(question))
        for found, area in zip(ranges, areas, strict=True)
        for question in wordings.alike(found)
    )
    return Note("Are these the same? Somebody has to say so." if lines else "No wordings are alike.", lines)


def _act_words(act: Act) -> str:
    about = "" if act.kind == LET_IN else f": {' – '.join(act.texts)}"
    reason = f" ({act.record.text})" if act.record.text != act.kind else ""
    return f"{act.record.who} {act.kind}{about}{reason}{' [taken back]' if act.undone else ''}"


def _refusals(found: Range) -> str:
    return f" Refused: {', '.join(map(refusals.answer, found.refusals))}." if found.refusals else ""


def _aside(found: Range) -> str:
    if not found.aside:
        return ""
    return f" Not shown, since their authors have not agreed to it: {found.aside}."
