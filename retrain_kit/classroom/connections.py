"""Connections: how many a class keeps open, how long it waits for each, and which give way to others.

uvicorn ends a connection that rests after an answer. It waits for ever for the first request, for the end
of one that has begun, and for whoever takes no answer; it limits how many it answers, not how many it holds.
Both is done here. Behind a hotspot a whole class has one address. So connections over which somebody with a
seat has asked are that seat's. The others of an address share a ceiling, and beyond it the oldest of them
that is not being answered gives way to the newest. A proxy's connections are nobody's: it limits its people
itself, and asks over the same one for many of them.
"""

from __future__ import annotations

import socket
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from retrain_kit.classroom.networks import place_of, plain_ip

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable

    Client = tuple[str, int]

BEGINS, BODY, WORKS, RESTS, STUCK, ENDS = "begins", "body", "works", "rests", "stuck", "ends"
WAITS_S = {BEGINS: 10.0, BODY: 30.0, RESTS: 75.0, STUCK: 30.0, ENDS: 5.0}
"""How long for the head of a request, or the handshake; for its body; for another one; for an answer to be
taken; for the end. An answer may take its time."""
MAX_CONNECTIONS = 4_000
MAX_STRANGERS = 600
"""How many connections an address may have over which nobody with a seat has asked, at most."""
MAX_OF_SEAT = 12
RESERVED_FILES = 128
"""So many files are left for the answers and for whatever else is open."""
_BETWEEN_LOOKS_S = 0.2
_MAX_AT_ONCE = 16
"""So many connections are taken before those that are here are read: nobody gives way whose request waits."""
FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
    b"Too many connections are open. Try again in a moment; nothing is lost.\n"
)


@dataclass(eq=False)
class Connection:
    """A connection: what it is doing, since when, and whose it is as far as that is known."""

    socket: socket.socket
    client: Client
    since: float
    place: str = ""
    is_proxy: bool = False
    phase: str = BEGINS
    seat: str = ""
    transport: asyncio.Transport | None = None

    @property
    def gives_way(self) -> bool:
        """Whether nothing is being answered over it."""
        return self.phase != WORKS

    @property
    def is_gone(self) -> bool:
        """Whether it is closed, as where an encrypted one never came about."""
        return self.socket.fileno() < 0

    def end(self) -> None:
        """End it at once."""
        if self.transport:
            self.transport.abort()
            return
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


@dataclass
class Connections:
    """The connections of a class; used in the event loop alone.

    Parameters
    ----------
    most
        How many may be open.
    strangers
        How many of an address over which nobody with a seat has asked.
    counts
        How many were refused, gave way, or were too slow.
    is_proxy
        Says of an address whether a proxy asks from it.
    """

    most: int = MAX_CONNECTIONS
    strangers: int = MAX_STRANGERS
    is_proxy: Callable[[str], bool] = lambda _: False
    clock: Callable[[], float] = time.monotonic
    counts: Counter[str] = field(default_factory=Counter)
    _held: dict[Client, Connection] = field(default_factory=dict)
    _strangers: defaultdict[str, dict[Connection, None]] = field(default_factory=lambda: defaultdict(dict))
    _seats: defaultdict[str, dict[Connection, None]] = field(default_factory=lambda: defaultdict(dict))
    _looked: float = float("-inf")

    def __len__(self) -> int:
        return len(self._held)

    def admit(self, accepted: socket.socket, client: Client) -> Connection | None:
        """Return a connection that has come; None where there is no room, and nothing gives way."""
        place, is_proxy = place_of(client[0]), self.is_proxy(client[0])
        own = self._strangers.get(place, {})
        crowded = len(own) >= self.strangers and not is_proxy
        if len(self._held) >= self.most or crowded:
            self._drop_gone(at_least_s=_BETWEEN_LOOKS_S)
        while len(own) >= self.strangers and not is_proxy:
            if not self._give_way(own):
                self.counts["refused"] += 1
                return None
        while len(self._held) >= self.most:
            crowd = max(self._strangers.values(), key=len, default={})
            if not (self._give_way(crowd) or self._give_way(self._held.values(), RESTS)):
                self.counts["refused"] += 1
                return None
        new = Connection(accepted, client, self.clock(), place, is_proxy)
        self._held[client] = new
        self._strangers[place][new] = None
        return new

    def of_transport(self, transport: asyncio.Transport) -> Connection | None:
        """Return the connection of a transport, which is admitted now where it could not be before."""
        client = client_of(transport.get_extra_info("peername"))
        known = self._held.get(client) or self.admit(transport.get_extra_info("socket"), client)
        if known:
            known.transport = transport
        return known

    def note_seat(self, client: Client | None, seat: str) -> bool:
        """Note that somebody with a seat asks over a connection; say whether the seat has room for it."""
        known = self._held.get(client) if client else None
        if known and not known.is_proxy and known.seat != seat:
            own = self._seats.get(seat, {})
            if len(own) >= MAX_OF_SEAT and not self._give_way(own):
                return False
            self._forget(known)
            known.seat = seat
            self._held[known.client] = known
            self._seats[seat][known] = None
        return True

    def drop(self, known: Connection) -> None:
        """Forget a connection that is closed."""
        if self._held.get(known.client) is known:
            self._forget(known)

    def enter(self, known: Connection, phase: str) -> None:
        """Note what a connection is doing now."""
        if known.phase != phase:
            known.phase, known.since = phase, self.clock()

    def sweep(self) -> None:
        """End what takes too long."""
        self._drop_gone()
        now = self.clock()
        for known in [*self._held.values()]:
            if now - known.since > WAITS_S.get(known.phase, float("inf")):
                self.counts["slow"] += known.phase != RESTS
                known.end()
                self.drop(known)

    def _give_way(self, among: Iterable[Connection], *phases: str) -> bool:
        """End the oldest of some connections that gives way; say whether there was one."""
        found = next(
            (each for each in among if each.phase in phases or (not phases and each.gives_way)), None
        )
        if found:
            self.counts["gave way"] += 1
            found.end()
            self.drop(found)
        return bool(found)

    def _forget(self, known: Connection) -> None:
        del self._held[known.client]
        for groups, name in ((self._strangers, known.place), (self._seats, known.seat)):
            groups[name].pop(known, None)
            if not groups[name]:
                del groups[name]

    def _drop_gone(self, at_least_s: float = 0) -> None:
        """Forget what is closed, unless that was done a moment ago."""
        if self.clock() - self._looked < at_least_s:
            return
        self._looked = self.clock()
        for known in [each for each in self._held.values() if each.is_gone]:
            self._forget(known)


