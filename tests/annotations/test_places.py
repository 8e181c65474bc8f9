"""A place is kept no finer than a whole degree, and what is exact is in no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.annotations.places import DegreeField, DegreeSquare, GeoPoint, Place
from retrain_kit.errors import DataError

points = st.builds(GeoPoint, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("latitude_deg", "longitude_deg", "square", "words"),
    [
        (48.8584, 2.2945, DegreeSquare(48, 2), "40–50° N, 0–10° E"),
        (-13.1631, -72.545, DegreeSquare(-14, -73), "10–20° S, 70–80° W"),
        (-0.5, -0.5, DegreeSquare(-1, -1), "0–10° S, 0–10° W"),
        (90, 180, DegreeSquare(89, -180), "80–90° N, 170–180° W"),
        (-90, -180, DegreeSquare(-90, -180), "80–90° S, 170–180° W"),
    ],
)
def test_a_point_lies_in_a_square_and_a_field(latitude_deg, longitude_deg, square, words):
    point = GeoPoint(latitude_deg, longitude_deg)
    assert point.square == square
    assert Place("", point.square).words == words
    assert repr(point) == "GeoPoint()"


def test_what_is_no_point_is_said_all_at_once():
    with pytest.raises(DataError) as raised:
        GeoPoint(95, -181)
    assert [(each.where, each.found) for each in raised.value.faults] == [
        ("latitude", "95"),
        ("longitude", "-181"),
    ]


@given(points)
def test_every_point_lies_in_its_square_and_the_square_in_its_field(point):
    south, west = point.square.south_deg, point.square.west_deg
    assert -90 <= south <= 89
    assert -180 <= west <= 179
    assert south <= point.latitude_deg <= south + 1
    assert west <= point.longitude_deg <= west + 1 or point.longitude_deg == 180
    field = point.square.field
    assert field.south_deg <= south < field.south_deg + 10
    assert field.west_deg <= west < field.west_deg + 10
    assert field == DegreeField(field.south_deg, field.west_deg)


def test_sources_agree_as_far_as_both_say_the_same_kind_of_thing():
    paris, beside, lima = (Place("", DegreeSquare(*each)) for each in ((48, 2), (49, 1), (-13, -78)))
    assert paris.agrees(beside)
    assert not paris.agrees(lima)
    assert paris.agrees(Place("France"))
    assert Place("France").agrees(Place("france"))
    assert not Place("France").agrees(Place("Peru"))
    assert Place("", DegreeSquare(0, -180)).agrees(Place("", DegreeSquare(0, 179)))
