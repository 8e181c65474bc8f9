"""Derived files: those that a store's answers were written to elsewhere, so that withdrawing reaches them.

Their list stays in the store's folder and never goes into an export.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.answers import log, states
from retrain_kit.errors import DataError
from retrain_kit.storage import files
from retrain_kit.storage.files import erase_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from retrain_kit.answers.entries import LogEntry


class DerivedFiles:
    """The list of the copies of a store's log, and of the other files that hold its answers.

    Parameters
    ----------
    path
        The file that holds it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def paths(self) -> list[Path]:
        """Return the copies that are still where they were written."""
        if not self._path.is_file():
            return []
        return [path for path in map(Path, json.loads(self._path.read_bytes())) if path.is_file()]

    def note(self, path: Path) -> None:
        """Note a copy, before it is written."""
        listed = {*self.paths(), path.resolve()}
        with files.writing(self._path) as temporary, temporary.open("w", encoding="utf-8") as file:
            json.dump(sorted(map(str, listed)), file)

    def delete_withdrawn(self, withdrawals: Collection[LogEntry]) -> list[Path]:
        """Take what is withdrawn out of every copy that is a log; return those that are something else."""
        return [path for path in self.paths() if not _without_withdrawn(path, withdrawals)]


def _without_withdrawn(path: Path, withdrawals: Collection[LogEntry]) -> bool:
    files.remove_unfinished(path)
    try:
        found = log.read_log(path)
        kept = sorted(states.merged_entries(found.entries, withdrawals), key=lambda entry: entry.line)
        files.overwrite_lines(path, log.LogHeader(demonstration=found.header.demonstration).lines(kept))
    except (DataError, OSError):
        return False
    return True


# -- derived pages: which records each page holds, so that the page goes with any of them.


class DerivedPages:
    """The list of the pages that were made of a store, and of the records in each.

    Parameters
    ----------
    path
        The file that holds it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, path: Path, data: bytes, names: Iterable[str]) -> None:
        """Note, before it is written, what a file will be, and which records and footnotes it will hold."""
        digest = hashlib.sha256(data).hexdigest()
        self._write({**self._read(), str(path.resolve()): [digest, *sorted(names)]})

    def sweep(self, standing: Collection[str]) -> list[Path]:
        """Delete the files that hold anything but these records and footnotes; return them."""
        listed, kept = self._read(), set(standing)
        stale = [path for path, (_, *names) in sorted(listed.items()) if not kept.issuperset(names)]
        here = [Path(path) for path in stale if _is_there(Path(path), listed[path][0])]
        for path in here:
            erase_file(path)
        if stale:
            self._write({path: names for path, names in listed.items() if path not in stale})
        return here

    def _read(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = json.loads(self._path.read_bytes()) if self._path.is_file() else {}
        return found

    def _write(self, pages: dict[str, list[str]]) -> None:
        with files.writing(self._path) as temporary:
            temporary.write_text(json.dumps(pages, sort_keys=True), encoding="utf-8")


def _is_there(path: Path, sha256: str) -> bool:
    return path.is_file() and files.sha256(path) == sha256
