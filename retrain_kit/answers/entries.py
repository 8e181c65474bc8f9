"""Entries: the immutable lines that a store is made of, each one JSON object.

There are three kinds. An *answer* is what somebody said. A *footnote* names in its field `of` the answer it
belongs to, and repeats that answer's lock. Both are signed by their author, with all that is in the line. A
*withdrawal* names in `of` what it withdraws, repeats its lock too, and is signed with the key that fits it.
Fields that this version of the kit does not know stay in the line, and were signed with it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import signatures
from retrain_kit.answers.authors import Statement, is_pseudonym, pseudonym_of
from retrain_kit.answers.records import REFUSALS, AnswerContext, Consent, Footnote, Record, Withdrawal
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from retrain_kit.answers.authors import AbsentAuthor, Author


MAX_TEXT_BYTES = 60_000
_MAX_NAME_CHARS, _MAX_NAMES = 4_000, 1_000


@dataclass(frozen=True)
class FieldType:
    """What a field may hold: a test, and the words for it."""

    holds: Callable[[object], bool]
    expected: str


def _matches(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and bool(compiled.fullmatch(value))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value.encode("utf-8", "surrogatepass")) <= MAX_TEXT_BYTES


def _is_name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _MAX_NAME_CHARS


def _are_names(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) <= _MAX_NAMES and all(map(_is_name, value))


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


ID = FieldType(_matches("[0-9a-f]{32}"), "32 hexadecimal digits in lower case")
ID_OR_NONE = FieldType(_matches("[0-9a-f]{32}|"), f"{ID.expected}, or an empty text")
TEXT = FieldType(_is_text, f"a text of at most {MAX_TEXT_BYTES} bytes of UTF-8")
NAME = FieldType(_is_name, f"a text of at most {_MAX_NAME_CHARS} letters")
NAMES = FieldType(_are_names, f"a list of at most {_MAX_NAMES} texts")
WHEN = FieldType(_is_time, "a time in UTC to the second, as 2025-03-04T09:30:00Z")
LOCK = FieldType(_matches("[0-9a-f]{64}|"), "64 hexadecimal digits in lower case, or an empty text")
PUBLIC_KEY = FieldType(_matches("[0-9a-f]{64}|"), LOCK.expected)
SIGNATURE = FieldType(_matches("[0-9a-f]{128}|"), "128 hexadecimal digits in lower case, or an empty text")
LANGUAGE = FieldType(
    _matches("([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?"), "a language tag as en or pt-BR, or empty"
)
REFUSAL = FieldType(lambda value: value in ("", *REFUSALS), f"one of {', '.join(REFUSALS)}, or empty")
WITHDRAWN_BY = FieldType(lambda value: value in ("author", "keeper"), "author or keeper")
OBJECT = FieldType(_is_object, "an object")

CONTEXT_FIELDS = {"study": NAME, "exercise": NAME, "prompt": NAME, "images": NAMES, "record": ID_OR_NONE}
CONSENT_FIELDS = {"agreed": NAMES, "version": NAME, "when": WHEN}

FIELDS_BY_KIND = {
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
        "public_key": PUBLIC_KEY,
        "signature": SIGNATURE,
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
        "public_key": PUBLIC_KEY,
        "signature": SIGNATURE,
    },
    "withdrawal": {
        "of": ID,
        "when": WHEN,
        "by": WITHDRAWN_BY,
        "lock": LOCK,
        "signature": SIGNATURE,
    },
}
_OPTIONAL = {
    *("asked", "language", "refusal", "details", "lock", "public_key", "signature"),
    *CONTEXT_FIELDS,
}


def field_faults(fields: Mapping[str, object]) -> list[Fault]:
    """Return all faults of a line's object."""
    kind = fields.get("kind")
    known = FIELDS_BY_KIND.get(kind) if isinstance(kind, str) else None
    if not known:
        return [Fault("kind", "another or none", f"one of {', '.join(FIELDS_BY_KIND)}")]
    found = _faults(fields, known, "")
    for name, shapes in (("asked", CONTEXT_FIELDS), ("consent", CONSENT_FIELDS)):
        part = fields.get(name)
        if name in known and isinstance(part, Mapping):
            found += _faults(part, shapes, f"{name}, ")
    return found or _empty(fields)


