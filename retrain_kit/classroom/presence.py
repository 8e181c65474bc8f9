"""Presence: who is here now, and how pages hear that something is new.

A page keeps a stream open as long as it is there. Pages are told that something is new, never what: they ask
for it themselves, and are told no more often than they can show it. Nothing waits in memory for anybody.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

ABSENT_S = 20.0
"""After so long without a stream somebody has left."""


@dataclass
class Seat:
    """A page: how many streams it keeps open, who speaks there, and since when it is silent."""

    streams: int = 0
    who: str = ""
    since: float = 0.0


@dataclass(eq=False)
class Bell:
    """What wakes a stream: something is new; and where that is urgent, without a pause."""

    new: asyncio.Event = field(default_factory=asyncio.Event)
    urgent: asyncio.Event = field(default_factory=asyncio.Event)

    async def rest(self, pause_s: float) -> None:
        """Wait so long, unless something is urgent."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.urgent.wait(), pause_s)

    def clear(self) -> None:
        """Take note of what has rung."""
        self.new.clear()
        self.urgent.clear()


@dataclass
class Presence:
    """Who is here; used in the event loop alone."""

    clock: Callable[[], float] = time.monotonic
    seats: dict[str, Seat] = field(default_factory=dict)
    versions: Counter[str] = field(default_factory=Counter)
    closed: bool = False
    _bells: set[Bell] = field(default_factory=set)

    @property
    def count(self) -> int:
        """How many pages are open."""
        return sum(seat.streams > 0 for seat in self.seats.values())

    def streams(self, number: str) -> int:
        """Return how many streams a seat keeps open."""
        return self.seats[number].streams if number in self.seats else 0

    def notify(self, exercise: str = "", *, urgent: bool = False) -> None:
        """Tell all pages that something is new: in an exercise; without one, that somebody came or left.

        What is urgent, as what the teacher does, waits for no pause.
        """
        self.versions[exercise] += 1
        for bell in self._bells:
            bell.new.set()
            if urgent:
                bell.urgent.set()

    def close(self) -> None:
        """End all streams."""
        self.closed = True
        self.notify(urgent=True)

    def note_speaker(self, number: str, who: str) -> str:
        """Note who speaks at a seat; return who spoke there before, where that was somebody else."""
        seat = self.seats.setdefault(number, Seat(since=self.clock()))
        before, seat.who = seat.who, who
        return before if before != who else ""

    @contextmanager
    def present_at(self, number: str) -> Iterator[None]:
        """Be here, at a seat, as long as the block lasts."""
        seat = self.seats.setdefault(number, Seat())
        seat.streams += 1
        self.notify()
        try:
            yield
        finally:
            seat.streams -= 1
            seat.since = self.clock()
            self.notify()

    def take_left(self) -> list[str]:
        """Return who has left since this was asked last; their seats are given up."""
        late = self.clock() - ABSENT_S
        left = {number: seat for number, seat in self.seats.items() if not seat.streams and seat.since < late}
        for number in left:
            del self.seats[number]
        here = {seat.who for seat in self.seats.values()}
        return [seat.who for seat in left.values() if seat.who and seat.who not in here]

    async def changes(self, pause_s: float, each_s: float = 0) -> AsyncIterator[Mapping[str, int]]:
        """Yield a version by exercise at once, and whenever something is new.

        At most every `pause_s` seconds, and the more are here the more rarely: `each_s` for each of them.
        """
        bell = Bell()
        self._bells.add(bell)
        try:
            while not self.closed:
                bell.clear()
                yield dict(self.versions)
                await bell.rest(max(pause_s, each_s * self.count))
                await bell.new.wait()
        finally:
            self._bells.discard(bell)
