"""Certificates: what a class beyond this machine is encrypted with.

It is made here and signed by nobody else, so browsers warn of it; who compares the fingerprint knows that
they speak with this machine. It stays with the class, so that the warning is answered once.
"""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from retrain_kit.files import writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAME = "class.pem"
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


def of(folder: Path, names: Sequence[str]) -> Certificate:
    """Return the certificate of a class, made anew where it is missing, over, or not for these names.

    Raises
    ------
    DataError
        When the folder cannot be written.
    """
    path = folder / NAME
    known = _known(path, names)
    if not known:
        key = ec.generate_private_key(ec.SECP256R1())
        known = _signed(key, names)
        with writing(path) as temporary:
            temporary.write_bytes(_pem(key) + known.public_bytes(serialization.Encoding.PEM))
        path.chmod(0o600)
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
