"""A screen of the replay: what is drawn of an image at a moment, and nothing of the image itself.

Outlines come in one colour. When all are there they are coloured by their labels, one after the other, and
then by the words for their annotators; the clock stands meanwhile. The notebook's canvas, the wall, films and
stills show the same moments of the same timeline.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFont

from retrain_kit.annotations.timelines import MARKS
from retrain_kit.display import signs
from retrain_kit.display.label_keys import label_keys
from retrain_kit.display.tokens import COLOURS, Colour
from retrain_kit.display.views import DRAWN, FACE, Chips

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Size
    from retrain_kit.annotations.timelines import Drawing, End, Stroke, Timeline
    from retrain_kit.display.label_keys import LabelKey

    Floats = NDArray[np.float64]
    Edges = tuple[int, int, int, int]
    Rgb = tuple[int, int, int]

Ground = Literal["dark", "light"]
HOLD_S, SWEEP_S, STAY_S = 1.0, 2.5, 3.5
"""How long all stands in one colour, how long colours take to come, and how long they stay: film seconds."""
LONGEST_S = 40.0
"""How long the drawing takes in a film at most, where no factor is asked for."""
FACTORS = tuple(float(f"{step}e{power}") for power in range(6) for step in (1, 2, 5))
_FINE = 2
_BEYOND_PX = 20_000.0
_CLEAR = 3.0
"""The least contrast of a line with its ground, as WCAG asks of what is no text."""
_LIFTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""How much ink is mixed into a mark: as little as makes it clear."""
_MANY_VERTICES = 400
_CROWD = 200
_MOST_SIGNS = 24
"""So many signs of a word for an annotator are written."""
_MANY_TIMES = 100
"""From so many times on they are said in whole numbers."""
_ROOMY_PX, _TEXT_PX, _SMALL_TEXT_PX = 320, 14, 9
"""From which size on a screen has room for words that are read when it is shown smaller."""


class Stage(Enum):
    """By what a drawing has its colour: first all have one."""

    IN_ONE = "in one colour"
    BY_LABEL = "by label"
    BY_ANNOTATOR = "by annotator"


_FILLS = {Stage.IN_ONE: 0.1, Stage.BY_LABEL: 0.3, Stage.BY_ANNOTATOR: 0.15}
"""How much of its colour is in an area that is drawn."""


@dataclass(frozen=True)
class Moment:
    """A moment of a replay.

    Parameters
    ----------
    second
        How many seconds of work have gone by.
    by_label, by_annotator
        How many drawings have the colour of their label by now, and of their annotator.
    """

    second: float
    by_label: int = 0
    by_annotator: int = 0


@dataclass(frozen=True)
class Play:
    """How a timeline is played.

    Parameters
    ----------
    end
        Which end of the published seconds.
    factor
        How many times faster than these.
    """

    end: End = "most"
    factor: float = 1.0

    def drawing_s(self, timeline: Timeline) -> float:
        """Return how long the drawing takes, in seconds of the film."""
        return timeline.end_s(self.end) / self.factor

    def film_s(self, timeline: Timeline) -> float:
        """Return how long all of it takes, in seconds of the film."""
        return self.drawing_s(timeline) + HOLD_S + 2 * (SWEEP_S + STAY_S)

    def moment(self, timeline: Timeline, film_s: float) -> Moment:
        """Return the moment that is shown at a second of the film."""
        drawn, count = self.drawing_s(timeline), len(timeline.drawings)
        labels = (film_s - drawn - HOLD_S) / SWEEP_S
        annotators = (film_s - drawn - HOLD_S - SWEEP_S - STAY_S) / SWEEP_S
        coloured = (int(np.clip(share, 0, 1) * count) for share in (labels, annotators))
        return Moment(min(film_s, drawn) * self.factor, *coloured)


def fitting_factor(timelines: Iterable[Timeline], end: End, longest_s: float = LONGEST_S) -> float:
    """Return the smallest of `FACTORS` by which no drawing takes longer than so many seconds of the film."""
    longest = max((each.end_s(end) for each in timelines), default=0.0)
    return next((factor for factor in FACTORS if longest <= factor * longest_s), FACTORS[-1])


