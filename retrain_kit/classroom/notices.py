"""Notices: what whoever runs a class reads in the terminal. It cannot be made to flood."""

from __future__ import annotations

import logging
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_NOTICES, NOTICES_S = 20, 60.0
MAX_ALIKE = 3
MAX_CHARS = 2_000
LOGGERS = ("uvicorn.error", "asyncio")
MORE = "{} more notices were left out in the last minute, {} of them like one that was told."


@dataclass
class Notices(logging.Filter):
    """So many a minute, and fewer that are alike; what is beyond them is counted, and the count is told.

    Parameters
    ----------
    tell
        Tells a notice.
    """

    tell: Callable[[str], object]
    clock: Callable[[], float] = time.monotonic
    left_out: int = 0
    _told: Counter[str] = field(default_factory=Counter)
    _start: float = 0.0
    _alike: int = 0
    _out: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self._start = self.clock()

    def __call__(self, words: str) -> None:
        """Tell something, unless much was told in this minute."""
        if self._has_room(words):
            self.tell(words if len(words) <= MAX_CHARS else f"{words[:MAX_CHARS]} …")

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a line of a log may come."""
        return self._has_room(f"{record.name} {record.msg}")

    def _has_room(self, kind: str) -> bool:
        self.tick()
        alike = self._told[kind] >= MAX_ALIKE
        if alike or self._told.total() >= MAX_NOTICES:
            self.left_out += 1
            self._out += 1
            self._alike += alike
            return False
        self._told[kind] += 1
        return True

    def tick(self) -> None:
        """Once a minute is over, tell how many were left out, and begin anew."""
        if self.clock() - self._start < NOTICES_S:
            return
        if self._out:
            self.tell(MORE.format(self._out, self._alike))
        self._told.clear()
        self._start, self._alike, self._out = self.clock(), 0, 0

    @contextmanager
    def over_logs(self) -> Iterator[None]:
        """Hold the server's own logs to it too."""
        logs = [logging.getLogger(name) for name in LOGGERS]
        for log in logs:
            log.addFilter(self)
        try:
            yield
        finally:
            for log in logs:
                log.removeFilter(self)