def client_of(peer: tuple[Any, ...]) -> Client:
    """Return the address and the port from which somebody asks."""
    return plain_ip(peer[0]), peer[1]


class ClassListener(socket.socket):
    """A listening socket that takes no more than there is room for, before anything is read.

    Parameters
    ----------
    listener
        A socket that listens; this one goes on in its place.
    """

    def __init__(self, listener: socket.socket, connections: Connections) -> None:
        super().__init__(fileno=listener.detach())
        self.connections = connections
        self._taken = 0

    def accept(self) -> tuple[socket.socket, Any]:
        """Return a connection that there is room for; others are closed, with a word if it can be read.

        Raises
        ------
        BlockingIOError
            When there is no more, or after many: the event loop asks again.
        """
        while self._taken < _MAX_AT_ONCE:
            accepted, address = super().accept()
            self._taken += 1
            if self.connections.admit(accepted, client_of(address)):
                return accepted, address
            with suppress(OSError):
                accepted.send(FULL)
            accepted.close()
        self._taken = 0
        raise BlockingIOError


def raise_file_limit() -> int:
    """Let this process open as many files as it may; return how many connections it has room for."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return MAX_CONNECTIONS // 10
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + RESERVED_FILES
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
    room = wanted if soft == resource.RLIM_INFINITY else soft
    return max(RESERVED_FILES, min(room, wanted) - RESERVED_FILES)


class ClassProtocol(H11Protocol):
    """HTTP, with what a connection is doing noted in `held`."""

    held: Connections
    _known: Connection | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection that there is room for."""
        super().connection_made(transport)
        self.client = client_of(transport.get_extra_info("peername"))
        self._known = self.held.of_transport(transport)
        if not self._known:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        if self._known:
            self.held.drop(self._known)
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Note where a request is, after what has come of it."""
        super().handle_events()
        self._note()

    def on_response_complete(self) -> None:
        """Note that another request may come."""
        super().on_response_complete()
        self._note()

    def pause_writing(self) -> None:
        """Note that what is answered is not taken."""
        super().pause_writing()
        self._enter(STUCK)

    def resume_writing(self) -> None:
        """Note that it is taken again."""
        super().resume_writing()
        self._enter(WORKS)
        self._note()

    def _note(self) -> None:
        if not self.flow.write_paused:
            self._enter(self._phase())

    def _phase(self) -> str:
        ours, theirs = self.conn.our_state, self.conn.their_state
        if theirs is h11.IDLE:
            return RESTS if self.cycle and not self.conn.trailing_data[0] else BEGINS
        if self.transport.is_closing() or ours not in (h11.SEND_RESPONSE, h11.SEND_BODY):
            return ENDS
        return BODY if theirs is h11.SEND_BODY else WORKS

    def _enter(self, phase: str) -> None:
        if self._known:
            self.held.enter(self._known, phase)
