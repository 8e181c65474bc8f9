"""Histories: what is said of a data set of people, statement by statement, each with its source.

A history is a TOML, such as those in `retrain_kit/data/histories`; users add theirs with the same fields:

    name = "Labelled Faces in the Wild"
    short = "LFW"
    reader = "lfw"                      # may be left out: which of the kit's readers a study of it has

    [[statements]]
    about = "consent"                   # one of TOPICS
    says = "What is said, in a plain sentence."
    source = "Who says it, and where: an address, or a work that can be found."
    date = "2012-03-03"                 # of the source, as it states it; undated where it states none
    verified = "text"                   # one of VERIFIED: how it was checked
    when = "2007-10"                    # may be left out: when it happened, which puts it on the timeline
    event = "published"                 # with `when`: what happened, in a few words
    words = ["…"]                       # may be left out: labels for people that the statement names

A statement without a source does not load. What no statement speaks of is *not stated*, and is said to be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage import texts
from retrain_kit.studies.disclosure import list_of_texts, shown, unknown_names
from retrain_kit.studies.manifests import PACKAGE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FOLDER = PACKAGE_FOLDER / "data" / "histories"
"""The histories that come with the kit."""
TOPICS = {
    "what": "What it is",
    "from": "Where the images come from",
    "made": "When, and by whom",
    "how": "How it was collected",
    "consent": "Consent, as far as said",
    "licence": "Licence",
    "labels": "What its labels call people",
    "became": "What became of it",
}
"""What a statement may be about, and how cards ask for it; in this order."""
VERIFIED = {
    "text": "read in the source's own text",
    "quoted": "read in the source, which tells what another has said or done",
    "data": "seen in the files themselves",
    "not verified": "not verified: from memory, or from a text that cannot be read any more",
}
"""How a statement was checked, and how cards say it."""
NOT_STATED = "not stated"
_REQUIRED = ("about", "says", "source", "date", "verified")
_OPTIONAL = ("when", "event")
_DATES = ("date", "when")
"""May be written as TOML has dates and years, too."""
_WHEN = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True)
class Statement:
    """What one source says of a data set; see the top of this module."""

    about: str
    says: str
    source: str
    date: str
    verified: str
    when: str = ""
    event: str = ""
    words: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """The source with its date, and how the statement was checked."""
        return f"{self.source} ({self.date}); {VERIFIED[self.verified]}"


@dataclass(frozen=True)
class History:
    """What is said of a data set.

    Parameters
    ----------
    name, short
        Its name, and a short one for places with little room.
    statements
        What its sources say, in the order of the file.
    reader
        Which of the kit's readers a study of it has; empty where none is named.
    """

    name: str
    short: str
    statements: tuple[Statement, ...]
    reader: str = ""

    def about(self, topic: str) -> tuple[Statement, ...]:
        """Return what is said about one of `TOPICS`; nothing where no source says anything."""
        return tuple(each for each in self.statements if each.about == topic)

    @property
    def unstated(self) -> tuple[str, ...]:
        """The topics of which no statement speaks."""
        return tuple(topic for topic in TOPICS if not self.about(topic))


def load_histories(own: Path | None = None) -> list[History]:
    """Return the kit's histories, and a user's beside; one of the same name takes the place of the kit's.

    Parameters
    ----------
    own
        A TOML, or a folder of them.

    Raises
    ------
    ParameterError
        When there is no such file, or no TOML in the folder.
    DataError
        With all faults of all files.
    """
    found: dict[str, History] = {}
    faults: list[Fault] = []
    for path in (*sorted(FOLDER.glob("*.toml")), *_own(own)):
        try:
            history = read_history(path)
            found[history.name.casefold()] = history
        except DataError as error:
            faults += error.faults
    if faults:
        raise DataError(*faults)
    return sorted(found.values(), key=_first)


def read_history(path: Path) -> History:
    """Return the history of a file.

    Raises
    ------
    DataError
        With everything that is wrong with it.
    """
    table = texts.read_toml(path, "a history in TOML")
    faults = unknown_names(table, ("name", "short", "reader", "statements"), str(path))
    head = {key: _text(table, key, str(path), faults) for key in ("name", "short")}
    reader = _text(table, "reader", str(path), faults, needed=False)
    rows = table.get("statements")
    if not isinstance(rows, list) or not rows:
        faults.append(Fault(f"{path}, statements", shown(rows), "[[statements]], one or more"))
        rows = []
    found = [_statement(row, f"{path}, statement {number}", faults) for number, row in enumerate(rows, 1)]
    if faults:
        raise DataError(*faults)
    return History(statements=tuple(each for each in found if each), reader=reader, **head)


def timeline(histories: Sequence[History]) -> list[tuple[Statement, History]]:
    """Return all statements that say when something happened, the earliest first."""
    dated = [(each, history) for history in histories for each in history.statements if each.when]
    return sorted(dated, key=lambda pair: (pair[0].when, pair[1].short))


def _own(own: Path | None) -> list[Path]:
    if own is None:
        return []
    found = sorted(own.glob("*.toml")) if own.is_dir() else [own]
    if not found or not all(path.is_file() for path in found):
        raise ParameterError(Fault("histories", str(own), "a TOML with a history, or a folder of them"))
    return found


def _first(history: History) -> tuple[str, str]:
    return min((each.when for each in history.statements if each.when), default="9"), history.name


def _statement(row: object, where: str, faults: list[Fault]) -> Statement | None:
    """Return a statement; list all that is wrong with it."""
    if not isinstance(row, dict):
        faults.append(Fault(where, shown(row), f"a table with {', '.join(_REQUIRED)}"))
        return None
    before = len(faults)
    faults += unknown_names(row, (*_REQUIRED, *_OPTIONAL, "words"), where)
    said = {key: _text(row, key, where, faults) for key in _REQUIRED}
    said |= {key: _text(row, key, where, faults, needed=False) for key in _OPTIONAL}
    for key, may in (("about", TOPICS), ("verified", VERIFIED)):
        if said[key] and said[key] not in may:
            faults.append(Fault(f"{where}, {key}", shown(said[key]), f"one of {', '.join(may)}"))
    if said["when"] and not _WHEN.fullmatch(said["when"]):
        faults.append(Fault(f"{where}, when", shown(said["when"]), "a year, 2007-10, or 2007-10-15"))
    if bool(said["when"]) != bool(said["event"]):
        faults.append(Fault(f"{where}, when and event", "one of the two", "both, or neither"))
    words = tuple(list_of_texts(row, "words", where, faults))
    return Statement(**said, words=words) if len(faults) == before else None


def _text(table: Mapping[str, Any], key: str, where: str, faults: list[Fault], *, needed: bool = True) -> str:
    """Return a text of a table; list a fault where it is none, or missing."""
    value = table.get(key, "")
    if key in _DATES and type(value) in {int, date}:
        value = str(value)
    if not isinstance(value, str):
        faults.append(Fault(f"{where}, {key}", shown(value), "a text, in quotation marks"))
    elif needed and not value.strip():
        faults.append(Fault(f"{where}, {key}", "nothing", "a text", "Say it, or take the statement out."))
    return " ".join(value.split()) if isinstance(value, str) else ""
