"""FiftyOne: studies become datasets in its database, and any dataset of images becomes the kit's samples.

    dataset = fiftyone.study_dataset(manifest)                 # a study, checked, built once
    samples = fiftyone.samples(dataset)                        # this dataset's, or any other's
    rejected = fiftyone.rejections(dataset)                    # what could not be taken of its annotations
    manifest, dataset = fiftyone.open_study("fiftyone:NAME")   # a study, however it is named, under the veil
    manifest, samples, rejected = fiftyone.read_study(study)   # as it says itself, for what veils its words
    grouped = fiftyone.grouped_dataset(samples, manifest)      # tagged, decanonized, taken, side by side
    session = fiftyone.open_app(grouped)                       # in the App, on this machine alone
    fiftyone.export_dataset(samples, folder, "coco")           # and everything COCO has no place for
    dataset = fiftyone.restore_dataset(folder)                 # what was exported as "fiftyone"
    joined = fiftyone.join_samples(dataset, samples)           # beside what FiftyOne's own loader brought

The module `documents` says how a sample is stored, and `foreign` how labels of other datasets are read. The
module `library` is the only one that imports FiftyOne. That takes seconds, so each of these names loads its
module when it is first used; `database` needs none of them, and `opening` only for `fiftyone:NAME`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrain_kit.fiftyone.app import open_app
    from retrain_kit.fiftyone.documents import empty_dataset, to_document
    from retrain_kit.fiftyone.export import export_dataset, restore_dataset
    from retrain_kit.fiftyone.grouped import grouped_dataset
    from retrain_kit.fiftyone.join import JoinResult, join_samples
    from retrain_kit.fiftyone.library import fo
    from retrain_kit.fiftyone.opening import find_study, load_study, open_dataset, open_study, read_study
    from retrain_kit.fiftyone.studies import (
        add_samples,
        fill_dataset,
        manifest_of_dataset,
        rejections,
        samples,
        study_dataset,
    )
    from retrain_kit.fiftyone.values import box_from_relative_xywh, to_relative_xywh

__all__ = [
    "JoinResult",
    "add_samples",
    "box_from_relative_xywh",
    "empty_dataset",
    "export_dataset",
    "fill_dataset",
    "find_study",
    "fo",
    "grouped_dataset",
    "join_samples",
    "load_study",
    "manifest_of_dataset",
    "open_app",
    "open_dataset",
    "open_study",
    "read_study",
    "rejections",
    "restore_dataset",
    "samples",
    "study_dataset",
    "to_document",
    "to_relative_xywh",
]

_NAMES = {
    "app": ("open_app",),
    "documents": ("empty_dataset", "to_document"),
    "export": ("export_dataset", "restore_dataset"),
    "grouped": ("grouped_dataset",),
    "join": ("JoinResult", "join_samples"),
    "library": ("fo",),
    "opening": ("find_study", "load_study", "open_dataset", "open_study", "read_study"),
    "studies": (
        "add_samples",
        "fill_dataset",
        "manifest_of_dataset",
        "rejections",
        "samples",
        "study_dataset",
    ),
    "values": ("box_from_relative_xywh", "to_relative_xywh"),
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what the module of that name has
    """Load the module that has the name, and FiftyOne with it."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
