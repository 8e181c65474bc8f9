"""Export: training data with its datasheet, noted in the store, so that withdrawing deletes its files."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from retrain_kit.annotations import narratives
from retrain_kit.answers import deriving
from retrain_kit.batch.coverage.residue import numbered
from retrain_kit.errors import DataError, Fault, ParameterError, count_in_words, names_in_words
from retrain_kit.exercises.own_time import own_time
from retrain_kit.exercises.polyphony import turns
from retrain_kit.exercises.recoding_art import recoding_art
from retrain_kit.exercises.surfaces import informational_surfaces
from retrain_kit.exercises.training import crowd_kit as training_crowd_kit
from retrain_kit.exercises.training import datasheet, fiftyone_fields, images, selection, soft_labels
from retrain_kit.exercises.training import narratives as training_narratives
from retrain_kit.exercises.training import works as training_works
from retrain_kit.exercises.what_if import aggregate
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from retrain_kit.answers import Store
    from retrain_kit.exercises.training.selection import SelectedAnswers
    from retrain_kit.fiftyone import fo
    from retrain_kit.studies.manifests import ImageRow

    Contents = Mapping[str, pl.DataFrame | str | Path]
    Datasets = dict[str, fo.Dataset]


DEMONSTRATION_PREFIX = "demonstration-"
"""What the names of files and folders begin with whose answers nobody gave."""


@dataclass(frozen=True)
class ExportContents:
    """What a kind comes to: the text of its datasheet, and by their path contents, or files to copy."""

    datasheet: str
    contents: Contents


@dataclass(frozen=True)
class TrainingKind:
    """A kind of training data: the exercises whose answers it is made of, and how."""

    exercises: tuple[str, ...]
    export: Callable[[SelectedAnswers], ExportContents]


def crowd_kit_export(selected: SelectedAnswers) -> ExportContents:
    """Return tables for crowd-kit."""
    tables = training_crowd_kit.crowd_tables(selected)
    paths = {name: f"{demonstration_prefix(selected)}{name}.parquet" for name in tables}
    files = {name: (paths[name], table.height) for name, table in tables.items()}
    card = datasheet.datasheet_markdown("crowd-kit", files, selected)
    return ExportContents(card, {paths[name]: table for name, table in tables.items()})


def soft_labels_export(selected: SelectedAnswers) -> ExportContents:
    """Return soft labels, in the layout of Hugging Face's `datasets`; no image travels with them."""
    soft = soft_labels.soft_label_table(selected, known_images(selected))
    tables = {"soft_labels": soft, "degrees": training_crowd_kit.label_table(selected)}
    return _tables_with_card("soft-labels", tables, selected)


def labels_with_images_export(selected: SelectedAnswers) -> ExportContents:
    """Return soft labels beside the images that may travel, as an `imagefolder`."""
    found = images.sharable_images(selected)
    table = images.imagefolder_table(selected, found)
    path, places = "metadata.parquet", sum(len(selected.ranges(study)) for study in selected.studies)
    files = {"images": (path, table.height)}
    kind, stayed = "soft-labels-with-images", places - table.height
    card = datasheet.card_header(_head(kind, selected)) + datasheet.datasheet_markdown(
        kind, files, selected, stayed=stayed
    )
    copied = {images.exported_path(row, source): source for row, source in found.values()}
    return ExportContents(card, {path: table, **copied})


def narratives_export(selected: SelectedAnswers) -> ExportContents:
    """Return recordings as Localized Narratives, with the lines beside."""
    first = demonstration_prefix(selected)
    found = training_narratives.find_recordings(selected.records)
    paths = {"lines": f"{first}{narratives.NARRATIVES_NAME}", "beside": f"{first}{narratives.COMPANION_NAME}"}
    files = {name: (path, len(found.recordings)) for name, path in paths.items()}
    card = datasheet.datasheet_markdown("narratives", files, selected, unread=found.unread)
    return ExportContents(
        card, dict(zip(paths.values(), training_narratives.narrative_lines(found, first), strict=True))
    )


