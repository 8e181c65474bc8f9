"""The class page in the four languages, on a small phone: no English is left where it is French, and nothing is cut."""

import io
import json
import re

import pytest
from hosting import Hosted, hosting
from lessons import held
from PIL import Image
from playwright.sync_api import expect

from retrain_kit.answers import Store
from retrain_kit.classroom.programme import EXERCISES
from retrain_kit.display.figures import Panel
from retrain_kit.exercises.what_if.areas import BlankArea
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.exercises.what_if.widget import BlankAreas

LOCALES = ("en", "pt", "es", "fr")
SMALL = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
ENGLISH = re.compile(
    r"\b(the|of|and|you|is|are|your|what|it|this|that|with|not|for|by|to|said)\b", re.IGNORECASE
)
"""Little words of which English sentences are made, and none of the other three."""

TITLE = "Living with images"
"""Of the authors' article, as they call it."""

SHOWN = """() => {
  const own = (node) => [...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.data).join(" ");
  const nodes = [...document.querySelectorAll("body *")].filter((node) => node.checkVisibility());
  const spoken = nodes.filter((node) => node.closest("[lang]").lang === document.documentElement.lang);
  const named = spoken.flatMap((node) => ["aria-label", "alt", "title", "placeholder"].map((name) => node.getAttribute(name)));
  return [...spoken.map(own), ...named].filter(Boolean);
}"""
CUT = """() => [...document.querySelectorAll("button, label, legend, summary, h1, h2, h3, p, li, select")]
  .filter((node) => node.checkVisibility() && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== "inline")
  .map((node) => `${node.tagName} ${node.textContent}`)"""
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    with held(tmp_path_factory.mktemp("class") / "answers", exercises=EXERCISES) as running:
        yield running


def look(page, quoted=(TITLE,)):
    """Return what is English on the page as it stands, but for what is quoted, and what is cut."""
    page.evaluate("for (const node of document.querySelectorAll('details')) node.open = true")
    own = (words for words in page.evaluate(SHOWN) if not any(each in words for each in quoted))
    told = list(filter(ENGLISH.search, own))
    return told, page.evaluate(CUT), page.evaluate(WIDE)


def states(page, lesson):
    """Go through the page; yield what it is at each step."""
    page.goto(lesson.url)
    page.locator("#join").wait_for()
    yield "outside"
    page.locator("#code").fill("wrong")
    page.locator("#join button").click()
    expect(page.locator("#refused")).not_to_be_empty()
    yield "a wrong code"
    page.locator("#code").fill(lesson.entry.code)
    page.locator("#join button").click()
    page.locator("#agreements button").first.wait_for()
    yield "consent"
    page.locator("#agreements input").first.check()
    page.locator("#agreements button").first.click()
    buttons = page.locator("#activities button")
    buttons.first.wait_for()
    for button in buttons.all():
        button.click()
        page.locator("#exercise:not([inert]) .rk-widget").wait_for()
        expect(button).to_have_attribute("aria-pressed", "true")
        yield button.inner_text()
    buttons.first.click()
    page.locator(".rk-what-if-widget form button[type=submit]").click()
    expect(page.locator(".rk-what-if-widget .rk-status")).not_to_be_empty()
    yield "nothing written"
    page.locator(".rk-what-if-widget form input[type=text]").fill("7")
    page.locator(".rk-what-if-widget input[type=range]").first.press("ArrowRight")
    page.locator(".rk-what-if-widget form button[type=submit]").click()
    page.locator("#keeping").wait_for()
    yield "kept"


