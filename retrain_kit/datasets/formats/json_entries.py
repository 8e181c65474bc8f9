"""A file of JSON, entry by entry: one of any size in the memory of its largest entry.

The values are the standard library's: what it reads, NaN and numbers of any length among it, is read here. A
whole number of more digits than Python reads is one without end, as is 1e999. The file is UTF-8, or UTF-16 or
UTF-32, and gzip may pack it. A value whose lists and tables lie in each other very deep is refused.
"""

from __future__ import annotations

import codecs
import io
import json
import math
import re
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from retrain_kit.datasets.formats import fields, opening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHUNK_BYTES = 1 << 18
"""So much is read at once, more where an entry is longer."""

_SMALL_BYTES = 1 << 20
"""Of a smaller file no progress is shown: it is read before a person sees it."""

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
    with _opened(path) as text:
        for name in text.members("{}"):
            text.past(":")
            if text.sign() != "[":
                yield JsonEntry(name, 0, text.value())
                continue
            yield JsonEntry(name, 0, [])
            for number, value in enumerate(text.members("[]"), start=1):
                yield JsonEntry(name, number, value)
        text.end()


def stream_list(path: Path) -> Iterator[Any]:
    """Yield the entries of the list in a file, or in a `.zip` that holds one; none of what is no list.

    Half a sign, which no file can keep, stands in their texts as JSON names it.

    Raises
    ------
    OSError
        When there is no such file, or it is packed and not whole, or holds other files.
    ValueError
        When it is no JSON, once what stands before the fault is read.
    """
    with _opened(path, writable=True) as text:
        if text.sign() == "[":
            yield from text.members("[]")
        else:
            text.value()
        text.end()


def stream_items(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield the names and values of the object in a file; none of what is no object.

    Half a sign stands in their texts as in those of `stream_list`.

    Raises
    ------
    OSError
        When there is no such file, or it is packed and not whole.
    ValueError
        When it is no JSON object, once what stands before the fault is read.
    """
    with _opened(path, writable=True) as text:
        if text.sign() != "{":
            text.value()
        else:
            for name in text.members("{}"):
                text.past(":")
                yield name, text.value()
        text.end()


@contextmanager
def _opened(path: Path, *, writable: bool = False) -> Iterator[_Text]:
    with _unpacked(path) as (raw, size_bytes):
        encoding = json.detect_encoding(raw.peek(4)[:4])
        decoder = codecs.getincrementaldecoder(encoding)("strict" if writable else "surrogatepass")
        if size_bytes < _SMALL_BYTES:
            yield _Text(raw, decoder, writable=writable)
            return
        from tqdm.auto import tqdm  # noqa: PLC0415 - small files are read without it

        how = {"desc": f"reading {path.name}", "delay": 1, "leave": False, "disable": None}
        with tqdm.wrapattr(raw, "read", size_bytes, **how) as watched:
            yield _Text(watched, decoder, writable=writable)


@contextmanager
def _unpacked(path: Path) -> Iterator[tuple[io.BufferedReader[Any], int]]:
    """Open a file, or the one in an archive, for its bytes; beside it how many they are, packed or not."""
    if path.suffix != ".zip":
        with opening.open_unpacked(path) as file:
            yield file, path.stat().st_size
        return
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(_only_json(archive))
            with archive.open(info) as member, io.BufferedReader(member) as buffered:  # type: ignore[type-var]  # it has all that is needed
                yield buffered, info.file_size
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:  # RuntimeError: a password
        raise OSError(str(error)) from None


def _only_json(archive: zipfile.ZipFile) -> str:
    """Return the name of the one JSON file in an archive; what macOS adds does not count."""
    names = [
        name for name in archive.namelist() if name.endswith(".json") and not name.startswith("__MACOSX/")
    ]
    if len(names) != 1:
        raise OSError(f"{len(names)} JSON files in the archive, not one")
    return names[0]


class _Text:
    """A text that is read as far as is needed, and let go of behind the place where reading stands."""

    def __init__(self, file: IO[bytes], decoder: codecs.IncrementalDecoder, *, writable: bool) -> None:
        self._file, self._decoder, self._writable = file, decoder, writable
        self._text = ""
        self._at = self._gone = 0
        self._ended = False

    def members(self, brackets: str) -> Iterator[Any]:
        """Yield the values between two brackets; behind a name, the caller reads on to the next comma."""
        opening, closing = brackets[0], brackets[1]
        self.past(opening)
        last = self.past(closing) if self.sign() == closing else ","
        while last == ",":
            if opening == "{" and self.sign() != '"':
                raise self.fault("Expecting a name")
            yield self.value()
            if self._text[self._at : self._at + 1] == ",":
                self._at += 1
            else:
                last = self.past("," + closing)

    def value(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Return the value that begins here and go past it."""
        while True:
            at = self._at = self._sign_from(self._at)
            try:
                value, end = self._decoded(at)
            except json.JSONDecodeError as error:
                if self._ended or self._is_wrong(error):
                    raise self.fault(error.msg, error.pos) from None
            else:
                behind = self._sign_from(end)
                if self._text[behind : behind + 1] in {",", ":", "]", "}"} or self._ended:
                    if end - at > 2 * fields.MAX_DEPTH:
                        self._check_depth(value, end)
                    self._at = behind
                    return fields.writable(value) if self._writable and self._may_be_half(at, end) else value
            self._read_on()

    def _decoded(self, at: int) -> tuple[Any, int]:
        try:
            return _DECODE(self._text, at)
        except json.JSONDecodeError:
            raise
        except ValueError:  # more digits than Python reads
            return _DECODE_ANY(self._text, at)

    def _may_be_half(self, at: int, end: int) -> bool:
        first = self._text.find("\\", at, end)
        return first >= 0 and "\\ud" in self._text[first:end].lower()

    def _is_wrong(self, error: json.JSONDecodeError) -> bool:
        """Say whether a value is wrong whatever comes behind what was read; it may only not be whole."""
        return error.pos < len(self._text) - _LONGEST_SIGN and not error.msg.startswith("Unterminated string")

    def _check_depth(self, value: object, end: int) -> None:
        if fields.may_be_too_deep(self._text[self._at : end]) and fields.is_too_deep(value):
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

    def end(self) -> None:
        """Refuse what stands behind the value."""
        if self.sign():
            raise self.fault("Extra data")

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
        data = self._file.read(max(CHUNK_BYTES, len(rest)))
        self._gone += self._at
        self._text, self._at, self._ended = rest + self._decoder.decode(data, not data), 0, not data


def _whole_number(digits: str) -> float:
    try:
        return int(digits)
    except ValueError:
        return -math.inf if digits.startswith("-") else math.inf


_DECODE = json.JSONDecoder().raw_decode
_DECODE_ANY = json.JSONDecoder(parse_int=_whole_number).raw_decode
_LONGEST_SIGN = len("-Infinity") + len("\\ud83d\\ude00")
"""What is wrong so far from the end of what was read is not the beginning of a sign that is cut there."""
