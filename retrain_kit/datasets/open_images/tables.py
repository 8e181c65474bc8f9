"""The tables of Open Images: CSV of millions of rows, read block by block in little memory.

The first reading of a big table also makes a copy of it, from which later readings take what they want.

A row with more or fewer cells than the header is damage. Whoever reads rows may have such rows listed, and
goes on with the others; without that, the file cannot be trusted, and never where its last row was cut.
"""

from __future__ import annotations

import csv
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from retrain_kit.datasets.formats import streaming
from retrain_kit.datasets.open_images import parquet
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    Row = dict[str, Any]
    What = pl.Expr | tuple[pl.Expr, ...]
    Take = Callable[[pl.DataFrame], list[Any]]

LINE_COLUMN = "line"
_MOST_FAULTS = 100


@dataclass(frozen=True)
class BrokenRow:
    """A row that was cut or joined with another: its line, its cells where it has some, and the fault."""

    line: int
    cells: Row
    fault: Fault


@dataclass(frozen=True)
class Table:
    """A table as a CSV.

    Parameters
    ----------
    path
        The file.
    columns
        Those it must have, in any order; the one that names the image (ImageID, ImageId) is among them.
    """

    path: Path
    columns: tuple[str, ...]

    @property
    def key(self) -> str:
        """The column that names the image: ImageID, in the table of points ImageId."""
        return next(column for column in self.columns if column.lower() == "imageid")

    def rows(self, ids: Collection[str], broken: list[BrokenRow] | None = None) -> list[Row]:
        """Return the rows of these images: texts under their columns' names, and the number of the `line`.

        Parameters
        ----------
        ids
            Of the images.
        broken
            Where rows go that were cut, those of any image.

        Raises
        ------
        DataError
            When the file is missing, is no CSV, lacks one of the columns or is cut at its end; and when it
            has rows that were cut, where they are not asked for.
        """
        cells = pl.col(LINE_COLUMN), pl.exclude(LINE_COLUMN).fill_null("")
        return self._find(pl.col(self.key).is_in(sorted(ids)), cells, pl.DataFrame.to_dicts, broken)

    def values(
        self, column: str, where: pl.Expr | None = None, broken: list[BrokenRow] | None = None
    ) -> list[str]:
        """Return the values of a column, each once, in the rows that fulfil a condition.

        Parameters
        ----------
        column, where
            The column's name, and the condition.
        broken
            As for `rows`.

        Raises
        ------
        DataError
            As for `rows`.
        """
        condition = pl.lit(value=True) if where is None else where
        found = self._find(
            condition & pl.col(column).is_not_null(),
            pl.col(column).unique(maintain_order=True),
            lambda frame: frame[column].to_list(),
            broken,
        )
        return list(dict.fromkeys(found))

    def broken_rows(self) -> list[BrokenRow]:
        """Return the rows that were cut, those of any image.

        Raises
        ------
        DataError
            As for `rows`, where it lists them.
        """
        broken: list[BrokenRow] = []
        self.rows((), broken)
        return broken

    def _find(
        self, where: pl.Expr, what: What, take: Take, broken: list[BrokenRow] | None = None
    ) -> list[Any]:
        """Return what a function takes of `what` of the rows `where`, from the copy if there is one."""
        if parquet.has_current_copy(self.path):
            with suppress(*parquet.READ_ERRORS):
                copy = pl.scan_parquet(parquet.copy_path(self.path))
                return take(copy.filter(where).select(what).collect(engine="streaming"))
        if parquet.wants_copy(self.path):
            with suppress(parquet.NoCopyError):
                reading = _Reading(self, where, what, take)
                try:
                    reading.copy()
                except DataError:
                    if broken is None:
                        raise
                    reading.take_broken(broken)
                return reading.found
        reading = _Reading(self, where, what, take)
        try:
            for _ in reading.frames():
                pass
        except UnicodeError as error:
            raise DataError(Fault(str(self.path), f"no table ({error})", "a CSV of Open Images")) from None
        if broken is not None:
            reading.take_broken(broken)
        reading.check()
        return reading.found


