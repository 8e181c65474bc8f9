"""Fetching files from the web, one or many: politely, with a progress bar, all faults together."""

from __future__ import annotations

import functools
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from tqdm.auto import tqdm
from urllib3.exceptions import HTTPError

from retrain_kit.datasets.transfer import http
from retrain_kit.datasets.transfer.http import (
    RUN_AGAIN,
    MissingError,
    RetryPolicy,
    SilentError,
    TakenBackError,
    WebSession,
)
from retrain_kit.datasets.transfer.resume import PartialFile, exclusive_target
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from retrain_kit.datasets.transfer.resume import FileOrigin


Progress = Callable[[int, int | None], object]
"""Called with how many bytes are here, and how many there will be, where that is known."""

_CHUNK_BYTES = 1 << 15


@dataclass(frozen=True)
class DownloadTarget:
    """A file to be fetched.

    Parameters
    ----------
    url
        Where it is.
    path
        Where it goes.
    sha256, md5
        What its content must be, in hexadecimal digits; empty where nobody says so.
    size_bytes
        How large it is, for the progress bar; None where that is not known.
    """

    url: str
    path: Path
    sha256: str = ""
    md5: str = ""
    size_bytes: int | None = None

    @property
    def digests(self) -> dict[str, str]:
        """What its content must be, by algorithm."""
        stated = {"sha256": self.sha256, "md5": self.md5}
        return {algorithm: digits for algorithm, digits in stated.items() if digits}


def receive_file(web: WebSession, target: DownloadTarget, progress: Progress) -> None:
    """Bring a file to its place, or leave it alone where it is there.

    Raises
    ------
    DataError
        When it could not be fetched, or is not what its digest says.
    """
    with _storing(target.path):
        if not _is_here(target):
            with exclusive_target(target.path):
                if not _is_here(target):
                    _download(web, target, progress)
        size_bytes = target.path.stat().st_size
    progress(size_bytes, size_bytes)


@contextmanager
def _storing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        do = f"Free some space, or choose another folder. {RUN_AGAIN}"
        found = error.strerror or str(error)
        raise DataError(Fault(str(path), found, "a file that can be written", do)) from error


def _is_here(target: DownloadTarget) -> bool:
    """Say whether the file is here; raise where it is, but is not what its digest says."""
    if not target.path.exists():
        return False
    do = "It is not overwritten. Another version of the file? Move it away and run it again."
    if faults := _digest_faults(target.path, str(target.path), target.digests, do):
        raise DataError(*faults)
    return True


def _digest_faults(path: Path, where: str, expected: dict[str, str], do: str) -> list[Fault]:
    faults = []
    for algorithm, digits in expected.items():
        with path.open("rb") as file:
            found = hashlib.file_digest(file, algorithm).hexdigest()
        if found != digits.lower():
            faults.append(Fault(where, f"{algorithm} {found}", digits, do))
    return faults


def _download(web: WebSession, target: DownloadTarget, progress: Progress) -> None:
    partial = PartialFile(target.path)
    best = cuts = 0
    while not (origin := _take(web, target, partial, progress)):
        here = partial.size_bytes
        cuts = 0 if here > best else cuts + 1
        best = max(best, here)
        if cuts > web.patience.times:
            found = f"a connection that is cut again and again, the last time after {here} bytes"
            raise DataError(Fault(target.url, found, "the whole file", RUN_AGAIN))
        time.sleep(web.patience.pause_s * 2**cuts)
    do = "Nothing was kept. A damaged or another version of the file? Run it again to fetch it anew."
    faults = [
        *_digest_faults(partial.path, target.url, target.digests, do),
        *_digest_faults(partial.path, f"{target.url}, as its server says", origin.digests, do),
    ]
    if faults:
        partial.drop()
        raise DataError(*faults)
    partial.finish()


def _take(
    web: WebSession, target: DownloadTarget, partial: PartialFile, progress: Progress
) -> FileOrigin | None:
    """Ask for what is not here yet; return where the file comes from when it is whole, None when cut."""
    origin, here = partial.origin(target.url), partial.size_bytes
    if origin and origin.size_bytes == here:
        return origin
    headers = {"Range": f"bytes={here}-", "If-Range": origin.validator} if origin and here else {}
    with web.ask("GET", target.url, headers) as response:
        if not (origin and headers and http.continues_partial(response, origin, here)):
            partial.drop()
            if response.status_code != requests.codes.ok:
                return None
            origin = http.response_origin(target.url, response)
            partial.begin(origin)
        return origin if _write(response, partial, origin, progress) else None


def _write(
    response: requests.Response,
    partial: PartialFile,
    origin: FileOrigin,
    progress: Progress,
) -> bool:
    """Write what comes; say whether it is whole then."""
    try:
        with partial.open() as file:
            for chunk in response.raw.stream(_CHUNK_BYTES, decode_content=http.is_compressed(response)):
                file.write(chunk)
                progress(file.tell(), origin.size_bytes)
    except HTTPError:
        return False
    return origin.size_bytes in (None, partial.size_bytes)


__all__ = [
    "PARALLEL_DOWNLOADS",
    "DownloadTarget",
    "MissingError",
    "RetryPolicy",
    "SilentError",
    "TakenBackError",
    "fetch_file",
    "fetch_files",
    "remote_size",
    "remote_sizes",
]

