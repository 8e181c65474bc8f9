"""Growth: the track of a hand as it came about, at true speed, on white."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.traces.surfaces import PEN, Pen, Sheet, clicked, strokes

if TYPE_CHECKING:
    from PIL import Image

    from retrain_kit.samples import Size
    from retrain_kit.traces import Trace

STEP_S, SHORTEST_S, MOST_FRAMES = 0.04, 0.01, 400


def moments(trace: Trace, step_s: float = STEP_S) -> list[float]:
    """Return the times of the pictures of a track's growth, from the start of the recording to its end.

    They are `step_s` apart, and farther where there would be more than `MOST_FRAMES` steps: that makes fewer
    pictures, not a faster hand.

    Raises
    ------
    ParameterError
        When the step is shorter than `SHORTEST_S`.
    """
    if not SHORTEST_S <= step_s < math.inf:
        raise ParameterError(Fault("step_s", str(step_s), f"at least {SHORTEST_S} seconds"))
    first, last = trace.span or (0.0, 0.0)
    first, last = min(0.0, first), max(last, *clicked(trace), 0.0)
    gap = max(step_s, (last - first) / MOST_FRAMES)
    steps = (first + number * gap for number in range(MOST_FRAMES))
    return [*(step for step in steps if step < last), last]


def until(trace: Trace, size: Size, moment: float, pen: Pen = PEN) -> Image.Image:
    """Return the track as it was at a moment."""
    sheet = Sheet(size)
    for stroke in strokes(trace, size, pen):
        if stroke.start <= moment:
            sheet.put(stroke if stroke.end <= moment else stroke.until(moment))
    return sheet.picture
