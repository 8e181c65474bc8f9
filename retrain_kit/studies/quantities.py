"""Quantities: intervals of a number with a unit, so that a minute can't be added to a box.

A unit is what is counted and measured, each with its power: `s/box` is seconds for each box. Money has the
currency and its year, `USD2018/h`, since a dollar of 2012 is not one of 2024. Units of time are turned into
seconds when they are read; anything else of another name is another unit.

What a quantity is of is also its type: mypy lets nobody add a `Quantity[Time]` to a `Quantity[Pieces]`. What
is read from a file is of any kind, until its unit is asked.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Kind = TypeVar("Kind", default=Any)  # what is read of files; typing knows `default` from Python 3.13 on
else:
    Kind = TypeVar("Kind")
SECONDS = {"s": 1, "min": 60, "h": 3600}
"""Units of time, and how many seconds each is."""
_PART = re.compile(r"(?:([1-9][0-9]{0,8}) )?([A-Za-z]+(?: [a-z]+)*)([0-9]{4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Time:
    """The kind of what is in seconds."""


class Pieces:
    """The kind of a count: of boxes, of outlines."""


class TimeEach:
    """The kind of a time for each piece."""


class Pay:
    """The kind of money for a time."""


class Money:
    """The kind of an amount in a currency of a year."""


@dataclass(frozen=True)
class Unit:
    """What a number counts or measures: names and their powers, in alphabetical order, none of power 0.

    Examples
    --------
    >>> Unit.of({"s": 1, "box": -1})
    Unit(powers=(('box', -1), ('s', 1)))
    """

    powers: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, powers: Mapping[str, int]) -> Unit:
        """Return the unit of such powers."""
        return cls(tuple(sorted((name, power) for name, power in powers.items() if power)))

    def __mul__(self, other: Unit) -> Unit:
        powers = dict(self.powers)
        for name, power in other.powers:
            powers[name] = powers.get(name, 0) + power
        return Unit.of(powers)

    def __str__(self) -> str:
        above = [name for name, power in self.powers for _ in range(power)]
        below = [name for name, power in self.powers for _ in range(-power)]
        return "/".join([" ".join(above) or "1", *below])


SECOND = Unit.of({"s": 1})


@dataclass(frozen=True)
class Quantity(Generic[Kind]):
    """All that lies from `low` to `high` in a unit.

    Raises
    ------
    ParameterError
        When a limit is no number, endless or less than 0, or when they are the wrong way round.
    """

    low: float
    high: float
    unit: Unit

    def __post_init__(self) -> None:
        limits = f"{_shown(self.low)} to {_shown(self.high)} {self.unit}"
        if not (_is_finite(self.low) and _is_finite(self.high) and self.low >= 0):
            raise ParameterError(Fault("quantity", limits, "numbers from 0 on"))
        if self.low > self.high:
            raise ParameterError(Fault("quantity", limits, "the smaller limit first"))

    @classmethod
    def counted(cls, number: int, what: str) -> Quantity[Pieces]:
        """Return a count: so many of something, exactly."""
        return Quantity(number, number, Unit.of({what: 1}))

    @classmethod
    def seconds(cls, low: float, high: float) -> Quantity[Time]:
        """Return a time."""
        return Quantity(low, high, SECOND)

    def __add__(self, other: Quantity[Kind]) -> Quantity[Kind]:
        """Return the sum of limits; only of one unit.

        Raises
        ------
        ParameterError
            When the units differ.
        """
        self._check(other)
        return Quantity(self.low + other.low, self.high + other.high, self.unit)

    @overload
    def __mul__(self: Quantity[Pieces], other: Quantity[TimeEach]) -> Quantity[Time]: ...

    @overload
    def __mul__(self: Quantity[Time], other: Quantity[Pay]) -> Quantity[Money]: ...

    def __mul__(self, other: Quantity) -> Quantity:
        """Return the product of limits, in the product of both units."""
        return Quantity(self.low * other.low, self.high * other.high, self.unit * other.unit)

    def around(self, other: Quantity[Kind]) -> Quantity[Kind]:
        """Return the smallest interval that holds both.

        Raises
        ------
        ParameterError
            When the units differ.
        """
        self._check(other)
        return Quantity(min(self.low, other.low), max(self.high, other.high), self.unit)

    def _check(self, other: Quantity) -> None:
        if self.unit != other.unit:
            raise ParameterError(Fault("quantities", f"{self.unit} and {other.unit}", "the same unit"))


def _shown(number: float) -> str:
    try:
        return f"{number:g}"
    except OverflowError:
        return "a number too large"


def _is_finite(number: float) -> bool:
    """Say whether a number has an end; one that is too large to reckon with has none."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def around_all(quantities: Iterable[Quantity[Kind]]) -> Quantity[Kind]:
    """Return the smallest interval that holds all, of which there is one at least."""
    first, *others = quantities
    for other in others:
        first = first.around(other)
    return first


def total(quantities: Iterable[Quantity[Kind]], unit: Unit) -> Quantity[Kind]:
    """Return the sum; nothing of the unit where there is nothing to add."""
    found: Quantity[Kind] = Quantity(0, 0, unit)
    for quantity in quantities:
        found += quantity
    return found


def parse_unit(text: str) -> tuple[Unit, float]:
    """Return a unit, and by what a number in it is multiplied to be one of the unit.

    Parameters
    ----------
    text
        A name, or several with `/` between them, which divide. A number before a name is how many of it:
        `h/1000 outline`. A currency has its year: `USD2018/h`.

    Raises
    ------
    ParameterError
        When it is none, or a currency has no year.

    Examples
    --------
    >>> parse_unit("h/1000 outline")
    (Unit(powers=(('outline', -1), ('s', 1))), 3.6)
    """
    powers: dict[str, int] = {}
    scale = 1.0
    for place, part in enumerate(text.split("/")):
        matched = _PART.fullmatch(part.strip())
        if not matched:
            raise ParameterError(Fault("unit", repr(text), "a unit such as s/box, h, or USD2018/h"))
        many, name, year = matched.groups()
        sign = -1 if place else 1
        scale *= (int(many or 1) * SECONDS.get(name, 1)) ** sign
        key = _named(name, year, text)
        powers[key] = powers.get(key, 0) + sign
    return Unit.of(powers), scale


def is_currency(name: str) -> bool:
    """Say whether the name of a part of a unit is money of a year."""
    return bool(_CURRENCY.fullmatch(name[:-4])) and name[-4:].isdecimal()


def _named(name: str, year: str | None, text: str) -> str:
    """Return the name of a part of a unit: seconds for all times, a currency with its year."""
    if _CURRENCY.fullmatch(name):
        if not year:
            raise ParameterError(Fault("unit", repr(text), f"a currency with its year, as {name}2018"))
        return f"{name}{year}"
    if year:
        expected = "a year after a currency alone, which is three capital letters: USD2018"
        raise ParameterError(Fault("unit", repr(text), expected))
    return "s" if name in SECONDS else name
