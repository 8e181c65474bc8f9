"""Folders of images by class: the name of the folder that an image lies in is its label.

No file of the manifest is needed. An image's label is the name of its folder, to the letter; one that lies in
the study's folder itself has none. That these names are labels is what the maker of a study says by choosing
this reader: nothing in the folder does. Who gave them is not said, so every annotator is unknown.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.annotations.samples import ImageLabel
from retrain_kit.datasets.formats import listings

if TYPE_CHECKING:
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import ImageRow, Manifest


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest: each image with its folder's name.

    Raises
    ------
    DataError
        When the manifest names files: there are none to read.
    """
    listings.check_files(manifest)
    return [_labelled(manifest, image) for image in manifest.images]


def _labelled(manifest: Manifest, image: ImageRow) -> Sample:
    sample = manifest.sample(image)
    label = PurePosixPath(image.file).parent.name
    return replace(sample, labels=(ImageLabel(label, present=True),)) if label else sample
