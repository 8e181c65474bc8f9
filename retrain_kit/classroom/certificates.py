"""Certificates: what a class beyond this machine is encrypted with, and what browsers say about that.

Nobody else vouches for a machine in a classroom. So each browser warns once, over the whole page. What it
says and what to tap stands on the wall, and on the page that is there before anything is encrypted.
"""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from retrain_kit.storage.files import writing
from retrain_kit.storage.languages import marked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


CERTIFICATE_FILE = "class.pem"
_DAYS = 365
_SIGNS_OF_GROUP = 4


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

    @property
    def groups(self) -> list[str]:
        """The fingerprint in groups of four signs, for two people to compare by reading aloud."""
        signs = self.fingerprint.replace(":", "")
        return [signs[start : start + _SIGNS_OF_GROUP] for start in range(0, len(signs), _SIGNS_OF_GROUP)]


@dataclass(frozen=True)
class BrowserWarning:
    """What a browser says where it does not know who vouches for a certificate, and what leads on.

    Parameters
    ----------
    browser
        Which it is.
    mark
        What its name for servers has in it.
    says
        The head of its page.
    taps
        What to tap, one after the other.
    """

    browser: str
    mark: str
    says: str
    taps: tuple[str, ...]


WARNINGS = (
    BrowserWarning(
        marked("iPhone and iPad, Safari"),
        r"iPhone|iPad|Version/.*Safari/",
        marked("This Connection Is Not Private"),
        (marked("Show Details"), marked("visit this website"), marked("Visit Website")),
    ),
    BrowserWarning(
        marked("Firefox"),
        r"Firefox/",
        marked("Potential Security Risk Ahead / Be careful"),
        (marked("Advanced"), marked("Accept the Risk and Continue / Proceed (Risky)")),
    ),
    BrowserWarning(
        marked("Android, Chrome"),
        r"Android.*Chrome/",
        marked("Your connection is not private"),
        (marked("Advanced"), marked("Proceed (unsafe)")),
    ),
    BrowserWarning(
        marked("Computers, Chrome and Edge"),
        r"Chrome/",
        marked("Your connection isn\u2019t private"),
        (marked("Advanced"), marked("Proceed / Continue (unsafe)")),
    ),
)
"""In the words of the browsers, as far as anybody knew in 2026."""


def own_warning(browser: str) -> BrowserWarning | None:
    """Return what the browser says that names itself so to servers; None where it is not known."""
    return next((each for each in WARNINGS if re.search(each.mark, browser)), None)


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