def _faults(fields: Mapping[str, object], shapes: Mapping[str, FieldType], where: str) -> list[Fault]:
    return [
        Fault(f"{where}{name}", _kind_of(fields, name), shape.expected)
        for name, shape in shapes.items()
        if (name in fields or name not in _OPTIONAL) and not shape.holds(fields.get(name))
    ]


def _empty(fields: Mapping[str, object]) -> list[Fault]:
    if fields["kind"] == "withdrawal" or fields.get("refusal") or str(fields["text"]).strip():
        return []
    do = gettext("Who has nothing to say, or chooses not to answer, can refuse: that is an answer too.")
    return [Fault(gettext("text"), gettext("nothing"), gettext("a text, or a refusal"), do)]


def _kind_of(fields: Mapping[str, object], name: str) -> str:
    if name not in fields:
        return "nothing"
    value = fields[name]
    return f"a text of {len(value)} letters" if isinstance(value, str) else f"{type(value).__name__}"


ANSWER, FOOTNOTE, WITHDRAWAL = "answer", "footnote", "withdrawal"
MAX_LINE_BYTES = 5_000_000


@dataclass(frozen=True)
class LogEntry:
    """One line of a store.

    Parameters
    ----------
    line
        The JSON object as UTF-8, keys sorted, without the newline. Two entries are the same exactly if
        their lines are.
    """

    line: bytes

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The line's object."""
        found: dict[str, Any] = json.loads(self.line)
        return found

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the line."""
        return hashlib.sha256(self.line).digest()

    @property
    def kind(self) -> str:
        """Which of the three it is."""
        return str(self.fields["kind"])

    @property
    def id(self) -> str:
        """The id of an answer or a footnote; empty for a withdrawal."""
        return str(self.fields.get("id", ""))

    @property
    def target(self) -> str:
        """The id of what a footnote or a withdrawal is about; empty for an answer."""
        return str(self.fields.get("of", ""))

    @property
    def public_key(self) -> str:
        """The author's, of an answer or a footnote; empty where nobody said it."""
        return str(self.fields.get("public_key", ""))

    @property
    def statement(self) -> Statement:
        """What the author signs: the line without the signature."""
        line = _line({name: value for name, value in self.fields.items() if name != "signature"})
        return Statement(line, self.target if self.kind == WITHDRAWAL else "")

    def is_proven(self, *, demonstration: bool) -> bool:
        """Say whether its author said it, just so, under the pseudonym that is theirs.

        In a demonstration there are answers and footnotes that nobody said; they speak under no pseudonym.
        What a keeper deletes, nothing proves: see `Store.merge`.
        """
        key, signature = self.public_key, str(self.fields.get("signature", ""))
        if self.kind == WITHDRAWAL:
            key = str(self.fields.get("lock", ""))
            if self.fields["by"] == "keeper":
                return not (key or signature)
        elif demonstration and not (key or signature):
            return not is_pseudonym(str(self.fields.get("who", "")))
        elif self.kind == ANSWER and self.fields["who"] != pseudonym_of(key):
            return False
        message = signatures.message_of(self.statement.line, demonstration=demonstration)
        return signatures.is_signed(key, signature, message)

    @property
    def locks(self) -> dict[str, str]:
        """The ids whose withdrawal takes this entry away, and the lock of each."""
        if self.kind == WITHDRAWAL:
            return {}
        own = {self.id: str(self.fields.get("lock", ""))}
        return own if self.kind == ANSWER else {**own, self.target: str(self.fields["of_lock"])}

    def withdraws(self, other: LogEntry) -> bool:
        """Say whether this is a withdrawal that takes another entry away.

        An author's withdrawal does so only with the lock that it has signed for; a keeper's needs none.
        """
        if self.kind != WITHDRAWAL or self.target not in other.locks:
            return False
        lock = str(self.fields.get("lock", ""))
        return self.fields["by"] == "keeper" or (bool(lock) and lock == other.locks[self.target])


