"""Copies: which records each file that the kit made of a store holds, so that it goes with any of them.

A file that somebody has changed or put in its place since then is theirs, and is left to them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit import files
from retrain_kit.returns.keeping import erase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class Copies:
    """The list of what was made of a store, and what is in each file.

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
            erase(path)
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
