"""Seen: images as people are asked about them, each with its picture, its credit and its notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit import figures, pictures
from retrain_kit.figures import Panel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.manifests import Manifest
    from retrain_kit.samples import Sample


@dataclass(frozen=True)
class Seen:
    """An image to describe; `name` is a number, since an id as `giraffe` would describe it already."""

    image: str
    name: str
    panel: Panel
    credit: str
    notice: str = ""


def of(samples: Iterable[Sample], manifest: Manifest) -> list[Seen]:
    """Return samples of a study as images to describe."""
    return [_of(number, sample, manifest) for number, sample in enumerate(samples, 1)]


def _of(number: int, sample: Sample, manifest: Manifest) -> Seen:
    name = f"Image {number}"
    panel = Panel.of(pictures.load_sample(sample), name, sample.alt or f"{name}.")
    credit = f"{figures.origin(sample)} {figures.credit(manifest)}"
    return Seen(sample.id, name, panel, credit, sample.notice)
