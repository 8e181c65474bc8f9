"""Cached stores: what many read at once is read from the disk once, until it changes."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING

from retrain_kit.answers import Store

if TYPE_CHECKING:
    from pathlib import Path

    from retrain_kit.answers import Record


class CachedStore(Store):
    """A store that remembers what was read of it, until anything changes, by whichever program."""

    def __init__(self, folder: Path | str) -> None:
        super().__init__(folder)
        self._reading = RLock()
        self._known: dict[tuple[str | None, str | None], tuple[str, list[Record]]] = {}

    def records(
        self, *, study: str | None = None, exercise: str | None = None, who: str | None = None
    ) -> list[Record]:
        """Return what was said, as `Store.records`."""
        if who is not None:
            return super().records(study=study, exercise=exercise, who=who)
        with self._reading:
            stamp = self.stamp
            known = self._known.get((study, exercise))
            if not known or known[0] != stamp:
                known = stamp, super().records(study=study, exercise=exercise)
                self._known[study, exercise] = known
            return list(known[1])

    def forget(self) -> None:
        """Let go of what was read, as when something was withdrawn."""
        with self._reading:
            self._known.clear()
