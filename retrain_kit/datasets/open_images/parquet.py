"""Copies of big tables as Parquet, beside the CSV: `<name of the CSV>.parquet`.

A copy holds all cells as texts, and the number of each row's `line`. It is good for as long as the CSV has
the size and the time that it was made with. Where none can be written none is made, and a Parquet file of
that name that the kit did not write is left alone.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import polars as pl
from polars.io.plugins import register_io_source

from retrain_kit.errors import DataError
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

MIN_TABLE_BYTES = 50_000_000
"""Tables above this size get a copy."""

READ_ERRORS = (pl.exceptions.PolarsError, OSError)
_GROUP_ROWS = 1 << 16
_MADE_FROM = "retrain-kit: copy of"


class NoCopyError(Exception):
    """A copy could not be written."""


def copy_path(path: Path) -> Path:
    """Return where the copy of a table is, or would be."""
    return path.with_name(f"{path.name}.parquet")


def has_current_copy(path: Path) -> bool:
    """Return whether a table has a copy, made from the file as it is now."""
    with suppress(*READ_ERRORS):
        return _made_from(copy_path(path)) == _state(path)
    return False


def wants_copy(path: Path) -> bool:
    """Return whether a copy is worth its place, has a place, and overwrites nothing that is not the kit's."""
    try:
        bytes_ = path.stat().st_size
        room = os.access(path.parent, os.W_OK) and shutil.disk_usage(path.parent).free > bytes_
        return (
            bytes_ >= MIN_TABLE_BYTES
            and room
            and (not copy_path(path).exists() or bool(_made_from(copy_path(path))))
        )
    except READ_ERRORS:
        return False


def write_copy(
    path: Path,
    schema: Mapping[str, type[pl.DataType]],
    frames: Callable[[], Iterator[pl.DataFrame]],
    check: Callable[[], None],
) -> None:
    """Write the copy of a table whose frames are given; `check` may refuse it at the end.

    Raises
    ------
    NoCopyError
        When it could not be written.
    KitError
        What `check` raises; then there is no copy.
    """
    state = _state(path)

    def source(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch: int | None
    ) -> Iterator[pl.DataFrame]:
        del with_columns, predicate, n_rows, batch
        return frames()

    refused: DataError | None = None
    try:
        with writing(copy_path(path)) as temporary:
            register_io_source(source, schema=pl.Schema(schema)).sink_parquet(
                temporary,
                compression_level=1,
                row_group_size=_GROUP_ROWS,
                metadata={_MADE_FROM: state},
                engine="streaming",
            )
            try:
                check()
            except DataError as error:
                refused = error
                raise
    except (DataError, *READ_ERRORS) as error:
        raise (refused or NoCopyError(str(error))) from None


def _state(path: Path) -> str:
    """Return what tells a table from a later one: its size and when it was last changed."""
    status = path.stat()
    return f"{status.st_size} bytes of {status.st_mtime_ns} ns"


def _made_from(copy: Path) -> str:
    return pl.read_parquet_metadata(copy).get(_MADE_FROM, "")
