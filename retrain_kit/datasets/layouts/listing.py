"""A listing: what lies in a folder, by names, sizes and dates, from one walk that opens no file.

A folder of a million files is listed in seconds. The list lies on the disk meanwhile, in memory are the
folders alone. Links are not followed out of the folder, nor into folders.
"""

from __future__ import annotations

import os
import weakref
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tqdm.auto import tqdm

from retrain_kit.datasets.formats import listings
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import spill, texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD_BYTES = 1 << 16
"""So much of a file is looked at, at its beginning or its end, to tell what it is."""


@dataclass(frozen=True)
class ListedFile:
    """A file of a folder.

    Parameters
    ----------
    path
        Below the folder, with slashes.
    size_bytes, modified_ns
        Its size, and when it was changed last, in nanoseconds since 1970.
    why
        Why it is not to be read; empty where it is.
    """

    path: str
    size_bytes: int
    modified_ns: int
    why: str = ""

    @property
    def name(self) -> str:
        """The file's name with its ending."""
        return self.path.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The file's name without its last ending."""
        return PurePosixPath(self.path).stem

    @property
    def ending(self) -> str:
        """The file's last ending in lower case, with its dot; empty without one."""
        stem, dot, ending = self.name.rstrip(" .").rpartition(".")
        return f"{dot}{ending}".lower() if stem else ""

    @property
    def folder(self) -> str:
        """The path of the folder it lies in; empty for the folder of the listing itself."""
        return self.path.rpartition("/")[0]


@dataclass
class FolderContents:
    """What may be read in a folder, not in those below it: how many files of each ending (`.jpg`)."""

    endings: Counter[str] = field(default_factory=Counter)
    folders: list[str] = field(default_factory=list)

    @property
    def images(self) -> int:
        """How many files are images by their ending."""
        return sum(number for ending, number in self.endings.items() if ending in listings.IMAGE_SUFFIXES)


