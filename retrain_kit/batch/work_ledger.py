"""The ledger of a study, or of the whole table of its data set: one way for the command and the notebook."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from retrain_kit import datasets
from retrain_kit.analysis import ledger
from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.batch import work_table
from retrain_kit.batch.coverage.batches import ID_COLUMN, whole_table
from retrain_kit.batch.work_table import HIGH, LOW, PIECES, UNTIMED
from retrain_kit.display.figures import Note
from retrain_kit.errors import Fault, ParameterError, advise_names
from retrain_kit.reports import ledger_views
from retrain_kit.storage.files import writing
from retrain_kit.studies import labour_figures
from retrain_kit.studies.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from retrain_kit.analysis.ledger import Ledger, WorkTally
    from retrain_kit.reports.data_table import DataTable
    from retrain_kit.studies.labour_figures import LabourFigure
    from retrain_kit.studies.manifests import Manifest


@dataclass(frozen=True)
class StudyLedger:
    """How long annotations took: those of a study, or all of its data set's table.

    Parameters
    ----------
    title
        What was counted.
    tally
        The work.
    figures
        Those that were chosen.
    table
        The whole table, where it was counted.
    rejected
        How many annotations could not be taken, and are counted nowhere here.
    """

    title: str
    tally: WorkTally
    figures: tuple[LabourFigure, ...]
    table: work_table.WorkTable | None = None
    rejected: int = 0

    @cached_property
    def whole(self) -> Ledger:
        """The ledger of all of it."""
        return ledger.make_ledger(self.tally.whole, self.figures)

    @property
    def views(self) -> list[Note | DataTable]:
        """The ledger as a note and a table."""
        by_hand = ledger.make_ledger(ledger.by_hand(self.tally.whole), self.figures)
        note = ledger_views.ledger_note(self.whole, self.title, by_hand, self.rejected)
        return [note, ledger_views.ledger_table(self.whole)]

    @property
    def images(self) -> pl.LazyFrame:
        """The work of each image, in no order, and between how many seconds and how many it took."""
        if self.table:
            return self.table.by_image(self.figures)
        rows = [
            (name, ledger.make_ledger(counts, self.figures)) for name, counts in self.tally.images.items()
        ]
        return pl.LazyFrame(
            {
                ID_COLUMN: [name for name, _ in rows],
                PIECES: [found.pieces for _, found in rows],
                LOW: [float(found.time.low) for _, found in rows],
                HIGH: [float(found.time.high) for _, found in rows],
                UNTIMED: [float(found.untimed) for _, found in rows],
            },
            schema={
                ID_COLUMN: pl.String,
                PIECES: pl.UInt32,
                LOW: pl.Float64,
                HIGH: pl.Float64,
                UNTIMED: pl.Float64,
            },
        )

    def one_image(self, name: str = "") -> Note:
        """Return the time of one image, or of the first by its id.

        Raises
        ------
        ParameterError
            When no image has that id.
        """
        wanted = self.images.filter(pl.col(ID_COLUMN) == name) if name else self.images.sort(ID_COLUMN)
        rows = wanted.head(1).collect(engine="streaming").to_dicts()
        if not rows and name:
            do = "" if self.table else advise_names(name, self.tally.images)
            raise ParameterError(Fault("image", repr(name), f"an image of {self.title}", do))
        if not rows:
            return Note("No image.", ())
        (row,) = rows
        time = Quantity.seconds(row[LOW], row[HIGH])
        told = ledger.told_of_image(time, row[PIECES], round(row[UNTIMED]))
        lines = [("this image", told), ("pieces of work", f"{row[PIECES]:,}")]
        return Note(f"Image {row[ID_COLUMN]}", tuple(lines))

    def write_images(self, target: Path) -> None:
        """Write the work of each image, by its id, as Parquet."""
        with writing(target) as path:
            self.images.sort(ID_COLUMN).sink_parquet(path)


def choose_figures(files: Iterable[Path], chosen: Collection[str] = ()) -> tuple[LabourFigure, ...]:
    """Return the kit's figures and those of files, or only those that are named.

    Raises
    ------
    DataError
        With all faults of the files.
    ParameterError
        With all names that no figure has.
    """
    figures = labour_figures.load_figures(*files)
    known = {figure.id: figure for figure in figures}
    wanted = dict.fromkeys(chosen)
    if unknown := [name for name in wanted if name not in known]:
        faults = (Fault("figure", repr(name), "a figure's id", advise_names(name, known)) for name in unknown)
        raise ParameterError(*faults)
    return tuple(known[name] for name in wanted) if wanted else figures


def study_ledger(manifest: Manifest, figures: tuple[LabourFigure, ...]) -> StudyLedger:
    """Return the ledger of the whole table of a study of Open Images, or of a study's own annotations.

    Raises
    ------
    DataError
        As the reader of the data set.
    """
    if path := whole_table(manifest):
        table = work_table.count_table(path, manifest)
        return StudyLedger(f"{path.name}, all of its boxes", table.tally, figures, table)
    unmatched, rejected = list[RejectedAnnotation](), list[RejectedAnnotation]()
    tally = ledger.count_work(datasets.stream(manifest, unmatched, rejected), manifest)
    return StudyLedger(manifest.title, tally, figures, rejected=len(unmatched) + len(rejected))
