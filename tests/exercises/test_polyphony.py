"""Polyphony over a store: what is kept, what is refused, what is withdrawn."""

import threading

import pytest

from retrain_kit.answers import Consent, Store
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.polyphony import agreements
from retrain_kit.exercises.polyphony.pairs import Pair, PairedImage
from retrain_kit.exercises.polyphony.polyphony import PROMPT_KEYS, Polyphony
from retrain_kit.exercises.polyphony.turns import DONE, FIRST, IMPROVEMENT, NEW, WAIT, Turn

CONSENT = Consent(("class",), "polyphony-1", "2025-03-04T09:30:00Z")
PAIR = Pair(PairedImage("one", "a", "1"), PairedImage("two", "b", "2"))


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "answers") as opened:
        yield opened


@pytest.fixture
def table(store):
    return Polyphony(store, PAIR)


def begin(table, *texts):
    """Let people say their first sentences; return their keys and pseudonyms."""
    said = [table.answer(table.turn(), text, CONSENT, language="en") for text in texts]
    return [(each.key, each.record.who) for each in said]


def step(table, key, who, text):
    return table.answer(table.turn(who), text, CONSENT, key, language="en")


def test_the_prompts_stand_to_the_letter_in_the_order_of_moments_a_and_b():
    words = prompts.prompts_of("polyphony")
    assert [words[key].text for step in (FIRST, IMPROVEMENT, NEW) for key in PROMPT_KEYS[step]] == [
        "Write a short sentence that establishes a relationship between the two images above.",
        "Your short sentence:",
        "The other person\u2019s sentence:",
        "Improve the short sentence written by someone else for the same two images:",
        "Read someone else\u2019s modified version of the short sentence you wrote earlier.",
        "Your modified sentence:",
        "Improve the sentence you wrote previously about the relationship between the two images.",
        "Your new short sentence:",
    ]


def test_what_is_said_is_kept_with_its_question_its_images_and_what_was_read(table):
    (a, ann), _ = begin(table, "Both wait.", "Both are cold.")
    said = step(table, a, ann, "Both are cold, and wait.").record
    assert (said.asked.study, said.asked.exercise, said.asked.images) == ("one", "polyphony", ("1", "two/2"))
    assert said.asked.prompt == "Improve the short sentence written by someone else for the same two images:"
    assert said.asked.record == table.records[[r.text for r in table.records].index("Both are cold.")].id
    assert said.details == {}


def test_two_people_go_through_moments_a_and_b(table):
    people = begin(table, "Both wait.", "Both are cold.")
    for key, who in people * 2:
        step(table, key, who, "Both wait in the cold.")
    assert {table.turn(who).step for _, who in people} == {DONE}
    assert sorted(path.term for path in agreements.agreed_words(table.records)) == ["both", "cold", "wait"]


def test_other_pairs_and_exercises_are_not_at_this_table(store, table):
    begin(table, "Both wait.")
    other = Polyphony(store, Pair(PairedImage("one", "a", "1"), PairedImage("one", "a", "2")))
    assert other.records == []


def test_nobody_can_answer_to_their_own_sentence(table):
    (a, ann), _ = begin(table, "Both wait.", "Both are cold.")
    own = next(record for record in table.records if record.who == ann)
    with pytest.raises(ParameterError, match="found one's own sentence"):
        table.answer(Turn(ann, IMPROVEMENT, own), "Mine.", CONSENT, a)


def test_nobody_can_answer_in_the_place_of_somebody_else(table):
    (a, _), (_, bob) = begin(table, "Both wait.", "Both are cold.")
    with pytest.raises(ParameterError, match="found somebody else's"):
        table.answer(table.turn(bob), "Not mine.", CONSENT, a)


def test_a_turn_is_answered_once_and_the_same_request_twice_is_kept_once(table):
    (a, ann), _ = begin(table, "Both wait.", "Both are cold.")
    turn = table.turn(ann)
    first = table.answer(turn, "Better.", CONSENT, a, once="1" * 32)
    assert table.answer(turn, "Better.", CONSENT, a, once="1" * 32) == first
    with pytest.raises(ParameterError, match="found one that is past"):
        table.answer(turn, "Again.", CONSENT, a)
    assert len(table.records) == 3


def test_waiting_asks_nothing(table):
    ((a, ann),) = begin(table, "Both wait.")
    assert table.turn(ann).step == WAIT
    with pytest.raises(ParameterError, match="turn: found wait"):
        table.answer(table.turn(ann), "Text.", CONSENT, a)


def test_who_may_not_be_read_by_others_cannot_take_part_and_a_long_sentence_is_told_with_it(table):
    with pytest.raises(ParameterError) as error:
        table.answer(table.turn(), "x" * 1001, Consent(("publication",), "polyphony-1", CONSENT.when))
    assert [fault.where for fault in error.value.faults] == ["text", "consent"]
    assert table.records == []


def test_a_refusal_is_kept_as_an_answer(table):
    said = table.answer(table.turn(), "", CONSENT, refusal="burn")
    assert (said.record.refusal, said.record.text) == ("burn", "")
    assert table.turn(said.record.who).step == DONE


def test_a_withdrawn_sentence_is_given_to_nobody_and_what_was_made_of_it_stays(table, store):
    (a, ann), (b, bob) = begin(table, "Both wait.", "Both are cold.")
    improved = step(table, b, bob, "Both wait, both are cold.").record
    first = next(record for record in table.records if record.who == ann)
    table.store.withdraw(first.id, a)
    assert [record.text for record in table.records if record.id == improved.id] == [
        "Both wait, both are cold."
    ]
    assert all(record.text != "Both wait." for record in table.records)
    assert table.turn(ann).step == FIRST
    assert [gone.of for gone in store.withdrawals()] == [first.id]


def test_a_footnote_leaves_the_sentence_as_it_is(table):
    ((a, _),) = begin(table, "Both wait.")
    amended = table.store.amend(table.records[0].id, "One of them, at least.", a)
    assert (amended.text, amended.footnotes[0].text) == ("Both wait.", "One of them, at least.")


def test_thirty_people_at_once_each_read_another(table):
    people, errors = begin(table, *(f"Sentence {number}." for number in range(30))), []

    def improve(key, who):
        try:
            step(table, key, who, "Better.")
        except ParameterError as error:
            errors.append(error)

    threads = [threading.Thread(target=improve, args=person) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read = [record.asked.record for record in table.records if record.asked.record]
    assert errors == []
    assert len(set(read)) == 30
