"""Agreement and dissent: the knife is found, and both readings stay."""

from dataclasses import replace

import pytest

from retrain_kit.answers import Store, load_records
from retrain_kit.errors import DataError
from retrain_kit.exercises.polyphony import agreements, consented
from retrain_kit.exercises.polyphony.turns import Circle

KNIFE = load_records(consented.KNIFE_FILE)


def by_term(paths):
    return {path.term: path for path in paths}


def who(records):
    return [record.who for record in records]


def test_the_knife_is_found_and_comes_first():
    first, *others = agreements.agreed_words(KNIFE)
    assert first.term == "knife"
    assert sorted(who(first.last)) == ["nobody 1", "nobody 2", "nobody 3"]
    assert [path.term for path in others] == ["red", "cut"]
    assert all(len(path.last) == 2 for path in others)


def test_both_readings_stay():
    found = by_term(agreements.dropped_words(KNIFE))
    assert who(found["cake"].dropped) == ["nobody 3"]
    assert who(found["cake"].restored) == ["nobody 1"]
    assert sorted(who(found["cake"].last)) == ["nobody 1", "nobody 3"]
    assert who(found["crime"].dropped) == ["nobody 1"]
    assert sorted(who(found["crime"].last)) == ["nobody 2", "nobody 3"]


def test_what_nobody_keeps_is_listed_last_with_who_dropped_it():
    last = agreements.dropped_words(KNIFE)[-2:]
    assert [(path.term, who(path.dropped), path.last) for path in last] == [
        ("viscera", ["nobody 1"], []),
        ("lies", ["nobody 1"], []),
    ]


def test_every_claim_points_to_sentences_that_have_the_word():
    for path in agreements.word_paths(KNIFE):
        for record in (*path.said, *path.kept, *path.restored, *path.last):
            assert path.term in agreements.words_of_record(record)
        assert all(path.term not in agreements.words_of_record(record) for record in path.dropped)


def test_one_rewriting_that_drops_a_word_ends_the_agreement():
    last = replace(KNIFE[-1], text="Cake or crime: somebody held it.")
    assert "knife" not in by_term(agreements.agreed_words([*KNIFE[:-1], last]))
    assert who(by_term(agreements.dropped_words([*KNIFE[:-1], last]))["knife"].dropped) == ["nobody 3"]


def test_one_person_alone_agrees_with_nobody():
    alone = [record for record in KNIFE if record.who == "nobody 1"]
    assert agreements.agreed_words(alone) == []


def test_a_refused_rewriting_drops_no_word():
    refused = [replace(record, text="", refusal="burn") if record is KNIFE[6] else record for record in KNIFE]
    assert "fruit" not in by_term(agreements.dropped_words(refused))


def test_without_a_withdrawn_sentence_its_rewriting_is_compared_with_nothing():
    left = [record for record in KNIFE if record is not KNIFE[0]]
    assert "cake" not in by_term(agreements.dropped_words(left))


def test_a_new_sentence_whose_reading_was_withdrawn_is_compared_with_its_authors_first():
    left = [record for record in KNIFE if record is not KNIFE[6]]
    kept = by_term(agreements.word_paths(left))["cake"].kept
    assert [record.text for record in kept] == ["A red fruit cake, cut messily with the knife beside it."]


def test_who_left_after_the_first_sentence_ends_on_it():
    assert who(agreements.last_sentences(KNIFE[:3])) == ["nobody 1", "nobody 2", "nobody 3"]


def test_nobody_in_the_knife_case_reads_their_own_sentence():
    written = {record.id: record.who for record in KNIFE}
    assert all(record.who != written[record.asked.record] for record in KNIFE if record.asked.record)
    assert len(Circle(KNIFE).sentences) == 3


def test_the_demonstration_goes_into_no_store_of_real_answers(tmp_path):
    with Store(tmp_path / "real") as real, pytest.raises(DataError):
        real.merge(consented.KNIFE_FILE)
    with Store(tmp_path / "made", demonstration=True) as made:
        made.merge(consented.KNIFE_FILE)
        assert len(made.records()) == 10
