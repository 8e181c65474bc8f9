"""The keyboard alone is enough: through all of What If…?, and through Moments A and B of Polyphony."""

from __future__ import annotations

import io

import pytest
from hosting import Hosted, hosting
from PIL import Image

from retrain_kit.answers import Store
from retrain_kit.display.figures import Figure, Panel
from retrain_kit.exercises.polyphony.pairs import Pair, PairedImage
from retrain_kit.exercises.polyphony.polyphony import Polyphony
from retrain_kit.exercises.polyphony.widget import Item, RoundTable
from retrain_kit.exercises.what_if.areas import BlankArea
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.exercises.what_if.widget import BlankAreas

HERE = """() => {
  const node = document.activeElement;
  return node.ariaLabel || [...(node.labels ?? [])].map((label) => label.textContent.trim()).join(" ")
    || node.textContent.trim();
}"""


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "answers") as opened:
        yield opened


def panel():
    file = io.BytesIO()
    Image.new("RGB", (48, 32), "#a9c6d9").save(file, "PNG")
    return Panel("view", "A sky", file.getvalue(), "image/png")


def go_to(page, name):
    """Press Tab until what has this name is focused; every stop on the way can be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if page.evaluate(HERE).startswith(name):
            return
    pytest.fail(f"no {name} on the way of the Tab key")


def test_what_if_from_an_option_to_its_withdrawal(page, store, tmp_path):
    with hosting("what_if", tmp_path) as url:
        page.goto(url)
        areas = [
            BlankArea(f"Image {number}", BlankPlace(f"sky-{number}"), panel(), "Study two")
            for number in (1, 2)
        ]
        kernel = BlankAreas(WhatIf(store, "nature"), areas)
        hosted = Hosted(page, kernel, ("items", "setting"))
        hosted.pass_on()

        def press(name, *keys):
            go_to(page, name)
            for key in keys:
                page.keyboard.press(key)
            hosted.pass_on()

        def said():
            return {(record.text, record.refusal) for record in store.records()}

        go_to(page, "Another option")
        page.keyboard.type("mist")
        press("How likely, in words", "ArrowRight")
        press("It may be shown to those who take part.", "Space")
        press("Add it to the list", "Enter")
        press("How likely: bird", "Enter")
        press("How likely, in a number", "End")
        press("Say how likely", "Space")
        press("Let it in", "Enter")
        press("How likely, in a number", "Home")
        press("Let the elephant in", "Enter")
        press("I choose not to answer", "Enter")
        assert said() == {("mist", ""), ("100", ""), ("let the elephant in", ""), ("", "no-answer")}
        press("Withdraw: mist", "Enter")
        assert said() == {("100", ""), ("let the elephant in", ""), ("", "no-answer")}
        with page.expect_download() as download:
            press("Download my answers", "Enter")
        assert download.value.suggested_filename.endswith(".jsonl")
        press("Somebody else answers now", "Enter")
        page.keyboard.press("Enter")
        hosted.pass_on()
        press("Next blank area", "Enter")
        assert "2 of 2" in hosted.root.inner_text()


def test_polyphony_through_moments_a_and_b(page, store, tmp_path):
    exercise = Polyphony(store, Pair(PairedImage("s", "d", "a"), PairedImage("s", "d", "b")))
    with hosting("polyphony", tmp_path) as url:
        page.goto(url)
        kernel = RoundTable([Item(exercise, Figure((panel(), panel()), "", "Study one", "Pair 1"))])
        hosted = Hosted(page, kernel, ("items", "setting"))
        hosted.pass_on()

        def press(name):
            go_to(page, name)
            page.keyboard.press("Enter")
            hosted.pass_on()

        def say(prompt, sentence):
            go_to(page, prompt)
            page.keyboard.type(sentence)
            go_to(page, "Others who take part")
            if not page.evaluate("document.activeElement.checked"):
                page.keyboard.press("Space")
            press("Say it")
            assert hosted.root.get_by_role("status").inner_text() == "Your sentence is kept."

        say("Your short sentence", "Both wait.")
        press("Somebody else")
        say("Your short sentence", "Both are cold.")
        say("Improve", "Both wait in the cold.")
        press("Person 1")
        say("Improve", "Both are cold, and wait.")
        say("Your new", "Cold, both wait.")
        press("Person 2")
        say("Your new", "They wait.")
        assert hosted.root.get_by_role("button", name="has finished").count() == 2
        assert {record.text for record in store.records()} == {
            "Both wait.",
            "Both are cold.",
            "Both wait in the cold.",
            "Both are cold, and wait.",
            "Cold, both wait.",
            "They wait.",
        }
        press("What you have said")
        press("Withdraw")
        assert len(store.records()) == 5
