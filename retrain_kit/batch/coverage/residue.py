"""The residue of a data set: what the boxes of all its images cover, and what they leave.

Figures are defined as in `coverage`, but on the areas themselves instead of pixels: a place under three boxes
counts once, each image counts the same, and the heat map is the mean over all images of the share of each
cell that is tagged. All images are those that the table names; one without any row is not in it. Flags such
as `IsGroupOf` weigh nothing and are counted. Rows that are no boxes are listed in `rejected`, and an image
that has no others is one without any region.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from retrain_kit.analysis import box_unions, coverage
from retrain_kit.batch.coverage.batches import (
    ANNOTATOR_COLUMN,
    BOX_COLUMNS,
    ID_COLUMN,
    LABEL_COLUMN,
    REASON_COLUMN,
    TURNS_COLUMN,
)
from retrain_kit.datasets.open_images.tables import LINE_COLUMN
from retrain_kit.display.figures import Note
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


SUMMED_TABLES = {
    "by_label": ("label",),
    "by_annotator": ("annotator",),
    "flags": ("flag", "said"),
    "heat_map": ("row", "column"),
}
"""Tables whose parts are added up, and the columns that name what is added."""

LISTED_TABLES = ("rejected", "by_image")
"""Tables whose parts are put one behind the other."""


def table_path(folder: Path, name: str) -> Path:
    """Return the file of a table, of a part or of the whole."""
    return folder / f"{name}.parquet"


def is_whole_part(part: Path) -> bool:
    """Return whether all tables of a part are there."""
    return all(table_path(part, name).is_file() for name in (*SUMMED_TABLES, *LISTED_TABLES))


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


def write_tables(part: Path, tables: Mapping[str, pl.DataFrame]) -> None:
    """Write the tables of a part."""
    for name, table in tables.items():
        with saving(table_path(part, name)) as temporary:
            table.write_parquet(temporary)


def measure_batch(
    rows: pl.DataFrame, flags: Sequence[str], cells: tuple[int, int]
) -> dict[str, pl.DataFrame]:
    """Return what a batch comes to: unions by image, sums by label and annotator, the heat map, counts."""
    good = rows.filter(pl.col(REASON_COLUMN).is_null())
    marked = good[ID_COLUMN].rle_id().to_numpy().astype(np.int64)
    boxes = box_unions.upright_boxes(good.select(BOX_COLUMNS).to_numpy(), good[TURNS_COLUMN].to_numpy())
    found, grid = _by_image(good[ID_COLUMN], marked, boxes, cells)
    every = rows.select(pl.col(ID_COLUMN).unique(maintain_order=True))
    return {
        "by_image": every.join(found, on=ID_COLUMN, how="left", maintain_order="left").with_columns(
            pl.exclude(ID_COLUMN, "left").fill_null(0), pl.col("left").fill_null(1)
        ),
        "by_label": _by_group(marked, good[LABEL_COLUMN].alias("label"), boxes),
        "by_annotator": _by_group(marked, good[ANNOTATOR_COLUMN].alias("annotator"), boxes),
        "flags": _flags(good, flags),
        "heat_map": _cells(grid),
        "rejected": rows.filter(pl.col(REASON_COLUMN).is_not_null()).select(
            LINE_COLUMN, ID_COLUMN, REASON_COLUMN
        ),
    }


def summed_table(parts: Iterable[Path], name: str) -> pl.DataFrame:
    """Return a summed table of all parts, added in their order: the same bytes on every machine."""
    table = pl.concat([pl.read_parquet(table_path(part, name)) for part in parts])
    names = SUMMED_TABLES[name]
    return table.group_by(names).agg(pl.all()).with_columns(pl.exclude(names).list.sum()).sort(names)


def _by_image(
    names: pl.Series, marked: Integers, boxes: Floats, cells: tuple[int, int]
) -> tuple[pl.DataFrame, box_unions.UnionGrid]:
    """Return the union of each image that has a box, and all of them on a grid."""
    starts, grid = _starts(marked), box_unions.UnionGrid(*cells)
    beyond = marked[((boxes < 0) | (boxes > 1)).any(axis=1)]
    areas = box_unions.union_areas(boxes, starts, grid)
    columns = {
        ID_COLUMN: names.gather(starts),
        "boxes": np.bincount(marked),
        "beyond": np.bincount(beyond, minlength=len(starts)),
        "union": areas,
        "left": 1 - areas,
    }
    return pl.DataFrame(columns), grid


def _by_group(marked: Integers, groups: pl.Series, boxes: Floats) -> pl.DataFrame:
    """Return, for each label or annotator, its images, its boxes, and its unions in all images added up."""
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
            "area": np.bincount(of_pair, box_unions.union_areas(boxes[order], starts), len(names)),
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


def _cells(grid: box_unions.UnionGrid) -> pl.DataFrame:
    rows, columns = np.indices((grid.rows, grid.columns))
    return pl.DataFrame({"row": rows.ravel(), "column": columns.ravel(), "covered": grid.covered.ravel()})


def _starts(codes: Integers) -> Integers:
    """Return where runs of the same number begin."""
    return np.flatnonzero(np.diff(codes, prepend=-1))


_SAID = {"1": "yes", "0": "no", "-1": "not said", "": "not said"}


@dataclass(frozen=True)
class Residue:
    """What a table of boxes came to, in a folder of Parquet files.

    `by_image` (ImageID, boxes, those beyond the frame, union, left), `by_label`, `by_annotator`, `heat_map`,
    `flags` and `rejected`; each says in its metadata which table it was made from.
    """

    folder: Path

    @property
    def made_from(self) -> dict[str, str]:
        """The tables' names and SHA-256, and the version of the kit."""
        return measured_from(self.folder)

    def table(self, name: str) -> pl.LazyFrame:
        """Return one of the tables, to take from it what is wanted."""
        return pl.scan_parquet(table_path(self.folder, name))

    def summary(self) -> coverage.Summary:
        """Return the data set in a few figures."""
        union, boxes = pl.col("union"), pl.col("boxes")
        row = self.table("by_image").select(
            images=pl.len(),
            regions=boxes.sum(),
            share_tagged_mean=union.mean().fill_null(0),
            share_tagged_median=union.median().fill_null(0),
            without_residue=(pl.col("left") == 0).sum(),
            nearly_untouched=(union <= coverage.NEARLY_UNTOUCHED_SHARE).sum(),
            without_regions=(boxes == 0).sum(),
        )
        return coverage.Summary(**row.collect(engine="streaming").row(0, named=True))

    def by_label(self, names: Mapping[str, str] | None = None) -> list[coverage.GroupCoverage]:
        """Return the coverage of every label, the one that covers most first; `names` are words for ids."""
        return self._groups("by_label", names or {})

    def by_annotator(self) -> list[coverage.GroupCoverage]:
        """Return the coverage of every annotator, the one that covers most first."""
        return self._groups("by_annotator", {})

    def heat_map(self) -> NDArray[np.float64]:
        """Return where on the frame tags sit: float64 (rows, columns), between 0 and 1."""
        cells = self.table("heat_map").sort("row", "column").collect()
        shares: NDArray[np.float64] = cells["share"].to_numpy()
        return shares.reshape(cells["row"].n_unique(), -1)

    def spread(self, bins: int = 20) -> NDArray[np.int64]:
        """Return how many images have how much left, from nothing to all, in steps of the same width."""
        step = (pl.col("left") * bins).cast(pl.Int64).clip(0, bins - 1).alias("step")
        counts = self.table("by_image").group_by(step).len().collect(engine="streaming")
        found = np.zeros(bins, dtype=np.int64)
        found[counts["step"].to_numpy()] = counts["len"].to_numpy()
        return found

    def ends(self, n: int = 5) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        """Return the images of which least and most is left, with their shares."""
        rows = self.table("by_image").select(ID_COLUMN, "left")
        orders = ([False, False], [True, False])
        least, most = (
            rows.sort("left", ID_COLUMN, descending=order).head(n).collect(engine="streaming").rows()
            for order in orders
        )
        return least, most

    def _groups(self, name: str, names: Mapping[str, str]) -> list[coverage.GroupCoverage]:
        rows = self.table(name).collect().rows()
        return [coverage.GroupCoverage(names.get(word, word), *figures) for word, *figures in rows]


