"""Informational pictures: the pictures that people tag and describe, each with its size and its credit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit import figures, pictures
from retrain_kit.figures import Panel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.manifests import Manifest
    from retrain_kit.samples import Sample, Size

LONGEST_PX = 1024


@dataclass(frozen=True)
class Picture:
    """A picture to tag and to describe.

    Parameters
    ----------
    image
        Its id in the study.
    name
        A number: an id as `giraffe` would say what to see.
    size
        Of the upright picture, in pixels.
    """

    image: str
    name: str
    size: Size
    panel: Panel
    credit: str


def of(samples: Iterable[Sample], manifest: Manifest) -> list[Picture]:
    """Return the pictures of samples, as previews at most `LONGEST_PX` wide and high."""
    return [_picture(sample, manifest, number) for number, sample in enumerate(samples, 1)]


def credit(sample: Sample, manifest: Manifest) -> str:
    """Return whose picture it is, and of which study."""
    return f"{figures.origin(sample)} {figures.credit(manifest)}"


def _picture(sample: Sample, manifest: Manifest, number: int) -> Picture:
    name = f"Picture {number}"
    panel = Panel.of(pictures.load_sample(sample), "picture", sample.alt or f"{name}.", LONGEST_PX)
    return Picture(sample.id, name, sample.size, panel, credit(sample, manifest))
