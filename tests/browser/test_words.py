"""Words stay words: what people type is shown as text by every widget, whatever it looks like."""

from __future__ import annotations

import io

import pytest
from hostility import HOSTILE
from hosting import Hosted, hosting
from PIL import Image

from retrain_kit.answers import Author, Store
from retrain_kit.display.figures import Figure, Panel
from retrain_kit.exercises.polyphony.pairs import Pair, PairedImage
from retrain_kit.exercises.polyphony.polyphony import Polyphony
from retrain_kit.exercises.polyphony.widget import Item, RoundTable
from retrain_kit.exercises.what_if.areas import BlankArea
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.exercises.what_if.widget import BlankAreas


def panel():
    file = io.BytesIO()
    Image.new("RGB", (48, 32), "#a9c6d9").save(file, "PNG")
    return Panel("view", "A sky", file.getvalue(), "image/png")


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "answers") as opened:
        yield opened


@pytest.fixture
def blank(page, store, tmp_path):
    """What If…? over one image."""
    with hosting("what_if", tmp_path) as url:
        page.goto(url)
        kernel = BlankAreas(
            WhatIf(store, "nature"), [BlankArea("Image 1", BlankPlace("sky"), panel(), "Study two")]
        )
        yield Hosted(page, kernel, ("items", "setting"))


@pytest.fixture
def table(page, store, tmp_path):
    """Polyphony over one pair."""
    pair = Polyphony(store, Pair(PairedImage("s", "d", "a"), PairedImage("s", "d", "b")))
    with hosting("polyphony", tmp_path) as url:
        page.goto(url)
        kernel = RoundTable([Item(pair, Figure((panel(), panel()), "", "Study one", "Pair 1"))])
        hosted = Hosted(page, kernel, ("items", "setting"))
        hosted.pass_on()
        yield hosted


def add(blank, text):
    blank.root.get_by_label("Another option").fill(text)
    blank.root.get_by_role("slider", name="How likely, in a number").press("ArrowRight")
    blank.root.get_by_label("It may be shown to those who take part.").check()
    blank.button("Add it to the list").click()
    blank.pass_on()


def say(table, text):
    table.root.get_by_role("checkbox", name="Others who take part").check()
    table.root.locator("textarea").fill(text)
    table.button("Say it").click()
    table.pass_on()


def press(hosted, label):
    hosted.button(label).click()
    hosted.pass_on()


def assert_shown(hosted, words, text):
    """The text is there to the letter, isolated from what stands around it; nothing ran, nothing was made of it."""
    node = hosted.root.locator(words)
    assert node.evaluate("(node) => node.textContent") == text
    assert node.evaluate("(node) => getComputedStyle(node).unicodeBidi") == "isolate"
    assert hosted.root.locator("script, svg, a, b, iframe, img:not([alt]), [onerror], [onload]").count() == 0
    assert hosted.page.evaluate("window.hit") is None


@pytest.mark.parametrize("text", HOSTILE)
def test_in_what_if_an_option_and_its_footnote_are_text(blank, text):
    blank.pass_on()
    add(blank, text)
    assert_shown(blank, ".rk-list > li:last-child .rk-said-text", text)
    assert_shown(blank, ".rk-own .rk-said-text", text)
    blank.root.get_by_text("Footnote", exact=True).click()
    blank.root.locator(".rk-own details input").fill(text)
    blank.button("Keep the footnote").click()
    blank.pass_on()
    assert_shown(blank, ".rk-footnote bdi", text)
    blank.root.locator(".rk-list > li:last-child button").click()
    assert_shown(blank, ".rk-label bdi", text)


@pytest.mark.parametrize("text", HOSTILE)
def test_in_what_if_the_words_of_a_refusal_are_text(blank, text):
    blank.pass_on()
    blank.kernel._receive(None, {"act": "refuse", "refusal": "burn", "text": text, "uses": ["class"]}, [])
    assert_shown(blank, "ul[aria-label=Refusals] .rk-said-text", f"burn – {text}")


@pytest.mark.parametrize("text", HOSTILE)
def test_in_polyphony_a_sentence_is_text_to_who_wrote_it_and_to_who_reads_it(table, text):
    say(table, text)
    assert_shown(table, ".rk-own blockquote", text)
    press(table, "Somebody else answers now")
    say(table, "Both wait.")
    assert_shown(table, ".rk-asked blockquote", text)


def test_a_sentence_that_is_somewhat_long_is_refused_in_words_and_stays_in_the_field(table, store):
    say(table, "m" * 1001)
    assert table.root.get_by_role("status").inner_text() == "text: found 1001 letters; expected at most 1000."
    assert len(table.root.locator("textarea").input_value()) == 1001
    assert store.records() == []


def test_polyphony_refuses_a_long_message_and_keeps_a_replayed_one_once(table, store):
    told = []
    table.kernel.send = told.append
    sent = {"act": "say", "turn": " first ", "uses": ["class"], "once": "0e" * 16, "text": "Both wait."}
    table.kernel._receive(None, {**sent, "text": "m" * 10_000_000}, [])
    assert told[0]["fault"].startswith("what was sent: found 10000108 letters")
    assert store.records() == []
    for _ in range(3):
        table.kernel._receive(None, sent, [])
    assert [record.text for record in store.records()] == ["Both wait."]


def test_polyphony_takes_no_pseudonym_and_no_key_but_ones_own(table, store):
    say(table, "Both wait.")
    (record,) = store.records()
    told = []
    table.kernel.send = told.append
    forged = {"act": "say", "who": record.who, "uses": ["class"], "text": "Both are cold.", "once": record.id}
    for sent in (
        {"act": "return", "key": Author.new().key},
        {**forged, "turn": f"{record.who} first "},
        {"act": "withdraw", "record": record.id},
        {"act": "footnote", "record": record.id, "text": "fog"},
    ):
        table.kernel._receive(None, sent, [])
    assert [bool(each["fault"]) for each in told] == [False, True, True, True]
    assert store.records() == [record]


def test_what_if_refuses_a_long_message_without_repeating_it(blank, store):
    for long in ({"text": "m" * 10_000_000}, {"likely": "m" * 10_000_000}, {"more": ["m"] * 5_000_000}):
        told = []
        blank.kernel.send = told.append
        blank.kernel._receive(
            None, {"act": "add", "text": "mist", "likely": 5, "uses": ["class"], **long}, []
        )
        assert told[0]["fault"].startswith("what was sent: found ")
        assert told[0]["fault"].endswith(
            "letters; expected at most 20000. Say it in fewer words; nothing was kept."
        )
    assert store.records() == []


def test_a_request_takes_no_pseudonym_and_no_key_but_ones_own(blank, store):
    blank.pass_on()
    add(blank, "mist")
    (record,) = store.records()
    receive, told = blank.kernel._receive, []
    blank.kernel.send = told.append
    receive(None, {"act": "somebody-else"}, [])
    forged = {"who": record.who, "lock": record.lock, "uses": ["class"], "text": "fog", "likely": 5}
    receive(None, {"act": "add", **forged}, [])
    receive(None, {"act": "add", **forged, "once": record.id}, [])
    receive(None, {"act": "return", "key": Author.new().key}, [])
    receive(None, {"act": "withdraw", "record": record.id}, [])
    receive(None, {"act": "footnote", "record": record.id, "text": "fog"}, [])
    assert [bool(each["fault"]) for each in told].count(True) == 3
    kept = store.records()
    assert record in kept  # within a second, answers stand in no order that anybody knows
    (other,) = (each for each in kept if each != record)
    assert (other.text, other.who == record.who) == ("fog", False)
