"""What is handed in: files of answers as a course system gives them, in one zip or in a folder of folders.

Such systems put people's names into names of files and folders. Those are never kept and never told: a file
is told by its number, in the order of the names, and by what it is. Files are read by what is in them,
whatever they are called; what is no file of answers is left alone.
"""

from __future__ import annotations

import lzma
import re
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from retrain_kit.answers import log
from retrain_kit.answers.log import LOG_NAME
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MAX_FILES, MAX_FILE_BYTES, MAX_BYTES = 10_000, 200_000_000, 2_000_000_000
"""Of one zip or folder: how many files, how large one with answers may be, and all of those together."""
_HEAD_BYTES, _CHUNK_BYTES = 400, 1 << 20
_LITTER = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
_KINDS = (
    (b"PK\x03\x04", "an archive, or a document of Word and its kin"),
    (b"\xd0\xcf\x11\xe0", "a document of Word or its kin"),
    (b"%PDF", "a PDF"),
    (b"\xff\xd8\xff", "an image"),
    (b"\x89PNG", "an image"),
)
_KEY = b"The key of "
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError),
    *(NotImplementedError, ValueError, RuntimeError, OSError),
)


@dataclass(frozen=True)
class HandedIn:
    """Files of answers, and what was handed in beside them.

    Parameters
    ----------
    files
        Files of answers, or stores' folders.
    left_alone
        A fault for each other file.
    """

    files: tuple[Path, ...]
    left_alone: tuple[Fault, ...]


@dataclass(frozen=True)
class Given:
    """A file in a zip or a folder: its name, which is told to nobody, and how to open it."""

    name: str
    open: Callable[[], IO[bytes]]


@contextmanager
def files_handed_in(path: Path) -> Iterator[list[Given]]:
    """Give all files of a zip, or of a folder and those in it, in the order of their names, for the block.

    Raises
    ------
    DataError
        When it cannot be used at all: it is broken, encrypted, leads elsewhere, or holds too many files.
    """
    try:
        if path.is_dir():
            yield _in_folder(path)
        else:
            with zipfile.ZipFile(path) as archive:
                yield _in_zip(path, archive)
    except _BROKEN as error:
        raise DataError(
            Fault(str(path), f"a zip that cannot be read ({type(error).__name__})", "a whole zip", _AGAIN)
        ) from None


@contextmanager
def handed_in(paths: Iterable[Path], *, demonstration: bool) -> Iterator[HandedIn]:
    """Give the files of answers that paths lead to, for the block: stores and files as they are.

    Raises
    ------
    DataError
        When a zip or a folder cannot be used at all: it is broken, encrypted, leads elsewhere or swells.
    """
    files: list[Path] = []
    left: list[Fault] = []
    with tempfile.TemporaryDirectory(prefix="retrain-kit-") as scratch:
        for number, path in enumerate(paths):
            if is_zip(path) or (path.is_dir() and not (path / LOG_NAME).exists()):
                folder = Path(scratch) / str(number)
                folder.mkdir()
                _unpack(path, folder, left, demonstration=demonstration)
                found = sorted(folder.iterdir())
                if not found:
                    raise DataError(
                        Fault(str(path), "no file of answers", "files called answers-….jsonl"), *left
                    )
                files += found
            else:
                files.append(path)
        yield HandedIn(tuple(files), tuple(left))


def without_scratch(fault: Fault, files: Iterable[Path]) -> Fault:
    """Return a fault that names a file as it was handed in, not where it was unpacked."""
    for file in files:
        if fault.where.startswith(str(file)) and file.name.endswith(_UNPACKED):
            told = file.name.removesuffix(_UNPACKED) + fault.where.removeprefix(str(file))
            return Fault(told, fault.found, fault.expected, fault.do)
    return fault


_UNPACKED = ".unpacked"


