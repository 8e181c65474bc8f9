"""The endpoint: where a class listens, and under which addresses browsers find it."""

from __future__ import annotations

import errno
import os
import socket
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from retrain_kit.classroom import networks
from retrain_kit.classroom.certificates import class_certificate
from retrain_kit.classroom.connections import ClassListener, Connections
from retrain_kit.classroom.proxies import Proxies, origin
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from pathlib import Path

    from retrain_kit.classroom.certificates import Certificate
    from retrain_kit.classroom.networks import Address

BACKLOG = 2048
_BUSY = {errno.EADDRINUSE: "in use", errno.EACCES: "not allowed", errno.EADDRNOTAVAIL: "not of this machine"}


@dataclass(frozen=True)
class ClassEndpoint:
    """Where a class is.

    Parameters
    ----------
    listener
        The socket, which takes nothing yet.
    addresses
        Those under which it is reached; the first is the one that is shown.
    certificate
        What it is encrypted with; None where only this machine reaches it.
    proxies
        Who stands between people and the class.
    """

    listener: ClassListener
    addresses: tuple[Address, ...]
    certificate: Certificate | None
    proxies: Proxies = field(default_factory=Proxies)

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
        return self.proxies.public.link if self.proxies.public else self.own_link

    @property
    def own_link(self) -> str:
        """The address where this machine itself gives that page."""
        return f"{origin(self.scheme, self.addresses[0].in_link, self.port)}/"

    @property
    def origins(self) -> frozenset[str]:
        """The addresses whose pages may ask, without a path."""
        names = {each.in_link for each in self.addresses}
        if any(each.is_local for each in self.addresses):
            names |= {*networks.LOOPBACK_NAMES}
        public = {self.proxies.public.origin} if self.proxies.public else set()
        return frozenset({origin(self.scheme, name, self.port) for name in names} | public)

    @property
    def hosts(self) -> frozenset[str]:
        """The names and ports under which browsers may ask for it."""
        return frozenset(each.partition("://")[2] for each in self.origins)

    def shown_at(self, named: str) -> Self:
        """Return it with an address, or that of an interface, as the one that is shown.

        Raises
        ------
        ParameterError
            When it is not reached under that.
        """
        first = next((each for each in self.addresses if named in {each.ip, each.interface}), None)
        if not first:
            known = ", ".join(each.ip for each in self.addresses)
            raise ParameterError(Fault("address", repr(named), f"one that reaches the class: {known}"))
        rest = [each for each in self.addresses if each is not first]
        return replace(self, addresses=(first, *rest))


def open_endpoint(host: str, port: int, folder: Path, proxies: Proxies | None = None) -> ClassEndpoint:
    """Return where a class on a host and a port is; port 0 takes any that is free.

    Raises
    ------
    ParameterError
        When this machine has no such address, or the port is taken.
    DataError
        When no certificate can be written.
    """
    addresses = tuple(networks.reached_addresses(host))
    listener = _listening(host, port)
    # Without it every second answer to a page waits 40 ms; those that it accepts take it from the listener.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    names = tuple(dict.fromkeys([*(each.ip for each in addresses), *networks.LOOPBACK_NAMES]))
    alone = networks.only_this_machine(list(addresses))
    certificate = None if alone else class_certificate(folder, names)
    between = proxies or Proxies()
    connections = Connections(is_proxy=between.__contains__)
    return ClassEndpoint(ClassListener(listener, connections), addresses, certificate, between)


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens: `::` also to what comes in IPv4."""
    name, family = "127.0.0.1" if host == "localhost" else host, socket.AF_INET
    both = host == networks.ALL_ADDRESSES
    if ":" in name:
        family = socket.AF_INET6
        if both and not socket.has_dualstack_ipv6():
            do = f"IPv6 is off here: choose {networks.ALL_IPV4}."
            raise ParameterError(Fault("host", repr(host), "an address that this machine listens to", do))
    try:
        return socket.create_server((name, port), family=family, backlog=BACKLOG, dualstack_ipv6=both)
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None)
        found = f"{port}, {_BUSY.get(number or 0, os.strerror(number) if number else 'no port')}"
        raise ParameterError(Fault("port", found, "a free one", "Choose another with --port.")) from None
