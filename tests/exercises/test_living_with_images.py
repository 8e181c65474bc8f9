"""Two descriptions of an image: kept together, timed, refused, amended, withdrawn, read for a use."""

import math
from concurrent.futures import ThreadPoolExecutor

import pytest
from places import SHARED

from retrain_kit.answers import Author, Consent, Store, load_records
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.living_with_images import descriptions
from retrain_kit.exercises.living_with_images.descriptions import FIRST, SECOND
from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages, WritingTime

SOURCES = SHARED / "sources"
CONSENT = Consent(("class",), "living-with-images-1", "2026-11-22T09:00:00Z")
NONE = Consent((), "living-with-images-1", "2026-11-22T09:00:00Z")
VOICE = Voice(CONSENT)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "answers") as opened:
        yield opened


@pytest.fixture
def exercise(store):
    return LivingWithImages(store, "nature")


def test_both_descriptions_of_a_person_are_kept_together_with_what_was_asked_and_the_time(exercise):
    first = exercise.describe("cup", FIRST, "A cup", WritingTime(20, 20), VOICE)
    again = Voice(CONSENT, first.key, "pt")
    second = exercise.describe("cup", SECOND, "A xícara espera", WritingTime(30, 26.54), again)
    assert exercise.described("cup", first.record.who) == descriptions.DescriptionPair(
        "cup", first.record.who, first.record, second.record
    )
    assert (first.record.asked.study, first.record.asked.exercise) == ("nature", "living-with-images")
    assert first.record.asked.images == ("cup",)
    assert first.record.asked.prompt == "Write down what you see in this image in 20 seconds."
    assert second.record.asked.prompt.startswith("In 30 seconds write down what you see")
    assert second.record.details == {
        "which": "second",
        "asked_seconds": 30,
        "seconds": 30,
        "limit": "as asked",
        "typed_seconds": 26.5,
    }


def test_of_what_one_persons_pages_send_at_once_one_text_is_kept(exercise, store):
    voice = Voice(CONSENT, Author.new().key)
    with ThreadPoolExecutor(8) as pool:
        acts = [
            pool.submit(exercise.describe, "cup", FIRST, f"A cup {page}", WritingTime(20, 3), voice)
            for page in range(8)
        ]
    kept = [act for act in acts if not isinstance(act.exception(), ParameterError)]
    assert len(kept) == len(store.records()) == 1


def test_a_text_that_the_clock_cut_is_kept_to_the_letter(exercise):
    assert exercise.describe("cup", FIRST, "  A cu", WritingTime(20, 20), VOICE).record.text == "  A cu"


@pytest.mark.parametrize(
    ("time", "limit", "seconds"),
    [
        (WritingTime(20, 3), "as asked", 20),
        (WritingTime(40, 33), "extended", 40),
        (WritingTime(None, 900), "off", 0),
    ],
)
def test_more_time_and_no_limit_are_kept_as_such(exercise, time, limit, seconds):
    details = exercise.describe("cup", FIRST, "A cup", time, VOICE).record.details
    assert (details["limit"], details["seconds"], details["asked_seconds"]) == (limit, seconds, 20)


@pytest.mark.parametrize(
    "time",
    [
        WritingTime(19, 1),
        WritingTime(20, 20.5),
        WritingTime(20, -1),
        WritingTime(math.nan, 1),
        WritingTime("20", 1),
        WritingTime(20, None),
        WritingTime(seconds=True, typed_seconds=1),
    ],
)
def test_a_time_that_cannot_be_is_refused(exercise, time):
    with pytest.raises(ParameterError, match="seconds: found"):
        exercise.describe("cup", FIRST, "A cup", time, VOICE)
    assert exercise.store.records() == []


def test_all_faults_come_together(exercise):
    with pytest.raises(ParameterError) as caught:
        exercise.describe("cup", FIRST, " ", WritingTime(5, 9), VOICE)
    assert [fault.where for fault in caught.value.faults] == ["text", "seconds"]
    assert "can refuse: that is an answer too" in str(caught.value)


def test_an_unknown_description_is_a_fault(exercise):
    with pytest.raises(ParameterError, match="description: found 'third'; expected one of first, second"):
        exercise.describe("cup", "third", "A cup", WritingTime(40, 9), VOICE)


