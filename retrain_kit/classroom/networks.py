"""Networks: under which addresses a server is reached, and from where."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped] # it ships none
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


LOOPBACK_NAMES = ("127.0.0.1", "localhost")
ALL_ADDRESSES = "0.0.0.0"  # noqa: S104 - asked for by name, and told before anything starts


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
    def is_local(self) -> bool:
        """Whether only this machine itself reaches it."""
        return ipaddress.ip_address(self.ip).is_loopback

    def __str__(self) -> str:
        if self.is_local:
            return f"{self.ip}: this machine alone"
        whole = ipaddress.ip_address(self.ip).is_global
        who = (
            "anybody on the internet, unless a firewall is before it"
            if whole
            else "everybody in this network"
        )
        return f"{self.ip} ({self.interface}): {who}, {self.network}"


def reached_addresses(host: str) -> list[Address]:
    """Return the addresses under which a server on `host` is reached.

    Raises
    ------
    ParameterError
        When this machine has no such address.
    """
    found = list(_own())
    wanted = "127.0.0.1" if host == "localhost" else host
    chosen = found if host == ALL_ADDRESSES else [each for each in found if each.ip == wanted]
    if not chosen:
        known = ", ".join([*(each.ip for each in found), ALL_ADDRESSES])
        raise ParameterError(Fault("host", repr(host), f"an address of this machine: {known}"))
    return chosen


def only_this_machine(addresses: list[Address]) -> bool:
    """Say whether only this machine itself reaches these addresses."""
    return all(each.is_local for each in addresses)


def _own() -> Iterator[Address]:
    for interface, addresses in sorted(psutil.net_if_addrs().items()):
        for each in addresses:
            if each.family == socket.AF_INET:
                network = ipaddress.ip_network(f"{each.address}/{each.netmask or 32}", strict=False)
                yield Address(each.address, str(network), interface)


# -- certificates: what a class beyond this machine is encrypted with.


CERTIFICATE_FILE = "class.pem"
_DAYS = 365


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key, in one file.

    Parameters
    ----------
    path
        The file, for its owner alone to read.
    fingerprint
        SHA-256 of the certificate, as browsers show it.
    """

    path: Path
    fingerprint: str


def class_certificate(folder: Path, names: Sequence[str]) -> Certificate:
    """Return the certificate of a class, made anew where it is missing, over, or not for these names.

    Raises
    ------
    DataError
        When the folder cannot be written.
    """
    path = folder / CERTIFICATE_FILE
    known = _known(path, names)
    if not known:
        key = ec.generate_private_key(ec.SECP256R1())
        known = _signed(key, names)
        with writing(path, private=True) as temporary:
            temporary.write_bytes(_pem(key) + known.public_bytes(serialization.Encoding.PEM))
    return Certificate(path, known.fingerprint(hashes.SHA256()).hex(":").upper())


def _known(path: Path, names: Sequence[str]) -> x509.Certificate | None:
    with suppress(OSError, ValueError, x509.ExtensionNotFound):
        found = x509.load_pem_x509_certificate(path.read_bytes())
        stated = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        fresh = found.not_valid_after_utc > datetime.now(UTC) + timedelta(days=1)
        if fresh and set(map(_name, names)) <= set(stated):
            return found
    return None


def _signed(key: ec.EllipticCurvePrivateKey, names: Sequence[str]) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "retrain-kit class")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(subject, subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(map(_name, names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
