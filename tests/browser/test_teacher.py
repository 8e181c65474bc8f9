"""The teacher's page in real browsers, beside a phone and the wall."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from accessibility import grave
from lessons import go_to, held
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def lesson(tmp_path):
    with held(tmp_path / "answers", exercises=("what-if", "polyphony")) as running:
        yield running


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def come(visit, lesson, **options):
    """Open the class's page on a phone, and agree to be shown."""
    page = visit(f"{lesson.url}#{lesson.entry.code}", **options)
    page.get_by_role("checkbox", name="It may be shown").check()
    press(page, "Go on with this")
    page.get_by_role("group", name="What If…?").wait_for()
    return page


def add(page, text):
    page.get_by_label("Another option").fill(text)
    page.get_by_label("How likely, in words").press("ArrowRight")
    press(page, "Add it to the list")
    page.get_by_text("Your answer is kept.").wait_for()


def on_wall(wall, text):
    return wall.locator("main").get_by_text(text).first


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def takes_off_the_wall(desk, phone, wall):
    add(phone, "a slur")
    on_wall(wall, "a slur").wait_for()
    press(desk, "Hide: a slur")
    expect(on_wall(wall, "a slur")).to_have_count(0)
    phone.get_by_text("The keeper of this class has taken this off the wall.").wait_for()
    press(desk, "Show it again: a slur")
    on_wall(wall, "a slur").wait_for()
    press(desk, "Delete: a slur")
    press(desk, "Yes, delete it")
    expect(on_wall(wall, "a slur")).to_have_count(0)
    phone.get_by_text("The keeper of this class has deleted 1 thing you said here.").wait_for()


def lets_through_one_by_one(desk, phone, wall):
    press(desk, "I let words through one by one")
    desk.get_by_text("0 wait.").wait_for()
    add(phone, "fog over the river")
    phone.get_by_text("This waits until the teacher shows it to others.").wait_for()
    press(desk, "What waits (1)")
    expect(on_wall(wall, "fog over the river")).to_have_count(0)
    press(desk, "Show it: fog over the river")
    on_wall(wall, "fog over the river").wait_for()


def freezes(desk):
    press(desk, "Freeze the wall")
    desk.get_by_text("The wall keeps to what it has.").wait_for()
    press(desk, "Freeze the wall")
    desk.get_by_text("The wall keeps to what it has.").wait_for(state="hidden")


def leads(desk, phone, lesson):
    press(desk, "Lead everybody to Polyphony, Pair 2")
    phone.get_by_role("group", name="Polyphony").get_by_text("2 of 2").wait_for()
    expect(phone.get_by_role("navigation", name="Exercises")).to_have_attribute("inert", "")
    phone.get_by_text("The teacher leads: Polyphony, Pair 2.").wait_for()
    press(desk, "1 minute")
    expect(phone.get_by_role("timer")).to_contain_text(re.compile(r"[01]:\d\d"))
    assert lesson.moderation.lesson.timer.of_s == 60
    press(desk, "Polyphony: Paused")
    phone.get_by_text("The teacher has paused this exercise.").wait_for()
    expect(phone.locator(".rk-entry textarea")).to_have_attribute("inert", "")
    assert [grave(page) for page in (desk, phone)] == [[], []]
    press(desk, "Polyphony: Open")
    expect(phone.locator(".rk-entry textarea")).not_to_have_attribute("inert", "")
    press(desk, "Let everybody roam")
    go_to(phone, "What If…?")


def chooses_images(desk, phone):
    press(desk, "What If…?: Paused")
    desk.get_by_role("region", name="What If…?").get_by_role("button", name="Choose its images").click()
    choice = desk.get_by_role("dialog")
    choice.get_by_role("button", pressed=True).first.wait_for()
    while choice.get_by_role("button", pressed=True).count():
        choice.get_by_role("button", pressed=True).first.click()
    choice.get_by_role("button", name="cat", exact=False).first.click()
    choice.get_by_text("1 image is chosen.").wait_for()
    assert grave(desk) == []
    press(desk, "Show these images")
    expect(phone.get_by_role("group", name="What If…?").locator(".rk-steps")).to_be_hidden()
    press(desk, "What If…?: Open")


