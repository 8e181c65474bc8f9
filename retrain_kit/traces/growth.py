"""Growth: the track of a hand as it came about, at true speed, on white."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.files import writing
from retrain_kit.traces.surfaces import PEN, Pen, Sheet, clicked, strokes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


def growth(
    trace: Trace, size: Size, pen: Pen = PEN, step_s: float = STEP_S
) -> Iterator[tuple[float, Image.Image]]:
    """Yield each of the `moments` and the track as it was then; the last one is `track`."""
    sheet = Sheet(size)
    waiting = sorted(strokes(trace, size, pen), key=lambda stroke: stroke.end, reverse=True)
    for moment in moments(trace, step_s):
        while waiting and waiting[-1].end <= moment:
            sheet.put(waiting.pop())
        shown = sheet.copy()
        for stroke in waiting:
            if stroke.start <= moment:
                shown.put(stroke.until(moment))
        yield moment, shown.picture


def until(trace: Trace, size: Size, moment: float, pen: Pen = PEN) -> Image.Image:
    """Return the track as it was at a moment."""
    sheet = Sheet(size)
    for stroke in strokes(trace, size, pen):
        if stroke.start <= moment:
            sheet.put(stroke if stroke.end <= moment else stroke.until(moment))
    return sheet.picture


def animation(trace: Trace, size: Size, path: Path, pen: Pen = PEN, step_s: float = STEP_S) -> Path:
    """Write the growth of a track at true speed, as an animated PNG that plays once.

    Raises
    ------
    ParameterError
        When the name ends neither in .png nor in .apng.
    DataError
        When the file cannot be written.
    """
    if path.suffix not in {".png", ".apng"}:
        raise ParameterError(Fault(str(path), repr(path.suffix), "a name that ends in .png or .apng"))
    times = moments(trace, step_s)
    shown_ms = [round(time * 1000) for time in (*times, times[-1] + step_s)]
    frames = (picture for _, picture in growth(trace, size, pen, step_s))
    with writing(path) as temporary:
        next(frames).save(
            temporary,
            "PNG",
            save_all=True,
            append_images=list(frames),
            duration=[end - start for start, end in pairwise(shown_ms)],
            loop=1,
        )
    return path
