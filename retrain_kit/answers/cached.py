"""Cached stores: what many read at once is read from the disk once, and of what is added, only that."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import product
from operator import attrgetter
from threading import RLock
from typing import TYPE_CHECKING

from retrain_kit.answers import Store
from retrain_kit.answers.entries import ANSWER, FOOTNOTE, LogEntry, record_of

if TYPE_CHECKING:
    from pathlib import Path

    from retrain_kit.answers import Record
    from retrain_kit.answers.index import AddedLines

    Asked = tuple[str | None, str | None, str | None]


class CachedStore(Store):
    """A store that remembers what was read of it, and reads what is added, by whichever program."""

    def __init__(self, folder: Path | str) -> None:
        super().__init__(folder)
        self._reading = RLock()
        self._known: AddedLines | None = None
        self._views = _Views()

    def records(
        self, *, study: str | None = None, exercise: str | None = None, who: str | None = None
    ) -> list[Record]:
        """Return what was said, as `Store.records`."""
        with self._reading:
            self._catch_up()
            return self._views.records((study, exercise, who))

    def tally(self, study: str, exercise: str) -> tuple[int, int]:
        """Return how many answers there are, and how many of them are refusals, as `Store.tally`."""
        with self._reading:
            self._catch_up()
            return self._views.tally((study, exercise, None))

    def arrivals(self, known: Arrivals | None) -> Arrivals:
        """Return the records that came since some arrivals; all there are, where anything of them is gone.

        They come as they came here, in no order; one that has a new footnote comes again.
        """
        with self._reading:
            self._catch_up()
            source = self._views.arrived
            start = known.end if known and known.source is source else 0
            return Arrivals(source, start, len(source))

    def forget(self) -> None:
        """Let go of what was read, as when something was withdrawn."""
        with self._reading:
            self._known, self._views = None, _Views()

    def _catch_up(self) -> None:
        with self._folder.reading() as index:
            added = index.added_since(self._known)
        if not added.start:
            self._views = _Views()
        for entry in added.entries:
            self._views.add(entry)
        self._known = added


@dataclass(frozen=True)
class Arrivals:
    """Records that came to a store, from `start` to `end` of all; from 0, where it was read anew."""

    source: list[Record] = field(repr=False)
    start: int
    end: int

    @property
    def records(self) -> list[Record]:
        """The records."""
        return self.source[self.start : self.end]


@dataclass(frozen=True)
class _Placed:
    """A record at its place: by the time, then by the id."""

    at: tuple[str, str, bytes]
    record: Record = field(compare=False)

    @classmethod
    def of(cls, entry: LogEntry, notes: list[LogEntry]) -> _Placed:
        record = record_of(entry, notes)
        return cls((record.when, record.id, entry.line), record)


_AT = attrgetter("at")


class _Views:
    """Records in order, by study, exercise and author, or any of these."""

    def __init__(self) -> None:
        self._views: dict[Asked, list[_Placed]] = defaultdict(list)
        self._answers: dict[str, list[LogEntry]] = defaultdict(list)
        self._notes: dict[str, list[LogEntry]] = defaultdict(list)
        self.arrived: list[Record] = []
        self._refusals: Counter[Asked] = Counter()

    def records(self, asked: Asked) -> list[Record]:
        """Return the records of a view."""
        return [placed.record for placed in self._views.get(asked, ())]

    def tally(self, asked: Asked) -> tuple[int, int]:
        """Return how many records a view has, and how many of them are refusals."""
        return len(self._views.get(asked, ())), self._refusals[asked]

    def add(self, entry: LogEntry) -> None:
        """Add an answer at its place; a footnote, to what it is of. Withdrawals are none of both."""
        if entry.kind == ANSWER:
            line = LogEntry(entry.line)
            self._answers[entry.id].append(line)
            self._put(_Placed.of(entry, self._notes.get(entry.id, [])), new=True)
        elif entry.kind == FOOTNOTE:
            self._notes[entry.target].append(LogEntry(entry.line))
            for answer in self._answers.get(entry.target, ()):
                self._put(_Placed.of(LogEntry(answer.line), self._notes[entry.target]), new=False)

    def _put(self, placed: _Placed, *, new: bool) -> None:
        self.arrived.append(placed.record)
        study, exercise, who = placed.record.asked.study, placed.record.asked.exercise, placed.record.who
        for asked in product((study, None), (exercise, None), (who, None)):
            view = self._views[asked]
            if new:
                insort(view, placed, key=_AT)
                self._refusals[asked] += bool(placed.record.refusal)
            else:
                view[bisect_left(view, placed.at, key=_AT)] = placed