def clock(seconds: float) -> str:
    """Return a time as hours, minutes and seconds.

    Examples
    --------
    >>> clock(754.9), clock(360_000)
    ('0:12:34', '100:00:00')
    """
    whole = int(seconds)
    return f"{whole // 3600:,}:{whole // 60 % 60:02}:{whole % 60:02}"


def speed(factor: float) -> str:
    """Return how many times faster than its seconds a replay goes, or slower.

    Examples
    --------
    >>> speed(1), speed(2.5), speed(1e9), speed(0.001)
    ('as fast as these', '2.5 × faster', '1,000,000,000 × faster', '1,000 × slower')
    """
    if factor == 1:
        return "as fast as these"
    many, way = (factor, "faster") if factor > 1 else (1 / factor, "slower")
    return f"{many:,.0f} × {way}" if many >= _MANY_TIMES else f"{many:.3g} × {way}"


@cache
def line_colour(colour: str) -> Colour:
    """Return a mark as it is seen on a light and a dark ground: lighter or darker only where it has to be."""
    found = {}
    for ground in ("light", "dark"):
        paper, ink = (ground_colour(name, ground) for name in ("paper", "ink"))
        mixed = [_hex(_mixed(_rgb(colour), ink, share)) for share in _LIFTS]
        found[ground] = next(each for each in mixed if _contrast(each, _hex(paper)) >= _CLEAR)
    return Colour(**found)


def ground_colour(name: str, ground: str) -> Rgb:
    """Return the colour of a token on a ground: `paper` is the ground itself, `ink` what is drawn on it."""
    return _rgb(getattr(COLOURS[name], ground))


@dataclass(frozen=True)
class Scene:
    """What a timeline is drawn with: its size on the screen, and its colours.

    Parameters
    ----------
    timeline
        What is drawn.
    longest_px
        The longer side of the screen.
    ground
        Whether it is dark or light.
    order
        Labels whose colours stay the same from image to image, see `label_keys.label_keys`.
    """

    timeline: Timeline
    longest_px: int = 960
    ground: Ground = "dark"
    order: tuple[str, ...] = ()

    @cached_property
    def scale(self) -> float:
        """Pixels of the screen for each of the image."""
        return self.longest_px / max(*self.timeline.size, 1)

    @cached_property
    def size(self) -> Size:
        """Width and height of the screen, in pixels."""
        width, height = self.timeline.size
        return max(1, round(width * self.scale)), max(1, round(height * self.scale))

    @cached_property
    def keys(self) -> dict[str, LabelKey]:
        """The key of each label."""
        return label_keys((each.label for each in self.timeline.drawings if each.label), self.order)

    @cached_property
    def annotators(self) -> dict[str, LabelKey]:
        """The key of each word for an annotator, in alphabetical order: nobody is ranked."""
        return label_keys({each.annotator for each in self.timeline.drawings})

    def colour(self, number: int, stage: Stage) -> Rgb | None:
        """Return the colour of a drawing by its label or its annotator; None where it has the one colour."""
        drawing = self.timeline.drawings[number]
        if stage is Stage.BY_ANNOTATOR:
            key = self.annotators[drawing.annotator]
        elif stage is Stage.BY_LABEL and drawing.label:
            key = self.keys[drawing.label]
        else:
            return None
        return _rgb(getattr(line_colour(key.colour), self.ground))


def thinness(drawings: int) -> float:
    """Return by what lines are multiplied where there are so many drawings: of a crowd they are thinner."""
    return min(1.0, math.sqrt(math.sqrt(_CROWD / max(drawings, 1))))