def test_each_description_of_an_image_is_written_once(exercise):
    voice = Voice(CONSENT, exercise.describe("cup", FIRST, "A cup", WritingTime(20, 9), VOICE).key)
    with pytest.raises(ParameterError, match="Add a footnote, or withdraw the one that is there"):
        exercise.describe("cup", FIRST, "A mug", WritingTime(20, 9), voice)
    exercise.describe("spoon", FIRST, "A spoon", WritingTime(20, 9), voice)
    assert [record.text for record in exercise.store.records()].count("A mug") == 0


def test_first_sight_cannot_come_after_the_second_class(exercise):
    voice = Voice(CONSENT, exercise.describe("cup", SECOND, "A cup", WritingTime(30, 9), VOICE).key)
    with pytest.raises(ParameterError, match="at first sight cannot be written afterwards"):
        exercise.describe("cup", FIRST, "A cup", WritingTime(20, 9), voice)


def test_who_missed_the_first_class_writes_the_second_alone(exercise):
    said = exercise.describe("cup", SECOND, "A cup", WritingTime(30, 9), VOICE)
    assert exercise.described("cup", said.record.who).first is None


def test_a_request_that_comes_twice_is_kept_once(exercise):
    key = Author.new().key
    voice = Voice(CONSENT, key, once="0" * 32)
    for _ in range(2):
        exercise.describe("cup", FIRST, "A cup", WritingTime(20, 9), voice)
    assert len(exercise.store.records()) == 1


@pytest.mark.parametrize("refusal", ["nothing", "no-answer", "burn"])
def test_a_refusal_stands_in_the_place_of_a_description(exercise, refusal):
    said = exercise.refuse("cup", FIRST, refusal, VOICE)
    found = exercise.described("cup", said.record.who)
    assert found.first.refusal == refusal
    assert found.first.details == {"which": "first"}


def test_what_was_written_is_amended_and_withdrawn_by_its_author_alone(exercise):
    said = exercise.describe("cup", FIRST, "A cup", WritingTime(20, 9), VOICE)
    voice = Voice(CONSENT, said.key)
    noted = exercise.store.amend(said.record.id, "or a mug", said.key)
    assert (noted.text, [note.text for note in noted.footnotes]) == ("A cup", ["or a mug"])
    with pytest.raises(ParameterError, match="Only who said it can amend or withdraw it"):
        exercise.store.withdraw(said.record.id, Author.new().key)
    exercise.store.withdraw(said.record.id, said.key)
    assert exercise.described("cup", said.record.who).first is None
    exercise.describe("cup", FIRST, "A mug", WritingTime(20, 9), voice)


def test_only_those_who_agreed_are_heard_and_the_others_are_counted(exercise, store):
    exercise.describe("cup", FIRST, "A cup", WritingTime(20, 9), VOICE)
    exercise.describe("cup", FIRST, "A mug", WritingTime(20, 9), Voice(NONE))
    heard = descriptions.consented_descriptions(store, ["nature"])
    assert ([record.text for record in heard.records], heard.withheld) == (["A cup"], 1)
    assert descriptions.consented_descriptions(store, ["nature"], "publication").withheld == 2


def test_where_nobody_has_said_anything_the_demonstration_speaks_and_says_so(store):
    heard = descriptions.consented_descriptions(store, ["nature"])
    assert heard.demonstration
    assert heard.credit == "Demonstration: said by nobody."
    assert {record.who for record in heard.records} == {"nobody 1", "nobody 2", "nobody 3", "nobody 4"}
    assert [pair.image for pair in descriptions.description_pairs(heard.records)] == ["coffee"] * 4 + [
        "rocket"
    ] * 2
    assert load_records(descriptions.EXAMPLE_FILE) == heard.records


def test_the_demonstration_never_goes_into_a_store_of_real_answers(store):
    with pytest.raises(DataError, match="never mixed"):
        store.merge(descriptions.EXAMPLE_FILE)


def test_the_guides_words_are_quoted_to_the_letter_and_translations_are_marked():
    asked = descriptions.description_prompts()
    assert list(asked) == ["first", "second", "difference"]
    assert all(list(prompt.translations) == ["pt", "es", "fr", "sw", "zh"] for prompt in asked.values())
    assert "Gabriel Pereira and Bruno Moreschi" in descriptions.exercise_credit()
    assert "not reviewed" in descriptions.exercise_credit()
    for path in SOURCES.glob("001*.txt"):
        source = " ".join(path.read_text(encoding="utf-8").split())
        assert f"{asked['second'].text} {asked['difference'].text}" in source
        assert asked["first"].text.replace("Write", "write").replace("you see", "they see") in source
        return
    pytest.skip("the sources are not beside the checkout")
