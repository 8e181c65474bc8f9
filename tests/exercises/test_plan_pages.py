"""The plan as HTML, Markdown and PDF, and the command that writes them."""

import html as markup
import io
import re
from itertools import pairwise

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from markdown_it import MarkdownIt

from retrain_kit.cli import kit
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.living_with_images import teaching_plan

LANGUAGES = ("en", "pt", "es", "fr")
READERS = ("teacher", "students")


def squeezed(text):
    return re.sub(r"\s", "", text)


def pdf_text(content):
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    return [page.get_textpage().get_text_range() for page in document]


def everything(plan):
    """Return every sentence that the whole plan must say."""
    yield from (plan.title, plan.lead, plan.credit, plan.review, *plan.goals, *plan.readings)
    yield from (part for pair in plan.glance for part in pair)
    for lesson in plan.lessons:
        yield lesson.name
        for step in lesson.steps:
            yield from (step.name, step.text, *step.questions)
    yield from students(plan)


def students(plan):
    given = plan.assignment
    yield from (given.name, *given.paragraphs, *given.questions, *given.closing, plan.credit, plan.review)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["html", "markdown", "pdf"])
def test_every_sentence_of_the_plan_is_in_each_of_its_forms(language, kind):
    plan = teaching_plan.load_plan(language)
    if kind == "html":
        said = BeautifulSoup(teaching_plan.plan_html(plan), "html.parser").get_text()
    elif kind == "markdown":
        said = BeautifulSoup(MarkdownIt().render(teaching_plan.plan_markdown(plan)), "html.parser").get_text()
    else:
        said = "".join(pdf_text(teaching_plan.plan_pdf(plan)))
    # A line that ends in a hyphen or a ligature is set differently; letters are compared.
    letters = squeezed(said).replace("\ufffe", "-").replace("\u00ad", "")
    for sentence in everything(plan):
        assert squeezed(sentence) in letters, sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_students_get_their_text_alone_with_its_credit(language):
    plan = teaching_plan.load_plan(language)
    said = squeezed(BeautifulSoup(teaching_plan.plan_html(plan, "students"), "html.parser").get_text())
    for sentence in students(plan):
        assert squeezed(sentence) in said
    assert squeezed(plan.lessons[0].steps[1].text) not in said
    assert len(pdf_text(teaching_plan.plan_pdf(plan, "students"))) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_handout_has_three_pages_and_a_translation_says_on_each_that_nobody_reviewed_it(language):
    plan = teaching_plan.load_plan(language)
    found = pdf_text(teaching_plan.plan_pdf(plan))
    assert len(found) == 3
    assert found[0].startswith(plan.title)
    assert found[2].startswith(plan.assignment.heading)
    assert all(plan.review in page for page in found)


def test_the_same_plan_is_set_in_the_same_bytes():
    assert teaching_plan.plan_pdf(teaching_plan.load_plan("es")) == teaching_plan.plan_pdf(
        teaching_plan.load_plan("es")
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", READERS)
def test_the_html_is_a_fragment_without_script_or_style_in_its_own_language(language, reader):
    soup = BeautifulSoup(teaching_plan.plan_html(teaching_plan.load_plan(language), reader), "html.parser")
    (section,) = soup.find_all(recursive=False)
    assert (section.name, section["lang"]) == ("section", language)
    assert not soup.find_all(["script", "style", "html", "body", "link", "img"])
    assert not soup.select("[style], [onclick]")


def test_headings_go_down_one_level_at_a_time():
    soup = BeautifulSoup(teaching_plan.plan_html(teaching_plan.load_plan("en")), "html.parser")
    levels = [int(heading.name[1]) for heading in soup.find_all(["h2", "h3", "h4", "h5"])]
    assert levels[0] == 2
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_notebook_shows_the_plan_as_html_and_as_text():
    page = teaching_plan.show_plan("en", "students")
    assert page._repr_html_() == teaching_plan.plan_html(teaching_plan.load_plan("en"), "students")
    assert repr(page).startswith("## Living with three images\n")


def test_a_reader_that_is_neither_is_a_fault():
    with pytest.raises(ParameterError, match="reader: found 'dean'; expected one of teacher, students"):
        teaching_plan.plan_html(teaching_plan.load_plan("en"), "dean")


def run(*arguments):
    return CliRunner().invoke(kit, ["plan", *map(str, arguments)])


@pytest.mark.parametrize(
    ("name", "start"), [("a.pdf", b"%PDF-"), ("a.html", b"<section"), ("a.MD", b"## Vivir con tres")]
)
def test_the_command_writes_what_the_ending_says(tmp_path, name, start):
    path = tmp_path / name
    done = run("--language", "es", "-o", path)
    assert (done.exit_code, done.output) == (0, f"{path}\n")
    assert path.read_bytes().startswith(start)


def test_the_command_writes_the_whole_plan_where_it_is_asked_to(tmp_path):
    path = tmp_path / "plan.html"
    run("--for", "teacher", "-o", path)
    assert markup.escape(teaching_plan.load_plan("en").lessons[1].steps[0].text) in path.read_text(
        encoding="utf-8"
    )


def test_a_wrong_ending_or_language_is_said_in_a_line_and_nothing_is_written(tmp_path):
    done = run("-o", tmp_path / "plan.docx")
    assert done.exit_code == 2
    assert "plan.docx; expected a name that ends in .pdf, .html, .md." in done.output
    done = run("--language", "de", "-o", tmp_path / "plan.pdf")
    assert (done.exit_code, done.output) == (
        2,
        "retrain-kit: language: found 'de'; expected one of en, pt, es, fr.\n",
    )
    assert list(tmp_path.iterdir()) == []
