"""Stills of a city: from afar, from the middle distance and from a street; one house may be marked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis.city.city import METRES_A_MINUTE
from retrain_kit.display import city_still
from retrain_kit.display.city_still import Landscape, Light, Mark, View
from retrain_kit.display.tokens import SOURCES

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    from retrain_kit.analysis.city.city import City

STRIPES = 3
"""How many other labels of a house are drawn on it."""
SIZE_PX = (1280, 720)
_WALK_M = 25.0
"""So far to the right a flight goes along its street. Past a small city it is a third of its width."""


def landscape_of(city: City) -> Landscape:
    """Return a city as it is drawn.

    Where machines made all of it, their work stands there as glass, as high as it would have been by hand.
    """
    sources = dict.fromkeys(storey.source for storey in city.storeys) or {"unknown": None}
    left, top, _, _ = city.bounds
    by_hand = city.is_by_machines
    low, high = (np.zeros((len(sources), len(city)), np.float32) for _ in range(2))
    for number, storey in enumerate(city.storeys):
        kind, pieces = list(sources).index(storey.source), city.counts[:, number]
        most = storey.by_hand_s[1] if storey.by_machine and by_hand else storey.high_s
        low[kind] += pieces * np.float32(storey.low_s / 60 * METRES_A_MINUTE)
        high[kind] += pieces * np.float32(most / 60 * METRES_A_MINUTE)
    plots = [each.plot for each in city.districts]
    edges = np.array(
        [(each.left - left, each.top - top, each.right - left, each.bottom - top) for each in plots]
    )
    numbers = np.repeat(np.arange(len(plots), dtype=np.int32), [each.houses for each in city.districts])
    kinds = [SOURCES[source] for source in sources]
    return Landscape(city.places - (left, top), low, high, kinds, edges, numbers, _stripes(city), city.lot_m)


def flight(landscape: Landscape, frames: int, ratio: float = 9 / 16) -> list[View]:
    """Return the views of a flight: from afar down to a district, and on to a street and along it.

    Parameters
    ----------
    frames
        How many.
    ratio
        How high the images are, in widths.
    """
    afar, middle, street = city_still.views_of(landscape, ratio).values()
    walk = min(_WALK_M, landscape.size_m[0] / 3)
    end = replace(street, x_m=street.x_m + walk, y_m=street.y_m - walk / np.tan(street.heading))
    way = (afar, middle, street, end)
    found = []
    for place in np.linspace(0, len(way) - 1, frames):
        leg = min(int(place), len(way) - 2)
        share = float(place) - leg
        eased = share * share * (3 - 2 * share) if leg < len(way) - 2 else share
        found.append(way[leg].between(way[leg + 1], eased))
    return found


def _stripes(city: City) -> NDArray[np.int32]:
    """Return the first other labels of each house, -1 where there are fewer."""
    many = np.diff(city.stripe_starts)
    found = np.full((len(city), STRIPES), -1, np.int32)
    for number in range(STRIPES):
        more = many > number
        found[more, number] = city.stripes[city.stripe_starts[:-1][more] + number]
    return found


def draw_city(
    city: City,
    view: str | View = "afar",
    size: tuple[int, int] = SIZE_PX,
    *,
    image: str | None = None,
    night: bool = False,
) -> Image.Image:
    """Return a still of a city, with the names of its districts.

    Parameters
    ----------
    view
        `afar`, `middle`, `street`, or from where it is seen.
    size
        Width and height in pixels.
    image
        The id of an image whose house is marked by a beam.
    night
        In the colours of a dark page.

    Raises
    ------
    ParameterError
        When no house is of that image.
    """
    landscape = landscape_of(city)
    chosen = view if isinstance(view, View) else city_still.views_of(landscape, size[1] / size[0])[view]
    mark = Mark(city.house(image)) if image is not None else None
    still = city_still.draw_still(landscape, chosen, size, Light(night), mark=mark)
    city_still.write_names(still, landscape, chosen, city.names, night=night)
    return still
