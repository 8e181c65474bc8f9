"""Errors: what went wrong, said so that the reader can mend it.

Every error of the kit is a `KitError` made of one or more `Fault`: where, what was found, what was
expected, what to do. All faults of a file are raised together. In a notebook and on the command
line only the message is shown, no traceback.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_MOST_LISTED = 50


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

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

    def __str__(self) -> str:
        line = f"{self.where}: found {self.found}; expected {self.expected}."
        return f"{line} {self.do}" if self.do else line


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
