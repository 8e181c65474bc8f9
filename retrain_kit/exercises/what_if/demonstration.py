"""Demonstration: example answers that nobody said, in stores of their own."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import Consent, Store
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.what_if.start_lists import source_list
from retrain_kit.exercises.what_if.what_if import CONSENT_VERSION, WhatIf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.exercises.what_if.ranges import BlankPlace
    from retrain_kit.exercises.what_if.start_lists import StartList

CONSENT = Consent(("class",), f"{CONSENT_VERSION}, demonstration", "2025-01-01T00:00:00Z")


def example_what_if(
    folder: Path | str,
    study: str,
    places: Sequence[BlankPlace],
    lists: Mapping[str, StartList] | None = None,
) -> WhatIf:
    """Return the exercise over a new demonstration store in `folder`; the first places have answers.

    They are of what is on the list of each place: other answers belong to the sky than to a list of its own,
    or to one that began empty.

    Raises
    ------
    DataError
        When the folder holds real answers.
    """
    exercise = WhatIf(Store(folder, demonstration=True), study, lists, demonstration=True)
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        answers = tomllib.load(file)["answer"]
    for number, answer in enumerate(answers):
        place = places[answer["at"] - 1] if answer["at"] <= len(places) else None
        if place and _fits(answer, exercise.start(place)):
            voice = Voice(CONSENT, "-".join([answer["voice"]] * 8), once=f"{number:032x}")
            _say(exercise, place, answer, voice)
    return exercise


def _fits(answer: dict[str, Any], start: StartList) -> bool:
    """Say whether an answer belongs to a list: those of the sky, or of any other."""
    here = answer.get("on", "") in ("", "sky" if start == source_list() else "elsewhere")
    return here and (answer["act"] != "elephant" or bool(start.anchor))


def _say(exercise: WhatIf, place: BlankPlace, answer: dict[str, Any], voice: Voice) -> None:
    text, likely = answer.get("text", ""), answer.get("likely", 0)
    match answer["act"]:
        case "add":
            exercise.add(place, text, likely, voice)
        case "place":
            ref = answer.get("option") or _listed(exercise, place, answer["number"])
            exercise.place(place, ref, likely, voice)
        case "elephant":
            exercise.let_elephant_in(place, likely, voice, text)
        case "refuse":
            exercise.refuse(place, answer["refusal"], voice, text)
        case "same":
            exercise.call_same(place, [_ref(exercise, place, each) for each in answer["of"]], voice, text)


def _listed(exercise: WhatIf, place: BlankPlace, number: int) -> str:
    """Return the reference of an option by its number on the list, from 1."""
    return exercise.range(place).options[number - 1].wordings[0].refs[0]


def _ref(exercise: WhatIf, place: BlankPlace, text: str) -> str:
    wordings = (wording for option in exercise.range(place).options for wording in option.wordings)
    return next(wording.refs[0] for wording in wordings if wording.text == text)
