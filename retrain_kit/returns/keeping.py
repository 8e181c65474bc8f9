"""Keeping: the files of a store, under the digests of what is in them, and how they are gone for good."""

from __future__ import annotations

import hashlib
import os
import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from retrain_kit import files
from retrain_kit.answers import disks, locks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_CHUNK_BYTES = 1 << 20
_COMING, _PATIENCE_SECONDS = "coming-", 3600
_DIGEST = re.compile("[0-9a-f]{64}")


class Files:
    """The files that people gave, in a folder of their store; one that is given twice is there once.

    Parameters
    ----------
    store
        The store's folder.
    """

    def __init__(self, store: Path) -> None:
        self.folder = store / "files"
        self._lock = store / "files.lock"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other program from adding and sweeping meanwhile."""
        with disks.explained(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locks.held(self._lock):
                yield

    def path(self, sha256: str) -> Path:
        """Return where the file of a digest is kept.

        Raises
        ------
        ValueError
            When it is no digest: a record that came from elsewhere may say anything.
        """
        if not _DIGEST.fullmatch(sha256):
            raise ValueError(sha256)
        return self.folder / sha256

    def put(self, source: Path) -> str:
        """Keep a copy of a file, on the disk when this returns; return its digest; within `held`."""
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if not self.path(digest).exists():
            with files.writing(self.path(digest)) as temporary:
                _copy(source, temporary)
            self.path(digest).chmod(0o600)
            disks.sync_folder(self.folder)
        return digest

    def incoming(self, name: str) -> Path:
        """Return an empty file for one that comes in pieces; within `held`."""
        path = self.folder / f"{_COMING}{name}"
        path.touch(mode=0o600)
        return path

    def sweep(self, kept: Collection[str]) -> list[Path]:
        """Delete all files but those of these digests, and what was left half-written; within `held`."""
        left = [path for path in self.folder.iterdir() if path.name not in kept and not _is_coming(path)]
        for path in left:
            erase(path)
        return [path for path in left if _DIGEST.fullmatch(path.name)]


def _is_coming(path: Path) -> bool:
    """Say whether a file may still be on its way; one that nothing was added to for an hour is not."""
    return path.name.startswith(_COMING) and time.time() - path.stat().st_mtime < _PATIENCE_SECONDS


def erase(path: Path) -> None:
    """Delete a file, its bytes overwritten where that can be."""
    disks.overwrite(path, ())
    path.unlink()
    disks.sync_folder(path.parent)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("wb") as written:
        while chunk := read.read(_CHUNK_BYTES):
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
