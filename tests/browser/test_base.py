"""What all exercises have in common in a browser: acts that count once, consent, focus, what is gone when they close."""

from __future__ import annotations

import io
import json
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hosting import Hosted, hosting
from PIL import Image
from small_studies import study

from retrain_kit.answers import Store
from retrain_kit.display.figures import Figure, Panel
from retrain_kit.exercises.common.annotating import ImageToAnnotate
from retrain_kit.exercises.conversation import subjects
from retrain_kit.exercises.conversation.conversation import Conversation
from retrain_kit.exercises.conversation.widget import Talk
from retrain_kit.exercises.living_with_images.descriptions import ImageToDescribe
from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages
from retrain_kit.exercises.living_with_images.returns import Returns
from retrain_kit.exercises.living_with_images.returns.widget import GiveBack
from retrain_kit.exercises.living_with_images.widget import Descriptions
from retrain_kit.exercises.own_time.own_time import OwnTime
from retrain_kit.exercises.own_time.widget import Workplace
from retrain_kit.exercises.polyphony.pairs import Pair, PairedImage
from retrain_kit.exercises.polyphony.polyphony import Polyphony
from retrain_kit.exercises.polyphony.widget import Item, RoundTable
from retrain_kit.exercises.recoding_art.recoding_art import RecodingArt
from retrain_kit.exercises.recoding_art.widget import Works
from retrain_kit.exercises.recoding_art.works import WorkToSee
from retrain_kit.exercises.surfaces.informational_surfaces import InformationalSurfaces
from retrain_kit.exercises.surfaces.widget import Desk
from retrain_kit.exercises.what_if.areas import BlankArea
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.exercises.what_if.widget import BlankAreas

if TYPE_CHECKING:
    from collections.abc import Callable

INSIDE = "(root) => root.contains(document.activeElement)"


def panel(name="view"):
    file = io.BytesIO()
    Image.new("RGB", (48, 32), "#a9c6d9").save(file, "PNG")
    return Panel(name, "A sky", file.getvalue(), "image/png")


def blank_areas(folder, held):
    areas = [BlankArea(f"Image {number}", BlankPlace(f"sky-{number}"), panel(), "Two") for number in (1, 2)]
    return BlankAreas(WhatIf(held(Store(folder)), "nature"), areas)


def round_table(folder, held):
    store = held(Store(folder))
    pairs = [Pair(PairedImage("s", "d", "a"), PairedImage("s", "d", other)) for other in "bc"]
    figure = Figure((panel("left"), panel("right")), "", "One", "Pair")
    return RoundTable([Item(Polyphony(store, pair), figure) for pair in pairs])


def talk(folder, held):
    asked = [subjects.asked_subject(words) for words in ("Who drew this?", "Who was paid?")]
    return Talk(Conversation(held(Store(folder)), "nature"), asked)


def desk(folder, held):
    images = [ImageToAnnotate(f"sky-{n}", f"Image {n}", (96, 64), panel(), "Two") for n in (1, 2)]
    return Desk(InformationalSurfaces(held(Store(folder)), "nature"), images)


def works(folder, held):
    seen = [WorkToSee(f"cut-{number}", f"Image {number}", panel(), "Two") for number in (1, 2)]
    return Works(RecodingArt(held(Store(folder)), "works"), seen)


def descriptions(folder, held):
    seen = [ImageToDescribe(f"sky-{number}", f"Image {number}", panel(), "Two", "") for number in (1, 2)]
    return Descriptions(LivingWithImages(held(Store(folder)), "nature"), seen)


def give_back(folder, held):
    for name in ("one", "two"):
        Image.new("RGB", (32, 24), "#a9c6d9").save(folder / f"{name}.png")
    mine = study(folder, "images", [(name, f"{name}.png", (32, 24)) for name in ("one", "two")])
    returns = held(Returns(folder / "answers", "mine"))
    return GiveBack(returns, [mine.sample(image) for image in mine.images], mine)


def workplace(folder, held):
    images = [ImageToAnnotate(f"sky-{n}", f"Image {n}", (96, 64), panel(), "Two") for n in (1, 2)]
    return Workplace(OwnTime(held(Store(folder)), "nature"), images)


def add(hosted, text):
    hosted.root.get_by_label("Another option").fill(text)
    hosted.root.get_by_role("slider", name="How likely, in words").press("ArrowRight")


def write(hosted, text):
    hosted.root.locator("textarea").first.fill(text)


def sit(hosted, text):
    hosted.button("Begin: record my pointer").click()
    hosted.root.get_by_role("textbox", name="Your description").fill(text)
    hosted.button("I have finished").click()


def draw(hosted, text):
    hosted.button("Begin: start the clock").click()
    for key in ("Enter", "ArrowRight", "ArrowDown", "Enter"):
        hosted.page.keyboard.press(key)
    hosted.page.keyboard.type(text)


def describe(hosted, text):
    hosted.button("Start").click()
    hosted.page.keyboard.type(text)
    hosted.button("I have finished").click()


@dataclass(frozen=True)
class Exercise:
    """An exercise, how something is said in it up to the button that sends it, and that button again."""

    script: str
    kernel: Callable[..., Any]
    say: Callable[..., None]
    act: str
    send: str
    again: str = ""


