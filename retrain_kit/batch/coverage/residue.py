"""The residue of a data set: what the boxes of all its images cover, and what they leave.

Figures are defined as in `coverage`, but on the areas themselves instead of pixels: a place under three boxes
counts once, each image counts the same, and the heat map is the mean over all images of the share of each
cell that is tagged. Rows that are no boxes are listed in `rejected`; flags such as `IsGroupOf` weigh nothing
and are counted.

All images are those of the list beside the table, where there is one, else those that the table names. An
image that has no box counts as one of which nothing is tagged. With a list, intervals are bootstrapped over
groups of images; the group of an image follows from its id alone, so that batches add up. Without one the
table is the whole, and nothing was drawn.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import polars as pl

from retrain_kit.analysis import box_unions, coverage, intervals, reach
from retrain_kit.analysis.intervals import MOST_GROUPS
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.annotations.samples import RejectedAnnotation
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

    from retrain_kit.analysis.intervals import Interval
    from retrain_kit.studies.manifests import Manifest

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


SUMMED_TABLES = {
    "by_label": ("label",),
    "by_annotator": ("annotator",),
    "flags": ("flag", "said"),
    "heat_map": ("row", "column"),
}
"""Tables whose parts are added up, and the columns that name what is added."""

GROUPS = ("kind", "name", "group")
"""The columns that name what is added in `groups`, which is there with a list of images only."""

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
    rows: pl.DataFrame, flags: Sequence[str], cells: tuple[int, int], listed: pl.DataFrame | None = None
) -> dict[str, pl.DataFrame]:
    """Return what a batch comes to: unions by image, sums by label and annotator, the heat map, counts.

    `listed` are images that count even without a row; with them sums by group of images are there too.
    """
    good = rows.filter(pl.col(REASON_COLUMN).is_null())
    marked = good[ID_COLUMN].rle_id().to_numpy().astype(np.int64)
    boxes = box_unions.upright_boxes(good.select(BOX_COLUMNS).to_numpy(), good[TURNS_COLUMN].to_numpy())
    found, grid = _by_image(good[ID_COLUMN], marked, boxes, cells)
    named = rows.select(ID_COLUMN) if listed is None else pl.concat([rows.select(ID_COLUMN), listed])
    images = named.unique().sort(ID_COLUMN).join(found, on=ID_COLUMN, how="left", maintain_order="left")
    images = images.with_columns(pl.exclude(ID_COLUMN, "left").fill_null(0), pl.col("left").fill_null(1))
    columns = {"label": good[LABEL_COLUMN], "annotator": good[ANNOTATOR_COLUMN]}
    shares = {kind: _GroupShares.of_boxes(marked, names, boxes) for kind, names in columns.items()}
    tables = {
        "by_image": images,
        **{f"by_{kind}": each.summed(kind) for kind, each in shares.items()},
        "flags": _flags(good, flags),
        "heat_map": _cells(grid),
        "rejected": rows.filter(pl.col(REASON_COLUMN).is_not_null()).select(
            LINE_COLUMN, ID_COLUMN, REASON_COLUMN
        ),
    }
    return tables if listed is None else {"groups": _by_group_of_images(images, found, shares), **tables}


REJECTION_COLUMNS = ("id", "label", "place", "kept")
"""What `rejected` says beside image and reason of an annotation that a reader could not take."""


def with_rejections(rows: pl.LazyFrame, rejections: Rejections) -> pl.LazyFrame:
    """Return the table `rejected`: rows of a table that are no boxes, then what a reader could not take."""
    names = {ID_COLUMN: "image", REASON_COLUMN: "reason"} | {name: name for name in REJECTION_COLUMNS}
    found = {column: [getattr(each, name) for each in rejections] for column, name in names.items()}
    more = pl.LazyFrame(found, schema=dict.fromkeys(names, pl.String))
    return pl.concat([rows, more], how="diagonal")


def summed_table(parts: Iterable[Path], name: str) -> pl.DataFrame:
    """Return a summed table of all parts, added in their order: the same bytes on every machine."""
    table = pl.concat([pl.read_parquet(table_path(part, name)) for part in parts])
    names = GROUPS if name == "groups" else SUMMED_TABLES[name]
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


@dataclass(frozen=True)
class _GroupShares:
    """The union of each label, or annotator, in each image of a batch where it is.

    `of_box` is the place in `words` of each box; `of_pair`, `image_of_pair` and `areas` are of each word in
    each image.
    """

    words: pl.Series
    of_box: Integers
    of_pair: Integers
    image_of_pair: Integers
    areas: Floats

    @classmethod
    def of_boxes(cls, marked: Integers, names: pl.Series, boxes: Floats) -> _GroupShares:
        words = names.unique().sort()
        of_box = names.cast(pl.Enum(words)).to_physical().to_numpy().astype(np.int64)
        pairs = marked * len(words) + of_box
        order = np.argsort(pairs, kind="stable")
        starts = _starts(pairs[order])
        areas = box_unions.union_areas(boxes[order], starts)
        return cls(words, of_box, of_box[order][starts], marked[order][starts], areas)

    def summed(self, kind: str) -> pl.DataFrame:
        """Return for each word its images, its boxes, and its unions in all images added up."""
        many = len(self.words)
        return pl.DataFrame(
            {
                kind: self.words,
                "images": np.bincount(self.of_pair, minlength=many),
                "boxes": np.bincount(self.of_box, minlength=many),
                "area": np.bincount(self.of_pair, self.areas, many),
            }
        )


def _by_group_of_images(
    images: pl.DataFrame, found: pl.DataFrame, shares: Mapping[str, _GroupShares]
) -> pl.DataFrame:
    """Return images and areas of all images, and of each label and annotator, by group of images."""
    rows = [_grouped("image", pl.repeat("", len(images), eager=True), images[ID_COLUMN], images["union"])]
    rows += [
        _grouped(
            kind, each.words.gather(each.of_pair), found[ID_COLUMN].gather(each.image_of_pair), each.areas
        )
        for kind, each in shares.items()
    ]
    return pl.concat(rows).group_by(GROUPS).agg(pl.all().sum()).sort(GROUPS)


def _grouped(kind: str, names: pl.Series, ids: pl.Series, areas: pl.Series | Floats) -> pl.DataFrame:
    groups = [crc32(name.encode()) % MOST_GROUPS for name in ids]
    return pl.DataFrame(
        {"name": names, "group": groups, "area": areas},
        schema={"name": pl.String, "group": pl.Int64, "area": pl.Float64},
    ).select(pl.lit(kind).alias("kind"), "name", "group", pl.lit(1).alias("images").cast(pl.Int64), "area")


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
    `flags`, `rejected` and `groups`, which intervals are made from; each says in its metadata which table it
    was made from.
    """

    folder: Path

    @property
    def made_from(self) -> dict[str, str]:
        """The tables' names and SHA-256, and the version of the kit."""
        return measured_from(self.folder)

    def table(self, name: str) -> pl.LazyFrame:
        """Return one of the tables, to take from it what is wanted."""
        return pl.scan_parquet(table_path(self.folder, name))

    def rejections(self) -> Rejections:
        """Return what could not be taken: rows of the table that are no boxes, and annotations."""
        rows = self.table("rejected").fill_null("").collect().rows(named=True)
        return Rejections(
            tuple(
                RejectedAnnotation(
                    row[ID_COLUMN],
                    row[REASON_COLUMN],
                    row["id"],
                    row["label"],
                    row["place"] or f"{self.made_from['table']}, line {row[LINE_COLUMN]}",
                    row["kept"],
                )
                for row in rows
            )
        )

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
        found = self._intervals("image").get("", (None, None))[1]
        return coverage.Summary(**row.collect(engine="streaming").row(0, named=True), interval=found)

    @property
    def in_words(self) -> str:
        """How much is tagged on average, and of which images that is said, in a line."""
        found = self.summary()
        limits = f" (95% interval {found.interval.percent})" if found.interval else ""
        mean = f"images: {found.images:,}; tagged on average {found.share_tagged_mean:.1%}{limits}"
        return f"{mean}, over {self.counted}"

    @property
    def counted(self) -> str:
        """Which images are counted, and as what those without a box."""
        found, made = self.summary(), self.made_from
        whose = "all of the study" if made.get("counted") else f"those that {made['table']} names"
        if not found.without_regions:
            return whose
        has, counts = ("has", "counts") if found.without_regions == 1 else ("have", "count")
        none = f"{found.without_regions:,} of them {has} no region that can be read and {counts} as 0% tagged"
        return f"{whose}; {none}"

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
        limits = self._intervals(name.removeprefix("by_"))
        rows = self.table(name).collect().rows()
        none = (None, None)
        return [
            coverage.GroupCoverage(
                names.get(word, word), images, regions, there, overall, *limits.get(word, none)
            )
            for word, images, regions, there, overall in rows
        ]

    def _intervals(self, kind: str) -> dict[str, tuple[Interval | None, Interval | None]]:
        """Return for each name of a kind the intervals of its shares where it is, and of all images.

        There are none without a list of images, as nothing was drawn then.
        """
        if not table_path(self.folder, "groups").is_file():
            return {}
        rows = self.table("groups").filter(pl.col("kind").is_in([kind, "image"])).collect()
        every = rows.filter(pl.col("kind") == "image")
        found = rows.filter(pl.col("kind") == kind)
        words = found["name"].unique(maintain_order=True)
        if words.is_empty():
            return {}
        places = {group: place for place, group in enumerate(every["group"])}
        row = found["group"].replace_strict(places, return_dtype=pl.Int64).to_numpy()
        column = found["name"].cast(pl.Enum(words)).to_physical().to_numpy()
        areas, present = np.zeros((2, every.height, len(words)))
        areas[row, column], present[row, column] = found["area"].to_numpy(), found["images"].to_numpy()
        images = np.broadcast_to(every["images"].to_numpy().astype(float)[:, np.newaxis], areas.shape)
        there, overall = (intervals.ratio_intervals(areas, wholes) for wholes in (present, images))
        return dict(zip(words, zip(there, overall, strict=True), strict=True))


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


