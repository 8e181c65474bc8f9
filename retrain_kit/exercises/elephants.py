"""The elephant: it is on the list, and outside the range until somebody lets it in."""

from __future__ import annotations

import re
from functools import cache

from retrain_kit.exercises import prompts

KEY = "elephant"


def named(text: str) -> bool:
    """Say whether a wording is of the elephant: whether its last word is, in one of the prompts' languages.

    *A flying elephant* is; *elephant grass* is not.
    """
    words = _words(text)
    return bool(words) and (words[-1] in _names() or words[-1].removesuffix("s") in _names())


@cache
def _names() -> frozenset[str]:
    prompt = prompts.of("what-if-options")[KEY]
    return frozenset(_words(text)[-1] for text in (prompt.text, *prompt.translations.values()))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