@pytest.mark.parametrize("language", LOCALES)
def test_each_page_is_whole_on_a_small_phone_and_of_the_readers_language_alone(open_page, lesson, language):
    session = lesson.classroom.programme.activities[0].session
    authors = {session.exercise.start(area.place).author for area in session.items} - {""}
    found = {}
    with open_page(locale=language, **SMALL) as page:
        for state in states(page, lesson):
            assert page.evaluate("document.documentElement.lang") == language
            english, cut, wide = look(page, (TITLE, *authors))
            if wide > 0 or cut or (english and language != "en"):
                found[state] = (english if language != "en" else [], cut, wide)
        note = page.locator("#unreviewed").inner_text()
    assert found == {}, json.dumps(found, indent=1, ensure_ascii=False)
    assert (
        note
        == {
            "en": "",
            "pt": "tradução, não revisada",
            "es": "traducción, sin revisar",
            "fr": "traduction, non relue",
        }[language]
    )


def test_the_teachers_page_and_the_wall_are_french_where_they_should_be(open_page, lesson):
    with open_page(locale="fr", **SMALL) as page:
        page.goto(f"{lesson.url}teacher#{lesson.entry.teacher_secret}")
        page.locator("#exercises").get_by_text("Polyphonie").wait_for()
        assert look(page) == ([], [], 0)
    with open_page(locale="de", viewport={"width": 1280, "height": 720}) as page:
        page.goto(lesson.wall)
        page.locator("#wall h1").wait_for()
        assert page.evaluate("document.documentElement.lang") == "en"


def test_whoever_chooses_another_language_reads_it_at_once_and_after_a_reload(open_page, lesson):
    with open_page(locale="de-AT") as page:
        page.goto(f"{lesson.url}#{lesson.entry.code}")
        page.locator("#agreements button").first.click()
        page.get_by_role("button", name="Add it to the list").wait_for()
        page.get_by_label("Another option").fill("a kite")
        page.get_by_label("Language").select_option("português")
        page.get_by_role("button", name="Acrescentar à lista").wait_for()
        expect(page.get_by_label("Outra opção")).to_have_value("a kite")
        expect(page.locator(".rk-prompt").first).to_contain_text("O que poderia existir na área em branco?")
        expect(page.locator(".rk-prompt").first).to_contain_text("What might exist in the blank area?")
        page.reload()
        page.get_by_role("button", name="Acrescentar à lista").wait_for()
        page.get_by_label("Idioma").select_option("Kiswahili")
        page.get_by_role("button", name="Add it to the list").wait_for()
        expect(page.locator(".rk-prompt").first).to_contain_text(
            "Ni nini kinachoweza kuwepo katika eneo tupu?"
        )
        assert page.evaluate("document.documentElement.lang") == "en"


def test_a_widget_in_a_notebook_starts_in_its_language_and_offers_the_others(page, tmp_path):
    with Store(tmp_path / "answers") as store, hosting("what_if", tmp_path) as url:
        page.goto(url)
        areas = [BlankArea(f"Image {n}", BlankPlace(f"sky-{n}"), panel(), "Study two") for n in (1, 2)]
        hosted = Hosted(page, BlankAreas(WhatIf(store, "nature"), areas, "fr"), ("items", "setting"))
        hosted.pass_on()
        expect(hosted.root).to_have_attribute("lang", "fr")
        expect(hosted.button("Ajouter à la liste")).to_be_visible()
        expect(hosted.root.get_by_text("traduction, non relue", exact=True)).to_be_visible()
        hosted.root.get_by_label("Une autre option").fill("brume")
        hosted.root.get_by_label("Langue").select_option("español")
        assert hosted.pass_on(follow=("setting",)) == [{"index": 0, "act": "speak", "language": "es"}]
        hosted.pass_on()
        expect(hosted.root.get_by_label("Otra opción")).to_have_value("brume")
        hosted.root.get_by_label("Idioma").select_option("English")
        hosted.pass_on(follow=("setting",))
        hosted.pass_on()
        expect(hosted.button("Add it to the list")).to_be_visible()
        expect(hosted.root.locator(".rk-beside")).to_have_count(0)


def panel():
    file = io.BytesIO()
    Image.new("RGB", (8, 6), "gray").save(file, "PNG")
    return Panel("decanonized", "A gray sky", file.getvalue(), "image/png")
