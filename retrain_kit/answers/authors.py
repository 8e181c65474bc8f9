"""Authors: a secret that a person alone holds, and the pseudonym and the proofs that follow from it.

Key and pseudonym are made at random and follow from nothing about the person. The key is handed to the author
and kept nowhere. A record carries a lock, the digest of a proof that only the key's holder can make. A
withdrawal shows the proof, so anybody can see that it is the author's, and nobody learns the key.

A page that works without a server derives the same with what every browser has:
`proof = HMAC-SHA-256(key, id)`, `lock = SHA-256(proof)`, both as hexadecimal digits in lower case, texts as
UTF-8; the pseudonym is the first six bytes of `SHA-256("who " + key)` as words.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Self

from retrain_kit.errors import Fault, ParameterError

_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aiou"
_WORD = f"[{_CONSONANTS}][{_VOWELS}][{_CONSONANTS}][{_VOWELS}][{_CONSONANTS}]"
_KEY = re.compile(f"{_WORD}(-{_WORD}){{7}}")
_KEY_BYTES, _WHO_BYTES = 16, 6


@dataclass(frozen=True)
class Author:
    """Somebody who says something here.

    Parameters
    ----------
    key
        Eight words of five letters, 128 bits at random. Upper case, and spaces for hyphens, are understood.

    Raises
    ------
    ParameterError
        When it is no key. What was typed is not repeated.
    """

    key: str = field(repr=False)

    def __post_init__(self) -> None:
        key = "-".join(re.split(r"[\s-]+", self.key.strip().lower()))
        if not _KEY.fullmatch(key):
            do = "Type it as it was handed out."
            raise ParameterError(Fault("key", "something else", "eight words of five letters", do))
        object.__setattr__(self, "key", key)

    @classmethod
    def new(cls) -> Self:
        """Return an author nobody has met, with a key from the machine's source of chance."""
        return cls(_words(secrets.token_bytes(_KEY_BYTES)))

    @property
    def who(self) -> str:
        """The pseudonym: three words, the same for all that is said with this key."""
        return _words(hashlib.sha256(f"who {self.key}".encode()).digest()[:_WHO_BYTES])

    def proof(self, name: str) -> str:
        """Return what shows that a record is this author's; it opens this record's lock and no other."""
        return hmac.new(self.key.encode(), name.encode(), hashlib.sha256).hexdigest()

    def lock(self, name: str) -> str:
        """Return what the record of this id carries."""
        return lock_of(self.proof(name))


def lock_of(proof: str) -> str:
    """Return the lock that a proof opens."""
    return hashlib.sha256(proof.encode()).hexdigest()


def _words(data: bytes) -> str:
    """Return two bytes a word, each a syllable and a half, which people can read out to each other."""
    return "-".join(_word(int.from_bytes(data[at : at + 2])) for at in range(0, len(data), 2))


def _word(number: int) -> str:
    first, second, third = number >> 12 & 15, number >> 6 & 15, number & 15
    letters = _CONSONANTS[first], _VOWELS[number >> 10 & 3], _CONSONANTS[second], _VOWELS[number >> 4 & 3]
    return "".join((*letters, _CONSONANTS[third]))
