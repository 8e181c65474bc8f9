"""Logs: files of entries, one JSON object a line, after a header that names the format and its version.

A log is the truth of a store. A line counts once it is whole and on the disk. What a killed process left
without its end is told, and is no entry; so is a line that is damaged, or that its author has not signed as
it stands. A file of another version is refused: what somebody signed cannot be written anew.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections import Counter
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from retrain_kit.answers import entries
from retrain_kit.answers.entries import ANSWER, FOOTNOTE, MAX_LINE_BYTES, WITHDRAWAL, LogEntry
from retrain_kit.answers.records import ReachedFiles
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path


FILE = "file"
"""The kind of line that holds a file that was given: in what a handout makes, never in a store."""
FORMAT = "retrain-kit answers"
SCHEMA = 2


@dataclass(frozen=True)
class LogHeader:
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

    def lines(self, found: Iterable[LogEntry], damaged: Iterable[bytes] = ()) -> list[bytes]:
        """Return the lines of a whole log."""
        stated = {"demonstration": self.demonstration, "format": FORMAT, "schema": self.schema}
        first = json.dumps(stated, separators=(",", ":")).encode()
        return [first, *(entry.line for entry in found), *damaged]


@dataclass(frozen=True)
class LogContents:
    """What a log holds.

    Parameters
    ----------
    header
        As it stands in the file.
    entries
        In the order of the file, in the present version.
    damaged
        Whole lines that cannot be read or believed, as they stand.
    faults
        One for each line that is damaged or not signed by its author, and one for an end that is missing.
    clean
        Whether nothing needs to be written anew.
    """

    header: LogHeader
    entries: tuple[LogEntry, ...]
    damaged: tuple[bytes, ...] = ()
    faults: tuple[Fault, ...] = ()
    clean: bool = True


@dataclass(frozen=True)
class GivenFile:
    """A file that somebody gave with an answer, as a handout has it: a line of its own, which nothing signs.

    The answer that speaks of it states its digest, and is signed.
    """

    sha256: str
    line: bytes

    @property
    def data(self) -> bytes:
        """The file; empty where the line holds none, or another one."""
        try:
            data = base64.b64decode(str(_parsed(self.line).get("data", "")), validate=True)
        except ValueError:
            return b""
        return data if hashlib.sha256(data).hexdigest() == self.sha256 else b""


def read_log(path: Path, given: list[GivenFile] | None = None) -> LogContents:
    """Read a log.

    Parameters
    ----------
    given
        Takes the files that people gave, where they may be among the lines; else those are damaged lines.

    Raises
    ------
    DataError
        When it is no log, or one of a newer version.
    """
    try:
        with path.open("rb") as file:
            return read_stream(file, path, given)
    except OSError as error:
        found = f"nothing to read ({os.strerror(error.errno or 0)})"
        raise DataError(Fault(str(path), found, "a file of answers")) from None


def read_stream(file: IO[bytes], path: Path, given: list[GivenFile] | None = None) -> LogContents:
    """Read a log from what is open already; `path` is what faults call it.

    Raises
    ------
    DataError
        As `read_log`.
    """
    return _contents(_header(file.readline(MAX_LINE_BYTES), path), file, path, given)


def read_log_header(path: Path) -> LogHeader:
    """Read the header of a log alone.

    Raises
    ------
    DataError
        As `read_log`.
    """
    with files.explaining_errors(path), path.open("rb") as file:
        return _header(file.readline(MAX_LINE_BYTES), path)


def added_entries(data: bytes, *, demonstration: bool) -> list[LogEntry] | None:
    """Return the answers and footnotes in lines that were added; None where the log is to be read whole."""
    lines = data.split(b"\n")
    found = [
        entry for line in lines[:-1] if (entry := _proven(_entry(_parsed(line)), demonstration=demonstration))
    ]
    plain = [entry.line for entry in found if entry.kind != WITHDRAWAL] == lines[:-1]
    return found if plain and not lines[-1] else None


def is_header(line: bytes) -> bool:
    """Say whether a line is the header of a file of answers, of whichever version."""
    return _as_header(_parsed(line)) is not None


def _header(line: bytes, path: Path) -> LogHeader:
    header = _as_header(_parsed(line))
    if not header or header.schema < 1:
        do = "Was it written by retrain-kit? A table or a report is no file of answers."
        raise DataError(Fault(f"{path}, line 1", "something else", f"the header of {FORMAT}", do))
    if header.schema != SCHEMA:
        raise DataError(_other_version(header.schema, f"{path}, line 1"))
    return header


def _other_version(schema: int, where: str) -> Fault:
    if schema > SCHEMA:
        do = "Update retrain-kit, then try again; nothing was changed."
    else:
        do = "Its answers are not signed, so nothing shows who said them; nothing was changed."
    return Fault(where, f"version {schema}", f"version {SCHEMA}", do)


def _contents(header: LogHeader, file: IO[bytes], path: Path, given: list[GivenFile] | None) -> LogContents:
    """Read what follows the header; files joined end to end have headers in between."""
    found: dict[bytes, LogEntry] = {}
    damaged: list[bytes] = []
    faults: list[Fault] = []
    clean = True
    for number, ended in enumerate(_lines(file), start=2):
        whole, line = ended.endswith(b"\n"), ended.rstrip(b"\r\n")
        fields = _parsed(line)
        if _as_header(fields):
            _check_kind(_header(line, path), header, f"{path}, line {number}")
            clean = False
            continue
        if given is not None and fields.get("kind") == FILE:
            given.append(GivenFile(str(fields.get("sha256", "")), line))
            continue
        entry = _entry(fields)
        proven = _proven(entry, demonstration=header.demonstration)
        clean = clean and whole and (not proven or (proven.line == line and line not in found))
        if proven:
            found[proven.line] = proven
        elif line.strip():
            where = f"{path}, line {number}"
            faults.append(_not_proven(where) if entry else _damage(where, whole=whole))
            damaged += [line] if whole else []
    return LogContents(header, tuple(found.values()), tuple(damaged), tuple(faults), clean)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines; of one that is longer than any the kit writes, the beginning alone."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        tail = line
        while tail and not tail.endswith(b"\n"):
            tail = file.readline(MAX_LINE_BYTES)
        yield line if line.endswith(b"\n") or not tail else line + b"\n"


def _entry(fields: dict[str, Any]) -> LogEntry | None:
    try:
        return entries.entry_from_fields(fields)
    except DataError:
        return None


_PROVEN: set[tuple[bytes, bool]] = set()
"""The digests of the lines that this process has found to be signed by their authors; none is asked twice."""


def _proven(entry: LogEntry | None, *, demonstration: bool) -> LogEntry | None:
    """Return an entry that its author has signed as it stands; None where nobody has."""
    if entry is None:
        return None
    known = (entry.digest, demonstration)
    if known not in _PROVEN:
        if not entry.is_proven(demonstration=demonstration):
            return None
        _PROVEN.add(known)
    return LogEntry(entry.line)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _as_header(fields: dict[str, Any]) -> LogHeader | None:
    schema, demonstration = fields.get("schema"), fields.get("demonstration", False)
    if fields.get("format") != FORMAT or type(schema) is not int or type(demonstration) is not bool:
        return None
    return LogHeader(schema, demonstration)


def _check_kind(header: LogHeader, first: LogHeader, where: str) -> None:
    if header.demonstration != first.demonstration:
        found = "answers made for demonstration and real ones in one file"
        raise DataError(Fault(where, found, "one kind", "Keep them in files of their own."))


def _damage(where: str, *, whole: bool) -> Fault:
    if not whole:
        return Fault(
            where, "a line without its end", "a whole line", "It was never acknowledged; it is left out."
        )
    return Fault(where, "no answer, footnote or withdrawal", "a line as the kit writes it", "It is left out.")


def _not_proven(where: str) -> Fault:
    found = "words that are not signed by their author"
    do = "Somebody else wrote or changed it; it is left out."
    return Fault(where, found, "a line just as its author signed it", do)


# -- incoming: what files of answers bring before a merge, and the count of it afterwards.


LOG_NAME = "answers.jsonl"


@dataclass(frozen=True)
class MergeResult:
    """What a merge did.

    Parameters
    ----------
    files
        How many files were read.
    answers, footnotes, withdrawals
        How many of each are new here.
    known
        How many lines were here before, or came twice.
    kept_out
        How many lines were left out because they are withdrawn.
    removed
        How many answers and footnotes that were here are withdrawn now.
    waiting
        How many footnotes here wait for their original.
    faults
        The lines of the files that are damaged, or not signed by their authors: they are left out, the others
        are not.
    reached
        What became of the files that hold what was withdrawn.
    left_alone
        What was handed in beside answers: it is left alone, and told by its number.
    """

    files: int = 0
    answers: int = 0
    footnotes: int = 0
    withdrawals: int = 0
    known: int = 0
    kept_out: int = 0
    removed: int = 0
    waiting: int = 0
    faults: tuple[Fault, ...] = ()
    reached: ReachedFiles = field(default_factory=ReachedFiles)
    left_alone: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class IncomingEntries:
    """The entries of some files, before they are merged, and the files that were given with them."""

    files: int
    lines: int
    entries: tuple[LogEntry, ...]
    faults: tuple[Fault, ...]
    given: tuple[GivenFile, ...] = ()

    def merge_result(
        self, fresh: Collection[LogEntry], taken: Iterable[LogEntry], removed: int, waiting: int
    ) -> MergeResult:
        """Return the count of a merge that found these entries to be new, and took these."""
        kinds = Counter(entry.kind for entry in taken)
        return MergeResult(
            files=self.files,
            answers=kinds[ANSWER],
            footnotes=kinds[FOOTNOTE],
            withdrawals=kinds[WITHDRAWAL],
            known=self.lines - len(fresh),
            kept_out=len(fresh) - kinds.total(),
            removed=removed,
            waiting=waiting,
            faults=self.faults,
        )


def read_incoming(paths: Iterable[Path], *, demonstration: bool) -> IncomingEntries:
    """Read files of answers, or folders of stores, whole.

    Raises
    ------
    DataError
        When a file cannot be used at all, or holds the other kind of answers; all such files together.
    """
    contents, refused, given = [], list[Fault](), list[GivenFile]()
    for path in map(log_path, paths):
        try:
            contents.append(read_log(path, given))
            check_demonstration(contents[-1].header, path, demonstration=demonstration)
        except DataError as error:
            refused += error.faults
    if refused:
        raise DataError(*refused)
    lines = [entry for found in contents for entry in found.entries]
    unique = tuple({entry.line: entry for entry in lines}.values())
    faults = tuple(fault for found in contents for fault in found.faults)
    return IncomingEntries(len(contents), len(lines), unique, faults, tuple(given))


def log_path(path: Path) -> Path:
    """Return the file of answers that a path names: itself, or the one in a store's folder."""
    return path / LOG_NAME if path.is_dir() else path


def check_demonstration(header: LogHeader, path: Path, *, demonstration: bool) -> None:
    """Raise an error where answers made for demonstration would come among real ones, or the reverse."""
    if header.demonstration != demonstration:
        kinds = ("real answers", "answers made for demonstration")
        do = "The two are never mixed; keep them in folders of their own."
        raise DataError(Fault(str(path), kinds[header.demonstration], kinds[demonstration], do))
