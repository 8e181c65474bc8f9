"""Kept studies of datasets in FiftyOne: `fiftyone:NAME` as two files and its samples.

The study lies in the folder for kept studies, its TOML with a table `[fiftyone]` that says of which dataset
it is and in which state that was: when it changes, the study is made anew. Words that somebody writes into
the TOML stay. The images stay where they are, in as many folders as they lie in. What the kit has written
into the dataset of people's answers is not taken along: a withdrawal reaches it in FiftyOne.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit

from retrain_kit import __version__
from retrain_kit.datasets import fiftyone as reader
from retrain_kit.datasets import pinning
from retrain_kit.datasets.formats import listings
from retrain_kit.datasets.seen_images import SeenImages, image_file
from retrain_kit.errors import DataError, Fault, KitError
from retrain_kit.fiftyone import answers, database, studies
from retrain_kit.fiftyone.library import fo, progress_bar
from retrain_kit.storage import files, locks
from retrain_kit.studies import manifests, references
from retrain_kit.studies.sampling import UNSTATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import ImageRow, Manifest

TABLE = "fiftyone"
_MASK_PATHS = {
    "Detection": "mask_path",
    "Detections": "detections.mask_path",
    "Segmentation": "mask_path",
}


def load_dataset(study: str) -> fo.Dataset:
    """Return the dataset that `fiftyone:NAME` names.

    Raises
    ------
    ParameterError
        When there is none of that name, with those that there are.
    DataError
        When it is none of images.
    DatabaseError
        When there is no database.
    """
    database.ensure_running()
    answers.strike_remembered()
    name = study.removeprefix(references.FIFTYONE_PREFIX)
    if not fo.dataset_exists(name):
        raise references.no_such_study(study, fo.list_datasets())
    dataset = fo.load_dataset(name)
    _check_media(dataset)
    return dataset


def _check_media(dataset: fo.Dataset) -> None:
    if dataset.media_type in {"image", None}:
        return
    found, do = f"media of the type {dataset.media_type}", ""
    if dataset.media_type == "group":
        slices = ", ".join(f"{name} ({kind})" for name, kind in dataset.group_media_types.items())
        found = f"groups of the slices {slices}"
        do = "Make a dataset of one: dataset.select_group_slices(NAME).clone(NEW_NAME, persistent=True)."
    raise DataError(Fault(f"dataset {dataset.name}", found, "a dataset of images", do))


def study_of(dataset: fo.Dataset) -> Path:
    """Return the TOML of a dataset's study: made where there is none yet, or the dataset has changed since.

    Raises
    ------
    DataError
        When it has no image that can be a study's, or nothing can be written.
    """
    toml = _place(dataset)
    with files.explaining_errors(toml):
        toml.parent.mkdir(parents=True, exist_ok=True)
        with locks.exclusive_lock(toml.with_name(f".{toml.stem}.lock")):
            state = _state(dataset)
            if _said(toml).get("state") != state or not toml.with_suffix(".csv").is_file():
                _write(dataset, toml, state)
    return toml


def without_left_out(dataset: fo.Dataset, manifest: Manifest) -> Any:  # noqa: ANN401 - FiftyOne has no types
    """Return the view of a dataset that has the images of its study alone."""
    images = {str(manifest.path(image)) for image in manifest.images}
    places = zip(*dataset.values(["id", "filepath"]), strict=True)
    return dataset.select([each for each, path in places if path in images])


def _place(dataset: fo.Dataset) -> Path:
    """Return where the study of a dataset is, or is to be: under its name or one like it that is free."""
    folder, taken = manifests.folder_of_kept_studies(), set(manifests.study_names())
    number = 0
    while True:
        number += 1
        toml = folder / f"{dataset.slug}{f'-{number}' if number > 1 else ''}.toml"
        if _said(toml).get("dataset") == dataset.name or not (toml.is_file() or toml.stem in taken):
            return toml


def _said(toml: Path) -> Mapping[str, Any]:
    """Return what a TOML says of the dataset in FiftyOne that it is of; nothing where it is of none."""
    if not toml.is_file():
        return {}
    found = pinning.read_document(toml).unwrap().get(TABLE)
    return found if isinstance(found, dict) else {}


# -- in which state a dataset is


def _state(dataset: fo.Dataset) -> str:
    """Return what tells one state of a dataset from another: its changes, and those of its files."""
    digest = hashlib.sha256()
    changed = [dataset.last_modified_at, dataset.max("last_modified_at") if len(dataset) else None]
    digest.update(repr((__version__, database.place(), str(dataset._doc.id), changed)).encode())  # noqa: SLF001 - a dataset has no public name for it
    for path in _named_files(dataset):
        try:
            stamp = files.change_stamp(Path(path))
        except OSError as error:
            stamp = error.strerror or "none"
        digest.update(f"{path}\n{stamp}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _named_files(dataset: fo.Dataset) -> Iterator[str]:
    """Yield the paths of all images, and of all masks that lie in files."""
    yield from dataset.values("filepath")
    for name, kind in dataset.get_field_schema(embedded_doc_type=fo.Label).items():
        if inner := _MASK_PATHS.get(kind.document_type.__name__):
            yield from filter(None, dataset.values(f"{name}.{inner}", unwind=True))


# -- the files of a study


def _write(dataset: fo.Dataset, toml: Path, state: str) -> None:
    """Write samples and table, and when they are whole the TOML that says in which state the dataset was."""
    rows: list[ImageRow] = []
    left_out: dict[str, str] = {}
    folder = _common_folder(dataset)

    def taken() -> Iterator[Sample]:
        with SeenImages() as seen:
            for sample in _samples(dataset, left_out):
                rows.append(_row(sample, folder, seen))
                yield sample
        if not rows:
            raise DataError(_no_image(dataset, left_out))

    samples = reader.samples_path(toml)
    reader.write_samples(samples, taken(), studies.unmatched(dataset))
    document = _document(dataset, toml)
    document["folder"] = str(folder)
    document.pop("left_out", None)
    if left_out:
        document["left_out"] = pinning.left_out_counts(left_out)
    document[TABLE] = _origin(dataset, state, samples)
    pinning.write_left_out(toml, left_out)
    with files.writing(toml.with_suffix(".csv")) as temporary:
        pinning.write_table(temporary, rows)
    with files.writing(toml) as temporary:
        temporary.write_text(tomlkit.dumps(document), encoding="utf-8")


def _origin(dataset: fo.Dataset, state: str, samples: Path) -> Any:  # noqa: ANN401 - tomlkit's tables
    """Return the table that says of which dataset a study is, and in which state that was."""
    table = tomlkit.table()
    table.add(tomlkit.comment("This study is made of a dataset in FiftyOne, anew when that has changed."))
    table.add(tomlkit.comment("What you know better, write above: it stays. This table is the kit's own."))
    said = {"dataset": dataset.name, "state": state, "samples_sha256": files.sha256(samples)}
    for name, text in said.items():
        table[name] = text
    return table


def _no_image(dataset: fo.Dataset, left_out: Mapping[str, str]) -> Fault:
    why = "; ".join(listings.left_out_in_words(left_out))
    found = f"no image that can be taken ({why})" if why else "no image"
    return Fault(f"dataset {dataset.name}", found, "a dataset of images")


def _document(dataset: fo.Dataset, toml: Path) -> tomlkit.TOMLDocument:
    """Return a study's TOML as it is; a new one says what the dataset says, and that the rest is unknown."""
    if toml.is_file():
        return pinning.read_document(toml)
    document = tomlkit.document()
    said = studies.said_of_dataset(dataset)
    document.update({name: said[name] for name in manifests.REQUIRED_FIELDS})
    process = {key: value for key, value in asdict(studies.annotation_process(dataset)).items() if value}
    process["undisclosed"] = list(process.get("undisclosed", ()))
    document["annotation"] = dict.fromkeys(("who", "when", "how"), UNSTATED) | process
    return document


