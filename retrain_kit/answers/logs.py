"""Logs: files of entries, one JSON object a line, after a header that names the format and its version.

A log is the truth of a store. A line counts once it is whole and on the disk. What a killed process left
without its end is told, and is no entry; so is a line that is damaged. A file of a newer version is refused,
an older one is read as if it had been written today.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from retrain_kit.answers import disks, entries
from retrain_kit.answers.entries import MOST_LINE_BYTES, Entry
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "retrain-kit answers"
SCHEMA = 1
Step = Callable[[dict[str, Any]], dict[str, Any]]
STEPS: Mapping[int, Step] = {}
"""From each older version of the schema, what makes a line one of the next."""


@dataclass(frozen=True)
class Header:
    """The first line of a log.

    Parameters
    ----------
    schema
        The version of the format.
    demonstration
        Whether its answers were made for demonstration.
    """

    schema: int = SCHEMA
    demonstration: bool = False

    def lines(self, found: Iterable[Entry], damaged: Iterable[bytes] = ()) -> list[bytes]:
        """Return the lines of a whole log."""
        stated = {"demonstration": self.demonstration, "format": FORMAT, "schema": self.schema}
        first = json.dumps(stated, separators=(",", ":")).encode()
        return [first, *(entry.line for entry in found), *damaged]


@dataclass(frozen=True)
class Contents:
    """What a log holds.

    Parameters
    ----------
    header
        As it stands in the file.
    entries
        In the order of the file, in the present version.
    damaged
        Whole lines that cannot be read, as they stand.
    faults
        One for each damaged line, and one for an end that is missing.
    clean
        Whether nothing needs to be written anew.
    """

    header: Header
    entries: tuple[Entry, ...]
    damaged: tuple[bytes, ...] = ()
    faults: tuple[Fault, ...] = ()
    clean: bool = True


def read(path: Path) -> Contents:
    """Read a log.

    Raises
    ------
    DataError
        When it is no log, or one of a newer version.
    """
    try:
        with path.open("rb") as file:
            return _contents(_header(file.readline(MOST_LINE_BYTES), path), file, path)
    except OSError as error:
        found = f"nothing to read ({os.strerror(error.errno or 0)})"
        raise DataError(Fault(str(path), found, "a file of answers")) from None


def header(path: Path) -> Header:
    """Read the header of a log alone.

    Raises
    ------
    DataError
        As `read`.
    """
    with disks.explained(path), path.open("rb") as file:
        return _header(file.readline(MOST_LINE_BYTES), path)


def upgraded(
    fields: dict[str, Any], schema: int, steps: Mapping[int, Step] = STEPS, to: int = SCHEMA
) -> dict[str, Any]:
    """Return a line of an older version as one of the present version, step by step."""
    for version in range(schema, to):
        fields = steps[version](fields)
    return fields


def _header(line: bytes, path: Path) -> Header:
    header = _as_header(_parsed(line))
    if not header or header.schema < 1:
        do = "Was it written by retrain-kit? A table or a report is no file of answers."
        raise DataError(Fault(f"{path}, line 1", "something else", f"the header of {FORMAT}", do))
    if header.schema > SCHEMA:
        do = "Update retrain-kit, then try again; nothing was changed."
        raise DataError(Fault(f"{path}, line 1", f"version {header.schema}", f"at most {SCHEMA}", do))
    return header


def _contents(header: Header, file: IO[bytes], path: Path) -> Contents:
    """Read what follows the header; files joined end to end have headers in between."""
    found: dict[bytes, Entry] = {}
    damaged: list[bytes] = []
    faults: list[Fault] = []
    current, clean = header, header.schema == SCHEMA
    for number, ended in enumerate(_lines(file), start=2):
        whole, line = ended.endswith(b"\n"), ended.rstrip(b"\r\n")
        fields = _parsed(line)
        if _as_header(fields):
            current, clean = _same_kind(_header(line, path), header, f"{path}, line {number}"), False
            continue
        entry = _entry(fields, current.schema)
        clean = clean and whole and (not entry or (entry.line == line and line not in found))
        if entry:
            found[entry.line] = entry
        elif line.strip():
            faults.append(_damage(f"{path}, line {number}", whole=whole))
            damaged += [line] if whole else []
    return Contents(header, tuple(found.values()), tuple(damaged), tuple(faults), clean)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines; of one that is longer than any the kit writes, the beginning alone."""
    while line := file.readline(MOST_LINE_BYTES + 1):
        tail = line
        while tail and not tail.endswith(b"\n"):
            tail = file.readline(MOST_LINE_BYTES)
        yield line if line.endswith(b"\n") or not tail else line + b"\n"


def _entry(fields: dict[str, Any], schema: int) -> Entry | None:
    try:
        return entries.of(upgraded(fields, schema))
    except DataError:
        return None


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _as_header(fields: dict[str, Any]) -> Header | None:
    schema, demonstration = fields.get("schema"), fields.get("demonstration", False)
    if fields.get("format") != FORMAT or type(schema) is not int or type(demonstration) is not bool:
        return None
    return Header(schema, demonstration)


def _same_kind(header: Header, first: Header, where: str) -> Header:
    if header.demonstration != first.demonstration:
        found = "answers made for demonstration and real ones in one file"
        raise DataError(Fault(where, found, "one kind", "Keep them in files of their own."))
    return header


def _damage(where: str, *, whole: bool) -> Fault:
    if not whole:
        return Fault(
            where, "a line without its end", "a whole line", "It was never acknowledged; it is left out."
        )
    return Fault(where, "no answer, footnote or withdrawal", "a line as the kit writes it", "It is left out.")
