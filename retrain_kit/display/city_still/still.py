"""A still: a city as an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from retrain_kit.display.city_still.painting import Light, Painter
from retrain_kit.display.city_still.seeing import see

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrain_kit.display.city_still.landscape import Landscape
    from retrain_kit.display.city_still.view import View


@dataclass(frozen=True)
class Mark:
    """A house that is pointed out: its number in the landscape, and the token of its colour."""

    house: int
    colour: str = "accent"


def draw_still(  # noqa: PLR0913 - what is drawn, and how
    landscape: Landscape,
    view: View,
    size: tuple[int, int],
    light: Light | None = None,
    *,
    mark: Mark | None = None,
    fineness: int = 2,
) -> Image.Image:
    """Return a still.

    Parameters
    ----------
    size
        Width and height in pixels.
    light
        By day if left out.
    mark
        A house over which a beam stands, as high as the image.
    fineness
        Each pixel is the mean of so many beside and below each other.
    """
    light = light or Light()
    fine = (size[0] * fineness, size[1] * fineness)
    painter = Painter(landscape, view, light, fine)
    seen = see(landscape, view, fine, painter.tint)
    image = painter.paint(seen)
    if mark:
        _point_out(image, landscape, view, mark, light)
    made = Image.fromarray(np.round(image * 255).astype(np.uint8))
    return made.reduce(fineness) if fineness > 1 else made


def on_screen(
    landscape: Landscape, view: View, house: int, size: tuple[int, int]
) -> tuple[float, float, float] | None:
    """Return the column and the row of the foot of a house, and how far it is; None where it is behind."""
    return view.on_image(*landscape.middle_m(house), 0, size)


def _point_out(
    image: NDArray[np.float32], landscape: Landscape, view: View, mark: Mark, light: Light
) -> None:
    """Draw a beam over a house: it grows paler upwards."""
    height, width, _ = image.shape
    found = on_screen(landscape, view, mark.house, (width, height))
    if not found:
        return
    column, row, far = found
    top_m = float(landscape.low_m[:, mark.house].sum())
    foot = int(np.clip(row - view.focal * width * top_m / far, 0, height))
    half = max(2.0, view.focal * width * landscape.lot_m / far / 2)
    left, right = int(np.clip(column - half, 0, width)), int(np.clip(column + half + 1, 0, width))
    share = np.linspace(0.35, 0.95, max(foot, 1), dtype=np.float32)[:foot, None, None]
    part = image[:foot, left:right]
    part += (light.colour(mark.colour) - part) * share
