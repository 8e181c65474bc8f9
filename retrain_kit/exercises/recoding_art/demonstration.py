"""Demonstration: example answers that nobody said, of the kit's free works, in a store of their own."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import Consent, Store
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.recoding_art import heard
from retrain_kit.exercises.recoding_art.recoding_art import CONSENT_VERSION, RecodingArt, WorkAnswer

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrain_kit.exercises.recoding_art.heard import HeardAnswers

STUDY = "free-works"
CONSENT = Consent(("class",), f"{CONSENT_VERSION}, demonstration", "2025-01-01T00:00:00Z")


def example_answers(folder: Path | str, study: str, images: Collection[str]) -> HeardAnswers:
    """Return example answers to some of the free works, of a new demonstration store in `folder`.

    There are none of another study's works.

    Raises
    ------
    DataError
        When the folder holds real answers.
    """
    exercise = RecodingArt(Store(folder, demonstration=True), study)
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        answers = tomllib.load(file)["answer"]
    for number, answer in enumerate(answers):
        if study == STUDY and answer["work"] in images:
            _say(exercise, answer, Voice(CONSENT, "-".join([answer["voice"]] * 8), once=f"{number:032x}"))
    return heard.consented_answers(exercise.store, study)


def _say(exercise: RecodingArt, answer: dict[str, Any], voice: Voice) -> None:
    if refusal := answer.get("refusal"):
        exercise.refuse(answer["work"], refusal, voice)
    else:
        exercise.say(answer["work"], WorkAnswer(answer.get("text"), answer.get("art")), voice)