class _Reading:
    """One way through a CSV: what is found on it, and what is broken."""

    def __init__(self, table: Table, where: pl.Expr, what: What, take: Take) -> None:
        self.path, self.key = table.path, table.key
        self.where, self.what, self.take = where, what, take
        self.found: list[Any] = []
        self.faults: list[Fault] = []
        self.broken: list[BrokenRow] = []
        self.rows = self.more = 0
        self.ends_in_a_cut = False
        self.names = _header(table)

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the table piece by piece and take what is wanted of each."""
        line = 2
        for block in streaming.csv_blocks(self.path):
            self.ends_in_a_cut = False
            frame = self._frame(block, line)
            line += block.count(b"\n")
            self.rows += frame.height
            self.found += self.take(frame.filter(self.where).select(self.what))
            yield frame

    def copy(self) -> None:
        """Go through the whole table and write its copy; not where it is broken."""
        schema = {LINE_COLUMN: pl.UInt32, **dict.fromkeys(self.names, pl.String)}
        parquet.write_copy(self.path, schema, self.frames, self.check)

    def take_broken(self, broken: list[BrokenRow]) -> None:
        """Give the broken rows away where the file can be trusted without them, and check it without them.

        It can where other rows are whole, and its last row was not cut.
        """
        if self.rows and not self.ends_in_a_cut and not self.more:
            broken += self.broken
            self.broken = []
        self.check()

    def check(self) -> None:
        """Raise what is broken, all together."""
        faults = [*self.faults, *(row.fault for row in self.broken)]
        if self.more:
            faults.append(Fault(str(self.path), f"{self.more} more such rows", "none"))
        if faults:
            raise DataError(*faults)

    def _frame(self, block: bytes, line: int) -> pl.DataFrame:
        """Return whole lines as a frame with their numbers; what is broken in them is listed."""
        schema = dict.fromkeys(self.names, pl.String)
        try:
            frame = pl.read_csv(
                block, has_header=False, schema=schema, row_index_name=LINE_COLUMN, row_index_offset=line
            )
        except pl.exceptions.PolarsError as error:
            reason = " ".join(str(error).split())[:120]
            last = line + block.count(b"\n") - 1
            fault = Fault(
                f"{self.path}, lines {line} to {last}", f"no CSV ({reason})", "comma-separated UTF-8"
            )
            broken = self._list(self._broken(block, line))
            self.faults += [] if broken else [fault]
            return self._whole_rows(block, line, {row.line for row in broken})
        if b'"' in block and frame.height != block.count(b"\n"):
            frame = _numbered(frame, block, line)
        if _suspicious(frame, block, self.key) and (broken := self._list(self._broken(block, line))):
            return self._whole_rows(block, line, {row.line for row in broken})
        return frame

    def _whole_rows(self, block: bytes, line: int, broken: Collection[int]) -> pl.DataFrame:
        """Return the rows of a block that are not on broken lines, read one by one; none where none is."""
        schema = {LINE_COLUMN: pl.UInt32, **dict.fromkeys(self.names, pl.String)}
        rows = [
            (number, *(cell or None for cell in row))
            for number, row in streaming.csv_rows(block, line)
            if broken and row and number not in broken
        ]
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _list(self, broken: list[BrokenRow]) -> list[BrokenRow]:
        room = _MOST_FAULTS - len(self.broken)
        self.broken += broken[:room]
        self.more += len(broken[room:])
        return broken

    def _broken(self, block: bytes, line: int) -> list[BrokenRow]:
        """Return each row with another number of cells than the header, or of no image."""
        broken = []
        key = self.names.index(self.key)
        do = "The row was cut or joined with another; pull the table again."
        for number, row in streaming.csv_rows(block, line):
            where, short = f"{self.path}, line {number}", len(row) < len(self.names)
            self.ends_in_a_cut = bool(row) and short
            if row and len(row) != len(self.names):
                fault = Fault(where, _cells(len(row)), _cells(len(self.names)), do)
            elif row and not row[key]:
                fault = Fault(f"{where}, {self.key}", "nothing", "the id of an image")
            else:
                continue
            cells = dict(zip(self.names, row, strict=False))
            broken.append(BrokenRow(number, cells | {LINE_COLUMN: number}, fault))
        return broken


def _header(table: Table) -> list[str]:
    """Return the names of the columns.

    Raises
    ------
    DataError
        When the file cannot be read, or lacks one of the columns it must have, or has one twice.
    """
    try:
        with table.path.open("rb") as file:
            names = next(csv.reader([texts.in_utf8(file).readline().decode()]), [])
    except (OSError, ValueError, csv.Error) as error:
        reason = " ".join(str(error).split())[:200]
        raise DataError(
            Fault(str(table.path), f"no table ({reason})", "a CSV of Open Images, whole")
        ) from None
    missing = [column for column in table.columns if column not in names]
    twice = sorted({name for name in names if [*names, LINE_COLUMN].count(name) > 1})
    where = f"{table.path}, line 1"
    faults = [Fault(where, "other columns", f"also {', '.join(missing)}")] if missing else []
    if missing and (sign := _other_separator(names, table.columns)):
        faults = [Fault(where, f"cells separated by {sign}", "commas", "Save the table with commas.")]
    faults += [Fault(where, f"the column {name!r} twice", "it once") for name in twice]
    if faults:
        raise DataError(*faults)
    return names


def _other_separator(names: list[str], columns: Collection[str]) -> str:
    """Return how the cells of a header are separated where that is not by commas; else an empty text."""
    signs = {";": ";", "\t": "tabs", "|": "|"}
    line = ",".join(names)
    parts = {sign: {part.strip('" ') for part in line.split(sign)} for sign in signs}
    return next((signs[sign] for sign in signs if parts[sign].issuperset(columns)), "")


def _suspicious(frame: pl.DataFrame, block: bytes, key: str) -> bool:
    """Return whether a row may have been cut: then its last cell is missing, or its image is.

    Empty and missing cells look the same in a frame. A row whose last cell is empty ends in a comma.
    """
    last, before = frame.columns[-1], frame.columns[-2]
    empty = frame[last].null_count()
    if not empty:
        return frame[key].null_count() > 0
    ends = block.count(b",\n") + block.count(b",\r\n")
    both = frame.select((pl.col(last).is_null() & pl.col(before).is_null()).any()).item()
    return bool(both) or ends != empty or frame[key].null_count() > 0


def _numbered(frame: pl.DataFrame, block: bytes, line: int) -> pl.DataFrame:
    """Return the frame with true numbers of lines where cells have line breaks in them."""
    numbers = [number for number, _ in streaming.csv_rows(block, line)]
    if len(numbers) != frame.height:
        return frame
    return frame.with_columns(pl.Series(LINE_COLUMN, numbers, dtype=pl.UInt32))


def _cells(number: int) -> str:
    return f"{number} cell{'' if number == 1 else 's'}"
