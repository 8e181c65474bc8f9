"""FiftyOne's App behind a guard: whoever asks under another name, or from another page, gets nothing.

The App hands out any file of this machine that its user may read, to everybody who reaches its port. A page
from elsewhere reaches it too, in a browser on this machine, where a name is made to lead to 127.0.0.1. So
only what names this machine and comes from its own pages is answered, of files only images and films are
handed out, and a content-security policy tells the App's page to ask no other host.

Run as a program (`python -m retrain_kit.fiftyone.app_guard PORT`), it serves the App on the loopback address
until its standard input ends: so it outlives by no means the program that started it. Where it listens is all
that it writes to its standard output: for port 0 it has taken a free one.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import filetype
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
MEDIA_PATH = "/media"
"""Where the App hands out files."""

_READ_BYTES = 1024
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
        if origin and self._names and _host(origin) not in self._names:
            refusal = PlainTextResponse("Only pages of this machine may ask here.", 403)
            await refusal(scope, receive, send)
            return

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["content-security-policy"] = POLICY
            await send(message)

        await self._app(scope, receive, send_with_policy)


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).hostname
    except ValueError:
        return None


class MediaAlone:
    """Hand out only files that are images or films: other people of this machine reach the port as well.

    Parameters
    ----------
    app
        What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with 403."""
        if scope["type"] == "http" and scope["path"].rstrip("/") == MEDIA_PATH:
            path = QueryParams(scope["query_string"]).get("filepath")
            if path and not await asyncio.to_thread(_is_media, path):
                refusal = PlainTextResponse("Only images and films are handed out here.", 403)
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _is_media(path: str) -> bool:
    """Whether a file begins as an image or a film does; one that is not there is for the App to say."""
    try:
        kind = filetype.guess(path)
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False
    return kind is not None and kind.mime.startswith(("image/", "video/"))


def guard_app(app: ASGIApp, names: Sequence[str] = NAMES) -> ASGIApp:
    """Return an application that answers only this machine's pages, and hands out only images and films."""
    return TrustedHostMiddleware(OwnPagesAlone(MediaAlone(app), names), allowed_hosts=list(names) or ["*"])


def serve(listener: socket.socket) -> None:
    """Serve FiftyOne's App behind the guard, until the standard input ends or a signal ends the program."""
    os.environ["FIFTYONE_SERVER"] = "1"
    from hypercorn.asyncio import serve as run  # noqa: PLC0415 - comes with FiftyOne
    from hypercorn.config import Config  # noqa: PLC0415 - the same

    from retrain_kit.fiftyone import library  # noqa: PLC0415 - slow to load

    port = listener.getsockname()[1]
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    names = () if os.environ.get(HUB_PREFIX_VARIABLE) else NAMES
    app: Any = guard_app(library.app_of_port(port), names)
    ended = threading.Thread(target=_end_with_input, daemon=True)
    ended.start()
    asyncio.run(run(app, config))


def _end_with_input() -> None:
    """Ask this program to end, once nobody holds the other end of its standard input."""
    with suppress(OSError):
        while os.read(sys.stdin.fileno(), _READ_BYTES):
            pass
    os.kill(os.getpid(), signal.SIGTERM)


def _tell(port: int) -> None:
    """Write where this program listens, and nothing after it: nobody reads on."""
    os.write(sys.stdout.fileno(), f"{port}\n".encode())
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    taken = socket.create_server((HOST, int(sys.argv[1])))
    _tell(taken.getsockname()[1])
    serve(taken)
