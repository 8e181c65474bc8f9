"""Networks: under which addresses a server is reached, and from where.

psutil knows the interfaces and their addresses, the system which of them leads out: a socket that is only
told a far address, and sends nothing, has the address of that way.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped] # it ships none

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPBACK_NAMES = ("127.0.0.1", "localhost")
ALL_IPV4, ALL_ADDRESSES = "0.0.0.0", "::"  # noqa: S104 - asked for by name, and told before anything starts

CONTAINERS, VPN, BRIDGE = "a network of containers or virtual machines", "a VPN", "a bridge of this machine"
UNPLUGGED, NO_NETWORK = "not connected", "in no network: it has given itself an address"
SEEMS = ("", BRIDGE, CONTAINERS, VPN, UNPLUGGED, NO_NETWORK)
"""What an interface seems to be, beside a network that people share; what others hardly reach is last."""

_CONTAINER_NAMES = re.compile(
    r"(docker|br-|veth|virbr|vmnet|vboxnet|vnet|lxc|lxd|incus|cni|flannel|cali|podman|kube|vethernet|virtualbox)",
    re.IGNORECASE,
)
_VPN_NAMES = re.compile(
    r"(tun|tap|wg|ppp|utun|ipsec|tailscale|zt|nordlynx|proton|gpd|cscotun|vpn)", re.IGNORECASE
)
_LINUX_INTERFACES = Path("/sys/class/net")
_FAR = {socket.AF_INET: "198.51.100.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses for documentation, which nobody has: they are asked for the way alone."""
_PLACE_BITS = 64
"""Of an IPv6 address: whoever has one has all that begin so."""


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
    seems
        What that seems to be, where people hardly share it: one of `SEEMS`.
    leads_out
        Whether this machine reaches others that way.
    """

    ip: str
    network: str
    interface: str
    seems: str = ""
    leads_out: bool = False

    @property
    def is_local(self) -> bool:
        """Whether only this machine itself reaches it."""
        return ipaddress.ip_address(self.ip).is_loopback

    @property
    def in_link(self) -> str:
        """The address as it stands in a link: one of IPv6 has brackets."""
        return f"[{self.ip}]" if ":" in self.ip else self.ip

    def __str__(self) -> str:
        if self.is_local:
            return f"{self.ip}: this machine alone"
        if self.seems:
            return f"{self.ip} ({self.interface}): seems to be {self.seems}; others hardly reach it"
        whole = ipaddress.ip_address(self.ip).is_global
        who = (
            "anybody on the internet, unless a firewall is before it"
            if whole
            else "everybody in this network"
        )
        return f"{self.ip} ({self.interface}): {who}, {self.network}"


def reached_addresses(host: str) -> list[Address]:
    """Return the addresses under which a server on `host` is reached, that which others reach first.

    Raises
    ------
    ParameterError
        When this machine has no such address.
    """
    found = sorted(_own(), key=_rank)
    chosen = [each for each in found if _is_meant(each.ip, "127.0.0.1" if host == "localhost" else host)]
    if not chosen:
        known = ", ".join([*(each.ip for each in found), ALL_IPV4, ALL_ADDRESSES])
        raise ParameterError(Fault("host", repr(host), f"an address of this machine: {known}"))
    return chosen


def only_this_machine(addresses: list[Address]) -> bool:
    """Say whether only this machine itself reaches these addresses."""
    return all(each.is_local for each in addresses)


def plain_ip(ip: str) -> str:
    """Return an address as it is written: one of IPv4 in the words of IPv6 is one of IPv4."""
    return ip.removeprefix("::ffff:") if ip.startswith("::ffff:") and "." in ip else ip.partition("%")[0]


@lru_cache(maxsize=4096)
def place_of(ip: str) -> str:
    """Return where somebody is, for limits: an address of IPv4, or an IPv6 network of 64 bits."""
    try:
        address = ipaddress.ip_address(plain_ip(ip))
    except ValueError:
        return ip
    if address.version == 4 or address.is_loopback:  # noqa: PLR2004 - IP's
        return str(address)
    return str(ipaddress.ip_network((address, _PLACE_BITS), strict=False))


def _is_meant(ip: str, host: str) -> bool:
    if host == ALL_ADDRESSES:
        return True
    if host == ALL_IPV4:
        return ":" not in ip
    with suppress(ValueError):
        return ipaddress.ip_address(ip) == ipaddress.ip_address(host)
    return False


def _rank(address: Address) -> tuple[object, ...]:
    return (
        address.is_local,
        SEEMS.index(address.seems),
        not address.leads_out,
        ":" in address.ip,
        address.interface,
    )


def _own() -> Iterator[Address]:
    """Yield this machine's addresses; those of IPv6 that hold for a cable alone have no place in a link."""
    ways, states = {_way_out(family) for family in _FAR}, psutil.net_if_stats()
    for interface, addresses in psutil.net_if_addrs().items():
        state = states.get(interface)
        leads_out = not ways.isdisjoint(plain_ip(each.address) for each in addresses)
        for each in addresses:
            if each.family not in _FAR or (":" in each.address and _is_link_local(each.address)):
                continue
            ip = plain_ip(each.address)
            seems = _seems(interface, ip, state, leads_out=leads_out)
            yield Address(ip, _network(ip, each.netmask), interface, seems, leads_out)


def _way_out(family: socket.AddressFamily) -> str:
    """Return the address from which this machine reaches others; empty where it reaches none."""
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asked:
        asked.connect((_FAR[family], 9))
        return str(asked.getsockname()[0])
    return ""


def _seems(interface: str, ip: str, state: object, *, leads_out: bool) -> str:
    """Return what an interface seems to be: a way out may be a bridge, but people do not share a VPN."""
    flags, linux = str(getattr(state, "flags", "")), _LINUX_INTERFACES / interface
    if ipaddress.ip_address(ip).is_loopback:
        return ""
    is_vpn = "pointopoint" in flags or _VPN_NAMES.match(interface) or (linux / "tun_flags").exists()
    signs = {
        VPN: is_vpn,
        CONTAINERS: not leads_out and _CONTAINER_NAMES.match(interface),
        NO_NETWORK: _is_link_local(ip),
        UNPLUGGED: not getattr(state, "isup", True),
        BRIDGE: not leads_out and (linux / "bridge").exists(),
    }
    return next((sign for sign, shows in signs.items() if shows), "")


def _is_link_local(ip: str) -> bool:
    return ipaddress.ip_address(plain_ip(ip)).is_link_local


def _network(ip: str, netmask: str | None) -> str:
    bits = int(ipaddress.ip_address(netmask)).bit_count() if netmask else (128 if ":" in ip else 32)
    return str(ipaddress.ip_network((ip, bits), strict=False))
