"""The box table of a whole data set, in batches of whole images, each small enough for memory.

The table may be in any order. A batch is a range of ids: all rows whose `ImageID` lies in it. Where the table
is ordered by `ImageID`, as those of Open Images are, a batch reads its own part of the copy only; where it is
not, every batch goes through all of it, which takes longer and comes to the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from retrain_kit.annotations.samples import UNKNOWN
from retrain_kit.datasets.open_images import parquet
from retrain_kit.datasets.open_images.annotations import FLAG_COLUMNS
from retrain_kit.datasets.open_images.files import EDGES
from retrain_kit.datasets.open_images.tables import LINE_COLUMN, Table
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from pathlib import Path

    from retrain_kit.studies.manifests import Manifest

BATCH_ROWS = 1 << 19
ID_COLUMN, LABEL_COLUMN, ANNOTATOR_COLUMN, REASON_COLUMN, TURNS_COLUMN = (
    "ImageID",
    "LabelName",
    "Source",
    "why",
    "turns",
)
BOX_COLUMNS = ("XMin", "YMin", "XMax", "YMax")
"""Left, top, right, bottom."""

_QUARTERS = {"": 0, "nan": 0, "0": 0, "90": 1, "180": 2, "270": 3}
_SAMPLES = 500
_MOST_FAULTS = 20


def whole_table(manifest: Manifest) -> Path | None:
    """Return the table of all boxes of a study's data set; None where it has no such table."""
    return manifest.files.get("boxes") if manifest.dataset == "open-images" else None


@dataclass(frozen=True)
class IdRange:
    """The images whose ids are at least `first` and below `end`; None where there is no such limit."""

    first: str | None
    end: str | None

    @property
    def rows(self) -> pl.Expr:
        """The condition for rows of these images."""
        limits = [pl.lit(value=True)]
        limits += [] if self.first is None else [pl.col(ID_COLUMN) >= self.first]
        limits += [] if self.end is None else [pl.col(ID_COLUMN) < self.end]
        return pl.all_horizontal(limits)


