"""Living with images on phones: a card's code, the first text, the second, and a photo given back."""

from __future__ import annotations

import time

import media
import pytest
from accessibility import grave
from lessons import go_to, held
from playwright.sync_api import expect
from waiting import PATIENCE_S, until

from retrain_kit.classroom.lesson import Lesson
from retrain_kit.studies import codes

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FIRST, SECOND, BACK = (
    "Living with images: at first sight",
    "Living with images: after living with it",
    "What comes back",
)
BISON, COW = (codes.card_code("embedded-sample", name) for name in ("bison", "cow"))


@pytest.fixture
def lesson(tmp_path):
    with held(tmp_path / "answers", exercises=("living-with-images",)) as running:
        running.classroom.moderation.lesson = Lesson()
        yield running


@pytest.fixture
def phone(open_page, lesson):
    """A phone in the class, whose person agreed that others may read them."""
    faults = []
    with open_page(**PHONE) as page:
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if "Policy" in message.text else None)
        page.goto(f"{lesson.url}#{lesson.entry.code}")
        page.get_by_role("checkbox", name="It may be shown").check()
        page.get_by_role("button", name="Go on with this").click()
        yield page
    assert faults == []


def take_card(page, code=BISON):
    page.get_by_label("The code on your card").fill(code.replace("-", " ").lower())
    page.get_by_role("button", name="This is my card").click()
    page.get_by_text(f"Card {code}").wait_for()


def start(page):
    """Start, with ten times the time: however slow the machine is, it does not run out."""
    page.get_by_label("My time:").select_option("10")
    page.get_by_role("button", name="Start").click()


def is_sound(page):
    """Nothing serious keeps anybody out, and nothing is wider than the phone."""
    assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_from_the_code_to_a_photo_given_back(phone, lesson):
    page = phone
    take_card(page, BISON)
    is_sound(page)
    assert page.locator("#exercise img:visible").count() == 0
    start(page)
    field = page.get_by_label("What I see")
    field.fill("A large brown animal")
    is_sound(page)
    page.get_by_role("button", name="I have finished").click()
    page.get_by_text("What stands there is kept as it is.").wait_for()
    expect(field).to_have_attribute("readonly", "")
    is_sound(page)
    go_to(page, SECOND)
    page.get_by_text(f"Card {BISON}, after living with it").wait_for()
    assert "brown" not in page.locator("#exercise").inner_text()
    start(page)
    page.get_by_label("What I see").fill("A brown animal that waits")
    page.get_by_role("button", name="I have finished").click()
    page.locator("mark", has_text="waits").wait_for()
    is_sound(page)
    go_to(page, BACK)
    page.get_by_text("What do you answer?").wait_for()
    page.get_by_label("How could this image be used to teach a machine to see better?").check()
    photo = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": media.jpeg() + bytes(3 << 20)}
    page.get_by_label("A photo:").set_input_files(photo)
    is_sound(page)
    page.get_by_role("button", name="Give it back").click()
    page.get_by_text("What you gave is kept.").wait_for()
    is_sound(page)
    given = lesson.store.records(exercise="living-with-images-return")[0]
    assert given.asked.prompt.startswith("How could this image")
    assert not media.holds((lesson.store.folder / "files" / given.given_sha256).read_bytes())
    page.get_by_role("button", name="Burn it").click()
    page.get_by_role("button", name="Yes, burn it for good").click()
    page.get_by_text("You burnt this one.").wait_for()
    assert [record.refusal for record in lesson.store.records()] == ["burn"]
    is_sound(page)


def test_the_teachers_time_begins_on_all_phones_and_who_needs_more_has_it(phone, lesson):
    page, other = phone, lesson.join()
    take_card(page)
    page.get_by_label("My time:").select_option("10")
    moderation = lesson.classroom.moderation
    moderation.lesson = moderation.lesson.timed(
        20, time.time() + PATIENCE_S
    )  # However slow, it has just begun.
    place = other.do("living-with-images", "card", code=BISON)["index"]
    other.do(
        "living-with-images", "say", place, text="brown", seconds=20, typed=3
    )  # All pages hear the news.
    page.get_by_text("200 seconds. Write what you see.").wait_for()
    page.get_by_label("What I see").fill("A large brown animal")
    page.get_by_role("button", name="I have finished").click()
    page.get_by_text("What stands there is kept as it is.").wait_for()
    own = next(record for record in lesson.store.records() if record.who != other.who)
    assert (own.details["limit"], own.details["seconds"]) == ("extended", 200)


def test_a_lost_connection_keeps_the_photo_and_goes_on_where_it_stood(phone, lesson):
    page, pieces = phone, []

    def cut_the_second(route):
        pieces.append(route.request.url.rpartition("=")[2])
        route.abort() if len(pieces) == 2 else route.continue_()

    page.route("**/piece?**", cut_the_second)
    go_to(page, BACK)
    take_card(page)
    page.get_by_label("A photo:").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": media.jpeg() + bytes(2 << 20)}
    )
    page.get_by_label("Your words").fill("It followed me")
    page.get_by_role("button", name="Give it back").click()
    page.get_by_text("What you gave is kept.").wait_for()
    assert pieces == ["0", "1048576", "1048576", "2097152"]
    (record,) = lesson.store.records()
    assert (record.text, record.details["words"]) == ("It followed me", True)


def test_a_wrong_code_is_told_and_a_second_card_is_another_one(phone, lesson):
    page = phone
    page.get_by_label("The code on your card").fill("THY-C24-F5F")
    page.get_by_role("button", name="This is my card").click()
    page.get_by_text("look at the card again").wait_for()
    take_card(page)
    page.get_by_role("button", name="I choose not to answer").click()
    page.get_by_text("Your refusal is kept.").wait_for()
    page.get_by_role("button", name="Another card").click()
    page.get_by_role("button", name=BISON).wait_for()
    take_card(page, COW)
    page.reload()
    page.get_by_text(f"Card {COW}").wait_for()
    assert [record.refusal for record in lesson.store.records()] == ["no-answer"]


def test_whoever_goes_to_another_part_while_writing_has_finished(phone, lesson):
    page = phone
    take_card(page)
    start(page)
    page.get_by_label("What I see").fill("A large brown animal")
    go_to(page, BACK)
    page.get_by_text("What do you answer?").wait_for()
    until(lambda: [record.text for record in lesson.store.records()] == ["A large brown animal"])
    go_to(page, FIRST)
    page.get_by_role("heading", name="What you wrote").wait_for()


def test_where_the_teacher_leads_everybody_they_keep_their_card(phone, lesson):
    page, other = phone, lesson.join()
    take_card(page)
    moderation = lesson.classroom.moderation
    moderation.lesson = moderation.lesson.led_to("living-with-images", 0)
    place = other.do("living-with-images", "card", code=BISON)["index"]
    other.do("living-with-images", "refuse", place, refusal="nothing")  # All pages hear the news.
    page.get_by_text("The teacher leads").wait_for()
    page.get_by_text(f"Card {BISON}").wait_for()
    start(page)
    page.get_by_label("What I see").wait_for()
