"""A table of places is checked whole; Flickr's answers are read as they are, and what is no place is counted."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from retrain_kit.annotations.places import DegreeSquare, Place
from retrain_kit.annotations.samples import Provenance, Sample
from retrain_kit.datasets.place_tables import read_places
from retrain_kit.errors import DataError


def sample(name, source="", **said):
    return Sample(name, Path(name), 9, 9, provenance=Provenance(source=source), said=said)


STUDY = [sample(name) for name in ("a", "b", "c", "d")]


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_places_are_read_by_coordinates_or_name_and_rows_of_other_images_are_counted(tmp_path):
    table = written(
        tmp_path / "places.csv",
        "image;latitude;longitude;country;place\na;48.85;2.29;;\nb;;;Türkiye;Edirne\nc;;;;\nd;−0.5;10;Gabon;\nzz;1;1;;\n",
    )
    found = read_places(table, STUDY)
    assert found.places == {
        "a": Place("", DegreeSquare(48, 2)),
        "b": Place("Türkiye"),
        "d": Place("Gabon", DegreeSquare(-1, 10)),
    }
    assert (found.name, found.unmatched, found.unusable, found.unread) == ("places.csv", 1, {}, ())
    accents = [replace(STUDY[0], id=name) for name in ("S\u00e3o", "\u00e3", "a\u0303", "A", "7")]
    rows = "image,country\nSa\u0303o,B\na\u0303,C\na,D\n007,E"
    found = read_places(written(tmp_path / "accents.csv", rows), accents)
    assert {name: place.name for name, place in found.places.items()} == {"S\u00e3o": "B", "a\u0303": "C"}


def test_a_point_without_a_name_has_the_country_that_is_asked_for(tmp_path):
    table = written(
        tmp_path / "p.csv", "image,latitude,longitude,country\na,48.85,2.29,\nb,48.85,2.29,Gaul\n"
    )
    found = read_places(table, STUDY, lambda point: f"at {round(point.latitude_deg)}")
    assert [place.name for place in found.places.values()] == ["at 49", "Gaul"]


def test_all_faults_of_a_table_come_together(tmp_path):
    rows = [
        "a,95,2.29,,",
        "b,48.85,,,",
        "c,,,France,",
        "c,,,Peru,",
        "c,,,France,",
        "d,0,0,,",
        ",1,1,,",
        "zz,1,1e9,,",
        'd,"1,5",2,,',
    ]
    table = written(tmp_path / "p.csv", "\n".join(["image,latitude,longitude,country,place", *rows]))
    with pytest.raises(DataError) as raised:
        read_places(table, STUDY)
    said = [(each.where.removeprefix(f"{table}, "), each.found) for each in raised.value.faults]
    assert said == [
        ("line 2, latitude", "95"),
        ("line 3, longitude", "nothing"),
        ("line 5", "another place of 'c' than in line 4"),
        ("line 7, latitude, longitude", "0, 0: programs write this where no place is known"),
        ("line 8", "no image"),
        ("line 9, longitude", "1e+09"),
        ("line 10, latitude", "'1,5'"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "the columns of an empty file"),
        ("image,latitude\n", "a table without rows"),
        ("name,country\na,France\n", "the columns name, country"),
    ],
)
def test_a_table_without_images_is_no_table(tmp_path, text, found):
    with pytest.raises(DataError) as raised:
        read_places(written(tmp_path / "p.csv", text), STUDY)
    assert [each.found for each in raised.value.faults] == [found]


FLICKR = [
    sample("page", "https://www.flickr.com/photos/somebody/101"),
    sample("file", flickr_url="http://farm3.staticflickr.com/2/102_abc_z.jpg"),
    sample("number", flickr_id=103),
    sample("face 1", metadata={"photo_url": "https://www.flickr.com/photos/somebody/104/"}),
    sample("face 2", metadata={"photo_url": "https://www.flickr.com/photos/somebody/104/"}),
    sample("none", flickr_id="105"),
    sample("wrong", flickr_id="106"),
    sample("world", flickr_id="107"),
]
INFO = {
    "stat": "ok",
    "photo": {
        "id": "101",
        "location": {
            "latitude": "-17.68",
            "longitude": "-63.37",
            "accuracy": "16",
            "country": {"_content": "Bolivia"},
        },
    },
}
SEARCH = {
    "photos": {
        "page": 1,
        "photo": [
            {"id": "102", "latitude": "40.16", "longitude": "-105.10", "accuracy": "16"},
            {"id": "105", "latitude": 0, "longitude": 0, "accuracy": 0},
            {"id": "106", "latitude": "43722273", "longitude": "-79410638", "accuracy": "16"},
            {"id": "107", "latitude": "10", "longitude": "10", "accuracy": "1"},
            {"id": "999", "latitude": "1", "longitude": "1", "accuracy": "16"},
        ],
    }
}
GEO = [
    {"photo": {"id": 103, "location": {"latitude": 51.5, "longitude": -0.1, "accuracy": 11}}},
    {"photo": {"id": "104", "location": {"latitude": 35.0, "longitude": 135.7, "accuracy": "6"}}},
]


@pytest.mark.parametrize("lines", [False, True])
def test_flickrs_answers_are_read_in_each_of_their_forms(tmp_path, lines):
    answers = [INFO, SEARCH, *GEO] if lines else [[INFO, SEARCH, GEO]]
    path = written(tmp_path / ("f.jsonl" if lines else "f.json"), "\n".join(map(json.dumps, answers)))
    found = read_places(path, FLICKR)
    assert found.places == {
        "page": Place("Bolivia", DegreeSquare(-18, -64)),
        "file": Place("", DegreeSquare(40, -106)),
        "number": Place("", DegreeSquare(51, -1)),
        "face 1": Place("", DegreeSquare(35, 135)),
        "face 2": Place("", DegreeSquare(35, 135)),
    }
    assert found.unusable == {
        "wrong": "latitude: 4.37223e+07; longitude: -7.94106e+07",
        "world": "accuracy: accuracy 1, coarser than a country",
    }
    assert found.unmatched == 1


@pytest.mark.parametrize("text", ["{", "[]", '{"photo": {}}', "[1, null]"])
def test_a_file_without_a_photo_is_no_answer(tmp_path, text):
    with pytest.raises(DataError):
        read_places(written(tmp_path / "f.json", text), FLICKR)


def test_a_broken_line_is_named_and_two_places_of_a_photo_are_counted(tmp_path):
    other = {"photo": {"id": "101", "location": {"country": {"_content": "Peru"}}}}
    good, again = json.dumps(INFO), json.dumps(other)
    found = read_places(written(tmp_path / "f.jsonl", f"{good}\n{again}\n"), FLICKR)
    assert found.places["page"].name == "Bolivia"
    assert found.unusable == {"page": "Flickr's answers name two places; the first is taken"}
    with pytest.raises(DataError, match="line 2"):
        read_places(written(tmp_path / "f.jsonl", f"{good}\n{{\n{again}\n"), FLICKR)
