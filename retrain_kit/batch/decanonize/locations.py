"""Places: folders that images are read from and written to; with `://` in the name, through fsspec."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import secrets
import shutil
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCAL = "file://"
_UNFINISHED = ".retrain-kit-unfinished"
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a pipe that is silent holds nobody up
_MOST_FOLDERS = 10_000
_NO_LINK = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.EACCES}


class UnwritableError(DataError):
    """A place that takes no more files: full, or read-only."""


class StorageFolder:
    """A folder of this machine; every file in it is whole or not there.

    Parameters
    ----------
    root
        Its path.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self._folder = Path(root)
        self._unfinished = self._folder / _UNFINISHED
        self._mine, self._numbers = secrets.token_hex(8), itertools.count()
        self._there: set[Path] = set()

    @property
    def folder(self) -> Path | None:
        """The folder, where it is one of this machine."""
        return self._folder

    def put(self, name: str, data: bytes) -> None:
        """Write a file, in place of another of that name.

        Raises
        ------
        UnwritableError
            When the disk is full or the folder cannot be written; nothing is changed then.
        """
        with self._arriving(name) as temporary, temporary.open("xb", buffering=0) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]

    def put_original(self, name: str, source: str, data: bytes) -> None:
        """Give an unchanged file another name here; it is copied where it cannot be linked."""
        if "://" not in source and hasattr(os, "link"):
            try:
                with self._arriving(name) as temporary:
                    os.link(Path(source).resolve(), temporary)
            except UnwritableError as error:
                if not isinstance(error.__cause__, OSError) or error.__cause__.errno not in _NO_LINK:
                    raise
            else:
                return
        self.put(name, data)

    def put_file(self, name: str, path: Path) -> None:
        """Take a copy of a file."""
        with self._arriving(name) as temporary:
            shutil.copyfile(path, temporary)

    def size_bytes(self, name: str) -> int | None:
        """Return a file's size; None where there is none."""
        try:
            return (self._folder / name).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    def sha256(self, name: str) -> str:
        """Return a file's digest."""
        return files.sha256(self._folder / name)

    def clean(self) -> None:
        """Remove what killed runs left unfinished."""
        shutil.rmtree(self._unfinished, ignore_errors=True)
        self._there.clear()

    @contextmanager
    def _arriving(self, name: str) -> Iterator[Path]:
        path = self._folder / name
        temporary = self._unfinished / f"{self._mine}-{next(self._numbers)}"
        if len(self._there) > _MOST_FOLDERS:
            self._there.clear()
        try:
            for parent in {self._unfinished, path.parent} - self._there:
                parent.mkdir(parents=True, exist_ok=True)
                self._there.add(parent)
            yield temporary
            temporary.replace(path)
        except OSError as error:
            _remove(temporary)
            raise unwritable_error(str(path), error) from error
        except BaseException:
            _remove(temporary)
            raise


class RemoteFolder(StorageFolder):
    """A folder that fsspec knows: its stores write a file whole when it is closed, or not at all."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        store, path = _store(root)
        self._store = store, path.rstrip("/")

    @property
    def folder(self) -> None:
        """No folder of this machine."""
        return

    def put(self, name: str, data: bytes) -> None:
        """Write a file, in place of another of that name."""
        store, path = self._store
        try:
            store.makedirs(f"{path}/{name}".rpartition("/")[0], exist_ok=True)
            store.pipe_file(f"{path}/{name}", data)
        except OSError as error:
            raise unwritable_error(f"{self.root}/{name}", error) from error

    def put_original(self, name: str, source: str, data: bytes) -> None:  # noqa: ARG002 - as of every place
        """Write an unchanged file."""
        self.put(name, data)

    def put_file(self, name: str, path: Path) -> None:
        """Take a copy of a file of this machine."""
        store, root = self._store
        try:
            store.put_file(str(path), f"{root}/{name}")
        except OSError as error:
            raise unwritable_error(f"{self.root}/{name}", error) from error

    def size_bytes(self, name: str) -> int | None:
        """Return a file's size; None where there is none."""
        store, path = self._store
        try:
            return int(store.size(f"{path}/{name}"))
        except FileNotFoundError:
            return None

    def sha256(self, name: str) -> str:
        """Return a file's digest."""
        store, path = self._store
        with store.open(f"{path}/{name}", "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def clean(self) -> None:
        """Do nothing: such stores keep nothing unfinished under a name."""


def storage_folder(text: str) -> StorageFolder:
    """Return the place of a path, or of an address with `://`."""
    text = text.removeprefix(_LOCAL)
    return RemoteFolder(text.rstrip("/")) if "://" in text else StorageFolder(str(Path(text).resolve()))


def read_bytes(source: str) -> bytes:
    """Return a file's bytes, wherever it is.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    if "://" not in source:
        with os.fdopen(os.open(source, os.O_RDONLY | _AT_ONCE), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError(errno.EINVAL, "no file, but a pipe or a device")
            return file.read()
    store, path = _store(source)
    return bytes(store.cat_file(path))


@contextmanager
def open_file(source: str) -> Iterator[IO[bytes]]:
    """Open a file for the block, wherever it is, to be read in parts.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    if "://" not in source:
        with Path(source).open("rb") as file:
            yield file
        return
    store, path = _store(source)
    with store.open(path, "rb") as file:
        yield file


def list_files(root: str) -> Iterator[str]:
    """Yield the paths of all files below an address with `://`, folder by folder.

    Raises
    ------
    DataError
        When there is nothing.
    """
    store, path = _store(root)
    below = path.rstrip("/") + "/"
    try:
        for folder, _, names in store.walk(path, on_error="raise"):
            yield from (f"{folder}/{name}".removeprefix(below) for name in names)
    except OSError as error:
        raise DataError(Fault(root, str(error) or "nothing", "a folder of images")) from error


def unwritable_error(where: str, error: OSError) -> UnwritableError:
    """Return the error for a file that could not be written."""
    do = f"{files.advise_place(error)}, and start the same command again: it goes on where it was."
    found = (error.strerror or str(error) or type(error).__name__).lower()
    return UnwritableError(Fault(where, found, "a folder that can be written", do))


def _remove(temporary: Path) -> None:
    with suppress(OSError):
        temporary.unlink()


def _store(address: str) -> tuple[Any, str]:
    """Return fsspec's store for an address, and the path in it.

    Raises
    ------
    ParameterError
        When fsspec is not installed or does not know such addresses.
    """
    try:
        import fsspec.core  # type: ignore[import-untyped] # noqa: PLC0415 - an extra
    except ImportError:
        do = 'Type: pip install "retrain-kit[cluster]"'
        raise ParameterError(Fault("an address with ://", "no fsspec", "the extra cluster", do)) from None
    try:
        store, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise ParameterError(Fault(address, str(error), "an address that fsspec can open")) from error
    return store, str(path)
