"""The one door: a study is opened in the same way whatever names it.

A study's name and the path of a `.toml` lead to its manifest. Of a folder, and of a dataset in FiftyOne, a
study is made that lies in the folder for kept studies; it is used again as long as nothing has changed. So
everything that takes a study takes all four. FiftyOne is loaded for `fiftyone:NAME` alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit import datasets
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.datasets import digests, veil
from retrain_kit.studies import manifests, references

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.fiftyone.library import fo
    from retrain_kit.studies.manifests import ImageRow, Manifest


def find_study(study: str) -> Path:
    """Return the TOML of a study, however it is named: see `references.FOUR_WAYS`.

    Raises
    ------
    ParameterError
        When there is no such study: in the same words whatever was asked, with those that are near.
    DataError
        When of the folder, or of the dataset in FiftyOne, no study can be made.
    DatabaseError
        When FiftyOne is asked for, and there is no database.
    """
    if references.is_fiftyone(study):
        from retrain_kit.fiftyone import kept  # noqa: PLC0415 - FiftyOne takes seconds to load

        return kept.study_of(kept.load_dataset(study))
    if folder := manifests.find_folder(study):
        from retrain_kit.datasets import layouts  # noqa: PLC0415 - a folder alone needs them

        return layouts.study_of(folder)
    return manifests.find_manifest(study)


def load_study(study: str, *, pinned: bool = True, keep: bool = True, accepted: bool = True) -> Manifest:
    """Return the manifest of a study, however it is named; the options are those of `manifests.load`.

    Where the content notice was not accepted, it is under the veil: see `datasets.veil`.

    Raises
    ------
    KitError
        As `find_study` and `manifests.load`.
    """
    return veil.veiled(manifests.load(find_study(study), pinned=pinned, keep=keep), accepted=accepted)


def open_study(study: str, *, accepted: bool = False) -> tuple[Manifest, Any]:
    """Return a study, however it is named, and its images in FiftyOne: a dataset, or a view of one.

    Of `fiftyone:NAME` that is the dataset itself, or where samples are left out of the study the rest's view;
    where words of it are veiled, a dataset of the kit's own with what may be shown.

    Parameters
    ----------
    study
        The study.
    accepted
        Whether the content notice was accepted, or whoever asks veils words by themselves: see
        `datasets.veil`.

    Raises
    ------
    KitError
        As `open_dataset`.
    """
    if not accepted:
        manifest = load_study(study, accepted=False)
        if manifest.unveiled:
            from retrain_kit.fiftyone import studies  # noqa: PLC0415 - FiftyOne takes seconds to load

            return manifest, studies.study_dataset(manifest)
    manifest, dataset = open_dataset(study)
    if not (references.is_fiftyone(study) and manifest.left_out):
        return manifest, dataset
    from retrain_kit.fiftyone import kept  # noqa: PLC0415 - FiftyOne takes seconds to load

    return manifest, kept.without_left_out(dataset, manifest)


def read_study(study: str, *, needs_images: bool = True) -> tuple[Manifest, list[Sample], Rejections]:
    """Return a study as it says itself, its samples, and what could not be taken: for what veils its words.

    FiftyOne's database gets nothing of it, so that no veiled word is kept there.

    Parameters
    ----------
    study
        The study.
    needs_images
        Whether all of its images have to be there; an audit of annotations needs none. Those that are there
        have to be unchanged.

    Raises
    ------
    KitError
        As `load_study` and `datasets.read`; also when images are changed, or missing and needed.
    """
    manifest, unmatched = load_study(study), list[RejectedAnnotation]()
    here = manifest.images if needs_images else tuple(filter(_is_here(manifest), manifest.images))
    digests.verify_images(replace(manifest, images=here))
    samples = datasets.read(manifest, unmatched)
    return manifest, samples, Rejections.of_samples(samples, unmatched)


def _is_here(manifest: Manifest) -> Callable[[ImageRow], bool]:
    return lambda image: manifest.path(image).is_file()


def open_dataset(study: str, *, accepted: bool = True) -> tuple[Manifest, fo.Dataset]:
    """Return a study, however it is named, and its whole dataset in FiftyOne.

    Where the content notice was not accepted, what the kit makes of a study is under the veil. A dataset that
    is FiftyOne's own stays as it is.

    Raises
    ------
    KitError
        As `load_study` and `studies.study_dataset`.
    """
    from retrain_kit.fiftyone import kept, studies  # noqa: PLC0415 - FiftyOne takes seconds to load

    if references.is_fiftyone(study):
        dataset = kept.load_dataset(study)
        return manifests.load(kept.study_of(dataset)), dataset
    manifest = load_study(study, accepted=accepted)
    return manifest, studies.study_dataset(manifest)
