"""Spill: values that are too many for memory lie on the disk for as long as somebody needs them.

They lie in a private file of SQLite's that has no name: it is gone when its process ends, however it ends. In
memory there are some megabytes, however many values there are.
"""

from __future__ import annotations

import pickle
import sqlite3
import weakref
import zlib
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SETTINGS = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -8192", "temp_store = FILE")
_LARGE_BYTES = 1000


class SpilledValues:
    """Values under keys; a key may have many."""

    def __init__(self) -> None:
        self._file = open_spill("CREATE TABLE spilled (name BLOB, value BLOB)")
        weakref.finalize(self, self._file.close)
        self._indexed = False

    def put(self, key: str, value: object) -> None:
        """Put a value behind all that are there.

        Raises
        ------
        DataError
            When the disk is full.
        """
        try:
            self._file.execute("INSERT INTO spilled VALUES (?, ?)", (name_bytes(key), _packed(value)))
        except sqlite3.OperationalError as error:
            raise _no_room(error) from error

    def get(self, key: str) -> list[Any]:
        """Return the values of a key in the order they came; they stay where they are.

        Raises
        ------
        DataError
            When the disk is full.
        """
        try:
            if not self._indexed:
                self._file.execute("CREATE INDEX by_name ON spilled (name)")
                self._indexed = True
            asked = "SELECT value FROM spilled WHERE name = ? ORDER BY rowid"
            return list(map(_value, self._file.execute(asked, (name_bytes(key),))))
        except sqlite3.OperationalError as error:
            raise _no_room(error) from error

    def __iter__(self) -> Iterator[Any]:
        """Yield all values in the order they came."""
        for row in self._file.execute("SELECT value FROM spilled ORDER BY rowid"):
            yield _value(row)

    def __len__(self) -> int:
        return int(self._file.execute("SELECT count(*) FROM spilled").fetchone()[0])


class SpilledNames:
    """A set of texts, in the order of their characters.

    Parameters
    ----------
    names
        The first of them.

    Raises
    ------
    DataError
        When the disk is full.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._file = open_spill("CREATE TABLE names (name BLOB PRIMARY KEY) WITHOUT ROWID")
        weakref.finalize(self, self._file.close)
        for name in names:
            self.add(name)

    def add(self, name: str) -> bool:
        """Add a text; return whether it was not there.

        Raises
        ------
        DataError
            When the disk is full.
        """
        try:
            done = self._file.execute("INSERT OR IGNORE INTO names VALUES (?)", (name_bytes(name),))
        except sqlite3.OperationalError as error:
            raise _no_room(error) from error
        return bool(done.rowcount)

    def __contains__(self, name: object) -> bool:
        asked = "SELECT 1 FROM names WHERE name = ?"
        return isinstance(name, str) and bool(self._file.execute(asked, (name_bytes(name),)).fetchone())

    def __iter__(self) -> Iterator[str]:
        for (name,) in self._file.execute("SELECT name FROM names ORDER BY name"):
            yield name_text(name)

    def __len__(self) -> int:
        return int(self._file.execute("SELECT count(*) FROM names").fetchone()[0])


def open_spill(table: str) -> sqlite3.Connection:
    """Return a private database that has this table; it is gone when it is closed, or its process ends.

    Raises
    ------
    DataError
        When the disk is full.
    """
    try:
        file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for setting in _SETTINGS:
            file.execute(f"PRAGMA {setting}")
        file.execute(table)
        file.execute("BEGIN")
    except sqlite3.OperationalError as error:
        raise _no_room(error) from error
    return file


def _no_room(error: sqlite3.OperationalError) -> DataError:
    do = "Free some space, or name another folder for temporary files: TMPDIR=… before the command."
    return DataError(Fault("temporary files", str(error), "some space on the disk", do))


def name_bytes(name: str) -> bytes:
    """Return a text as bytes that sort as its characters do, lone halves of pairs among them."""
    return name.encode("utf-8", "surrogatepass")


def name_text(name: bytes) -> str:
    """Return the text of such bytes."""
    return name.decode("utf-8", "surrogatepass")


def _packed(value: object) -> bytes:
    """Return a value as bytes; large ones are packed quickly, masks to a hundredth."""
    data = pickle.dumps(value, -1)
    return data if len(data) < _LARGE_BYTES else zlib.compress(data, 1)


def _value(row: tuple[bytes]) -> Any:  # noqa: ANN401 - whatever was put there
    data = row[0] if row[0].startswith(pickle.PROTO) else zlib.decompress(row[0])
    return pickle.loads(data)  # noqa: S301 - this process wrote it, into a file that nobody else can open
