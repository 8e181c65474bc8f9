"""Pages: the teaching plan, or its text for students, as HTML, Markdown and PDF.

The HTML is a fragment without script or style, to be put into a course page, whose look it takes. The PDF is
a handout on A4, set with the kit's own faces.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.living_with_images import teaching_plan
from retrain_kit.reports import typesetting
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from retrain_kit.exercises.living_with_images.teaching_plan import TeachingPlan

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
    plan = teaching_plan.load_plan(language)
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
    ending = path.suffix.lower()
    if ending not in USUAL_READERS:
        raise ParameterError(Fault(str(path), f"the ending {ending!r}", f"one of {', '.join(USUAL_READERS)}"))
    plan, reader = teaching_plan.load_plan(language), reader or USUAL_READERS[ending]
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
    return _environment().get_template(f"{reader}.{kind}.j2").render(plan=plan)


def _html_bytes(plan: TeachingPlan, reader: str) -> bytes:
    return plan_html(plan, reader).encode()


def _markdown_bytes(plan: TeachingPlan, reader: str) -> bytes:
    return plan_markdown(plan, reader).encode()


def _check(reader: str) -> None:
    if reader not in READERS:
        raise ParameterError(Fault("reader", repr(reader), f"one of {', '.join(READERS)}"))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
