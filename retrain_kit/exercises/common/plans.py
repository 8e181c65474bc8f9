"""Plans of single lessons: what a class does in an exercise, what is typed for it, and what can go wrong.

A plan is a file a language, beside its exercise; all but the English one are translations, not reviewed.
"""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.reports import templating, typesetting
from retrain_kit.storage.files import check_endings, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDERS = {
    "what-if": "what_if",
    "polyphony": "polyphony",
    "informational-surfaces": "surfaces",
    "conversation": "conversation",
    "recoding-art": "recoding_art",
}
"""The exercises that have such a plan, and their folders."""
LANGUAGES = ("en", "pt", "es", "fr")
ENDINGS = (".pdf", ".html", ".md")
_EXERCISES, _TEMPLATES = Path(__file__).parents[1], Path(__file__).with_name("plan_pages")


@dataclass(frozen=True)
class LessonStep:
    """Something that is done in class, how long it may take for thirty people, and what is typed for it."""

    name: str
    minutes: str
    text: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True)
class LessonPlan:
    """A plan of one lesson.

    Parameters
    ----------
    skeleton
        That it is a skeleton, to be adapted.
    review
        That nobody has reviewed the translation; empty for the original.
    glance
        For whom, time, what is needed, what to do before: names and texts.
    wrong
        What can go wrong, and what to do then.
    labels
        The words above the parts.
    """

    language: str
    title: str
    lead: str
    skeleton: str
    review: str
    credit: str
    glance: tuple[tuple[str, str], ...]
    steps: tuple[LessonStep, ...]
    wrong: tuple[tuple[str, str], ...]
    labels: Mapping[str, str]


def languages_of(exercise: str) -> list[str]:
    """Return the languages that an exercise has a plan in; the original first."""
    there = (name for name in LANGUAGES if (_EXERCISES / FOLDERS[exercise] / f"plan.{name}.toml").is_file())
    return list(there)


@cache
def load_plan(exercise: str, language: str) -> LessonPlan:
    """Return the plan of an exercise in a language.

    Raises
    ------
    ParameterError
        When there is none.
    """
    faults = []
    if exercise not in FOLDERS:
        faults.append(Fault("exercise", repr(exercise), f"one of {', '.join(FOLDERS)}"))
    elif language not in (there := languages_of(exercise)):
        faults.append(Fault("language", repr(language), f"one of {', '.join(there)}"))
    if faults:
        raise ParameterError(*faults)
    stated = _read(_EXERCISES / FOLDERS[exercise] / f"plan.{language}.toml")
    shared = _read(_TEMPLATES / f"words.{language}.toml")
    steps = tuple(
        LessonStep(**{**each, "commands": tuple(each.get("commands", ()))}) for each in stated.pop("step")
    )
    glance = tuple((each["name"], each["text"]) for each in stated.pop("glance"))
    wrong = tuple((each["what"], each["do"]) for each in stated.pop("wrong"))
    return LessonPlan(language, steps=steps, glance=glance, wrong=wrong, **shared, **stated)


def write_plan(path: Path, exercise: str, language: str) -> None:
    """Write a plan as its file's ending says, whole or not at all.

    Raises
    ------
    ParameterError
        When the ending, the exercise or the language is unknown.
    DataError
        When the file cannot be written.
    """
    check_endings([path], ENDINGS)
    plan, ending = load_plan(exercise, language), path.suffix.lower()
    content = plan_pdf(plan) if ending == ".pdf" else plan_text(plan, ending.removeprefix(".")).encode()
    with writing(path) as temporary:
        temporary.write_bytes(content)


def plan_text(plan: LessonPlan, kind: str) -> str:
    """Return a plan as a fragment of `html`, or as `md`: the same text."""
    return templating.text_environment(_TEMPLATES).get_template(f"plan.{kind}.j2").render(plan=plan)


def plan_pdf(plan: LessonPlan) -> bytes:
    """Return a plan as a handout on A4."""
    data = {**asdict(plan), "labels": dict(plan.labels)}
    return typesetting.typeset_pdf(typesetting.template_text("lesson"), data)


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)
