"""Each number of a table leads to what it counts, within a bound."""

from bs4 import BeautifulSoup

from retrain_kit.display import thumbnails
from retrain_kit.display.evidence import MOST_SIGNS, Cell, Evidence, Line, Row, images_behind
from retrain_kit.display.thumbnails import Thumbnail

SMALL = Thumbnail(b"\xff\xd8\xff", (4, 3), "A <dog>.")


def made(*rows, images=None, name="a table"):
    return Evidence(name, ("word", "written of", "in a box"), rows, "2 more.", "Study two.", images or {})


def page(evidence):
    return BeautifulSoup(evidence.html, "html.parser")


def row(head, *lines):
    return Row(head, (Cell(f"{len(lines)}", lines, len(lines)), Cell("0")), head)


def test_a_number_leads_to_its_sentences_and_images_and_back():
    lines = (Line("1", "image 1, caption", "a dog & a <b>cat</b>"), Line("2", "image 2, caption", "a dog"))
    soup = page(made(row("dog", *lines), images={"1": SMALL}))
    (link,) = soup.select("tbody a")
    assert (link.text, link["aria-label"]) == ("2", "2: dog, written of")
    section = soup.find(id=link["href"].removeprefix("#"))
    assert section.h3.get_text(" ") == "dog written of: 2 images to the table"
    assert [each.text for each in section.select("q")] == ["a dog & a <b>cat</b>", "a dog"]
    assert soup.find(id=section.h3.a["href"].removeprefix("#")).name == "table"
    (image,) = section.select("svg")
    assert image["aria-label"] == "A <dog>."
    assert soup.find(id=image.use["href"].removeprefix("#")).name == "image"
    assert soup.find("b") is None
    assert soup.find("script") is None


def test_a_number_may_lead_to_what_stands_behind_another():
    cells = (Cell("2", same_as=1), Cell("2", (Line("1", "image 1"),), 2))
    soup = page(made(Row("dog", cells)))
    assert len({link["href"] for link in soup.select("tbody a")}) == len(soup.select("section")) == 1
    assert "1 of 2 images" in soup.section.h3.text


def test_places_of_any_signs_are_their_own_also_with_a_second_table_on_the_page():
    heads = ['"', "<b>", "a b", "", "قطة", "#"]
    rows = [row(head, Line(head, "an image")) for head in heads]
    images = dict.fromkeys(heads, SMALL)
    soup = BeautifulSoup(
        made(*rows, images=images).html + made(*rows, images=images, name="another").html, "html.parser"
    )
    places = [each["id"] for each in soup.select("[id]")]
    assert len(places) == len(set(places))
    assert {link["href"].removeprefix("#") for link in soup.select("a, use")} <= set(places)
    assert len(soup.select("section")) == 2 * len(heads)


def test_a_long_sentence_is_cut_and_says_so():
    (quote,) = page(made(row("dog", Line("1", "image 1", "dog " * 1000)))).select("q")
    assert len(quote.text) < MOST_SIGNS + 10
    assert quote.text.endswith("… (cut)")


def test_images_come_first_of_each_number_and_weigh_no_more_than_they_may():
    rows = tuple(row(f"{n}", Line(f"{n}a", ""), Line(f"{n}b", ""), Line("same", "")) for n in range(3))
    assert [*images_behind(rows)] == ["0a", "1a", "2a", "0b", "1b", "2b", "same"]
    heavy = (((f"{n}"), Thumbnail(bytes(100), (1, 1), "")) for n in range(9))
    assert [*thumbnails.within(heavy, 350)] == ["0", "1", "2"]


def test_what_is_held_back_is_told_where_the_number_leads_also_where_nothing_is_shown():
    cell = Cell("2", (), 2, held_back="2 with people, not shown beside a place")
    found = page(made(Row("Peru", (cell,))))
    section = found.find(id=found.tbody.a["href"].removeprefix("#"))
    assert "0 of 2 images; 2 with people, not shown beside a place" in section.h3.get_text(" ", strip=True)
    assert section.ul is None
