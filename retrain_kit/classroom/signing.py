"""Signing: what a person does is signed on their phone, and the key stays there.

A page says with each request by which public key its person is known, and shows that the key is theirs: by a
signature for this seat, at this address. What only the key can make, a signature or a lock, is asked of the
page where it is needed: the answer is what is `asked`, nothing is kept, and the page asks for the same again
and brings it along. Nothing waits for it in memory.

A browser that cannot sign sends the key itself, which the class forgets with the request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from retrain_kit.answers import AbsentAuthor, author_of, records, signatures
from retrain_kit.answers.authors import ProofsNeededError
from retrain_kit.classroom.limits import RequestRefusedError
from retrain_kit.errors import ParameterError
from retrain_kit.storage.languages import error_in_words, gettext, marked

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrain_kit.answers import Author

    T = TypeVar("T")

SIGNING_TIME = timedelta(minutes=2)
"""How long after something was to be signed it may come back; what comes later is signed anew."""
KINDS = ("sign", "locks", "digests")
NOT_YOURS = marked("Nothing shows that this key is yours. Load the page anew.")


@dataclass(frozen=True)
class Speaker:
    """Who asks for something, and the time that was stated to them, which they signed."""

    author: Author | AbsentAuthor
    at: str = ""


def seat_words(host: str, number: str) -> bytes:
    """Return what a person signs to show at a seat that a public key is theirs."""
    return f"retrain-kit seat\n{host}\n{number}".encode()


def speaker(sent: Mapping[str, Any], host: str, number: str) -> Speaker:
    """Return who asks for something.

    Raises
    ------
    RequestRefusedError
        When there is neither a key nor a public key that the seat's signature proves.
    """
    key, public_key, seat = (_text(sent, name) for name in ("key", "public_key", "seat_signature"))
    try:
        if not public_key:
            return Speaker(author_of(key))
        if not signatures.is_signed(public_key, seat, seat_words(host, number)):
            raise RequestRefusedError(403, gettext(NOT_YOURS))
        given = sent.get("given")
        made = given if isinstance(given, Mapping) else {}
        return Speaker(AbsentAuthor(public_key, {kind: _texts(made, kind) for kind in KINDS}), _time(made))
    except ParameterError as error:
        raise RequestRefusedError(400, error_in_words(error)) from None


def done_or_asked(do: Callable[..., T], who: Speaker, *given: object) -> T | dict[str, Any]:
    """Return what something returns; or what the person is asked for, without which it cannot be done."""
    at = who.at or records.utc_timestamp()
    try:
        with records.at_time(at):
            return do(*given)
    except ProofsNeededError as error:
        return {"asked": {"at": at, **error.wanted}}


def _text(sent: Mapping[str, Any], name: str) -> str:
    value = sent.get(name, "")
    return value if isinstance(value, str) else ""


def _texts(sent: Mapping[str, Any], name: str) -> dict[str, str]:
    found = sent.get(name)
    stated = found if isinstance(found, Mapping) else {}
    return {key: value for key, value in stated.items() if isinstance(value, str)}


def _time(sent: Mapping[str, Any]) -> str:
    """Return the time that was stated; empty where it is none, or not of a moment ago."""
    stated = _text(sent, "at")
    try:
        then = datetime.strptime(stated, records.TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return ""
    return stated if abs(datetime.now(UTC) - then) <= SIGNING_TIME else ""
