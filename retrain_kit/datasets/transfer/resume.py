"""Partial files: what is fetched so far, and how it may be continued, also by a later process."""

from __future__ import annotations

import hashlib
import json
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO

from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import files, locks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class FileOrigin:
    """Where a partial file comes from.

    Parameters
    ----------
    url
        The address asked.
    validator
        What tells this version of the file from others, for `If-Range`: a strong ETag, or a date; empty
        where the server gives none, and nothing can be continued.
    size_bytes
        How large the whole file is; None where the server does not say it.
    digests
        What the server says of the whole file: hexadecimal digits by algorithm.
    """

    url: str
    validator: str = ""
    size_bytes: int | None = None
    digests: dict[str, str] = field(default_factory=dict)


class PartialFile:
    """A file that is not whole yet, beside the place where it goes, with a memory of its origin.

    The memory is written before the first byte and removed after the last, so that a process that is
    killed at any moment leaves nothing that could be continued wrongly.

    Parameters
    ----------
    path
        Where the whole file goes.
    """

    def __init__(self, path: Path) -> None:
        self.path = files.hidden_beside(path, "part")
        self._whole = path
        self._memory = files.hidden_beside(path, "part.json")

    @property
    def size_bytes(self) -> int:
        """How much of the file is here."""
        return self.path.stat().st_size if self.path.exists() else 0

    def origin(self, url: str) -> FileOrigin | None:
        """Return where this file comes from; None where it is not here, or cannot be continued from `url`."""
        if not self.path.exists():
            return None
        try:
            origin = FileOrigin(**json.loads(self._memory.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return replace(origin, url=url) if origin.url == _digest(url) and origin.validator else None

    def begin(self, origin: FileOrigin) -> None:
        """Start anew with nothing, from this origin."""
        self.drop()
        told = replace(origin, url=_digest(origin.url))  # an address may hold a password
        self._memory.write_text(json.dumps(asdict(told)), encoding="utf-8")
        self.path.touch()

    def open(self) -> BinaryIO:
        """Open the file for what comes next."""
        return self.path.open("ab")

    def drop(self) -> None:
        """Remove what is here."""
        self.path.unlink(missing_ok=True)
        self._memory.unlink(missing_ok=True)

    def finish(self) -> None:
        """Give the file, which is whole now, its name."""
        self.path.replace(self._whole)
        self._memory.unlink(missing_ok=True)


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


@contextmanager
def exclusive_target(path: Path) -> Iterator[None]:
    """Hold the lock of what goes to `path` for the block; others wait, and are told so.

    The kernel frees the lock when its holder dies; a lock file left behind is believed by nobody.

    Raises
    ------
    DataError
        When the folder cannot be written.
    """
    lock = files.hidden_beside(path, "lock")
    with ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _enter(stack, lock)
        except OSError as error:
            found, do = error.strerror or str(error), "Choose another folder; nothing was changed."
            raise DataError(Fault(str(path.parent), found, "a folder that can be written", do)) from error
        stack.callback(locks.remove_held, lock)
        yield


def _enter(stack: ExitStack, lock: Path) -> None:
    try:
        stack.enter_context(locks.exclusive_lock(lock, wait=False))
    except locks.HeldError:
        sys.stderr.write(f"retrain-kit: another process holds {lock}; waiting for it.\n")
        stack.enter_context(locks.exclusive_lock(lock))