def changes_the_code(desk, wall, lesson):
    before = lesson.entry.code
    press(desk, "Make a new code")
    press(desk, "Yes, a new code")
    expect(wall.locator("#code")).not_to_have_text(before)


def ends(desk, phone, lesson):
    press(desk, "End the class")
    press(desk, "Yes, end it")
    phone.get_by_text("The class has ended.").wait_for()
    with phone.expect_download() as taken:
        phone.locator("#lesson").get_by_role("button", name="Download my answers").click()
    assert taken.value.suggested_filename.startswith("answers-")
    with desk.expect_download() as all_of_them:
        press(desk, "Download all answers")
    assert "fog over the river" in all_of_them.value.path().read_text()
    assert grave(desk) == []
    stopped = []
    lesson.classroom.stop = lambda: stopped.append(True)
    press(desk, "Stop the machine now")
    press(desk, "Yes, stop it")
    expect(desk.get_by_role("dialog")).to_be_hidden()


def test_a_teacher_leads_a_class_from_the_first_image_to_the_end(visit, lesson):
    wall, desk = visit(lesson.wall, **LAPTOP), visit(lesson.desk, **LAPTOP)
    phone = come(visit, lesson, **PHONE)
    desk.get_by_text("1 page is open").wait_for()
    takes_off_the_wall(desk, phone, wall)
    lets_through_one_by_one(desk, phone, wall)
    freezes(desk)
    leads(desk, phone, lesson)
    chooses_images(desk, phone)
    changes_the_code(desk, wall, lesson)
    ends(desk, phone, lesson)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_on_a_narrow_phone_the_teachers_page_fits_and_every_target_is_large(visit, lesson, colours):
    for number in range(3):
        lesson.join().add(f"a rather long option number {number} that somebody has typed " + "on" * 40)
    page = visit(lesson.desk, **PHONE, color_scheme=colours)
    page.locator("#said li").first.wait_for()
    assert overflow(page) <= 0
    assert grave(page) == []
    small = page.evaluate(
        """[...document.querySelectorAll('#inside :is(button, input, a)')].filter(node => node.checkVisibility())
        .map(node => [node.textContent, node.getBoundingClientRect()])
        .filter(([, box]) => box.width < 44 || box.height < 44).map(([text]) => text)"""
    )
    assert small == []


def test_on_a_laptop_what_is_said_stands_beside_what_can_be_done_and_parts_no_cards(visit, lesson):
    one = lesson.join()
    for number in range(30):
        one.add(f"option {number}")
    page = visit(lesson.desk, **LAPTOP)
    page.locator("#said li").nth(19).wait_for()
    boxes = page.evaluate(
        """[...document.querySelectorAll('main > .rk-card')].filter(node => node.checkVisibility())
        .map(node => [node.id, node.getBoundingClientRect()]).map(([id, { x, top, bottom }]) => [id, x, top, bottom])"""
    )
    said, *cards = sorted(boxes, key=lambda box: box[0] != "said-part")
    assert (said[1] > cards[0][1], said[2]) == (True, cards[0][2])
    assert [card[0] for card in cards] == ["exercises-part", "time-part", "wall-part", "way-part", "ending"]
    gaps = [after[2] - before[3] for before, after in pairwise(cards)]
    assert len({round(gap) for gap in gaps}) == 1


def test_keys_alone_are_enough_to_take_something_off_the_wall(visit, lesson):
    one = lesson.join()
    one.add("a slur")
    one.add("fog")
    page = visit(lesson.desk, **LAPTOP)
    page.locator("#said li").first.wait_for()
    page.get_by_role("button", name="Hide: a slur").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show it again: a slur").wait_for()
    expect(page.get_by_role("button", name="Show it again: a slur")).to_be_focused()
    one.add("rain")
    page.get_by_role("button", name="1 new answer").wait_for()
    expect(page.get_by_role("button", name="Hide: rain")).to_have_count(0)
    page.get_by_role("button", name="1 new answer").click()
    page.get_by_role("button", name="Hide: rain").wait_for()


def test_without_the_secret_the_page_is_empty(visit, lesson):
    page = visit(f"{lesson.url}teacher#{lesson.entry.projector_secret}", **LAPTOP)
    page.get_by_text("This page opens with the link that the terminal shows.").wait_for()
    assert page.locator("#inside").is_hidden()
