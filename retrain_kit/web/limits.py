"""Limits: how often, and how much at a time. What is beyond them is refused before it is read."""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

MOST_BYTES = 128_000
"""Of a request."""
PATIENCE_S = 30.0
"""How long a request may take to come."""
MOST_NAMES = 5_000
"""How many names a limit remembers; those not heard of for longest go first."""


class RefusedError(Exception):
    """A request that is refused; `status` is HTTP's, `told` is for the person."""

    def __init__(self, status: int, told: str) -> None:
        super().__init__(told)
        self.status = status
        self.told = told


@dataclass
class Limit:
    """So many at once, and then so many a second, by name.

    Parameters
    ----------
    most
        How many at once.
    per_second
        How fast they come back.
    """

    most: float
    per_second: float
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, name: str) -> None:
        """Take one; raise a `RefusedError` where none is left."""
        if not self.open(name):
            raise RefusedError(429, "That was very fast. Wait a moment, then try again; nothing is lost.")
        left, when = self._now(name)
        self._left[name] = left - 1, when

    def open(self, name: str) -> bool:
        """Say whether one is left."""
        return self._now(name)[0] >= 1

    def _now(self, name: str) -> tuple[float, float]:
        now = self.clock()
        left, when = self._left.get(name, (self.most, now))
        self._left[name] = min(self.most, left + (now - when) * self.per_second), now
        self._left.move_to_end(name)
        while len(self._left) > MOST_NAMES:
            self._left.popitem(last=False)
        return self._left[name]


async def read(request: Request, most: int = MOST_BYTES) -> dict[str, Any]:
    """Return the JSON object that a request brings; what is too long is never held.

    Raises
    ------
    RefusedError
        When it is longer than `most` bytes, too slow, or no object.
    """
    if int(request.headers.get("content-length", 0)) > most:
        raise RefusedError(413, _too_long(most))
    data = bytearray()
    try:
        async with asyncio.timeout(PATIENCE_S):
            async for part in request.stream():
                data += part
                if len(data) > most:
                    raise RefusedError(413, _too_long(most))
        found = json.loads(data or b"{}")
    except ClientDisconnect:
        raise RefusedError(400, "The page has gone; nothing was kept.") from None
    except TimeoutError:
        raise RefusedError(408, "That took too long; nothing was kept.") from None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise RefusedError(400, "That is nothing this page can read.")
    return found


def _too_long(most: int) -> str:
    return f"That is too long: more than {most // 1000:,} kB. Say it in fewer words; nothing was kept."