class Screen:
    """Draws moments of a scene, one after the other; a moment later than the last one costs what is new.

    Parameters
    ----------
    scene
        What is drawn.
    end
        Which end of the published seconds is played.
    """

    def __init__(self, scene: Scene, end: End = "most") -> None:
        self.scene = scene
        self._paper, self._ink, self._accent = (
            ground_colour(name, scene.ground) for name in ("paper", "ink", "accent")
        )
        self._starts = scene.timeline.starts(end)
        self._ends = self._starts + scene.timeline.seconds(end)
        line_px = max(2, round(scene.longest_px / 480)) * _FINE
        self._line_px = max(1, round(line_px * thinness(len(scene.timeline.drawings))))
        self._clear()

    def _clear(self) -> None:
        width, height = self.scene.size
        self._fills = Image.new("RGB", self.scene.size, self._paper)
        self._lines = Image.new("RGBA", (width * _FINE, height * _FINE))
        self._base = self._fills.copy()
        self._done = np.zeros(len(self._ends), dtype=bool)
        self._last = Moment(-1.0)
        self._over: Edges | None = (0, 0, width, height)
        self.changed: Edges | None = None

    def show(self, moment: Moment) -> Image.Image:
        """Return what is drawn at a moment, mode RGB; `changed` is what is new since the last one."""
        if moment.second < self._last.second or moment.by_label < self._last.by_label:
            self._clear()
        worded = self._words(self._last)
        boxes = [self._over, *self._commit(moment)]
        image = self._base.copy()
        now = np.flatnonzero(~self._done & (self._starts <= moment.second)).tolist()
        self._over = _around(self._box(number) for number in now)
        if self._over:
            self._draw_over(image, now, self._over, moment.second)
        words = self._words(moment)
        if words is Stage.BY_LABEL:
            self._write_labels(image)
        elif words is Stage.BY_ANNOTATOR:
            self._write_annotators(image)
        whole = (0, 0, *image.size) if words != worded else None
        self.changed = _around([*boxes, self._over, whole])
        return image

    def _words(self, moment: Moment) -> Stage | None:
        """Return which words stand there: those of the colours that all have by now; None while they come."""
        count = len(self._ends)
        if count and moment.by_annotator == count:
            return Stage.BY_ANNOTATOR
        return Stage.BY_LABEL if moment.by_label == count > 0 and not moment.by_annotator else None

    def _commit(self, moment: Moment) -> list[Edges]:
        """Draw what is finished since the last moment, and then what has another colour now; return where."""
        last, finished = self._last, ~self._done & (self._ends <= moment.second)
        self._last = moment
        done = sorted(np.flatnonzero(finished).tolist(), key=self._ends.__getitem__)
        labelled = range(last.by_label, moment.by_label)
        annotated = range(last.by_annotator, moment.by_annotator)
        passes = [(Stage.IN_ONE, done), (Stage.BY_LABEL, labelled), (Stage.BY_ANNOTATOR, annotated)]
        whole = [place for place, (_, numbers) in enumerate(passes) if len(numbers) == len(self._ends)]
        for stage, numbers in passes[max(whole, default=0) :]:  # what draws all hides what was drawn before
            for number in numbers:
                self._draw_whole(number, stage)
        self._done |= finished
        boxes = [box for box in map(self._box, {*done, *labelled, *annotated}) if box]
        if sum(map(_area_px, boxes)) > _area_px((0, 0, *self._base.size)):
            boxes = [(0, 0, *self._base.size)]
        for box in boxes:
            self._base.paste(self._composed(self._lines.crop(_fine(box)), box), box)
        return boxes

    def _composed(self, lines: Image.Image, box: Edges) -> Image.Image:
        """Return a part of the screen with its areas, and lines of the fine plate over them."""
        part, coarse = self._fills.crop(box), lines.reduce(_FINE)
        part.paste(coarse, (0, 0), coarse)
        return part

    def _draw_over(self, image: Image.Image, numbers: Iterable[int], box: Edges, second: float) -> None:
        """Draw what is being drawn at a moment."""
        lines = self._lines.crop(_fine(box))
        for number in numbers:
            self._draw_part(lines, number, second, (box[0] * _FINE, box[1] * _FINE))
        image.paste(self._composed(lines, box), box)

    def _box(self, number: int) -> Edges | None:
        """Return the part of the screen with a drawing and its hand; None where it is outside."""
        return self._part(number, 8 * self._line_px / _FINE)

    def _part(self, number: int, room_px: float = 0) -> Edges | None:
        """Return the part of the screen with a drawing and room around it; None where it is outside."""
        left, top, right, bottom = self._extents[number] + np.array([-1, -1, 1, 1]) * room_px
        width, height = self.scene.size
        edges = max(0, int(left)), max(0, int(top)), min(width, int(right) + 1), min(height, int(bottom) + 1)
        return edges if edges[0] < edges[2] and edges[1] < edges[3] else None

    @cached_property
    def _extents(self) -> Floats:
        """The edges of each drawing: left, top, right, bottom, float64 (drawings, 4), in pixels."""
        found = np.empty((len(self._ends), 4))
        for place, drawing in enumerate(self.scene.timeline.drawings):
            points = self._places(drawing.points) / _FINE
            found[place] = *points.min(axis=0), *points.max(axis=0)
        return found

    def _draw_whole(self, number: int, stage: Stage) -> None:
        drawing, colour = self.scene.timeline.drawings[number], self.scene.colour(number, stage) or self._ink
        strokes = [(stroke, self._places(stroke.points)) for stroke in drawing.strokes]
        if drawing.label:
            loops = [places for stroke, places in strokes if stroke.kind == "loop"]
            self._fill(loops, _mixed(self._paper, colour, _FILLS[stage]))
        draw = ImageDraw.Draw(self._lines)
        for stroke, places in strokes:
            self._draw_stroke(draw, stroke, places, colour, closed=True)

    def _draw_part(self, lines: Image.Image, number: int, second: float, origin: tuple[int, int]) -> None:
        """Draw what is there of a drawing on a part of the fine plate, with its corners, and the hand."""
        drawing = self.scene.timeline.drawings[number]
        long_s = self._ends[number] - self._starts[number]
        share = (second - self._starts[number]) / long_s if long_s else 1.0
        draw, hand = ImageDraw.Draw(lines), None
        for stroke, points in _until(drawing, share):
            places = self._places(points) - np.array(origin)
            self._draw_stroke(draw, stroke, places, self._ink, closed=False)
            if stroke.kind == "loop" and len(stroke.points) <= _MANY_VERTICES:
                self._draw_vertices(draw, places[: int((stroke.points[:, 2] <= share).sum())])
            hand = places[-1]
        if hand is not None:
            self._draw_hand(draw, hand)

    def _places(self, points: Floats) -> Floats:
        """Return places on the fine plate, float64 (points, 2); far beyond the border they are cut off."""
        found: Floats = np.clip(points[:, :2] * (self.scene.scale * _FINE), -_BEYOND_PX, _BEYOND_PX)
        return found

    def _draw_stroke(
        self, draw: ImageDraw.ImageDraw, stroke: Stroke, places: Floats, colour: Rgb, *, closed: bool
    ) -> None:
        if stroke.kind in MARKS:
            for place in places:
                self._draw_click(draw, stroke.kind, place, colour)
            return
        way = [*map(tuple, places.tolist())]
        if closed and stroke.kind == "loop":
            way += way[:2]
        if len(way) > 1:
            draw.line(way, (*colour, 255), self._line_px, joint="curve")
        elif way:
            draw.circle(way[0], self._line_px / 2, (*colour, 255))

    def _draw_click(self, draw: ImageDraw.ImageDraw, kind: str, place: Floats, colour: Rgb) -> None:
        """Draw a click: a dot on an edge or a point, a plus on the thing, a minus beside it."""
        (x, y), arm = place.tolist(), 2.6 * self._line_px
        if kind == "click":
            draw.circle((x, y), 1.6 * self._line_px, (*colour, 255))
            return
        draw.line([(x - arm, y), (x + arm, y)], (*colour, 255), self._line_px)
        if kind == "yes":
            draw.line([(x, y - arm), (x, y + arm)], (*colour, 255), self._line_px)

    def _draw_vertices(self, draw: ImageDraw.ImageDraw, places: Floats) -> None:
        half = 1.4 * self._line_px
        for x, y in places.tolist():
            draw.rectangle((x - half, y - half, x + half, y + half), (*self._ink, 255))

    def _draw_hand(self, draw: ImageDraw.ImageDraw, place: Floats) -> None:
        (x, y), inner, outer = place.tolist(), 3 * self._line_px, 7 * self._line_px
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            ends = [(x + dx * inner, y + dy * inner), (x + dx * outer, y + dy * outer)]
            draw.line(ends, (*self._accent, 255), self._line_px)

    def _fill(self, loops: Sequence[Floats], colour: Rgb) -> None:
        """Lay a colour over what loops enclose, by the even-odd rule."""
        polygons = [[*map(tuple, (loop / _FINE).tolist())] for loop in loops if len(loop) > 2]  # noqa: PLR2004 - an area
        if len(polygons) == 1:
            ImageDraw.Draw(self._fills).polygon(polygons[0], fill=colour)
        elif polygons:
            self._fills.paste(colour, (0, 0), _even_odd(polygons, self.scene.size))

    @property
    def _text_px(self) -> int:
        longest = self.scene.longest_px
        return max(_TEXT_PX, round(longest / 60)) if longest >= _ROOMY_PX else _SMALL_TEXT_PX

    def _write_annotators(self, image: Image.Image) -> None:
        """Write the words for annotators on their colours, in rows from above, as far as there is room."""
        draw, text_px = ImageDraw.Draw(image), self._text_px
        font = ImageFont.truetype(FACE, text_px, layout_engine=ImageFont.Layout.BASIC)
        left, top, high = 0, 0, round(1.3 * text_px)
        for key in self.scene.annotators.values():
            word = signs.shortened(key.shown, _MOST_SIGNS)
            text = word if DRAWN.fullmatch(word) else f"{key.number}"
            wide = round(draw.textlength(text, font)) + text_px // 2
            if left and left + wide > image.width:
                left, top = 0, top + high
            if top + high > image.height / 2:
                return
            draw.rectangle((left, top, left + wide - 1, top + high - 1), fill=key.colour)
            draw.text((left + wide / 2, top + high / 2), text, key.text_colour, font, "mm")
            left += wide + 1

    def _write_labels(self, image: Image.Image) -> None:
        """Write the label of each drawing where there is room, as on a tagged image."""
        placed = [
            (part, self.scene.keys[drawing.label])
            for number, drawing in enumerate(self.scene.timeline.drawings)
            if drawing.label and (part := self._part(number))
        ]
        Chips(image, self._text_px).write(placed)


