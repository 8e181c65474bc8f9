"""Records: what somebody said, when, in answer to what, and what they agreed to.

Nobody edits a record. Its author adds footnotes, or withdraws it. A refusal is an answer like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrain_kit.answers.authors import Key

REFUSALS = ("nothing", "no-answer", "burn")
"""Ways to refuse: nothing to say; *I choose not to answer*; the image burnt and binned."""


@dataclass(frozen=True)
class AnswerContext:
    """What a record answers; empty where something does not apply.

    Parameters
    ----------
    study
        The study's name.
    exercise
        The exercise's name.
    prompt
        The question, as it was shown. Words of other people are pointed to by `record`, never repeated here:
        they could not be withdrawn.
    images
        Ids of the images shown.
    record
        The id of the earlier record that this one answers.
    """

    study: str = ""
    exercise: str = ""
    prompt: str = ""
    images: tuple[str, ...] = ()
    record: str = ""


@dataclass(frozen=True)
class Consent:
    """What a person agreed to.

    Parameters
    ----------
    agreed
        The uses agreed to, in the words of the exercise, as `class` or `publication`; may be none.
    version
        Which text they agreed to.
    when
        When, in UTC, to the second: `2025-03-04T09:30:00Z`.
    """

    agreed: tuple[str, ...]
    version: str
    when: str


@dataclass(frozen=True)
class Footnote:
    """What an author adds to a record of theirs; `id` can be withdrawn by itself."""

    id: str
    text: str
    when: str
    language: str
    consent: Consent
    lock: str = field(default="", repr=False)
    public_key: str = field(default="", repr=False)
    signature: str = field(default="", repr=False)


@dataclass(frozen=True)
class Record:
    """Something that was said.

    Parameters
    ----------
    id
        32 hexadecimal digits, at random: it tells neither order nor content.
    text
        As typed, never normalised; may be empty in a refusal.
    who
        A pseudonym.
    when
        When it was said, in UTC, to the second.
    asked
        What it answers.
    consent
        What its author agreed to.
    language
        The text's language tag (`en`, `pt-BR`); empty where nobody has said.
    refusal
        One of `REFUSALS`; empty where it is none.
    details
        What the exercise keeps beside the text, as JSON.
    lock
        The public key that its withdrawal is signed for; it tells of no author.
    public_key, signature
        Its author's, by which anybody can check that they said it. Empty, as the lock is, where nobody did:
        some answers made for demonstration.
    footnotes
        In the order in which they were written.
    unknown
        Whatever else its file says of it, as the file says it.
    """

    id: str
    text: str
    who: str
    when: str
    asked: AnswerContext
    consent: Consent
    language: str = ""
    refusal: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    lock: str = field(default="", repr=False)
    public_key: str = field(default="", repr=False)
    signature: str = field(default="", repr=False)
    footnotes: tuple[Footnote, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def given_sha256(self) -> str:
        """The digest that it states for a file that was given with it; empty where there was none."""
        stated = self.details.get("file")
        return str(stated.get("sha256", "")) if isinstance(stated, Mapping) else ""


@dataclass(frozen=True)
class Withdrawal:
    """All that is left of something that was withdrawn.

    Parameters
    ----------
    of
        The id that it had.
    when
        When it was withdrawn, in UTC, to the second.
    by
        `author`, or `keeper` where whoever keeps the store deleted it.
    """

    of: str
    when: str
    by: str


@dataclass(frozen=True)
class SavedRecord:
    """A record that is on the disk, and the key that its author keeps: it is stored nowhere."""

    record: Record
    key: Key = field(repr=False)


@dataclass(frozen=True)
class ReachedFiles:
    """What became of files made from the answers, outside of their store, when something was withdrawn.

    Parameters
    ----------
    deleted
        Files of the kit that held it, or may have: they are gone, to be made anew.
    left
        Files that may still hold it: those of somebody else, or that somebody changed.
    missing
        Where files were written that are no longer there; wherever they are, they may still hold it.
    datasets
        Datasets in FiftyOne that hold it until they are struck.
    """

    deleted: tuple[Path, ...] = ()
    left: tuple[Path, ...] = ()
    missing: tuple[Path, ...] = ()
    datasets: tuple[str, ...] = ()

    @property
    def remaining(self) -> tuple[str, ...]:
        """What may still hold it, in words."""
        return (
            *map(str, self.left),
            *(f"the file that was {path}" for path in self.missing),
            *(f"the dataset {name} in FiftyOne" for name in self.datasets),
        )


@dataclass(frozen=True)
class DerivedDataset:
    """Fields of a dataset in FiftyOne that hold answers.

    Parameters
    ----------
    name
        The dataset's.
    prefix
        What the names of the fields begin with.
    place
        Where the database is.
    """

    name: str
    prefix: str
    place: str = ""


@dataclass(frozen=True)
class WithdrawalResult:
    """What withdrawing did.

    Parameters
    ----------
    withdrawals
        What is left.
    reached
        What became of the files made from the answers.
    given
        The files that were given with it: they are gone.
    """

    withdrawals: tuple[Withdrawal, ...]
    reached: ReachedFiles = ReachedFiles()
    given: tuple[Path, ...] = ()

    @property
    def copies(self) -> tuple[Path, ...]:
        """Files made from the answers that may still hold it: to be made anew, or removed."""
        return self.reached.left


TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_stated_time: ContextVar[str] = ContextVar("stated_time", default="")


@contextmanager
def at_time(when: str) -> Iterator[None]:
    """Let it be a time that was stated before, as while something is done again to be signed."""
    token = _stated_time.set(when)
    try:
        yield
    finally:
        _stated_time.reset(token)


def utc_timestamp() -> str:
    """Return the time in UTC, to the second, as records have it."""
    return _stated_time.get() or datetime.now(UTC).strftime(TIME_FORMAT)
