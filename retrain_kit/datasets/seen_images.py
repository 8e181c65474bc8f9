"""Seen images: what was found when an image's file was looked at, so that it need not be looked at again.

Size, digest, or why it is no image are kept under the file's path for as long as its length and its date stay
what they were. A pass over a million files that was cut goes on where it was. The file lies in the folder for
data sets; deleting it costs the time of another look and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault, KitError
from retrain_kit.imaging import decoding, opening
from retrain_kit.imaging.jpeg import headers
from retrain_kit.storage import files, spill
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import Self

FILE_NAME = "seen-images.sqlite"
_LOT, _PART = 500, 25
"""So many files are looked at before what was found is on the disk, and so many by a thread in a row."""


@dataclass(frozen=True)
class ImageFile:
    """A file that may be an image: where it is, its length in bytes, when it was changed last."""

    path: Path
    size_bytes: int
    modified_ns: int


@dataclass(frozen=True)
class SeenImage:
    """What was found in a file: the size of the upright image, its SHA-256, or why it is no image.

    `sha256` is empty where it was not asked for.
    """

    width_px: int = 0
    height_px: int = 0
    sha256: str = ""
    why: str = ""

    def is_enough(self, *, digest: bool) -> bool:
        """Say whether the file need not be looked at again, for its size or also for its digest."""
        return bool(self.why or self.sha256 or (self.width_px and not digest))


def image_file(path: Path) -> ImageFile:
    """Return a file as it is now.

    Raises
    ------
    OSError
        When it is not there.
    """
    found = path.stat()
    return ImageFile(path, found.st_size, found.st_mtime_ns)


def see(file: ImageFile, *, digest: bool) -> SeenImage:
    """Look at a file: at its header, and where its digest is wanted at all of it."""
    path = file.path
    try:
        opening.check_regular(path)
        whole = digest and file.size_bytes <= _WHOLE_BYTES
        with path.open("rb") as opened:
            data = opened.read() if whole else opened.read(_HEAD_BYTES)
        size = headers.plain_size(data) or decoding.image_size(path)
        if not digest:
            return SeenImage(*size)
        return SeenImage(*size, hashlib.sha256(data).hexdigest() if whole else files.sha256(path))
    except KitError as error:
        return SeenImage(why=error.faults[0].found.replace(f" {str(path)!r}", ""))
    except OSError as error:
        return SeenImage(why=f"a file that cannot be read ({error.strerror})")
    except Exception as error:  # noqa: BLE001 - one strange image must not stop the others
        return SeenImage(why=f"an image that cannot be read ({type(error).__name__}: {error})")


def _see_some(some: Iterable[ImageFile], *, digest: bool) -> list[SeenImage]:
    return [see(file, digest=digest) for file in some]


_HEAD_BYTES, _WHOLE_BYTES = 1 << 14, 1 << 25
"""So much is read for a size; and files of up to so many bytes at once, larger ones part by part."""


class SeenImages:
    """The images that were looked at on this machine, on the disk; to be closed.

    Parameters
    ----------
    path
        Where they are kept; without it, in the folder for data sets.

    Raises
    ------
    DataError
        When nothing can be kept there.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or manifests.data_folder() / FILE_NAME
        with files.explaining_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with _kept(self.path):
            try:
                self._file = _opened(self.path)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:  # no whole file: what it knew can be found again
                _delete(self.path)
                self._file = _opened(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def look(self, wanted: Iterable[ImageFile], *, digests: bool = False) -> Iterator[SeenImage]:
        """Yield what is found in each file, in their order; files are looked at in parallel.

        Parameters
        ----------
        wanted
            The files.
        digests
            Whether their digests are wanted too: then all of each file is read.

        Raises
        ------
        DataError
            When the disk is full.
        """
        each = iter(wanted)
        with ThreadPoolExecutor(_threads()) as pool:
            while lot := list(islice(each, _LOT)):
                found = [self.known(file) for file in lot]
                new = [place for place, seen in enumerate(found) if not seen.is_enough(digest=digests)]
                parts = [[lot[place] for place in new[at : at + _PART]] for at in range(0, len(new), _PART)]
                looked = chain.from_iterable(pool.map(partial(_see_some, digest=digests), parts))
                for place, seen in zip(new, looked, strict=True):
                    found[place] = seen
                self._keep((lot[place], found[place]) for place in new)
                yield from found

    def known(self, file: ImageFile) -> SeenImage:
        """Return what is known of a file that is as it was when it was looked at; else nothing in it."""
        asked = (_key(file.path), file.size_bytes, file.modified_ns)
        with _kept(self.path):
            row = self._file.execute(_ASK, asked).fetchone()
        width_px, height_px, digest, why = row or (0, 0, b"", "")
        return SeenImage(width_px, height_px, digest.hex(), why)

    def _keep(self, found: Iterable[tuple[ImageFile, SeenImage]]) -> None:
        rows = [
            (
                *(_key(file.path), file.size_bytes, file.modified_ns),
                *(seen.width_px, seen.height_px, bytes.fromhex(seen.sha256), seen.why),
            )
            for file, seen in found
        ]
        with _kept(self.path), self._file:
            self._file.executemany(_PUT, rows)


_TABLE = """
CREATE TABLE IF NOT EXISTS seen (path BLOB PRIMARY KEY, size INTEGER, modified INTEGER,
width INTEGER, height INTEGER, sha256 BLOB, why TEXT) WITHOUT ROWID
"""
_ASK = "SELECT width, height, sha256, why FROM seen WHERE path = ? AND size = ? AND modified = ?"
_PUT = "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?, ?, ?)"
_PATIENCE_SECONDS = 60
_MOST_THREADS = 16


def _threads() -> int:
    """Return how many files are read at once: more than there are processors, as disks make one wait."""
    return min(_MOST_THREADS, 2 * (os.cpu_count() or 1))


def _opened(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, timeout=_PATIENCE_SECONDS)
    try:
        file.execute("PRAGMA synchronous = NORMAL")
        file.execute(_TABLE)
    except sqlite3.DatabaseError:
        file.close()
        raise
    return file


def _delete(path: Path) -> None:
    for ending in ("", "-journal"):
        path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)


@contextmanager
def _kept(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        do = "Free some space; or delete the file, it only saves time."
        raise DataError(Fault(str(path), str(error), "a file that can be written", do)) from error


def _key(path: Path) -> bytes:
    return spill.name_bytes(str(path))
