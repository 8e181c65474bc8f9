"""Tasks: one picture each, with what is to be removed from it and nothing else that is known of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrain_kit.samples import Flags, Region

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.masking import Shape
    from retrain_kit.samples import Size


@dataclass(frozen=True)
class Task:
    """A picture to be decanonized.

    Parameters
    ----------
    row
        Its place in the study, from 0.
    id
        As in the study.
    file
        Its path below the study's folder, with slashes; of no two tasks the same.
    source
        Where it is read: a path, or an address with `://`.
    regions
        What is to be removed.
    size
        Width and height of the upright picture as the study says; None where it does not.
    rotation_deg
        As in `samples.Sample`.
    sha256
        What the file must be; empty where the study does not say.
    """

    row: int
    id: str
    file: str
    source: str
    regions: tuple[Region, ...] = ()
    size: Size | None = None
    rotation_deg: int | None = None
    sha256: str = ""


def bare(regions: Iterable[Region], shape: Shape) -> tuple[Region, ...]:
    """Return regions with their geometry alone, and of that what the shape needs: they travel to workers."""
    if shape == "box":
        return tuple(Region("", region.box) for region in regions)
    return tuple(replace(region, label="", maker="", flags=Flags(), clicks=(), said={}) for region in regions)
