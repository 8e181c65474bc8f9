"""Tracks on the wall: all of an image at once, or one at a time, so that they can grow as the hand went.

A track is plain values: where it went in thousandths of the frame, and when. Nothing of the image comes here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.exercises.surfaces import track_figures
from retrain_kit.exercises.surfaces.drawing import click_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from retrain_kit.annotations.recordings import Recording
    from retrain_kit.annotations.traces import Trace
    from retrain_kit.answers import Record

MAX_TRACKS = 36
"""How many tracks of an image are drawn, the latest ones."""
UNITS, STEP_UNITS, MAX_POINTS = 1000, 4.0, 240
"""The longer side of a frame; points nearer to each other than a step are one; so many of a track at most."""
MAX_LETTERS = 400


@dataclass(frozen=True)
class DrawnTrack:
    """A track as it is drawn: `ways` are a piece each of x, y and seconds, `places` are clicks and keys."""

    id: str
    size: tuple[int, int]
    ways: tuple[tuple[tuple[float, ...], ...], ...]
    places: tuple[tuple[float, ...], ...]
    seconds: float
    words: str

    @property
    def wire(self) -> dict[str, Any]:
        """The track as JSON."""
        return {
            "id": self.id,
            "size": self.size,
            "ways": self.ways,
            "places": self.places,
            "seconds": self.seconds,
            "words": self.words,
        }


@dataclass(frozen=True)
class TrackPages:
    """The tracks of an image: all that are drawn on the first page, then each with its description.

    Parameters
    ----------
    total
        How many there are.
    """

    drawn: Sequence[tuple[Record, DrawnTrack]]
    total: int

    @property
    def count(self) -> int:
        """How many pages there are."""
        return 1 + len(self.drawn)

    @property
    def empty(self) -> bool:
        """Whether nobody has left a track."""
        return not self.drawn

    def page(self, number: int) -> dict[str, Any]:
        """Return all tracks, or one."""
        number %= self.count
        shown = self.drawn[number - 1 : number] if number else self.drawn
        text = shown[0][0].text[:MAX_LETTERS] if number else ""
        return {
            "total": self.total,
            "number": number,
            "tracks": [track.wire for _, track in shown],
            "text": text,
            "language": shown[0][0].language if number else "",
        }


def drawn_track(name: str, recording: Recording) -> DrawnTrack:
    """Return a track with few enough points to be drawn by many screens, in the time it took."""
    trace, (width, height) = recording.trace, recording.size
    frame = width * UNITS // max(recording.size), height * UNITS // max(recording.size)
    scale = np.array([*frame, 1.0])
    pieces = [piece * scale for piece in trace.pieces if len(piece)]
    few = max(2, MAX_POINTS // max(1, len(pieces)))
    ways = tuple(_rows(_thinned(piece, few)) for piece in pieces[:MAX_POINTS])
    focus = [piece * scale for piece in recording.focus.pieces if len(piece)]
    looked = np.concatenate([*focus, np.empty((0, 3))])
    clicked = np.array([*_clicks(trace)]).reshape(-1, 3) * scale
    places = _rows(np.concatenate([clicked, looked])[:MAX_POINTS])
    return DrawnTrack(
        name, frame, ways, places, round(recording.seconds, 2), track_figures.track_in_words(trace)
    )


def _clicks(trace: Trace) -> list[tuple[float, float, float]]:
    return [(click.x, click.y, t) for click, t in zip(trace.clicks, click_times(trace), strict=True)]


def _thinned(piece: NDArray[np.float64], few: int) -> NDArray[np.float64]:
    """Return a piece without points that are near the last one kept, and with so many at most."""
    kept = [0]
    for number in range(1, len(piece) - 1):
        if np.hypot(*(piece[number, :2] - piece[kept[-1], :2])) >= STEP_UNITS:
            kept.append(number)
    kept.append(len(piece) - 1)
    chosen = np.unique(np.linspace(0, len(kept) - 1, few).round().astype(int)) if len(kept) > few else kept
    thinned: NDArray[np.float64] = piece[np.array(kept)[chosen] if len(kept) > few else kept]
    return thinned


def _rows(points: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    """Return points with places to a unit and times to a hundredth of a second."""
    return tuple((round(x), round(y), round(t, 2)) for x, y, t in points.tolist())
