"""FiftyOne's App behind a guard: whoever asks under another name, or from another page, gets nothing.

The App hands out any file of this machine that its user may read, to everybody who reaches its port. A page
from elsewhere reaches it too, in a browser on this machine, where a name is made to lead to 127.0.0.1. So
only what names this machine and comes from its own pages is answered, and a content-security policy tells the
App's page to ask no other host.

Run as a program (`python -m retrain_kit.fiftyone.app_guard PORT`), it serves the App on the loopback address.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
HUB_PREFIX_VARIABLE = "JUPYTERHUB_SERVICE_PREFIX"
POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; form-action 'self'"
"""The App's page may ask its own server alone: no typeface, no script and no image from elsewhere."""


class OwnPagesAlone:
    """Refuse what comes from another site's page, and give every answer the policy.

    Parameters
    ----------
    app
        What answers.
    names
        The hosts whose pages may ask; where there are none, all may: a hub's proxy has asked who is there.
    """

    def __init__(self, app: ASGIApp, names: Sequence[str] = NAMES) -> None:
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with 403."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin")
        if origin and self._names and urlsplit(origin).hostname not in self._names:
            refusal = PlainTextResponse("Only pages of this machine may ask here.", 403)
            await refusal(scope, receive, send)
            return

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["content-security-policy"] = POLICY
            await send(message)

        await self._app(scope, receive, send_with_policy)


def guard_app(app: ASGIApp, names: Sequence[str] = NAMES) -> ASGIApp:
    """Return an application that answers only what names this machine and comes from its pages."""
    return TrustedHostMiddleware(OwnPagesAlone(app, names), allowed_hosts=list(names) or ["*"])


def serve(port: int) -> None:
    """Serve FiftyOne's App behind the guard until the program is ended."""
    os.environ["FIFTYONE_SERVER"] = "1"
    from hypercorn.asyncio import serve as run  # noqa: PLC0415 - comes with FiftyOne
    from hypercorn.config import Config  # noqa: PLC0415 - the same

    from retrain_kit.fiftyone import library  # noqa: PLC0415 - slow to load

    config = Config()
    config.bind = [f"{HOST}:{port}"]
    names = () if os.environ.get(HUB_PREFIX_VARIABLE) else NAMES
    app: Any = guard_app(library.app_of_port(port), names)
    asyncio.run(run(app, config))


if __name__ == "__main__":
    serve(int(sys.argv[1]))
