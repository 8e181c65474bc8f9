"""The teaching plan: one course in three languages, whole in each of its forms."""

import re
from dataclasses import asdict

import pytest
from places import SHARED

from retrain_kit.errors import ParameterError
from retrain_kit.exercises.living_with_images import teaching_plan

SOURCES = SHARED / "sources"
LANGUAGES = ("en", "pt", "es", "fr")


def texts(value):
    """Return all texts of a plan, in their order."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value
    return [text for part in parts for text in texts(part)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_course_is_two_classes_and_a_week_between(language):
    plan = teaching_plan.load_plan(language)
    assert [len(lesson.steps) for lesson in plan.lessons] == [6, 5]
    assert (len(plan.goals), len(plan.glance), len(plan.readings)) == (3, 5, 6)
    assert len(plan.assignment.questions) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_minutes_of_the_first_class_add_up_to_thirty_and_of_the_second_to_one_to_two_hours(language):
    first, second = teaching_plan.load_plan(language).lessons
    assert sum(int(step.minutes) for step in first.steps) == 30
    bounds = [list(map(int, step.minutes.split("–"))) for step in second.steps]
    assert (sum(each[0] for each in bounds), sum(each[-1] for each in bounds)) == (60, 120)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_credits_its_authors_and_tells_to_look_at_every_image_before(language):
    plan = teaching_plan.load_plan(language)
    assert "Gabriel Pereira" in plan.credit
    assert "Bruno Moreschi" in plan.credit
    assert "doi:10.1080/17540763.2023.2189285" in plan.credit
    before = dict(plan.glance)[
        {
            "en": "Before you begin",
            "pt": "Antes de começar",
            "es": "Antes de empezar",
            "fr": "Avant de commencer",
        }[language]
    ]
    assert re.search("every image|cada imagem|cada imagen|chaque image", before)


def test_only_the_original_goes_without_the_annotation_of_an_unreviewed_translation():
    assert [teaching_plan.load_plan(language).review for language in LANGUAGES] == [
        "",
        "Tradução do inglês, não revisada.",
        "Traducción del inglés, sin revisar.",
        "Traduction de l'anglais, non relue.",
    ]


def test_the_translations_say_as_much_as_the_original_in_the_same_places():
    original, *others = (
        [*map(bool, texts(asdict(teaching_plan.load_plan(language))))] for language in LANGUAGES
    )
    review = texts(asdict(teaching_plan.load_plan("en"))).index("")
    for other in others:
        assert len(other) == len(original)
        assert [at for at, filled in enumerate(other) if filled != original[at]] == [review]


def test_no_nine_words_in_a_row_are_those_of_the_guide():
    for path in SOURCES.glob("001*.txt"):
        source = " ".join(re.findall(r"\w+", path.read_text(encoding="utf-8").lower()))
        break
    else:
        pytest.skip("the sources are not beside the checkout")
    plan = teaching_plan.load_plan("en")
    own = [text for text in texts(asdict(plan)) if text != plan.credit]
    for text in own:
        words = re.findall(r"\w+", text.lower())
        for at in range(len(words) - 8):
            assert " ".join(words[at : at + 9]) not in source


def test_a_language_without_a_plan_is_a_fault():
    with pytest.raises(ParameterError, match="language: found 'de'; expected one of en, pt, es, fr"):
        teaching_plan.load_plan("de")
