"""Files are written whole or not at all, and what is deleted is overwritten where that can be."""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import re
import stat
import tempfile
import time
import unicodedata
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from retrain_kit.errors import DataError, Fault, ParameterError, names_in_words
from retrain_kit.storage import locks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as 64 lower-case hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def size_in_words(size_bytes: int | None) -> str:
    """Return a number of bytes in words."""
    if size_bytes is None:
        return "size not stated"
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.1f} {unit}"
    return f"{size_bytes} bytes"


PAGE_ENDINGS = (".html", ".htm")
"""How the name of a page ends."""


def check_endings(paths: Iterable[Path], endings: Iterable[str]) -> None:
    """Refuse files to be written (-o) whose names end in none of these, all together.

    Parameters
    ----------
    endings
        In small letters, with the dot.

    Raises
    ------
    ParameterError
        With each of them.
    """
    known = tuple(endings)
    expected = f"a name that ends in {', '.join(known)}"
    faults = [Fault("-o", path.name, expected) for path in paths if path.suffix.lower() not in known]
    if faults:
        raise ParameterError(*faults)


def find_file(folder: Path, text: str) -> Path:
    """Return `folder / text`; where nothing is there, what is there by the same name in another spelling.

    The same name is one that differs in Unicode's form alone (é as one sign or as two), or in slashes written
    as backslashes. Of two such files none is returned.
    """
    path = folder / text
    if (text.isascii() and "\\" not in text) or path.exists():
        return path
    found = [folder]
    for part in re.split(r"[/\\]" if "\\" in text else "/", text):
        found = [each for place in found for each in _same_name(place, part)]
    return found[0] if len(found) == 1 and found[0].exists() else path


def _same_name(folder: Path, name: str) -> list[Path]:
    """Return what a folder has by a name in any form of Unicode; the name itself where that is there."""
    if name in {"", ".", ".."} or (folder / name).exists():
        return [folder / name]
    wanted = unicodedata.normalize("NFC", name)
    with suppress(OSError):
        return [each for each in folder.iterdir() if unicodedata.normalize("NFC", each.name) == wanted]
    return []


def why_no_path(text: str) -> str:
    """Return why a text can be the path of no file; an empty text where it can."""
    if "\0" in text:
        return f"{text!r}, with a zero byte"
    if len(text) * _MOST_BYTES_A_SIGN <= _NAME_BYTES:
        return ""
    if any(len(part.encode(errors="surrogateescape")) > _NAME_BYTES for part in text.split("/")):
        return f"a name of {len(text)} signs, {text[:20]!r} …"
    return f"a path of {len(text)} signs" if len(text) > _PATH_SIGNS else ""


def similar_file(path: Path) -> str:
    """Return, in a sentence, what is there by nearly the name of a file that is not; empty without any."""
    with suppress(OSError):
        if os.path.lexists(path):
            return "What is there is a folder, a pipe, a device or a link to nothing."
        wanted = _as_read_aloud(path.name)
        near = sorted(each.name for each in path.parent.iterdir() if _as_read_aloud(each.name) == wanted)
        return f"There is {names_in_words([ascii(name) for name in near])}." if near else ""
    return ""


