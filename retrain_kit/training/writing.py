"""Writing: training data with its datasheet, noted in the store, so that withdrawing names its files."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.files import writing
from retrain_kit.residues.parts import numbered
from retrain_kit.training import fields, gathering, kinds, noting, travelling

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrain_kit.answers import Store
    from retrain_kit.datasets.fiftyone import fo
    from retrain_kit.training.gathering import Gathered
    from retrain_kit.training.kinds import Export

    Datasets = dict[str, fo.Dataset]

CARD, IN_FIFTYONE = "README.md", "fiftyone"


def write(store: Store, folder: Path, kind: str, studies: Collection[str] = ()) -> list[Path]:
    """Write what may be used of a store, with its datasheet; return the files, the datasheet first.

    Where somebody withdraws something meanwhile, it is written once more.

    Parameters
    ----------
    folder
        Receives a folder of the kind's name. Files of an earlier export there are replaced, each whole or not
        at all.
    kind
        One of `kinds.KINDS`; `fiftyone` writes into the studies' datasets, and the datasheet into the folder.
    studies
        Only these, by name; all where none is named. For `fiftyone` also by path, or as `fiftyone:NAME`.

    Raises
    ------
    ParameterError
        When there is no such kind, or nobody has said anything about a study; in FiftyOne also when there is
        no study of that name.
    DataError
        When the folder cannot be written, or a study's pictures cannot be used.
    """
    if kind not in kinds.KINDS:
        raise ParameterError(Fault("kind", repr(kind), f"one of {', '.join(kinds.KINDS)}"))
    exercises = kinds.KINDS[kind].exercises
    opened = open_datasets(store, studies, exercises) if kind == IN_FIFTYONE else {}

    def make() -> list[Path]:
        gathered = gathering.gather(store, list(opened) or studies, exercises)
        _put(opened, gathered)
        place = folder / f"{kinds.mark(gathered)}{kind}"
        return _write(store, place, kinds.KINDS[kind].make(gathered))

    return noting.settled(store, make)


def open_datasets(store: Store, studies: Collection[str], exercises: Collection[str]) -> Datasets:
    """Return the datasets of studies in FiftyOne by the study's name; of all in a store if none is named.

    Raises
    ------
    ParameterError
        With all studies that cannot be opened.
    DatabaseError
        When there is no database.
    """
    from retrain_kit.datasets import fiftyone  # noqa: PLC0415 - slow to load

    told = {record.asked.study for record in store.records() if record.asked.exercise in exercises}
    opened, faults = {}, list[Fault]()
    for study in studies or sorted(told):
        try:
            manifest, dataset = fiftyone.open_study(study)
            opened[manifest.name] = dataset
        except (DataError, ParameterError) as error:
            faults += error.faults
    if faults:
        raise ParameterError(*faults)
    return opened


def _put(opened: Datasets, gathered: Gathered) -> None:
    """Write the fields of datasets in FiftyOne."""
    if not opened:
        return
    from retrain_kit.datasets.fiftyone import answers  # noqa: PLC0415 - slow to load

    about = (
        "said by nobody, made for demonstration" if gathered.demonstration else "said by those who took part"
    )
    for study, dataset in opened.items():
        answers.put(dataset, fields.of(gathered, study), kinds.field_prefix(gathered), about)


def _write(store: Store, folder: Path, export: Export) -> list[Path]:
    contents = {CARD: export.card, **export.contents}
    for name, content in contents.items():
        path = folder / name
        with writing(path) if isinstance(content, Path) else noting.noted(store, path) as temporary:
            _fill(content, temporary)
    for old in (folder / travelling.FOLDER).glob("*"):
        if f"{travelling.FOLDER}/{old.name}" not in contents:
            old.unlink()
    return [folder / name for name in contents]


def _fill(content: pl.DataFrame | str | Path, path: Path) -> None:
    if isinstance(content, pl.DataFrame):
        with numbered():
            content.write_parquet(path)
    elif isinstance(content, Path):
        shutil.copyfile(content, path)
    else:
        path.write_text(content, encoding="utf-8")
