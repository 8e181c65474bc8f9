"""Printed text: texts of people on paper, whichever way they run and however long their words are."""

from __future__ import annotations

import unicodedata

_LONG_BREAK = 18


def paper_text(text: str) -> dict[str, str | bool]:
    """Return a text as templates take it: breakable, and whether it runs from the right to the left."""
    return {"text": breakable_text(text), "rtl": runs_from_the_right(text)}


def runs_from_the_right(text: str) -> bool:
    """Say whether a text's first letter belongs to a script that runs from the right to the left."""
    sides = (unicodedata.bidirectional(sign) for sign in text)
    return next((side != "L" for side in sides if side in {"L", "R", "AL"}), False)


def breakable_text(text: str) -> str:
    """Return a text that can be broken in its long words too, by signs without a width."""
    return " ".join(
        "\u200b".join(word[at : at + _LONG_BREAK] for at in range(0, len(word), _LONG_BREAK))
        for word in text.split(" ")
    )