def fiftyone_export(selected: SelectedAnswers) -> ExportContents:
    """Return the datasheet of fields in FiftyOne, whose rows are in its database."""
    prefix = field_prefix(selected)
    counts: Counter[str] = Counter()
    for study in selected.studies:
        for name, rows in fiftyone_fields.answer_fields(selected, study).items():
            counts[name] += sum(map(len, rows.values()))
    files = {name: (f"{prefix}{name}", count) for name, count in counts.items()}
    return ExportContents(datasheet.datasheet_markdown("fiftyone", files, selected, prefix=prefix), {})


def works_export(selected: SelectedAnswers) -> ExportContents:
    """Return what was said of works, in the layout of Hugging Face's `datasets`; no image travels with it."""
    tables = {
        "works": training_works.work_table(selected, known_images(selected)),
        "work_answers": training_works.work_answer_table(selected),
    }
    unread = len(training_works.read_works(selected).faults)
    return _tables_with_card("works", tables, selected, unread_works=unread)


_DESCRIBED = {"degrees": "labels"}
"""Tables whose columns the datasheet describes under another name."""


def _tables_with_card(
    kind: str, tables: Mapping[str, pl.DataFrame], selected: SelectedAnswers, **more: object
) -> ExportContents:
    """Return tables in the layout of Hugging Face's `datasets`; `more` is what their words leave open."""
    first = f"data/{demonstration_prefix(selected)}"
    paths = {name: f"{first}{name.replace('_', '-')}.parquet" for name in tables}
    files = {_DESCRIBED.get(name, name): (paths[name], table.height) for name, table in tables.items()}
    split = "demonstration" if selected.demonstration else "train"
    told = {**_head(kind, selected), **datasheet.card_configs(tables, paths, split)}
    text = datasheet.datasheet_markdown(kind, files, selected, **more)
    return ExportContents(
        datasheet.card_header(told) + text, {paths[name]: table for name, table in tables.items()}
    )


VOTED_EXERCISES = (aggregate.EXERCISE, turns.EXERCISE, informational_surfaces.EXERCISE)
"""Those of which crowd-kit gets tables; see `works` for the one that is not among them."""
ALL_EXERCISES = (*VOTED_EXERCISES, recoding_art.EXERCISE, own_time.EXERCISE)
KINDS = {
    "crowd-kit": TrainingKind(VOTED_EXERCISES, crowd_kit_export),
    "soft-labels": TrainingKind((aggregate.EXERCISE,), soft_labels_export),
    "soft-labels-with-images": TrainingKind((aggregate.EXERCISE,), labels_with_images_export),
    "narratives": TrainingKind((informational_surfaces.EXERCISE,), narratives_export),
    "works": TrainingKind((recoding_art.EXERCISE,), works_export),
    "fiftyone": TrainingKind(ALL_EXERCISES, fiftyone_export),
}
"""What can be made, by name."""


def field_prefix(selected: SelectedAnswers) -> str:
    """Return what the names of fields in FiftyOne begin with."""
    return f"{demonstration_prefix(selected)}answers_".replace("-", "_")


def demonstration_prefix(selected: SelectedAnswers) -> str:
    """Return what names begin with: `DEMONSTRATION_PREFIX`, or nothing."""
    return DEMONSTRATION_PREFIX if selected.demonstration else ""


def known_images(selected: SelectedAnswers) -> dict[tuple[str, str], ImageRow]:
    """Return the rows of images spoken of, by study and id, where the study's table is on this machine."""
    spoken = {(record.asked.study, image) for record in selected.records for image in record.asked.images}
    opened = {study: images.known_manifest(study, accepted=selected.accepted) for study in selected.studies}
    return {
        (study, image.id): image
        for study, manifest in opened.items()
        if manifest
        for image in manifest.images
        if (study, image.id) in spoken
    }


def _head(kind: str, selected: SelectedAnswers) -> dict[str, object]:
    title = datasheet.datasheet_words()["kinds"][kind]["title"]
    return datasheet.card_metadata(title, {record.language for record in selected.records})


CARD_FILE, FIFTYONE_KIND = "README.md", "fiftyone"


