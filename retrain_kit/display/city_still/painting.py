"""Painting: the colours of what is seen, by day or by night.

A house has the colours of its kinds of work, from the ground up: solid as high as the least time, glass from
there to the most. The ground of a district has the colour of its label, and so have the upright stripes of
houses elsewhere that bear the label too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.display.city_still.landscape import MARGIN, STREET
from retrain_kit.display.city_still.seeing import EAST, LIT, ROOF
from retrain_kit.display.tokens import COLOURS, MARKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from retrain_kit.display.city_still.landscape import Landscape, Level
    from retrain_kit.display.city_still.seeing import Seen
    from retrain_kit.display.city_still.view import View

_STOREY_M, _BAND_ROWS = 3.0, 128


@dataclass(frozen=True)
class Light:
    """By day, in the colours of a light page, or by night, in those of a dark one."""

    night: bool = False

    def colour(self, name: str) -> NDArray[np.float32]:
        """Return the colour of a token: red, green and blue from 0 to 1."""
        colour = COLOURS[name]
        text = colour.dark if self.night else colour.light
        return np.asarray(np.frombuffer(bytes.fromhex(text[1:]), np.uint8) / 255, np.float32)

    def colours(self, names: Sequence[str]) -> NDArray[np.float32]:
        """Return the colours of tokens: (names, 3)."""
        return np.array([self.colour(name) for name in names], np.float32).reshape(-1, 3)


class Painter:
    """Paints what is seen of a landscape."""

    def __init__(self, landscape: Landscape, view: View, light: Light, size: tuple[int, int]) -> None:
        self.landscape, self.view, self.light = landscape, view, light
        self.width, self.height = size
        self.kinds = light.colours(landscape.kinds)
        self.labels = light.colours(MARKS)
        width_m, depth_m = landscape.size_m
        away_m = float(np.hypot(view.x_m - width_m / 2, view.y_m - depth_m / 2))
        self.haze_m = max(width_m, depth_m, 400.0, away_m * 0.8) * 2.2  # tall towers are seen from far off
        self.horizon, self.window = light.colour("city-horizon"), light.colour("city-window")

    # -- what is far is paler

    def haze(self, colours: NDArray[np.float32], far_m: NDArray[np.float32] | float) -> NDArray[np.float32]:
        """Return colours as they are seen through the air: (pixels, 3)."""
        clear = np.exp(-np.asarray(far_m, np.float32) / np.float32(self.haze_m))[..., None]
        found: NDArray[np.float32] = colours * clear + self.horizon * (1 - clear)
        return found

    def tint(self, level: Level, cells: NDArray[np.int64], far: float) -> NDArray[np.float32]:
        """Return the colour of the glass of blocks: glass with a little of the colours of their work."""
        more = (level.high_m - level.low_m).reshape(len(self.kinds), -1)[:, cells].T
        share = more / np.maximum(more.sum(axis=1, keepdims=True), 1e-9)
        pale = self.light.colour("city-glass") * np.float32(0.68) + share @ self.kinds * np.float32(0.32)
        return self.haze(pale, far)

    # -- all of it

    def paint(self, seen: Seen) -> NDArray[np.float32]:
        """Return the image: (rows, columns, 3), from 0 to 1."""
        image = np.repeat(self._sky()[:, None], self.width, axis=1)
        self._sun(image)
        for top in range(0, self.height, _BAND_ROWS):
            self._paint_band(image, seen, slice(top, top + _BAND_ROWS))
        return image

    def _paint_band(self, image: NDArray[np.float32], seen: Seen, band: slice) -> None:
        """Paint some rows: of all at once, what is reckoned for each pixel would take a gigabyte."""
        far_m, house = seen.far_m[band], seen.house[band]
        row, column = np.nonzero(np.isfinite(far_m) & (house < 0))
        image[row + band.start, column] = self._ground(row, column, far_m[row, column])
        row, column = np.nonzero(house >= 0)
        row += band.start
        image[row, column] = self._houses(seen, row, column)
        much, *colour = seen.glass[:, band]
        clear = np.exp(-much)[..., None]
        mean = np.stack(colour, axis=-1) / np.maximum(much, 1e-6)[..., None]
        np.clip(image[band] * clear + mean * (1 - clear), 0, 1, out=image[band])

    def _sky(self) -> NDArray[np.float32]:
        up = (self.view.horizon * self.height - np.arange(self.height) - 0.5) / (self.width * 0.45)
        share = np.clip(up, 0, 1)[:, None] ** 0.7
        found: NDArray[np.float32] = (
            self.horizon * (1 - share) + self.light.colour("city-sky") * share
        ).astype(np.float32)
        return found

    def _sun(self, image: NDArray[np.float32]) -> None:
        """Draw the sun, low above the horizon, or the moon."""
        ahead = np.arctan2(np.sin(0.9 - self.view.heading), np.cos(0.9 - self.view.heading))
        if abs(ahead) > 1:
            return
        x = self.width * (0.5 + np.tan(ahead) * self.view.focal)
        y = self.view.horizon * self.height - self.width * self.view.focal * 0.13
        radius = self.width * 0.022
        rows, columns = np.mgrid[: self.height, : self.width].astype(np.float32)
        away = np.hypot(columns - np.float32(x), rows - np.float32(y))
        disc = np.clip(radius - away + 0.5, 0, 1)
        glow = np.exp(-away / (radius * 5)) * np.float32(0.45)
        glow *= np.clip((self.view.horizon * self.height - rows) / (self.height * 0.15), 0, 1)
        share = np.maximum(disc, glow)[..., None]
        image += (self.light.colour("city-sun") - image) * share

    # -- the ground

    def _ground(
        self, row: NDArray[np.int64], column: NDArray[np.int64], far_m: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        place = self._places(column, far_m)
        lot = np.floor(place).astype(np.int64)
        rows, columns = self.landscape.shape
        inside = (lot[0] >= 0) & (lot[1] >= 0) & (lot[0] < columns) & (lot[1] < rows)
        colours = np.broadcast_to(self.light.colour("city-ground"), (row.size, 3)).copy()
        x, y = lot[:, inside]
        colours[inside] = self._lots(x, y, place[:, inside] - lot[:, inside])
        return self.haze(colours, far_m)

    def _lots(
        self,
        x: NDArray[np.int64],
        y: NDArray[np.int64],
        within: NDArray[np.float64],
    ) -> NDArray[np.float32]:
        """Return the colour of lots: streets, the ground of districts, and plots on which no work stands."""
        number, house = self.landscape.grounds[y, x], self.landscape.houses[y, x]
        street, bare = self.light.colour("city-street"), self.light.colour("city-ground")
        own = self.labels[number % len(self.labels)]
        tinted = bare * np.float32(0.72) + own * np.float32(0.28)
        found = np.where((number == STREET)[:, None], street, np.where((number >= 0)[:, None], tinted, bare))
        edge = (np.abs(within - 0.5).max(axis=0) < _PLOT) & (house >= 0)
        found[edge] = found[edge] * np.float32(0.45) + street * np.float32(0.55)
        around = self._around(x, y)
        shade = 1 / (1 + around / 60) if not self.light.night else 1 / (1 + around / 160)
        glow = np.minimum(around / 120, 0.25)[:, None] if self.light.night else 0
        shaded: NDArray[np.float32] = (found * shade[:, None] + self.window * glow).astype(np.float32)
        return shaded

    def _around(self, x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return how high it is around lots."""
        number = min(2, len(self.landscape.levels) - 1)
        level = self.landscape.levels[number]
        return level.low_top_m[y // level.lots, x // level.lots]

    def _places(self, column: NDArray[np.int64], far_m: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return which lot of the grid is so far ahead in columns, with fractions: (2, pixels)."""
        return self.view.on_ground(self._rays[:, column], far_m) / self.landscape.lot_m + MARGIN

    @cached_property
    def _rays(self) -> NDArray[np.float64]:
        return self.view.rays(self.width)

    # -- houses

    def _houses(self, seen: Seen, row: NDArray[np.int64], column: NDArray[np.int64]) -> NDArray[np.float32]:
        far_m, side = seen.far_m[row, column], seen.side[row, column]
        house, level = seen.house[row, column], seen.level[row, column]
        focal_px = self.view.focal * self.width
        up_m = self.view.above_m + (self.view.horizon * self.height - row - 0.5) * far_m / focal_px
        colours = np.zeros((row.size, 3), np.float32)
        for number in np.unique(level):
            part = level == number
            height = np.where(side[part] == ROOF, np.inf, up_m[part])
            colours[part] = self._bands(self.landscape.levels[number], house[part], height)
        colours *= LIT[side][:, None]
        if self.light.night:
            colours *= np.float32(0.55)
        near = level == 0
        colours[near] = self._facades(
            colours[near], house[near], side[near], up_m[near], (column[near], far_m[near], focal_px)
        )
        foot = np.float32(0.72) + np.float32(0.28) * np.clip(up_m / 9, 0, 1)
        colours *= np.where(side == ROOF, 1, foot).astype(np.float32)[:, None]
        return self.haze(colours, far_m)

    def _bands(
        self, level: Level, cells: NDArray[np.int32], up_m: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return the colour of the kind of work at a height; of roofs, endlessly high, that of all of it."""
        parts = level.low_m.reshape(len(self.kinds), -1)[:, cells]
        ends = np.cumsum(parts, axis=0)
        kinds = self.kinds[np.minimum((up_m >= ends * np.float32(0.999)).sum(axis=0), len(self.kinds) - 1)]
        mixed = parts.T @ self.kinds / np.maximum(ends[-1], 1e-9)[:, None]
        return np.asarray(np.where(np.isinf(up_m)[:, None], mixed, kinds), np.float32)

    def _facades(
        self,
        colours: NDArray[np.float32],
        cells: NDArray[np.int32],
        side: NDArray[np.int8],
        up_m: NDArray[np.float32],
        where: tuple[NDArray[np.int64], NDArray[np.float32], float],
    ) -> NDArray[np.float32]:
        """Return the colours of walls with their windows, the lines of minutes, and stripes."""
        column, far_m, focal_px = where
        place = self._places(column, far_m) % 1
        along = np.where(side == EAST, place[1], place[0])
        wall, pixel_m = side != ROOF, far_m / focal_px
        floor = up_m / _STOREY_M % 1
        plain = np.clip(pixel_m / 0.5, 0, 1)[:, None].astype(np.float32)
        drawn = colours.copy()
        house = self.landscape.houses.ravel()[cells]
        for number, stripe in enumerate(self.landscape.stripes[house].T):
            on = wall & (stripe >= 0) & (np.abs(along - 0.78 + 0.1 * number) < _STRIPE)
            drawn[on] = self.labels[stripe[on] % len(self.labels)] * LIT[side[on]][:, None]
        pane = wall & (along > _PANE[0]) & (along < _PANE[1]) & (floor > _PANE[2]) & (floor < _PANE[3])
        lit = (
            self.window
            if self.light.night
            else drawn[pane] * np.float32(0.45) + self.window * np.float32(0.3)
        )
        drawn[pane] = lit
        drawn[wall & (floor < _LINE)] *= np.float32(0.72)
        drawn[wall & (np.abs(along - 0.5) > _JOINT)] *= np.float32(0.7)
        return np.asarray(drawn * (1 - plain) + colours * plain)


_PLOT, _STRIPE, _LINE, _JOINT = 0.4, 0.035, 0.1, 0.475
_PANE = (0.12, 0.42, 0.35, 0.8)