class BoxTable:
    """A table of boxes, with the turns of an image table where one is given.

    Parameters
    ----------
    path
        A CSV with `ImageID`, `LabelName` and the four edges as fractions of the stored image; `Source` and
        the flags where it has them.
    images
        A CSV with `ImageID` and `Rotation`; None leaves all images as they are stored.
    listed
        A CSV with the `ImageID` of each image that counts, with a box or without; None for those that the
        table names.

    Raises
    ------
    DataError
        With every fault of the two tables.
    """

    def __init__(self, path: Path, images: Path | None = None, listed: Path | None = None) -> None:
        self._listed = scan_table(Table(listed, (ID_COLUMN,))) if listed else None
        self._rows = scan_table(Table(path, (ID_COLUMN, LABEL_COLUMN, *EDGES)))
        self._turns = (
            _turns(images) if images else pl.DataFrame(schema={ID_COLUMN: pl.String, TURNS_COLUMN: pl.Int64})
        )
        known = self._rows.collect_schema().names()
        self.flags = [column for columns in FLAG_COLUMNS.values() for column in columns if column in known]
        self._annotator = (
            pl.col(ANNOTATOR_COLUMN).fill_null(UNKNOWN)
            if ANNOTATOR_COLUMN in known
            else pl.lit(UNKNOWN).alias(ANNOTATOR_COLUMN)
        )
        self.rows = int(self._rows.select(pl.len()).collect(engine="streaming").item())

    def batches(self, batch_rows: int = BATCH_ROWS) -> list[IdRange]:
        """Return batches of about so many rows, in the order of ids."""
        step = max(1, batch_rows // _SAMPLES)
        some = self._rows.select(pl.col(ID_COLUMN).gather_every(step)).collect(engine="streaming")
        limits = some[ID_COLUMN].sort().gather_every(-(-batch_rows // step)).unique(maintain_order=True)[1:]
        return [IdRange(*pair) for pair in pairwise([None, *limits, None])]

    def listed(self, batch: IdRange) -> pl.DataFrame | None:
        """Return the ids of a batch that the list has, in their order; None without a list."""
        if self._listed is None:
            return None
        ids = self._listed.filter(batch.rows).select(ID_COLUMN)
        return ids.collect(engine="streaming").unique().sort(ID_COLUMN)

    def read(self, batch: IdRange) -> pl.DataFrame:
        """Return the rows of a batch in the order of images and lines.

        The edges are numbers. `why` says what keeps a row from being a box, and is null where nothing does;
        `turns` is how many quarters the image is to be turned counter-clockwise.
        """
        rows = self._rows.filter(batch.rows).select(
            LINE_COLUMN,
            ID_COLUMN,
            pl.col(LABEL_COLUMN).fill_null(""),
            self._annotator,
            *(pl.col(edge).str.strip_chars().cast(pl.Float64, strict=False) for edge in BOX_COLUMNS),
            *(pl.col(flag).fill_null("") for flag in self.flags),
        )
        turned = rows.collect(engine="streaming").join(self._turns, on=ID_COLUMN, how="left")
        return turned.with_columns(_why(), pl.col(TURNS_COLUMN).fill_null(0)).sort(ID_COLUMN, LINE_COLUMN)


def scan_table(table: Table) -> pl.LazyFrame:
    """Return a table to be read: its copy as Parquet if it is big, made and checked first."""
    if not parquet.has_current_copy(table.path):
        table.rows(())
    if parquet.has_current_copy(table.path):
        return pl.scan_parquet(parquet.copy_path(table.path))
    if not texts.encoding_of(table.path).startswith("utf-8"):
        with table.path.open("rb") as file:
            text = texts.in_utf8(file).read()
        return pl.read_csv(text, infer_schema=False, row_index_name=LINE_COLUMN, row_index_offset=2).lazy()
    return pl.scan_csv(table.path, infer_schema=False, row_index_name=LINE_COLUMN, row_index_offset=2)


def _why() -> pl.Expr:
    """Return what keeps a row from being a box, as the kit's readers see it."""
    numbers = pl.all_horizontal(pl.col(edge).is_finite().fill_null(value=False) for edge in BOX_COLUMNS)
    reversed_ = (pl.col("XMax") < pl.col("XMin")) | (pl.col("YMax") < pl.col("YMin"))
    why = pl.when(~numbers).then(pl.lit("an edge that is no finite number"))
    return why.when(reversed_).then(pl.lit("a reversed box")).otherwise(None).alias(REASON_COLUMN)


def _turns(path: Path) -> pl.DataFrame:
    """Return the images of an image table that are to be turned, and by how many quarters."""
    rotation = pl.col("Rotation").fill_null("").str.to_lowercase().str.strip_suffix(".0")
    upright = [word for word, quarters in _QUARTERS.items() if not quarters]
    rows = scan_table(Table(path, (ID_COLUMN, "Rotation"))).filter(~rotation.is_in(upright))
    found = rows.select(LINE_COLUMN, ID_COLUMN, "Rotation", rotation.alias("said")).collect(
        engine="streaming"
    )
    wrong = found.filter(~pl.col("said").is_in(list(_QUARTERS)) | pl.col(ID_COLUMN).is_duplicated())
    if wrong.height:
        raise DataError(
            *(
                Fault(
                    f"{path}, line {line}, Rotation",
                    f"{said!r} for {key}",
                    "0, 90, 180, 270 or nothing, once",
                )
                for line, key, said, _ in wrong.head(_MOST_FAULTS).rows()
            )
        )
    quarters = pl.col("said").replace_strict(_QUARTERS, return_dtype=pl.Int64).alias(TURNS_COLUMN)
    return found.select(ID_COLUMN, quarters)
