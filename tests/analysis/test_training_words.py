"""Whether a machine has the words that people use, and where no word of it fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trying import examples

from retrain_kit.analysis import work_errors
from retrain_kit.analysis.training_words import WordList, words_of
from retrain_kit.analysis.work_errors import MachineReading

LABELS = ("maze, labyrinth", "oil filter", "quilt, comforter, puff", "groom, bridegroom", "")


def test_a_word_is_on_the_list_where_it_is_a_whole_name():
    words = WordList(LABELS)
    assert len(words) == 4
    sought = [words.look_for(word) for word in words_of("The Labyrinth, oil on mazes")]
    found = {each.word: (each.on_list, each.instead) for each in sought}
    assert found == {"labyrinth": (True, ()), "oil": (False, ("oil filter",)), "mazes": (False, ())}
    assert words.look_for("oil").in_words == "oil: not on the list, which has oil filter"
    beside = words.beside(["painting", "Quilt"])
    assert (beside.count, beside.present, beside.absent) == (4, ("quilt",), ("painting",))
    assert words_of("Muse\u0301e") == ["mus\u00e9e"]  # and not *muse*
    assert WordList(["caf\u00e9"]).look_for("Cafe\u0301").on_list


def test_a_veiled_name_is_never_said_in_place_of_a_word():
    veiled = WordList(("baseball player", "oil filter"), ("▒▒▒ (n1)", "oil filter"))
    assert veiled.look_for("player").instead == ()
    assert veiled.look_for("baseball player").on_list  # the word is the title's own


def test_words_that_name_nothing_are_not_looked_for():
    assert words_of("Study No. 3 for the Sea, 1971 — l'Été") == ["study", "sea", "l'été"]
    assert words_of("La Virgen de la granada, dem van Eyck") == ["virgen", "granada", "dem", "van", "eyck"]


@pytest.mark.parametrize(
    ("scores", "sure"),
    [((0.2, 0.3), True), ((0.19, 0.9), False), ((0.2, 0.1, 0.1, 0.05, 0.04, 0.6), False), ((), False)],
)
def test_a_word_fits_by_a_rule_that_was_stated_before(scores, sure):
    assert work_errors.is_sure(scores) is sure


def test_machines_that_share_no_word_and_works_that_no_word_fits():
    maze, quilt, line = frozenset({"maze"}), frozenset({"quilt"}), frozenset({"a", "maze"})
    one, two = MachineReading("one", maze, fits=False), MachineReading("two", quilt, fits=False)
    silent, said = MachineReading("three", frozenset(), fits=False), MachineReading("table", line)
    assert work_errors.share_no_word([one, two, silent])
    assert not work_errors.share_no_word([one, two, said])
    assert not work_errors.share_no_word([one, silent])  # one voice parts with nobody
    assert work_errors.no_word_fits([one, two, said])
    assert not work_errors.no_word_fits([said])
    assert not work_errors.no_word_fits([one, MachineReading("sure", quilt, fits=True)])


def test_how_far_people_part_is_counted_in_pairs():
    parts = work_errors.share_that_parts
    assert parts({"yes": 2, "no": 2, "I don't know": 0}) == pytest.approx(4 / 6)
    assert parts({"yes": 3, "no": 0, "I don't know": 0}) == 0
    assert parts({"yes": 1, "no": 1, "I don't know": 1}) == 1
    assert parts({"yes": 1}) is None


@examples(200)
@given(st.dictionaries(st.sampled_from("abc"), st.integers(0, 30)))
def test_no_more_than_all_pairs_part_and_who_said_what_does_not_matter(answers):
    share = work_errors.share_that_parts(answers)
    assert share is None or 0 <= share <= 1
    assert share == work_errors.share_that_parts({f"{name}!": count for name, count in answers.items()})
