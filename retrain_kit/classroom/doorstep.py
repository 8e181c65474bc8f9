"""The doorstep: one port for what is encrypted and for what is not yet.

Who types an address without `https` asks in the open. The first byte tells: that of a handshake is 22, that
of a request a letter. It is looked at and left where it is; then the connection goes to whom it is for.
Whoever sends none waits here, and costs a socket alone.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from retrain_kit.classroom.connections import ClassListener

HANDSHAKE = b"\x16"
_PAUSE_S = 1.0
"""How long no more are taken, where this machine has no room for them."""


@dataclass
class Doorstep:
    """Where connections come in.

    Parameters
    ----------
    listener
        The socket that listens.
    context
        How what is encrypted is.
    encrypted, plain
        Who takes a connection of either kind.
    """

    listener: ClassListener
    context: ssl.SSLContext
    encrypted: Callable[[], asyncio.Protocol]
    plain: Callable[[], asyncio.Protocol]
    _waiting: set[socket.socket] = field(default_factory=set)
    _handed: set[asyncio.Task[None]] = field(default_factory=set)
    _pause: asyncio.TimerHandle | None = None

    def open(self) -> None:
        """Take connections from now on; a `NotImplementedError` where the loop cannot look at sockets."""
        self.listener.settimeout(0)
        asyncio.get_running_loop().add_reader(self.listener, self._take)

    def close(self) -> None:
        """Take no more, and end those that have said nothing."""
        asyncio.get_running_loop().remove_reader(self.listener)
        if self._pause:
            self._pause.cancel()
        for waiting in [*self._waiting]:
            self._leave(waiting)
            waiting.close()

    def _take(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, _ = self.listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:  # No more files may be open.
                loop.remove_reader(self.listener)
                self._pause = loop.call_later(_PAUSE_S, self.open)
                return
            accepted.settimeout(0)
            self._waiting.add(accepted)
            loop.add_reader(accepted, self._look, accepted)

    def _look(self, accepted: socket.socket) -> None:
        try:
            first = accepted.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            first = b""
        self._leave(accepted)
        if not first:
            accepted.close()
            return
        handed = asyncio.get_running_loop().create_task(self._hand(accepted, first == HANDSHAKE))
        self._handed.add(handed)
        handed.add_done_callback(self._handed.discard)

    def _leave(self, accepted: socket.socket) -> None:
        asyncio.get_running_loop().remove_reader(accepted)
        self._waiting.discard(accepted)

    async def _hand(self, accepted: socket.socket, is_encrypted: bool) -> None:  # noqa: FBT001 - private
        loop = asyncio.get_running_loop()
        with suppress(
            OSError
        ):  # Of a handshake that did not come about, nobody needs to know; ssl's are of these.
            if is_encrypted:
                await loop.connect_accepted_socket(self.encrypted, accepted, ssl=self.context)
            else:
                await loop.connect_accepted_socket(self.plain, accepted)
