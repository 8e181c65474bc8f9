"""Errors: what went wrong, said so that the reader can mend it.

Every error of the kit is a `KitError` made of one or more `Fault`: where, what was found, what was
expected, what to do. All faults of a file are raised together. In a notebook and on the command
line only the message is shown, no traceback.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

STOPPED, STOPPED_STATUS = "retrain-kit: stopped; what was finished stays.", 130
"""What is said after Ctrl-C, and the exit status then."""

NAMES_SHOWN = 10
"""Of more names than so many the first are shown, and how many there are."""

_ADDRESS = re.compile(
    r"([A-Za-z][A-Za-z0-9+.-]*://)([^\s/?#]*@|[^\s/?#@:]*:[^\s/?#@]*[^\s\d/?#@][^\s@]*@)?"
    r"([^\s'\"<>?#]*)(\?[^\s'\"<>#]*)?(\#[^\s'\"<>]*=[^\s'\"<>]*)?"
)
_UNSHOWABLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def without_secrets(text: str) -> str:
    """Return a text whose addresses show no user, no password and no value of a query."""
    return _ADDRESS.sub(_bare_address, text) if "://" in text else text


def showable(text: str) -> str:
    """Return a text for a terminal: signs that would steer it, or that it cannot write, are escaped."""
    return _UNSHOWABLE.sub(lambda sign: ascii(sign.group())[1:-1], text)


def reason_of(error: Exception) -> str:
    """Return what went wrong: of what the system says its words, without a number, and without a path."""
    return str(getattr(error, "strerror", None) or error)


def count_in_words(number: int, what: str) -> str:
    """Return how many there are of something: *1 image*, *1,200 images*."""
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"


def names_in_words(names: Collection[str]) -> str:
    """Return names in a row; of many the first, and how many more there are."""
    shown = [showable(name).replace("\n", "\\n") for name, _ in zip(names, range(NAMES_SHOWN), strict=False)]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def _bare_address(found: re.Match[str]) -> str:
    scheme, user, place, query, fragment = (part or "" for part in found.groups())
    return f"{scheme}{'…@' if user else ''}{place}{_bare_query(query)}{'#…' if fragment else ''}"


def _bare_query(query: str) -> str:
    """Return a query with the names of its parameters alone."""
    return re.sub(r"([?&;])([^=&;]*=)?[^&;]*", lambda part: f"{part[1]}{part[2] or ''}…", query)


_MOST_LISTED = 50


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, in texts that give away no password of an address.

    Parameters
    ----------
    where
        File, line, image or parameter.
    found
        What stands there.
    expected
        What should stand there.
    do
        What the reader can do about it; may be empty where it follows from `expected`.
    """

    where: str
    found: str
    expected: str
    do: str = ""

    def __post_init__(self) -> None:
        for name in ("where", "found", "expected", "do"):
            object.__setattr__(self, name, without_secrets(getattr(self, name)))

    def __str__(self) -> str:
        line = f"{self.where}: found {self.found}; expected {self.expected}."
        return showable(f"{line} {self.do}" if self.do else line)


class KitError(Exception):
    """The base of all errors the kit raises; `faults` holds them one by one."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)

    def _render_traceback_(self) -> list[str]:
        """Show the message alone in notebooks: IPython calls this instead of printing a traceback."""
        return [f"{type(self).__name__}: {self}"]


class BoxError(KitError):
    """A box that is no box: not a number, infinite or reversed."""


class DataError(KitError):
    """A manifest, an image or a file of annotations that cannot be used as it is."""


class DatabaseError(KitError):
    """FiftyOne's database cannot be found or started."""


class ParameterError(KitError):
    """A parameter that is unknown, of the wrong type or out of range."""


class ReportError(KitError):
    """A report that could not be made."""


def advise_names(name: str, known: Collection[str], between: str = ", ") -> str:
    """Return the names near a name that is not known; where none is, all that there are.

    Of more than can be read at once it says how many there are, and the first of them.
    """
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        return f"Near it: {between.join(near)}."
    shown = sorted(known)[:_MOST_LISTED]
    count = f" {len(known)}, such as" if len(shown) < len(known) else ""
    return f"There are{count}: {between.join(shown) or 'none'}."
