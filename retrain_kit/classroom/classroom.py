"""The classroom: what the people of a class may ask for, and what they are told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

from retrain_kit.answers import Author
from retrain_kit.answers.takeaway import takeaway
from retrain_kit.classroom import signing
from retrain_kit.classroom.limits import RateLimit, RequestRefusedError
from retrain_kit.classroom.presence import Presence
from retrain_kit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from retrain_kit.classroom.entry import ClassEntry
    from retrain_kit.classroom.programme import Programme
    from retrain_kit.classroom.signing import Speaker
    from retrain_kit.exercises.common.activity import Activity

    T = TypeVar("T")

THREADS: Mapping[bool, int] = {False: 4, True: 2}
"""How many things are done at a time; looks, of which there are many, beside all others."""
WATCH_INTERVAL_S = 2.0
NOT_KEPT = "It could not be kept; nothing was changed. Tell whoever runs this class."
WATCH_FAILED = "What other programs add cannot be seen at the moment; it is tried again."
WRONG_CODE = "That is not the code of this class. It stands on the wall, below the address."


@dataclass
class Classroom:
    """A class at work.

    Parameters
    ----------
    programme
        What it does.
    entry
        Who may come in.
    warn
        Told what whoever runs the class should know.
    """

    programme: Programme
    entry: ClassEntry
    warn: Callable[[str], object] = print
    presence: Presence = field(default_factory=Presence)
    wrong_codes_by_address: RateLimit = field(default_factory=lambda: RateLimit(10, 0.2))
    wrong_codes: RateLimit = field(default_factory=lambda: RateLimit(200, 2))
    joins: RateLimit = field(default_factory=lambda: RateLimit(600, 10))
    acts: RateLimit = field(default_factory=lambda: RateLimit(60, 4))
    watch_interval_s: float = WATCH_INTERVAL_S
    _threads: dict[bool, CapacityLimiter] = field(default_factory=dict)
    _stamp: str = ""

    def __post_init__(self) -> None:
        self._stamp = self.programme.store.stamp

    def join(self, typed: object, address: str) -> dict[str, str]:
        """Return a seat, to whoever has the code.

        Raises
        ------
        RequestRefusedError
            When the code is another, or was so too often.
        """
        if not (self.wrong_codes_by_address.has_room(address) and self.wrong_codes.has_room("")):
            raise RequestRefusedError(
                429, "Too many codes that were not this class's. Wait a minute, then try again."
            )
        self.joins.take(address)
        if not (isinstance(typed, str) and self.entry.code_is_right(typed)):
            self.wrong_codes_by_address.take(address)
            self.wrong_codes.take("")
            raise RequestRefusedError(403, WRONG_CODE)
        return {"seat": self.entry.new_seat()}

    def person(self, typed: object) -> dict[str, str]:
        """Return the key and the pseudonym of a person: a new one, or whose key was typed.

        Only a page that cannot sign asks for it.

        Raises
        ------
        ParameterError
            When it is no key.
        """
        author = Author(typed) if typed and isinstance(typed, str) else Author.new()
        return {"key": author.key, "who": author.who}

    def seat_number(self, seat: str) -> str:
        """Return the number of a seat.

        Raises
        ------
        RequestRefusedError
            When this class has not given it out.
        """
        number = self.entry.seat_number(seat)
        if not number:
            raise RequestRefusedError(401, "Please join the class first.")
        return number

    async def act(self, number: str, host: str, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Do what a person asks for in an exercise, and return the page that follows."""
        self.acts.take(number)
        activity, index = self.programme.activity(sent.get("exercise"), sent.get("index"))
        message, who = sent.get("message"), signing.speaker(sent, host, number)
        if not isinstance(message, dict):
            raise RequestRefusedError(400, "That is nothing this page can read.")
        await self._note_speaker(number, who.author.who)
        is_look = message.get("act") == "look"
        page, new = await self.run_in_thread(self._answered, activity, index, who, message, is_look=is_look)
        if new:
            self.presence.notify(activity.name)
        return page

    async def withdraw_all(self, number: str, host: str, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Delete everything that was said with a key."""
        self.acts.take(number)
        who, withdraw = signing.speaker(sent, host, number), self.programme.store.withdraw_all
        done = await self.run_in_thread(signing.done_or_asked, withdraw, who, who.author.key)
        if isinstance(done, dict):
            return done
        self.programme.forget()
        self._notify_all()
        count = len(done.withdrawals)
        return {"told": f"Withdrawn: {count}. Only that something was withdrawn is left, and when."}

    async def watch(self) -> None:
        """Notice who has left, and what other programs add to the store; until the class ends.

        A look that fails is told once, and tried again.
        """
        failing = False
        while not self.presence.closed:
            looks = [*(self._leave(who) for who in self.presence.take_left()), self._look()]
            errors = [error for look in looks if (error := await _error_of(look))]
            if errors and not failing:
                self.warn(f"{WATCH_FAILED} {errors[0]}")
            failing = bool(errors)
            await asyncio.sleep(self.watch_interval_s)

    async def _look(self) -> None:
        if await anyio.to_thread.run_sync(self._changed):
            self._notify_all()
        for reached in await anyio.to_thread.run_sync(self.programme.store.take_reached):
            for path in reached.deleted:
                self.warn(f"Deleted, since it held what was withdrawn; make it anew: {path}")
            for left in reached.remaining:
                self.warn(f"May still hold what was withdrawn; make it anew or remove it: {left}")

    async def run_in_thread(self, do: Callable[..., T], *given: object, is_look: bool = False) -> T:
        """Do something that takes its time beside the event loop, a few things at once.

        Raises
        ------
        RequestRefusedError
            When the disk is full or the like; whoever runs the class is told what.
        """
        if is_look not in self._threads:
            self._threads[is_look] = CapacityLimiter(THREADS[is_look])
        try:
            return await anyio.to_thread.run_sync(partial(do, *given), limiter=self._threads[is_look])
        except DataError as error:
            self.warn(str(error))
            raise RequestRefusedError(507, NOT_KEPT) from error

    def _changed(self) -> bool:
        """Say whether another program has changed the store."""
        before, self._stamp = self._stamp, self.programme.store.stamp
        return self._stamp != before

    async def own_answers(self, number: str, host: str, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was said with a key, as a file that `retrain-kit merge` takes."""
        self.acts.take(number)
        who = signing.speaker(sent, host, number)
        keys, stores = [who.author.key], [self.programme.store]
        return await self.run_in_thread(signing.done_or_asked, takeaway, who, stores, keys)

    def _answered(
        self, activity: Activity, index: int, who: Speaker, message: Mapping[str, Any]
    ) -> tuple[dict[str, Any], bool]:
        before = self.programme.store.stamp
        page = signing.done_or_asked(activity.answer, who, index, who.author.key, message)
        self._stamp = self.programme.store.stamp
        return page, self._stamp != before

    async def _note_speaker(self, number: str, who: str) -> None:
        before = self.presence.note_speaker(number, who)
        if before:
            await self._leave(before)

    async def _leave(self, who: str) -> None:
        for activity in self.programme.activities:
            await self.run_in_thread(activity.session.leave, who)
        self._notify_all()

    def _notify_all(self) -> None:
        for activity in self.programme.activities:
            self.presence.notify(activity.name)


async def _error_of(done: Awaitable[None]) -> Exception | None:
    """Wait for something and return the error that it ends in, whichever it is; None where all is well."""
    try:
        await done
    except Exception as error:  # noqa: BLE001 - the class goes on and tries again
        return error
    return None
