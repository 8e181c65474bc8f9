"""Files that are whole or not there: hashing, and writing under a temporary name."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as 64 lower-case hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` and rename it to `path` when the block ends well.

    When the block fails, the temporary file is removed and `path` is as it was.

    Raises
    ------
    DataError
        When the disk is full or the folder cannot be written.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        if error.errno not in REASONS:
            raise
        do = "Free some space or choose another folder; nothing was changed."
        raise DataError(Fault(str(path), REASONS[error.errno], "a folder that can be written", do)) from error
    finally:
        if temporary:
            with suppress(FileNotFoundError):
                temporary.unlink()


REASONS = {
    errno.ENOSPC: "no space left on the disk",
    errno.EDQUOT: "no space left in the quota",
    errno.EACCES: "no permission to write",
    errno.EROFS: "a read-only file system",
    errno.EEXIST: "a file where a folder should be",
    errno.ENOTDIR: "a file where a folder should be",
}
"""What the system says of a file that cannot be written, in words, by its number."""


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask
