"""The teaching plan as data, one file a language; all but the English one are translations."""

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


FOLDER = Path(__file__).parent
LANGUAGES = {"en": "English", "pt": "português", "es": "español", "fr": "français"}


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


# -- pages: the teaching plan, or its text for students, as HTML, Markdown and PDF.


TEMPLATES = Path(__file__).with_name("plan_pages")
TEACHER, STUDENTS = READERS = ("teacher", "students")
"""Whom a page is for: the whole plan, or the text for the course page alone."""
USUAL_READERS = {".pdf": TEACHER, ".html": STUDENTS, ".md": STUDENTS}
"""The kinds of files, and whom each is for where nobody says."""


@dataclass(frozen=True)
class PlanPage:
    """A page of the plan, as notebooks show it."""

    html: str
    markdown: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.markdown


def show_plan(language: str, reader: str = TEACHER) -> PlanPage:
    """Return the plan in a language for a reader, as a notebook shows it.

    Raises
    ------
    ParameterError
        When there is no such language or reader.
    """
    plan = load_plan(language)
    return PlanPage(plan_html(plan, reader), plan_markdown(plan, reader))


def write_plan(path: Path, language: str, reader: str = "") -> None:
    """Write the plan as its file's ending says, whole or not at all.

    Parameters
    ----------
    reader
        One of `READERS`; where it is empty, `USUAL_READERS` decides by the ending.

    Raises
    ------
    ParameterError
        When the ending, the language or the reader is unknown.
    DataError
        When the file cannot be written.
    """
    check_endings([path], USUAL_READERS)
    ending = path.suffix.lower()
    plan, reader = load_plan(language), reader or USUAL_READERS[ending]
    content = {".pdf": plan_pdf, ".html": _html_bytes, ".md": _markdown_bytes}[ending](plan, reader)
    with writing(path) as temporary:
        temporary.write_bytes(content)


def plan_html(plan: TeachingPlan, reader: str = TEACHER) -> str:
    """Return a fragment of HTML: headings, paragraphs and lists, in the plan's language."""
    return _rendered("html", plan, reader)


def plan_markdown(plan: TeachingPlan, reader: str = TEACHER) -> str:
    """Return Markdown, the same text as the HTML."""
    return _rendered("md", plan, reader)


def plan_pdf(plan: TeachingPlan, reader: str = TEACHER) -> bytes:
    """Return a handout on A4; the whole plan has the students' text on a page of its own, to be copied."""
    _check(reader)
    template = typesetting.template_text("teaching")
    return typesetting.typeset_pdf(template, {**asdict(plan), "labels": dict(plan.labels), "reader": reader})


def _rendered(kind: str, plan: TeachingPlan, reader: str) -> str:
    _check(reader)
    return templating.text_environment(TEMPLATES).get_template(f"{reader}.{kind}.j2").render(plan=plan)


def _html_bytes(plan: TeachingPlan, reader: str) -> bytes:
    return plan_html(plan, reader).encode()


def _markdown_bytes(plan: TeachingPlan, reader: str) -> bytes:
    return plan_markdown(plan, reader).encode()


def _check(reader: str) -> None:
    if reader not in READERS:
        raise ParameterError(Fault("reader", repr(reader), f"one of {', '.join(READERS)}"))
