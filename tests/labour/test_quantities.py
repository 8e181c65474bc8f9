"""Quantities: what can be added, what can't, and units as they are written."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.errors import ParameterError
from retrain_kit.studies.quantities import SECOND, Quantity, Unit, around_all, parse_unit, total

BOX = Unit.of({"box": 1})
limits = st.lists(st.floats(0, 1e9), min_size=2, max_size=2).map(sorted)


def seconds(low, high):
    return Quantity(low, high, SECOND)


@pytest.mark.parametrize(
    ("text", "powers", "scale"),
    [
        ("s", {"s": 1}, 1),
        ("min", {"s": 1}, 60),
        ("h", {"s": 1}, 3600),
        ("s/box", {"s": 1, "box": -1}, 1),
        ("h/1000 outline", {"s": 1, "outline": -1}, 3.6),
        ("min/scene", {"s": 1, "scene": -1}, 60),
        ("s/box check", {"s": 1, "box check": -1}, 1),
        ("USD2018/h", {"USD2018": 1, "s": -1}, 1 / 3600),
        ("USD2017/10 image", {"USD2017": 1, "image": -1}, 0.1),
        ("worker", {"worker": 1}, 1),
    ],
)
def test_units_are_read_as_they_are_written(text, powers, scale):
    unit, found = parse_unit(text)
    assert (unit, found) == (Unit.of(powers), pytest.approx(scale))


@pytest.mark.parametrize("text", ["", "/", "s//box", "7 s", "USD/h", "box2018", "0.5 s", "s/"])
def test_what_is_no_unit_is_refused(text):
    if text == "7 s":
        assert parse_unit(text) == (SECOND, 7)
        return
    with pytest.raises(ParameterError):
        parse_unit(text)


def test_a_minute_cannot_be_added_to_a_box():
    with pytest.raises(ParameterError, match="found s and box; expected the same unit"):
        seconds(60, 60) + Quantity.counted(1, "box")
    with pytest.raises(ParameterError):
        seconds(60, 60).around(Quantity.counted(1, "box"))
    with pytest.raises(ParameterError):
        Quantity(1, 1, Unit.of({"USD2017": 1})) + Quantity(1, 1, Unit.of({"USD2018": 1}))


def test_a_count_times_a_time_for_each_is_a_time():
    each = Quantity(3.5, 88, Unit.of({"s": 1, "box": -1}))
    assert Quantity.counted(10, "box") * each == seconds(35, 880)
    assert Quantity.counted(10, "box") * Quantity.counted(2, "box") == Quantity(20, 20, Unit.of({"box": 2}))


@pytest.mark.parametrize(("low", "high"), [(2, 1), (-1, 1), (0, math.inf), (math.nan, 1)])
def test_limits_are_numbers_from_nothing_on_the_smaller_first(low, high):
    with pytest.raises(ParameterError):
        seconds(low, high)


@given(st.lists(limits, min_size=1, max_size=6))
def test_sums_and_hulls_hold_what_they_are_made_of(rows):
    quantities = [seconds(*row) for row in rows]
    summed, held = total(quantities, SECOND), around_all(quantities)
    assert summed.low == pytest.approx(sum(low for low, _ in rows))
    assert summed.high == pytest.approx(sum(high for _, high in rows))
    assert (held.low, held.high) == (min(low for low, _ in rows), max(high for _, high in rows))
    assert str(BOX * Unit.of({"s": 1})) == "box s"
