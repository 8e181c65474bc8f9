"""Names: the words of districts, written over a still where their signs would stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import ImageDraw, ImageFont

from retrain_kit.display import signs
from retrain_kit.display.tokens import COLOURS
from retrain_kit.display.views import DRAWN, FACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from PIL import Image

    from retrain_kit.display.city_still.landscape import Landscape
    from retrain_kit.display.city_still.view import View

    Floats = NDArray[np.float64]

MOST, MOST_SIGNS = 24, 30
"""How many names a still has at most, and how many signs each of them."""
_STREET_M, _STREET_FAR_M = 25.0, 220.0
"""Whoever is in a street, so low, reads the names of what is near."""
_PLAIN_PX = 960
"""The width of a still whose letters are as high as is said here."""
_LEAST_PX, _MOST_PX, _READABLE_PX = 13, 22, 11
_NARROWEST_PX = 26
"""A district that is narrower has no name."""
_SHARES = (0.5, 0.25, 0.75, 0.1, 0.9)
"""Where along an edge a name may stand: the first place that is in the still."""


def write_names(
    image: Image.Image, landscape: Landscape, view: View, names: Sequence[str], *, night: bool = False
) -> None:
    """Write the names of districts over a still, each in front of its own, those that look largest first.

    A name that would lie over another is left out, and so is one in a script that the face does not have.

    Parameters
    ----------
    names
        The name of each district of the landscape.
    night
        In the colours of a dark page.
    """
    ink, paper = (colour.dark if night else colour.light for colour in (COLOURS["ink"], COLOURS["paper"]))
    draw, taken = ImageDraw.Draw(image), list[tuple[float, ...]]()
    for number, wide_px, place in _signs(landscape, view, image.size):
        text = signs.shortened(signs.visible(names[number]), MOST_SIGNS)
        if not DRAWN.fullmatch(text):
            continue
        scale = image.width / _PLAIN_PX
        px = max(np.clip(np.sqrt(wide_px / scale) * 1.1, _LEAST_PX, _MOST_PX) * scale, _READABLE_PX)
        font = ImageFont.truetype(FACE, round(px), layout_engine=ImageFont.Layout.BASIC)
        edge = max(1, round(px / 7))
        box = draw.textbbox(place, text, font, "mm", stroke_width=edge)
        if box[0] < 0 or box[2] > image.width or any(_meet(box, other) for other in taken):
            continue
        taken.append(box)
        draw.text(place, text, ink, font, "mm", stroke_width=edge, stroke_fill=paper)
        if len(taken) == MOST:
            return


def _signs(
    landscape: Landscape, view: View, size: tuple[int, int]
) -> Iterator[tuple[int, float, tuple[float, float]]]:
    """Yield each district that is seen, the widest on the image first: how wide, and where its sign is."""
    edges = landscape.districts * landscape.lot_m
    near = np.stack([np.clip(view.x_m, *edges[:, ::2].T), np.clip(view.y_m, *edges[:, 1::2].T)])
    far = np.sqrt((near[0] - view.x_m) ** 2 + (near[1] - view.y_m) ** 2 + view.above_m**2)
    sides = edges[:, 2:] - edges[:, :2]
    wide = sides.mean(axis=1) * view.focal * size[0] / np.maximum(far, 1e-9)
    shown = wide >= _NARROWEST_PX * size[0] / _PLAIN_PX
    if view.above_m < _STREET_M:
        shown &= far <= _STREET_FAR_M
    for number in sorted(np.flatnonzero(shown).tolist(), key=lambda each: -wide[each]):
        if place := _sign(edges[number], view, size):
            yield number, float(wide[number]), place


def _sign(edges: Floats, view: View, size: tuple[int, int]) -> tuple[float, float] | None:
    """Return where the sign of a district is: over the edge nearest to the eye; from inside in its middle."""
    left, top, right, bottom = edges.tolist()
    up = min(4.0, view.above_m * 0.1 + 2.5)
    over = bottom if view.y_m > bottom else top if view.y_m < top else None
    beside = right if view.x_m > right else left if view.x_m < left else None
    for share in _SHARES:
        x, y = left + (right - left) * share, top + (bottom - top) * share
        if over is not None:
            y = over
        elif beside is not None:
            x = beside
        place = view.on_image(x, y, up, size)
        if place and 0 < place[0] < size[0] and 0 < place[1] < size[1]:
            return place[:2]
    return None


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
