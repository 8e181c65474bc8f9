"""The server: a class on an address of this machine, until it is ended."""

from __future__ import annotations

import errno
import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from retrain_kit.classroom import networks
from retrain_kit.classroom.app import application
from retrain_kit.classroom.connections import ClassListener, ClassProtocol, Connections, raise_file_limit
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from retrain_kit.classroom.classroom import Classroom
    from retrain_kit.classroom.networks import Address, Certificate

BACKLOG = 2048
SHUTDOWN_TIMEOUT_S, KEEP_ALIVE_S = 5, 60
_TICKS_A_SECOND = 10
_BUSY = {errno.EADDRINUSE: "in use", errno.EACCES: "not allowed", errno.EADDRNOTAVAIL: "not of this machine"}


@dataclass(frozen=True)
class ClassEndpoint:
    """Where a class is.

    Parameters
    ----------
    listener
        The socket, which takes nothing yet.
    addresses
        Those under which it is reached.
    certificate
        What it is encrypted with; None where only this machine reaches it.
    """

    listener: ClassListener
    addresses: tuple[Address, ...]
    certificate: Certificate | None

    @property
    def scheme(self) -> str:
        """`https` beyond this machine, else `http`."""
        return "https" if self.certificate else "http"

    @property
    def port(self) -> int:
        """The port."""
        return int(self.listener.getsockname()[1])

    @property
    def link(self) -> str:
        """The address of the class's page, as others reach it where they can."""
        first = next((each for each in self.addresses if not each.is_local), self.addresses[0])
        return f"{self.scheme}://{first.ip}:{self.port}/"

    @property
    def hosts(self) -> frozenset[str]:
        """The names and ports under which browsers may ask for it."""
        names = {each.ip for each in self.addresses}
        if any(each.is_local for each in self.addresses):
            names |= {*networks.LOOPBACK_NAMES}
        return frozenset(f"{name}:{self.port}" for name in names)


def open_endpoint(host: str, port: int, folder: Path) -> ClassEndpoint:
    """Return where a class on a host and a port is; port 0 takes any that is free.

    Raises
    ------
    ParameterError
        When this machine has no such address, or the port is taken.
    DataError
        When no certificate can be written.
    """
    addresses = tuple(networks.reached_addresses(host))
    names = tuple(dict.fromkeys([*(each.ip for each in addresses), *networks.LOOPBACK_NAMES]))
    try:
        listener = socket.create_server(("127.0.0.1" if host == "localhost" else host, port), backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None)
        found = f"{port}, {_BUSY.get(number or 0, os.strerror(number) if number else 'no port')}"
        raise ParameterError(Fault("port", found, "a free one", "Choose another with --port.")) from None
    # Without it every second answer to a page waits 40 ms; those that it accepts take it from the listener.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    alone = networks.only_this_machine(list(addresses))
    certificate = None if alone else networks.class_certificate(folder, names)
    return ClassEndpoint(ClassListener(listener, Connections()), addresses, certificate)


class ClassServer(uvicorn.Server):
    """A server of a class: it ends the streams before it waits for others, and says when it is done."""

    def __init__(self, classroom: Classroom, endpoint: ClassEndpoint, done: Callable[[], object]) -> None:
        self._classroom = classroom
        self._done = done
        classroom.connections = endpoint.listener.connections
        super().__init__(_config(classroom, endpoint))
        classroom.stop = self.end

    def end(self) -> None:
        """Begin to end, as Ctrl-C does."""
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """End the connections that take too long, once a second."""
        if counter % _TICKS_A_SECOND == 0:
            self._classroom.connections.sweep()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End streams, then finish what was begun."""
        self._classroom.presence.close()
        await super().shutdown(sockets)
        self._done()


def serve_class(classroom: Classroom, endpoint: ClassEndpoint, done: Callable[[], object]) -> None:
    """Serve a class until it is ended, as with Ctrl-C; then call `done`."""
    endpoint.listener.connections.most = raise_file_limit()
    ClassServer(classroom, endpoint, done).run(sockets=[endpoint.listener])


def _config(classroom: Classroom, endpoint: ClassEndpoint) -> uvicorn.Config:
    path = str(endpoint.certificate.path) if endpoint.certificate else None
    return uvicorn.Config(
        application(classroom, endpoint.link, endpoint.hosts, endpoint.scheme),
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
