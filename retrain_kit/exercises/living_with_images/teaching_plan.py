"""Plans: the teaching plan as data, one file a language; all but the English one are translations."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "English", "pt": "português", "es": "español"}


@dataclass(frozen=True)
class Step:
    """Something that is done in class.

    Parameters
    ----------
    minutes
        How long it may take, as `5` or `15–30`.
    questions
        To ask the students.
    """

    name: str
    minutes: str
    text: str
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """One of the two classes, and how long it takes, in words."""

    name: str
    minutes: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Assignment:
    """What students do between the classes, addressed to them: the text for the course page."""

    name: str
    heading: str
    paragraphs: tuple[str, ...]
    questions: tuple[str, ...]
    closing: tuple[str, ...]


@dataclass(frozen=True)
class TeachingPlan:
    """A plan for two classes and the week between them.

    Parameters
    ----------
    review
        That nobody has reviewed the translation; empty for the original.
    credit
        Whose plan it is, and whose words.
    glance
        For whom, time, materials, what to do before: names and texts.
    labels
        The words above the parts, in the plan's language.
    """

    language: str
    title: str
    lead: str
    review: str
    credit: str
    goals: tuple[str, ...]
    readings: tuple[str, ...]
    glance: tuple[tuple[str, str], ...]
    lessons: tuple[Lesson, ...]
    assignment: Assignment
    labels: Mapping[str, str]


@cache
def load_plan(language: str) -> TeachingPlan:
    """Return the plan in a language.

    Raises
    ------
    ParameterError
        When there is none.
    """
    if language not in LANGUAGES:
        raise ParameterError(Fault("language", repr(language), f"one of {', '.join(LANGUAGES)}"))
    with (FOLDER / f"plan.{language}.toml").open("rb") as file:
        stated = _frozen(tomllib.load(file))
    lessons = tuple(_lesson(each) for each in stated.pop("class"))
    glance = tuple((each["name"], each["text"]) for each in stated.pop("glance"))
    assignment = Assignment(**stated.pop("assignment"))
    return TeachingPlan(language, lessons=lessons, glance=glance, assignment=assignment, **stated)


def _lesson(stated: dict[str, Any]) -> Lesson:
    steps = tuple(Step(**each) for each in stated["step"])
    return Lesson(stated["name"], stated["minutes"], steps)


def _frozen(value: Any) -> Any:  # noqa: ANN401 - TOML
    if isinstance(value, dict):
        return {key: _frozen(part) for key, part in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
