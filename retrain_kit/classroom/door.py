"""The door: who types the code, and what becomes of those who type others.

A wrong code slows the page on which it was typed, by the name that the page gave itself. Who makes up a new
name each time meets the ceiling of their address, and beyond that the one of the door. A code that was wrong
before counts once, since it tells nothing new: a class that reads an old code shuts out nobody. Behind a
hotspot a whole class has one address; so whoever runs the class is told, and can open the door again. Behind
a proxy that does not say for whom it asks, nobody has one (it is empty), and none is shut.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrain_kit.classroom.limits import RateLimit, RequestRefusedError
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrain_kit.classroom.entry import ClassEntry

WRONG_CODE = marked("That is not the code of this class. It stands on the wall, below the address.")
SLOWLY = marked("These codes were not this class's. Read the one on the wall again, and wait half a minute.")
SHUT = marked(
    "Too many codes that were not this class's came from here. Ask whoever runs the class to open the door."
)
TOLD = (
    "Many wrong codes came {}: nobody new gets in from there at the moment; who is in stays in. "
    "Type “open” and press Enter to let people try again."
)
_ALL = ""
_MAX_CODES = 5_000
_MAX_PAGE_CHARS = 64


@dataclass
class Door:
    """The way in.

    Parameters
    ----------
    entry
        What the code is.
    tell
        Told when nobody new gets in from somewhere.
    by_page, by_address, of_all
        How many wrong codes are taken from a page, from an address, and from everybody.
    """

    entry: ClassEntry
    tell: Callable[[str], object]
    by_page: RateLimit = field(default_factory=lambda: RateLimit(10, 1 / 30))
    by_address: RateLimit = field(default_factory=lambda: RateLimit(100, 0.2))
    of_all: RateLimit = field(default_factory=lambda: RateLimit(500, 2))
    joins: RateLimit = field(default_factory=lambda: RateLimit(600, 10))
    wrong: int = 0
    _codes: OrderedDict[bytes, None] = field(default_factory=OrderedDict)
    _shut: dict[str, str] = field(default_factory=dict)

    def enter(self, typed: object, address: str, page: object) -> str:
        """Return a seat, to whoever has the code.

        Raises
        ------
        RequestRefusedError
            When the code is another, or too many were.
        """
        name = f"{address} {page if isinstance(page, str) and len(page) <= _MAX_PAGE_CHARS else ''}"
        self.check(address)
        if not self.by_page.has_room(name):
            raise RequestRefusedError(429, gettext(SLOWLY))
        self.joins.take(address)
        if isinstance(typed, str) and self.entry.code_is_right(typed):
            return self.entry.new_seat()
        self._count(str(typed), name, address)
        raise RequestRefusedError(403, gettext(WRONG_CODE))

    def check(self, address: str) -> None:
        """Raise a `RequestRefusedError` where the door is shut for an address."""
        for limit, name, where in (
            (self.by_address, address, f"from {address}"),
            (self.of_all, _ALL, "from many places"),
        ):
            if (name or limit is self.of_all) and not limit.has_room(name):
                if name not in self._shut:
                    self._shut[name] = where
                    self.tell(TOLD.format(where))
                raise RequestRefusedError(429, gettext(SHUT))

    def open(self) -> None:
        """Let everybody try again."""
        self._shut.clear()
        for limit in (self.by_page, self.by_address, self.of_all):
            limit.clear()

    @property
    def state(self) -> dict[str, Any]:
        """How many wrong codes came, and from where nobody new gets in."""
        limits = {name: self.of_all if name == _ALL else self.by_address for name in self._shut}
        self._shut = {name: where for name, where in self._shut.items() if not limits[name].has_room(name)}
        return {"wrong_codes": self.wrong, "shut": sorted(self._shut.values())}

    def _count(self, typed: str, page: str, address: str) -> None:
        self.wrong += 1
        self.by_page.take(page)
        known = hashlib.sha256(f"{address} {typed}".encode("utf-8", "surrogatepass")).digest()
        if known not in self._codes:
            self._codes[known] = None
            if len(self._codes) > _MAX_CODES:
                self._codes.popitem(last=False)
            if address:
                self.by_address.take(address)
            self.of_all.take(_ALL)
