"""Limits: how often, and how much at a time. What is beyond them is refused before it is read."""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


MAX_REQUEST_BYTES = 128_000
"""Of a request."""
REQUEST_TIMEOUT_S = 30.0
"""How long a request may take to come."""
MAX_REMEMBERED_NAMES = 5_000
"""How many names a limit remembers; those not heard of for longest go first."""


class RequestRefusedError(Exception):
    """A request that is refused; `status` is HTTP's, `message` is for the person."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass
class RateLimit:
    """So many at once, and then so many a second, by name.

    Parameters
    ----------
    burst
        How many at once.
    per_second
        How fast they come back.
    """

    burst: float
    per_second: float
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, name: str) -> None:
        """Take one; raise a `RequestRefusedError` where none is left."""
        if not self.has_room(name):
            raise RequestRefusedError(
                429, "That was very fast. Wait a moment, then try again; nothing is lost."
            )
        left, when = self._now(name)
        self._left[name] = left - 1, when

    def has_room(self, name: str) -> bool:
        """Say whether one is left."""
        return self._now(name)[0] >= 1

    def _now(self, name: str) -> tuple[float, float]:
        now = self.clock()
        left, when = self._left.get(name, (self.burst, now))
        self._left[name] = min(self.burst, left + (now - when) * self.per_second), now
        self._left.move_to_end(name)
        while len(self._left) > MAX_REMEMBERED_NAMES:
            self._left.popitem(last=False)
        return self._left[name]


async def read_json(request: Request, most: int = MAX_REQUEST_BYTES) -> dict[str, Any]:
    """Return the JSON object that a request brings; what is too long is never held.

    Raises
    ------
    RequestRefusedError
        When it is longer than `most` bytes, too slow, or no object.
    """
    if int(request.headers.get("content-length", 0)) > most:
        raise RequestRefusedError(413, _too_long(most))
    data = bytearray()
    try:
        async with asyncio.timeout(REQUEST_TIMEOUT_S):
            async for part in request.stream():
                data += part
                if len(data) > most:
                    raise RequestRefusedError(413, _too_long(most))
        found = json.loads(data or b"{}")
    except ClientDisconnect:
        raise RequestRefusedError(400, "The page has gone; nothing was kept.") from None
    except TimeoutError:
        raise RequestRefusedError(408, "That took too long; nothing was kept.") from None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise RequestRefusedError(400, "That is nothing this page can read.")
    return found


def _too_long(most: int) -> str:
    return f"That is too long: more than {most // 1000:,} kB. Say it in fewer words; nothing was kept."


# -- guards: which requests come in at all, and what every answer says to the browser.


CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cache-Control": "no-store",
}
"""Headers of every answer."""


@dataclass(frozen=True)
class RequestGuard:
    """The guard of an application.

    Parameters
    ----------
    app
        What it guards.
    hosts
        The names and ports under which this server is reached, as `127.0.0.1:8000`.
    scheme
        `http` or `https`.
    """

    app: ASGIApp
    hosts: Collection[str]
    scheme: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a stranger's request; add the headers to every answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        refused = self._refused(Headers(scope=scope), scope)
        await (refused or self.app)(scope, receive, sealed)

    def _refused(self, headers: Headers, scope: Scope) -> ASGIApp | None:
        if headers.get("host", "").lower() not in self.hosts:
            return JSONResponse({"fault": "This server has another name."}, 421)
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        own = origin is None or origin.lower() in {f"{self.scheme}://{host}" for host in self.hosts}
        visit = scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate"
        if not own or not (site in {"same-origin", "none"} or visit):
            return JSONResponse({"fault": "Only this server's own pages may ask that."}, 403)
        return None
