"""Takeaways: what the people at one screen have said, in a file that they take along, and bring back.

It is a file of answers like any other: `retrain-kit merge` takes it. No key is in it. Who brings it back
shows by their key that it is theirs.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import author_of, log, states
from retrain_kit.answers.entries import WITHDRAWAL
from retrain_kit.errors import DataError, Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.answers import Author, Key, Record, Store
    from retrain_kit.answers.entries import LogEntry


def takeaway(stores: Iterable[Store], keys: Iterable[Key]) -> dict[str, Any]:
    """Return what was said, amended and withdrawn with these keys alone, as the browser keeps it.

    Returns
    -------
    dict
        `name` and `text` of the file, and the pseudonyms of its `people`; all empty where they have said
        nothing.
    """
    keys = [key for key in keys if key]
    files = [store.lines_of(*keys) for store in dict.fromkeys(stores)]
    lines = [line.decode() for header, *said in files if said for line in (header, *said)]
    if not lines:
        return {"name": "", "text": "", "people": []}
    people = [author_of(key).who for key in keys]
    more = f"-and-{len(people) - 1}-more" if len(people) > 1 else ""
    text = "".join(f"{line}\n" for line in lines)
    return {"name": f"answers-{people[0]}{more}.jsonl", "text": text, "people": people}


MAX_FILE_CHARS = 60_000_000


@dataclass(frozen=True)
class Brought:
    """What a file holds that somebody brings back: what is signed by its author as it stands."""

    entries: tuple[LogEntry, ...]
    given: tuple[log.GivenFile, ...] = ()

    @property
    def records(self) -> list[Record]:
        """The answers in it, without what is withdrawn."""
        return states.records(states.merged_entries(self.entries))

    @property
    def people(self) -> tuple[str, ...]:
        """The pseudonyms of those who said it."""
        return tuple(dict.fromkeys(record.who for record in self.records))

    @property
    def incoming(self) -> log.IncomingEntries:
        """The same, as a store takes it in."""
        return log.IncomingEntries(1, len(self.entries), self.entries, (), self.given)

    def of(self, author: Author) -> Brought:
        """Return what is an author's own of it; withdrawals say of nobody whose they are, and come along."""
        own = [entry for entry in self.entries if entry.public_key == author.public_key]
        gone = [
            entry for entry in self.entries if entry.kind == WITHDRAWAL and entry.fields["by"] == "author"
        ]
        return replace(self, entries=(*own, *gone)) if own else Brought(())


def read_takeaway(text: str, *, demonstration: bool) -> Brought:
    """Return what is in a file that somebody brings back.

    Raises
    ------
    ParameterError
        When it is no file of answers, or one of another kind.
    """
    if len(text) > MAX_FILE_CHARS:
        raise ParameterError(Fault("file", f"{len(text)} letters", f"at most {MAX_FILE_CHARS}"))
    given: list[log.GivenFile] = []
    try:
        found = log.read_stream(io.BytesIO(text.encode(errors="replace")), Path("file"), given)
        log.check_demonstration(found.header, Path("file"), demonstration=demonstration)
    except DataError as error:
        raise ParameterError(*error.faults) from None
    return Brought(found.entries, tuple(given))
