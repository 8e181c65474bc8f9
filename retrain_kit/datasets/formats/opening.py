"""Opening files of text: packed by gzip or not, in UTF-8, or in UTF-16 or UTF-32 as a mark announces."""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GZIP, _MARK_BYTES = b"\x1f\x8b", 4


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
