"""Drawing: only the track of a hand, on white.

Every function takes a trace and a size and no image, so that what lies beneath cannot show: the bytes are
the same whatever it is. A click is a dot, and a ring where it said "this does not belong to the thing".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from retrain_kit.display.tokens import COLOURS, HEAT
from retrain_kit.display.views import INK, PAPER
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Size
    from retrain_kit.annotations.traces import Trace

    Floats = NDArray[np.float64]


MAX_SIDE_PX = 4096
WIDTH_PX = 2.0
MAX_WIDENING = 4.0
"""Where thickness follows slowness, no line is more than so many times as thick as a fast one."""
CLICK_PACE_S = 0.5
"""Clicks without a known time appear one by one, so many seconds apart: the kit's pace, not the hand's."""

_FINE = 4  # drawn so many times larger, then reduced: that makes lines smooth
_DOT = 2.5  # radius of a dot, in widths of the line
_RAMP = (PAPER, *(COLOURS[name].rgb for name in HEAT[1:]))
_GREY = COLOURS["sheet-ink"].grey
_LEGEND_PX = 34


@dataclass(frozen=True)
class Pen:
    """How a track is drawn.

    Parameters
    ----------
    width_px
        The thickness of the line.
    by_slowness
        Whether it is thicker where the pointer was slower: by the root of how many times slower than the
        median of its own speeds, at most `MAX_WIDENING` times; never thinner.
    """

    width_px: float = WIDTH_PX
    by_slowness: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.width_px < math.inf:
            raise ParameterError(Fault("width_px", str(self.width_px), "a width above 0"))


DEFAULT_PEN = Pen()


@dataclass(frozen=True)
class Stroke:
    """A line between two places, in pixels, with its times; or a click, where `ring` says its kind."""

    x0: float
    y0: float
    x1: float
    y1: float
    start: float
    end: float
    width_px: float
    ring: bool | None = None

    def until(self, moment: float) -> Stroke:
        """Return the part of a line that is drawn at a moment between its start and its end."""
        share = (moment - self.start) / (self.end - self.start)
        x, y = self.x0 + share * (self.x1 - self.x0), self.y0 + share * (self.y1 - self.y0)
        return Stroke(self.x0, self.y0, x, y, self.start, moment, self.width_px)


class Sheet:
    """White paper and one ink. The order in which strokes are put on it makes no difference."""

    def __init__(self, size: Size) -> None:
        check_frame(size)
        self._plate = Image.new("L", (size[0] * _FINE, size[1] * _FINE), PAPER[0])

    def put(self, stroke: Stroke) -> None:
        """Draw a stroke."""
        draw = ImageDraw.Draw(self._plate)
        width = stroke.width_px * _FINE
        ends = [(x * _FINE, y * _FINE) for x, y in ((stroke.x0, stroke.y0), (stroke.x1, stroke.y1))]
        if stroke.ring is not None:
            fill = None if stroke.ring else _GREY
            draw.circle(ends[0], _DOT * width, fill=fill, outline=_GREY, width=max(1, round(width)))
            return
        draw.line(ends, _GREY, max(1, round(width)))
        for end in ends:
            draw.circle(end, width / 2, fill=_GREY)

    @property
    def image(self) -> Image.Image:
        """The sheet in its own size, mode L."""
        return self._plate.reduce(_FINE)


def draw_track(trace: Trace, size: Size, pen: Pen = DEFAULT_PEN) -> Image.Image:
    """Return the track on white, in ink, mode L; what lies beyond the frame is cut off.

    Raises
    ------
    ParameterError
        When a side of the size is below 1 or above `MAX_SIDE_PX`.
    """
    sheet = Sheet(size)
    for stroke in strokes(trace, size, pen):
        sheet.put(stroke)
    return sheet.image


def draw_heat_map(grid: Floats, size: Size, unit: str = "s") -> Image.Image:
    """Return a map of stays or of clicks, mode RGB, with its scale beneath it.

    `grid` is from `attention.dwell_time_grid` or `attention.click_grid`. White is nothing and the darkest
    colour the cell with most; between them colours go with the value.
    """
    check_frame(size)
    (rows, columns), (width, height) = grid.shape, size
    most = float(grid.max(initial=0))
    row, column = np.arange(height) * rows // height, np.arange(width) * columns // width
    shares = grid[row][:, column] / (most or 1)
    image = Image.new("RGB", (width, height + _LEGEND_PX), PAPER)
    image.paste(Image.fromarray(_coloured(shares)))
    bar = np.tile(np.linspace(0, 1, width), (_LEGEND_PX // 3, 1))
    image.paste(Image.fromarray(_coloured(bar)), (0, height + 4))
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(11)
    baseline = height + _LEGEND_PX - 4
    draw.text((2, baseline), "0", INK, font, "ls")
    draw.text((width - 2, baseline), f"{most:.3g} {unit} a cell", INK, font, "rs")
    return image


def check_frame(size: Size) -> None:
    """Raise a `ParameterError` unless both sides are from 1 to `MAX_SIDE_PX`."""
    if not all(1 <= side <= MAX_SIDE_PX for side in size):
        raise ParameterError(Fault("size", f"{size[0]} × {size[1]} px", f"1 to {MAX_SIDE_PX} px a side"))


def strokes(trace: Trace, size: Size, pen: Pen) -> Iterator[Stroke]:
    """Yield the strokes of a trace on a frame of this size: each piece, then the clicks."""
    scale = np.array([size[0], size[1], 1.0])
    pieces = [piece * scale for piece in trace.pieces]
    widths = iter(_widths(pieces, pen))
    for piece in pieces:
        for x, y, t in piece[:1]:
            yield Stroke(x, y, x, y, t, t, pen.width_px)
        for (x0, y0, t0), (x1, y1, t1) in pairwise(piece):
            yield Stroke(x0, y0, x1, y1, t0, t1, next(widths))
    for dot, time in zip(trace.dots, click_times(trace), strict=True):
        x, y = dot.x * size[0], dot.y * size[1]
        yield Stroke(x, y, x, y, time, time, pen.width_px, ring=dot.on is False)


def click_times(trace: Trace) -> list[float]:
    """Return the time of each click; where none is known, one at the kit's pace, after all that are known."""
    last = trace.span[1] if trace.span else 0.0
    untimed = iter(range(1, len(trace.dots) + 1))
    return [last + next(untimed) * CLICK_PACE_S if dot.t is None else dot.t for dot in trace.dots]


