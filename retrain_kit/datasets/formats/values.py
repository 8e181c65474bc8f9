"""Values of a source taken as what they are: nothing else becomes a word, a number or an id."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from retrain_kit.storage import texts

_WHOLE = re.compile(r"([+-]?)0*([0-9]+)(?:\.0+)?")
_MAX_EXACT = 1 << 53
"""Above it a number with a point does not tell one whole number from the next."""

_SHOWN_SIGNS = 80


def shown(value: object) -> str:
    """Return how a value stands in its source, as JSON writes it, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    text = text if texts.is_writable(text) else ascii(text)
    return text if len(text) <= _SHOWN_SIGNS else f"{text[:_SHOWN_SIGNS]}…"


def word(value: object, name: str) -> str:
    """Return a word as it is written.

    Raises
    ------
    ValueError
        When it is no text, an empty one or one of spaces alone, or one that cannot be written; `name` says
        what it should be.
    """
    if isinstance(value, str) and value.strip() and texts.is_writable(value):
        return value
    raise ValueError(f"{name}: {shown(value)}, no word")


def number(value: object, name: str) -> float:
    """Return a finite number, given as one or written as one.

    Raises
    ------
    ValueError
        When it is none: no number, NaN, without end, or too great for one.
    """
    kind = type(value)
    found = math.nan
    if kind is float or kind is int or (isinstance(value, str) and value.isascii() and "_" not in value):
        try:
            found = float(value)  # type: ignore[arg-type] # it is a number or a text
        except (ValueError, OverflowError):
            found = math.nan
    if math.isfinite(found):
        return found
    raise ValueError(f"{name}: {shown(value)}, no finite number")


def plain_numbers(texts: list[Any]) -> list[float] | None:
    """Return what texts of digits say, all at once; None where one is anything else, perhaps a number."""
    try:
        return list(map(float, texts)) if _PLAIN.fullmatch("".join(texts)) else None
    except (TypeError, ValueError):
        return None


_PLAIN = re.compile(r"[0-9.]+")


def number_id(value: object) -> str | None:
    """Return the digits of an id that is a whole number: 1, 1.0, "1" and "1.0" are one. None for all else."""
    if type(value) is int:
        return _digits(value)
    if isinstance(value, float):
        return str(int(value)) if abs(value) < _MAX_EXACT and value.is_integer() else None
    match = _WHOLE.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        return None
    return f"-{match[2]}" if match[1] == "-" and match[2] != "0" else match[2]


def _digits(value: int) -> str | None:
    try:
        return str(value)
    except ValueError:  # more digits than Python writes
        return None


def from_json(line: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what a line of JSON says: quicker than `json.loads`, which says what is wrong with others.

    Raises
    ------
    ValueError, RecursionError
        When it is no JSON.
    """
    try:
        value, end = _decode(line)
    except ValueError:
        return json.loads(line)
    return value if line[end:] in _LINE_ENDS else json.loads(line)


_decode, _LINE_ENDS = json.JSONDecoder().raw_decode, {"", "\n", "\r\n"}


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON: the `object_pairs_hook` that takes no key twice.

    Raises
    ------
    ValueError
        When a key comes a second time, which JSON's own readers pass over.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{shown(twice)} a second time")
    return found


def any_text(value: Any) -> str:  # noqa: ANN401 - whatever a source holds
    """Return a text, or a whole number as its digits; an empty text for all else."""
    return value if isinstance(value, str) and texts.is_writable(value) else number_id(value) or ""
