"""Lineages are forests, whatever a file of answers claims."""

from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.answers import AnswerContext, Consent, Record, Withdrawal
from retrain_kit.exercises.polyphony.lineages import sentence_tree

CONSENT = Consent(("class",), "1", "2025-03-04T09:30:00Z")


def record(number, parent=0):
    source = f"{parent:032x}" if parent else ""
    return Record(f"{number:032x}", "text", "who", CONSENT.when, AnswerContext(record=source), CONSENT)


def shape(places):
    return [(int(place.id, 16), place.depth, place.source) for place in places]


def test_each_sentence_stands_after_the_one_it_grew_out_of():
    places = sentence_tree([record(1), record(2), record(3, 2), record(4, 1), record(5, 3)])
    assert shape(places) == [(1, 0, 0), (4, 1, 1), (2, 0, 0), (3, 1, 3), (5, 2, 4)]
    assert [place.number for place in places] == [1, 2, 3, 4, 5]


def test_of_a_withdrawn_sentence_only_the_time_is_left_and_what_grew_on_it_stays():
    gone = Withdrawal(f"{1:032x}", "2025-03-05T10:00:00Z", "author")
    root, child = sentence_tree([record(2, 1)], [gone])
    assert (root.record, root.withdrawn) == (None, "2025-03-05T10:00:00Z")
    assert (child.record.text, child.source) == ("text", 1)


def test_a_sentence_that_has_not_come_here_keeps_its_place():
    root, _ = sentence_tree([record(2, 1)])
    assert (root.record, root.withdrawn) == (None, "")


def test_what_withdrew_without_leaving_anything_on_it_has_no_place():
    assert sentence_tree([], [Withdrawal("0" * 32, "2025-03-05T10:00:00Z", "author")]) == []


@given(st.lists(st.integers(0, 14), min_size=1, max_size=12))
def test_every_lineage_is_a_forest_though_records_may_claim_rings(parents):
    records = [record(number, parent) for number, parent in enumerate(parents, 1)]
    places = sentence_tree(records)
    assert len({place.id for place in places}) == len(places)
    assert {each.id for each in records} <= {place.id for place in places}
    assert all(place.source < place.number for place in places)
    depths = {0: -1} | {place.number: place.depth for place in places}
    assert all(place.depth == depths[place.source] + 1 for place in places)


def test_a_chain_of_ten_thousand_is_followed():
    places = sentence_tree([record(number, number - 1) for number in range(1, 10_001)])
    assert places[-1].depth == 9_999