class Listing:
    """The files of a folder. What may not be read is not among `files`, but among `left_out`.

    `root` is the folder, `folders` what lies in each by its path below it: "" is the folder itself.
    `size_bytes` and `number` are those of all its files.

    Parameters
    ----------
    root
        The folder.

    Raises
    ------
    DataError
        When it cannot be read, or is no folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if not self.root.is_dir():
            raise DataError(Fault(str(root), "no folder", "the folder of a data set"))
        self.folders: dict[str, FolderContents] = {}
        self.number = self.size_bytes = self.newest_ns = 0
        self._files = spill.open_spill(_TABLE)
        weakref.finalize(self, self._files.close)
        self._has_names = False
        self._walk()

    def files(self, folder: str = "", *endings: str, below: bool = False) -> Iterator[ListedFile]:
        """Yield the files of a folder that may be read, in the order of their names.

        Parameters
        ----------
        folder
            Its path below the root.
        endings
            In lower case with their dots; without any, all files.
        below
            Whether those of the folders in it come too, folder by folder.
        """
        for place in self.folders_in(folder) if below else [folder]:
            contents = self.folders.get(place)
            if contents is None or (endings and not any(contents.endings[each] for each in endings)):
                continue
            for row in self._files.execute(_OF_FOLDER, (spill.name_bytes(place),)):
                found = _file(place, row)
                if not found.why and (not endings or found.ending in endings):
                    yield found

    def images(self, folder: str = "", *, below: bool = True) -> Iterator[ListedFile]:
        """Yield the files of a folder that are images by their ending, those of folders in it too."""
        return self.files(folder, *listings.IMAGE_SUFFIXES, below=below)

    def image_count(self, folder: str = "") -> int:
        """Return how many images a folder has, with those of the folders in it."""
        return sum(self.folders[place].images for place in self.folders_in(folder))

    def folders_in(self, folder: str = "") -> list[str]:
        """Return a folder that is listed and all folders in it, in the order of their paths."""
        start = f"{folder}/" if folder else ""
        return sorted(
            each for each in self.folders if each == folder or (each.startswith(start) and each != "")
        )

    def get(self, path: str) -> ListedFile | None:
        """Return the file of a path that may be read; None where there is none."""
        folder, _, name = path.rpartition("/")
        if folder not in self.folders:
            return None
        asked = (spill.name_bytes(folder), spill.name_bytes(name))
        row = self._files.execute(_BY_NAME, asked).fetchone()
        found = _file(folder, row) if row else None
        return found if found and not found.why else None

    def named(self, name: str) -> list[str]:
        """Return the paths of all files of a name, in any folder, that may be read."""
        if not self._has_names:
            self._files.execute("CREATE INDEX by_name ON files (name)")
            self._has_names = True
        found = self._files.execute(_NAMED, (spill.name_bytes(name),))
        return [_joined(spill.name_text(folder), name) for (folder,) in found]

    def __contains__(self, path: str) -> bool:
        return self.get(path) is not None

    def left_out(self) -> Iterator[tuple[str, str]]:
        """Yield the path of each file that may not be read, and why."""
        for folder, name, why in self._files.execute(_LEFT_OUT):
            yield _joined(spill.name_text(folder), spill.name_text(name)), why

    def head(self, path: str, size_bytes: int = HEAD_BYTES) -> bytes:
        """Return the beginning of a file; nothing where it cannot be read."""
        try:
            with (self.root / path).open("rb") as file:
                return file.read(size_bytes)
        except OSError:
            return b""

    def tail(self, path: str, size_bytes: int = HEAD_BYTES) -> bytes:
        """Return the end of a file; nothing where it cannot be read."""
        try:
            with (self.root / path).open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - size_bytes))
                return file.read()
        except OSError:
            return b""

    # -- the walk

    def _walk(self) -> None:
        left = [""]
        with tqdm(desc="listing files", unit=" files", delay=1, leave=False, disable=None) as bar:
            while left:
                below = left.pop()
                contents = self.folders[below] = FolderContents()
                found = self._scan(below, contents)
                while lot := list(islice(found, _LOT)):
                    rows = [(spill.name_bytes(below), *_row(each)) for each in lot]
                    self._files.executemany(_ADD, sorted(rows))
                    bar.update(len(lot))
                left += contents.folders

    def _scan(self, below: str, contents: FolderContents) -> Iterator[ListedFile]:
        """Yield the files of a folder; count those that may be read, and note the folders in it."""
        try:
            with os.scandir(self.root / below) as entries:
                for entry in entries:
                    path = _joined(below, entry.name)
                    if entry.is_dir(follow_symlinks=False) and not _is_hidden(entry.name):
                        contents.folders.append(path)
                        continue
                    found = _listed(entry, path, self.root)
                    if not found.why:
                        self._count(found, contents)
                    yield found
        except OSError as error:
            yield ListedFile(_joined(below, "."), 0, 0, f"a folder that cannot be read ({error.strerror})")

    def _count(self, found: ListedFile, contents: FolderContents) -> None:
        contents.endings[found.ending] += 1
        self.number += 1
        self.size_bytes += found.size_bytes
        self.newest_ns = max(self.newest_ns, found.modified_ns)


def _listed(entry: os.DirEntry[str], path: str, root: Path) -> ListedFile:
    """Return an entry of a folder as a file, with why it is not to be read."""
    if _is_hidden(entry.name):
        why = listings.HIDDEN if entry.name.startswith(".") else "put there by a system for itself"
        return ListedFile(path, 0, 0, why)
    why = listings.why_no_file(entry, root) or _why_unwritable(entry.name)
    try:
        found = entry.stat()
    except OSError:
        return ListedFile(path, 0, 0, why or "a file that cannot be read")
    empty = "" if found.st_size else "an empty file"
    return ListedFile(path, found.st_size, found.st_mtime_ns, why or empty)


def _is_hidden(name: str) -> bool:
    """Say whether a file or folder is one that a system put there for itself."""
    return name.startswith(".") or name in _OF_SYSTEMS


_OF_SYSTEMS = {"__MACOSX", "Thumbs.db", "desktop.ini", "$RECYCLE.BIN", "System Volume Information"}


def _why_unwritable(name: str) -> str:
    return "" if texts.is_writable(name) else "a name that is no text in UTF-8"


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


# -- the rows

_LOT = 10_000
"""So many files of a folder are held in memory at once."""

_TABLE = """
CREATE TABLE files (folder BLOB, name BLOB, size INTEGER, modified INTEGER, why TEXT,
PRIMARY KEY (folder, name)) WITHOUT ROWID
"""
_ADD = "INSERT INTO files VALUES (?, ?, ?, ?, ?)"
_OF_FOLDER = "SELECT name, size, modified, why FROM files WHERE folder = ? ORDER BY name"
_BY_NAME = "SELECT name, size, modified, why FROM files WHERE folder = ? AND name = ?"
_NAMED = "SELECT folder FROM files WHERE name = ? AND why = '' ORDER BY folder"
_LEFT_OUT = "SELECT folder, name, why FROM files WHERE why != '' ORDER BY folder, name"


def _row(found: ListedFile) -> tuple[bytes, int, int, str]:
    return spill.name_bytes(found.name), found.size_bytes, found.modified_ns, found.why


def _file(folder: str, row: tuple[bytes, int, int, str]) -> ListedFile:
    name, size_bytes, modified_ns, why = row
    return ListedFile(_joined(folder, spill.name_text(name)), size_bytes, modified_ns, why)
