"""Tables as CSV in blocks of whole lines, some megabytes at a time, however large the file is."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_BLOCK_BYTES = 1 << 22
_ROW_BYTES = 1 << 26


def csv_blocks(path: Path) -> Iterator[bytes]:
    """Yield the lines below the header, whole, some megabytes at a time.

    Raises
    ------
    DataError
        When a quoted cell does not end.
    """
    with path.open("rb") as raw:
        file = texts.in_utf8(raw)
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