def measured_from(folder: Path) -> dict[str, str]:
    """Return what the tables of a folder were made from; nothing where they are not all there."""
    last = table_path(folder, LISTED_TABLES[-1])
    if not last.is_file():
        return {}
    try:
        said = pl.read_parquet_metadata(last)
    except (pl.exceptions.PolarsError, OSError):
        return {}
    return {name: text for name, text in said.items() if name != "ARROW:schema"}


def measurement_note(residue: Residue) -> Note:
    """Return what was measured and what was left aside, with the numbers of rows."""
    counts = residue.table("by_image").select(boxes=pl.col("boxes").sum(), beyond=pl.col("beyond").sum())
    boxes, beyond = counts.collect(engine="streaming").row(0)
    rejected = residue.table("rejected").select(pl.len()).collect().item()
    made = residue.made_from
    lines = [
        ("table", f"{made['table']}, sha256 {made['sha256'][:16]}…"),
        ("boxes", f"{boxes:,}; what lies beyond the frame, in {beyond:,} of them, does not count"),
        ("rows that are no boxes", f"{rejected:,}{': see rejected.parquet' if rejected else ''}"),
        ("turned upright", made["images"] or "no image: no image table says how"),
    ]
    return Note("What was measured", (*lines, *_flag_lines(residue)))


def _flag_lines(residue: Residue) -> Iterator[tuple[str, str]]:
    """Yield for each flag how many boxes bear it, do not, or where nobody has said."""
    said = pl.col("said").replace(_SAID)
    counts = (
        residue.table("flags")
        .group_by("flag", said)
        .agg(pl.col("boxes").sum())
        .sort("flag", "said")
        .collect()
    )
    for (flag,), rows in counts.group_by("flag", maintain_order=True):
        yield "counted, not weighed", f"{flag}: " + ", ".join(f"{n:,} {word}" for _, word, n in rows.rows())