def entry_from_fields(fields: Mapping[str, Any]) -> LogEntry:
    """Return the entry of an object.

    Raises
    ------
    DataError
        When it is no line of a store; all faults together. They tell nothing of what was said.
    """
    faults = field_faults(fields)
    if faults:
        raise DataError(*faults)
    try:
        line = _line(fields)
    except (TypeError, ValueError, RecursionError):
        found = "what UTF-8 or JSON cannot say"
        raise DataError(Fault("text or details", found, "any script, and finite numbers")) from None
    if len(line) >= MAX_LINE_BYTES:
        raise DataError(Fault("line", f"{len(line)} bytes", f"fewer than {MAX_LINE_BYTES}"))
    return LogEntry(line)


def _line(fields: Mapping[str, Any]) -> bytes:
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":"))
    return text.encode()


def signed_entries(
    found: Iterable[LogEntry], author: Author | AbsentAuthor, *, demonstration: bool
) -> list[LogEntry]:
    """Return entries with their author's signatures.

    Raises
    ------
    DataError
        When what an author elsewhere has given is no signature of one.
    """
    found = list(found)
    given = author.sign([entry.statement for entry in found], demonstration=demonstration)
    both = zip(found, given, strict=True)
    signed = [entry_from_fields({**entry.fields, "signature": signature}) for entry, signature in both]
    if not all(entry.is_proven(demonstration=demonstration) for entry in signed):
        raise DataError(Fault("signature", "another one", "the author's, of what is said"))
    return signed


def answer_entry(record: Record) -> LogEntry:
    """Return the entry of a record; its footnotes are entries of their own."""
    # What stands in `details`, a hand's long track for one, is not copied number by number.
    stated = {
        **record.unknown,
        "kind": ANSWER,
        **asdict(replace(record, details={})),
        "details": record.details,
    }
    return entry_from_fields(
        {key: value for key, value in stated.items() if key not in {"footnotes", "unknown"}}
    )


def footnote_entry(note: Footnote, record: Record) -> LogEntry:
    """Return the entry of a footnote to a record."""
    return entry_from_fields({"kind": FOOTNOTE, "of": record.id, "of_lock": record.lock, **asdict(note)})


def withdrawal_entry(name: str, when: str, lock: str = "") -> LogEntry:
    """Return the entry, not yet signed, that withdraws what has a lock: the keeper's where none is told."""
    by = "author" if lock else "keeper"
    stated = {"kind": WITHDRAWAL, "of": name, "when": when, "by": by, "lock": lock, "signature": ""}
    return entry_from_fields(stated)


def record_of(entry: LogEntry, notes: Iterable[LogEntry] = ()) -> Record:
    """Return the record of an answer's entry, with those of the footnotes that are its own."""
    stated = dict(entry.fields)
    del stated["kind"]
    lock = stated.get("lock", "")
    own = sorted(
        (_note_of(note) for note in notes if is_of_author(note, entry.public_key, lock)),
        key=lambda note: (note.when, note.id, note.text),
    )
    known = {key: stated.pop(key) for key in FIELDS_BY_KIND[ANSWER] if key in stated}
    known["asked"], known["consent"] = _asked_of(known.get("asked", {})), _consent_of(known["consent"])
    return Record(**known, footnotes=tuple(own), unknown=stated)


def is_of_author(note: LogEntry, public_key: str, lock: str) -> bool:
    """Say whether a footnote is by the author of the answer that has this lock."""
    return note.public_key == public_key and note.fields["of_lock"] == lock


def withdrawal_of(entry: LogEntry) -> Withdrawal:
    """Return what is left of what was withdrawn."""
    return Withdrawal(*(entry.fields[key] for key in ("of", "when", "by")))


def _note_of(entry: LogEntry) -> Footnote:
    names = ("id", "text", "when", "language", "lock", "public_key", "signature")
    stated = {key: entry.fields[key] for key in names if key in entry.fields}
    return Footnote(**{"language": "", **stated}, consent=_consent_of(entry.fields["consent"]))


def _asked_of(stated: Mapping[str, Any]) -> AnswerContext:
    return AnswerContext(**{key: _frozen(value) for key, value in stated.items() if key in CONTEXT_FIELDS})


def _consent_of(stated: Mapping[str, Any]) -> Consent:
    return Consent(**{key: _frozen(stated[key]) for key in CONSENT_FIELDS})


def _frozen(value: Any) -> Any:  # noqa: ANN401 - JSON
    return tuple(value) if isinstance(value, list) else value
