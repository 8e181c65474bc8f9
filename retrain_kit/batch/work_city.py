"""The city of a study, or of the whole table of its data set: one way for the command and the notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from tqdm.auto import tqdm

from retrain_kit import datasets
from retrain_kit.analysis import city, ledger
from retrain_kit.analysis.annotators import annotator_lookup
from retrain_kit.analysis.city import City, Houses, Storey
from retrain_kit.annotations.samples import Box, Region, RejectedAnnotation
from retrain_kit.batch.coverage import measuring
from retrain_kit.batch.coverage.batches import (
    ANNOTATOR_COLUMN,
    BOX_COLUMNS,
    ID_COLUMN,
    LABEL_COLUMN,
    REASON_COLUMN,
    BoxTable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrain_kit.analysis.annotators import Annotator
    from retrain_kit.studies.labour_figures import LabourFigure
    from retrain_kit.studies.manifests import Manifest


@dataclass(frozen=True)
class StudyCity:
    """A study as a city.

    Parameters
    ----------
    title
        What stands there.
    manifest
        The study.
    city
        The city.
    figures
        Those that were chosen.
    is_table
        Whether it is of the whole table of the data set.
    rejected
        How many annotations could not be taken, and stand nowhere.
    """

    title: str
    manifest: Manifest
    city: City
    figures: tuple[LabourFigure, ...]
    is_table: bool = False
    rejected: int = 0


def study_city(
    manifest: Manifest, figures: tuple[LabourFigure, ...], *, accepted: bool = False
) -> StudyCity:
    """Return the city of the whole table of a study of Open Images, or of a study's own images.

    Parameters
    ----------
    manifest
        The study, under the veil where words are veiled.
    accepted
        Whether the words of a whole table are shown without a veil.

    Raises
    ------
    DataError
        As the reader of the data set.
    ParameterError
        When there is no image.
    """
    if manifest.dataset == "open-images" and "boxes" in manifest.files:
        path = manifest.files["boxes"]
        names = measuring.label_names(manifest, accepted=accepted)
        houses = table_houses(path, manifest, figures, names)
        title = f"{path.name}, all of its boxes"
        return StudyCity(title, manifest, city.build_city(houses), figures, is_table=True)
    unmatched, rejected = list[RejectedAnnotation](), list[RejectedAnnotation]()
    houses = city.count_houses(datasets.stream(manifest, unmatched, rejected), manifest, figures)
    built = city.build_city(houses)
    return StudyCity(manifest.title, manifest, built, figures, rejected=len(unmatched) + len(rejected))


def table_houses(
    path: Path, manifest: Manifest, figures: Sequence[LabourFigure], names: dict[str, str] | None = None
) -> Houses:
    """Return the houses of a table of boxes, in the order of ids: each image that it names.

    Parameters
    ----------
    path
        A CSV with `ImageID`, `LabelName` and the edges of boxes; `Source` where it has it.
    names
        Words for labels; a label without one is said as the table says it.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    boxes = BoxTable(path)
    counted = _Counted(annotator_lookup(manifest))
    with tqdm(
        total=boxes.rows, desc="building", unit=" boxes", unit_scale=True, delay=1, leave=False
    ) as bar:
        for batch in boxes.batches():
            rows = boxes.read(batch)
            counted.add(rows)
            bar.update(rows.height)
    return counted.houses(figures, names or {})


class _Counted:
    """The images of a table as far as it was read, in the order of ids."""

    def __init__(self, known: Callable[[str], Annotator]) -> None:
        self.known = known
        self.kinds: dict[tuple[str, str], int] = {}
        self.words: dict[str, int] = {}
        self.labels: dict[str, int] = {}
        self.ids: list[str] = []
        self.counts: list[NDArray[np.uint32]] = []
        self.many: list[NDArray[np.int64]] = []
        self.numbers: list[NDArray[np.int32]] = []

    def add(self, rows: pl.DataFrame) -> None:
        """Take the rows of whole images."""
        if rows.is_empty():
            return
        for word in rows[ANNOTATOR_COLUMN].unique():
            source = self.known(word).source.name
            kind = ledger.work_of("region", Region("", _ANY), source), source
            self.words[word] = self.kinds.setdefault(kind, len(self.kinds))
        for label in rows[LABEL_COLUMN].unique().sort():
            self.labels.setdefault(label, len(self.labels))
        self._count(rows)
        self._name(rows)

    def _count(self, rows: pl.DataFrame) -> None:
        kind = pl.col(ANNOTATOR_COLUMN).replace_strict(self.words, return_dtype=pl.Int64)
        kinds = [(kind == number).sum().cast(pl.UInt32).alias(str(number)) for number in range(len(self.kinds))]
        found = rows.group_by(ID_COLUMN, maintain_order=True).agg(kinds)
        self.ids += found[ID_COLUMN].to_list()
        self.counts.append(found.drop(ID_COLUMN).to_numpy())

    def _name(self, rows: pl.DataFrame) -> None:
        left, top, right, bottom = (pl.col(edge) for edge in BOX_COLUMNS)
        area = pl.when(pl.col(REASON_COLUMN).is_null()).then((right - left) * (bottom - top)).otherwise(0)
        by_label = rows.group_by(ID_COLUMN, LABEL_COLUMN).agg(area.sum().alias("area"))
        ordered = by_label.sort(ID_COLUMN, "area", LABEL_COLUMN, descending=[False, True, False])
        named = (pl.col(LABEL_COLUMN) != "").sum().alias("many")
        self.many.append(ordered.group_by(ID_COLUMN, maintain_order=True).agg(named)["many"].to_numpy())
        labels = ordered.filter(pl.col(LABEL_COLUMN) != "")[LABEL_COLUMN]
        self.numbers.append(labels.replace_strict(self.labels, return_dtype=pl.Int32).to_numpy())

    def houses(self, figures: Sequence[LabourFigure], names: dict[str, str]) -> Houses:
        """Return the houses of all rows that were taken."""
        kinds = [Storey.of(*kind, figures) for kind in self.kinds]
        order = sorted(range(len(kinds)), key=lambda number: kinds[number].order)
        counts = np.zeros((len(self.ids), len(kinds)), np.uint32)
        at = 0
        for part in self.counts:
            counts[at : at + len(part), : part.shape[1]] = part
            at += len(part)
        starts = np.cumsum(np.concatenate([[0], *self.many]), dtype=np.int64)
        numbers = np.concatenate([np.zeros(0, np.int32), *self.numbers])
        labels = tuple(names.get(label, label) for label in self.labels)
        storeys = tuple(kinds[number] for number in order)
        return Houses(self.ids, storeys, counts[:, order], labels, starts, numbers)


_ANY = Box(0, 0, 1, 1)
