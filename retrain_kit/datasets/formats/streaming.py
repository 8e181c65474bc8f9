"""The entries of a JSON list, one after the other: files of a gigabyte in the memory of one entry."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any

import ijson

from retrain_kit.datasets.formats import opening
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_BROKEN = (
    ijson.JSONError,
    UnicodeDecodeError,
    OSError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    RuntimeError,  # zipfile's word for a password or a compression it does not know
)


def stream_json_list(path: Path, kind: str) -> Iterator[Any]:
    """Yield the entries of a file's list: plain JSON, packed by gzip, or a `.zip` that holds one such file.

    It is UTF-8, or UTF-16 or UTF-32 with its mark.

    Parameters
    ----------
    path
        The file; an archive is read as it lies, nothing is unpacked.
    kind
        What the file should be, for the message.

    Raises
    ------
    DataError
        When the file is missing, cut or no JSON.
    """
    try:
        with _opened(path) as file:
            yield from ijson.items(opening.in_utf8(file), "item", use_float=True)
    except _BROKEN as error:
        reason = " ".join(str(error).split())[:200]
        do = "Is the file whole? NaN and Infinity are no JSON; null is."
        raise DataError(Fault(str(path), f"no JSON ({reason})", kind, do)) from None


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(_only_json(archive)) as member:
            yield member
    else:
        with opening.open_unpacked(path) as file:
            yield file


def _only_json(archive: zipfile.ZipFile) -> str:
    """Return the name of the one JSON file in an archive; what macOS adds does not count."""
    names = [
        name for name in archive.namelist() if name.endswith(".json") and not name.startswith("__MACOSX/")
    ]
    if len(names) != 1:
        raise zipfile.BadZipFile(f"{len(names)} JSON files in the archive, not one")
    return names[0]


# -- the encoding of a text.


@contextmanager
def utf8_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a text to be read as UTF-8, whatever encoding its first bytes announce."""
    encoding = texts.encoding_of(path)
    with path.open("rb") as file:
        if encoding.startswith("utf-8"):
            yield file
        else:
            yield io.BufferedReader(_Recoded(file, encoding))


class _Recoded(io.RawIOBase):
    """A text in another encoding, read as UTF-8."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._text = io.TextIOWrapper(file, encoding, newline="")
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - what io hands over
        self._left = self._left or self._text.read(_RECODED_SIGNS).encode()
        found, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(found)] = found
        return len(found)


_RECODED_SIGNS = 1 << 16


# -- blocks of a CSV: whole lines, some megabytes at a time, however large the file is.


_BLOCK_BYTES = 1 << 22
_ROW_BYTES = 1 << 26


def csv_blocks(path: Path) -> Iterator[bytes]:
    """Yield the lines below the header, whole, some megabytes at a time.

    Raises
    ------
    DataError
        When a quoted cell does not end.
    """
    with utf8_file(path) as file:
        file.readline()
        rest = b""
        while chunk := file.read(_BLOCK_BYTES):
            block = rest + chunk
            end = _end(block)
            rest = block[end:]
            if len(rest) > _ROW_BYTES:
                do = "Is a quotation mark missing? Pull the table again."
                raise DataError(Fault(str(path), "a cell of more than 64 MB", "a closing quotation mark", do))
            if end:
                yield block[:end]
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"


def _end(block: bytes) -> int:
    """Return where the last whole row ends: behind a line break that is in no quoted cell."""
    end = block.rfind(b"\n") + 1
    while block.count(b'"', 0, end) % 2:
        end = block.rfind(b"\n", 0, block.rfind(b'"', 0, end)) + 1
    return end


def csv_rows(block: bytes, line: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows one by one with the number of the line on which each begins; slow and exact."""
    reader = csv.reader(io.StringIO(block.decode("utf-8", "replace"), newline=""))
    before = 0
    with suppress(csv.Error):
        for row in reader:
            yield line + before, row
            before = reader.line_num
