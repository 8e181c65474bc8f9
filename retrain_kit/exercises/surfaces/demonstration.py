"""Demonstration of *Informational surfaces*: recordings that nobody made, by a rule, in stores of their own.

The rule has two hands, neither of them a person's. Both go in straight lines, slowly at the ends and fast
between, at one speed on the whole, and tell sixty places a second.

- *The one that tags* spans up to three boxes that the data set already has, from top left to bottom right,
  waits at the lower edge of the frame, as for somebody who types, and then rests on the middle of each box.
- *The one that reads* knows no box: it goes over the frame in four lines, as over a page.

So the first is where the boxes are because the rule sends it there. What a test finds of it says nothing of
anybody.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.annotations.recordings import PLACE_DIGITS, TIME_DIGITS, Recording, Tag
from retrain_kit.annotations.traces import Trace
from retrain_kit.answers import Consent, Store
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.surfaces.informational_surfaces import CONSENT_VERSION, InformationalSurfaces

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Region, Sample

    Floats = NDArray[np.float64]
    Stop = tuple[float, float, float]

CONSENT = Consent(("class",), f"{CONSENT_VERSION}, demonstration", "2025-01-01T00:00:00Z")
CAUTION = (
    "Nobody's hand made these tracks. One goes from box to box because its rule says so; the other knows no"
    " box. What is found of them shows how the test works, and nothing of anybody."
)
TAGGING_KEY, READING_KEY = "babab", "dodod"
RATE_HZ, SPEED_FRAMES_PER_S, MIN_MOVE_S = 60, 0.8, 0.25
MAX_BOXES, TYPING_S, REST_S, PAUSE_S = 3, 2.0, 0.7, 0.2


def example_surfaces(folder: Path | str, study: str, samples: Sequence[Sample]) -> InformationalSurfaces:
    """Return the exercise over a new demonstration store in `folder`.

    The hand that tags is on each image, the one that reads on the first alone: it would be the same on all.

    Raises
    ------
    DataError
        When the folder holds real recordings.
    """
    exercise = InformationalSurfaces(Store(folder, demonstration=True), study)
    made = [(TAGGING_KEY, tagging_recording(sample)) for sample in samples]
    made += [(READING_KEY, reading_recording(sample)) for sample in samples[:1]]
    for number, (voice, recording) in enumerate(made):
        exercise.keep(recording, Voice(CONSENT, "-".join([voice] * 8), once=f"{number:032x}"))
    return exercise


def tagging_recording(sample: Sample) -> Recording:
    """Return what the hand that tags does on an image."""
    boxes = [_edges(region, sample) for region in sample.regions]
    named = [(region.label, box) for region, box in zip(sample.regions, boxes, strict=True) if _is_box(box)]
    stops: list[Stop] = [(0.02, 0.02, PAUSE_S)]
    ends = []
    for _, (left, top, right, bottom) in named[:MAX_BOXES]:
        stops += [(left, top, PAUSE_S), (right, bottom, PAUSE_S)]
        ends.append(len(stops))
    stops.append((0.5, 0.97, TYPING_S))
    stops += [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, REST_S) for _, box in named[:MAX_BOXES]]
    piece = _way(stops)
    times = [_arrival(stops[:end]) for end in ends]
    tags = tuple(Tag(label, box, t, "mouse") for (label, box), t in zip(named, times, strict=False))
    return _recording(sample, piece, tags, ", ".join(tag.label for tag in tags) or "no boxes")


def reading_recording(sample: Sample) -> Recording:
    """Return what the hand that reads does on an image."""
    lines = [(x, y, PAUSE_S) for y in (0.15, 0.38, 0.61, 0.84) for x in (0.06, 0.94)]
    return _recording(sample, _way(lines), (), "four lines, as over a page")


def _recording(sample: Sample, piece: Floats, tags: tuple[Tag, ...], told: str) -> Recording:
    text = f"Demonstration, said by nobody: {told}."
    seconds = float(piece[-1, 2])
    return Recording(sample.id, sample.size, text, Trace((piece,)), Trace(), tags, ("mouse",), seconds)


def _edges(region: Region, sample: Sample) -> tuple[float, float, float, float]:
    """Return the box of a region in fractions of the frame, cut off at its edges."""
    edges = np.clip(np.array(region.box.edges) / [*sample.size, *sample.size], 0, 1)
    left, top, right, bottom = np.round(edges, PLACE_DIGITS).tolist()
    return left, top, right, bottom


def _is_box(edges: Iterable[float]) -> bool:
    left, top, right, bottom = edges
    return left < right and top < bottom


def _way(stops: Sequence[Stop]) -> Floats:
    """Return the way over stops, each with the seconds of its rest: rows of x, y and t."""
    knots = [
        (x, y, t) for (x, y, rest), end in zip(stops, _times(stops), strict=True) for t in (end - rest, end)
    ]
    rows = [np.array([knots[0]])]
    for (x0, y0, t0), (x1, y1, t1) in pairwise(knots):
        share = np.linspace(0, 1, max(2, round((t1 - t0) * RATE_HZ) + 1))[1:, np.newaxis]
        eased = share**2 * (3 - 2 * share)
        rows.append(np.hstack([[x0, y0] + eased * [x1 - x0, y1 - y0], t0 + share * (t1 - t0)]))
    digits = (PLACE_DIGITS, PLACE_DIGITS, TIME_DIGITS)
    way = np.concatenate(rows)
    return np.stack([column.round(places) for column, places in zip(way.T, digits, strict=True)], axis=1)


def _times(stops: Sequence[Stop]) -> list[float]:
    """Return when the hand leaves each stop."""
    times = [stops[0][2]]
    for (x0, y0, _), (x1, y1, rest) in pairwise(stops):
        times.append(times[-1] + max(MIN_MOVE_S, np.hypot(x1 - x0, y1 - y0) / SPEED_FRAMES_PER_S) + rest)
    return times


def _arrival(stops: Sequence[Stop]) -> float:
    return round(_times(stops)[-1] - stops[-1][2], TIME_DIGITS)
