"""Indexes: the entries of a log in memory, for finding them fast.

The log alone is believed: an index is read from it, and nothing of it is on the disk. It knows up to where it
has read, and by a digest whether that part of the log is still the same.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrain_kit.answers.entries import ANSWER, FOOTNOTE, WITHDRAWAL, LogEntry
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from retrain_kit.errors import Fault

_CHUNK_BYTES = 1 << 20
Found = dict[bytes, None]
"""Lines in the order of the log."""


@dataclass(frozen=True)
class ReadPart:
    """The part of a log that was read.

    Parameters
    ----------
    stamp
        That of the log when it was read; empty where nothing was.
    size
        How many bytes were read.
    sha256
        Their digest, which goes on where the log does.
    """

    stamp: str = ""
    size: int = 0
    sha256: hashlib._Hash = field(default_factory=hashlib.sha256)

    def extended(self, stamp: str, data: bytes) -> ReadPart:
        """Return the part that ends behind bytes that were added."""
        sha256 = self.sha256.copy()
        sha256.update(data)
        return ReadPart(stamp, self.size + len(data), sha256)


@dataclass(frozen=True)
class AddedLines:
    """Lines that came to an index, from `start` to `end` of all; from 0, where it was read anew."""

    source: list[bytes] = field(repr=False)
    start: int
    end: int

    @property
    def entries(self) -> list[LogEntry]:
        """The entries, in the order of the log."""
        return [LogEntry(line) for line in self.source[self.start : self.end]]


class Index:
    """The entries of a log that stand, by what is asked of them."""

    def __init__(self) -> None:
        self.part = ReadPart()
        self.faults: tuple[Fault, ...] = ()
        self._lines: Found = {}
        self._added: list[bytes] = []
        self._by: dict[tuple[str, str], Found] = defaultdict(dict)

    def entries(self, **sought: str) -> list[LogEntry]:
        """Return the entries that have these values in these columns: kind, id, of, study, exercise, who."""
        found = sorted((self._by.get(item, {}) for item in sought.items()), key=len) or [self._lines]
        first, *others = found
        return [LogEntry(line) for line in first if all(line in other for other in others)]

    def added_since(self, known: AddedLines | None) -> AddedLines:
        """Return what has come since some lines; all there is, where anything of them is gone."""
        start = known.end if known and known.source is self._added else 0
        return AddedLines(self._added, start, len(self._added))

    def about(self, name: str) -> list[LogEntry]:
        """Return the entries of an id, and those that are about it."""
        return list(dict.fromkeys([*self.entries(id=name), *self.entries(of=name)]))

    def footnotes_and_answers(self) -> list[LogEntry]:
        """Return the footnotes, and the answers that they belong to as far as these are here."""
        notes = self.entries(kind=FOOTNOTE)
        answers = dict.fromkeys(note.target for note in notes)
        return [*notes, *(entry for name in answers for entry in self.entries(kind=ANSWER, id=name))]

    def digests(self) -> set[bytes]:
        """Return the digests of all entries."""
        return {LogEntry(line).digest for line in self._lines}

    def withdrawals(self) -> list[LogEntry]:
        """Return all withdrawals."""
        return self.entries(kind=WITHDRAWAL)

    def add(self, added: Iterable[LogEntry], part: ReadPart) -> None:
        """Add what the log has behind what is here."""
        for entry in added:
            if entry.line not in self._lines:
                self._added.append(entry.line)
            self._lines[entry.line] = None
            for item in _columns(LogEntry(entry.line)).items():
                self._by[item][entry.line] = None
        self.part = part

    def fill(self, whole: Iterable[LogEntry], part: ReadPart, faults: Iterable[Fault] = ()) -> None:
        """Hold these entries and no others."""
        self._lines, self._added, self._by, self.faults = {}, [], defaultdict(dict), tuple(faults)
        self.add(whole, part)


def read_part(path: Path) -> ReadPart:
    """Return the part of a log that is there now, before it is read."""
    stamp, size = files.change_stamp(path), path.stat().st_size
    return ReadPart(stamp, size, _digest(path, size))


def added_part(path: Path, known: ReadPart) -> bytes | None:
    """Return what a log has behind the part that is known; None where that part is not the same any more."""
    if not known.stamp or _digest(path, known.size).digest() != known.sha256.digest():
        return None
    with path.open("rb") as file:
        file.seek(known.size)
        return file.read()


def _digest(path: Path, size: int) -> hashlib._Hash:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while size > 0 and (chunk := file.read(min(size, _CHUNK_BYTES))):
            found.update(chunk)
            size -= len(chunk)
    return found


def _columns(entry: LogEntry) -> dict[str, str]:
    asked = entry.fields.get("asked", {})
    named = {key: str(asked.get(key, "")) for key in ("study", "exercise")}
    who = str(entry.fields.get("who", ""))
    return {"kind": entry.kind, "id": entry.id, "of": entry.target, **named, "who": who}
