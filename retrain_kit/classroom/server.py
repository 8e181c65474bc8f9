"""The server: a class on an address of this machine, until it is ended."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import uvicorn

from retrain_kit.classroom.app import application
from retrain_kit.classroom.connections import ClassProtocol, raise_file_limit
from retrain_kit.classroom.doorstep import Doorstep
from retrain_kit.classroom.unencrypted import unencrypted_application

if TYPE_CHECKING:
    import asyncio
    import socket
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from retrain_kit.classroom.classroom import Classroom
    from retrain_kit.classroom.endpoint import ClassEndpoint

SHUTDOWN_TIMEOUT_S, KEEP_ALIVE_S = 5, 60
_TICKS_A_SECOND = 10


class ClassServer(uvicorn.Server):
    """A server of a class: it ends the streams before it waits for others, and says when it is done."""

    def __init__(self, classroom: Classroom, endpoint: ClassEndpoint, done: Callable[[], object]) -> None:
        self._classroom = classroom
        self._endpoint = endpoint
        self._done = done
        self._doorstep: Doorstep | None = None
        classroom.connections = endpoint.listener.connections
        super().__init__(_config(classroom, endpoint, application(classroom, endpoint)))
        classroom.stop = self.end

    def end(self) -> None:
        """Begin to end, as Ctrl-C does."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take connections; where they are encrypted, also those that ask for that in the open."""
        if not self.config.ssl:
            await super().startup(sockets)
            return
        unencrypted = unencrypted_application(self._classroom, self._endpoint)
        plain = _config(self._classroom, self._endpoint, unencrypted, is_encrypted=False)
        plain.load()
        doorstep = Doorstep(
            self._endpoint.listener,
            self.config.ssl,
            partial(self._protocol, self.config),
            partial(self._protocol, plain),
        )
        try:
            doorstep.open()
        except NotImplementedError:  # That of Windows: what is not encrypted is refused there.
            await super().startup(sockets)
            return
        self._doorstep = doorstep
        await super().startup([])

    async def on_tick(self, counter: int) -> bool:
        """End the connections that take too long, once a second."""
        if counter % _TICKS_A_SECOND == 0:
            self._classroom.connections.sweep()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End streams, then finish what was begun."""
        if self._doorstep:
            self._doorstep.close()
        self._classroom.presence.close()
        await super().shutdown(sockets)
        self._done()

    def _protocol(self, config: uvicorn.Config) -> asyncio.Protocol:
        made: asyncio.Protocol = config.http_protocol_class(  # type: ignore[call-arg] # HTTP's
            config=config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made


def serve_class(classroom: Classroom, endpoint: ClassEndpoint, done: Callable[[], object]) -> None:
    """Serve a class until it is ended, as with Ctrl-C; then call `done`."""
    endpoint.listener.connections.most = raise_file_limit()
    ClassServer(classroom, endpoint, done).run(sockets=[endpoint.listener])


def _config(
    classroom: Classroom, endpoint: ClassEndpoint, app: ASGIApp, *, is_encrypted: bool = True
) -> uvicorn.Config:
    path = str(endpoint.certificate.path) if endpoint.certificate and is_encrypted else None
    return uvicorn.Config(
        app,
        http=type("Protocol", (ClassProtocol,), {"held": classroom.connections}),
        ws="none",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT_S,
        ssl_certfile=path,
        ssl_keyfile=path,
    )
