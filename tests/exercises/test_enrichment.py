"""Whether the circle enriched or anchored, beside the same number of independent sentences."""

import pytest

from retrain_kit.answers import AnswerContext, Consent, Record
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.polyphony import agreements, consented
from retrain_kit.exercises.polyphony.turns import FIRST, NEW, PROMPT_OF_STEP

CONSENT = Consent(("class",), "1", "2025-03-04T09:30:00Z")
WORDS = prompts.prompts_of("polyphony")


def record(who, step, text, images=("a", "b")):
    asked = AnswerContext("study", "polyphony", WORDS[PROMPT_OF_STEP[step]].text, images)
    return Record(f"{hash((who, step, images)) & 0xFFFF:032x}", text, who, CONSENT.when, asked, CONSENT)


def circle(people, first, new, images=("a", "b")):
    return [
        record(f"p{number}", step, text(number), images)
        for number in range(people)
        for step, text in ((FIRST, first), (NEW, new))
    ]


def test_the_knife_case_is_counted_and_too_small_to_tell():
    found = agreements.measure_enrichment(consented.knife_case().records, 7)
    assert (found.pairs, found.people, found.swaps) == (1, 3, 8)
    assert (found.distinct_first, found.distinct_new) == (13, 16)
    assert found.alike_first == pytest.approx(1 / 9 / 3)
    assert found.smallest_p == 0.25
    assert found.in_words.startswith(
        "3 people are too few to tell: chance alone brings the smallest possible p to 0.25"
    )


def test_people_who_all_end_on_the_same_sentence_are_anchored():
    found = agreements.measure_enrichment(
        circle(8, lambda number: f"one{number} two{number}", lambda _: "same words"), 7
    )
    assert (found.alike_first, found.alike_new) == (0, 1)
    assert (found.distinct_first, found.distinct_new) == (16, 2)
    assert (found.p, found.smallest_p) == (2 / 256, 2 / 256)
    assert found.in_words == (
        "After reading, the sentences are more alike than before (p = 0.008), "
        "with no more different words between them."
    )


def test_people_who_part_are_enriched():
    found = agreements.measure_enrichment(
        circle(8, lambda _: "same", lambda number: f"one{number} two{number}"), 7
    )
    assert found.in_words == (
        "After reading, the sentences are less alike than before (p = 0.008), with more different words between them."
    )


def test_people_who_change_nothing_are_told_from_chance_by_nothing():
    found = agreements.measure_enrichment(
        circle(8, lambda number: f"w{number}", lambda number: f"w{number}"), 7
    )
    assert found.p == 1
    assert found.in_words == "The likeness moved no further than chance would move it (p = 1.000)."


def test_pairs_are_measured_each_by_itself():
    two = circle(3, lambda _: "same", lambda number: f"w{number}") + circle(
        2, lambda _: "other", lambda number: f"w{number}", ("c", "d")
    )
    found = agreements.measure_enrichment(two, 7)
    assert (found.pairs, found.people, found.swaps) == (2, 5, 32)
    assert (found.alike_first, found.alike_new) == (1, 0)


def test_many_people_are_swapped_at_random_by_a_seed():
    many = circle(20, lambda number: f"w{number} a", lambda number: f"w{number} a b")
    assert agreements.measure_enrichment(many, 1).swaps == 4096
    assert agreements.measure_enrichment(many, 1) == agreements.measure_enrichment(many, 1)


def test_one_person_alone_cannot_be_compared():
    assert agreements.measure_enrichment(circle(1, lambda _: "one", lambda _: "two"), 7) is None
    assert agreements.measure_enrichment([], 7) is None
