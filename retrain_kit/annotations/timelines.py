"""Timelines: the annotations of one image as they were drawn, or would have been, point by point.

A timeline holds no image, and nothing that leads to one. Times are intervals: each drawing took between
`low_s` and `high_s` seconds, and is played at one of the two ends. Places are pixels of the upright image, as
in `samples`; they may lie beyond it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Size

    Floats = NDArray[np.float64]

End = Literal["least", "most"]
"""Which end of the published seconds is played."""
ENDS: tuple[End, ...] = ("least", "most")
StrokeKind = Literal["loop", "line", "click", "yes", "no"]
"""A closed outline, an open way, or clicks: on an edge or a point, on the thing, and beside it."""
MARKS = ("click", "yes", "no")
"""The kinds of strokes that are points with nothing between them."""


@dataclass(frozen=True, eq=False)
class Stroke:
    """Points in the order in which they appear.

    Parameters
    ----------
    points
        float64 (points, 3): x and y in pixels, and after which share of its drawing's time each appears, from
        0 to 1, never less than that of the point before.
    kind
        What they are. A loop is closed when its drawing is done.
    """

    points: Floats
    kind: StrokeKind = "loop"


@dataclass(frozen=True, eq=False)
class Drawing:
    """One annotation that has a place in the image.

    Parameters
    ----------
    strokes
        What is drawn, in this order.
    label
        Its word; empty where it has none.
    annotator, source
        The word for who or what made it, as it may be shown, and the name of its annotation source.
    work
        Which work it was, as the ledger calls it.
    low_s, high_s
        Between how many seconds and how many it took.
    timed
        Whether anybody has published such times, or the data themselves have them: if not, both ends are 0.
    recorded
        Whether the seconds are the data's own.
    ordered
        Whether the order of its points is the data's own.
    supposed
        Whether a machine made it, and the seconds are those that a hand would have needed: nobody's time.
    start_s
        When it began, where the data say so; None where it begins as the one before it ends.
    """

    strokes: tuple[Stroke, ...]
    label: str = ""
    annotator: str = ""
    source: str = ""
    work: str = ""
    low_s: float = 0.0
    high_s: float = 0.0
    timed: bool = False
    recorded: bool = False
    ordered: bool = False
    supposed: bool = False
    start_s: float | None = None

    @property
    def points(self) -> Floats:
        """The points of all strokes, float64 (points, 3), as strokes have them."""
        return np.concatenate([np.empty((0, 3)), *(stroke.points for stroke in self.strokes)])

    def seconds(self, end: End) -> float:
        """Return how long it takes when this end is played."""
        return self.low_s if end == "least" else self.high_s


@dataclass(frozen=True, eq=False)
class Timeline:
    """The drawings of an image in the order in which they appear.

    Parameters
    ----------
    image
        The id of the image.
    size
        Width and height of the upright image, in pixels.
    drawings
        Its annotations that have a place in it.
    rule
        By which rule they come in this order, in words.
    ordered
        Whether this order is the data's own.
    left_out
        How many annotations are not drawn, by the reason.
    """

    image: str
    size: Size
    drawings: tuple[Drawing, ...] = ()
    rule: str = ""
    ordered: bool = False
    left_out: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def _seconds(self) -> dict[str, Floats]:
        ends: tuple[End, ...] = ENDS
        return {
            end: np.array([each.seconds(end) for each in self.drawings], dtype=np.float64) for end in ends
        }

    def seconds(self, end: End) -> Floats:
        """Return how long each drawing takes, float64 (drawings,).

        Raises
        ------
        ParameterError
            When there is no such end.
        """
        if end not in ENDS:
            raise ParameterError(Fault("end", repr(end), f"one of {', '.join(ENDS)}"))
        return self._seconds[end]

    def starts(self, end: End) -> Floats:
        """Return the second at which each drawing begins, float64 (drawings,)."""
        seconds = self.seconds(end)
        starts = np.cumsum(seconds) - seconds
        own = [(place, each.start_s) for place, each in enumerate(self.drawings) if each.start_s is not None]
        for place, start in own:
            starts[place] = start
        return starts

    def end_s(self, end: End) -> float:
        """Return the second at which all is drawn."""
        return float((self.starts(end) + self.seconds(end)).max(initial=0))

    @property
    def untimed(self) -> int:
        """How many drawings nobody has published a time for: they appear at once, and the clock stands."""
        return sum(not each.timed for each in self.drawings)

    @property
    def supposed(self) -> int:
        """How many drawings a machine made that are played as if a hand had."""
        return sum(each.supposed for each in self.drawings)
