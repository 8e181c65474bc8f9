"""Authors: a secret that a person alone holds, and what follows from it.

The key is made at random and follows from nothing about the person. It is handed to its author and kept
nowhere. From it follow pairs of keys for signatures. One signs all that its author says; the pseudonym
follows from its public half, so that nobody else can speak under it. Each record has a pair of its own
beside, whose public half it carries as its lock, and which signs its withdrawal: so anybody can see that it
is the author's, and nobody learns who that was. `docs/answers.md` says all of it, to the byte, and why.

A page of a class derives the same in the browser, see `classroom/static/author.js`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Self

from retrain_kit.answers import signatures
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aiou"
_WORD = f"[{_CONSONANTS}][{_VOWELS}][{_CONSONANTS}][{_VOWELS}][{_CONSONANTS}]"
_KEY = re.compile(f"{_WORD}(-{_WORD}){{7}}")
_PSEUDONYM = re.compile(f"{_WORD}(-{_WORD}){{3}}")
_KEY_BYTES, _WHO_BYTES = 16, 8
_REMEMBERED = 4096


@dataclass(frozen=True)
class Statement:
    """What an author signs: a line without its signature; a withdrawal with the key of its record."""

    line: bytes
    record: str = ""


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
            do = gettext("Type it as it was handed out.")
            expected = gettext("eight words of five letters")
            raise ParameterError(Fault(gettext("key"), gettext("something else"), expected, do))
        object.__setattr__(self, "key", key)

    @classmethod
    def new(cls) -> Self:
        """Return an author nobody has met, with a key from the machine's source of chance."""
        return cls(_words(secrets.token_bytes(_KEY_BYTES)))

    @cached_property
    def public_key(self) -> str:
        """What anybody can check a signature of this author by; 64 hexadecimal digits."""
        return signatures.public_key_of(self._seed_of(""))

    @property
    def who(self) -> str:
        """The pseudonym: four words, the same for all that is said with this key."""
        return pseudonym_of(self.public_key)

    def sign(self, statements: Collection[Statement], *, demonstration: bool = False) -> list[str]:
        """Return the signatures of statements."""
        return [
            signatures.sign(
                self._seed_of(each.record), signatures.message_of(each.line, demonstration=demonstration)
            )
            for each in statements
        ]

    def locks(self, records: Collection[str]) -> list[str]:
        """Return what the records of these ids carry: the public halves of their own keys."""
        return [signatures.public_key_of(self._seed_of(record)) for record in records]

    def digest_of(self, words: str) -> str:
        """Return what only this author can make of words, and what tells nobody else which they were."""
        return self._secret(f"digest {words}").hex()

    def _seed_of(self, record: str) -> bytes:
        return self._secret(f"record {record}" if record else "author")

    def _secret(self, words: str) -> bytes:
        return hmac.new(self.key.encode(), words.encode(), hashlib.sha256).digest()


class ProofsNeededError(Exception):
    """Something that only an author who is elsewhere can give; they are asked, and everything is done again.

    Parameters
    ----------
    wanted
        The lines to be signed under `sign`; the ids under `locks`, the words under `digests`.
    """

    def __init__(self, wanted: Mapping[str, list[str]]) -> None:
        super().__init__(f"needed of an author: {', '.join(wanted)}")
        self.wanted = wanted


@dataclass(frozen=True)
class AbsentAuthor:
    """Somebody whose key is elsewhere, as on their phone, and of whom something is asked where it is needed.

    Parameters
    ----------
    public_key
        Theirs, by which anybody can check what they give.
    given
        What they have given so far: under `sign` signatures by the digests of lines, under `locks` and
        `digests` what was asked for by what it is of.

    Raises
    ------
    ParameterError
        When it is no public key.
    """

    public_key: str
    given: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not re.fullmatch("[0-9a-f]{64}", self.public_key):
            raise ParameterError(Fault("public key", "something else", "64 hexadecimal digits in lower case"))

    @property
    def key(self) -> Self:
        """Itself, in the place of a key."""
        return self

    @property
    def who(self) -> str:
        """The pseudonym, as `Author.who`."""
        return pseudonym_of(self.public_key)

    def sign(self, statements: Collection[Statement], *, demonstration: bool = False) -> list[str]:
        """Return the signatures of statements, which nobody has checked; none is for demonstration."""
        given = {} if demonstration else self.given.get("sign", {})
        lines = {hashlib.sha256(each.line).hexdigest(): each.line.decode() for each in statements}
        missing = [line for digest, line in lines.items() if digest not in given]
        if missing:
            raise ProofsNeededError({"sign": missing})
        return [given[digest] for digest in lines]

    def locks(self, records: Collection[str]) -> list[str]:
        """Return what the records of these ids carry, or are to carry."""
        return self._given("locks", records)

    def digest_of(self, words: str) -> str:
        """Return what only this author can make of words."""
        return self._given("digests", [words])[0]

    def _given(self, kind: str, names: Collection[str]) -> list[str]:
        given = self.given.get(kind, {})
        missing = [name for name in names if name not in given]
        if missing:
            raise ProofsNeededError({kind: missing})
        return [given[name] for name in names]


Key = str | AbsentAuthor
"""A key as it is typed; or who holds one elsewhere."""


def author_of(key: Key) -> Author | AbsentAuthor:
    """Return the author of a key.

    Raises
    ------
    ParameterError
        As `Author`.
    """
    return key if isinstance(key, AbsentAuthor) else Author(key)


@lru_cache(_REMEMBERED)
def pseudonym_of(public_key: str) -> str:
    """Return the pseudonym that follows from a public key: 64 bits, so that no second key is found for it."""
    return _words(hashlib.sha256(f"who {public_key}".encode()).digest()[:_WHO_BYTES])


def is_pseudonym(who: str) -> bool:
    """Say whether a name has the form of a pseudonym."""
    return bool(_PSEUDONYM.fullmatch(who))


def _words(data: bytes) -> str:
    """Return two bytes a word, each a syllable and a half, which people can read out to each other."""
    return "-".join(_word(int.from_bytes(data[at : at + 2])) for at in range(0, len(data), 2))


def _word(number: int) -> str:
    first, second, third = number >> 12 & 15, number >> 6 & 15, number & 15
    letters = _CONSONANTS[first], _VOWELS[number >> 10 & 3], _CONSONANTS[second], _VOWELS[number >> 4 & 3]
    return "".join((*letters, _CONSONANTS[third]))
