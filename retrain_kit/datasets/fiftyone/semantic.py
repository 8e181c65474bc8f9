"""Semantic masks: a picture of values, one area for each value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit import masking
from retrain_kit.samples import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from retrain_kit.samples import Size

BACKGROUND = (0, "#000000")


@dataclass(frozen=True)
class Area:
    """Where a semantic mask has one value: the value, its word, its extent and the mask over it."""

    value: int | str
    word: str
    box: Box
    mask: NDArray[np.bool_]


def areas(mask: NDArray[Any], targets: Mapping[Any, str], size: Size) -> Iterator[Area]:
    """Yield the areas of a semantic mask of any size, stretched over a frame of `size` (width, height).

    Parameters
    ----------
    mask
        Rows and columns of numbers, or of red, green and blue; a colour's value is its #rrggbb.
    targets
        The words for the values; a value without one is its own word. The background, 0 or black,
        counts only where it has a word.
    size
        Of the picture, in pixels.
    """
    words = {str(value).lower(): word for value, word in targets.items()}
    for value, inside in _values(mask):
        if value in BACKGROUND and str(value) not in words:
            continue
        left, top, right, bottom = edges = masking.extent(inside)
        box = _stretched(edges, mask.shape, size)
        yield Area(value, str(words.get(str(value), value)), box, inside[top:bottom, left:right])


def _values(mask: NDArray[Any]) -> Iterator[tuple[int | str, NDArray[np.bool_]]]:
    """Yield each value, as a number or as #rrggbb, with where it stands."""
    coloured = mask.ndim == 3  # noqa: PLR2004 - rows, columns, colours
    if coloured:
        red, green, blue = (mask[..., channel].astype(int) for channel in range(3))
        mask = red << 16 | green << 8 | blue
    for number in map(int, np.unique(mask)):
        yield f"#{number:06x}" if coloured else number, mask == number


def _stretched(edges: tuple[int, int, int, int], shape: tuple[int, ...], size: Size) -> Box:
    """Return the box, in pixels of the frame, of an extent in cells of the mask."""
    across, down = size[0] / shape[1], size[1] / shape[0]
    left, top, right, bottom = edges
    return Box(*(round(edge, 6) for edge in (left * across, top * down, right * across, bottom * down)))
