"""Signatures: Ed25519 as RFC 8032 has it, by `cryptography`, with keys and signatures in hexadecimal digits.

Two things are stricter than the RFC asks. A public key that anybody could sign for, since its point is of
small order, proves nothing; and a point is written in one way alone. OpenSSL itself refuses a signature of
which a second form was made.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_FIELD = 2**255 - 19
_ORDER_8 = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_SMALL_ORDER = {0, 1, _FIELD - 1, _ORDER_8, _FIELD - _ORDER_8}
_REMEMBERED = 65_536
_CONTEXT = "retrain-kit answers 2"


def public_key_of(seed: bytes) -> str:
    """Return the public key of a seed of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


def message_of(statement: bytes, *, demonstration: bool) -> bytes:
    """Return what is signed of a statement: its digest, under words that nothing else is signed under."""
    kind = ", made for demonstration" if demonstration else ""
    return f"{_CONTEXT}{kind}\n{hashlib.sha256(statement).hexdigest()}".encode()


def sign(seed: bytes, message: bytes) -> str:
    """Return the signature of a message."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message).hex()


@lru_cache(_REMEMBERED)
def is_signed(public_key: str, signature: str, message: bytes) -> bool:
    """Say whether the holder of a key signed a message; anything that is no key or no signature is none.

    What was asked is remembered: messages hold digests, and no words.
    """
    try:
        key = bytes.fromhex(public_key)
        if _is_anybodys(key):
            return False
        Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(signature), message)
    except (ValueError, InvalidSignature):
        return False
    return True


def _is_anybodys(key: bytes) -> bool:
    """Say whether a point is of small order, or not written as it is to be."""
    height = int.from_bytes(key, "little") & (2**255 - 1)
    return height >= _FIELD or height in _SMALL_ORDER
