"""Members of archives, in their order, whatever the archive's format."""

from __future__ import annotations

import functools
import io
import lzma
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Literal, Self, cast

from tqdm.auto import tqdm

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from _typeshed import WriteableBuffer

MemberKind = Literal["file", "folder", "link", "hard link", "device", "encrypted file"]
FILE_KINDS: tuple[MemberKind, ...] = ("file", "hard link", "encrypted file")

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPRESSIONS = {b"\x1f\x8b": "gz", b"\xfd7zXZ": "xz", b"BZh": "bz2"}
_BROKEN = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
)
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Member:
    """One member of an archive.

    Parameters
    ----------
    name
        Its name as the archive has it.
    kind
        What it is.
    size_bytes
        How large it is, as the archive says it.
    target
        Where a link leads.
    open
        Return its content; only until the next member is asked for.
    """

    name: str
    kind: MemberKind
    size_bytes: int
    target: str
    open: Callable[[], io.BufferedReader]


@contextmanager
def open_archive(path: Path) -> Iterator[io.BufferedReader]:
    """Give an archive's file for the block, with a progress bar where it takes more than a second.

    Raises
    ------
    DataError
        When the archive is broken or cut, or when a file cannot be read or written in the block.
    """
    try:
        with _Watched(path) as raw, io.BufferedReader(raw) as file:
            yield cast("io.BufferedReader", file)
    except OSError as error:
        if error.errno is None:
            raise _broken(path, error) from error
        where, found = str(error.filename or path), error.strerror or str(error)
        raise DataError(Fault(where, found, "a file that can be read or written")) from error
    except _BROKEN as error:
        raise _broken(path, error) from error


def read_members(file: io.BufferedReader) -> Iterator[Member]:
    """Give the members of an archive one after the other."""
    start = file.peek(8)[:8]
    if start.startswith(_ZIP):
        yield from _zip_members(file)
    else:
        known = (name for magic, name in _COMPRESSIONS.items() if start.startswith(magic))
        yield from _tar_members(file, next(known, ""))


def copy_content(source: IO[bytes], target: IO[bytes]) -> None:
    """Copy a member's content, a piece at a time."""
    while piece := source.read(_CHUNK_BYTES):
        target.write(piece)


@contextmanager
def open_nested(source: io.BufferedReader, *, again: bool) -> Iterator[io.BufferedReader]:
    """Give an archive within an archive, so that it can be read.

    A tar is read as it comes. A zip, which has its list at its end, and what is to be read `again` are
    copied into a nameless temporary file.
    """
    if not again and not source.peek(8).startswith(_ZIP):
        yield source
        return
    with tempfile.TemporaryFile() as file:
        copy_content(source, file)
        file.seek(0)
        yield cast("io.BufferedReader", file)


class _Watched(io.FileIO):
    """A file that shows how far it was read."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        size_bytes = path.stat().st_size
        self._bar = tqdm(total=size_bytes, unit="B", unit_scale=True, desc=path.name, delay=1, leave=False)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        count = super().readinto(buffer)
        self._bar.update(self.tell() - self._bar.n)
        return count

    def close(self) -> None:
        if hasattr(self, "_bar"):
            self._bar.close()
        super().close()


def _broken(path: Path, error: Exception) -> DataError:
    found = f"an archive that cannot be read ({str(error) or type(error).__name__})"
    do = "Cut or damaged? Move it away and fetch it again."
    return DataError(Fault(str(path), found, "a whole zip or tar", do))


# Zip


def _zip_members(file: io.BufferedReader) -> Iterator[Member]:
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            kind = _zip_kind(info)
            target = archive.read(info).decode() if kind == "link" else ""
            yield Member(
                info.filename, kind, info.file_size, target, functools.partial(_open_zipped, archive, info)
            )


def _zip_kind(info: zipfile.ZipInfo) -> MemberKind:
    mode = info.external_attr >> 16
    if info.flag_bits & 1:
        return "encrypted file"
    if info.is_dir():
        return "folder"
    if stat.S_ISLNK(mode):
        return "link"
    return "file" if stat.S_IFMT(mode) in (0, stat.S_IFREG) else "device"


def _open_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> io.BufferedReader:
    if (kind := _zip_kind(info)) != "file":
        raise zipfile.BadZipFile(f"{info.filename} is no file but: {kind}")
    return io.BufferedReader(cast("io.RawIOBase", archive.open(info)))


# Tar


class _Header(tarfile.TarInfo):
    """A header that is whole, or that of the archive's end: the library takes a damaged one for an end."""

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.HeaderError as error:
            if type(error).__name__ == "EOFHeaderError":
                raise
            raise tarfile.ReadError(f"at {tarfile_.offset}: {error}") from error


def _tar_members(file: io.BufferedReader, compression: str) -> Iterator[Member]:
    mode = cast("Literal['r:']", f"r:{compression}")
    with tarfile.open(fileobj=file, mode=mode, tarinfo=_Header) as archive:
        while info := archive.next():
            opened = functools.partial(_open_tarred, archive, info)
            yield Member(info.name, _tar_kind(info), info.size, info.linkname, opened)
            cast("Any", archive).members.clear()  # an archive of millions would fill the memory
        while cast("IO[bytes]", archive.fileobj).read(_CHUNK_BYTES):
            pass  # to the end, where a compressed archive has its checksum


def _tar_kind(info: tarfile.TarInfo) -> MemberKind:
    kinds: dict[MemberKind, bool] = {
        "file": info.isreg(),
        "folder": info.isdir(),
        "link": info.issym(),
        "hard link": info.islnk(),
    }
    return next((kind for kind, is_it in kinds.items() if is_it), "device")


def _open_tarred(archive: tarfile.TarFile, info: tarfile.TarInfo) -> io.BufferedReader:
    content = archive.extractfile(info) if info.isreg() else None
    if content is None:
        raise tarfile.ExtractError(f"{info.name} is no file but: {_tar_kind(info)}")
    return cast("io.BufferedReader", content)
