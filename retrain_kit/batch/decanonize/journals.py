"""Journals: what was done to each image, a JSON line each, so that a batch goes on where it was.

The first line holds what the batch was begun with; going on with anything else is refused. A last line that a
killed process left unfinished is cut off. A record counts only as long as its files are there; a later record
of the same image goes before an earlier one.
"""

from __future__ import annotations

import errno
import json
import os
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from retrain_kit.batch.decanonize import locations
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType

JOURNAL_NAME = "decanonized.jsonl"


@dataclass(frozen=True)
class JournalEntry:
    """What was done to an image.

    Parameters
    ----------
    row, id
        As in its task.
    source, source_sha256
        The file below the study's folder, and its digest.
    output, output_sha256, size_bytes, width_px, height_px
        What was written, below the result's folder; empty where the image was skipped. The size is that of
        the upright image.
    mask, mask_sha256
        The mask beside it, where one was written.
    way
        The way it took: `jpeg`, `exact`, `beside` or `pixel`.
    why
        Why it took another way than the first one.
    removed, effective
        The share of the frame that the annotations cover, and the share that is gone with the block grid.
    fill
        What stands there now.
    gone
        What of the file went with it: metadata, frames after the first, bits and colours that are not kept.
    still_holds
        Whether the file written still holds what was removed.
    skipped
        Why nothing was written.
    rejected
        The annotations of the image that could not be taken, so that nothing was taken out for them: of each
        its id, label, reason and place, and what was kept of it.
    """

    row: int
    id: str
    source: str
    source_sha256: str = ""
    output: str = ""
    output_sha256: str = ""
    size_bytes: int = 0
    width_px: int = 0
    height_px: int = 0
    mask: str = ""
    mask_sha256: str = ""
    way: str = ""
    why: str = ""
    removed: float = 0.0
    effective: float = 0.0
    fill: str = ""
    gone: tuple[str, ...] = ()
    still_holds: bool = False
    skipped: str = ""
    rejected: tuple[Mapping[str, str], ...] = ()

    def line(self) -> bytes:
        """Return the record as a line of the journal; what is empty is left out, but for the shares."""
        empty = ("", 0, (), False)
        always = {"row", "removed", "effective"}
        stated = {key: value for key, value in vars(self).items() if key in always or value not in empty}
        return json.dumps(stated, ensure_ascii=False).encode() + b"\n"

    @classmethod
    def from_record(cls, stated: Mapping[str, Any]) -> JournalEntry:
        """Return the record of a line's dictionary."""
        lists = {name: tuple(stated.get(name, ())) for name in ("gone", "rejected")}
        return cls(**{**stated, **lists})


class Journal:
    """The journal of a batch, open for what comes next.

    Parameters
    ----------
    path
        Where it is.
    pins
        What the batch is begun with.
    count
        How many images the study has.

    Raises
    ------
    ParameterError
        When it was begun with something else; with a fault for each difference.
    DataError
        When it is no journal or cannot be written.
    """

    def __init__(self, path: Path, pins: Mapping[str, object], count: int) -> None:
        self._path = path
        self._places = array("q", [-1]) * count
        if not (path.exists() and path.stat().st_size):
            with files.writing(path) as temporary:
                temporary.write_text(json.dumps(pins, ensure_ascii=False) + "\n", encoding="utf-8")
        try:
            self._file = path.open("r+b", buffering=0)
        except OSError as error:
            raise locations.unwritable_error(str(path), error) from error
        self._cut_torn_line()
        self._lines = path.open("rb")
        _compare(self._parsed(self._lines.readline(), 1), pins, path)
        self._begin = self._end = self._lines.tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._file.close()
        self._lines.close()

    def __getitem__(self, row: int) -> JournalEntry:
        """Return the record that counts of an image.

        Raises
        ------
        KeyError
            When there is none.
        """
        if self._places[row] < 0:
            raise KeyError(row)
        self._lines.seek(self._places[row])
        return JournalEntry.from_record(json.loads(self._lines.readline()))

    def read_entries(self, counts: Callable[[JournalEntry], bool]) -> None:
        """Read all records and note those that count."""
        position = self._lines.seek(self._begin)
        for number, line in enumerate(self._lines, start=2):
            record = self._record(line, number)
            self._places[record.row] = position if counts(record) else -1
            position += len(line)
        self._end = position

    def done(self, row: int) -> bool:
        """Say whether an image has a record that counts."""
        return self._places[row] >= 0

    @property
    def done_count(self) -> int:
        """How many images have a record that counts."""
        return sum(place >= 0 for place in self._places)

    def add(self, record: JournalEntry) -> None:
        """Write a record at the end.

        Raises
        ------
        locations.UnwritableError
            When the disk is full; what was written of the record is taken back.
        """
        line = record.line()
        try:
            self._file.seek(self._end)
            written = self._file.write(line)
        except OSError as error:
            raise locations.unwritable_error(str(self._path), error) from error
        if written != len(line):
            self._file.truncate(self._end)
            raise locations.unwritable_error(
                str(self._path), OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            )
        self._places[record.row] = self._end
        self._end += len(line)

    def _cut_torn_line(self) -> None:
        end = self._file.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - 65536)
            self._file.seek(start)
            newline = self._file.read(end - start).rfind(b"\n")
            if newline >= 0:
                self._file.truncate(start + newline + 1)
                return
            end = start

    def _record(self, line: bytes, number: int) -> JournalEntry:
        try:
            record = JournalEntry.from_record(self._parsed(line, number))
            self._places[record.row]
        except (TypeError, IndexError):
            found, do = "no record of this study", "Choose another folder, or mend or remove the line."
            raise DataError(
                Fault(f"{self._path}, line {number}", found, "a line as the kit writes it", do)
            ) from None
        return record

    def _parsed(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if isinstance(found, dict):
            return found
        where, do = f"{self._path}, line {number}", "Choose another folder, or mend or remove the line."
        raise DataError(Fault(where, "no record", "a line as the kit writes it", do))


def _compare(before: Mapping[str, object], now: Mapping[str, object], path: Path) -> None:
    faults = [
        Fault(f"{path}, {key}", repr(now.get(key)), f"{before.get(key)!r}, with which this folder was begun")
        for key in {**before, **now}
        if before.get(key) != now.get(key)
    ]
    if faults:
        do = "Go on with the same, or choose another folder with -o."
        raise ParameterError(*faults[:-1], Fault(faults[-1].where, faults[-1].found, faults[-1].expected, do))
