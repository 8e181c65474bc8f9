"""Everybody in a class is spoken to in their language: theirs or their browser's, else the class's."""

import pytest
import requests
from lessons import held
from waiting import PATIENCE_S, until

from retrain_kit.classroom.readers import asked_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr", "fr"),
        ("fr-CH, en;q=0.9", "fr"),
        ("de-AT,de;q=0.9,pt-BR;q=0.8,en;q=0.7", "pt"),
        ("sw", "sw"),
        ("", "es"),
        ("tlh, *;q=0.5", "es"),
        ("../../etc/passwd", "es"),
        ("q," * 10_000 + "fr", "es"),
    ],
)
def test_the_first_language_that_the_kit_has_is_taken_else_that_of_the_class(header, language):
    assert asked_language(header, "es") == language


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    with held(tmp_path_factory.mktemp("class"), exercises=("what-if",), language="pt") as running:
        yield running


def test_a_page_has_its_words_before_anybody_joins(lesson):
    spoken = requests.get(f"{lesson.url}words", headers={"Accept-Language": "fr"}, timeout=PATIENCE_S).json()
    assert (spoken["language"], spoken["interface"]) == ("fr", "fr")
    assert spoken["words"]["Join the class"] == "Rejoindre la classe"
    assert ["es", "español"] in spoken["languages"]


def test_what_people_are_told_is_in_the_language_of_each(lesson):
    one, other, third = lesson.join(), lesson.join(), lesson.join()
    one.session.headers["Accept-Language"] = "fr"
    other.session.headers["Accept-Language"] = "en"
    third.session.headers.pop("Accept-Language", None)
    told = [each.do("what-if", "refuse", refusal="nothing")["told"] for each in (one, other, third)]
    assert told == [
        "Votre refus est gardé. C'est une réponse.",
        "Your refusal is kept. It is an answer.",
        "A sua recusa está guardada. Ela é uma resposta.",
    ]


def test_what_is_asked_stands_beside_the_english_in_the_language_of_each(lesson):
    def beside(language):
        person = lesson.join()
        person.session.headers["Accept-Language"] = language
        return person.do("what-if", "look")["prompts"][0]

    english = "What might exist in the blank area?"
    assert beside("fr") == [english, "Que pourrait-il exister dans la zone vide ?"]
    assert beside("sw") == [english, "Ni nini kinachoweza kuwepo katika eneo tupu?"]
    assert beside("en") == [english, ""]


def test_what_is_refused_is_said_in_the_language_of_whoever_asks(lesson):
    person = lesson.join()
    wrong = person.post("person", {"key": "no key"}, **{"Accept-Language": "es"})
    lost = person.get("images/999", **{"Accept-Language": "es"})
    assert lost.json() == {"fault": "Esa imagen no existe."}
    assert wrong.status_code == 400


def test_one_list_is_drawn_for_each_language_that_is_read(lesson):
    one, other = lesson.join(), lesson.join()
    one.session.headers["Accept-Language"], other.session.headers["Accept-Language"] = "fr", "es"
    one.add("brume", 1, likely="likely")
    page = other.add("niebla", 1, likely="unlikely")

    def told_in(page):
        return {option["text"]: option["told"] for option in page["options"]}

    def heard():  # A list may rest for a moment before it is drawn anew.
        found = told_in(one.do("what-if", "look", 1))
        return "niebla" in found and found

    told = [told_in(page), until(heard)]
    assert told[0]["brume"] == "1 persona: probable (66–90 %)"
    assert told[1]["brume"] == "1 personne : probable (66–90 %)"
    assert told[1]["niebla"] == "1 personne : improbable (10–33 %)"
