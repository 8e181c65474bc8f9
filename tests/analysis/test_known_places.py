"""Where an image was taken is what the first of its sources says; the others are compared and counted."""

from pathlib import Path

import pytest
from PIL import ExifTags, Image

from retrain_kit.analysis.known_places import (
    PlaceSource,
    known_places,
    places_in_data_set,
    places_in_files,
    point_said,
)
from retrain_kit.annotations.places import DegreeSquare, Place
from retrain_kit.annotations.samples import Sample
from retrain_kit.errors import DataError


def sample(name, path="none.jpg", **said):
    return Sample(name, Path(path), 8, 8, said=said)


def test_the_first_source_is_believed_and_who_contradicts_it_is_counted():
    one = PlaceSource("table", {"a": Place("France"), "b": Place("Peru")})
    two = PlaceSource("EXIF", {"a": Place("", DegreeSquare(48, 2)), "b": Place("Chile"), "c": Place("Chile")})
    found = known_places([sample(name) for name in "abcd"], [one, two])
    assert found.places == {"a": Place("France"), "b": Place("Peru"), "c": Place("Chile")}
    assert found.by == {"a": "table", "b": "table", "c": "EXIF"}
    assert found.contradicted == ("b",)
    assert found.unknown == ("d",)


def test_a_data_set_says_country_or_coordinates_in_its_own_fields():
    samples = [
        sample("face", metadata={"country": " South  Korea "}),
        sample("bare", metadata={"country": ""}),
        sample("plant", latitude=-33.9, longitude=18.4),
        sample("both", latitude="45", longitude="7", country="Italy"),
        sample("wrong", latitude=95, longitude=7),
        sample("half", latitude=5),
        sample("zero", latitude=0, longitude=0.0),
        sample("text", metadata="country", country=["x"]),
    ]
    found = places_in_data_set(samples)
    assert found.places == {
        "face": Place("South Korea"),
        "plant": Place("", DegreeSquare(-34, 18)),
        "both": Place("Italy", DegreeSquare(45, 7)),
    }
    assert found.unusable == {
        "wrong": "latitude: 95",
        "half": "longitude: nothing",
        "zero": "latitude, longitude: 0, 0: programs write this where no place is known",
    }


def test_files_say_it_in_exif_and_one_that_is_not_here_stops_no_other(tmp_path):
    for name, degrees in (("good", 52.0), ("bad", 95.0)):
        image = Image.new("RGB", (8, 8))
        exif = image.getexif()
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {1: "N", 2: (degrees, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)}
        )
        image.save(tmp_path / f"{name}.jpg", exif=exif)
    (tmp_path / "text.jpg").write_text("no image")
    names = ("good", "bad", "gone", "text")
    found = places_in_files([sample(name, tmp_path / f"{name}.jpg") for name in names])
    assert found.places == {"good": Place("", DegreeSquare(52, -1))}
    assert found.unusable == {"bad": "latitude 95.5"}
    assert found.unread == ("gone", "text")


@pytest.mark.parametrize("cell", ["48,85", "north", "1_0", "0x10", "inf", "1e999", "--3"])
def test_what_is_no_number_of_degrees_is_no_point(cell):
    with pytest.raises(DataError):
        point_said(cell, 7)


@pytest.mark.parametrize("cell", [None, "", " ", "nan", "NULL", "unknown"])
def test_what_says_nothing_says_nothing(cell):
    assert point_said(cell, cell) is None
