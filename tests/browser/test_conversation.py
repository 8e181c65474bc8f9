"""A conversation in real browsers: phones that write with each other, the wall, the page without a server, the book."""

from __future__ import annotations

from itertools import pairwise

import pytest
from accessibility import grave
from lessons import agree, go_to, held
from playwright.sync_api import expect
from talks import Talk
from waiting import PATIENCE_MS

from retrain_kit.exercises.conversation.book import excerpts, page
from retrain_kit.exercises.conversation.book.words import Imprint

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
USES = ("It may be shown", "may be bound as a book")
SAID = "I drew it for hours, and for hours after that, and more. Nobody said what for."


@pytest.fixture
def lesson(tmp_path):
    with held(
        tmp_path / "answers", exercises=("conversation", "recoding-art"), images=1, questions=("Who paid?",)
    ) as running:
        yield running


@pytest.fixture
def come(visit, lesson):
    """Return a function that opens the class's page by the link that the wall shows."""

    def came(**options):
        phone = visit(f"{lesson.url}#{lesson.entry.code}", **options)
        agree(phone, *USES)
        phone.get_by_role("group", name="A conversation").wait_for()
        return phone

    return came


def say(phone, text, told="Your message is kept."):
    phone.locator(".rk-entry textarea").fill(text)
    phone.locator(".rk-say").click()
    phone.locator(".rk-status", has_text=told).wait_for()


def message(phone, text):
    return phone.locator(".rk-message", has=phone.locator(".rk-said-text", has_text=text)).last


def test_phones_write_with_each_other_and_what_one_withdraws_leaves_what_others_wrote(come, visit, lesson):
    one, other = (
        come(**PHONE, locale="ar"),
        come(viewport={"width": 1280, "height": 900}, color_scheme="dark"),
    )
    wall = visit(lesson.wall)
    say(one, SAID)
    assert [record.language for record in lesson.store.records()] == [""]
    message(other, SAID).get_by_role("button", name="Footnote to").click()
    other.locator(".rk-entry textarea").fill("They told me.")
    other.get_by_role("button", name="Keep the footnote").click()
    other.locator(".rk-status", has_text="Say first whether").wait_for()
    other.get_by_label("It challenges what is said").press("Space")
    other.get_by_label("It is about").select_option(label="Nobody said what for.")
    other.set_viewport_size({"width": 320, "height": 700})
    assert other.evaluate("document.documentElement.scrollWidth") == 320
    other.set_viewport_size({"width": 1280, "height": 900})
    say(other, "They told me.", "Your footnote is kept")
    message(one, SAID).locator(".rk-notes", has_text="challenges They told me.").wait_for()
    message(other, SAID).get_by_role("button", name="Answer").click()
    assert other.locator(".rk-entry textarea").evaluate("(node) => node === document.activeElement")
    say(other, "And who was paid?")
    wall.locator("#said", has_text="1 footnote").wait_for()
    wall.locator(".rk-talk", has_text="And who was paid?").wait_for()
    teacher = lesson.teacher
    teacher.do("hide", ids=[teacher.find("conversation", "And who was paid?")])
    message(one, "And who was paid?").wait_for(state="detached")
    assert message(other, "And who was paid?").is_visible()
    assert [grave(each) for each in (other, wall)] == [[], []]
    message(other, SAID).get_by_role("button", name="Answer").click()
    other.locator(".rk-entry textarea").fill("Half an answer")
    for direction, place in (("Next", "2 of"), ("Previous", "1 of")):
        other.get_by_role("button", name=f"{direction} subject").click()
        other.locator(".rk-position", has_text=place).wait_for()
        other.get_by_text({"2 of": "Your message", "1 of": "Your answer"}[place], exact=True).wait_for()
    other.reload()
    other.get_by_text("Your answer", exact=True).wait_for()
    assert other.locator(".rk-entry textarea").input_value() == "Half an answer"
    one.locator("summary", has_text="What you have said").click()
    one.get_by_role("button", name=f"Withdraw: {SAID[:50]}").click()
    other.locator(".rk-gone", has_text="A message that was withdrawn.").wait_for()
    other.locator(".rk-status", has_text="The message that you wrote to is not here any more.").wait_for()
    other.locator(".rk-gone .rk-notes", has_text="They told me.").wait_for()
    wall.locator("#said", has_text=SAID).wait_for(state="detached")
    assert [SAID[:50] in each.content() for each in (other, wall)] == [False, False]


def test_a_new_message_leaves_the_others_as_they_stand(come):
    one, other = come(**PHONE), come(**PHONE)
    for text in ("First.", "Second."):
        say(one, text)
    message(other, "Second.").wait_for()
    stood = other.locator(".rk-threads > li").element_handles()
    message(other, "Second.").get_by_role("button", name="Answer").focus()
    say(one, "Third.")
    message(other, "Third.").wait_for()
    lines = other.locator(".rk-threads > li").element_handles()
    same = [
        line.evaluate("(line, other) => line === other", was) for line, was in zip(lines, stood, strict=False)
    ]
    assert (len(lines), same) == (3, [True, True])
    assert other.evaluate("document.activeElement.getAttribute('aria-label')").endswith(": Second.")


def test_what_is_begun_waits_with_its_subject_and_outlives_the_page(come):
    page, field = come(**PHONE), ".rk-entry textarea"
    for exercise in ("A conversation", "Recoding Art"):
        go_to(page, exercise)
        page.get_by_role("group", name=exercise).wait_for()
        page.locator(field).fill(exercise)
        page.reload()
        expect(page.locator(field)).to_have_value(exercise, timeout=PATIENCE_MS)
    go_to(page, "A conversation")
    expect(page.locator(field)).to_have_value("A conversation", timeout=PATIENCE_MS)
    for way, shown, begun in (("Next", "2 of 2", ""), ("Previous", "1 of 2", "A conversation")):
        page.get_by_role("button", name=f"{way} subject").click()
        page.locator(".rk-position", has_text=shown).wait_for()
        assert page.locator(field).input_value() == begun


def test_the_page_of_a_book_has_its_footnotes_beside_what_they_speak_of(visit, tmp_path):
    talk = Talk(tmp_path / "answers")
    first = talk.write(0, "Words that fill lines and lines. " * 20 + "Marked.")
    talk.note(1, first, "To the left.", at=len(first.text))
    right = talk.write(2, "\u0633\u0637\u0631 \u0623\u0648\u0644 " * 60, language="ar")
    for number in range(10):
        talk.note(1, right, f"Note {number}.", "challenges", at=len(right.text))
    file = tmp_path / "book.html"
    file.write_text(page.book_html(excerpts.bind(talk.store), Imprint()), encoding="utf-8")
    shown = visit(file.as_uri(), viewport={"width": 1200, "height": 900})
    boxes = shown.evaluate(
        "() => [...document.querySelectorAll('sup, .note')].map((n) => [n.className, n.getBoundingClientRect().toJSON()])"
    )
    marks = [box for name, box in boxes if not name]
    notes = [box for name, box in boxes if name]
    assert (len(marks), len(notes)) == (2, 11)
    edge = shown.locator(".words").first.bounding_box()
    assert all(note["left"] > edge["x"] + edge["width"] for note in notes)
    for mark, note in ((marks[0], notes[0]), (marks[1], notes[1])):
        assert abs(mark["top"] - note["top"]) < 24
    assert all(below["top"] >= above["bottom"] for above, below in pairwise(notes))
    assert grave(shown) == []
    shown.set_viewport_size({"width": 320, "height": 700})
    assert shown.evaluate("document.documentElement.scrollWidth") == 320
