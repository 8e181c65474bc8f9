"""Scenes: what a person sees of a place's list, as plain values that go to the browser.

Nobody sees how likely others find an option before they have spoken themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.answers import REFUSALS
from retrain_kit.exercises import likelihoods, prompts, range_drawings, range_figures, what_if, wordings
from retrain_kit.exercises.reading import EXERCISE, ORIGINAL, SAME

if TYPE_CHECKING:
    from retrain_kit.answers import Record
    from retrain_kit.exercises.ranges import Option, Place, Range
    from retrain_kit.exercises.what_if import WhatIf


def scene(exercise: WhatIf, place: Place, who: str, language: str) -> dict[str, Any]:
    """Return a place's list as `who` may see it; nobody where that is empty."""
    mine = own(exercise, place, who)
    found = exercise.range(place)
    return {**listed(found, language, told=bool(mine)), "mine": mine, "who": who}


def listed(
    found: Range, language: str, *, told: bool, known: wordings.Likenesses | None = None
) -> dict[str, Any]:
    """Return what everybody sees of a list; where `told`, with how likely others find its options."""
    return {
        "place": str(found.place),
        "options": [_option(option, language, told=told) for option in found.options],
        "outside": _option(found.outside, language, told=False) if found.outside else None,
        "refusals": [range_figures.refused(record) for record in found.refusals],
        "questions": [
            {
                "one": question.one.refs[0],
                "other": question.other.refs[0],
                "texts": [question.one.text, question.other.text],
            }
            for question in wordings.alike(found, known)
        ],
        "merged": [
            {"record": act.record.id, "texts": list(act.texts), "who": act.record.who}
            for act in found.acts
            if act.kind == SAME and not act.undone
        ],
        "aside": found.aside,
        "demonstration": range_drawings.DEMONSTRATION if found.demonstration else "",
    }


def setting(language: str) -> dict[str, Any]:
    """Return what stays the same while the widget is shown: prompts, scale, uses, ways to refuse."""
    return {
        "asked": what_if.asked_in(language),
        "language": language,
        "unreviewed": prompts.UNREVIEWED,
        "credit": prompts.credit(),
        "scale": [[word, low, high] for word, (low, high) in likelihoods.WORDS.items()],
        "uses": list(what_if.USES.items()),
        "refusals": [[name, range_figures.REFUSALS[name]] for name in REFUSALS],
    }


def own(exercise: WhatIf, place: Place, who: str) -> list[dict[str, str]]:
    """Return what `who` has said of a place, in the order of time."""
    said = exercise.store.records(study=exercise.study, exercise=EXERCISE, who=who) if who else []
    return [
        {"record": record.id, "text": _words(record)}
        for record in said
        if record.asked.images[:1] == (place.image,)
        and (record.refusal or record.details.get("hole", "") == place.hole)
    ]


def _words(record: Record) -> str:
    return range_figures.refused(record) if record.refusal else record.text


def _option(option: Option, language: str, *, told: bool) -> dict[str, Any]:
    first, beside = option.wordings[0].refs[0], ""
    if option.wordings[0].original:
        beside = prompts.of("what-if-options")[first.removeprefix(ORIGINAL)].beside(language)
    notes = [note.text for wording in option.wordings for note in wording.footnotes]
    return {
        "ref": first,
        "text": range_drawings.label(option),
        "beside": beside,
        "told": range_drawings.told(option) if told and option.degrees else "",
        "footnotes": notes,
    }
