"""Facing: pictures of studies, laid side by side in pairs.

A pair has a number and no name: the names of pictures may say what is on them before anybody has looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit import figures, pictures
from retrain_kit.exercises import pairs
from retrain_kit.exercises.pairs import Pair, Side
from retrain_kit.figures import Figure, Panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.manifests import Manifest
    from retrain_kit.samples import Sample

    Study = tuple[Manifest, Sequence[Sample]]

LONGEST_PX = 640


@dataclass(frozen=True)
class Facing:
    """A pair, and its two pictures as a figure."""

    pair: Pair
    figure: Figure


def draw(studies: Sequence[Study], number: int, seed: int) -> list[Facing]:
    """Return pairs of the studies' pictures, as `pairs.draw` chooses them.

    Raises
    ------
    ParameterError
        As `pairs.draw`.
    """
    known = {
        Side(manifest.name, manifest.dataset, sample.id): (sample, manifest)
        for manifest, samples in studies
        for sample in samples
    }
    drawn = pairs.draw(known, number, seed)
    return [
        Facing(pair, _figure(place, [known[pair.left], known[pair.right]]))
        for place, pair in enumerate(drawn, 1)
    ]


def told(faced: Sequence[Facing]) -> str:
    """Return in a sentence how many pairs there are, and how many of them cross data sets."""
    crossing = sum(each.pair.crosses for each in faced)
    count = f"{len(faced)} {'pair' if len(faced) == 1 else 'pairs'}"
    where = f"{crossing} of them of two data sets" if crossing else "all of one data set: there is no other"
    return f"{count}, {where}."


def shown(faced: Sequence[Facing], manifest: Manifest, samples: Sequence[Sample]) -> list[Sample]:
    """Return the samples of a study that are in a pair."""
    ids = {side.id for each in faced for side in each.pair.sides if side.study == manifest.name}
    return [sample for sample in samples if sample.id in ids]


def _figure(place: int, two: Sequence[tuple[Sample, Manifest]]) -> Figure:
    panels = tuple(
        Panel.of(
            pictures.load_sample(sample),
            name,
            sample.alt or f"The {name} picture of pair {place}.",
            LONGEST_PX,
        )
        for name, (sample, _) in zip(("left", "right"), two, strict=True)
    )
    notices = " ".join(f"Notice: {sample.notice.rstrip('.')}." for sample, _ in two if sample.notice)
    origins = " ".join(figures.origin(sample) for sample, _ in two)
    studies = " ".join(dict.fromkeys(figures.credit(manifest) for _, manifest in two))
    return Figure(panels, notices, f"{origins} {studies}", f"Pair {place}")