def measurement_note(residue: Residue, manifest: Manifest | None = None) -> Note:
    """Return what was measured and what was left aside, with the numbers of rows.

    With the study's manifest, also of which images the figures speak.
    """
    counts = residue.table("by_image").select(boxes=pl.col("boxes").sum(), beyond=pl.col("beyond").sum())
    boxes, beyond = counts.collect(engine="streaming").row(0)
    rejected = residue.table("rejected").select(pl.len()).collect().item()
    made = residue.made_from
    lines = [
        ("table", f"{made['table']}, sha256 {made['sha256'][:16]}…"),
        ("images", residue.counted),
        ("boxes", f"{boxes:,}; what lies beyond the frame, in {beyond:,} of them, does not count"),
        ("not taken, as they are no boxes", f"{rejected:,}{': see rejected.parquet' if rejected else ''}"),
        ("turned upright", made["images"] or "no image: no image table says how"),
    ]
    lines += _reach(residue, manifest) if manifest else ()
    return Note("What was measured", (*lines, *_flag_lines(residue)), rejected)


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


def _reach(residue: Residue, manifest: Manifest) -> tuple[tuple[str, str], ...]:
    """Return of which images the figures speak: of a study's, or of all that a table names."""
    if residue.made_from.get("counted"):
        images = residue.summary().images
        return reach.reach_note(manifest, images, images).lines[1:]
    return (
        ("an interval holds", "nothing: the whole table was measured, and nothing was drawn from it"),
        ("of other images", "These figures say nothing about images that this table does not name."),
    )
