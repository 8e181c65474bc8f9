"""Opening files of text: packed by gzip or not, in UTF-8, or in UTF-16 or UTF-32 as a mark announces."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GZIP, _MARK_BYTES, _PART_BYTES = b"\x1f\x8b", 4, 1 << 16


@contextmanager
def open_unpacked(path: Path) -> Iterator[io.BufferedReader]:
    """Open a file for its bytes; what gzip has packed is unpacked on the way.

    Raises
    ------
    OSError
        When there is no such file, or it is packed and not whole.
    """
    with path.open("rb") as raw:
        if raw.peek(2)[:2] != _GZIP:
            yield raw
            return
        try:
            with gzip.open(raw) as unpacked, io.BufferedReader(unpacked) as buffered:
                yield cast("io.BufferedReader", buffered)
        except (EOFError, zlib.error) as error:
            raise OSError(f"not whole: {error}") from None


@contextmanager
def open_text(path: Path) -> Iterator[IO[str]]:
    """Open a file for its text; its lines end as they do in the file.

    Raises
    ------
    OSError, UnicodeError
        When it cannot be read, or is no text.
    """
    with open_unpacked(path) as raw:
        encoding = texts.encoding_of_bytes(raw.peek(_MARK_BYTES)[:_MARK_BYTES])
        yield io.TextIOWrapper(raw, encoding, newline="")


def in_utf8(file: IO[bytes]) -> IO[bytes]:
    """Return a file whose bytes are UTF-8 without a mark, whatever encoding its own mark announces."""
    start = file.read(_MARK_BYTES)
    encoding = texts.encoding_of_bytes(start)
    rest = io.BytesIO(start.removeprefix(codecs.BOM_UTF8)) if encoding in {"utf-8", "utf-8-sig"} else None
    return io.BufferedReader(_Recoded(file, start, encoding) if rest is None else _Joined(rest, file))


class _Joined(io.RawIOBase):
    """What was read of a file already, and the file."""

    def __init__(self, start: IO[bytes], file: IO[bytes]) -> None:
        self._start, self._file = start, file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # as io calls it
        data = self._start.read(len(buffer)) or self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Recoded(io.RawIOBase):
    """A file's text as UTF-8."""

    def __init__(self, file: IO[bytes], start: bytes, encoding: str) -> None:
        self._file, self._left = file, b""
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._left = self._decoder.decode(start).encode()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # as io calls it
        while not self._left and (data := self._file.read(_PART_BYTES)):
            self._left = self._decoder.decode(data).encode()
        if not self._left:
            self._decoder.decode(b"", final=True)
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)