def _widths(pieces: list[Floats], pen: Pen) -> Floats:
    """Return the thickness of each segment."""
    steps = np.concatenate([np.empty((0, 3)), *(np.diff(piece, axis=0) for piece in pieces)])
    lengths, times = np.hypot(steps[:, 0], steps[:, 1]), steps[:, 2]
    fast = (lengths > 0) & (times > 0)
    if not pen.by_slowness or not fast.any():
        return np.full(len(steps), pen.width_px)
    usual = np.median(lengths[fast] / times[fast])
    slower = np.divide(usual * times, lengths, out=np.full(len(steps), MAX_WIDENING**2), where=lengths > 0)
    slower[times == 0] = 1
    widths: Floats = pen.width_px * np.clip(np.sqrt(slower), 1, MAX_WIDENING)
    return widths


def _coloured(shares: Floats) -> NDArray[np.uint8]:
    steps = np.linspace(0, 1, len(_RAMP))
    channels = [np.interp(shares, steps, channel) for channel in zip(*_RAMP, strict=True)]
    colours: NDArray[np.uint8] = np.stack(channels, axis=-1).round().astype(np.uint8)
    return colours


# -- growth: the track of a hand as it came about, at true speed, on white.


STEP_S, MIN_FRAME_S, MAX_FRAMES = 0.04, 0.01, 400


def growth_moments(trace: Trace, step_s: float = STEP_S) -> list[float]:
    """Return the times of the images of a track's growth, from the start of the recording to its end.

    They are `step_s` apart, and farther where there would be more than `MAX_FRAMES` steps: that makes fewer
    images, not a faster hand.

    Raises
    ------
    ParameterError
        When the step is shorter than `MIN_FRAME_S`.
    """
    if not MIN_FRAME_S <= step_s < math.inf:
        raise ParameterError(Fault("step_s", str(step_s), f"at least {MIN_FRAME_S} seconds"))
    first, last = trace.span or (0.0, 0.0)
    first, last = min(0.0, first), max(last, *click_times(trace), 0.0)
    gap = max(step_s, (last - first) / MAX_FRAMES)
    steps = (first + number * gap for number in range(MAX_FRAMES))
    return [*(step for step in steps if step < last), last]


def track_until(trace: Trace, size: Size, moment: float, pen: Pen = DEFAULT_PEN) -> Image.Image:
    """Return the track as it was at a moment."""
    sheet = Sheet(size)
    for stroke in strokes(trace, size, pen):
        if stroke.start <= moment:
            sheet.put(stroke if stroke.end <= moment else stroke.until(moment))
    return sheet.image
