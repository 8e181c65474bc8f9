"""Receiving one file from the web: verified, never twice, and continued where it was cut.

A file comes into a partial file beside its place and gets its name when it is whole and is what its
digests say. Whatever ends a process leaves the partial file, and the next one continues it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests
from urllib3.exceptions import HTTPError

from retrain_kit.errors import DataError, Fault
from retrain_kit.transfer import asking
from retrain_kit.transfer.asking import AGAIN
from retrain_kit.transfer.partials import Partial, alone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrain_kit.transfer.asking import Web
    from retrain_kit.transfer.partials import Origin

Progress = Callable[[int, int | None], object]
"""Called with how many bytes are here, and how many there will be, where that is known."""

_CHUNK_BYTES = 1 << 15


@dataclass(frozen=True)
class Target:
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


def receive(web: Web, target: Target, progress: Progress) -> None:
    """Bring a file to its place, or leave it alone where it is there.

    Raises
    ------
    DataError
        When it could not be fetched, or is not what its digest says.
    """
    with _storing(target.path):
        if not _is_here(target):
            with alone(target.path):
                if not _is_here(target):
                    _download(web, target, progress)
        size_bytes = target.path.stat().st_size
    progress(size_bytes, size_bytes)


@contextmanager
def _storing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        do = f"Free some space, or choose another folder. {AGAIN}"
        found = error.strerror or str(error)
        raise DataError(Fault(str(path), found, "a file that can be written", do)) from error


def _is_here(target: Target) -> bool:
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


def _download(web: Web, target: Target, progress: Progress) -> None:
    partial = Partial(target.path)
    best = cuts = 0
    while not (origin := _take(web, target, partial, progress)):
        here = partial.size_bytes
        cuts = 0 if here > best else cuts + 1
        best = max(best, here)
        if cuts > web.patience.times:
            found = f"a connection that is cut again and again, the last time after {here} bytes"
            raise DataError(Fault(target.url, found, "the whole file", AGAIN))
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


def _take(web: Web, target: Target, partial: Partial, progress: Progress) -> Origin | None:
    """Ask for what is not here yet; return where the file comes from when it is whole, None when cut."""
    origin, here = partial.origin(target.url), partial.size_bytes
    if origin and origin.size_bytes == here:
        return origin
    headers = {"Range": f"bytes={here}-", "If-Range": origin.validator} if origin and here else {}
    with web.ask("GET", target.url, headers) as response:
        if not (origin and headers and asking.continues(response, origin, here)):
            partial.drop()
            if response.status_code != requests.codes.ok:
                return None
            origin = asking.origin(target.url, response)
            partial.begin(origin)
        return origin if _write(response, partial, origin, progress) else None


def _write(
    response: requests.Response,
    partial: Partial,
    origin: Origin,
    progress: Progress,
) -> bool:
    """Write what comes; say whether it is whole then."""
    try:
        with partial.open() as file:
            for chunk in response.raw.stream(_CHUNK_BYTES, decode_content=asking.encoded(response)):
                file.write(chunk)
                progress(file.tell(), origin.size_bytes)
    except HTTPError:
        return False
    return origin.size_bytes in (None, partial.size_bytes)
