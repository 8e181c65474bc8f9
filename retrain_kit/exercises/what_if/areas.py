"""Areas: the blank areas that people are asked about, each with its image, its place and its credit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import ImageDraw

from retrain_kit.display import figures
from retrain_kit.display.figures import Panel
from retrain_kit.display.tokens import COLOURS
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.imaging import decoding, masking
from retrain_kit.storage.languages import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PIL import Image

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.imaging.masking import Mask, Shape
    from retrain_kit.studies.manifests import Manifest

    Edges = tuple[int, int, int, int]


@dataclass(frozen=True)
class Hole:
    """A connected blank area.

    Parameters
    ----------
    number
        From 1, from the top of the image down, then from the left.
    edges
        Left, top, right, bottom in pixels; right and bottom excluded.
    area_px
        How many pixels it has, at most those of its rectangle.
    """

    number: int
    edges: Edges
    area_px: int

    @property
    def id(self) -> str:
        """Its rectangle as a media fragment, `xywh=left,top,width,height`: the same in every draw."""
        left, top, right, bottom = self.edges
        return f"xywh={left},{top},{right - left},{bottom - top}"


def find_holes(mask: Mask) -> tuple[Hole, ...]:
    """Return the connected parts of a mask."""
    found = sorted((_measured(runs) for runs in _joined(mask)), key=lambda part: (part[0][1], part[0][0]))
    return tuple(Hole(number, edges, area) for number, (edges, area) in enumerate(found, 1))


def _measured(runs: list[Edges]) -> tuple[Edges, int]:
    lefts, tops, rights, bottoms = zip(*runs, strict=True)
    area = sum(right - left for left, _, right, _ in runs)
    return (min(lefts), min(tops), max(rights), max(bottoms)), area


def _joined(mask: Mask) -> list[list[Edges]]:
    """Return the runs of a mask, row by row, gathered where runs of neighbouring rows touch."""
    part_of: dict[Edges, list[Edges]] = {}
    above: list[Edges] = []
    for row in range(mask.shape[0]):
        runs = list(_runs(mask, row))
        for run in runs:
            part_of[run] = [run]
            for other in above:
                if other[0] < run[2] and run[0] < other[2]:
                    _join(part_of, run, other)
        above = runs
    return list({id(part): part for part in part_of.values()}.values())


def _join(part_of: dict[Edges, list[Edges]], one: Edges, other: Edges) -> None:
    small, large = sorted((part_of[one], part_of[other]), key=len)
    if small is not large:
        large.extend(small)
        part_of.update(dict.fromkeys(small, large))


def _runs(mask: Mask, row: int) -> Iterator[Edges]:
    """Yield each run of marked pixels of a row, as a rectangle one pixel high."""
    steps = np.flatnonzero(np.diff(mask[row].astype(np.int8), prepend=0, append=0))
    for left, right in zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True):
        yield left, row, right, row + 1


PER_CHOICES = ("image", "hole")
"""What is asked about at a time: all blank areas of an image together, or each hole."""
OUTLINE_COLOUR = COLOURS["hue-1"].light


@dataclass(frozen=True)
class AreaFacts:
    """What a blank area is called, and what is to be seen, in the language that is spoken now.

    Parameters
    ----------
    image
        The number of its image: an id as `giraffe` would tell what was taken out.
    holes
        How many blank areas the image has.
    left
        The share of the image that is left, from 0 to 1.
    hole
        Which of the blank areas it is, from 1; 0 for all of them.
    """

    image: int
    holes: int
    left: float
    hole: int = 0

    @property
    def name(self) -> str:
        """What it is called."""
        if self.hole:
            return gettext("Image {number}, blank area {hole}", number=self.image, hole=self.hole)
        return gettext("Image {number}", number=self.image)

    @property
    def alt(self) -> str:
        """What is to be seen."""
        seen = ngettext(
            "An image with {count} blank area; {share} of it is left.",
            "An image with {count} blank areas; {share} of it is left.",
            self.holes,
            share=f"{self.left:.1%}",
        )
        if not self.hole:
            return seen
        which = gettext("Number {number}, counted from the top, is outlined.", number=self.hole)
        return f"{seen} {which}"


@dataclass(frozen=True)
class BlankArea:
    """A blank area that is asked about: its place, its decanonized image, and whose image it is.

    Name and alternative text are as they were when it was made; `facts` say them in any language.
    """

    name: str
    place: BlankPlace
    panel: Panel
    credit: str
    facts: AreaFacts | None = None

    @property
    def told(self) -> tuple[str, str]:
        """The name and the alternative text, in the language that is spoken now."""
        return (self.facts.name, self.facts.alt) if self.facts else (self.name, self.panel.alt)


def blank_areas(
    samples: Iterable[Sample],
    manifest: Manifest,
    per: str = "image",
    fill: str = "white",
    shape: Shape = "box",
) -> list[BlankArea]:
    """Return the blank areas of images; none of an image that has none.

    Raises
    ------
    ParameterError
        When `per` is not of `PER_CHOICES`, or fill or shape are unknown.
    """
    check_options(per, fill, shape)
    found = ((sample, masking.union_mask(sample.regions, sample.size, shape)) for sample in samples)
    blank = [(sample, mask) for sample, mask in found if mask.any()]
    return [
        BlankArea(
            facts.name,
            place,
            panel,
            figures.image_and_study_credit(sample, manifest),
            facts,
        )
        for number, (sample, mask) in enumerate(blank, 1)
        for facts, place, panel in _areas(number, sample, mask, fill, per)
    ]


def check_options(per: str, fill: str, shape: str) -> None:
    """Raise a `ParameterError` unless `per`, the fill and the shape are known."""
    masking.check_fill_and_shape(fill, shape)
    if per not in PER_CHOICES:
        raise ParameterError(Fault("per", repr(per), f"one of {', '.join(PER_CHOICES)}"))


def _areas(
    number: int, sample: Sample, mask: Mask, fill: str, per: str
) -> Iterator[tuple[AreaFacts, BlankPlace, Panel]]:
    """Yield what is blank in an image: what is known of it, its place and its panel."""
    found = find_holes(mask)
    image = masking.remove_pixels(decoding.load_sample(sample), mask, fill)
    facts = AreaFacts(number, len(found), float(1 - mask.mean()))
    if per == "image":
        yield facts, BlankPlace(sample.id), Panel.from_image(image, "decanonized", facts.alt)
        return
    for hole in found:
        own = replace(facts, hole=hole.number)
        panel = Panel.from_image(_outlined(image, hole), "decanonized", own.alt)
        yield own, BlankPlace(sample.id, hole.id), panel


def _outlined(image: Image.Image, hole: Hole) -> Image.Image:
    result = image.copy()
    width = max(2, round(max(result.size) / 160))
    left, top, right, bottom = hole.edges
    ImageDraw.Draw(result).rectangle((left, top, right - 1, bottom - 1), outline=OUTLINE_COLOUR, width=width)
    return result