PARALLEL_DOWNLOADS = 4
"""So many connections at most are open at a time."""

News = int | BaseException | None

_PATIENCE = RetryPolicy()
_NO_PATIENCE = RetryPolicy(0, timeouts_s=(4, 8))


def remote_size(url: str, patience: RetryPolicy = _PATIENCE) -> int | None:
    """Return how many bytes the file at `url` has, without fetching it; None where the server does not say.

    Raises
    ------
    MissingError
        When the server does not have the file, or does not give it away.
    DataError
        When the server cannot be asked.
    """
    with http.WebSession(patience) as web:
        with web.ask("HEAD", url) as response:
            if response.status_code not in (405, 501):
                return http.response_size(response)
        with web.ask("GET", url, {"Range": "bytes=0-0"}) as response:
            return http.response_size(response)


def remote_sizes(urls: Iterable[str], patience: RetryPolicy = _NO_PATIENCE) -> dict[str, int | None]:
    """Return how many bytes files have, as far as their servers can be asked; None where one does not say.

    Without a network nothing is known, and that is no error. A host that does not answer is not asked again.

    Raises
    ------
    MissingError
        With all files that a server does not have, or does not give away.
    """
    silent: set[str] = set()

    def ask(url: str) -> int | DataError | None:
        host = urlsplit(url).netloc
        if host in silent:
            return SilentError(Fault(url, "no answer", "a server that answers"))
        try:
            return remote_size(url, patience)
        except SilentError as error:
            silent.add(host)
            return error
        except DataError as error:
            return error

    urls = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(PARALLEL_DOWNLOADS) as pool:
        said = dict(zip(urls, pool.map(ask, urls), strict=True))
    if faults := [fault for each in said.values() if isinstance(each, MissingError) for fault in each.faults]:
        raise MissingError(*faults)
    return {url: each for url, each in said.items() if not isinstance(each, DataError)}


def fetch_file(
    target: DownloadTarget,
    progress: Progress = lambda _here, _whole: None,
    patience: RetryPolicy = _PATIENCE,
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
    with http.WebSession(patience) as web:
        receive_file(web, target, progress)
    return target.path


def fetch_files(
    targets: Iterable[DownloadTarget],
    *,
    at_once: int = 1,
    missing_ok: bool = False,
    patience: RetryPolicy = _PATIENCE,
) -> dict[DownloadTarget, MissingError]:
    """Fetch files, with a progress bar where it takes more than a second.

    Parameters
    ----------
    targets
        The files; those that are here are left alone.
    at_once
        How many at a time: one, or up to `PARALLEL_DOWNLOADS` where they are many and small.
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
    errors: dict[DownloadTarget, DataError] = {}
    with _bar(targets) as show:
        try:
            crew.start(min(at_once, PARALLEL_DOWNLOADS))
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
def _bar(targets: list[DownloadTarget]) -> Iterator[Callable[[DownloadTarget, News], None]]:
    """Give a function that shows news: in bytes where the size of all is known, else in files."""
    sizes = [target.size_bytes for target in targets]
    known = [size_bytes for size_bytes in sizes if size_bytes is not None]
    in_bytes = len(known) == len(sizes)
    total, unit = (sum(known), "B") if in_bytes else (len(targets), "file")
    here: Counter[DownloadTarget] = Counter()
    with tqdm(total=total, unit=unit, unit_scale=in_bytes, desc="fetching", delay=1, leave=False) as bar:

        def show(target: DownloadTarget, news: News) -> None:
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

    def __init__(self, targets: list[DownloadTarget], patience: RetryPolicy) -> None:
        self._patience = patience
        self._targets: SimpleQueue[DownloadTarget] = SimpleQueue()
        self._told: SimpleQueue[tuple[DownloadTarget, News]] = SimpleQueue()
        self._silent: set[str] = set()
        self._skipped: Counter[str] = Counter()
        self._left = len(targets)
        self.ending = threading.Event()
        for target in targets:
            self._targets.put(target)

    def start(self, members: int) -> None:
        for _ in range(members):
            threading.Thread(target=self._work, daemon=True).start()

    def news(self) -> Iterator[tuple[DownloadTarget, News]]:
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
            Fault(
                host.rpartition("@")[2],
                f"no answer, and therefore {n} more not asked for",
                expected,
                RUN_AGAIN,
            )
            for host, n in self._skipped.items()
        ]

    def _work(self) -> None:
        with WebSession(self._patience) as web, suppress(Empty):
            while not self.ending.is_set():
                target = self._targets.get_nowait()
                self._told.put((target, self._outcome(web, target)))

    def _outcome(self, web: WebSession, target: DownloadTarget) -> BaseException | None:
        host = urlsplit(target.url).netloc
        if host in self._silent and not target.path.exists():
            self._skipped[host] += 1
            return None
        try:
            receive_file(web, target, functools.partial(self._tell, target))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            if isinstance(error, SilentError):
                self._silent.add(host)
            return error
        return None

    def _tell(self, target: DownloadTarget, here: int, _whole: int | None) -> None:
        if self.ending.is_set():
            raise _EndedError
        self._told.put((target, here))


class _EndedError(Exception):
    """Nobody waits for the files any more."""
