"""The round table without a browser: what it asks whom, what it refuses, and its static twin."""

from __future__ import annotations

import io
import json

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from retrain_kit.answers import Store
from retrain_kit.display.figures import Figure, Panel
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.polyphony.pairs import Pair, PairedImage
from retrain_kit.exercises.polyphony.polyphony import Polyphony
from retrain_kit.exercises.polyphony.widget import Item, RoundTable


def figure(panels=2):
    file = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(file, "PNG")
    views = tuple(
        Panel(f"view {number}", f"plane {number}", file.getvalue(), "image/png") for number in range(panels)
    )
    return Figure(views, "", "Study one", "Pair 1")


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "answers") as opened:
        yield opened


@pytest.fixture
def table(store):
    items = [
        Item(Polyphony(store, Pair(PairedImage("s", "d", a), PairedImage("s", "d", b))), figure())
        for a, b in ("ab", "cd")
    ]
    return RoundTable(items, "sw")


def say(table, text="", **more):
    page = table.answer({"act": "look"})
    sent = {"act": "say", "turn": page["turn"], "text": text, "uses": ["class"], "language": "en"}
    return table.answer({**sent, **more})


def test_a_new_person_is_asked_for_a_first_sentence_in_english_and_beside_it(table):
    page = table.answer({"act": "look"})
    assert (page["step"], page["moment"], page["seats"]) == ("first", "A", [["", "Person 1 is new"]])
    assert [line["kind"] for line in page["lines"]] == ["prompt", "entry"]
    assert page["lines"][1]["text"] == "Your short sentence:"
    assert page["lines"][1]["beside"] == "Sentensi yako fupi:"


def test_two_people_at_one_screen_go_through_moments_a_and_b(table):
    assert say(table, "Both wait.")["step"] == "wait"
    table.answer({"act": "somebody-else"})
    page = say(table, "Both are cold.")
    assert (page["step"], page["lines"][0]["read"]["text"]) == ("improvement", "Both wait.")
    assert say(table, "Both wait in the cold.")["step"] == "wait"
    page = table.answer({"act": "sit", "seat": 0})
    assert page["lines"][0]["read"]["text"] == "Both are cold."
    page = say(table, "Both are cold, and wait.")
    assert (page["moment"], page["lines"][1]["read"]["text"]) == ("B", "Both wait in the cold.")
    assert [line["kind"] for line in page["lines"]] == ["prompt", "reading", "prompt", "entry"]
    page = say(table, "Cold, both wait.")
    assert (page["step"], page["seats"][0][1], page["seats"][1][1]) == (
        "done",
        "Person 1 has finished",
        "Person 2 has one to read",
    )


def test_nobody_sees_what_others_wrote_but_what_they_are_asked_to_read(table):
    say(table, "Both wait.")
    page = table.answer({"act": "somebody-else"})
    del page["file"]  # what all at this table take along, which is not shown
    assert "Both wait." not in json.dumps(page)


def test_neither_words_nor_keys_are_in_the_state_that_notebooks_save(table):
    page = say(table, "Both wait.")
    state = repr(table.get_state())
    assert page["key"] not in state
    assert "Both wait." not in state


def test_without_consent_or_words_nothing_is_kept_and_it_is_said_why(table, store):
    refused = say(table, "Both wait.", uses=["publication"])
    assert table.setting["needs"] == {"class": refused["fault"]}
    assert (refused["fault"], refused["needs"], refused["done"]) == (
        "Others read here what you write, and improve it. Without your yes to that, nothing can be kept.",
        "class",
        "",
    )
    assert "text: found nothing" in say(table, "  ")["fault"]
    assert store.records() == []


def test_a_refusal_is_kept_without_what_was_typed(table, store):
    page = say(table, "half a", refusal="burn")
    assert page["told"] == "Your refusal is kept. It is an answer."
    assert [(record.refusal, record.text) for record in store.records()] == [("burn", "")]


def test_what_is_written_to_a_past_turn_is_not_kept(table, store):
    say(table, "Both wait.")
    page = say(table, "Too late.", turn=" first ")
    assert "turn: found one that is past" in page["fault"]
    assert len(store.records()) == 1


def test_somebody_comes_back_with_their_key_and_withdraws(table, store):
    page = say(table, "Both wait.")
    assert table.answer({"act": "leave"})["seats"] == [["", "Person 1 is new"]]
    back = table.answer({"act": "return", "key": page["key"].upper()})
    assert [own["text"] for own in back["mine"]] == ["Both wait."]
    gone = table.answer({"act": "withdraw", "record": back["mine"][0]["record"]})
    assert (gone["mine"], gone["step"], store.records()) == ([], "first", [])


def test_a_footnote_is_added(table, store):
    page = say(table, "Both wait.")
    noted = table.answer(
        {"act": "footnote", "record": page["mine"][0]["record"], "text": "One does.", "language": "en"}
    )
    assert noted["mine"][0]["footnotes"] == ["One does."]
    assert store.records()[0].text == "Both wait."


def test_each_pair_has_a_circle_of_its_own(table):
    say(table, "Both wait.")
    page = table.answer({"act": "go", "index": 1})
    assert (page["index"], page["step"], page["mine"]) == (1, "first", [])


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({"act": "dance"}, "act: found 'dance'"),
        ({}, "act: found ''"),
        ({"act": 3}, "act: found an object of type int"),
        ({"act": "go", "index": 2}, "index: found 2; expected a whole number from 0 to 1."),
        ({"act": "sit", "seat": True}, "seat: found True"),
        ({"act": "return", "key": "guessed"}, "key: found something else"),
        ({"act": "withdraw", "record": "0" * 32}, "key: found something else"),
        ({"act": "say", "turn": None, "text": "x"}, "turn: found one that is past"),
    ],
)
def test_what_a_browser_cannot_ask_is_told_and_changes_nothing(table, store, sent, fault):
    page = table.answer(sent)
    assert fault in page["fault"]
    assert (page["step"], page["index"], page["seat"], store.records()) == ("first", 0, 0, [])


def test_items_must_be_pairs():
    with pytest.raises(ParameterError, match="items: found none"):
        RoundTable([])
    with pytest.raises(ParameterError, match=r"item 1: found 1 panel\(s\); expected two"):
        RoundTable([Item(None, figure(1))])


def test_a_language_without_translations_is_told(table):
    with pytest.raises(ParameterError, match="language: found 'xx'"):
        RoundTable(table.items, "xx")


def test_the_static_twin_has_images_and_prompts_and_nothing_that_was_said(table):
    say(table, "Both wait.")
    data, _ = table._repr_mimebundle_()
    page = BeautifulSoup(data["text/html"], "html.parser")
    assert [image["alt"] for image in page.find_all("img")] == ["plane 0", "plane 1"] * 2
    asked = [line.text for line in page.select("dd span[lang=en]")]
    assert asked == [prompt.text for prompt in prompts.prompts_of("polyphony").values()]
    assert prompts.prompts_credit() in page.get_text()
    assert "Both wait." not in data["text/html"] + data["text/plain"]
