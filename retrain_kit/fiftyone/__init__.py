"""FiftyOne: studies become datasets in its database, and any dataset of images becomes the kit's samples.

    dataset = fiftyone.study_dataset(manifest)              # a study, verified, built once
    samples = fiftyone.samples(dataset)            # this dataset's, or any other's
    manifest, dataset = fiftyone.open_study("fiftyone:NAME")   # a dataset that only FiftyOne knows
    grouped = fiftyone.grouped_dataset(samples, manifest)   # tagged, decanonized, taken, side by side
    session = fiftyone.open_app(grouped)               # in the App, on this machine alone
    folder = fiftyone.export_dataset(samples, folder, "coco")          # and everything COCO has no place for
    dataset = fiftyone.restore_dataset(folder)             # what was exported as "fiftyone"
    joined = fiftyone.join_samples(dataset, samples)       # beside what FiftyOne's own loader brought

How a sample is stored stands in `documents`, how labels of other datasets are read in `foreign`. The
module `library` is the only one that imports FiftyOne.
"""

from retrain_kit.fiftyone.documents import empty_dataset, to_document
from retrain_kit.fiftyone.export import export_dataset, restore_dataset
from retrain_kit.fiftyone.grouped import grouped_dataset
from retrain_kit.fiftyone.join import JoinResult, join_samples
from retrain_kit.fiftyone.library import fo
from retrain_kit.fiftyone.studies import (
    add_samples,
    fill_dataset,
    manifest_of_dataset,
    open_app,
    open_study,
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
    "fo",
    "grouped_dataset",
    "join_samples",
    "manifest_of_dataset",
    "open_app",
    "open_study",
    "restore_dataset",
    "samples",
    "study_dataset",
    "to_document",
    "to_relative_xywh",
]