EXERCISES = [
    Exercise("what_if", blank_areas, add, "add", "Add it to the list"),
    Exercise("polyphony", round_table, write, "say", "Say it"),
    Exercise("conversation", talk, write, "say", "Say it"),
    Exercise("surfaces", desk, sit, "keep", "Keep it"),
    Exercise("descriptions", descriptions, describe, "say", "", "Send it again"),
    Exercise("recoding_art", works, write, "say", "Send my answer"),
    Exercise("returns", give_back, write, "give", "Give it back"),
    Exercise("own_time", workplace, draw, "keep", "Keep it"),
]


@pytest.fixture(params=EXERCISES, ids=[each.script for each in EXERCISES])
def exercise(request):
    return request.param


@pytest.fixture
def hosted(page, exercise, tmp_path):
    """The exercise on a page, with everything agreed to."""
    (tmp_path / "page").mkdir()
    with ExitStack() as stack, hosting(exercise.script, tmp_path / "page") as url:
        page.goto(url)
        shown = Hosted(page, exercise.kernel(tmp_path, stack.enter_context), ("items", "setting"))
        shown.pass_on()
        for box in shown.root.get_by_role("checkbox").all():
            box.check()
        yield shown


def records(hosted):
    return hosted.kernel.session.records


def let_somebody(hosted):
    """Let somebody else answer: where a key would go, it is shown first."""
    hosted.button("Somebody else answers now").click()
    yes = hosted.button("Yes, somebody else answers now")
    if yes.is_visible():
        assert hosted.root.locator("code").is_visible()
        yes.click()
    hosted.pass_on()


def sent(hosted):
    """Return what the browser has sent and nobody has heard, looks left out."""
    every = hosted.handle.evaluate("({ model }) => model.sent.splice(0)")
    return [each for each in every if each["act"] not in {"look", "draw", "count"}]


def lose_reply(hosted):
    """Let the kernel do what was sent, and its answers be lost on the way; return what was sent."""
    lost = sent(hosted)
    told, hosted.kernel.send = hosted.kernel.send, lambda _: None
    for content in lost:
        hosted.kernel._receive(None, content, [])
    hosted.kernel.send = told
    return lost


def test_an_act_whose_reply_is_lost_is_the_same_act_when_it_is_sent_again(hosted, exercise):
    exercise.say(hosted, "mist")
    if exercise.send:
        hosted.button(exercise.send).click()
    (first,) = lose_reply(hosted)
    hosted.answer({"fault": "The line was lost."})
    assert hosted.root.get_by_role("status").inner_text() == "The line was lost."
    hosted.button(exercise.again or exercise.send).click()
    (again,) = hosted.pass_on()
    assert (first["act"], len(first["once"])) == (exercise.act, 32)
    assert again == first
    assert len(records(hosted)) == 1
    assert hosted.root.get_by_role("status").inner_text().endswith("That was kept already, once.")


def test_a_refusal_pressed_twice_counts_once_and_one_after_the_other_counts_twice(hosted):
    refusal = hosted.button("I choose not to answer")
    refusal.click()
    if refusal.is_enabled():
        refusal.click()
    sent = hosted.pass_on()
    assert len({each["once"] for each in sent if each["act"] in {"refuse", "say"}}) == 1
    assert len(records(hosted)) == 1


@pytest.mark.parametrize("exercise", [EXERCISES[0], EXERCISES[-1]], indirect=True, ids=["what_if", "returns"])
def test_the_same_words_are_another_act_once_the_first_is_done(hosted, exercise):
    names = []
    for _ in range(2):
        exercise.say(hosted, "mist")
        hosted.button(exercise.send).click()
        names += [each["once"] for each in hosted.pass_on() if each["act"] == exercise.act]
    assert len(set(names)) == 2


def test_whoever_comes_finds_nothing_agreed_to(hosted):
    hosted.button("I choose not to answer").click()
    hosted.pass_on()
    let_somebody(hosted)
    assert hosted.root.get_by_role("checkbox", checked=True).count() == 0
    assert hosted.root.locator("code").text_content() == ""


def test_the_keys_stay_in_the_widget_whatever_comes_of_an_act(hosted):
    for name in ("I choose not to answer", "Somebody else answers now", "Yes, somebody else answers now"):
        if not hosted.button(name).is_visible():
            continue  # Where each has a seat, no key goes, and nothing is asked.
        hosted.button(name).focus()
        hosted.page.keyboard.press("Enter")
        hosted.pass_on()
        assert hosted.root.evaluate(INSIDE), name


def test_one_goes_on_and_back_by_the_steps_and_no_further(hosted):
    position = hosted.root.locator(".rk-position")
    following, previous = (hosted.root.locator(".rk-steps button").nth(n) for n in (1, 0))
    assert previous.get_attribute("aria-disabled") == "true"
    for button, place in ((following, "2 of 2"), (following, "2 of 2"), (previous, "1 of 2")):
        button.press("Enter")
        hosted.pass_on()
        assert position.inner_text() == place
        assert button.evaluate("(node) => node === document.activeElement")


def test_no_trait_holds_a_key_or_what_somebody_said(hosted, exercise):
    exercise.say(hosted, "mist and fog")
    if exercise.send:
        hosted.button(exercise.send).click()
    hosted.pass_on()
    key = hosted.root.locator("code").text_content()
    saved = json.dumps(hosted.kernel.get_state(), default=str)
    assert len(key.split("-")) == 8
    assert key not in saved
    assert "mist and fog" not in saved


def test_closing_gives_back_every_image_and_leaves_no_listener(hosted, page):
    hosted.handle.evaluate("({ cleanup }) => cleanup()")
    assert page.evaluate("urls.size") == 0
    assert hosted.handle.evaluate("({ model, el }) => model.handlers.length + el.childElementCount") == 0
