"""Studies in FiftyOne: built from manifests, read as samples, and studies of any dataset that is there."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit import datasets
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.datasets import digests
from retrain_kit.errors import DataError, Fault, KitError
from retrain_kit.fiftyone import answers, database, documents, foreign, named_anew
from retrain_kit.fiftyone.library import fo, progress_bar
from retrain_kit.studies import manifests
from retrain_kit.studies.disclosure import AnnotationProcess
from retrain_kit.studies.sampling import UNSTATED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from retrain_kit.annotations.samples import RejectedAnnotation, Sample
    from retrain_kit.studies.manifests import Manifest


NAME_PREFIX = "retrain-kit-"
"""What the names of the kit's own datasets begin with."""

ANNOTATION_KEY = "retrain_kit_annotation"
"""Where a dataset's info keeps how its annotations were made, as the study's manifest says."""

UNMATCHED_KEY = "retrain_kit_unmatched"
"""Where a dataset's info keeps the annotations that match no image."""


def study_dataset(manifest: Manifest) -> fo.Dataset:
    """Return the study as a persistent FiftyOne dataset: verified always, built once.

    The dataset's name holds a digest of everything the study says; a changed study is another dataset. It
    is built under another name and renamed when whole, so that a cut leaves no half dataset.

    Raises
    ------
    DatabaseError
        When there is no database.
    DataError
        When images are missing or changed, or annotations cannot be read.
    """
    digests.verify_images(manifest, progress_bar("verifying images"))
    name = dataset_name(manifest.name, manifest.digest, manifest.folder.resolve())
    return build_dataset(name, lambda dataset: _fill(dataset, manifest))


def fill_dataset(dataset: fo.Dataset, manifest: Manifest) -> None:
    """Add a study to an empty dataset: verified, in the kit's layout.

    Raises
    ------
    DataError
        When images are missing or changed, or annotations cannot be read.
    """
    digests.verify_images(manifest, progress_bar("verifying images"))
    _fill(dataset, manifest)


def write_study_info(dataset: fo.Dataset, manifest: Manifest, **more: str) -> None:
    """Say in a dataset which study it holds."""
    said = {"study": manifest.name, "title": manifest.title, "licence": manifest.licence, **more}
    said["content_notice"] = manifest.content_notice
    said[ANNOTATION_KEY] = json.dumps(
        asdict(manifest.annotation)
    )  # as a text: its keys are words of any kind
    dataset.info = {**dataset.info, **said}  # a new dictionary: FiftyOne does not see one that grows in place
    dataset.description = manifest.why
    dataset.save()


def _fill(dataset: fo.Dataset, manifest: Manifest) -> None:
    unmatched: list[RejectedAnnotation] = []
    found = datasets.read(manifest, unmatched)
    add_samples(dataset, found if manifest.veil is None else named_anew.name_anew(found, manifest.veil))
    dataset.info = {**dataset.info, UNMATCHED_KEY: [documents.rejected_fields(each) for each in unmatched]}
    write_study_info(dataset, manifest)


def rejections(dataset: fo.Dataset) -> Rejections:
    """Return what could not be taken of the annotations of a dataset when it was read."""
    if not documents.has_kit_layout(dataset):
        return Rejections.of_samples(samples(dataset))
    stored = (row for rows in dataset.values("rejected") for row in rows or ())
    return Rejections(tuple(map(documents.rejected_annotation, stored)), unmatched(dataset))


def unmatched(dataset: fo.Dataset) -> tuple[RejectedAnnotation, ...]:
    """Return the annotations that matched no image when a study's dataset was built."""
    return tuple(map(documents.rejected_annotation, dataset.info.get(UNMATCHED_KEY) or ()))


def dataset_name(name: str, *key: object) -> str:
    """Return a dataset's name with a digest of all it is made from."""
    text = " ".join(map(str, (documents.LAYOUT_VERSION, *key)))
    return f"{NAME_PREFIX}{name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def build_dataset(name: str, fill: Callable[[fo.Dataset], None]) -> fo.Dataset:
    """Return the persistent dataset of that name, filled where it is not there yet, whole or not at all."""
    database.ensure_running()
    answers.strike_remembered()
    with database.lock(database.cache_folder() / "locks" / name):
        if not fo.dataset_exists(name):
            building = f"{name}-building"
            if fo.dataset_exists(building):
                fo.delete_dataset(building)
            dataset = documents.empty_dataset(building)
            fill(dataset)
            dataset.name = name
            dataset.persistent = True
        return fo.load_dataset(name)


def add_samples(dataset: fo.Dataset, samples: Iterable[Sample]) -> None:
    """Add samples to a dataset, in the kit's layout."""
    documents.declare_fields(dataset)
    dataset.add_samples(
        [documents.to_document(sample) for sample in progress_bar("filling FiftyOne")(samples)]
    )


