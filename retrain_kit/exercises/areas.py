"""Areas: the blank areas that people are asked about, each with its picture, its place and its credit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import ImageDraw

from retrain_kit import figures, masking, pictures
from retrain_kit.display.tokens import COLOURS
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises import holes
from retrain_kit.exercises.ranges import Place
from retrain_kit.figures import Panel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PIL import Image

    from retrain_kit.exercises.holes import Hole
    from retrain_kit.manifests import Manifest
    from retrain_kit.masking import Mask, Shape
    from retrain_kit.samples import Sample

PER = ("picture", "hole")
"""What is asked about at a time: all blank areas of a picture together, or each hole."""
MARK = COLOURS["hue-1"].light


@dataclass(frozen=True)
class Area:
    """A blank area that is asked about: its place, its decanonized picture, and whose picture it is.

    `name` is a number: an id as `giraffe` would tell what was taken out.
    """

    name: str
    place: Place
    panel: Panel
    credit: str


def of(
    samples: Iterable[Sample],
    manifest: Manifest,
    per: str = "picture",
    fill: str = "white",
    shape: Shape = "box",
) -> list[Area]:
    """Return the blank areas of pictures; none of a picture that has none.

    Raises
    ------
    ParameterError
        When `per` is not of `PER`, or fill or shape are unknown.
    """
    check(per, fill, shape)
    found = ((sample, masking.union(sample.regions, sample.size, shape)) for sample in samples)
    blank = [(sample, mask) for sample, mask in found if mask.any()]
    return [
        Area(f"Picture {number}{part}", place, panel, f"{figures.origin(sample)} {figures.credit(manifest)}")
        for number, (sample, mask) in enumerate(blank, 1)
        for part, place, panel in _areas(sample, mask, fill, per)
    ]


def check(per: str, fill: str, shape: str) -> None:
    """Raise a `ParameterError` unless `per` is one of `PER`, and the kit knows the fill and the shape."""
    masking.check(fill, shape)
    if per not in PER:
        raise ParameterError(Fault("per", repr(per), f"one of {', '.join(PER)}"))


def _areas(sample: Sample, mask: Mask, fill: str, per: str) -> Iterator[tuple[str, Place, Panel]]:
    """Yield what is blank in a picture: what it is called within it, its place and its panel."""
    found = holes.find(mask)
    picture = masking.remove(pictures.load_sample(sample), mask, fill)
    alt = f"A picture with {_counted(len(found))}; {1 - mask.mean():.1%} of it is left."
    if per == "picture":
        yield "", Place(sample.id), Panel.of(picture, "decanonized", alt)
        return
    for hole in found:
        told = f"{alt} Number {hole.number}, counted from the top, is outlined."
        panel = Panel.of(_outlined(picture, hole), "decanonized", told)
        yield f", blank area {hole.number}", Place(sample.id, hole.id), panel


def _counted(count: int) -> str:
    return "1 blank area" if count == 1 else f"{count} blank areas"


def _outlined(picture: Image.Image, hole: Hole) -> Image.Image:
    result = picture.copy()
    width = max(2, round(max(result.size) / 160))
    left, top, right, bottom = hole.edges
    ImageDraw.Draw(result).rectangle((left, top, right - 1, bottom - 1), outline=MARK, width=width)
    return result
