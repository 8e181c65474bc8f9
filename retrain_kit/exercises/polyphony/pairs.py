"""Pairs: which two images are laid side by side, of different data sets where possible.

A pair follows from the seed and the names of the images alone, never from the order of a list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.display import figures
from retrain_kit.display.figures import Figure, Panel
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.imaging import decoding
from retrain_kit.storage.languages import marked
from retrain_kit.studies import sampling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest

    Study = tuple[Manifest, Sequence[Sample]]


@dataclass(frozen=True)
class PairedImage:
    """One image of a pair: the study that shows it, the data set it is from, its id."""

    study: str
    dataset: str
    id: str

    @property
    def name(self) -> str:
        """Study and id, which together are unique."""
        return f"{self.study}/{self.id}"


@dataclass(frozen=True)
class Pair:
    """Two images shown together, from left to right."""

    left: PairedImage
    right: PairedImage

    @property
    def sides(self) -> tuple[PairedImage, PairedImage]:
        """The two images."""
        return self.left, self.right

    @property
    def images(self) -> tuple[str, str]:
        """The ids, as answers to the left one's study keep them; of another study, with that study's name."""
        return self.left.id, self.right.id if self.right.study == self.left.study else self.right.name

    @property
    def crosses(self) -> bool:
        """Whether the two are of different data sets."""
        return self.left.dataset != self.right.dataset


def draw_pairs(sides: Iterable[PairedImage], number: int, seed: int) -> list[Pair]:
    """Return pairs in which no image comes twice.

    Each pair takes one image of the data set with the most images left, and one of the next; of one data set
    alone only where no other has any left.

    Parameters
    ----------
    number
        How many pairs; 0 as many as there can be.

    Raises
    ------
    ParameterError
        When the number is below 0, or there are fewer than two images.
    """
    by_name = {side.name: side for side in sides}
    faults = []
    if number < 0:
        faults.append(Fault("pairs", str(number), "0 or more"))
    if len(by_name) < 2:  # noqa: PLR2004 - a pair
        faults.append(Fault("images", str(len(by_name)), "at least two, to make a pair of"))
    if faults:
        raise ParameterError(*faults)
    piles: dict[str, list[PairedImage]] = {}
    for name in sampling.draw_order(by_name, seed):
        piles.setdefault(by_name[name].dataset, []).append(by_name[name])
    most = number or len(by_name) // 2
    return [_next(piles) for _ in range(min(most, len(by_name) // 2))]


def _next(piles: dict[str, list[PairedImage]]) -> Pair:
    """Take a pair from the two largest piles, or from the only one left."""
    largest, second = (*sorted(piles, key=lambda name: -len(piles[name])), "")[:2]
    other = second if piles.get(second) else largest
    return Pair(piles[largest].pop(0), piles[other].pop(0))


# -- facing: images of studies, laid side by side in pairs.


LONGEST_PX = 640


@dataclass(frozen=True)
class PairFigure:
    """A pair, and its two images as a figure."""

    pair: Pair
    figure: Figure


def draw_pair_figures(studies: Sequence[Study], number: int, seed: int) -> list[PairFigure]:
    """Return pairs of the studies' images, as `pairs.draw_pairs` chooses them.

    Raises
    ------
    ParameterError
        As `pairs.draw_pairs`.
    """
    known = _known(studies)
    return _faced(draw_pairs(known, number, seed), known)


def named_pair_figures(studies: Sequence[Study], names: Sequence[str]) -> list[PairFigure]:
    """Return pairs of images that are named, as `PairedImage.name` has it, two by two.

    Raises
    ------
    ParameterError
        When the studies have no such image.
    """
    known = _known(studies)
    by_name = {side.name: side for side in known}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise ParameterError(*(Fault("image", name, "an image of the studies") for name in unknown))
    sides = [by_name[name] for name in names]
    return _faced([Pair(*two) for two in zip(sides[::2], sides[1::2], strict=True)], known)


def _known(studies: Sequence[Study]) -> dict[PairedImage, tuple[Sample, Manifest]]:
    return {
        PairedImage(manifest.name, manifest.dataset, sample.id): (sample, manifest)
        for manifest, samples in studies
        for sample in samples
    }


def _faced(drawn: Iterable[Pair], known: Mapping[PairedImage, tuple[Sample, Manifest]]) -> list[PairFigure]:
    return [
        PairFigure(pair, _figure(place, [known[pair.left], known[pair.right]]))
        for place, pair in enumerate(drawn, 1)
    ]


def pairs_in_words(pair_figures: Sequence[PairFigure]) -> str:
    """Return in a sentence how many pairs there are, and how many of them cross data sets."""
    crossing = sum(each.pair.crosses for each in pair_figures)
    count = f"{len(pair_figures)} {'pair' if len(pair_figures) == 1 else 'pairs'}"
    where = f"{crossing} of them of two data sets" if crossing else "all of one data set: there is no other"
    return f"{count}, {where}."


def samples_in_pairs(
    pair_figures: Sequence[PairFigure], manifest: Manifest, samples: Sequence[Sample]
) -> list[Sample]:
    """Return the samples of a study that are in a pair."""
    ids = {side.id for each in pair_figures for side in each.pair.sides if side.study == manifest.name}
    return [sample for sample in samples if sample.id in ids]


def _figure(place: int, two: Sequence[tuple[Sample, Manifest]]) -> Figure:
    panels = tuple(
        Panel.from_image(
            decoding.load_sample(sample),
            name,
            sample.alt or f"The {name} image of pair {place}.",
            LONGEST_PX,
        )
        for name, (sample, _) in zip((marked("left"), marked("right")), two, strict=True)
    )
    notices = " ".join(f"Notice: {sample.notice.rstrip('.')}." for sample, _ in two if sample.notice)
    origins = " ".join(figures.image_credit(sample) for sample, _ in two)
    studies = " ".join(dict.fromkeys(figures.study_credit(manifest) for _, manifest in two))
    return Figure(panels, notices, f"{origins} {studies}", f"Pair {place}")
