"""Locks: one holder at a time, among all threads and processes that share a folder.

The system lets go of a lock when its process ends, however it ends; a file left behind holds nothing.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

HeldError = Timeout
"""Raised in place of waiting for a lock that another holds."""

_POLL_S = 0.01


def exclusive_lock(path: Path, *, wait: bool = True) -> AbstractContextManager[object]:
    """Hold the lock of this file, in a folder that is there; wait as long as another holds it.

    A folder in the place of the file gets another name: it locks nothing, and is nobody's lock.

    Raises
    ------
    HeldError
        In place of waiting, where `wait` says no; when the block is entered.
    """
    path.parent.stat()  # filelock would make it
    if path.is_dir():
        _rename(path)
    return FileLock(path, blocking=wait, poll_interval=_POLL_S)


def _rename(path: Path) -> None:
    for number in range(100):
        other = path.with_name(f"{path.name}.unusable-{number}")
        if not other.exists():
            path.rename(other)
            return


def remove_held(path: Path) -> None:
    """Remove the file of a lock while it is held; who waits for it makes a new one."""
    with suppress(OSError):  # Windows keeps it
        path.unlink()


def lock_handle(path: Path, *, shared: bool = False) -> int:
    """Return a handle that holds the lock of this file until every process that has it closes it.

    Many may hold it at once where all of them share it. Windows has no such lock.
    """
    import fcntl  # noqa: PLC0415 - not on Windows

    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
    return handle


def is_locked(path: Path) -> bool:
    """Say whether a living process holds this lock alone."""
    import fcntl  # noqa: PLC0415 - not on Windows

    with suppress(FileNotFoundError), path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
