"""The lists of a JSON object, entry by entry: a file of any size in the memory of its largest entry.

The values are the standard library's: what it reads, NaN and numbers of any length among it, is read here.
The file may be packed by gzip. A value whose lists and tables lie in each other very deep is refused.
"""

from __future__ import annotations

import io
import json
import re
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from tqdm.auto import tqdm

from retrain_kit.datasets.formats import fields, opening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHUNK_CHARS = 1 << 16
"""So many characters are read at once, more where an entry is longer."""

_SIGN = re.compile(r"[^ \t\n\r]|\Z")


class JsonEntry(NamedTuple):
    """Something that stands in the object under a name.

    Parameters
    ----------
    name
        The name in the object.
    number
        The entry's place in its list, from 1. An entry 0 comes first: an empty list for a list, and for
        anything else the thing itself.
    value
        The entry.
    """

    name: str
    number: int
    value: Any


def stream_entries(path: Path) -> Iterator[JsonEntry]:
    """Yield the entries of the lists of the object in a file, in the order of the file.

    Raises
    ------
    OSError
        When there is no such file, or it is packed and not whole.
    ValueError
        When it is no JSON object, once what stands before the fault is read.
    """
    with opening.open_unpacked(path) as raw:
        encoding = json.detect_encoding(raw.peek(4)[:4])
        file = io.TextIOWrapper(raw, encoding, "surrogatepass", newline="")
        size, desc = path.stat().st_size, f"reading {path.name}"
        with tqdm.wrapattr(file, "read", size, desc=desc, delay=1, leave=False, disable=None) as watched:
            yield from _entries(watched)


def _entries(file: IO[str]) -> Iterator[JsonEntry]:
    text = _Text(file)
    for name in text.members("{}"):
        text.past(":")
        if text.sign() != "[":
            yield JsonEntry(name, 0, text.value())
            continue
        yield JsonEntry(name, 0, [])
        for number, value in enumerate(text.members("[]"), start=1):
            yield JsonEntry(name, number, value)
    if text.sign():
        raise text.fault("Extra data")


class _Text:
    """A text that is read as far as is needed, and let go of behind the place where reading stands."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._text = ""
        self._at = self._gone = 0
        self._ended = False
        self._decode = json.JSONDecoder().raw_decode

    def members(self, brackets: str) -> Iterator[Any]:
        """Yield the values between two brackets; behind a name, the caller reads on to the next comma."""
        opening, closing = brackets[0], brackets[1]
        self.past(opening)
        last = self.past(closing) if self.sign() == closing else ","
        while last == ",":
            if opening == "{" and self.sign() != '"':
                raise self.fault("Expecting a name")
            yield self.value()
            last = self.past("," + closing)

    def value(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Return the value that begins here and go past it."""
        while True:
            self.sign()
            try:
                value, end = self._decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended:
                    raise self.fault(error.msg, error.pos) from None
            else:
                behind = self._sign_from(end)
                if self._text[behind : behind + 1] in {",", ":", "]", "}"} or self._ended:
                    if end - self._at > 2 * fields.MAX_DEPTH:
                        self._check_depth(value, end)
                    self._at = behind
                    return value
            self._read_on()

    def _check_depth(self, value: object, end: int) -> None:
        """Refuse a value that is very deep: one of few brackets is not."""
        brackets = self._text.count("[", self._at, end) + self._text.count("{", self._at, end)
        if brackets > fields.MAX_DEPTH and fields.is_too_deep(value):
            raise self.fault(f"Lists in lists, more than {fields.MAX_DEPTH} deep")

    def sign(self) -> str:
        """Return the next sign that is no space, and stay before it; an empty text at the end."""
        while True:
            self._at = self._sign_from(self._at)
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._read_on()

    def past(self, signs: str) -> str:
        """Go past the next sign, which is to be one of these, and return it."""
        sign = self.sign()
        if not sign or sign not in signs:
            raise self.fault(f"Expecting {' or '.join(signs)}")
        self._at += 1
        return sign

    def fault(self, what: str, at: int | None = None) -> ValueError:
        """Return what is wrong here, or at a place of the text that is held."""
        return ValueError(f"{what}, character {self._gone + (self._at if at is None else at)}")

    def _sign_from(self, at: int) -> int:
        if self._text[at : at + 1] > " ":
            return at
        found = _SIGN.search(self._text, at)
        return found.start() if found else len(self._text)

    def _read_on(self) -> None:
        rest = self._text[self._at :]
        read = self._file.read(max(CHUNK_CHARS, len(rest)))
        self._gone += self._at
        self._text, self._at, self._ended = rest + read, 0, not read
