"""Measuring the box table of a whole data set, in batches, into a `Residue`."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from retrain_kit import __version__, datasets
from retrain_kit.annotations.rejections import Rejections, note_rejections
from retrain_kit.annotations.samples import ImageLabel, RejectedAnnotation
from retrain_kit.batch.coverage import residue
from retrain_kit.batch.coverage.batches import (
    ANNOTATOR_COLUMN,
    BATCH_ROWS,
    ID_COLUMN,
    LABEL_COLUMN,
    BoxTable,
    whole_table,
)
from retrain_kit.batch.coverage.residue import (
    LISTED_TABLES,
    SUMMED_TABLES,
    Residue,
    measured_from,
    table_path,
)
from retrain_kit.datasets import veil
from retrain_kit.datasets.open_images import classes as open_images_classes
from retrain_kit.datasets.open_images.annotations import FLAG_COLUMNS
from retrain_kit.datasets.open_images.files import EDGES
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import files, locks
from retrain_kit.widgets.progress import bar_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from retrain_kit.annotations.samples import Region, Sample
    from retrain_kit.studies.manifests import Manifest

HEAT_MAP_CELLS = (100, 100)
_MADE_BY = "retrain-kit: residue"
_IMAGES_AT_ONCE = 1 << 12
_FLAG = {True: "1", False: "0", None: "-1"}


def measure_table(
    table: Path,
    out: Path,
    images: Path | None = None,
    cells: tuple[int, int] = HEAT_MAP_CELLS,
    batch_rows: int = BATCH_ROWS,
) -> Residue:
    """Measure all boxes of a table, batch by batch, and write what they come to.

    A run that was cut goes on with its first missing batch; one that is done is not done again. Two runs into
    the same folder take turns.

    Parameters
    ----------
    table
        The box table of Open Images, or a CSV with its columns.
    out
        The folder to write into.
    images
        The image table: the heat map is of the upright images then, turned as its `Rotation` says. Without
        it, it is of the images as they are stored.
    cells
        Columns and rows of the heat map.
    batch_rows
        How many rows are in memory at once, about.

    Raises
    ------
    DataError
        With the faults of the tables, or when `out` cannot be written.
    """
    return _measure(BoxTable(table, images), out, _sources(table, images, cells), cells, batch_rows)


def _measure(  # noqa: PLR0913 - one measurement, of tables and of studies
    boxes: BoxTable,
    out: Path,
    sources: dict[str, str],
    cells: tuple[int, int],
    batch_rows: int,
    *,
    rejections: Rejections | None = None,
) -> Residue:
    with _alone(out):
        if measured_from(out) == sources:
            return Residue(out)
        key = hashlib.sha256(repr((sources, batch_rows)).encode()).hexdigest()[:16]
        parts = list(_parts(boxes, out / f".parts-{key}", cells, batch_rows))
        _write(parts, out, sources, rejections or Rejections())
        for rest in out.glob(".parts-*"):
            shutil.rmtree(rest)
    return Residue(out)


def measure_study(manifest: Manifest, out: Path) -> Residue:
    """Measure the whole box table of a study's data set, or the study's regions where it has no such table.

    What its reader could not take is listed in `rejected` as well.

    Raises
    ------
    DataError
        As `measure_table` and the reader of the data set.
    """
    if path := whole_table(manifest):
        measured = measure_table(path, out, manifest.files.get("images"))
        note_rejections(manifest.name, measured.rejections())
        return measured
    table, listed = out / "boxes.csv", out / "images.csv"
    rejected, unmatched = list[RejectedAnnotation](), list[RejectedAnnotation]()
    write_box_table(datasets.stream(manifest, unmatched, rejected), table, listed)
    rejections = Rejections(tuple(rejected), tuple(unmatched))
    sources = _sources(table, None, HEAT_MAP_CELLS)
    if len(rejections):
        digest = hashlib.sha256("".join(rejections.lines()).encode("utf-8", "backslashreplace")).hexdigest()
        sources["not taken"] = f"{len(rejections)} annotations, sha256 {digest[:16]}…"
    sources["counted"] = f"every image of {listed.name}, sha256 {files.sha256(listed)[:16]}…"
    return _measure(
        BoxTable(table, None, listed), out, sources, HEAT_MAP_CELLS, BATCH_ROWS, rejections=rejections
    )


def label_names(manifest: Manifest, *, accepted: bool = False) -> dict[str, str]:
    """Return the words for machine ids, where the study has a list of them; under the veil if not accepted.

    The table may hold words that no image of the study bears: they are veiled by their own places.
    """
    classes = manifest.files.get("classes") if manifest.dataset == "open-images" else None
    names = open_images_classes.class_names(classes) if classes else {}
    if accepted:
        return names
    shown = veil.study_veil(manifest)
    said = {name: {"LabelName": name} for name in names}
    return {
        name: shown.label(ImageLabel(word, present=None, said=said[name])) for name, word in names.items()
    }


def write_box_table(samples: Iterable[Sample], target: Path, listed: Path | None = None) -> None:
    """Write the boxes of samples as a table of the form that Open Images has.

    `listed` receives the id of every image, those without a box too.
    """
    flags = [columns[0] for columns in FLAG_COLUMNS.values()]
    schema: dict[str, type[pl.DataType]] = dict.fromkeys(
        (ID_COLUMN, ANNOTATOR_COLUMN, LABEL_COLUMN), pl.String
    )
    schema |= dict.fromkeys(EDGES, pl.Float64) | dict.fromkeys(flags, pl.String)
    ids: dict[str, type[pl.DataType]] = {ID_COLUMN: pl.String}
    with ExitStack() as stack:
        boxes = stack.enter_context(_growing_csv(target, schema))
        images = stack.enter_context(_growing_csv(listed, ids)) if listed else None
        rest = iter(samples)
        while some := list(islice(rest, _IMAGES_AT_ONCE)):
            boxes([_row(sample, region) for sample in some for region in sample.regions])
            if images:
                images([(sample.id,) for sample in some])


@contextmanager
def _growing_csv(
    target: Path, schema: Mapping[str, type[pl.DataType]]
) -> Iterator[Callable[[list[tuple[object, ...]]], None]]:
    """Give a function that adds rows to a CSV, which appears whole."""
    with residue.saving(target) as temporary, temporary.open("wb") as file:
        pl.DataFrame(schema=schema).write_csv(file)

        def add(rows: list[tuple[object, ...]]) -> None:
            pl.DataFrame(rows, schema=schema, orient="row").write_csv(file, include_header=False)

        yield add


def _row(sample: Sample, region: Region) -> tuple[object, ...]:
    left, top, right, bottom = region.box.edges
    width, height = sample.size
    edges = (left / width, right / width, top / height, bottom / height)
    flags = (_FLAG[getattr(region.flags, flag)] for flag in FLAG_COLUMNS)
    return (sample.id, region.annotator, region.label, *edges, *flags)


def _parts(boxes: BoxTable, folder: Path, cells: tuple[int, int], batch_rows: int) -> Iterator[Path]:
    """Make the parts that are missing; yield all of them in order."""
    with bar_here()(
        total=boxes.rows, desc="measuring", unit=" boxes", unit_scale=True, delay=1, leave=False
    ) as bar:
        for number, batch in enumerate(boxes.batches(batch_rows)):
            part = folder / f"{number:05}"
            if not residue.is_whole_part(part):
                rows = boxes.read(batch)
                found = residue.measure_batch(rows, boxes.flags, cells, boxes.listed(batch))
                residue.write_tables(part, found)
                bar.update(rows.height)
            yield part


def _write(parts: list[Path], out: Path, sources: Mapping[str, str], rejections: Rejections) -> None:
    """Put the parts together; `by_image` comes last and says that all is there."""
    table_path(out, "groups").unlink(missing_ok=True)
    grouped = ("groups",) if table_path(parts[0], "groups").is_file() else ()
    totals = {name: residue.summed_table(parts, name) for name in (*grouped, *SUMMED_TABLES)}
    lists = {
        name: pl.concat([pl.scan_parquet(table_path(part, name)) for part in parts]) for name in LISTED_TABLES
    }
    lists["rejected"] = residue.with_rejections(lists["rejected"], rejections)
    images = lists["by_image"].select(pl.len()).collect(engine="streaming").item()
    for name in ("by_label", "by_annotator"):
        totals[name] = _shares(totals[name], images)
    totals["heat_map"] = totals["heat_map"].select("row", "column", share=pl.col("covered") / max(images, 1))
    for name, table in (*((name, table.lazy()) for name, table in totals.items()), *lists.items()):
        with residue.saving(table_path(out, name)) as temporary:
            table.sink_parquet(temporary, metadata=dict(sources), engine="streaming")


def _shares(table: pl.DataFrame, images: int) -> pl.DataFrame:
    """Return the mean share of images a group is in, and of all; the group that covers most first."""
    name, area = table.columns[0], pl.col("area")
    shares = {"share_where_present": area / pl.col("images"), "share_of_all": area / images}
    return table.select(name, "images", "boxes", **shares).sort(
        "share_of_all", name, descending=[True, False]
    )


def _sources(table: Path, images: Path | None, cells: tuple[int, int]) -> dict[str, str]:
    """Return what tells one measurement from another."""
    return {
        "made by": f"{_MADE_BY}, {__version__}",
        "table": table.name,
        "sha256": files.sha256(table),
        "images": f"by Rotation of {images.name}, sha256 {files.sha256(images)[:16]}…" if images else "",
        "cells": f"{cells[0]} x {cells[1]}",
    }


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Wait until no other run writes into the folder."""
    lock = out / ".lock"
    with ExitStack() as stack:
        try:
            out.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locks.exclusive_lock(lock))
        except OSError as error:
            found, expected = f"no folder ({error.strerror})", "a folder that can be written"
            raise DataError(Fault(str(out), found, expected, "Choose another.")) from None
        stack.callback(locks.remove_held, lock)
        yield
