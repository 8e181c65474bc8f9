"""Tables of places run without images, under the veil, and show of people nothing beside a place."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from retrain_kit.analysis.known_places import PlaceSource, known_places
from retrain_kit.analysis.own_labels import people_veil
from retrain_kit.analysis.people_in_images import PeopleInImages
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.annotations.places import DegreeField, DegreeSquare, Place
from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.display.degree_map import degree_map_svg
from retrain_kit.display.figures import Note
from retrain_kit.reports import stand_ins, where_from
from retrain_kit.studies import manifests

SYSTEM = Taxonomy(
    [
        Synset("entity"),
        Synset("person", ("person",), "", ("entity",)),
        Synset("p1", ("zorbnik",), "a zorbnik zorbs", ("person",)),
        Synset("f1", ("festivity",), "where a zorbnik feasts", ("entity",)),
        Synset("f2", ("Halloween",), "", ("f1",)),
    ]
)
GONE = Path("not-there.jpg")


def sample(name, *labels):
    return Sample(name, GONE, 9, 9, tuple(Region(label, Box(0, 0, 9, 9)) for label in labels))


IMAGES = [
    *(sample(f"a{n}", "Halloween", "pumpkin") for n in range(6)),
    sample("zorbnik-1", "Halloween", "zorbnik"),
    *(sample(f"b{n}", "tree") for n in range(7)),
    sample("unplaced", "Halloween"),
]
PLACES = {each.id: Place("", DegreeSquare(42, -72)) for each in IMAGES[:7]}
PLACES |= {each.id: Place("Kenya") for each in IMAGES[7:14]}


def where(places=PLACES, *, accepted=False):
    veil = people_veil(SYSTEM, accepted=accepted)
    people = PeopleInImages(SYSTEM, veil.ids)
    known = known_places(IMAGES, [PlaceSource("a table", places)])
    return where_from.WhereFrom(
        IMAGES, known, people, StudyVeil(SYSTEM, veil), manifests.load("embedded-sample")
    )


def sections(view):
    """Return what stands behind each number, as its head and the names of the images."""
    page = BeautifulSoup(view.html, "html.parser")
    return {
        each.h3.get_text(" ", strip=True): [
            name["title"] if name.has_attr("title") else name.get_text() for name in each.select("li > span")
        ]
        for each in page.select("section")
    }


def test_an_image_with_people_is_counted_at_its_place_and_not_named_there():
    found = sections(where_from.places(where()))
    (boston,) = [head for head in found if head.startswith("40–50° N, 70–80° W")]
    assert "6 of 7 images; 1 with people, not shown beside a place" in boston
    assert found[boston] == [f"a{n}" for n in range(6)]
    rows = where_from.places_of_images(where()).data.to_dict("records")
    assert [row["image"] for row in rows] == [each.id for each in IMAGES[:6] + IMAGES[7:14]]
    assert rows[0] == {
        "image": "a0",
        "place": "40–50° N, 70–80° W",
        "whole degrees": "42–43° N, 71–72° W",
        "said by": "a table",
    }


@pytest.mark.parametrize("accepted", [False, True])
def test_words_are_veiled_in_every_table_unless_accepted(accepted):
    at = where(accepted=accepted)
    found = where_from.count_words(at, 1)
    asked = stand_ins.find_stand_ins(at, ["festivity", "zorbnik"])
    views = [
        where_from.who_says(at),
        where_from.places(at),
        where_from.places_of_images(at),
        where_from.words_there(at, found),
        where_from.words_never(at, found),
        *stand_ins.stand_in_views(at, asked, 1),
        stand_ins.never_used(at, asked),
    ]
    held = "".join(view._repr_html_() for view in views) + "".join(map(repr, views))
    assert ("zorbnik" in held.replace(SYSTEM.synset("p1").id, "")) == accepted


def test_where_nothing_is_known_it_is_said():
    at = where({})
    found = where_from.count_words(at)
    assert [(row.head, row.cells[0].text) for row in where_from.who_says(at).rows] == [("unknown", "15")]
    assert where_from.words_there(at, found).title == where_from.NO_PLACE
    notes = [where_from.degrees(at), where_from.places_of_images(at), where_from.words_never(at, found)]
    assert all(isinstance(note, Note) for note in notes)
    assert [row.head for row in where_from.places(at).rows] == ["unknown"]


def test_places_of_few_images_are_joined_and_one_place_of_all_is_not_told_where_people_are():
    at = where({**PLACES, "unplaced": Place("Kenya")})
    (asked,) = stand_ins.find_stand_ins(at, ["festivity"])
    _, table = stand_ins.stand_in_views(at, [asked], 5)
    taken = [(row.head, row.cells[1].text) for row in table.rows if row.cells[0].text == "taken there"]
    assert taken == [("unknown", "0"), ("40–50° N, 70–80° W", "7"), ("other places", "1")]
    alone = where({name: place for name, place in PLACES.items() if name != "unplaced"})
    (asked,) = stand_ins.find_stand_ins(alone, ["zorbnik"])
    _, table = stand_ins.stand_in_views(alone, [asked], 1)
    taken = [(row.head, row.cells[1].text) for row in table.rows if row.cells[0].text == "taken there"]
    assert taken == [("unknown", "0"), ("other places", "1")]


def test_a_label_that_could_mean_several_things_says_so():
    images = [sample("a", "bank")]
    two = Taxonomy([Synset("n1", ("bank",), "a slope"), Synset("n2", ("bank",), "a house of money")])
    known, manifest = known_places(images, []), manifests.load("embedded-sample")
    at = where_from.WhereFrom(images, known, PeopleInImages(two, frozenset()), StudyVeil(two), manifest)
    note, _ = stand_ins.stand_in_views(at, stand_ins.find_stand_ins(at, ["bank"]))
    meaning = "not said: the label is written so, and the label system has 2 meanings of the word"
    assert note.lines[0] == ("meaning", meaning)


def test_the_grid_has_a_disc_for_each_field_with_images():
    drawing = BeautifulSoup(degree_map_svg({DegreeField(40, -80): 4, DegreeField(-10, 30): 1}), "xml")
    discs = [(each["cx"], each["cy"], each["r"], each.title.text) for each in drawing.find_all("circle")]
    assert discs == [
        ("603.0", "291.0", "6.5", "0–10° S, 30–40° E: 1 image"),
        ("317.0", "161.0", "13.0", "40–50° N, 70–80° W: 4 images"),
    ]
