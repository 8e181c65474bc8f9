"""Shapes: what each field of a line may hold, and which faults an object has.

A fault tells the field and the kind of thing found, never what somebody said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from retrain_kit.answers.records import REFUSALS
from retrain_kit.errors import Fault

MOST_TEXT_BYTES = 60_000
_MOST_NAME, _MOST_NAMES = 4_000, 1_000


@dataclass(frozen=True)
class Shape:
    """What a field may hold: a test, and the words for it."""

    holds: Callable[[object], bool]
    expected: str


def _matches(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and bool(compiled.fullmatch(value))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value.encode("utf-8", "surrogatepass")) <= MOST_TEXT_BYTES


def _is_name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _MOST_NAME


def _are_names(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) <= _MOST_NAMES and all(map(_is_name, value))


def _is_time(value: object) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value, re.ASCII):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_object(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(key, str) for key in value)


ID = Shape(_matches("[0-9a-f]{32}"), "32 hexadecimal digits in lower case")
ID_OR_NONE = Shape(_matches("[0-9a-f]{32}|"), f"{ID.expected}, or an empty text")
TEXT = Shape(_is_text, f"a text of at most {MOST_TEXT_BYTES} bytes of UTF-8")
NAME = Shape(_is_name, f"a text of at most {_MOST_NAME} letters")
NAMES = Shape(_are_names, f"a list of at most {_MOST_NAMES} texts")
WHEN = Shape(_is_time, "a time in UTC to the second, as 2025-03-04T09:30:00Z")
LOCK = Shape(_matches("[0-9a-f]{64}|"), "64 hexadecimal digits in lower case, or an empty text")
LANGUAGE = Shape(_matches("([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?"), "a language tag as en or pt-BR, or empty")
REFUSAL = Shape(lambda value: value in ("", *REFUSALS), f"one of {', '.join(REFUSALS)}, or empty")
BY = Shape(lambda value: value in ("author", "keeper"), "author or keeper")
OBJECT = Shape(_is_object, "an object")

ASKED = {"study": NAME, "exercise": NAME, "prompt": NAME, "images": NAMES, "record": ID_OR_NONE}
CONSENT = {"agreed": NAMES, "version": NAME, "when": WHEN}

KNOWN = {
    "answer": {
        "id": ID,
        "text": TEXT,
        "who": NAME,
        "when": WHEN,
        "asked": OBJECT,
        "consent": OBJECT,
        "language": LANGUAGE,
        "refusal": REFUSAL,
        "details": OBJECT,
        "lock": LOCK,
    },
    "footnote": {
        "id": ID,
        "of": ID,
        "of_lock": LOCK,
        "text": TEXT,
        "when": WHEN,
        "language": LANGUAGE,
        "consent": OBJECT,
        "lock": LOCK,
    },
    "withdrawal": {
        "of": ID,
        "when": WHEN,
        "by": BY,
        "proof": LOCK,
    },
}
_OPTIONAL = {"asked", "language", "refusal", "details", "lock", *ASKED}


def faults(fields: Mapping[str, object]) -> list[Fault]:
    """Return all faults of a line's object."""
    kind = fields.get("kind")
    known = KNOWN.get(kind) if isinstance(kind, str) else None
    if not known:
        return [Fault("kind", "another or none", f"one of {', '.join(KNOWN)}")]
    found = _faults(fields, known, "")
    for name, shapes in (("asked", ASKED), ("consent", CONSENT)):
        part = fields.get(name)
        if name in known and isinstance(part, Mapping):
            found += _faults(part, shapes, f"{name}, ")
    return found or _empty(fields)


def _faults(fields: Mapping[str, object], shapes: Mapping[str, Shape], where: str) -> list[Fault]:
    return [
        Fault(f"{where}{name}", _kind_of(fields, name), shape.expected)
        for name, shape in shapes.items()
        if (name in fields or name not in _OPTIONAL) and not shape.holds(fields.get(name))
    ]


def _empty(fields: Mapping[str, object]) -> list[Fault]:
    if fields["kind"] == "withdrawal" or fields.get("refusal") or str(fields["text"]).strip():
        return []
    do = "Who has nothing to say, or chooses not to answer, can refuse: that is an answer too."
    return [Fault("text", "nothing", "a text, or a refusal", do)]


def _kind_of(fields: Mapping[str, object], name: str) -> str:
    if name not in fields:
        return "nothing"
    value = fields[name]
    return f"a text of {len(value)} letters" if isinstance(value, str) else f"{type(value).__name__}"
