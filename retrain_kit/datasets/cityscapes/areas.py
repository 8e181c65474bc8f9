"""One label image: its numbers turned into regions that are exactly their pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.annotations.samples import Flags, Region, RejectedAnnotation
from retrain_kit.datasets.cityscapes.classes import CLASSES, UNLABELED, class_and_group
from retrain_kit.datasets.formats import id_images

if TYPE_CHECKING:
    from pathlib import Path

    from retrain_kit.studies.manifests import ImageRow


def areas(
    path: Path, place: str, row: ImageRow, *, of_instances: bool
) -> tuple[list[Region | RejectedAnnotation], int]:
    """Return the regions of a label image, and how many of its pixels nobody labelled."""
    try:
        ids = id_images.read_ids(path, (row.width_px, row.height_px))
    except ValueError as error:
        return [RejectedAnnotation(row.id, str(error), place=place)], 0
    made: list[Region | RejectedAnnotation] = []
    numbers, counts = np.unique(ids, return_counts=True)
    for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
        if number == UNLABELED:
            continue
        try:
            label, group = class_and_group(number)
        except ValueError as error:
            reason = f"{count:,} pixels of {error}"
            made.append(RejectedAnnotation(row.id, reason, str(number), place=place))
            continue
        if found := id_images.area(ids, number):
            box, mask = found
            flags, said = Flags(group_of=group if of_instances else None), {"class": CLASSES.index(label)}
            made.append(Region(label, box, str(number), mask=mask, flags=flags, said=said))
    return made, int(counts[numbers == UNLABELED].sum())
