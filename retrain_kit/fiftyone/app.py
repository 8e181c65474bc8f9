"""FiftyOne's App, on this machine alone: opened from a notebook, or served until the command is ended.

It listens on the loopback address alone, behind a guard (`app_guard`) that answers only this machine's own
pages and lets the App's page ask no other host. Under JupyterHub, as on Binder, it is reached through the
hub's own proxy, which asks who is there.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import quote

import requests

from retrain_kit.errors import DatabaseError, Fault, ParameterError
from retrain_kit.fiftyone import answers, app_guard, database
from retrain_kit.fiftyone.app_guard import HOST, HUB_PREFIX_VARIABLE
from retrain_kit.fiftyone.library import fo

if TYPE_CHECKING:
    from collections.abc import Iterator

PORT = 5151
_PAUSE_S, _PATIENCE_S = 0.1, 10
_STRANGER = "retrain-kit.invalid"
_REFUSED = 400


def open_app(dataset: Any, port: int = PORT, *, browser: bool = True) -> fo.Session:  # noqa: ANN401 - FiftyOne has no types
    """Open a dataset or a view in the App; it ends with this program.

    Parameters
    ----------
    dataset
        A FiftyOne dataset or view.
    port
        Where the App listens.
    browser
        Whether to open a browser's window; in a notebook the App opens in the page.

    Raises
    ------
    DatabaseError
        When the App does not start, or one without the guard is at that port.
    """
    database.ensure_running()
    answers.strike_remembered()
    if not _app_answers(port):
        atexit.register(_end, _start_guarded(port)[1])
    elif not _is_guarded(port):
        do = "End it, or choose another port with port=."
        raise DatabaseError(Fault(_where(port), "an App without the kit's guard", "a free port", do))
    config = fo.app_config.copy()
    if prefix := os.environ.get(HUB_PREFIX_VARIABLE):
        config.proxy_url = proxy_url(prefix, port)
    remote = not browser and not _in_notebook()
    return fo.launch_app(dataset, port=port, address=HOST, remote=remote, config=config)


@contextmanager
def running_app(port: int = PORT) -> Iterator[RunningApp]:
    """Give the App for the block, served at a port; 0 takes a free one.

    Raises
    ------
    ParameterError
        When the port is not free.
    DatabaseError
        When the App does not start.
    """
    database.ensure_running()
    if port and _is_taken(port):
        raise ParameterError(
            Fault("port", f"{port}, which is in use", "a free one", "Choose it with --port.")
        )
    port, server = _start_guarded(port)
    try:
        yield RunningApp(port, server)
    finally:
        _end(server)


class RunningApp:
    """The App, served by a program of its own.

    Parameters
    ----------
    port
        Where it listens.
    server
        The program.
    """

    def __init__(self, port: int, server: subprocess.Popen[bytes]) -> None:
        self.port, self._server = port, server

    def address_of(self, dataset: fo.Dataset) -> str:
        """Return where a browser finds a dataset; under a hub, through its proxy."""
        prefix = os.environ.get(HUB_PREFIX_VARIABLE)
        begin = proxy_url(prefix, self.port) if prefix else f"http://{HOST}:{self.port}/"
        return f"{begin}datasets/{quote(dataset.name)}"

    def wait(self) -> None:
        """Wait until the program ends.

        Raises
        ------
        DatabaseError
            When it ends by itself: nobody has asked it to.
        """
        self._server.wait()
        raise DatabaseError(Fault(_where(self.port), "a server that ended", "one that answers"))


def _start_guarded(port: int) -> tuple[int, subprocess.Popen[bytes]]:
    """Start the App's server behind the guard; return where it listens and its program, once it answers.

    It takes a free port for 0, and ends when this program does.

    Raises
    ------
    DatabaseError
        When it does not start.
    """
    server = subprocess.Popen(
        [sys.executable, "-m", app_guard.__name__, str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        with cast("IO[bytes]", server.stdout) as told:
            port = int(told.readline() or port)
        while server.poll() is None:
            if _app_answers(port):
                return port, server
            time.sleep(_PAUSE_S)
    except BaseException:
        _end(server)
        raise
    do = "Is the port free? Choose another with port=."
    raise DatabaseError(Fault(_where(port), "a server that ended", "one that answers", do))


def _end(server: subprocess.Popen[bytes]) -> None:
    """End a server: it is asked to, and killed where it does not listen."""
    server.terminate()
    try:
        server.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _where(port: int) -> str:
    return f"FiftyOne's App, port {port}"


def _app_answers(port: int) -> bool:
    try:
        return requests.get(f"http://{HOST}:{port}/fiftyone", timeout=_PATIENCE_S).ok
    except requests.RequestException:
        return False


def _is_guarded(port: int) -> bool:
    """Whether the App at a port refuses who asks under a stranger's name; a hub's proxy does so for it."""
    if os.environ.get(HUB_PREFIX_VARIABLE):
        return True
    asked = {"Host": _STRANGER}
    try:
        answer = requests.get(f"http://{HOST}:{port}/fiftyone", headers=asked, timeout=_PATIENCE_S)
    except requests.RequestException:
        return False
    return answer.status_code == _REFUSED


def _is_taken(port: int) -> bool:
    """Whether a program listens at a port of the loopback address, or of all addresses."""
    with socket.socket() as asked:
        return asked.connect_ex((HOST, port)) == 0


def proxy_url(prefix: str, port: int) -> str:
    """Return where jupyter-server-proxy shows a port, below the hub's prefix for a user."""
    return f"{prefix.rstrip('/')}/proxy/{port}/"


def _in_notebook() -> bool:
    return bool(fo.core.context.is_notebook_context())
