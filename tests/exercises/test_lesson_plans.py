"""The plans of single lessons: skeletons that name what is typed, in each of their forms and languages."""

import shlex

import pypdfium2
import pytest

from retrain_kit.cli import kit
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.common import plans

PLANS = [(exercise, language) for exercise in plans.FOLDERS for language in plans.languages_of(exercise)]


@pytest.mark.parametrize(("exercise", "language"), PLANS)
def test_a_plan_says_as_much_as_the_original_in_the_same_places(exercise, language):
    plan, original = (plans.load_plan(exercise, each) for each in (language, "en"))
    assert [(step.minutes, step.commands) for step in plan.steps] == [
        (step.minutes, step.commands) for step in original.steps
    ]
    assert (len(plan.glance), len(plan.wrong)) == (len(original.glance), len(original.wrong))
    assert bool(plan.review) is (language != "en")


def test_every_exercise_has_a_plan_in_every_language():
    assert {exercise: plans.languages_of(exercise) for exercise in plans.FOLDERS} == {
        "what-if": ["en", "pt", "es", "fr"],
        "polyphony": ["en", "pt", "es", "fr"],
        "informational-surfaces": ["en", "pt", "es", "fr"],
        "conversation": ["en", "pt", "es", "fr"],
        "recoding-art": ["en", "pt", "es", "fr"],
    }


@pytest.mark.parametrize("exercise", plans.FOLDERS)
def test_the_minutes_of_a_lesson_add_up(exercise):
    plan = plans.load_plan(exercise, "en")
    assert dict(plan.glance)["Time"] == f"{sum(int(step.minutes) for step in plan.steps)} minutes."


@pytest.mark.parametrize("exercise", plans.FOLDERS)
def test_what_is_typed_are_commands_of_the_kit_with_options_that_it_has(exercise):
    for command in (line for step in plans.load_plan(exercise, "en").steps for line in step.commands):
        program, name, *arguments = shlex.split(command)
        options = {option for each in kit.commands[name].params for option in each.opts}
        assert program == "retrain-kit"
        assert {each for each in arguments if each.startswith("-")} <= options


@pytest.mark.parametrize(("exercise", "language"), PLANS)
def test_every_form_says_that_it_is_a_skeleton_and_the_page_is_one(tmp_path, exercise, language):
    plan = plans.load_plan(exercise, language)
    for ending in ("html", "md"):
        assert plan.skeleton in plans.plan_text(plan, ending)
    plans.write_plan(tmp_path / "plan.pdf", exercise, language)
    assert len(pypdfium2.PdfDocument(tmp_path / "plan.pdf")) == 1


def test_what_has_no_plan_is_told(tmp_path):
    with pytest.raises(ParameterError, match="exercise: found 'chess'"):
        plans.load_plan("chess", "en")
    with pytest.raises(ParameterError, match="language: found 'tlh'; expected one of en, "):
        plans.load_plan("what-if", "tlh")
    with pytest.raises(ParameterError, match="ends in .pdf, .html, .md"):
        plans.write_plan(tmp_path / "plan.docx", "what-if", "en")