def samples(dataset: Any, id_field: str = "id", slice_name: str = "") -> list[Sample]:  # noqa: ANN401 - FiftyOne has no types
    """Return the samples of any dataset or view of images, in its order.

    What the kit has stored comes back as it was. Everything else is read as `foreign` says, so that also a
    dataset of FiftyOne's zoo, or of your own, can be studied.

    Parameters
    ----------
    dataset
        A FiftyOne dataset or view.
    id_field
        Which field names the images of a dataset that is not the kit's; `filepath` for the names of files.
    slice_name
        Which slice of a grouped dataset; its default slice when empty.

    Raises
    ------
    DataError
        When the dataset has other media than images, or with each image that has no size or id.
    """
    found = [each for _, each in each_sample(dataset, id_field, slice_name)]
    if faults := [fault for each in found if isinstance(each, KitError) for fault in each.faults]:
        raise DataError(*faults)
    return [each for each in found if not isinstance(each, KitError)]


def each_sample(
    dataset: Any,  # noqa: ANN401 - FiftyOne has no types
    id_field: str = "id",
    slice_name: str = "",
) -> Iterator[tuple[str, Sample | KitError]]:
    """Yield the path of each image with its sample, or the error that says why it is none; see `samples`.

    Raises
    ------
    DataError
        When the dataset has other media than images, or not that field.
    """
    view = _images(dataset, slice_name)
    if not dataset.has_sample_field(id_field):
        raise DataError(Fault(f"dataset {dataset.name}", f"no field {id_field}", "the field of an id"))
    ours = documents.has_kit_layout(dataset)
    targets = {**dataset.mask_targets, "": dataset.default_mask_targets}
    for document in view.iter_samples():
        try:
            stored = ours and document.image_id is not None
            one = (
                documents.to_sample(document) if stored else foreign.read_sample(document, targets, id_field)
            )
            yield document.filepath, one
        except KitError as error:
            yield document.filepath, error


def manifest_of_dataset(dataset: fo.Dataset, id_field: str = "id") -> Manifest:
    """Return the manifest of a dataset that only FiftyOne knows: what nobody has said there is unknown.

    Where it states no digests of images, nothing can be verified; its own is one of what the samples say.
    """
    return manifest_of_samples(samples(dataset, id_field), dataset)


def manifest_of_samples(found: Sequence[Sample], dataset: fo.Dataset) -> Manifest:
    """Return the manifest of samples of a dataset: what the dataset says of all of its images, and these."""
    folder = Path(os.path.commonpath([sample.path.parent for sample in found] or [Path.cwd()]))
    return manifests.Manifest(
        name=dataset.info.get("study") or dataset.slug,
        **said_of_dataset(dataset),
        content_notice=dataset.info.get("content_notice") or "",
        folder=folder,
        files={},
        annotation=annotation_process(dataset),
        images=tuple(image_row(sample, folder) for sample in found),
        digest=hashlib.sha256(repr(found).encode()).hexdigest(),
    )


def said_of_dataset(dataset: fo.Dataset) -> dict[str, Any]:
    """Return what a dataset says of itself, as the fields that every manifest has."""
    licence = str(dataset.info.get("licence") or dataset.info.get("license") or UNSTATED)
    title = dataset.info.get("title") or dataset.name
    about = {"title": title, "why": dataset.description or UNSTATED, "dataset": "fiftyone"}
    return {**about, "version": UNSTATED, "licence": licence, "retrieved": UNSTATED}


def annotation_process(dataset: fo.Dataset) -> AnnotationProcess:
    """Return how the annotations of a dataset were made, where it was made of a study; else it is unknown."""
    try:
        said = json.loads(dataset.info[ANNOTATION_KEY])
        return AnnotationProcess(**{**said, "undisclosed": tuple(said["undisclosed"])})
    except (KeyError, TypeError, ValueError):
        return AnnotationProcess(who=UNSTATED, when=UNSTATED, how=UNSTATED)


def image_row(sample: Sample, folder: Path) -> manifests.ImageRow:
    """Return a sample's row in a study's table; its file below the folder."""
    whence = sample.provenance
    return manifests.ImageRow(
        id=sample.id,
        file=str(sample.path.relative_to(folder)),
        sha256=whence.sha256,
        width_px=sample.width_px,
        height_px=sample.height_px,
        licence=whence.licence or UNSTATED,
        author=whence.author or UNSTATED,
        source=whence.source or UNSTATED,
        note=whence.note,
        alt=sample.alt,
        notice=sample.notice,
        leaves_out=sample.leaves_out,
    )


def _images(dataset: Any, slice_name: str) -> Any:  # noqa: ANN401 - FiftyOne has no types
    """Return the images of a dataset: all, or one slice of a grouped one."""
    where, expected = f"dataset {dataset.name}", "a dataset of images"
    if dataset.media_type in {"image", None}:
        return dataset
    if dataset.media_type != "group":
        raise DataError(Fault(where, f"media of the type {dataset.media_type}", expected))
    media = dataset.group_media_types
    name = slice_name or dataset.default_group_slice
    if media.get(name) != "image":
        there = ", ".join(f"{each} ({kind})" for each, kind in media.items())
        raise DataError(Fault(where, f"the slice {name} among {there}", "a slice of images"))
    return dataset.select_group_slices(name)
