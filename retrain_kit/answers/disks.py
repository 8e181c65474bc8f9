"""Disks: how the lines of a log come to lie on one, whole or not at all, and how they are gone from it."""

from __future__ import annotations

import errno
import glob
import os
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from retrain_kit import files
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_REASONS = files.REASONS | {
    errno.EFBIG: "a file that may not grow",
    errno.ENOENT: "a folder or a file that is gone",
}


def write(path: Path, lines: Iterable[bytes]) -> None:
    """Write a whole file, on the disk when this returns; until then the earlier one is there.

    Raises
    ------
    DataError
        When it cannot be written; nothing is changed then.
    """
    with explained(path), files.writing(path) as temporary, temporary.open("wb") as file:
        file.writelines(line + b"\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def overwrite(path: Path, lines: Iterable[bytes]) -> None:
    """Write a whole file in the place of another, whose bytes are overwritten where that can be.

    Nobody else has the other's bytes by then, unless under another name: a backup by hard link stays whole.
    """
    with path.open("r+b", buffering=0) as old:
        write(path, lines)
        if not os.fstat(old.fileno()).st_nlink:
            with suppress(OSError):
                _blank(old)


def _blank(file: IO[bytes]) -> None:
    left = file.seek(0, os.SEEK_END)
    file.seek(0)
    while left > 0:
        left -= file.write(bytes(min(left, 1 << 20)))
    os.fsync(file.fileno())


@contextmanager
def appending(path: Path, lines: Iterable[bytes]) -> Iterator[None]:
    """Put lines at the end, on the disk before the block begins; taken back when the block fails.

    Raises
    ------
    DataError
        When the disk is full or the file cannot be written; nothing is changed then.
    """
    data = memoryview(b"".join(line + b"\n" for line in lines))
    with explained(path), path.open("r+b", buffering=0) as file:
        end = file.seek(0, os.SEEK_END)
        try:
            while data:
                data = data[file.write(data) :]
            os.fsync(file.fileno())
            yield
        except BaseException:
            file.truncate(end)
            os.fsync(file.fileno())
            raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Tell a user's mistake, or a full disk, as an error of the kit.

    Raises
    ------
    DataError
        In place of the system's error, where it is one of those.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _REASONS:
            raise
        do = "Free some space or choose another folder; nothing was changed."
        where = str(error.filename or path)
        raise DataError(Fault(where, _REASONS[error.errno], "a folder that can be written", do)) from error


def sweep(path: Path) -> None:
    """Remove what killed processes left half-written beside a file; nobody else may be writing it."""
    for left in path.parent.glob(f".{glob.escape(path.stem)}-????????{glob.escape(path.suffix)}"):
        left.unlink(missing_ok=True)


def stamp(path: Path) -> str:
    """Return what tells whether a file is still the one that was seen: its size and time of change."""
    found = path.stat()
    return f"{found.st_size}:{found.st_mtime_ns}"


def sync_folder(folder: Path) -> None:
    """Put a folder's list of names on the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
