"""The boxes of ImageNet (ILSVRC, localisation): the layout of Pascal VOC, pixels counted from 0.

Files of the manifest and everything else are as in `retrain_kit.datasets.pascal_voc`; labels are WordNet
ids (`n01440764`).

The development kit of 2015 calls the files "PASCAL VOC format" and names no origin. The 80,477 boxes of
the challenge's table for the validation images (LOC_val_solution.csv, in a public copy) tell: 7,388
begin at xmin 0 and 5,414 at ymin 0; 5,555 end at xmax 499 and 12 at 500, 4,500 at ymax 374 and 233 at
375, the usual sizes being 500 and 375 pixels. So the first pixel is 0, and the last belongs to the box.
That the boxes of the training images are counted alike is taken over from there, not measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.annotations.samples import Box
from retrain_kit.datasets import pascal_voc

if TYPE_CHECKING:
    from retrain_kit.annotations.samples import RejectedAnnotation, Sample
    from retrain_kit.studies.manifests import Manifest


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study of ImageNet's boxes, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where the files go for which there is no image.

    Raises
    ------
    DataError
        As `pascal_voc.read`.
    """
    return pascal_voc.read_with(manifest, box_from_imagenet, unmatched)


def box_from_imagenet(xmin: float, ymin: float, xmax: float, ymax: float) -> Box:
    """Return the box of ImageNet's corners: pixels counted from 0, the last included."""
    stated = Box(xmin, ymin, xmax, ymax)
    return Box(stated.left, stated.top, stated.right + 1, stated.bottom + 1)