def is_zip(path: Path) -> bool:
    """Say whether a file is a zip."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _unpack(path: Path, folder: Path, left: list[Fault], *, demonstration: bool) -> None:
    """Put the files of answers into a folder, under their numbers; list the others."""
    try:
        if path.is_dir():
            _take(path, _in_folder(path), folder, left, demonstration=demonstration)
            return
        with zipfile.ZipFile(path) as archive:
            _take(path, _in_zip(path, archive), folder, left, demonstration=demonstration)
    except _BROKEN as error:
        raise DataError(
            Fault(str(path), f"a zip that cannot be read ({type(error).__name__})", "a whole zip", _AGAIN)
        ) from None


_AGAIN = "Download it again from the course system; nothing was taken in."


def _take(path: Path, found: list[Given], folder: Path, left: list[Fault], *, demonstration: bool) -> None:
    taken_bytes = 0
    for number, each in enumerate(found, 1):
        told = f"{path.name}, file {number} of {len(found)}"
        with each.open() as file:
            head = file.read(_HEAD_BYTES)
            kind = _kind(head)
            if not kind:
                target = folder / f"{told.replace('/', ' ')}{_UNPACKED}"
                taken_bytes += _copy(head, file, target, path)
                if taken_bytes > MAX_BYTES:
                    raise DataError(_swells(path, MAX_BYTES))
                kind = _refusal(target, demonstration=demonstration)
        if kind:
            do = _DELETE_KEY if kind == A_KEY else "It is left alone."
            left.append(Fault(told, kind, "a file of answers", do))


A_KEY = "somebody's key"
_DELETE_KEY = "Delete it, and tell whoever handed it in: with it anybody can speak as them."


def _kind(head: bytes) -> str:
    """Return what a file is by its beginning; empty where it may be a file of answers."""
    if log.is_header(head.partition(b"\n")[0]):
        return ""
    if not head.strip():
        return "an empty file"
    if head.removeprefix(b"\xef\xbb\xbf").startswith(_KEY):
        return A_KEY
    known = (name for magic, name in _KINDS if head.startswith(magic))
    return next(known, "a file of another kind" if b"\0" in head else "a text, or a file of another kind")


def _refusal(target: Path, *, demonstration: bool) -> str:
    """Return why a file of answers cannot be taken, and take it away; empty where it can."""
    try:
        log.check_demonstration(log.read_log_header(target), target, demonstration=demonstration)
    except DataError as error:
        target.unlink()
        return error.faults[0].found
    return ""


def _copy(head: bytes, file: IO[bytes], target: Path, path: Path) -> int:
    size = len(head)
    with target.open("wb") as written:
        written.write(head)
        while piece := file.read(_CHUNK_BYTES):
            size += written.write(piece)
            if size > MAX_FILE_BYTES:
                raise DataError(_swells(path, MAX_FILE_BYTES))
    return size


def _swells(path: Path, most: int) -> Fault:
    found = f"more than {most / 1e6:,.0f} MB of answers"
    return Fault(
        str(path), found, "what a class hands in", "Beware of a zip that swells; nothing was taken in."
    )


def _in_folder(path: Path) -> list[Given]:
    """Return the files of a folder and of those in it; links are not followed."""
    files = [each for each in path.rglob("*") if each.is_file() and not each.is_symlink()]
    named = {each.relative_to(path).as_posix(): each for each in files}
    found = [Given(name, lambda each=each: each.open("rb")) for name, each in sorted(named.items())]  # type: ignore[misc]
    return _counted(path, found)


def _in_zip(path: Path, archive: zipfile.ZipFile) -> list[Given]:
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    if any(info.flag_bits & 1 for info in infos):
        raise DataError(Fault(str(path), "an encrypted zip", "one without a password", _AGAIN))
    if any(_climbs(info.filename) for info in infos):
        raise DataError(
            Fault(str(path), "names that lead out of the zip", "a zip of a course system", _AGAIN)
        )
    ordered = sorted(infos, key=lambda info: (info.filename, info.header_offset))
    return _counted(path, [Given(info.filename, lambda info=info: archive.open(info)) for info in ordered])  # type: ignore[misc]


def _climbs(name: str) -> bool:
    leads = name.startswith(("/", "\\")) or bool(re.match("[A-Za-z]:[\\\\/]", name)) or "\0" in name
    return leads or ".." in PurePosixPath(name.replace("\\", "/")).parts


def _counted(path: Path, found: list[Given]) -> list[Given]:
    """Return the files without what systems leave behind; more than any class hands in are refused."""
    kept = [each for each in found if not _LITTER.search(each.name)]
    if len(kept) > MAX_FILES:
        raise DataError(Fault(str(path), f"{len(kept)} files", f"at most {MAX_FILES}", _AGAIN))
    return kept
