"""Ports: one for a program that is told where to listen, and where programs do listen."""

import getpass
import random
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

FROM, MANY = 20_000, 10_000
"""Below the ports that systems give to whoever asks for any, and to those who connect."""

_held = []


def free_port():
    """Return a port at which nobody listens, and which no other test gets until this process ends."""
    folder = Path(tempfile.gettempdir()) / f"retrain-kit-ports-{getpass.getuser()}"
    folder.mkdir(exist_ok=True)
    for port in random.SystemRandom().sample(range(FROM, FROM + MANY), MANY):
        lock = FileLock(folder / f"{port}.lock")
        with suppress(Timeout, OSError):
            lock.acquire(blocking=False)
            _held.append(lock)
            socket.create_server(("127.0.0.1", port)).close()
            return port
    raise AssertionError("no port is free")


def listening(process):
    """Return the addresses at which a process and all that it started listen; some may end meanwhile."""
    found = set()
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            connections = each.net_connections("inet")
            found |= {tuple(one.laddr) for one in connections if one.status == psutil.CONN_LISTEN}
    return found
