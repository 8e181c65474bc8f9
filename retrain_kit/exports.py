"""Exact pictures on disk: decanonized, taken, and one crop per object, without loss."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrain_kit import masking, pictures

if TYPE_CHECKING:
    from pathlib import Path

    from retrain_kit.samples import Sample


def write(sample: Sample, folder: Path, fill: str = "white", shape: masking.Shape = "box") -> list[Path]:
    """Write a sample's residue, what was taken, and its objects as PNG.

    Parameters
    ----------
    folder
        Receives `<id>/decanonized.png`, `<id>/taken.png` and `<id>/objects/<number>-<label>.png`. Files of
        the same names are replaced, each whole or not at all.

    Returns
    -------
    list of pathlib.Path
        The files written.
    """
    picture = pictures.load_sample(sample)
    mask = masking.union(sample.regions, sample.size, shape)
    place = folder / _name(sample.id)
    written = [
        pictures.save(masking.remove(picture, mask, fill), place / "decanonized.png"),
        pictures.save(masking.only(picture, mask, fill), place / "taken.png"),
    ]
    for number, region in enumerate(sample.regions, start=1):
        path = place / "objects" / f"{number:03}-{_name(region.label)}.png"
        written += [pictures.save(crop, path) for crop in masking.crops(picture, [region], shape, fill)]
    return written


def _name(text: str) -> str:
    """Return the text as a file name that stays in its folder."""
    return re.sub(r"[^\w.-]+", "_", text).strip(".") or "_"
