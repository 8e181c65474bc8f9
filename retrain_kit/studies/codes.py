"""Codes: short names that a hand can copy from a card, and that lead back to an image or a set.

No sign is a vowel, so that no word comes about, and none looks like another (no O and 0, no 1, I
and L, no 5 beside S). The last sign of a code checks the others: one sign misread, or two neighbours swapped,
is noticed.
"""

from __future__ import annotations

import hashlib
import re

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.storage.languages import gettext

ALPHABET = "23456789CDFHJKMNPRTVWXY"
"""The signs; their number is a prime, so that the check notices what it promises."""

_CARD_SIGNS, _SET_SIGNS = 8, 4


def card_code(study: str, image: str) -> str:
    """Return the code of an image of a study: nine signs in groups of three, the same in every class."""
    return _code(f"card:{study}/{image}", _CARD_SIGNS, 3)


def set_code(seed: int, number: int) -> str:
    """Return the code of the set that the `number`-th person of a class gets: five signs.

    It says nothing about the person, nor how many others there are.
    """
    return _code(f"set:{seed}:{number}", _SET_SIGNS, _SET_SIGNS + 1)


def parse_card_code(text: str) -> str:
    """Return a card's code as it is written on the card; spaces, hyphens and lower case are understood.

    Raises
    ------
    ParameterError
        When it is no code of a card, or a sign was misread.
    """
    signs = re.sub(r"[\s-]+", "", text).upper()
    if len(signs) != _CARD_SIGNS + 1 or set(signs) - set(ALPHABET):
        expected = gettext("nine signs, each one of {signs}", signs=ALPHABET)
        raise ParameterError(Fault(gettext("code"), repr(text), expected, gettext("Look at the card again.")))
    if _check(signs[:-1]) != signs[-1]:
        do = gettext("One sign is another, or two are swapped: look at the card again.")
        expected = gettext("a code whose last sign fits the others")
        raise ParameterError(Fault(gettext("code"), repr(text), expected, do))
    return _grouped(signs, 3)


def _code(name: str, length: int, group: int) -> str:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest())
    signs = "".join(ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(length))
    return _grouped(signs + _check(signs), group)


def _check(signs: str) -> str:
    """Return the sign that checks the others: their places in `ALPHABET`, weighted by where they stand."""
    return ALPHABET[
        sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, 2)) % len(ALPHABET)
    ]


def _grouped(signs: str, size: int) -> str:
    return "-".join(signs[start : start + size] for start in range(0, len(signs), size))
