"""Quantity words: times and amounts as people say them, always as intervals where they are ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.studies.quantities import SECONDS

if TYPE_CHECKING:
    from retrain_kit.studies.quantities import Money, Quantity, Time

_FEW, _LEAST = 10, 0.001
_HALF = {("30", "second"): "half a minute", ("30", "minute"): "half an hour"}


def somebodys_time(time: Quantity[Time]) -> str:
    """Return how much of somebody's time something took, as the end of a sentence.

    Examples
    --------
    >>> from retrain_kit.studies.quantities import Quantity
    >>> somebodys_time(Quantity.seconds(30, 700))
    "between half a minute and 12 minutes of somebody's time"
    """
    number, unit = _time(time.low)
    low, high = _half(number, unit), _half(*_time(time.high))
    if time.low == 0 < time.high:
        low = "nothing"
    elif unit == _time(time.high)[1] and (number, unit) not in _HALF:
        low = number if low != high else low
    told = high if low == high else f"between {low} and {high}"
    return f"{told} of somebody's time"


def _half(number: str, unit: str) -> str:
    return _HALF.get((number, unit)) or _said(number, unit)


def in_words(time: Quantity[Time]) -> str:
    """Return a time as people say it: seconds, minutes or hours, by its larger limit.

    Examples
    --------
    >>> from retrain_kit.studies.quantities import Quantity
    >>> in_words(Quantity.seconds(30, 700))
    '30 seconds to 12 minutes'
    """
    low, high = _time(time.low), _time(time.high)
    if low == high:
        return _said(*low)
    return f"{low[0]} to {_said(*high)}" if low[1] == high[1] else f"{_said(*low)} to {_said(*high)}"


def money_in_words(money: Quantity[Money]) -> str:
    """Return an amount with its currency and year."""
    limits = dict.fromkeys(number_in_words(limit) for limit in (money.low, money.high))
    return f"{' to '.join(limits)} {money.unit}"


def _time(seconds: float) -> tuple[str, str]:
    if round(seconds) < SECONDS["min"]:
        return number_in_words(seconds), "second"
    if round(seconds / SECONDS["min"]) < SECONDS["min"]:
        return number_in_words(max(seconds / SECONDS["min"], 1)), "minute"
    return number_in_words(max(seconds / SECONDS["h"], 1)), "hour"


def _said(number: str, unit: str) -> str:
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"


def number_in_words(value: float) -> str:
    """Return a number with two figures at least where it is small, and to the whole one where it is not."""
    if 0 < value < _LEAST:
        return f"less than {_LEAST}"
    if value < 1:
        return f"{value:.2g}"
    whole = value >= _FEW or round(value, 1) == round(value)
    return f"{value:,.0f}" if whole else f"{value:.1f}"