def _samples(dataset: fo.Dataset, left_out: dict[str, str]) -> Iterator[Sample]:
    """Yield the samples of a dataset without people's answers; list why others are left out."""
    answered, ids = set(answers.field_names(dataset)), set[str]()
    for path, found in progress_bar(f"reading {dataset.name}")(studies.each_sample(dataset)):
        if isinstance(found, KitError):
            left_out[path] = "; ".join(fault.found for fault in found.faults)
        elif found.id in ids:
            left_out[path] = f"an id that another image has: {found.id}"
        else:
            ids.add(found.id)
            said = {name: each for name, each in found.said.items() if name not in answered}
            yield replace(found, said=said)


def _row(sample: Sample, folder: Path, seen: SeenImages) -> ImageRow:
    """Return a sample's row of the table, with its digest where the kit has computed it before."""
    row = studies.image_row(sample, folder)
    if row.sha256:
        return row
    with suppress(OSError):
        return replace(row, sha256=seen.known(image_file(sample.path)).sha256)
    return row


def _common_folder(dataset: fo.Dataset) -> Path:
    """Return the folder in which all images lie, wherever links lead.

    Raises
    ------
    DataError
        When there is none, as they lie on several drives.
    """
    named = {Path(path).parent for path in dataset.values("filepath")}
    places = {*named, *(Path(path).resolve().parent for path in dataset.values("filepath"))}
    try:
        return Path(os.path.commonpath(places or {Path.cwd()}))
    except ValueError:
        drives = ", ".join(sorted({place.anchor for place in places}))
        found = f"images on several drives: {drives}"
        raise DataError(Fault(f"dataset {dataset.name}", found, "images of one drive")) from None
