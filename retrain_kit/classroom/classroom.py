"""Desks: what the people of a class may ask for, and what they are told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

from retrain_kit.answers import Author
from retrain_kit.answers.takeaway import takeaway
from retrain_kit.classroom.limits import RateLimit, RequestRefusedError
from retrain_kit.classroom.presence import Presence
from retrain_kit.errors import DataError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from retrain_kit.classroom.entry import ClassEntry
    from retrain_kit.classroom.programme import Programme
    from retrain_kit.exercises.common.activity import Activity

    T = TypeVar("T")

THREADS: Mapping[bool, int] = {False: 4, True: 2}
"""How many things are done at a time; looks, of which there are many, beside all others."""
WATCH_INTERVAL_S = 2.0
NOT_KEPT = "It could not be kept; nothing was changed. Tell whoever runs this class."
WRONG_CODE = "That is not the code of this class. It stands on the wall, below the address."


@dataclass
class Classroom:
    """A class at work.

    Parameters
    ----------
    room
        What it does.
    door
        Who may come in.
    tell
        Told what whoever runs the class should know.
    """

    room: Programme
    door: ClassEntry
    tell: Callable[[str], object] = print
    presence: Presence = field(default_factory=Presence)
    wrong: RateLimit = field(default_factory=lambda: RateLimit(10, 0.2))
    wrong_at_all: RateLimit = field(default_factory=lambda: RateLimit(200, 2))
    coming: RateLimit = field(default_factory=lambda: RateLimit(600, 10))
    acting: RateLimit = field(default_factory=lambda: RateLimit(60, 4))
    _threads: dict[bool, CapacityLimiter] = field(default_factory=dict)
    _stamp: str = ""

    def __post_init__(self) -> None:
        self._stamp = self.room.store.stamp

    def join(self, typed: object, address: str) -> dict[str, str]:
        """Return a seat and a new person's key, to whoever has the code.

        Raises
        ------
        RefusedError
            When the code is another, or was so too often.
        """
        if not (self.wrong.open(address) and self.wrong_at_all.open("")):
            raise RequestRefusedError(
                429, "Too many codes that were not this class's. Wait a minute, then try again."
            )
        self.coming.take(address)
        if not (isinstance(typed, str) and self.door.opens(typed)):
            self.wrong.take(address)
            self.wrong_at_all.take("")
            raise RequestRefusedError(403, WRONG_CODE)
        return {"seat": self.door.seat(), **self.person("")}

    def person(self, typed: object) -> dict[str, str]:
        """Return the key and the pseudonym of a person: a new one, or whose key was typed.

        Raises
        ------
        ParameterError
            When it is no key.
        """
        author = Author(typed) if typed and isinstance(typed, str) else Author.new()
        return {"key": author.key, "who": author.who}

    def number(self, seat: str) -> str:
        """Return the number of a seat.

        Raises
        ------
        RefusedError
            When this class has not given it out.
        """
        number = self.door.number(seat)
        if not number:
            raise RequestRefusedError(401, "Please join the class first.")
        return number

    async def act(self, number: str, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Do what a person asks for in an exercise, and return the page that follows."""
        self.acting.take(number)
        part, index = self.room.part(sent.get("exercise"), sent.get("index"))
        message, author = sent.get("message"), _author(sent)
        if not isinstance(message, dict):
            raise RequestRefusedError(400, "That is nothing this page can read.")
        await self._speaks(number, author.who)
        looks = message.get("act") == "look"
        page, new = await self.apart(self._answered, part, index, author.key, message, looks=looks)
        if new:
            self.presence.ring(part.name)
        return page

    async def withdraw_all(self, number: str, sent: Mapping[str, Any]) -> dict[str, str]:
        """Delete everything that was said with a key."""
        self.acting.take(number)
        author = _author(sent)
        done = await self.apart(self.room.store.withdraw_all, author.key)
        self.room.forget()
        self._ring_all()
        for path in done.copies:
            self.tell(f"May still hold what was withdrawn; make it anew or remove it: {path}")
        count = len(done.withdrawals)
        return {"told": f"Withdrawn: {count}. Only that something was withdrawn is left, and when."}

    async def watch(self) -> None:
        """Notice who has left, and what other programs add to the store; until the class ends."""
        while not self.presence.closed:
            for who in self.presence.gone():
                await self._leave(who)
            if await self.apart(self._changed):
                self._ring_all()
            await asyncio.sleep(WATCH_INTERVAL_S)

    async def apart(self, do: Callable[..., T], *given: object, looks: bool = False) -> T:
        """Do something that takes its time beside the event loop, a few things at once.

        Raises
        ------
        RefusedError
            When the disk is full or the like; whoever runs the class is told what.
        """
        if looks not in self._threads:
            self._threads[looks] = CapacityLimiter(THREADS[looks])
        try:
            return await anyio.to_thread.run_sync(partial(do, *given), limiter=self._threads[looks])
        except DataError as error:
            self.tell(str(error))
            raise RequestRefusedError(507, NOT_KEPT) from error

    def _changed(self) -> bool:
        """Say whether another program has changed the store."""
        before, self._stamp = self._stamp, self.room.store.stamp
        return self._stamp != before

    async def mine(self, number: str, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was said with a key, as a file that `retrain-kit merge` takes."""
        self.acting.take(number)
        return await self.apart(takeaway, [self.room.store], [_author(sent).key])

    def _answered(
        self, part: Activity, index: int, key: str, message: Mapping[str, Any]
    ) -> tuple[dict[str, Any], bool]:
        before = self.room.store.stamp
        page = part.answer(index, key, message)
        self._stamp = self.room.store.stamp
        return page, self._stamp != before

    async def _speaks(self, number: str, who: str) -> None:
        before = self.presence.speaks(number, who)
        if before:
            await self._leave(before)

    async def _leave(self, who: str) -> None:
        for part in self.room.parts:
            await self.apart(part.session.leave, who)
        self._ring_all()

    def _ring_all(self) -> None:
        for part in self.room.parts:
            self.presence.ring(part.name)


def _author(sent: Mapping[str, Any]) -> Author:
    key = sent.get("key")
    try:
        return Author(key if isinstance(key, str) else "")
    except ParameterError as error:
        raise RequestRefusedError(400, str(error)) from None
