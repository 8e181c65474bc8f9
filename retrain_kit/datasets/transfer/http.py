"""Asking servers on the web, politely: again where they are busy, never faster than they wish."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

import retrain_kit
from retrain_kit.datasets.transfer.resume import FileOrigin
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

RUN_AGAIN = "Run it again: it goes on where it was."
MAX_WAIT_S = 600
"""A server that wants to be left alone for longer is given up."""

_CONNECTS = 2  # a name that nobody knows, or a closed port, seldom opens within a minute
_BUSY = (429, 500, 502, 503, 504)
_TAKEN_BACK = (404, 410)
_REFUSED = (403, 451)
_NO_HEAD = (("HEAD", 405), ("HEAD", 501))
_DIGITS = {"md5": 32, "sha256": 64}


@dataclass(frozen=True)
class RetryPolicy:
    """How often a server is asked again, and how long it is left alone before.

    Parameters
    ----------
    times
        So many times, when it is busy, does not answer, or cuts the connection without having sent more
        than before.
    pause_s
        Seconds, doubled each time; where the server says how long it wants to be left alone, that.
    timeouts_s
        How long a connection may take, and then how long an answer.
    """

    times: int = 5
    pause_s: float = 1
    timeouts_s: tuple[float, float] = (20, 60)


class MissingError(DataError):
    """A file that its server does not have, or does not give away."""


class TakenBackError(MissingError):
    """A file that its server says it does not have, or has no more."""


class SilentError(DataError):
    """A server that does not answer, or answers that it is busy, however often it is asked."""


class _WishError(Exception):
    """A server wants to be left alone for longer than anybody waits."""


class _Retry(Retry):
    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        wish_s = self.get_retry_after(response) if response else None
        if response and wish_s and wish_s > MAX_WAIT_S:
            raise _WishError(f"{response.status}, and the wish to be left alone for {wish_s:.0f} seconds")
        super().sleep(response)


class WebSession:
    """Connections to servers, held open for a block, one to each host.

    Parameters
    ----------
    patience
        How often a server is asked again.
    """

    def __init__(self, patience: RetryPolicy) -> None:
        self.patience = patience
        self._session = requests.Session()
        retry = _Retry(
            patience.times,
            connect=min(patience.times, _CONNECTS),
            backoff_factor=patience.pause_s,
            status_forcelist=_BUSY,
            allowed_methods=("GET", "HEAD"),
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))
        self._session.headers["User-Agent"] = f"retrain-kit/{retrain_kit.__version__}"
        self._session.headers["Accept-Encoding"] = "identity"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._session.close()

    def ask(self, method: str, url: str, headers: dict[str, str] | None = None) -> requests.Response:
        """Return the answer, its content still to come.

        Raises
        ------
        MissingError, SilentError, DataError
            When the file is not there, when there is no answer, and when it is another one.
        """
        try:
            response = self._session.request(
                method,
                url,
                headers=headers,
                stream=True,
                timeout=self.patience.timeouts_s,
                allow_redirects=True,
            )
        except (requests.ConnectionError, requests.Timeout) as error:
            found = f"no answer ({_reason(error)})"
            raise SilentError(Fault(url, found, "a server that answers", RUN_AGAIN)) from error
        except _WishError as error:
            raise SilentError(Fault(url, str(error), "an answer", f"Wait so long. {RUN_AGAIN}")) from error
        except requests.RequestException as error:
            raise DataError(Fault(url, str(error), "an address that can be fetched")) from error
        if response.status_code in (200, 206, 416) or (method, response.status_code) in _NO_HEAD:
            return response
        response.close()
        raise _refusal(url, response)


def _refusal(url: str, response: requests.Response) -> DataError:
    status = response.status_code
    found = f"{status} {response.reason}".strip()
    if status in _TAKEN_BACK:
        return TakenBackError(Fault(url, found, "the file", "It may have been taken back, or moved."))
    if status in _REFUSED:
        return MissingError(Fault(url, found, "the file", "Its server does not give it to everybody."))
    if status in (429, 503):
        return SilentError(Fault(url, f"{found}, again and again", "the file", RUN_AGAIN))
    return DataError(Fault(url, found, "the file", RUN_AGAIN if status in _BUSY else ""))


def _reason(error: Exception) -> str:
    """Return why there is no connection, without the address that libraries put before it."""
    inner = getattr(error.args[0], "reason", error.args[0]) if error.args else error
    return str(inner).rpartition(": ")[2] or type(error).__name__


def response_size(response: requests.Response) -> int | None:
    """Return how many bytes the whole file has; None where the server does not say it."""
    headers = response.headers
    if is_compressed(response):
        return None
    if response.status_code in (206, 416):
        found = re.search(r"/(\d+)\s*$", headers.get("Content-Range", ""))
        return int(found[1]) if found else None
    length = headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


def is_compressed(response: requests.Response) -> bool:
    """Say whether the file is compressed on its way alone, although that was not asked for.

    Some servers say so of files that are distributed compressed; these stay as they are.
    """
    said = response.headers.get("Content-Encoding", "identity") != "identity"
    return said and not urlsplit(response.url).path.endswith((".gz", ".tgz"))


def response_origin(url: str, response: requests.Response) -> FileOrigin:
    """Return what a server says of the file it is about to send."""
    headers = response.headers
    if is_compressed(response):
        return FileOrigin(url)
    tag = headers.get("ETag", "")
    validator = headers.get("Last-Modified", "") if not tag or tag.startswith("W/") else tag
    return FileOrigin(url, validator, response_size(response), _digests(response))


def _digests(response: requests.Response) -> dict[str, str]:
    """Return the digests that the server states of the whole file, in hexadecimal digits by algorithm."""
    headers = response.headers
    if headers.get("x-goog-stored-content-encoding", "identity") != "identity":
        return {}
    texts = {"md5": headers.get("Content-MD5", "")}
    for name in ("x-goog-hash", "Digest", "Repr-Digest"):
        stated = re.findall(r"([\w-]+)=:?([A-Za-z0-9+/]+=*)", headers.get(name, ""))
        texts |= {algorithm.lower().replace("sha-", "sha"): text for algorithm, text in stated}
    found = {algorithm: _hexadecimal(texts.get(algorithm, "")) for algorithm in _DIGITS}
    return {algorithm: digits for algorithm, digits in found.items() if len(digits) == _DIGITS[algorithm]}


def _hexadecimal(text: str) -> str:
    try:
        return b64decode(text, validate=True).hex()
    except ValueError:
        return ""


def continues_partial(response: requests.Response, origin: FileOrigin, here: int) -> bool:
    """Say whether an answer goes on after `here` bytes of this very file."""
    content_range = f"bytes {here}-"
    return (
        response.status_code == requests.codes.partial_content
        and response.headers.get("Content-Range", "").startswith(content_range)
        and origin.size_bytes in (None, response_size(response))
    )
