"""A table carries all of its rows as CSV, in the page, and as a spreadsheet can open it without harm."""

import base64
import csv
import io

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.display import assets
from retrain_kit.display.cards import Cards, ImagesWithCards
from retrain_kit.exercises.common.figures import stack_views
from retrain_kit.reports.data_table import DataTable, without_formula
from retrain_kit.storage import texts

HARMFUL = ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]
signs = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def linked(html):
    """Return the name of the CSV that a page links, and its rows."""
    (link,) = BeautifulSoup(html, "html.parser").select("a[download]")
    kind, _, data = link["href"].partition(",")
    assert kind == "data:text/csv;charset=utf-8;base64"
    data = base64.b64decode(data)
    assert texts.encoding_of_bytes(data[:4]) == "utf-8-sig"
    return link["download"], list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_csv_has_every_row_in_full_where_the_page_shows_the_first():
    table = DataTable.from_rows(
        ({"label": f"l{n}", "share": n / 3, "images": n} for n in range(5)), "labels", most=2
    )
    soup = BeautifulSoup(table.html, "html.parser")
    assert len(soup.select("tbody tr")) == 2
    assert soup.caption.text == "The first 2 of 5 rows; the CSV has all."
    name, rows = linked(table.html)
    assert name == "labels.csv"
    assert rows == [
        ["label", "share", "images"],
        ["l0", "0.0", "0"],
        ["l1", "0.3333333333333333", "1"],
        ["l2", "0.6666666666666666", "2"],
        ["l3", "1.0", "3"],
        ["l4", "1.3333333333333333", "4"],
    ]


@given(st.lists(st.tuples(signs, st.integers(-9, 9)), min_size=1, max_size=4))
def test_whatever_is_in_a_cell_comes_back_but_for_the_apostrophe_before_a_formula(rows):
    table = DataTable.from_rows(({"a": text, "b": number} for text, number in rows), "any")
    _, (head, *found) = linked(table.csv_link)
    assert head == ["a", "b"]
    assert [int(number) for _, number in found] == [number for _, number in rows]
    for (text, _), (cell, _) in zip(rows, found, strict=True):
        assert cell in {text, f"'{text}"}
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize("text", HARMFUL)
def test_no_text_is_a_formula_to_a_spreadsheet(text):
    assert without_formula(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1, -0.5, "a-b", "a=b", "", None])
def test_numbers_and_plain_texts_stay_as_they_are(value):
    assert without_formula(value) == value


def test_a_wide_table_is_reached_and_scrolled_by_keys():
    html = BeautifulSoup(DataTable(pd.DataFrame({"a": ["x"]}), "some-words").html, "html.parser")
    (scrolled,) = html.select(".rk-scroll[tabindex='0'][role=group]")
    assert scrolled["aria-label"] == "Table: some words"
    assert scrolled.table is not None
    assert html.select(".rk-scroll a[download]") == []


def test_only_in_jupyterlab_a_table_is_more_than_html(monkeypatch):
    table = DataTable.from_rows([{"label": "<b>", "share": 0.25, "images": 3}], "labels")
    monkeypatch.delenv(assets.LAB_SESSION, raising=False)
    assert table._repr_mimebundle_().keys() == {"text/plain", "text/html"}
    monkeypatch.setenv(assets.LAB_SESSION, "a.ipynb")
    shown = table._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert shown["text/html"] == table._repr_html_()
    _, sorted_table, link = table._widget.children
    assert sorted_table.df.to_dict("records") == [{"label": "<b>", "share": 0.25, "images": 3}]
    assert (link.address, link.file) == (table.csv_address, "labels.csv")


def test_rows_too_wide_for_a_terminal_are_told_part_by_part_with_names_whole():
    row = {"work": "box", "by the figures": ", ".join(f"figure-of-{number:02}" for number in range(9))}
    assert repr(DataTable.from_rows([{"work": "box", "pieces": 2}], "work")) == "work  pieces\n box       2"
    assert repr(DataTable.from_rows([row, {**row, "by the figures": "none"}], "work")) == (
        "work: box\n"
        "by the figures: figure-of-00, figure-of-01, figure-of-02, figure-of-03,\n"
        "  figure-of-04, figure-of-05, figure-of-06, figure-of-07, figure-of-08\n"
        "\n"
        "work: box\n"
        "by the figures: none"
    )


@pytest.mark.parametrize(
    "shown", [DataTable.from_rows([], "rows"), stack_views([]), Cards(()), ImagesWithCards(())]
)
def test_where_there_is_nothing_a_sentence_says_so(shown):
    assert "<h3>There is nothing of this kind here.</h3>" in shown._repr_html_()


def test_an_address_is_a_link_by_the_name_of_its_file_and_a_broken_one_too():
    stated = {
        "https://commons.example/wiki/File:Old_barn.jpg?w=9": "Old barn.jpg",
        "https://example.org/": "https://example.org/",
        "https://[x/a.jpg": "a.jpg",
        "by hand": "",
    }
    page = BeautifulSoup(
        DataTable(pd.DataFrame({"source": [*stated]}), "sources")._repr_html_(), "html.parser"
    )
    links = {link["href"]: link.text for link in page.select("td a")}
    assert links == {address: name for address, name in stated.items() if name}
