"""Fetching files from the web, one or many: politely, with a progress bar, all faults together."""

from __future__ import annotations

import functools
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tqdm.auto import tqdm

from retrain_kit.errors import DataError, Fault
from retrain_kit.transfer import asking
from retrain_kit.transfer.asking import AGAIN, MissingError, Patience, SilentError, Web
from retrain_kit.transfer.receiving import Progress, Target, receive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

__all__ = ["AT_ONCE", "MissingError", "Patience", "SilentError", "Target", "fetch", "fetch_all", "size"]

AT_ONCE = 4
"""So many connections at most are open at a time."""

News = int | BaseException | None

_PATIENCE = Patience()


def size(url: str, patience: Patience = _PATIENCE) -> int | None:
    """Return how many bytes the file at `url` has, without fetching it; None where the server does not say.

    Raises
    ------
    MissingError
        When the server does not have the file, or does not give it away.
    DataError
        When the server cannot be asked.
    """
    with asking.Web(patience) as web:
        with web.ask("HEAD", url) as response:
            if response.status_code not in (405, 501):
                return asking.size(response)
        with web.ask("GET", url, {"Range": "bytes=0-0"}) as response:
            return asking.size(response)


def fetch(
    target: Target,
    progress: Progress = lambda _here, _whole: None,
    patience: Patience = _PATIENCE,
) -> Path:
    """Fetch a file, or leave it alone where it is here; return its path.

    Parameters
    ----------
    target
        The file.
    progress
        Called with how many bytes are here, and how many there will be, where that is known.
    patience
        How often a server is asked again.

    Raises
    ------
    MissingError
        When the server does not have the file, or does not give it away.
    DataError
        When it could not be fetched, or is not what its digest says; nothing has its name then.
    """
    with asking.Web(patience) as web:
        receive(web, target, progress)
    return target.path


def fetch_all(
    targets: Iterable[Target],
    *,
    at_once: int = 1,
    missing_ok: bool = False,
    patience: Patience = _PATIENCE,
) -> dict[Target, MissingError]:
    """Fetch files, with a progress bar where it takes more than a second.

    Parameters
    ----------
    targets
        The files; those that are here are left alone.
    at_once
        How many at a time: one, or up to `AT_ONCE` where they are many and small.
    missing_ok
        Whether files may be missing at their source.
    patience
        How often a server is asked again. One that stays silent is not asked for further files.

    Returns
    -------
    dict
        The files that are missing at their source, and why; empty unless `missing_ok`.

    Raises
    ------
    DataError
        With everything that went wrong. What could be fetched is here nevertheless.
    """
    targets = list(dict.fromkeys(targets))
    crew = _Crew(targets, patience)
    errors: dict[Target, DataError] = {}
    with _bar(targets) as show:
        try:
            crew.start(min(at_once, AT_ONCE))
            for target, news in crew.news():
                show(target, news)
                if isinstance(news, DataError):
                    errors[target] = news
        finally:
            crew.ending.set()
    in_order = {target: errors[target] for target in targets if target in errors}
    missing = {target: error for target, error in in_order.items() if isinstance(error, MissingError)}
    told = [error for target, error in in_order.items() if not (missing_ok and target in missing)]
    faults = [*(fault for error in told for fault in error.faults), *crew.skipped_faults()]
    if faults:
        raise DataError(*faults)
    return missing


@contextmanager
def _bar(targets: list[Target]) -> Iterator[Callable[[Target, News], None]]:
    """Give a function that shows news: in bytes where the size of all is known, else in files."""
    sizes = [target.size_bytes for target in targets]
    known = [size_bytes for size_bytes in sizes if size_bytes is not None]
    in_bytes = len(known) == len(sizes)
    total, unit = (sum(known), "B") if in_bytes else (len(targets), "file")
    here: Counter[Target] = Counter()
    with tqdm(total=total, unit=unit, unit_scale=in_bytes, desc="fetching", delay=1, leave=False) as bar:

        def show(target: Target, news: News) -> None:
            came = news - here[target] if isinstance(news, int) else 0
            here[target] += came
            bar.update(came if in_bytes else not isinstance(news, int))
            if not in_bytes:
                bar.set_postfix_str(f"{tqdm.format_sizeof(here.total())}B", refresh=False)

        yield show


class _Crew:
    """Threads that fetch files, and what they tell the one that waits for them.

    They are daemons: interrupting a program ends them in the middle, which partial files are made for.
    """

    def __init__(self, targets: list[Target], patience: Patience) -> None:
        self._patience = patience
        self._targets: SimpleQueue[Target] = SimpleQueue()
        self._told: SimpleQueue[tuple[Target, News]] = SimpleQueue()
        self._silent: set[str] = set()
        self._skipped: Counter[str] = Counter()
        self._left = len(targets)
        self.ending = threading.Event()
        for target in targets:
            self._targets.put(target)

    def start(self, members: int) -> None:
        for _ in range(members):
            threading.Thread(target=self._work, daemon=True).start()

    def news(self) -> Iterator[tuple[Target, News]]:
        """Give how many bytes of a target are here, again and again, and at its end an error or None."""
        while self._left:
            target, news = self._told.get()
            if isinstance(news, BaseException) and not isinstance(news, DataError):
                raise news
            self._left -= not isinstance(news, int)
            yield target, news

    def skipped_faults(self) -> list[Fault]:
        """Return one fault for each host that was not asked for further files, because it stayed silent."""
        expected = "a server that answers"
        return [
            Fault(host, f"no answer, and therefore {n} more not asked for", expected, AGAIN)
            for host, n in self._skipped.items()
        ]

    def _work(self) -> None:
        with Web(self._patience) as web, suppress(Empty):
            while not self.ending.is_set():
                target = self._targets.get_nowait()
                self._told.put((target, self._outcome(web, target)))

    def _outcome(self, web: Web, target: Target) -> BaseException | None:
        host = urlsplit(target.url).netloc
        if host in self._silent and not target.path.exists():
            self._skipped[host] += 1
            return None
        try:
            receive(web, target, functools.partial(self._tell, target))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            if isinstance(error, SilentError):
                self._silent.add(host)
            return error
        return None

    def _tell(self, target: Target, here: int, _whole: int | None) -> None:
        if self.ending.is_set():
            raise _EndedError
        self._told.put((target, here))


class _EndedError(Exception):
    """Nobody waits for the files any more."""
