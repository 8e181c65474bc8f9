"""Prompts are the source's to the letter; translations stand beside and are marked."""

import re

import pytest
from places import SHARED

from retrain_kit.errors import ParameterError
from retrain_kit.exercises.common import prompts

SOURCES = SHARED / "sources"
EXERCISES = (
    "what-if",
    "what-if-elsewhere",
    "what-if-options",
    "polyphony",
    "recoding-art",
    "conversation",
    "conversation-own",
)


@pytest.fixture(scope="module")
def source():
    for path in SOURCES.glob("000*.txt"):
        return path.read_text(encoding="utf-8")
    pytest.skip("the sources are not beside the checkout")


def test_the_prompts_of_what_if_come_in_their_order():
    assert [prompt.text for prompt in prompts.prompts_of("what-if").values()] == [
        "What might exist in the blank area?",
        "Add another option to the list below.",
        "Your choice should be reasonably probable, unlike an unlikely option such as an (elephant).",
        "Make sure your choice aligns with the overall probability of the existing options, except for the (elephant).",
    ]


def test_the_list_has_the_originals_ten_options_in_their_order():
    assert [prompt.text for prompt in prompts.prompts_of("what-if-options").values()] == [
        *("bird", "aeroplane", "balloon", "parachutist", "kite", "drone", "fireworks", "day moon"),
        *("more cloud", "(an elephant)"),
    ]


@pytest.mark.parametrize("exercise", ["what-if", "what-if-options", "polyphony", "conversation"])
def test_every_prompt_stands_in_the_source_to_the_letter_and_in_its_order(source, exercise):
    begins = {"polyphony": "Moment A", "conversation": "“Shaping” implies something dynamic"}
    start = source.index(begins.get(exercise, "What might exist"))
    for prompt in prompts.prompts_of(exercise).values():
        start = source.index(prompt.text, start)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_prompt_has_a_translation_into_each_language(exercise):
    assert list(prompts.languages()) == ["en", "pt", "es", "fr", "sw", "zh"]
    for prompt in prompts.prompts_of(exercise).values():
        assert list(prompt.translations) == ["pt", "es", "fr", "sw", "zh"]
        assert all(text.strip() for text in prompt.translations.values())
        assert prompt.translation("en") == ""
        assert re.search("[\u4e00-\u9fff]", prompt.translation("zh"))


def test_translations_are_marked_and_words_are_credited():
    assert prompts.UNREVIEWED_NOTE == "translation, not reviewed"
    assert "Bruno Moreschi" in prompts.prompts_credit()


def test_a_language_or_an_exercise_that_is_not_there_is_a_fault():
    with pytest.raises(ParameterError, match="found 'de'; expected one of en, pt, es, fr, sw, zh"):
        prompts.check_language("de")
    with pytest.raises(
        ParameterError, match="one of what-if, what-if-elsewhere, polyphony, recoding-art, what-if"
    ):
        prompts.prompts_of("chess")
