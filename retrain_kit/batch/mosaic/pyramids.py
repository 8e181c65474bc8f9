"""Pyramids: an image of any size cut into squares, at every scale down to one square.

The highest level has the image's own scale, each one below half of it. Level 0 is one square. The image
comes in bands from top to bottom; of each level no more than two bands are in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrain_kit.annotations.samples import Size


class Pyramid:
    """The squares of an image that comes in bands.

    Parameters
    ----------
    size
        Width and height of the whole image.
    side_px
        Width and height of a square, an even number; those at the right and lower edge may be smaller.
    put
        Called with the name of every square, `tiles/<level>/<column>_<row>`, and its image.
    """

    def __init__(self, size: Size, side_px: int, put: Callable[[str, Image.Image], None]) -> None:
        self.side_px = side_px
        self.top = 0
        while max(size) > side_px << self.top:
            self.top += 1
        self._put = put
        heights = [-(-size[1] // (1 << self.top - level)) for level in range(self.top + 1)]
        self._rows = [-(-height // side_px) for height in heights]
        self._next = [0] * (self.top + 1)
        self._upper: dict[int, Image.Image] = {}

    def add(self, band: Image.Image) -> None:
        """Take the next band: the whole width, `side_px` high; the last one may be lower."""
        self._add(band, self.top)

    def _add(self, band: Image.Image, level: int) -> None:
        row = self._next[level]
        self._next[level] += 1
        for column, left in enumerate(range(0, band.width, self.side_px)):
            square = band.crop((left, 0, min(left + self.side_px, band.width), band.height))
            self._put(f"tiles/{level}/{column}_{row}", square)
        if level == 0:
            return
        half = band.reduce(2)
        if row % 2 == 0 and row + 1 < self._rows[level]:
            self._upper[level] = half
        else:
            self._add(_stacked(self._upper.pop(level, None), half), level - 1)


def _stacked(upper: Image.Image | None, lower: Image.Image) -> Image.Image:
    if upper is None:
        return lower
    both = Image.new(lower.mode, (lower.width, upper.height + lower.height))
    both.paste(upper, (0, 0))
    both.paste(lower, (0, upper.height))
    return both
