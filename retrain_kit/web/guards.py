"""Guards: which requests come in at all, and what every answer says to the browser.

Pages of other sites get nothing: their `Origin` is refused, and so is any name for this server but its own,
so that no name that is made to point here (DNS rebinding) opens it. Answers allow nothing from elsewhere, and
no script or style but this server's own files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
SAID = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cache-Control": "no-store",
}
"""Headers of every answer."""


@dataclass(frozen=True)
class Guard:
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
                MutableHeaders(scope=message).update(SAID)
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
