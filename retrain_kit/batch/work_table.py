"""The work in a whole table of boxes: counted by annotation source, by label and by image, in flat memory.

A row is a box that was drawn, or a proposed one that was checked, as the study's manifest says of the word
for its annotator; what a machine made alone takes no annotator's time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from retrain_kit.analysis import ledger
from retrain_kit.analysis.annotators import annotator_lookup
from retrain_kit.analysis.ledger import WorkTally
from retrain_kit.annotations.samples import UNKNOWN, Box, Region
from retrain_kit.batch.coverage.batches import ANNOTATOR_COLUMN, ID_COLUMN, LABEL_COLUMN, scan_table
from retrain_kit.datasets.open_images.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrain_kit.studies.labour_figures import LabourFigure
    from retrain_kit.studies.manifests import Manifest

LOW, HIGH, PIECES, UNTIMED = "low_s", "high_s", "pieces", "pieces_without_figure"


@dataclass(frozen=True)
class WorkTable:
    """What a table's rows are as work.

    Parameters
    ----------
    tally
        By annotation source, by label and by annotator's word; by image it holds nothing: see `by_image`.
    rows
        The table.
    pieces
        The work and the annotation source of each word for an annotator.
    """

    tally: WorkTally
    rows: pl.LazyFrame
    pieces: dict[str, tuple[str, str]]

    def by_image(self, figures: Sequence[LabourFigure]) -> pl.LazyFrame:
        """Return the pieces of work of each image, and between how many seconds and how many they took."""
        each = {word: ledger.make_ledger({piece: 1}, figures) for word, piece in self.pieces.items()}
        told: dict[str, dict[str, float]] = {
            LOW: {word: float(found.time.low) for word, found in each.items()},
            HIGH: {word: float(found.time.high) for word, found in each.items()},
            UNTIMED: {word: float(found.untimed) for word, found in each.items()},
        }
        word, number = pl.col(ANNOTATOR_COLUMN), pl.col(PIECES)
        sums = [
            (number * word.replace_strict(list(known), list(known.values()), return_dtype=pl.Float64))
            .sum()
            .alias(name)
            for name, known in told.items()
        ]
        counted = self.rows.group_by(ID_COLUMN, ANNOTATOR_COLUMN).agg(pl.len().alias(PIECES))
        return counted.group_by(ID_COLUMN).agg(number.sum(), *sums)


def count_table(path: Path, manifest: Manifest) -> WorkTable:
    """Return the work in a table of boxes.

    Parameters
    ----------
    path
        A CSV with `ImageID` and `LabelName`; `Source` where it has it.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    rows = scan_table(Table(path, (ID_COLUMN, LABEL_COLUMN)))
    if ANNOTATOR_COLUMN not in rows.collect_schema().names():
        rows = rows.with_columns(pl.lit(UNKNOWN).alias(ANNOTATOR_COLUMN))
    rows = rows.select(
        ID_COLUMN, pl.col(LABEL_COLUMN).fill_null(""), pl.col(ANNOTATOR_COLUMN).fill_null(UNKNOWN)
    )
    counted = rows.group_by(ANNOTATOR_COLUMN, LABEL_COLUMN).len().sort(pl.all()).collect(engine="streaming")
    known, pieces, tally = annotator_lookup(manifest), dict[str, tuple[str, str]](), WorkTally()
    for word, label, number in counted.iter_rows():
        annotator = known(word)
        pieces[word] = piece = box_piece(annotator.source.name)
        tally.whole[piece] += number
        tally.labels[label][piece] += number
        tally.annotators[annotator.word][piece] += number
    return WorkTable(tally, rows, pieces)


_BOX = Region("", Box(0, 0, 1, 1))


def box_piece(source: str) -> tuple[str, str]:
    """Return which work a row was that came by an annotation source, and that source."""
    return ledger.work_of("region", _BOX, source), source
