"""What the App opens to look around: a study's images in their slices, with saved views to go by.

Slices are written without loss, three images for each of the study's. Of more than `MOST_SLICED` images they
are made when they are asked for; without them the App shows the images as they are, with their annotations.
A dataset that is not the kit's own is left as it is: what is shown is a dataset made of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.rejections import Rejections, note_rejections
from retrain_kit.errors import DataError, Fault
from retrain_kit.fiftyone import answers, documents, opening, studies, views
from retrain_kit.fiftyone.grouped import SliceWriter
from retrain_kit.fiftyone.library import fo, progress_bar
from retrain_kit.imaging import masking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.fiftyone.views import SavedViews
    from retrain_kit.studies.manifests import Manifest

MOST_SLICED = 300
"""Slices of more images than so many are made only when they are asked for."""


@dataclass(frozen=True)
class Explorer:
    """What the App opens.

    Parameters
    ----------
    manifest
        The study.
    dataset
        The dataset that is shown.
    images
        How many images are in it.
    sliced
        Whether each is there tagged, decanonized and taken.
    views
        The saved views.
    left_out
        Why images were left out, each in words.
    """

    manifest: Manifest
    dataset: fo.Dataset
    images: int
    sliced: bool
    views: SavedViews
    left_out: tuple[Fault, ...] = ()


def build_explorer(
    study: str,
    fill: str = "white",
    shape: masking.Shape = "box",
    *,
    slices: bool | None = None,
    accepted: bool = False,
) -> Explorer:
    """Return what the App opens of a study; the same study gives the same again, without building it anew.

    Parameters
    ----------
    study
        A study, however it is named.
    fill, shape
        What takes the place of the tags, and what counts as tagged.
    slices
        Whether images are shown tagged, decanonized and taken; None: where they are not more than
        `MOST_SLICED`.
    accepted
        Whether the content notice was accepted: then all words are shown.

    Raises
    ------
    ParameterError
        When there is no such study, or fill or shape is unknown.
    DataError
        When the study has no images, or its files cannot be read.
    """
    masking.check_fill_and_shape(fill, shape)
    manifest, dataset = opening.open_study(study, accepted=accepted)
    found = read_samples(dataset)
    if not found:
        raise DataError(Fault(f"study {manifest.name}", "no images", "one image at least"))
    lost = studies.rejections(dataset).unmatched if documents.has_kit_layout(dataset) else ()
    note_rejections(manifest.name, Rejections.of_samples(found, lost))
    sliced = len(found) <= MOST_SLICED if slices is None else slices
    faults: list[Fault] = []
    if sliced:
        writer = SliceWriter(found, manifest, fill, shape)
        for fault in progress_bar("decanonizing", len(found))(write_slices(writer)):
            faults += fault
        shown = writer.dataset()
    else:
        shown = dataset if _is_own(dataset) else _copy(found, manifest)
    saved = views.add_views(shown, found, manifest, lost)
    return Explorer(manifest, shown, len(found) - len(faults), sliced, saved, tuple(faults))


def read_samples(dataset: Any) -> list[Sample]:  # noqa: ANN401 - FiftyOne has no types
    """Return samples without what people have answered: a withdrawal would not reach a copy of it."""
    answered = set(answers.field_names(dataset))
    found = studies.samples(dataset)
    if not answered:
        return found
    return [
        replace(sample, said={name: each for name, each in sample.said.items() if name not in answered})
        for sample in found
    ]


def write_slices(writer: SliceWriter) -> Iterator[list[Fault]]:
    """Write the slices of one image after another; yield for each why it is left out, where it is.

    Raises
    ------
    ParameterError
        When fill or shape is unknown.
    DataError
        When no image at all could be written, with the fault of each.
    """
    faults: list[Fault] = []
    for number in range(len(writer)):
        try:
            writer.write_images(number)
        except DataError as error:
            writer.leave_out(number)
            faults.append(error.faults[0])
            yield [error.faults[0]]
        else:
            yield []
    if len(faults) == len(writer):
        raise DataError(*faults)


def _is_own(dataset: fo.Dataset) -> bool:
    """Whether the kit itself made a dataset of a study, and nobody else has it for theirs."""
    return dataset.name.startswith(studies.NAME_PREFIX) and documents.has_kit_layout(dataset)


def _copy(samples: Sequence[Sample], manifest: Manifest) -> fo.Dataset:
    """Return a dataset of the kit's own with the samples as they are."""

    def fill(dataset: Any) -> None:  # noqa: ANN401 - FiftyOne has no types
        studies.add_samples(dataset, samples)
        studies.write_study_info(dataset, manifest)

    key = (manifest.digest, manifest.folder.resolve())
    return studies.build_dataset(studies.dataset_name(f"{manifest.name}-tagged", *key), fill)
