"""Places: where an image was taken, kept no finer than a whole degree.

A place can lead to a home. What is exact goes no further than the module that reads it: a `GeoPoint` is made
there, asked for the country it lies in where that is wanted, and forgotten. A `Place` has the name that its
source writes, or the square of one degree that the point lies in, some 110 km from south to north.

Places are told apart by their names, in the source's own words. A place without a name stands under a field
of `FIELD_DEG` degrees. Fields are no regions that anybody lives in, and towards the poles they get smaller;
they are lines on a globe, and divide what is below them no better than any other lines.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from retrain_kit.errors import DataError, Fault

FIELD_DEG = 10
"""How many degrees a field has from south to north, and from west to east."""
_NORTH_DEG, _EAST_DEG = 90, 180


@dataclass(frozen=True)
class GeoPoint:
    """A point on the globe, as exact as its source has it; neither its text nor any page shows it.

    Parameters
    ----------
    latitude_deg
        Degrees north of the equator; −90 to 90.
    longitude_deg
        Degrees east of Greenwich; −180 to 180.

    Raises
    ------
    DataError
        With each of the two that is no such number; it does not say the other one.
    """

    latitude_deg: float = field(repr=False)
    longitude_deg: float = field(repr=False)

    def __post_init__(self) -> None:
        limits = (("latitude", self.latitude_deg, _NORTH_DEG), ("longitude", self.longitude_deg, _EAST_DEG))
        faults = [
            Fault(name, f"{value:g}", f"a number of degrees from −{most} to {most}")
            for name, value, most in limits
            if not (math.isfinite(value) and -most <= value <= most)
        ]
        if faults:
            raise DataError(*faults)

    @property
    def is_nowhere(self) -> bool:
        """Whether it is 0, 0: programs write that for a place that nobody knows, and so it counts here."""
        return self.latitude_deg == 0 and self.longitude_deg == 0

    @property
    def square(self) -> DegreeSquare:
        """The square of one degree that it lies in; the pole's is the one below it."""
        south = min(math.floor(self.latitude_deg), _NORTH_DEG - 1)
        west = math.floor(self.longitude_deg)
        return DegreeSquare(south, -_EAST_DEG if west == _EAST_DEG else west)


@dataclass(frozen=True, order=True)
class DegreeSquare:
    """A square of one degree, by its southern and its western edge: −90 to 89, −180 to 179."""

    south_deg: int
    west_deg: int

    @property
    def words(self) -> str:
        """Its edges for readers.

        Examples
        --------
        >>> DegreeSquare(58, -95).words
        '58–59° N, 94–95° W'
        """
        return f"{_range(self.south_deg, 1, 'NS')}, {_range(self.west_deg, 1, 'EW')}"

    @property
    def field(self) -> DegreeField:
        """The field that it lies in."""
        return DegreeField(*(FIELD_DEG * (edge // FIELD_DEG) for edge in (self.south_deg, self.west_deg)))


@dataclass(frozen=True, order=True)
class DegreeField:
    """A field of `FIELD_DEG` degrees, by its southern and its western edge."""

    south_deg: int
    west_deg: int

    @property
    def words(self) -> str:
        """Its edges for readers.

        Examples
        --------
        >>> DegreeField(40, -10).words, DegreeField(-10, 170).words
        ('40–50° N, 0–10° W', '0–10° S, 170–180° E')
        """
        return f"{_range(self.south_deg, FIELD_DEG, 'NS')}, {_range(self.west_deg, FIELD_DEG, 'EW')}"


def _range(low_deg: int, size_deg: int, sides: str) -> str:
    near, far = (low_deg, low_deg + size_deg) if low_deg >= 0 else (-low_deg - size_deg, -low_deg)
    return f"{near}–{far}° {sides[low_deg < 0]}"


@dataclass(frozen=True)
class Place:
    """Where a source says that an image was taken.

    Parameters
    ----------
    name
        The country or place in the source's own words; empty where it gives coordinates alone.
    square
        Of its coordinates the square of one degree; None where it gives a name alone.

    Raises
    ------
    ValueError
        When it has neither.
    """

    name: str = ""
    square: DegreeSquare | None = None

    def __post_init__(self) -> None:
        if not self.name and self.square is None:
            raise ValueError("a place without name and square")

    @property
    def words(self) -> str:
        """What it is called where places are told apart: its name, else its field."""
        return self.name or (self.square.field.words if self.square else "")

    def agrees(self, other: Place) -> bool:
        """Whether two sources may mean the same: as far as both give a name, and both a square, they do.

        Squares agree where they are one, or touch.
        """
        named = not (self.name and other.name) or self.name.casefold() == other.name.casefold()
        return named and not (self.square and other.square and _are_apart(self.square, other.square))


def _are_apart(one: DegreeSquare, other: DegreeSquare) -> bool:
    around = abs(one.west_deg - other.west_deg)
    return abs(one.south_deg - other.south_deg) > 1 or min(around, 2 * _EAST_DEG - around) > 1
