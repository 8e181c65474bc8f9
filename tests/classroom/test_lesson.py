"""Lessons: what a teacher opens, leads to and keeps off the wall, without a class."""

import pytest

from retrain_kit.classroom.lesson import (
    CLOSED,
    OPEN,
    PAUSED,
    Deletion,
    Lesson,
    read_lesson,
    write_lesson,
)
from retrain_kit.errors import DataError, ParameterError

EXERCISES = ("what-if", "polyphony")


def test_pages_are_told_of_a_new_lesson_that_all_is_open():
    assert Lesson().news(EXERCISES, now=0) == {
        "exercises": {"what-if": "open", "polyphony": "open"},
        "lead": None,
        "timer": None,
        "frozen": False,
        "over": False,
    }


def test_pages_are_told_of_all_that_a_teacher_did():
    lesson = (
        Lesson().with_state("polyphony", PAUSED).led_to("what-if", 2).timed(30, now=1000).freezing({"a" * 32})
    )
    assert lesson.news(EXERCISES, now=1020.5) == {
        "exercises": {"what-if": "open", "polyphony": "paused"},
        "lead": {"exercise": "what-if", "index": 2},
        "timer": {"left_s": 9.5, "of_s": 30},
        "frozen": True,
        "over": False,
    }


def test_a_timer_ends_and_stays_at_its_end_until_it_is_put_away():
    lesson = Lesson().timed(20, now=1000)
    assert lesson.news((), now=2000)["timer"] == {"left_s": 0.0, "of_s": 20}
    assert lesson.timed(0, now=2000).timer is None


def test_a_clock_that_was_put_back_makes_no_timer_longer():
    assert Lesson().timed(20, now=1000).news((), now=0)["timer"] == {"left_s": 20.0, "of_s": 20}


@pytest.mark.parametrize("seconds", [-1, 0.5, True, "20", None, 10**9])
def test_what_is_no_time_is_refused(seconds):
    with pytest.raises(ParameterError):
        Lesson().timed(seconds, now=0)


@pytest.mark.parametrize("state", ["ajar", None, ["open"], 1])
def test_what_is_no_state_is_refused(state):
    with pytest.raises(ParameterError):
        Lesson().with_state("what-if", state)


def test_only_what_is_open_is_answered():
    lesson = Lesson().with_state("what-if", PAUSED).with_state("polyphony", CLOSED)
    assert lesson.refusal("what-if").startswith("The teacher has paused this exercise.")
    assert lesson.refusal("polyphony").startswith("The teacher has closed this exercise.")
    assert lesson.refusal("informational-surfaces") == ""
    assert lesson.with_state("what-if", OPEN).refusal("what-if") == ""


def test_when_the_class_is_over_nothing_is_answered_led_or_timed():
    over = Lesson().led_to("what-if", 0).timed(60, now=0).ended(now=1000)
    assert over.stops_at == 1900
    assert over.refusal("what-if").startswith("The class has ended.")
    assert over.news(("what-if",), now=0) == {
        "exercises": {"what-if": "closed"},
        "lead": None,
        "timer": None,
        "frozen": False,
        "over": True,
    }
    assert over.going_on().refusal("what-if") == ""


def test_what_is_hidden_stays_hidden_until_it_is_let():
    lesson = Lesson().hiding(["a", "b"]).letting(["a"])
    assert lesson.hidden == {"b"}
    assert lesson.approved is None


def test_where_words_are_let_one_by_one_those_known_before_stay():
    lesson = Lesson().approving(["a"]).letting(["b"])
    assert lesson.approved == {"a", "b"}
    assert lesson.hiding(["a"]).letting(["a"]) == lesson
    assert lesson.trusting().approved is None


def test_authors_are_told_of_what_the_keeper_deleted_until_they_withdraw_all():
    lesson = Lesson().hiding(["a"]).deleting("a", Deletion("kavod", "what-if")).deleting("b", None)
    assert lesson.hidden == frozenset()
    assert lesson.deleted_of("kavod", "what-if") == 1
    assert lesson.deleted_of("kavod", "polyphony") == 0
    assert lesson.forgetting("kavod").deletions == ()


def test_the_next_class_begins_open_and_what_was_taken_off_stays_off():
    lesson = Lesson().with_state("what-if", CLOSED).hiding(["a"]).approving(["b"]).ended(now=0)
    assert lesson.next_class() == Lesson(approved=frozenset({"b"}), hidden=frozenset({"a"}))


def test_where_other_images_are_chosen_nobody_is_led_to_those_that_went():
    lesson = Lesson().led_to("what-if", 3)
    assert lesson.choosing("polyphony", ["nature/a"]).lead == lesson.lead
    assert lesson.choosing("what-if", ["nature/a"]) == Lesson(chosen={"what-if": ("nature/a",)})


def test_what_a_class_has_no_more_is_not_led_to():
    lesson = Lesson().led_to("what-if", 3).with_state("polyphony", PAUSED)
    assert lesson.for_exercises({"what-if": 4, "polyphony": 1}) == lesson
    assert lesson.for_exercises({"what-if": 3}) == Lesson()


def test_a_lesson_comes_back_from_the_disk_as_it_was(tmp_path):
    assert read_lesson(tmp_path) == Lesson()
    lesson = (
        Lesson()
        .with_state("polyphony", PAUSED)
        .led_to("what-if", 2)
        .timed(30, now=1000.25)
        .freezing(["a", "b"])
        .approving([])
        .hiding(["c"])
        .deleting("d", Deletion("kavod", "what-if"))
        .choosing("polyphony", ["nature/a", "nature/b"])
    )
    for each in (lesson, lesson.ended(now=12.5), Lesson()):
        write_lesson(tmp_path, each)
        assert read_lesson(tmp_path) == each
    assert (tmp_path / "lesson.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "words", ["", "[]", "{}", '{"states": {"what-if": "ajar"}}', "\xff", '{"states": 1, "lead": 2}']
)
def test_a_lesson_that_is_damaged_is_a_fault_that_says_what_to_do(tmp_path, words):
    (tmp_path / "lesson.json").write_text(words, encoding="latin-1")
    with pytest.raises(DataError, match="a new lesson begins, and what was hidden is shown again"):
        read_lesson(tmp_path)
