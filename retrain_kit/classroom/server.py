"""Serving: a class on an address of this machine, until it is ended."""

from __future__ import annotations

import errno
import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from retrain_kit.classroom import networks
from retrain_kit.classroom.app import application
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from retrain_kit.classroom.classroom import Desk
    from retrain_kit.classroom.networks import Address, Certificate

BACKLOG = 2048
PATIENCE_S, KEEP_S = 5, 60
_BUSY = {errno.EADDRINUSE: "in use", errno.EACCES: "not allowed", errno.EADDRNOTAVAIL: "not of this machine"}


@dataclass(frozen=True)
class Place:
    """Where a class is.

    Parameters
    ----------
    listening
        The socket, which takes nothing yet.
    addresses
        Those under which it is reached.
    certificate
        What it is encrypted with; None where only this machine reaches it.
    """

    listening: socket.socket
    addresses: tuple[Address, ...]
    certificate: Certificate | None

    @property
    def scheme(self) -> str:
        """`https` beyond this machine, else `http`."""
        return "https" if self.certificate else "http"

    @property
    def port(self) -> int:
        """The port."""
        return int(self.listening.getsockname()[1])

    @property
    def link(self) -> str:
        """The address of the class's page, as others reach it where they can."""
        first = next((each for each in self.addresses if not each.here), self.addresses[0])
        return f"{self.scheme}://{first.ip}:{self.port}/"

    @property
    def hosts(self) -> frozenset[str]:
        """The names and ports under which browsers may ask for it."""
        names = {each.ip for each in self.addresses}
        if any(each.here for each in self.addresses):
            names |= {*networks.LOOPBACK}
        return frozenset(f"{name}:{self.port}" for name in names)


def place(host: str, port: int, folder: Path) -> Place:
    """Return where a class on a host and a port is; port 0 takes any that is free.

    Raises
    ------
    ParameterError
        When this machine has no such address, or the port is taken.
    DataError
        When no certificate can be written.
    """
    addresses = tuple(networks.reached(host))
    names = tuple(dict.fromkeys([*(each.ip for each in addresses), *networks.LOOPBACK]))
    try:
        listening = socket.create_server(
            ("127.0.0.1" if host == "localhost" else host, port), backlog=BACKLOG
        )
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None)
        found = f"{port}, {_BUSY.get(number or 0, os.strerror(number) if number else 'no port')}"
        raise ParameterError(Fault("port", found, "a free one", "Choose another with --port.")) from None
    alone = networks.alone(list(addresses))
    return Place(listening, addresses, None if alone else networks.of(folder, names))


class Server(uvicorn.Server):
    """A server of a class: it ends the streams before it waits for others, and says when it is done."""

    def __init__(self, desk: Desk, where: Place, done: Callable[[], object]) -> None:
        self._desk = desk
        self._done = done
        super().__init__(_config(desk, where))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End streams, then finish what was begun."""
        self._desk.presence.close()
        await super().shutdown(sockets)
        self._done()


def serve(desk: Desk, where: Place, done: Callable[[], object]) -> None:
    """Serve a class until it is ended, as with Ctrl-C; then call `done`."""
    Server(desk, where, done).run(sockets=[where.listening])


def _config(desk: Desk, where: Place) -> uvicorn.Config:
    path = str(where.certificate.path) if where.certificate else None
    return uvicorn.Config(
        application(desk, where.link, where.hosts, where.scheme),
        ws="none",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_S,
        timeout_graceful_shutdown=PATIENCE_S,
        ssl_certfile=path,
        ssl_keyfile=path,
    )
