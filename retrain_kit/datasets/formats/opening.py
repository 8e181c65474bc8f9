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
    """Return a JSON file as UTF-8 without a mark, whatever encoding its own mark announces.

    Reading it ends with an `OSError` where its lists lie in each other so deep that who builds them entry by
    entry would need the square of the file's size.
    """
    start = file.read(_MARK_BYTES)
    encoding = texts.encoding_of_bytes(start)
    if encoding in {"utf-8", "utf-8-sig"}:
        return io.BufferedReader(_Json(file, start.removeprefix(codecs.BOM_UTF8), None))
    decoder = codecs.getincrementaldecoder(encoding)()
    return io.BufferedReader(_Json(file, decoder.decode(start).encode(), decoder))


_MAX_OPEN, _LOOKED_AT_BYTES = 5_000, 1 << 13


class _Json(io.RawIOBase):
    """What was read of a file already, and the file; recoded where it has a decoder."""

    def __init__(self, file: IO[bytes], start: bytes, decoder: codecs.IncrementalDecoder | None) -> None:
        self._file, self._left, self._decoder = file, start, decoder
        self._open = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # as io calls it
        if self._decoder is None and not self._left:
            part = self._file.read(len(buffer))
        else:
            self._recode()
            part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        self._check_depth(part[:_LOOKED_AT_BYTES])
        buffer[: len(part)] = part
        return len(part)

    def _recode(self) -> None:
        while self._decoder and not self._left:
            data = self._file.read(_PART_BYTES)
            self._left = self._decoder.decode(data, final=not data).encode()
            if not data:
                break

    def _check_depth(self, sample: bytes) -> None:
        """Count the brackets at the beginning of a part: those of all of it would take too long."""
        opened = sample.count(b"[") + sample.count(b"{")
        self._open = max(0, self._open + opened - sample.count(b"]") - sample.count(b"}"))
        if self._open > _MAX_OPEN:
            raise OSError("lists in lists, very deep")
