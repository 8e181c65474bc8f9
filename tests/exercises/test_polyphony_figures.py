"""The figures of Polyphony: every sentence is there, whole, as text."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.answers import Consent, Store, Withdrawal
from retrain_kit.exercises.common.consent import ConsentedAnswers
from retrain_kit.exercises.polyphony import consented, figures, lineages
from retrain_kit.exercises.polyphony.pairs import Pair, PairedImage
from retrain_kit.exercises.polyphony.polyphony import Polyphony

KNIFE = consented.knife_case()
HOSTILE = "<img src=x onerror=alert(1)></text><script>alert(1)</script> \u202e & \x00 \ud800"
SVG = "{http://www.w3.org/2000/svg}"


def soup(shown):
    return BeautifulSoup(shown._repr_html_(), "html.parser")


def drawn(records, withdrawals=()):
    return ET.fromstring(lineages.lineage_svg(lineages.sentence_tree(records, withdrawals)))  # noqa: S314 - the kit's own


def test_the_drawing_has_a_dot_for_each_text_and_a_line_to_what_it_was_made_from():
    root = drawn(KNIFE.records)
    assert len(root.findall(f"{SVG}circle")) == 10
    assert len(root.findall(f"{SVG}path")) == 6
    said = " ".join(text.text for text in root.findall(f"{SVG}text"))
    assert "2 · nobody 3 · improves 1 Something red, cut messily; the knife lies beside it." in said
    assert "10 · nobody 4 · first sentence (refused: chose not to answer) (chose not to answer)" in said


def test_a_person_has_one_colour():
    root = drawn(KNIFE.records)
    fills = [dot.get("fill") for dot in root.findall(f"{SVG}circle")]
    assert fills[0] == fills[2] == fills[4]
    assert len(set(fills)) == 4


@given(st.text(max_size=300))
def test_whatever_people_type_is_drawn_as_text(text):
    root = drawn([replace(KNIFE.records[0], text=text, who=text)])
    assert {child.tag for child in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "rect", "circle", "text")
    }


@pytest.mark.parametrize("text", ["a" * 3000, "刀" * 3000, "word " * 900])
def test_long_sentences_are_cut_in_the_drawing_and_whole_in_the_list(text):
    record = replace(KNIFE.records[0], text=text)
    lines = drawn([record]).findall(f"{SVG}text")[1:]
    assert len(lines) == 4
    assert lines[-1].text.endswith("…")
    listed = soup(figures.lineage_figures(ConsentedAnswers((record,)))).li.bdi
    assert listed.get_text() == text


def test_markup_in_a_sentence_stays_text_everywhere():
    hostile = HOSTILE.replace("\ud800", "")
    heard = ConsentedAnswers(
        tuple(
            replace(record, text=f"{record.text} {hostile}", who=hostile, language="en")
            for record in KNIFE.records
        )
    )
    for show in (figures.lineage_figures, figures.agreement_tables, figures.dissent_tables):
        found = soup(show(heard))
        assert found.find_all("script") == []
        assert [image["src"][:10] for image in found.find_all("img")] in ([], ["data:image"])


def test_all_sentences_stand_whole_in_the_list_with_footnotes_and_what_agrees_marked():
    items = soup(figures.lineage_figures(KNIFE)).find_all("li")
    assert len(items) == 10
    assert (
        items[8].bdi.get_text()
        == "Cake or crime: whatever this mess is, the knife is involved, and somebody held it."
    )
    assert [mark.text for mark in items[0].find_all("mark")] == ["red", "cut"]
    assert "Footnote, 2025-01-01: I no longer think that it is blood." in items[3].get_text()


def test_of_a_withdrawn_sentence_only_the_day_is_shown():
    left = KNIFE.records[1:]
    gone = Withdrawal(KNIFE.records[0].id, "2025-03-05T10:00:00Z", "author")
    page = soup(figures.lineage_figures(ConsentedAnswers(left, (gone,))))
    assert page.find("li").get_text() == "Withdrawn, 2025-03-05."
    assert "A red fruit cake, cut messily." not in page.find("details").get_text().replace("messily with", "")


def test_the_table_of_agreement_begins_with_the_knife_and_points_to_its_sentences():
    row = soup(figures.agreement_tables(KNIFE)).select_one("tbody tr")
    assert row.th.text == "knife"
    text = row.td.get_text(" ")
    assert text.startswith("In 3 of 3 last sentences; kept in 4 of 4 rewritings of it.")
    assert re.findall(r"(\d+) · nobody", text) == ["2", "3", "5", "6", "7", "8", "9"]
    assert {mark.text for mark in row.find_all("mark")} == {"knife"}


def test_the_table_of_dissent_names_who_dropped_and_who_keeps():
    rows = soup(figures.dissent_tables(KNIFE)).select("tbody tr")
    told = {row.th.text: row.td.contents[0] for row in rows}
    assert told["cake"] == "Dropped by nobody 3. Kept by nobody 1, nobody 3."
    assert told["viscera"] == "Dropped by nobody 1. Kept by nobody."


def test_everything_from_the_knife_case_says_that_nobody_said_it():
    shown = [
        figures.lineage_figures(KNIFE),
        figures.agreement_tables(KNIFE),
        figures.dissent_tables(KNIFE),
    ]
    shown += [figures.enrichment_note(KNIFE, 7), figures.sentences_summary(KNIFE)]
    assert all("Demonstration: said by nobody." in soup(each).get_text() for each in shown)


def test_where_there_is_nothing_to_show_a_sentence_says_so():
    one = ConsentedAnswers(KNIFE.records[:1])
    assert "No word survives" in soup(figures.agreement_tables(one)).get_text()
    assert "No rewriting has dropped a word." in soup(figures.dissent_tables(one)).get_text()
    assert "Nothing to compare" in soup(figures.enrichment_note(one, 7)).get_text()


def test_what_people_say_takes_the_place_of_the_demonstration_and_is_shown_for_what_they_agreed_to(tmp_path):
    with Store(tmp_path) as store:
        assert consented.consented_sentences(store, ["one"]).demonstration
        table = Polyphony(store, Pair(PairedImage("one", "a", "1"), PairedImage("one", "a", "2")))
        table.answer(table.turn(), "Both wait.", Consent(("class",), "polyphony-1", "2025-03-04T09:30:00Z"))
        heard, published = (
            consented.consented_sentences(store, ["one"], use) for use in ("class", "publication")
        )
        assert consented.consented_sentences(store, ["two"]).demonstration
    assert ([record.text for record in heard.records], heard.demonstration) == (["Both wait."], False)
    assert (published.records, published.aside, published.demonstration) == ((), 1, False)
    assert "1, as their authors agreed to other uses" in soup(figures.sentences_summary(published)).get_text()
