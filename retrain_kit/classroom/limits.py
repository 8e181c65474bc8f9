"""Limits: how often, and how much at a time. What is beyond them is refused before it is read."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


MAX_REQUEST_BYTES = 128_000
"""Of a request."""
MAX_JSON_DEPTH, MAX_JSON_LISTS, MAX_JSON_PARTS, MAX_JSON_TEXTS = 16, 110_000, 500_000, 100_000
"""How deep arrays and objects stand in each other, how many there are, how many commas, and how many texts: a
recording has one array for each of at most 100,000 points."""
_BRACKETS = re.compile(rb'"[^"\\]*+(?:\\.?[^"\\]*+)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
_STEPS = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}
_MAX_DIGITS = 15
REQUEST_TIMEOUT_S = 30.0
"""How long a request may take to come."""
MAX_REMEMBERED_NAMES = 5_000
"""How many names a limit remembers; those not heard of for longest go first."""


TOO_FAST = marked("That was very fast. Wait a moment, then try again; nothing is lost.")


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
    message
        What is said where none is left.
    """

    burst: float
    per_second: float
    message: str = TOO_FAST
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, name: str, count: float = 1) -> None:
        """Take one, or so many; raise a `RequestRefusedError` where fewer are left."""
        if not self.has_room(name, count):
            raise RequestRefusedError(429, gettext(self.message))
        left, when = self._now(name)
        self._left[name] = left - count, when

    def has_room(self, name: str, count: float = 1) -> bool:
        """Say whether one is left, or so many."""
        return self._now(name)[0] >= count

    def clear(self) -> None:
        """Forget what was taken."""
        self._left.clear()

    def _now(self, name: str) -> tuple[float, float]:
        now = self.clock()
        left, when = self._left.get(name, (self.burst, now))
        self._left[name] = min(self.burst, left + (now - when) * self.per_second), now
        self._left.move_to_end(name)
        while len(self._left) > MAX_REMEMBERED_NAMES:
            self._left.popitem(last=False)
        return self._left[name]


def stated_length(request: Request) -> int | None:
    """Return how many bytes a request says it brings; None where it does not say."""
    stated = request.headers.get("content-length", "")
    return int(stated[:_MAX_DIGITS]) if stated.isascii() and stated.isdigit() else None


async def read_body(request: Request, most: int = MAX_REQUEST_BYTES) -> bytes:
    """Return what a request brings; what is too long is never held.

    Raises
    ------
    RequestRefusedError
        When it is longer than `most` bytes, or too slow.
    """
    if (stated_length(request) or 0) > most:
        raise RequestRefusedError(413, _too_long(most))
    data = bytearray()
    try:
        async with asyncio.timeout(REQUEST_TIMEOUT_S):
            async for part in request.stream():
                data += part
                if len(data) > most:
                    raise RequestRefusedError(413, _too_long(most))
    except ClientDisconnect:
        raise RequestRefusedError(400, gettext("The page has gone; nothing was kept.")) from None
    except TimeoutError:
        raise RequestRefusedError(408, gettext("That took too long; nothing was kept.")) from None
    return bytes(data)


async def read_json(request: Request, most: int = MAX_REQUEST_BYTES) -> dict[str, Any]:
    """Return the JSON object that a request of an ordinary length brings.

    Raises
    ------
    RequestRefusedError
        As `read_body` and `parsed_json`.
    """
    return parsed_json(await read_body(request, most))


def parsed_json(data: bytes) -> dict[str, Any]:
    """Return a JSON object; what is nested more than anything a page sends is not parsed.

    Raises
    ------
    RequestRefusedError
        When it is none, nested too deeply, or of too many parts.
    """
    found = None
    if _is_bounded(data):
        try:
            found = json.loads(data or b"{}")
        except (ValueError, RecursionError):
            found = None
    if not isinstance(found, dict):
        raise RequestRefusedError(400, gettext("That is nothing this page can read."))
    return found


def _is_bounded(data: bytes) -> bool:
    """Say whether arrays and objects are few enough, and not too deep in each other."""
    lists = data.count(b"[") + data.count(b"{")
    texts = data.count(b'"') // 2
    if lists > MAX_JSON_LISTS or data.count(b",") > MAX_JSON_PARTS or texts > MAX_JSON_TEXTS:
        return False
    if lists <= MAX_JSON_DEPTH:
        return True
    depth = 0
    for found in _BRACKETS.finditer(data):
        depth += _STEPS.get(found[0], 0)
        if depth > MAX_JSON_DEPTH:
            return False
    return True


def _too_long(most: int) -> str:
    return gettext(
        "That is too long: more than {size} kB. Say it in fewer words; nothing was kept.",
        size=f"{most // 1000:,}",
    )


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
    origins
        The same with the scheme before, as pages say where they come from.
    """

    app: ASGIApp
    hosts: Collection[str]
    origins: Collection[str]

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
            return JSONResponse({"fault": gettext("This server has another name.")}, 421)
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        own = origin is None or origin.lower() in self.origins
        visit = scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate"
        if not own or not (site in {"same-origin", "none"} or visit):
            return JSONResponse({"fault": gettext("Only this server's own pages may ask that.")}, 403)
        return None
