"""Telling words: what in a text looks as if it told who somebody is; it is said where, and not repeated.

A name cannot be told from a word. What is found here is what has a form of its own; who reads a text finds
more. Nothing is taken out: the words are their author's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrain_kit.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTRODUCED = (
    *("my name is", "i am called", "me llamo", "mi nombre es", "meu nome é", "me chamo"),
    *("je m.appelle", "mon nom est", "jina langu ni", "naitwa", "ang pangalan ko"),
)
SIGNS = {
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "an address on the web": re.compile(r"\bhttps?://\S|\bwww\.\S", re.IGNORECASE),
    "a name of an account": re.compile(r"(?<![\w@.])@\w{2}"),
    "a number of a phone": re.compile(r"(?<![\w.])\+?\d(?:[\s().-]?\d){8,14}(?!\w)"),
    "a worker's number": re.compile(r"\bA(?=[A-Z]*\d)[A-Z0-9]{12,14}\b"),
    "somebody who gives their name": re.compile(rf"\b(?:{'|'.join(_INTRODUCED)})\b", re.IGNORECASE),
    "a firm": re.compile(r"\b(?:Inc|Ltd|LLC|GmbH|Corp|PLC|Pty|S\.A|S\.L)\b"),
}
"""What may be found, by its form."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_FULL_NAME = re.compile(r"[^\W\d_a-z]\w+(?:\s+[^\W\d_a-z]\w+)+")
_DO = "Ask its author; a pseudonym or a code name does as well."


def telling_words(where: str, text: str) -> Iterator[Fault]:
    """Yield what in a text looks like a name, an address or a number of somebody, with its place."""
    for name, sign in SIGNS.items():
        if found := sign.search(text):
            place = f"what looks like {name}, from letter {found.start() + 1} on"
            yield Fault(where, place, "words that tell nobody who it is", _DO)


def telling_pseudonym(where: str, pseudonym: str) -> Iterator[Fault]:
    """Yield what is wrong with a pseudonym that looks like a full name, or as `telling_words`."""
    if _FULL_NAME.fullmatch(pseudonym):
        yield Fault(where, "what looks like a first and a last name", "a pseudonym", _DO)
    yield from telling_words(where, pseudonym)


def steering_sign(where: str, text: str) -> Fault | None:
    """Return a fault where a text has a sign that steers machines; None where it has none."""
    if not (found := _CONTROLS.search(text)):
        return None
    sign = f"U+{ord(found[0]):04X}, a sign that steers machines, at letter {found.start() + 1}"
    return Fault(where, sign, "letters, spaces and ends of lines")
