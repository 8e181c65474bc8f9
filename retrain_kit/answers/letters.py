"""Letters: whether a text has any that somebody can see, in whichever script."""

from __future__ import annotations

import unicodedata

_UNSEEN_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
_UNSEEN = {
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x2800, 0x3164, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0xFE00, 0xFE10),
    *range(0xFFF0, 0xFFFC),
    *range(0xE0000, 0xE1000),
}
"""Fillers, joiners, selectors and the empty cell of Braille: they count as letters and show nothing."""


def visible_letters(text: str) -> int:
    """Return how many characters of a text show something; white space and what has no width show nothing."""
    return sum(
        ord(char) not in _UNSEEN and unicodedata.category(char) not in _UNSEEN_CATEGORIES for char in text
    )
