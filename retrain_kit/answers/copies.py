"""Copies: the files that a store's answers were written to elsewhere, so that withdrawing reaches them.

The list stays in the store's folder and never goes into an export.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit import files
from retrain_kit.answers import disks, logs, states
from retrain_kit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrain_kit.answers.entries import Entry


class Copies:
    """The list of copies.

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

    def strike(self, withdrawals: Collection[Entry]) -> list[Path]:
        """Take what is withdrawn out of every copy that is a log; return those that are something else."""
        return [path for path in self.paths() if not _struck(path, withdrawals)]


def _struck(path: Path, withdrawals: Collection[Entry]) -> bool:
    disks.sweep(path)
    try:
        found = logs.read(path)
        kept = sorted(states.join(found.entries, withdrawals), key=lambda entry: entry.line)
        disks.overwrite(path, logs.Header(demonstration=found.header.demonstration).lines(kept))
    except (DataError, OSError):
        return False
    return True