def _fine(box: Edges) -> Edges:
    left, top, right, bottom = (edge * _FINE for edge in box)
    return left, top, right, bottom


def _area_px(box: Edges) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _around(boxes: Iterable[Edges | None]) -> Edges | None:
    """Return the smallest box that holds all there are; None where there is none."""
    there = [box for box in boxes if box]
    if not there:
        return None
    lefts, tops, rights, bottoms = zip(*there, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _until(drawing: Drawing, share: float) -> Iterator[tuple[Stroke, Floats]]:
    """Yield of each stroke what is there after a share of its drawing's time, and the way to what follows."""
    for stroke in drawing.strokes:
        count = int(np.searchsorted(stroke.points[:, 2], share, side="right"))
        if not count:
            continue
        points = stroke.points[:count]
        closing = stroke.kind == "loop" and count == len(stroke.points)
        if stroke.kind not in MARKS and (closing or count < len(stroke.points)):
            points = np.concatenate([points, _tip(stroke.points, count, share)])
        yield stroke, points


def _tip(points: Floats, count: int, share: float) -> Floats:
    """Return how far the hand has come from the last point that is there towards the next, or the first."""
    last, following = points[count - 1], points[count % len(points)]
    arrives = 1.0 if count == len(points) else following[2]
    part = (share - last[2]) / (arrives - last[2]) if arrives > last[2] else 1.0
    found: Floats = last + (following - last) * min(part, 1.0)
    return found[None]


def _even_odd(polygons: Iterable[Sequence[tuple[float, ...]]], size: Size) -> Image.Image:
    whole = Image.new("1", size)
    for polygon in polygons:
        one = Image.new("1", size)
        ImageDraw.Draw(one).polygon(polygon, fill=1)
        whole = ImageChops.logical_xor(whole, one)
    return whole


def _rgb(colour: str) -> Rgb:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return f"#{bytes(rgb).hex()}"


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, as WCAG has it."""
    low, high = sorted(Colour(each, each).luminance for each in (one, other))
    return (high + 0.05) / (low + 0.05)


def _mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    """Return a colour between two: at 0 the one, at 1 the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
