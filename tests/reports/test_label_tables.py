"""A label system written as a table is read again as it was, each withdrawal with reason, date and source."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from trying import examples

from retrain_kit.analysis.label_use import ImageNamings, LabelUse, Naming, count_namings
from retrain_kit.annotations.label_tree import build_label_tree
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.annotations.veil import Veil, veil_over
from retrain_kit.datasets.label_systems import read_label_system
from retrain_kit.reports import label_tables, word_files
from retrain_kit.reports.data_table import DataTable

words = (
    st.text("abc-é,;\"' ", min_size=1, max_size=6)
    .map(str.strip)
    .filter(lambda text: text and text[0] not in "-'")
)


@st.composite
def systems(draw):
    """A label system without circles, some of it withdrawn."""
    found = []
    for number in range(draw(st.integers(1, 8))):
        parents = draw(st.lists(st.integers(0, number - 1), max_size=2, unique=True)) if number else []
        names = tuple(f"s{each}" for each in parents)
        instance_of = names[: draw(st.integers(0, len(names)))]
        gone = draw(st.none() | st.tuples(words, words | st.just(""), words | st.just("")))
        parts = (tuple(draw(st.lists(words, max_size=2))), draw(words | st.just("")), names)
        told = dict(zip(("retired", "retired_on", "retired_by"), gone or ("", "", ""), strict=True))
        found.append(Synset(f"s{number}", *parts, instance_of=instance_of, **told))
    return Taxonomy(found)


@examples(20)
@given(systems())
def test_what_is_written_is_read_again(system):
    table = DataTable.from_rows(label_tables.system_rows(build_label_tree(system), Veil()), "words")
    with tempfile.TemporaryDirectory() as folder:
        word_files.write_table(Path(folder) / "out.csv", table, "")
        assert {*read_label_system(Path(folder) / "out.csv")} == {*system}


SYSTEM = Taxonomy(
    [
        Synset("top", ("top",)),
        Synset("person", ("person",), "", ("top",)),
        Synset("w", ("wretch",), "a poor wretch", ("person",), "calls a wretch so", (), "2019", "a wretch"),
        Synset("x", ("x",), "no wretch", ("top", "person")),
        Synset("y", ("y",), "", ("top",)),
    ]
)
USE = LabelUse({"y": 2}, {"y": 3}, {"y": 2, "top": 2}, {"y": 3, "top": 3}, {"y": ("1", "2")}, {}, {}, 2)


def test_counts_and_siblings_that_were_never_used_stand_beside_each_word():
    found = {row["id"]: row for row in label_tables.system_rows(build_label_tree(SYSTEM), Veil(), USE)}
    never = {name: row["siblings never used"] for name, row in found.items()}
    assert never == {"top": 0, "person": 1, "w": 1, "x": 2, "y": 2}
    assert found["x"]["paths"] == "top → x | top → person → x"
    assert [found["top"][name] for name in ("images", "images at and below", "annotations at and below")] == [
        0,
        2,
        3,
    ]


@given(st.sampled_from(["person", "y", "x", "top"]), st.sampled_from(["person", "y", "x"]))
def test_siblings_are_those_that_the_study_itself_counts(first, second):
    rows = (ImageNamings(each, [Naming((each,), (each,))]) for each in (first, second))
    use = count_namings(SYSTEM, rows)
    for row in label_tables.system_rows(build_label_tree(SYSTEM), Veil(), use):
        assert row["siblings never used"] == len(use.unused_siblings(SYSTEM, row["id"]))


def test_a_veiled_word_is_in_no_cell_of_any_row_and_its_withdrawal_stays():
    rows = [*label_tables.system_rows(build_label_tree(SYSTEM), veil_over(SYSTEM), USE)]
    assert "wretch" not in str(rows)
    gone = next(row for row in rows if row["retired"])
    assert (gone["retired"], gone["retired_on"], gone["retired_by"]) == ("calls a ▒▒▒ so", "2019", "a ▒▒▒")


def test_without_any_word_a_sentence_stands_in_the_place_of_the_system():
    none = LabelUse({}, {}, {}, {}, {}, {}, {}, 0)
    assert label_tables.system_icicle(Taxonomy([]), Veil(), none).title == label_tables.NO_WORDS
    assert label_tables.used_words(SYSTEM, Veil(), none).title == label_tables.NO_WORD_USED
