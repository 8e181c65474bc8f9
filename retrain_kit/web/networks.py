"""Networks: under which addresses a server is reached, and from where."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped] # it ships none

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPBACK = ("127.0.0.1", "localhost")
EVERYWHERE = "0.0.0.0"  # noqa: S104 - asked for by name, and told before anything starts


@dataclass(frozen=True)
class Address:
    """An address of this machine.

    Parameters
    ----------
    ip
        As `192.168.1.5`.
    network
        Which addresses are in the same network, as `192.168.1.0/24`.
    interface
        What the system calls the way there.
    """

    ip: str
    network: str
    interface: str

    @property
    def here(self) -> bool:
        """Whether only this machine itself reaches it."""
        return ipaddress.ip_address(self.ip).is_loopback

    def __str__(self) -> str:
        if self.here:
            return f"{self.ip}: this machine alone"
        whole = ipaddress.ip_address(self.ip).is_global
        who = (
            "anybody on the internet, unless a firewall is before it"
            if whole
            else "everybody in this network"
        )
        return f"{self.ip} ({self.interface}): {who}, {self.network}"


def reached(host: str) -> list[Address]:
    """Return the addresses under which a server on `host` is reached.

    Raises
    ------
    ParameterError
        When this machine has no such address.
    """
    found = list(_own())
    wanted = "127.0.0.1" if host == "localhost" else host
    chosen = found if host == EVERYWHERE else [each for each in found if each.ip == wanted]
    if not chosen:
        known = ", ".join([*(each.ip for each in found), EVERYWHERE])
        raise ParameterError(Fault("host", repr(host), f"an address of this machine: {known}"))
    return chosen


def alone(addresses: list[Address]) -> bool:
    """Say whether only this machine itself reaches these addresses."""
    return all(each.here for each in addresses)


def _own() -> Iterator[Address]:
    for interface, addresses in sorted(psutil.net_if_addrs().items()):
        for each in addresses:
            if each.family == socket.AF_INET:
                network = ipaddress.ip_network(f"{each.address}/{each.netmask or 32}", strict=False)
                yield Address(each.address, str(network), interface)
