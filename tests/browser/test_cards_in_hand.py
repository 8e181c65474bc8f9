"""Living with images on phones: a card's code, the first text, the second, and a photo given back."""

from __future__ import annotations

import media
import pytest
from accessibility import grave
from lessons import held
from playwright.sync_api import expect

from retrain_kit.studies import codes

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FIRST, SECOND, BACK = "Living with images: at first sight", "Living with images: after living with it", "What comes back"
BISON = codes.card_code("embedded-sample", "bison")


@pytest.fixture
def lesson(tmp_path):
    with held(tmp_path / "answers", exercises=("living-with-images",)) as running:
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


def part(page, name):
    page.get_by_role("navigation", name="Exercises").get_by_role("button", name=name).click()


def take_card(page, code=BISON):
    page.get_by_label("The code on your card").fill(code.replace("-", " ").lower())
    page.get_by_role("button", name="This is my card").click()
    page.get_by_text(f"Card {code}").wait_for()


def looks(page, name, wanted=()):
    """Nothing serious keeps anybody out, nothing is cut off, and whoever wants to sees it."""
    assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_from_the_code_to_a_photo_given_back(phone, lesson):
    page = phone
    take_card(page, BISON)
    looks(page, "1-card")
    assert page.locator("#exercise img:visible").count() == 0
    page.get_by_role("button", name="Start").click()
    field = page.get_by_label("What I see")
    field.fill("A large brown animal")
    looks(page, "2-writing")
    page.get_by_role("button", name="I have finished").click()
    page.get_by_text("What stands there is kept as it is.").wait_for()
    expect(field).to_have_attribute("readonly", "")
    looks(page, "3-locked")
    part(page, SECOND)
    page.get_by_text(f"Card {BISON}").wait_for()
    assert "brown" not in page.locator("#exercise").inner_text()
    page.get_by_role("button", name="Start").click()
    page.get_by_label("What I see").fill("A brown animal that waits")
    page.get_by_role("button", name="I have finished").click()
    page.locator("mark", has_text="waits").wait_for()
    looks(page, "4-both")
    part(page, BACK)
    page.get_by_text(f"Card {BISON}").wait_for()
    page.get_by_label("How could this image be used to teach a machine to see better?").check()
    photo = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": media.jpeg() + bytes(3 << 20)}
    page.get_by_label("A photo:").set_input_files(photo)
    looks(page, "5-photo")
    page.get_by_role("button", name="Give it back").click()
    page.get_by_text("What you gave is kept.").wait_for()
    looks(page, "6-given")
    given = lesson.store.records(exercise="living-with-images-return")[0]
    assert given.asked.prompt.startswith("How could this image")
    assert not media.holds((lesson.store.folder / "files" / given.given_sha256).read_bytes())
    page.get_by_role("button", name="Burn it").click()
    page.get_by_role("button", name="Yes, burn it for good").click()
    page.get_by_text("You burnt this one.").wait_for()
    assert [record.refusal for record in lesson.store.records()] == ["burn"]
    looks(page, "7-burnt")
