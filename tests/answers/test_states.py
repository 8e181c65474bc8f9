"""Sets of answers merge to the same state in any order, however often, and lose nothing but what was withdrawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trying import examples

from retrain_kit.answers import AnswerContext, Author, Consent, Footnote, Record, entries, states
from retrain_kit.errors import DataError

CONSENT = Consent(("class",), "1", "2025-03-04T09:30:00Z")
ADA = Author("bolud-kafin-gutih-lusab-babad-zifor-pinat-nomuz")
BEA = Author("zifor-kafin-gutih-lusab-babad-zifor-pinat-nomuz")
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9).filter(str.strip)


def said(number, author=ADA, text="a kite", refusal="", second=0):
    name, when = f"{number:032x}", f"2025-03-04T10:00:{second:02}Z"
    asked = AnswerContext("nature", "what-if", "What might exist in the blank area?", ("0a1b",))
    (lock,) = author.locks([name])
    return Record(
        name, text, author.who, when, asked, CONSENT, "en", refusal, lock=lock, public_key=author.public_key
    )


def noted(number, record, author=ADA, text="or a drone"):
    name = f"{number:032x}"
    (lock,) = author.locks([name])
    note = Footnote(name, text, "2025-03-04T11:00:00Z", "en", CONSENT, lock, author.public_key)
    return entries.footnote_entry(note, record)


def withdrawn(entry, author=ADA, when="2025-03-04T12:00:00Z"):
    return entries.withdrawal_entry(entry.id, when, author.locks([entry.id])[0])


@st.composite
def histories(draw):
    """What people did, as entries: answers, refusals, footnotes, and withdrawals of any of them, forged ones too."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        author, refusal = draw(st.sampled_from([ADA, BEA])), draw(st.sampled_from(["", "nothing", "burn"]))
        record = said(number, author, draw(texts), refusal, draw(st.integers(0, 2)))
        notes = [
            noted(100 + 10 * number + i, record, author, draw(texts)) for i in range(draw(st.integers(0, 2)))
        ]
        found += [entries.answer_entry(record), *notes]
        for entry in [entries.answer_entry(record), *notes]:
            who = draw(st.sampled_from(["author", "other", "keeper", "", "", "", ""]))
            if who == "keeper":
                found.append(entries.withdrawal_entry(entry.id, "2025-03-04T12:30:00Z"))
            elif who:
                other = BEA if author is ADA else ADA
                found.append(withdrawn(entry, author if who == "author" else other))
    return found


def state(*sets):
    return {entry.line for entry in states.merged_entries(*sets)}


@given(histories(), st.data())
def test_merging_is_commutative_associative_and_idempotent(history, data):
    a, b, c = (data.draw(st.lists(st.sampled_from(history))) for _ in range(3))
    assert state(a, b) == state(b, a)
    assert state(states.merged_entries(a, b), c) == state(a, states.merged_entries(b, c))
    assert state(a, a) == state(a) == state(states.merged_entries(a))


@examples(1200)
@given(histories(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_one_by_one_gives_the_same_records(history, chance):
    expected = states.records(states.merged_entries(history))
    arriving = history + chance.choices(history, k=3)
    chance.shuffle(arriving)
    here = []
    for entry in arriving:
        here = states.merged_entries(here, [entry])
    assert states.records(here) == expected


@given(histories())
def test_nothing_is_lost_but_what_its_author_or_a_keeper_withdrew(history):
    left = state(history)
    for entry in history:
        if entry.line not in left:
            assert any(each.withdraws(entry) for each in history)
    assert {entry.line for entry in history if entry.kind == "withdrawal"} <= left


def test_a_withdrawal_that_comes_first_keeps_its_answer_out():
    answer = entries.answer_entry(said(1))
    assert states.merged_entries([withdrawn(answer)], [answer]) == [withdrawn(answer)]


def test_a_withdrawal_takes_the_footnotes_too_and_a_footnote_goes_alone():
    record = said(1)
    answer, note, other = entries.answer_entry(record), noted(2, record), noted(3, record)
    assert states.merged_entries([answer, note, withdrawn(note)]) == [answer, withdrawn(note)]
    assert states.merged_entries([note, withdrawn(answer), answer, other]) == [withdrawn(answer)]


def test_nobody_withdraws_what_another_said():
    answer = entries.answer_entry(said(1))
    forged = withdrawn(answer, BEA)
    assert states.merged_entries([answer, forged]) == [answer, forged]


def test_a_footnote_waits_for_its_original():
    record = said(1)
    note = noted(2, record)
    assert states.records([note]) == []
    assert states.waiting_footnotes([note]) == [note]
    here = states.merged_entries([note], [entries.answer_entry(record)])
    assert [note.text for note in states.records(here)[0].footnotes] == ["or a drone"]
    assert states.waiting_footnotes(here) == []


def test_two_lines_that_claim_one_id_both_stay_and_each_is_withdrawn_by_its_own_author():
    one, other = entries.answer_entry(said(1, ADA, "a kite")), entries.answer_entry(said(1, BEA, "a drone"))
    assert [record.text for record in states.records(states.merged_entries([other], [one]))] in (
        ["a kite", "a drone"],
        ["a drone", "a kite"],
    )
    assert states.records([one, other]) == states.records([other, one])
    assert states.merged_entries([one, other, withdrawn(one, BEA)]) == [one, withdrawn(one, BEA)]


def test_records_come_in_the_order_of_time_then_of_id():
    lines = [
        entries.answer_entry(said(3, second=1)),
        entries.answer_entry(said(2, second=1)),
        entries.answer_entry(said(9)),
    ]
    lines.reverse()
    assert [record.id[-1] for record in states.records(lines)] == ["9", "2", "3"]


def test_of_two_withdrawals_of_one_record_the_earlier_counts():
    answer = entries.answer_entry(said(1))
    late, early = withdrawn(answer), withdrawn(answer, when="2025-03-04T11:59:59Z")
    (left,) = states.withdrawals_left(states.merged_entries([late], [early, answer]))
    assert (left.of, left.when, left.by) == (answer.id, "2025-03-04T11:59:59Z", "author")


def test_all_faults_of_a_line_are_told_together_and_repeat_nothing_that_was_said():
    line = {"kind": "answer", "id": "7", "text": "my secret" * 9000, "who": 5, "when": "2025-02-30T00:00:00Z"}
    with pytest.raises(DataError) as caught:
        entries.entry_from_fields({**line, "consent": {"agreed": "all"}, "refusal": "maybe"})
    assert [fault.where for fault in caught.value.faults] == [
        "id",
        "text",
        "who",
        "when",
        "refusal",
        "consent, agreed",
        "consent, version",
        "consent, when",
    ]
    assert "my secret" not in str(caught.value)


@given(texts, st.dictionaries(texts, st.one_of(st.integers(), st.booleans(), texts, st.none()), max_size=3))
def test_texts_of_any_script_and_details_come_back_as_they_were_given(text, details):
    record = Record(
        "0" * 32, text, "somebody", "2025-03-04T10:00:00Z", AnswerContext(), CONSENT, "sw", details=details
    )
    assert states.records([entries.answer_entry(record)]) == [record]
