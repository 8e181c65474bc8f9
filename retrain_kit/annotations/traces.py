"""Traces: where a hand was, and when, with nothing of what it was on.

Places are fractions of the frame, from its top left: (0, 0) and (1, 1) are its corners, whatever its size.
Times are seconds from the start of a recording. Nothing here knows an image.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from retrain_kit.annotations.samples import Click, Region, Sample, Size

    Floats = NDArray[np.float64]

MARGIN = 0.5
"""How far beyond the frame a place may lie, as a fraction of it; numbers farther out are hardly fractions."""

NARRATIVE_TRACE, EXTREME_CLICKS, CORRECTIVE_CLICKS = (
    "narrative",
    "clicks that span a box",
    "corrective clicks",
)

_AXES = 3


@dataclass(frozen=True)
class TimedClick:
    """A click: where, when (None where the source does not say), and what it said, as in `samples.Click`."""

    x: float
    y: float
    t: float | None = None
    on: bool | None = None


@dataclass(frozen=True, eq=False)
class Trace:
    """The ways of a pointer, and its clicks.

    Parameters
    ----------
    pieces
        One a time the pointer came back: float64 (points, 3), the columns x, y and t. A piece may be empty.
        Between two points the pointer went straight and at one speed, as far as anybody knows.
    clicks
        Its clicks, in the source's order. Clicks alone have no way between them: none is drawn.

    Raises
    ------
    DataError
        With all that is wrong: a place or time that is no finite number, a place more than `MARGIN` beyond
        the frame, a time before the one that precedes it in its piece.
    """

    pieces: tuple[Floats, ...] = ()
    clicks: tuple[TimedClick, ...] = ()

    def __post_init__(self) -> None:
        faults: list[Fault] = []
        pieces = [_piece(piece, f"piece {place}", faults) for place, piece in enumerate(self.pieces, start=1)]
        for number, click in enumerate(self.clicks, start=1):
            row = [click.x, click.y, 0 if click.t is None else click.t]
            _check(np.array([row], dtype=np.float64), f"click {number}", faults)
        if faults:
            raise DataError(*faults)
        object.__setattr__(self, "pieces", tuple(pieces))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trace):
            return NotImplemented
        return self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[object, ...]:
        return (self.clicks, *(piece.tobytes() for piece in self.pieces))

    @cached_property
    def points(self) -> Floats:
        """All points of all pieces, float64 (points, 3)."""
        return np.concatenate([np.empty((0, _AXES)), *self.pieces])

    @cached_property
    def segments(self) -> Floats:
        """What lies between two points of a piece, float64 (segments, 5): x, y, x, y and its seconds."""
        parts = [np.hstack([a[:, :2], b[:, :2], b[:, 2:] - a[:, 2:]]) for a, b in self._steps()]
        return np.concatenate([np.empty((0, 5)), *parts])

    @property
    def seconds(self) -> float:
        """How long the pointer was there, all pieces together; the time between pieces does not count."""
        return float(self.segments[:, 4].sum())

    @property
    def span(self) -> tuple[float, float] | None:
        """The first and the last time that the trace tells; None where it tells none."""
        times = [*self.points[:, 2], *(click.t for click in self.clicks if click.t is not None)]
        return (float(min(times)), float(max(times))) if times else None

    def _steps(self) -> Iterator[tuple[Floats, Floats]]:
        return ((piece[:-1], piece[1:]) for piece in self.pieces)


@dataclass(frozen=True)
class SourceTrace:
    """A trace that a data set already holds.

    Parameters
    ----------
    kind
        `NARRATIVE_TRACE`, `EXTREME_CLICKS` or `CORRECTIVE_CLICKS`.
    name
        The annotator's number of a narrative, as the source gives it: a pseudonym; of clicks the id of the
        region they made.
    """

    trace: Trace
    kind: str
    name: str


def from_records(pieces: Iterable[Iterable[Mapping[str, Any]]]) -> Trace:
    """Return the trace that the `traces` of a line of Localized Narratives tell."""
    return Trace(tuple(_array([[place[axis] for axis in "xyt"] for place in piece]) for piece in pieces))


def from_clicks(clicks: Iterable[Click], size: Size) -> Trace:
    """Return the clicks of a region, in pixels of a frame of this size, as a trace: places without times."""
    width, height = size
    return Trace(
        clicks=tuple(TimedClick(click.x / width, click.y / height, None, click.on) for click in clicks)
    )


def source_traces(sample: Sample) -> list[SourceTrace]:
    """Return every trace that a sample already holds: its narratives', then its regions' clicks.

    Whether a narrative's places are those of the stored or of the upright image is not said; they are taken
    as they are.
    """
    spoken = [
        SourceTrace(from_records(record["traces"]), NARRATIVE_TRACE, str(record["annotator_id"]))
        for record in sample.said.get("localized_narratives") or ()
        if record.get("traces") is not None
    ]
    clicked = [
        SourceTrace(from_clicks(region.clicks, sample.size), _kind(region), region.id)
        for region in sample.regions
        if region.clicks
    ]
    return [*spoken, *clicked]


def _kind(region: Region) -> str:
    return EXTREME_CLICKS if all(click.on is None for click in region.clicks) else CORRECTIVE_CLICKS


def _array(rows: Sequence[Sequence[float]]) -> Floats:
    return np.array(rows, dtype=np.float64).reshape(len(rows), _AXES)


def _piece(piece: ArrayLike, where: str, faults: list[Fault]) -> Floats:
    """Return the piece as an array that nobody can change; list what is wrong with it."""
    try:
        points = np.array(piece, dtype=np.float64) + 0.0
    except (TypeError, ValueError):
        points = np.empty(0)
    if points.ndim != 2 or points.shape[1] != _AXES:  # noqa: PLR2004 - rows and columns
        faults.append(Fault(f"trace, {where}", "no rows of three numbers", "x, y and t of each point"))
        return np.empty((0, _AXES))
    points.flags.writeable = False
    _check(points, where, faults)
    return points


def _check(points: Floats, where: str, faults: list[Fault]) -> None:
    """List the first point of each kind that is wrong."""
    finite = np.isfinite(points).all(axis=1)
    beyond = finite & (abs(points[:, :2] - 0.5) > 0.5 + MARGIN).any(axis=1)
    back = np.zeros(len(points), dtype=bool)
    back[1:] = np.diff(points[:, 2]) < 0
    wrongs = (
        (~finite, "finite numbers"),
        (beyond, f"fractions of the frame, at most {MARGIN:g} beyond it"),
        (back, "a time no earlier than that of the point before"),
    )
    for wrong, expected in wrongs:
        for place in np.flatnonzero(wrong)[:1]:
            x, y, t = points[place]
            found = f"x {x:g}, y {y:g}, t {t:g}"
            more = int(wrong.sum()) - 1
            do = f"{more} more like it." if more else ""
            faults.append(Fault(f"trace, {where}, point {place + 1}", found, expected, do))
