"""What one batch of a box table comes to, and how the batches make up a data set.

A part is a folder of small tables. It is whole once it has all of them, so that a run that was cut goes on
with the first part that is missing.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from retrain_kit import unions
from retrain_kit.datasets.open_images.tables import LINE
from retrain_kit.files import writing
from retrain_kit.residues.batches import BOX, KEY, LABEL, MAKER, TURNS, WHY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

SUMMED = {
    "by_label": ("label",),
    "by_maker": ("maker",),
    "flags": ("flag", "said"),
    "heat_map": ("row", "column"),
}
"""Tables whose parts are added up, and the columns that name what is added."""

LISTED = ("rejected", "by_image")
"""Tables whose parts are put one behind the other."""


def path(folder: Path, name: str) -> Path:
    """Return the file of a table, of a part or of the whole."""
    return folder / f"{name}.parquet"


def is_whole(part: Path) -> bool:
    """Return whether all tables of a part are there."""
    return all(path(part, name).is_file() for name in (*SUMMED, *LISTED))


@contextmanager
def saving(target: Path) -> Iterator[Path]:
    """Give a temporary path for a table as `files.writing` does.

    Raises
    ------
    DataError
        When the disk is full or the folder cannot be written.
    """
    with writing(target) as temporary, numbered():
        yield temporary


@contextmanager
def numbered() -> Iterator[None]:
    """Raise the system's error where polars tells of one, as of a full disk, in words alone."""
    try:
        yield
    except pl.exceptions.PolarsError as error:
        number = re.search(r"os error (\d+)", str(error))
        if not number:
            raise
        raise OSError(int(number[1]), str(error)) from error


def write(part: Path, tables: Mapping[str, pl.DataFrame]) -> None:
    """Write the tables of a part."""
    for name, table in tables.items():
        with saving(path(part, name)) as temporary:
            table.write_parquet(temporary)


def measure(rows: pl.DataFrame, flags: Sequence[str], cells: tuple[int, int]) -> dict[str, pl.DataFrame]:
    """Return what a batch comes to: unions by picture, sums by label and maker, the heat map, counts."""
    good = rows.filter(pl.col(WHY).is_null())
    marked = good[KEY].rle_id().to_numpy().astype(np.int64)
    boxes = unions.upright(good.select(BOX).to_numpy(), good[TURNS].to_numpy())
    found, grid = _by_image(good[KEY], marked, boxes, cells)
    every = rows.select(pl.col(KEY).unique(maintain_order=True))
    return {
        "by_image": every.join(found, on=KEY, how="left", maintain_order="left").with_columns(
            pl.exclude(KEY, "left").fill_null(0), pl.col("left").fill_null(1)
        ),
        "by_label": _by_group(marked, good[LABEL].alias("label"), boxes),
        "by_maker": _by_group(marked, good[MAKER].alias("maker"), boxes),
        "flags": _flags(good, flags),
        "heat_map": _cells(grid),
        "rejected": rows.filter(pl.col(WHY).is_not_null()).select(LINE, KEY, WHY),
    }


def total(parts: Iterable[Path], name: str) -> pl.DataFrame:
    """Return a summed table of all parts, added in their order: the same bytes on every machine."""
    table = pl.concat([pl.read_parquet(path(part, name)) for part in parts])
    names = SUMMED[name]
    return table.group_by(names).agg(pl.all()).with_columns(pl.exclude(names).list.sum()).sort(names)


def _by_image(
    names: pl.Series, marked: Integers, boxes: Floats, cells: tuple[int, int]
) -> tuple[pl.DataFrame, unions.Grid]:
    """Return the union of each picture that has a box, and all of them on a grid."""
    starts, grid = _starts(marked), unions.Grid(*cells)
    beyond = marked[((boxes < 0) | (boxes > 1)).any(axis=1)]
    areas = unions.areas(boxes, starts, grid)
    columns = {
        KEY: names.gather(starts),
        "boxes": np.bincount(marked),
        "beyond": np.bincount(beyond, minlength=len(starts)),
        "union": areas,
        "left": 1 - areas,
    }
    return pl.DataFrame(columns), grid


def _by_group(marked: Integers, groups: pl.Series, boxes: Floats) -> pl.DataFrame:
    """Return, for each label or maker, its pictures, its boxes, and its unions in all pictures added up."""
    names = groups.unique().sort()
    of_box = groups.cast(pl.Enum(names)).to_physical().to_numpy().astype(np.int64)
    pairs = marked * len(names) + of_box
    order = np.argsort(pairs, kind="stable")
    starts = _starts(pairs[order])
    of_pair = of_box[order][starts]
    return pl.DataFrame(
        {
            groups.name: names,
            "images": np.bincount(of_pair, minlength=len(names)),
            "boxes": np.bincount(of_box, minlength=len(names)),
            "area": np.bincount(of_pair, unions.areas(boxes[order], starts), len(names)),
        }
    )


def _flags(rows: pl.DataFrame, flags: Sequence[str]) -> pl.DataFrame:
    """Return how many boxes bear each value of each flag, in the table's own words."""
    counts = [
        rows.group_by(said=pl.col(flag))
        .agg(boxes=pl.len().cast(pl.Int64))
        .select(pl.lit(flag).alias("flag"), pl.all())
        for flag in flags
    ]
    none = pl.DataFrame(schema={"flag": pl.String, "said": pl.String, "boxes": pl.Int64})
    return pl.concat([none, *counts])


def _cells(grid: unions.Grid) -> pl.DataFrame:
    rows, columns = np.indices((grid.rows, grid.columns))
    return pl.DataFrame({"row": rows.ravel(), "column": columns.ravel(), "covered": grid.covered.ravel()})


def _starts(codes: Integers) -> Integers:
    """Return where runs of the same number begin."""
    return np.flatnonzero(np.diff(codes, prepend=-1))
