"""The classroom: what the people of a class may ask for, and what they are told."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

from retrain_kit.answers import Author
from retrain_kit.answers.takeaway import takeaway
from retrain_kit.classroom import signing
from retrain_kit.classroom.connections import Connections
from retrain_kit.classroom.door import Door
from retrain_kit.classroom.limits import RateLimit, RequestRefusedError, parsed_json
from retrain_kit.classroom.moderation import Moderation
from retrain_kit.classroom.notices import Notices
from retrain_kit.classroom.presence import Presence
from retrain_kit.errors import DataError
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from retrain_kit.answers import Key
    from retrain_kit.classroom.entry import ClassEntry
    from retrain_kit.classroom.programme import Programme
    from retrain_kit.classroom.signing import Speaker
    from retrain_kit.exercises.common.activity import Activity

    T = TypeVar("T")

LOOKS, ACTS, LARGE = "looks", "acts", "large"
THREADS: Mapping[str, int] = {LOOKS: 2, ACTS: 4, LARGE: 1}
"""How many things are done at a time, each lane beside the others: looks, of which there are many; what
people say; and what is long, as a recording."""
SMALL_BYTES = 24_000
"""Of an act that is done among the small ones, and parsed at once."""
MAX_LARGE_BYTES = 100_000_000
"""Of all that is long and comes at the same time."""
TOO_MUCH = marked(
    "Your page has sent more than a class can take in a few minutes. Wait a while, then try again; "
    "nothing is lost."
)
BUSY = marked("Many people send something long now. Wait a moment, then try again; nothing is lost.")
OTHER_IMAGES = marked("The teacher has chosen other images; they come in a moment. Nothing was kept.")
WATCH_INTERVAL_S = 2.0
NOT_KEPT = marked("It could not be kept; nothing was changed. Tell whoever runs this class.")
WATCH_FAILED = "What other programs add cannot be seen at the moment; it is tried again."


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
    connections: Connections = field(default_factory=Connections)
    visits: RateLimit = field(default_factory=lambda: RateLimit(4_000, 100))
    looks: RateLimit = field(default_factory=lambda: RateLimit(240, 20))
    acts: RateLimit = field(default_factory=lambda: RateLimit(60, 4))
    sent_bytes: RateLimit = field(default_factory=lambda: RateLimit(40e6, 100e3, TOO_MUCH))
    watch_interval_s: float = WATCH_INTERVAL_S
    about_version: int = field(default_factory=lambda: secrets.randbelow(2**32))
    """Another one whenever pages have to ask anew what the class does, or how to join, as after a restart."""
    stop: Callable[[], object] = field(default=lambda: None)
    """Ends the server; whoever serves the class sets it."""
    door: Door = field(init=False)
    moderation: Moderation = field(init=False)
    notices: Notices = field(init=False)
    _threads: dict[str, CapacityLimiter] = field(default_factory=dict)
    _long: dict[str, int] = field(default_factory=dict)
    _stamp: str = ""

    def __post_init__(self) -> None:
        self._stamp = self.programme.store.stamp
        self.notices = Notices(self.warn)
        self.door = Door(self.entry, self.notices)
        self.moderation = Moderation(self.programme.store, self.programme.activities)

    @property
    def strain(self) -> dict[str, Any]:
        """What whoever runs the class should know: wrong codes, and what was refused."""
        counts = self.connections.counts
        return {**self.door.state, "connections": len(self.connections), **counts}

    @contextmanager
    def taking(self, number: str, length: int) -> Iterator[None]:
        """Let somebody at a seat send something; what is long, one thing at a time, and not too much of all.

        Raises
        ------
        RequestRefusedError
            When they send too often or too much, or many others send something long.
        """
        self.acts.take(number)
        self.sent_bytes.take(number, length)
        if length <= SMALL_BYTES:
            yield
            return
        if number in self._long or sum(self._long.values()) + length > MAX_LARGE_BYTES:
            raise RequestRefusedError(429, gettext(BUSY))
        self._long[number] = length
        try:
            yield
        finally:
            del self._long[number]

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
            raise RequestRefusedError(401, gettext("Please join the class first."))
        return number

    async def parsed(self, data: bytes) -> dict[str, Any]:
        """Return the JSON object of a request; what is long is parsed beside the event loop."""
        if len(data) <= SMALL_BYTES:
            return parsed_json(data)
        return await self.run_in_thread(parsed_json, data, lane=LARGE)

    async def act(self, number: str, host: str, data: bytes) -> dict[str, Any]:
        """Do what a person asks for in an exercise, and return the page that follows."""
        sent = await self.parsed(data)
        activity, index = self.programme.activity(sent.get("exercise"), sent.get("index"))
        if sent.get("version", "") not in {"", self.programme.version_of(activity)}:
            raise RequestRefusedError(409, gettext(OTHER_IMAGES))
        message, who = sent.get("message"), signing.speaker(sent, host, number)
        if not isinstance(message, dict):
            raise RequestRefusedError(400, gettext("That is nothing this page can read."))
        await self._note_speaker(number, who.author.who)
        lane = LOOKS if message.get("act") == "look" else _lane(data)
        if activity.session.is_slow(message):
            lane = LARGE
        page, new = await self.run_in_thread(self._answered, activity, index, who, message, number, lane=lane)
        if new:
            self.presence.notify(activity.name)
        return page

    async def piece(self, number: str, name: object, message: Mapping[str, Any]) -> dict[str, Any]:
        """Take a piece of a file that somebody gives, and ask for the next."""
        activity, index = self.programme.activity(name, 0)
        page = await self.run_in_thread(activity.answer, index, "", message, number, lane=LARGE)
        return {"fault": page["fault"]} if "index" in page else page

    async def withdraw_all(self, number: str, host: str, data: bytes) -> dict[str, Any]:
        """Delete everything that was said with a key."""
        sent = await self.parsed(data)
        who, withdraw = signing.speaker(sent, host, number), self.programme.store.withdraw_all
        done = await self.run_in_thread(
            signing.done_or_asked, withdraw, who, who.author.key, lane=_lane(data)
        )
        if isinstance(done, dict):
            return done
        await self.run_in_thread(self.moderation.forget, who.author.who)
        self.programme.forget()
        self.notify_all()
        count = len(done.withdrawals)
        return {
            "told": gettext(
                "Withdrawn: {count}. Only that something was withdrawn is left, and when.", count=count
            )
        }

    async def watch(self) -> None:
        """Notice who has left, and what other programs add to the store; until the class ends.

        A look that fails is told once, and tried again.
        """
        failing, shut = False, list[str]()
        while not self.presence.closed:
            looks = [*(self._leave(who) for who in self.presence.take_left()), self._look()]
            errors = [error for look in looks if (error := await _error_of(look))]
            if errors and not failing:
                self.notices(f"{WATCH_FAILED} {errors[0]}")
            failing = bool(errors)
            self.notices.tick()
            if self.moderation.is_past:
                self.stop()
            before, shut = shut, self.door.state["shut"]
            if shut != before:
                self.presence.notify()
            await asyncio.sleep(self.watch_interval_s)

    async def _look(self) -> None:
        if await anyio.to_thread.run_sync(self._changed):
            self.notify_all()
        for reached in await anyio.to_thread.run_sync(self.programme.store.take_reached):
            for path in reached.deleted:
                self.notices(f"Deleted, since it held what was withdrawn; make it anew: {path}")
            for left in reached.remaining:
                self.notices(f"May still hold what was withdrawn; make it anew or remove it: {left}")

    async def run_in_thread(self, do: Callable[..., T], *given: object, lane: str = ACTS) -> T:
        """Do something that takes its time beside the event loop, a few things at once.

        Raises
        ------
        RequestRefusedError
            When the disk is full or the like; whoever runs the class is told what.
        """
        if lane not in self._threads:
            self._threads[lane] = CapacityLimiter(THREADS[lane])
        try:
            return await anyio.to_thread.run_sync(partial(do, *given), limiter=self._threads[lane])
        except DataError as error:
            self.notices(str(error))
            raise RequestRefusedError(507, gettext(NOT_KEPT)) from error

    def _changed(self) -> bool:
        """Say whether another program has changed the store."""
        before, self._stamp = self._stamp, self.programme.store.stamp
        return self._stamp != before

    async def own_answers(self, number: str, host: str, data: bytes) -> dict[str, Any]:
        """Return what was said with a key, as a file that `retrain-kit merge` takes."""
        who = signing.speaker(await self.parsed(data), host, number)
        keys, stores = [who.author.key], [self.programme.store]
        return await self.run_in_thread(signing.done_or_asked, takeaway, who, stores, keys, lane=_lane(data))

    def _answered(
        self, activity: Activity, index: int, who: Speaker, message: Mapping[str, Any], number: str
    ) -> tuple[dict[str, Any], bool]:
        before = self.programme.store.stamp
        with self.moderation.taking(activity, message):
            page = signing.done_or_asked(self._allowed, who, activity, index, who.author.key, message, number)
        self.moderation.annotate(activity, who.author.who, page)
        self._stamp = self.programme.store.stamp
        return page, self._stamp != before

    def _allowed(
        self, activity: Activity, index: int, key: Key, message: Mapping[str, Any], number: str
    ) -> dict[str, Any]:
        """Do what a person asks for, unless the teacher has it paused or closed and it is new."""
        refusal, once = self.moderation.refusal(activity, message), message.get("once")
        known = isinstance(once, str) and self.programme.store.was_kept(once, key) if refusal else False
        if refusal and not known:
            raise RequestRefusedError(409, gettext(refusal))
        return activity.answer(index, key, message, number)

    async def _note_speaker(self, number: str, who: str) -> None:
        before = self.presence.note_speaker(number, who)
        if before:
            await self._leave(before)

    async def _leave(self, who: str) -> None:
        for activity in self.programme.activities:
            await self.run_in_thread(activity.session.leave, who)
        self.notify_all()

    def notify_all(self, *, urgent: bool = False) -> None:
        """Tell all pages that something is new in every exercise."""
        for activity in self.programme.activities:
            self.presence.notify(activity.name, urgent=urgent)


def _lane(data: bytes) -> str:
    return ACTS if len(data) <= SMALL_BYTES else LARGE


async def _error_of(done: Awaitable[None]) -> Exception | None:
    """Wait for something and return the error that it ends in, whichever it is; None where all is well."""
    try:
        await done
    except Exception as error:  # noqa: BLE001 - the class goes on and tries again
        return error
    return None
