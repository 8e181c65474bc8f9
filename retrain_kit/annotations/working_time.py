"""Working time: how long somebody was at a piece of work, by one rule that is said to them.

A *moment* is that somebody did something: a pointer moved, a key was pressed. The time up to a moment belongs
to the piece that the moment is about, so that looking for a thing belongs to its box. A pause of at most
`IDLE_AFTER_S` is active; a longer one is idle, and idle from its start. While the page is hidden, or another
image is shown, time is neither: it is away. Nothing else is known of anybody, and nobody's time is compared.

>>> moments = [Moment(0, ACT, "1"), Moment(4, ACT, "1"), Moment(30, ACT, "1")]
>>> spent_by_piece(moments)["1"]
Spent(active_s=4, idle_s=26, away_s=0)
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

IDLE_AFTER_S = 10.0
ACT, HIDE, SHOW = MOMENT_KINDS = ("act", "hide", "show")
"""Somebody did something; the page went out of sight; it came back."""


@dataclass(frozen=True)
class Moment:
    """Something that happened.

    Parameters
    ----------
    t
        In seconds, by a clock that never goes back.
    kind
        One of `MOMENT_KINDS`.
    about
        The piece of work that it is about.
    """

    t: float
    kind: str = ACT
    about: str = ""


@dataclass(frozen=True)
class Spent:
    """How long a piece of work took, in seconds: active, idle, and away from it."""

    active_s: float = 0
    idle_s: float = 0
    away_s: float = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.active_s + other.active_s, self.idle_s + other.idle_s, self.away_s + other.away_s)

    @property
    def whole_s(self) -> float:
        """All of it, by the clock."""
        return self.active_s + self.idle_s + self.away_s


def spent_by_piece(moments: Sequence[Moment], idle_after_s: float = IDLE_AFTER_S) -> dict[str, Spent]:
    """Return how long each piece of work took; the first moment is where the clock begins.

    Parameters
    ----------
    moments
        In the order of time. Several may have one time.
    idle_after_s
        The longest pause that is active.

    Raises
    ------
    ParameterError
        When the clock goes back, a time is no number, or the pause is none.
    """
    _check(moments, idle_after_s)
    found: defaultdict[str, Spent] = defaultdict(Spent)
    hidden = False
    for earlier, later in pairwise(moments):
        hidden = earlier.kind == HIDE or (hidden and earlier.kind != SHOW)
        found[later.about] += _spent(later.t - earlier.t, idle_after_s, hidden=hidden)
    return dict(found)


def total_spent(parts: Iterable[Spent]) -> Spent:
    """Return all of it together."""
    return sum(parts, Spent())


def _spent(pause_s: float, idle_after_s: float, *, hidden: bool) -> Spent:
    if hidden:
        return Spent(away_s=pause_s)
    return Spent(active_s=pause_s) if pause_s <= idle_after_s else Spent(idle_s=pause_s)


def _check(moments: Sequence[Moment], idle_after_s: float) -> None:
    faults = []
    if not 0 < idle_after_s < math.inf:
        faults.append(Fault("idle_after_s", f"{idle_after_s:g}", "seconds, more than 0"))
    if not all(math.isfinite(moment.t) for moment in moments):
        faults.append(Fault("moments", "a time that is no number", "times in seconds"))
    elif any(later.t < earlier.t for earlier, later in pairwise(moments)):
        faults.append(Fault("moments", "a clock that goes back", "moments in the order of time"))
    if faults:
        raise ParameterError(*faults)
