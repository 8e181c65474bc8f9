"""Exports: a folder that says everything, for FiftyOne or for COCO's tools, whole or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from retrain_kit.datasets.coco import export as coco_export
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.fiftyone import database, documents, named_anew, studies
from retrain_kit.fiftyone.library import fo
from retrain_kit.storage.files import writing_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.veil import VeilOverStudy

ExportFormat = Literal["fiftyone", "coco"]


def export_dataset(
    what: Any,  # noqa: ANN401 - FiftyOne has no types
    folder: Path,
    kind: ExportFormat = "fiftyone",
    veil: VeilOverStudy | None = None,
) -> Path:
    """Write a dataset, or samples, with their images into a new folder.

    Parameters
    ----------
    what
        A FiftyOne dataset or view, or a list of the kit's samples.
    folder
        Must not be there yet, or be empty.
    kind
        `fiftyone`: FiftyOne's own format, with the kit's layout; `restore_dataset` reads it. `coco`: COCO's
        format, with all that COCO has no place for beside it; `coco.export.restore_coco` reads it.
    veil
        That over their study: images whose names hold a veiled word get other names.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    ParameterError
        When the kind is unknown.
    DataError
        When the folder is not empty, or an image cannot be read.
    """
    if kind not in get_args(ExportFormat):
        raise ParameterError(Fault("kind", repr(kind), " or ".join(map(repr, get_args(ExportFormat)))))
    found = list(what) if isinstance(what, list | tuple) else studies.samples(what)
    found = found if veil is None else list(named_anew.name_anew(found, veil))
    with writing_folder(folder) as building:
        if kind == "coco":
            coco_export.write_coco(found, building)
        else:
            _write(found, building)
    return folder


def restore_dataset(folder: Path, name: str | None = None) -> fo.Dataset:
    """Return a dataset of FiftyOne's own format, as `export_dataset` writes it.

    Raises
    ------
    DataError
        When there is none in the folder.
    """
    database.ensure_running()
    if not (folder / "samples.json").is_file():
        raise DataError(Fault(str(folder), "no samples.json", "a dataset in FiftyOne's format"))
    return fo.Dataset.from_dir(str(folder), dataset_type=fo.types.FiftyOneDataset, name=name)


def _write(samples: Iterable[Sample], folder: Path) -> None:
    samples = list(samples)
    missing = [sample.path for sample in samples if not sample.path.is_file()]
    if missing:
        raise DataError(*(Fault(str(path), "no file", "an image") for path in missing))
    database.ensure_running()
    dataset = documents.empty_dataset(fo.core.dataset.make_unique_dataset_name("retrain-kit-export"))
    try:
        dataset.add_samples([documents.to_document(sample) for sample in samples])
        folder.rmdir()  # FiftyOne makes it anew; of one that is there it says that it adds to it
        dataset.export(export_dir=str(folder), dataset_type=fo.types.FiftyOneDataset, export_media=True)
    finally:
        dataset.delete()
