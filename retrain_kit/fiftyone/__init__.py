"""FiftyOne: studies become datasets in its database, and any dataset of pictures becomes the kit's samples.

    dataset = fiftyone.load(manifest)              # a study, verified, built once
    samples = fiftyone.samples(dataset)            # this dataset's, or any other's
    manifest, dataset = fiftyone.open_study("fiftyone:NAME")   # a dataset that only FiftyOne knows
    grouped = fiftyone.slices(samples, manifest)   # tagged, decanonized, taken, side by side
    session = fiftyone.show(grouped)               # in the App, on this machine alone
    folder = fiftyone.export(samples, folder, "coco")          # and everything COCO has no place for
    dataset = fiftyone.restore(folder)             # what was exported as "fiftyone"
    joined = fiftyone.join(dataset, samples)       # beside what FiftyOne's own loader brought

How a sample is stored stands in `documents`, how labels of other datasets are read in `foreign`. The
module `library` is the only one that imports FiftyOne.
"""

from retrain_kit.fiftyone.app import show
from retrain_kit.fiftyone.documents import empty, to_document
from retrain_kit.fiftyone.export import export, restore
from retrain_kit.fiftyone.grouped import slices
from retrain_kit.fiftyone.join import Joined, join
from retrain_kit.fiftyone.library import fo
from retrain_kit.fiftyone.studies import add, fill, load, manifest_of, open_study, samples
from retrain_kit.fiftyone.values import from_relative_xywh, to_relative_xywh

__all__ = [
    "Joined",
    "add",
    "empty",
    "export",
    "fill",
    "fo",
    "from_relative_xywh",
    "join",
    "load",
    "manifest_of",
    "open_study",
    "restore",
    "samples",
    "show",
    "slices",
    "to_document",
    "to_relative_xywh",
]
