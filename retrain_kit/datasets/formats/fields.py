"""Fields of JSON: ids, texts and numbers, each taken as what it is; nothing else is turned into one.

An id is a number or a text. Ids join by value: 1, 1.0, "1" and "0001" are one, as are equal texts that are no
number. Null is no id; neither is true, a list or a table.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from retrain_kit.datasets.formats.values import number_id, shown
from retrain_kit.storage import texts

MAX_DEPTH = 100
"""Lists and tables within each other; what goes deeper is none that a data set needs."""


def id_key(value: object) -> str:
    """Return what an id is joined by; an empty text for what is no id."""
    if type(value) is int:
        return str(value)
    number = number_id(value)
    return (
        number
        if number is not None
        else (value.strip() if isinstance(value, str) and texts.is_writable(value) else "")
    )


def id_text(value: object) -> str:
    """Return an id as it is written, a number as its digits; an empty text for what is no id."""
    if type(value) is str and value.isascii():
        return value
    return value if isinstance(value, str) and texts.is_writable(value) else id_key(value)


def unfit_id(value: object) -> bool:
    """Say whether something stands where an id should, and is none; null says that there is none."""
    return value is not None and not is_text(value) and not id_key(value)


def text(value: object, name: str) -> str:
    """Return a text; it may be empty.

    Raises
    ------
    ValueError
        When it is none, or holds half a sign, which no file can keep; `name` says what it should be.
    """
    if type(value) is str and value.isascii():
        return value
    if not isinstance(value, str):
        raise ValueError(f"{name}: {shown(value)}, no text")  # noqa: TRY004 - one kind for all that is no annotation
    if not texts.is_writable(value):
        raise ValueError(f"{name}: {ascii(value)[:80]}, no text that can be written")
    return value


def is_text(value: object) -> bool:
    """Say whether something is a text that can be written."""
    return isinstance(value, str) and texts.is_writable(value)


def has_halves(value: object) -> bool:
    """Say whether a text in a value of JSON cannot be written."""
    if isinstance(value, str):
        return not texts.is_writable(value)
    if isinstance(value, dict):
        return any(map(has_halves, value)) or any(map(has_halves, value.values()))
    return isinstance(value, list) and any(map(has_halves, value))


def writable(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a value of JSON whose texts can be written: half a sign stands there as JSON names it."""
    if not has_halves(value):
        return value
    if isinstance(value, dict):
        return {writable(key): writable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [writable(each) for each in value]
    return value.encode("utf-8", "backslashreplace").decode()


def number(value: object, name: str) -> float:
    """Return a finite number; a text or a truth value is none.

    Raises
    ------
    ValueError
        When it is none; `name` says what it should be.
    """
    return numbers([value], name)[0]


def numbers(values: Any, name: str) -> list[float]:  # noqa: ANN401 - whatever stands in the list's place
    """Return a list of finite numbers; texts and truth values are none.

    Raises
    ------
    ValueError
        When it is no list, or holds something else; `name` says what it should be.
    """
    if type(values) in _LISTS and _NUMBERS.issuperset(map(type, values)):
        try:
            found = list(map(float, values))
        except OverflowError:
            found = [math.inf]
        if math.isfinite(sum(found)) or all(map(math.isfinite, found)):  # a sum of one that is not is not
            return found
    raise ValueError(f"{name}: {shown(values)}, not finite numbers alone")


_LISTS, _NUMBERS = frozenset((list, tuple)), frozenset((int, float))


def may_be_too_deep(text: str) -> bool:
    """Say quickly whether a line of JSON may be too deep: brackets in its words count too."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    brackets = text.encode("utf-8", "surrogatepass").translate(_STEPS, _NO_BRACKETS)
    return int(np.frombuffer(brackets, np.int8).cumsum(dtype=np.int32).max()) > MAX_DEPTH


_STEPS = bytes.maketrans(b"[{]}", np.array([1, 1, -1, -1], np.int8).tobytes())
_NO_BRACKETS = bytes(set(range(256)) - set(b"[{]}"))


def is_too_deep(value: object) -> bool:
    """Say whether lists and tables lie in each other deeper than `MAX_DEPTH`."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            each
            for outer in level
            if isinstance(outer, list | dict)
            for each in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(each, list | dict)
        ]
        if not level:
            return False
    return True