def _as_read_aloud(name: str) -> str:
    """Return a name without what the eye passes over: case, Unicode's form, spaces around it."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


@contextmanager
def writing(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Give a temporary path beside `path` and rename it to `path` when the block ends well.

    When the block fails, the temporary file is removed and `path` is as it was.

    Parameters
    ----------
    private
        Whether it is for its owner alone to read, at any moment; the temporary file always is.

    Raises
    ------
    DataError
        When the disk is full, the folder cannot be written, or a pipe or a device is there.
    """
    temporary: Path | None = None
    _refuse_device(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_unfinished(path), suffix=_ending(path))
        os.close(handle)
        temporary = Path(name)
        yield temporary
        temporary.chmod(0o600 if private else 0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        if temporary and error.errno not in REASONS:
            raise
        raise _unwritable(path, _reason(error), error) from error  # before there is a file it is the folder
    finally:
        if temporary:
            with suppress(FileNotFoundError):
                temporary.unlink()


@contextmanager
def writing_folder(path: Path) -> Iterator[Path]:
    """Give a folder beside `path` and rename it to `path` when the block ends well.

    Raises
    ------
    DataError
        When something is in the folder, the disk is full, or the place cannot be written.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise DataError(Fault(str(path), "something there", "a new folder, or an empty one"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        prefix = f".{_short(path.name, _NAME_BYTES // 2)}-"
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=prefix) as name:
            folder = Path(name, "folder")
            folder.mkdir()
            yield folder
            if path.exists():
                path.rmdir()
            folder.replace(path)
    except OSError as error:
        if error.errno not in REASONS:
            raise
        raise _unwritable(path, REASONS[error.errno], error) from error


def check_place(path: Path) -> None:
    """Raise what writing a file or a folder would raise later, where its place cannot be written.

    Nothing is left there, and no folder is made. Whether the disk has room for it is not known beforehand.

    Raises
    ------
    DataError
        When nothing can be written there.
    """
    try:
        with suppress(FileNotFoundError):
            path.lstat()
        _refuse_device(path)
        here = path.absolute()
        above = (each for each in here.parents if os.path.lexists(each))
        with tempfile.TemporaryFile(dir=here if here.is_dir() else next(above)):
            pass
    except OSError as error:
        raise _unwritable(path, _reason(error), error) from error


def _refuse_device(path: Path) -> None:
    with suppress(OSError):
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise DataError(Fault(str(path), "a pipe or a device", "a file, or the name for a new one"))


def hidden_beside(path: Path, ending: str) -> Path:
    """Return the path of a hidden file beside another: `.NAME.ending`, shortened where NAME is very long."""
    return path.with_name(f".{_short(path.name, _NAME_BYTES - len(ending.encode()) - 2)}.{ending}")


_NAME_BYTES = 255
_PATH_SIGNS = 4000
_MOST_BYTES_A_SIGN = 4
_DIGEST_SIGNS = 16
_ENDING_SIGNS = 16


def _unfinished(path: Path) -> str:
    """Return how the names of a file begin while it is written: `.STEM-`, and eight signs follow."""
    return f".{_short(path.stem, _NAME_BYTES - len(_ending(path)) - 10)}-"


def _ending(path: Path) -> str:
    """Return a file's ending; none where what follows its last dot is no ending, but a part of its name."""
    return path.suffix if path.suffix.isascii() and len(path.suffix) <= _ENDING_SIGNS else ""


def _short(name: str, most_bytes: int) -> str:
    """Return a name, or where it is too long for a file system, its beginning and a digest of it."""
    data = os.fsencode(name)
    if len(data) <= most_bytes:
        return name
    digest = hashlib.sha256(data).hexdigest()[:_DIGEST_SIGNS]
    return data[: most_bytes - _DIGEST_SIGNS].decode(errors="ignore") + digest


REASONS = {
    errno.ENOSPC: "no space left on the disk",
    errno.EDQUOT: "no space left in the quota",
    errno.EACCES: "no permission to write",
    errno.EROFS: "a read-only file system",
    errno.EEXIST: "a file where a folder should be",
    errno.ENOTDIR: "a file where a folder should be",
    errno.ENAMETOOLONG: "a name too long for this disk",
    errno.EISDIR: "a folder where a file should be",
    errno.EBUSY: "a folder where a file should be",  # what Linux says of `.`, and of a disk's own folder
    errno.EFBIG: "a file that may not grow",
}
"""Why a file cannot be written, in words, by the number of the system's error."""


def _reason(error: OSError) -> str:
    return REASONS.get(error.errno or 0) or str(error.strerror)


def _unwritable(where: Path | str, reason: str, error: OSError) -> DataError:
    """Return the error for what could not be written."""
    do = f"{advise_place(error)}; nothing was changed."
    return DataError(Fault(str(where), reason, "a folder that can be written", do))


def advise_place(error: OSError) -> str:
    """Return what to do where a file could not be written; room is asked for only where there is none."""
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return "Free some space or choose another folder" if is_full else "Choose another folder"


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


# -- lines: those of a log are on the disk whole or not at all, and are overwritten when they go.


_EXPLAINED = REASONS | {errno.ENOENT: "a folder or a file that is gone"}


def write_lines(path: Path, lines: Iterable[bytes]) -> None:
    """Write a whole file, on the disk when this returns; until then the earlier one is there.

    Raises
    ------
    DataError
        When it cannot be written; nothing is changed then.
    """
    with explaining_errors(path), writing(path) as temporary, temporary.open("wb") as file:
        file.writelines(line + b"\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def overwrite_lines(path: Path, lines: Iterable[bytes]) -> None:
    """Write a whole file in the place of another, whose bytes are overwritten where that can be.

    Nobody else has the other's bytes by then, unless under another name: a backup by hard link stays whole.
    """
    with path.open("r+b", buffering=0) as old:
        write_lines(path, lines)
        _blank_nameless(old)


def _blank(file: IO[bytes]) -> None:
    left = file.seek(0, os.SEEK_END)
    file.seek(0)
    while left > 0:
        left -= file.write(bytes(min(left, 1 << 20)))
    os.fsync(file.fileno())


@contextmanager
def appending_lines(path: Path, lines: Iterable[bytes]) -> Iterator[None]:
    """Put lines at the end, on the disk before the block begins; taken back when the block fails.

    Raises
    ------
    DataError
        When the disk is full or the file cannot be written; nothing is changed then.
    """
    data = memoryview(b"".join(line + b"\n" for line in lines))
    with explaining_errors(path), path.open("r+b", buffering=0) as file:
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
def explaining_errors(path: Path) -> Iterator[None]:
    """Raise an error of the kit where the system says why a file cannot be written.

    Raises
    ------
    DataError
        In place of the system's error, where it is one of those.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _EXPLAINED:
            raise
        raise _unwritable(error.filename or path, _EXPLAINED[error.errno], error) from error


def remove_unfinished(path: Path) -> None:
    """Remove what killed processes left half-written beside a file; nobody else may be writing it."""
    for left in path.parent.glob(f"{glob.escape(_unfinished(path))}????????{glob.escape(_ending(path))}"):
        left.unlink(missing_ok=True)


def change_stamp(path: Path) -> str:
    """Return what tells whether a file is still the one that was seen: which it is, its size, its times."""
    found = path.stat()
    return f"{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}"


def sync_folder(folder: Path) -> None:
    """Put a folder's list of names on the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# -- given files: they are kept under the digests of what is in them, and deleted for good.


_CHUNK_BYTES = 1 << 20
_COMING, _PATIENCE_SECONDS = "coming-", 3600
_DIGEST = re.compile("[0-9a-f]{64}")


class GivenFiles:
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
        with explaining_errors(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locks.exclusive_lock(self._lock):
                yield

    def find(self, sha256: str) -> Path | None:
        """Return where the file of a digest is; None where it is not here, or what a record says is none."""
        path = self.folder / sha256
        return path if _DIGEST.fullmatch(sha256) and path.is_file() else None

    def put(self, source: Path) -> str:
        """Keep a copy of a file, on the disk when this returns; return its digest; within `held`."""
        path = self.folder / sha256(source)
        if not path.exists():
            with writing(path, private=True) as temporary:
                _copy(source, temporary)
            sync_folder(self.folder)
        return path.name

    def put_data(self, data: bytes) -> str:
        """Keep a file that is here already; return its digest; within `held`."""
        path = self.folder / hashlib.sha256(data).hexdigest()
        if not path.exists():
            with writing(path, private=True) as temporary:
                temporary.write_bytes(data)
            sync_folder(self.folder)
        return path.name

    def incoming(self, name: str) -> Path:
        """Return an empty file for one that comes in pieces; within `held`."""
        path = self.folder / f"{_COMING}{name}"
        path.touch(mode=0o600)
        return path

    def sweep(self, kept: Collection[str]) -> list[Path]:
        """Delete all files but those of these digests, and what was left half-written; within `held`."""
        left = [path for path in self.folder.iterdir() if path.name not in kept and not _is_coming(path)]
        for path in left:
            erase_file(path)
        return [path for path in left if _DIGEST.fullmatch(path.name)]


def _is_coming(path: Path) -> bool:
    """Say whether a file may still be on its way; one that nothing was added to for an hour is not."""
    return path.name.startswith(_COMING) and time.time() - path.stat().st_mtime < _PATIENCE_SECONDS


def erase_file(path: Path) -> None:
    """Delete a file, its bytes overwritten where that can be: where it has no other name."""
    with ExitStack() as stack:
        with suppress(OSError):
            file = stack.enter_context(path.open("r+b", buffering=0))
            stack.callback(_blank_nameless, file)
        path.unlink()
    sync_folder(path.parent)


def _blank_nameless(file: IO[bytes]) -> None:
    with suppress(OSError):
        if not os.fstat(file.fileno()).st_nlink:
            _blank(file)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("wb") as written:
        while chunk := read.read(_CHUNK_BYTES):
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
