"""Who reads whose sentence: never one's own, and everybody who stays can finish."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trying import examples

from retrain_kit.answers import AnswerContext, Consent, Record
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.polyphony.turns import (
    DONE,
    FIRST,
    IMPROVEMENT,
    NEW,
    PROMPT_OF_STEP,
    STEPS,
    WAIT,
    Circle,
    step_of,
)

CONSENT = Consent(("class",), "1", "2025-03-04T09:30:00Z")
WORDS = prompts.prompts_of("polyphony")


@dataclass
class Table:
    """A table at which people write, without a store."""

    records: list[Record] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    texts: Counter[str] = field(default_factory=Counter)

    def ask(self, who, *, more=False):
        turn = Circle(self.records).turn(who, self.given, self.left, more=more)
        if turn.step == IMPROVEMENT:
            self.given[who] = turn.read.id
        return turn

    def write(self, who, turn, refusal=""):
        name = f"{len(self.records) + 1:032x}"
        read = turn.read.id if turn.read else ""
        asked = AnswerContext("study", "polyphony", WORDS[PROMPT_OF_STEP[turn.step]].text, ("a", "b"), read)
        text = "" if refusal else f"{who} {turn.step}"
        self.records.append(Record(name, text, who, CONSENT.when, asked, CONSENT, refusal=refusal))
        self.given.pop(who, None)
        self.texts[who] += 1
        return name

    def act(self, who, *, more=False, refusal=""):
        turn = self.ask(who, more=more)
        if turn.step in STEPS:
            self.write(who, turn, refusal)
        return turn

    def leave(self, who):
        self.left.add(who)
        self.given.pop(who, None)


def go_on(table, who):
    """Do what somebody is asked; where a sentence is left without a reader, they offer to read it."""
    turn = table.act(who)
    return table.act(who, more=True) if turn.needed else turn


def finish(table, stay, *, more=False):
    """Let those who stay go on until nobody is asked anything; return the last turn of each."""
    for _ in range(8 * len(stay) + 8):
        turns = {who: go_on(table, who) for who in stay}
        if more and WAIT in {turn.step for turn in turns.values()}:
            turns = {who: table.act(who, more=True) for who in stay}
        if not {turn.step for turn in turns.values()} & set(STEPS):
            return turns
    pytest.fail(f"they never finish: {turns}")


def readings(table):
    return Counter(record.asked.record for record in table.records if step_of(record) == IMPROVEMENT)


def authors_read(table):
    """Return who wrote and who had written what they read, for every text that answers another."""
    who = {record.id: record.who for record in table.records}
    return [(record.who, who[record.asked.record]) for record in table.records if record.asked.record]


def test_two_people_write_three_texts_and_read_two_in_the_order_of_moments_a_and_b():
    table = Table()
    steps = [(who, table.act(who).step) for who in "ababab"]
    assert steps == [
        ("a", FIRST),
        ("b", FIRST),
        ("a", IMPROVEMENT),
        ("b", IMPROVEMENT),
        ("a", NEW),
        ("b", NEW),
    ]
    assert [table.ask(who).step for who in "ab"] == [DONE, DONE]
    assert authors_read(table) == [("a", "b"), ("b", "a"), ("a", "b"), ("b", "a")]


def test_whoever_is_first_waits_for_another():
    table = Table()
    table.act("a")
    assert table.ask("a").step == WAIT


def test_the_last_of_three_is_not_left_alone_with_their_own_sentence():
    table = Table()
    for who in "abc":
        table.act(who)
    read = {who: table.act(who).read.who for who in "abc"}
    assert read == {"a": "b", "b": "c", "c": "a"}


def test_a_latecomer_is_read_once_more_by_somebody_who_has_finished():
    table = Table()
    finish(table, "ab")
    table.act("c")
    table.act("c")
    assert table.ask("c").step == WAIT
    assert {(turn.step, turn.needed) for turn in map(table.ask, "ab")} == {(DONE, True)}
    turn = table.act("a", more=True)
    assert (turn.step, turn.read.who, turn.more) == (IMPROVEMENT, "c", True)
    assert (table.ask("b").step, table.ask("b").needed) == (DONE, False)
    assert table.act("c").step == NEW


def test_a_sentence_kept_for_somebody_who_leaves_goes_to_another():
    table = Table()
    for who in "abc":
        table.act(who)
    assert table.ask("a").read.who == "b"
    table.leave("a")
    turns = finish(table, "bc")
    assert {turn.step for turn in turns.values()} == {DONE}
    assert ("c", "b") in authors_read(table)


def test_a_reading_is_kept_for_whom_it_was_given_to():
    table = Table()
    for who in "abcd":
        table.act(who)
    first = table.ask("a").read.id
    assert table.ask("b").read.id != first
    assert table.ask("a").read.id == first


def test_a_refused_first_sentence_is_never_given_on_and_its_author_is_done_with_it():
    table = Table()
    table.act("a")
    table.act("b", refusal="burn")
    assert table.ask("a").step == WAIT
    assert table.act("b").read.who == "a"
    assert table.ask("b").step == DONE
    turn = table.act("a")
    assert (turn.step, turn.read.who, turn.earlier.who) == (NEW, "b", "a")


def test_words_are_given_back_before_a_refusal_and_a_refusal_is_given_back_where_there_are_none():
    table = Table()
    for who in "ab":
        table.act(who)
    table.act("b", refusal="no-answer")
    assert Circle(table.records).improvement_of("a").refusal == "no-answer"
    table.act("c")
    table.write("c", Circle(table.records).turn("c", {"c": table.records[0].id}))
    assert Circle(table.records).improvement_of("a").text == "c improvement"


def test_what_answers_no_prompt_of_polyphony_is_not_in_the_circle():
    other = Record("0" * 32, "a kite", "a", CONSENT.when, AnswerContext(prompt="What might exist?"), CONSENT)
    assert Circle([other]).people == ()


PEOPLE = st.integers(2, 9)
EVENTS = st.lists(
    st.tuples(st.integers(0, 8), st.sampled_from(["act", "act", "act", "look", "refuse", "leave"])),
    max_size=60,
)


def play(people, events, *, tell):
    """Play events; those who leave say so where `tell`. At least two people stay, with a sentence each."""
    table, gone = Table(), set()
    for number, kind in events:
        who = f"p{number % people}"
        if who in gone:
            continue
        if kind == "leave" and int(who[1:]) >= 2:
            gone.add(who)
            if tell:
                table.leave(who)
        elif kind == "look":
            table.ask(who)
        elif kind == "refuse" and (int(who[1:]) >= 2 or table.ask(who).step != FIRST):
            table.act(who, refusal="nothing")
        else:
            table.act(who)
    return table, [f"p{number}" for number in range(people) if f"p{number}" not in gone]


@examples(300, deadline=None)
@given(PEOPLE, EVENTS)
def test_nobody_ever_reads_their_own_sentence_and_everybody_who_stays_finishes(people, events):
    table, stay = play(people, events, tell=True)
    turns = finish(table, stay)
    assert {turn.step for turn in turns.values()} == {DONE}
    assert all(reader != author for reader, author in authors_read(table))
    for who in stay:
        circle = Circle(table.records)
        assert circle.said_at(who, FIRST).refusal or circle.said_at(who, NEW)


@examples(200, deadline=None)
@given(PEOPLE, EVENTS)
def test_everybody_finishes_too_where_people_leave_without_a_word_and_others_offer_to_read_more(
    people, events
):
    table, stay = play(people, events, tell=False)
    turns = finish(table, stay, more=True)
    assert {turn.step for turn in turns.values()} == {DONE}
    assert all(reader != author for reader, author in authors_read(table))


@examples(100, deadline=None)
@given(st.integers(2, 12), st.randoms(use_true_random=False))
def test_where_all_are_there_from_the_start_everybody_writes_three_and_is_read_once(people, random):
    table = Table()
    names = [f"p{number}" for number in range(people)]
    for _ in STEPS:
        random.shuffle(names)
        for who in names:
            assert not table.act(who).more
    assert set(table.texts.values()) == {3}
    assert set(readings(table).values()) == {1}
    assert len(readings(table)) == people


@examples(200, deadline=None)
@given(PEOPLE, EVENTS)
def test_a_sentence_is_given_again_only_when_every_other_one_was_given_as_often(people, events):
    table = Table()
    for number, kind in events:
        who = f"p{number % people}"
        turn = table.ask(who)
        if turn.step == IMPROVEMENT and not turn.more and who not in table.given:
            pytest.fail("what is given is not kept")
        if turn.step == IMPROVEMENT and not turn.more and kind == "act":
            table.given.pop(who)
            out = Counter(table.given.values()) + readings(table)
            again = table.ask(who).read
            others = [each.id for each in Circle(table.records).sentences if each.who != who]
            assert out[again.id] == min(out[name] for name in others)
        if turn.step in STEPS:
            table.act(who)
