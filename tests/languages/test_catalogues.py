"""The catalogues have all that people read, and nothing else; what is translated keeps its named places."""

import re
from string import Formatter

import pytest
from languages import messages

from retrain_kit.exercises.common import prompts
from retrain_kit.storage import languages
from retrain_kit.widgets import catalogues

LANGUAGES = ("es", "fr", "pt")
EVERYWHERE = {"Firefox", "Android, Chrome", "Recoding Art"}
ALIKE = {
    "es": {"No"},
    "fr": {
        "Image",
        "Source",
        "Licence",
        "Minutes",
        "code",
        "image",
        "{count} points",
        "focus",
        "{count} minute",
        "{title}, version {version}.",
        "Image {number}",
        "Moment {moment}",
        "description",
        "{count} description",
        "option",
        "{count} option",
        "{count} message",
        "message",
        "Image {name}",
    },
}
"""Words that are the same in English and in a language."""


@pytest.fixture(scope="module")
def code():
    """What people read, taken out of the code."""
    return messages.messages()


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def translated(language):
    """The messages of a catalogue: English forms, and those of the language."""
    return [(forms(each.id), forms(each.string)) for each in catalogues.catalogue(language) if each.id]


def forms(words):
    return (words,) if isinstance(words, str) else tuple(words)


def places(words):
    return {name for _, name, *_ in Formatter().parse(words) if name is not None}


def test_the_kit_speaks_the_languages_of_its_plan_and_prompts_are_there_in_more():
    assert catalogues.TRANSLATED == LANGUAGES
    assert list(prompts.languages()) == ["en", "pt", "es", "fr", "sw", "zh"]


def test_no_message_of_the_code_is_missing_and_none_is_left_over(code, language):
    assert (catalogues.FOLDER / f"{language}.po").read_bytes() == messages.updated(language, code), (
        "make languages"
    )


def test_nothing_is_left_without_a_translation(translated):
    assert [english for english, words in translated if not all(words)] == []


def test_named_places_are_those_of_the_english(translated):
    wrong = [words for english, words in translated if list(map(places, words)) != list(map(places, english))]
    assert wrong == []


def test_nothing_stays_english_but_what_is_alike_in_both(language, translated):
    same = {english[0] for english, words in translated if english == words and letters(english[0])}
    assert same - EVERYWHERE - ALIKE.get(language, set()) == set()


def letters(words):
    return any(map(str.isalpha, re.sub(r"\{\w+\}", "", words)))


def test_a_message_is_said_in_the_language_of_whoever_is_spoken_to():
    said = []
    for language in ("en", *LANGUAGES, "sw"):
        with languages.speaking(catalogues.speech(language)):
            said.append(languages.gettext("You are {who} again.", who="{bodag}"))
    assert said == [
        "You are {bodag} again.",
        "Usted vuelve a ser {bodag}.",
        "Vous êtes de nouveau {bodag}.",
        "Você é {bodag} de novo.",
        "You are {bodag} again.",
    ]
    assert languages.gettext("You are {who} again.", who="bodag") == "You are bodag again."


def test_scripts_are_given_the_words_of_scripts_alone():
    spoken = catalogues.script_speech("fr")
    assert (spoken["language"], spoken["interface"]) == ("fr", "fr")
    assert spoken["words"]["Withdraw: {name}"] == "Retirer : {name}"
    assert spoken["words"]["{count} page is open"] == (
        "{count} page est ouverte",
        "{count} pages sont ouvertes",
    )
    assert "Your answer is kept." not in spoken["words"]


def test_where_a_language_has_prompts_alone_scripts_speak_english():
    assert catalogues.script_speech("zh") == {"language": "zh", "interface": "en", "words": {}}


def test_an_element_among_the_words_of_a_page_is_a_named_place():
    page = '<p>You are\n<b id="who"></b> here.</p><div><i>→</i><br></div><img alt="A map"><script>let words</script>'
    assert messages.Page(page).messages == ["You are {who} here.", "A map"]