def write_training_data(  # noqa: PLR0913 - what is made of what, and who is told
    store: Store,
    folder: Path,
    kind: str,
    studies: Collection[str] = (),
    *,
    accepted: bool = False,
    say: Callable[[str], None] = print,
) -> list[Path]:
    """Write what may be used of a store, with its datasheet; return the files, the datasheet first.

    Where somebody withdraws something meanwhile, it is written once more.

    Parameters
    ----------
    folder
        Receives a folder of the kind's name. Files of an earlier export there are replaced, each whole or not
        at all.
    kind
        One of `KINDS`; `fiftyone` writes into the studies' datasets, and the datasheet into the folder.
    studies
        Only these, by name; all where none is named. For `fiftyone` in any of the four ways to name one.
    accepted
        Whether the content notice was accepted: then ids of images are shown that hold a veiled word.
    say
        Receives that nobody has said anything that may be used, where that is so.

    Raises
    ------
    ParameterError
        When there is no such kind, or nobody has said anything about a study; in FiftyOne also when there is
        no study of that name.
    DataError
        When the folder cannot be written, or a study's images cannot be used.
    """
    if kind not in KINDS:
        raise ParameterError(Fault("kind", repr(kind), f"one of {', '.join(KINDS)}"))
    exercises = KINDS[kind].exercises
    opened = open_datasets(store, studies, exercises, accepted=accepted) if kind == FIFTYONE_KIND else {}

    def make() -> list[Path]:
        found = selection.select_answers(store, list(opened) or studies, exercises)
        shown = {study: images.known_manifest(study, accepted=accepted) for study in found.studies}
        selected = replace(selection.under_veil(found, shown), accepted=accepted)
        if not selected.records:
            say(f"Nobody has said anything that may be used as {kind}: what is written is empty.")
        _put(store, opened, selected, say)
        place = folder / f"{demonstration_prefix(selected)}{kind}"
        return _write(store, place, KINDS[kind].export(selected), deriving.ids_of(selected.records))

    return deriving.make_settled(store, make)


def open_datasets(
    store: Store, studies: Collection[str], exercises: Collection[str], *, accepted: bool = False
) -> Datasets:
    """Return the datasets of studies in FiftyOne by the study's name; of all in a store if none is named.

    Raises
    ------
    ParameterError
        With all studies that cannot be opened.
    DatabaseError
        When there is no database.
    """
    from retrain_kit import fiftyone  # noqa: PLC0415 - slow to load

    told = {record.asked.study for record in store.records() if record.asked.exercise in exercises}
    opened, faults = {}, list[Fault]()
    for study in studies or sorted(told):
        try:
            manifest, dataset = fiftyone.open_dataset(study, accepted=accepted)
            opened[manifest.name] = dataset
        except (DataError, ParameterError) as error:
            faults += error.faults
    if faults:
        raise ParameterError(*faults)
    return opened


def _put(store: Store, opened: Datasets, selected: SelectedAnswers, say: Callable[[str], None]) -> None:
    """Write the fields of datasets in FiftyOne, of which the store is told before; say what has no place."""
    if not opened:
        return
    from retrain_kit.fiftyone import answers  # noqa: PLC0415 - slow to load

    about = (
        "said by nobody, made for demonstration" if selected.demonstration else "said by those who took part"
    )
    answers.strike_due(store)
    for study, dataset in opened.items():
        fields = fiftyone_fields.answer_fields(selected, study)
        dataset.reload()
        if absent := answers.images_not_in(dataset, fields):
            about_them = f"of {count_in_words(len(absent), 'image')} that the dataset has not"
            say(f"{study}: not written is what was said {about_them}: {names_in_words(absent)}.")
        answers.write_answers(dataset, fields, field_prefix(selected), about, store)


def _write(store: Store, folder: Path, export: ExportContents, names: Collection[str]) -> list[Path]:
    contents = {CARD_FILE: export.datasheet, **export.contents}
    for name, content in contents.items():
        path = folder / name
        noted = deriving.writing_noted(store, path, names)
        with writing(path) if isinstance(content, Path) else noted as temporary:
            _fill(content, temporary)
    for old in (folder / images.IMAGE_FOLDER).glob("*"):
        if f"{images.IMAGE_FOLDER}/{old.name}" not in contents:
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
