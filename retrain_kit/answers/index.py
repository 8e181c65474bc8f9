"""Indexes: the SQLite file beside a log, for finding entries fast while others write.

It holds nothing that the log does not, and is filled anew from it where it is missing, damaged, of another
version, or behind. What leaves it leaves no bytes behind: deleted pages are overwritten, the file is packed,
and the write-ahead log is cut to nothing.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager, suppress
from dataclasses import astuple
from typing import TYPE_CHECKING

from retrain_kit.answers.entries import WITHDRAWAL, LogEntry
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

VERSION = 1
LOCK_TIMEOUT_S = 30.0
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entries (
    digest BLOB PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, of TEXT NOT NULL,
    study TEXT NOT NULL, exercise TEXT NOT NULL, who TEXT NOT NULL, line BLOB NOT NULL
);
CREATE INDEX by_id ON entries (id);
CREATE INDEX by_of ON entries (of);
CREATE INDEX by_exercise ON entries (study, exercise);
"""
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON", "temp_store=MEMORY")


class Index:
    """The index of a log.

    Parameters
    ----------
    path
        The SQLite file; a damaged one, or one of another version, is put aside for an empty one.

    Raises
    ------
    DataError
        When it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._explained():
            try:
                self._database = _opened(path)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                for suffix in ("", "-wal", "-shm"):
                    path.with_name(path.name + suffix).unlink(missing_ok=True)
                self._database = _opened(path)

        self._inode = path.stat().st_ino

    @property
    def is_replaced(self) -> bool:
        """Whether another file stands in its place by now."""
        try:
            return self._path.stat().st_ino != self._inode
        except FileNotFoundError:
            return True

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    @property
    def stamp(self) -> str:
        """The stamp of the log that it holds; empty where it holds none, or is not done with one."""
        return self._meta("stamp")

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What was wrong with the log when it was last read."""
        return tuple(Fault(*stated) for stated in json.loads(self._meta("faults") or "[]"))

    def entries(self, **sought: str) -> list[LogEntry]:
        """Return the entries that have these values in these columns."""
        where = " AND ".join(f"{column} = ?" for column in sought) or "TRUE"
        query = f"SELECT line FROM entries WHERE {where} ORDER BY rowid"  # noqa: S608 - columns, not values
        with self._explained():
            return [LogEntry(line) for (line,) in self._database.execute(query, tuple(sought.values()))]

    def about(self, name: str) -> list[LogEntry]:
        """Return the entries of an id, and those that are about it."""
        query = "SELECT line FROM entries WHERE id = :name OR of = :name ORDER BY rowid"
        with self._explained():
            return [LogEntry(line) for (line,) in self._database.execute(query, {"name": name})]

    def footnotes_and_answers(self) -> list[LogEntry]:
        """Return the footnotes, and the answers that they belong to as far as these are here."""
        answers = "kind = 'answer' AND id IN (SELECT of FROM entries WHERE kind = 'footnote')"
        query = f"SELECT line FROM entries WHERE kind = 'footnote' OR {answers}"  # noqa: S608 - no values
        with self._explained():
            return [LogEntry(line) for (line,) in self._database.execute(query)]

    def digests(self) -> set[bytes]:
        """Return the digests of all entries."""
        with self._explained():
            return {digest for (digest,) in self._database.execute("SELECT digest FROM entries")}

    def withdrawals(self) -> list[LogEntry]:
        """Return all withdrawals."""
        return self.entries(kind=WITHDRAWAL)

    def add(self, added: Iterable[LogEntry], stamp: str) -> None:
        """Add entries that the log of this stamp has beside what is here."""
        with self._transaction():
            self._insert(added)
            self._set("stamp", stamp)

    def fill(self, whole: Collection[LogEntry], stamp: str, faults: Iterable[Fault] = ()) -> None:
        """Make it hold these entries and no byte of any other; it counts as done only then.

        Raises
        ------
        DataError
            When another program keeps reading, so that bytes would stay; the next use tries again.
        """
        keep = {entry.digest for entry in whole}
        gone = [(digest,) for digest in self.digests() - keep]
        with self._transaction():
            self._set("stamp", "")
            self._set("faults", json.dumps([astuple(fault) for fault in faults]))
            self._database.executemany("DELETE FROM entries WHERE digest = ?", gone)
            self._insert(whole)
        self._pack()
        with self._transaction():
            self._set("stamp", stamp)

    def _pack(self) -> None:
        with self._explained():
            self._database.execute("VACUUM")
            (busy, *_) = self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            do = "What was withdrawn is out of the answers; its last bytes go at the next use."
            raise DataError(
                Fault(str(self._path), "another program reading all the time", "none for a moment", do)
            )

    def _insert(self, added: Iterable[LogEntry]) -> None:
        query = "INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        self._database.executemany(query, map(_row, added))

    def _meta(self, key: str) -> str:
        with self._explained():
            found = self._database.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else ""

    def _set(self, key: str, value: str) -> None:
        self._database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._explained():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._database.execute("ROLLBACK")
                raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            do = (
                "Is there room on the disk, and may the folder be written? The log beside it has the answers."
            )
            raise DataError(Fault(str(self._path), str(error), "a file that SQLite can use", do)) from error


def _opened(path: Path) -> sqlite3.Connection:
    """Open an index, empty where there is none of this version; damage is an error."""
    database = sqlite3.connect(path, timeout=LOCK_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        for pragma in _PRAGMAS:
            database.execute(f"PRAGMA {pragma}").fetchall()
        _check(database)
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            _reset(database)
    except BaseException:
        database.close()
        raise
    return database


def _check(database: sqlite3.Connection) -> None:
    if database.execute("PRAGMA quick_check").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("damaged")


def _reset(database: sqlite3.Connection) -> None:
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    drops = "".join(f'DROP TABLE "{name}";' for (name,) in tables)
    database.executescript(f"BEGIN IMMEDIATE;{drops}{_TABLES}PRAGMA user_version = {VERSION};COMMIT;")


def _row(entry: LogEntry) -> tuple[bytes | str, ...]:
    asked = entry.fields.get("asked", {})
    named = (str(asked.get(key, "")) for key in ("study", "exercise"))
    who = str(entry.fields.get("who", ""))
    return entry.digest, entry.kind, entry.id, entry.target, *named, who, entry.line
