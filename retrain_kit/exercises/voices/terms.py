"""Terms: what somebody allows with what they said, until when, who asked them and how.

Each use is agreed to by itself: who may publish something may not for that reason show it in a class.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from retrain_kit.errors import Fault, ParameterError

READ, CLASS, BOOK, PUBLICATION = "read", "class", "book", "publication"
ARCHIVE, UNVEILED = "archive", "unveiled"
VIEWS = (READ, CLASS, BOOK, PUBLICATION)
"""Uses for which something is shown: a page is made for one of them."""
USES = {
    READ: "It may be read by those who keep these voices.",
    CLASS: "It may be shown in a class.",
    BOOK: "It may be bound in a book.",
    PUBLICATION: "It may be published.",
    ARCHIVE: "It may stand in the archive of small strategies, with no word of who uses it.",
    UNVEILED: "The picture of where I work may be shown as it is; else it is kept as coarse colours alone.",
}
"""All that somebody may agree to; `archive` and `unveiled` hold within the views that were agreed to."""
WITHDRAWAL = "withdrawal"
"""The end of terms that hold until their author withdraws what they said."""
VERSION = "voices-1"
"""Which text of these uses was agreed to."""
NOT_STATED = "not stated"


@dataclass(frozen=True)
class Terms:
    """The terms under which something was said.

    Parameters
    ----------
    agreed
        Uses that were agreed to, of `USES` and in their order, whatever that of whoever wrote them down was:
        it could tell whose two voices are. May be none.
    until
        The last day on which they hold, as `2027-12-31`; or `WITHDRAWAL`.
    asked_by, how
        Who asked, and how.
    asked_on
        The day on which it was asked; empty where nobody has said.
    """

    agreed: tuple[str, ...]
    until: str
    asked_by: str
    how: str
    asked_on: str = ""

    def __post_init__(self) -> None:
        known = list(USES)
        place = {use: known.index(use) if use in known else len(known) for use in self.agreed}
        object.__setattr__(self, "agreed", tuple(sorted(self.agreed, key=place.__getitem__)))

    def why_not(self, use: str, day: str) -> str:
        """Return why something is not shown for a use on a day; an empty text where it may be."""
        if not self.agreed:
            return "nothing was agreed to"
        if self.until != WITHDRAWAL and self.until < day:
            return "the terms have ended"
        return "" if use in self.agreed else f"not agreed to: {use}"

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Return the terms in words, each under a name."""
        until = "its author withdraws it" if self.until == WITHDRAWAL else self.until
        return (
            ("agreed to", ", ".join(self.agreed) or "nothing"),
            ("until", until),
            ("asked by", self.asked_by),
            ("how", self.how),
            ("asked on", self.asked_on or NOT_STATED),
        )


def is_end(until: str) -> bool:
    """Say whether a text can be the end of terms: a day, or `WITHDRAWAL`."""
    return until == WITHDRAWAL or is_day(until)


def is_day(text: str) -> bool:
    """Say whether a text is a day, as `2027-12-31`."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def check_view(use: str) -> None:
    """Raise a `ParameterError` unless a use is one for which something can be shown."""
    if use not in VIEWS:
        raise ParameterError(Fault("use", repr(use), f"one of {', '.join(VIEWS)}"))
