"""Threads: what was written in a conversation, messages with what answers them and what stands beside them.

A message opens a thread, others answer in it. A footnote stands beside a message, its author's or somebody
else's: it *expands* what is said there, or *challenges* it. What answers something that was withdrawn stays,
and in the place of what is gone stands that it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from retrain_kit.answers import Footnote, Record, Withdrawal

EXERCISE = "conversation"
MESSAGE, REPLY = "message", "reply"
EXPANDS, CHALLENGES = NOTE_KINDS = ("expands", "challenges")
"""What a footnote does to what it stands beside."""
DAY = len("2026-11-30")


@dataclass(frozen=True)
class Note:
    """A footnote to a message.

    Parameters
    ----------
    kind
        One of `NOTE_KINDS`; empty where an author amended what they said, and did not say how.
    at
        Behind which character of the message its mark stands; the last one where it is about all of it.
    """

    id: str
    who: str
    text: str
    language: str
    when: str
    kind: str
    at: int
    agreed: tuple[str, ...] = ()

    @property
    def day(self) -> str:
        """On which day it was written."""
        return self.when[:DAY]


@dataclass(frozen=True)
class Message:
    """A message, an answer to one, or the place of one that is not here.

    Parameters
    ----------
    record
        None where it is not here.
    answers
        The id of the message that it answers; empty where it opens a thread.
    withdrawn
        The day on which it was withdrawn; empty where it was not, or where that is not known.
    notes
        By place in the text, then by time.
    """

    id: str
    record: Record | None
    answers: str = ""
    withdrawn: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Thread:
    """A message and all that answers it, in the order of time; `id` is that of the message that opened it."""

    id: str
    messages: tuple[Message, ...]

    @property
    def last(self) -> str:
        """When somebody last said something in it."""
        said = [each.record.when for each in self.messages if each.record]
        return max([*said, *(note.when for each in self.messages for note in each.notes)], default="")


def threads_of(records: Iterable[Record], withdrawals: Iterable[Withdrawal] = ()) -> list[Thread]:
    """Return the threads of a subject, in the order in which they were opened.

    Parameters
    ----------
    records
        Messages, refusals and footnotes to one subject, in the order of time: those that may be shown.
    withdrawals
        What is left of what was withdrawn.
    """
    said = list(records)
    here = {record.id: record for record in said if not is_note(record)}
    gone = {each.of: each.when[:DAY] for each in withdrawals}
    notes: dict[str, list[Note]] = {}
    for record in said:
        if is_note(record):
            target = record.asked.record
            notes.setdefault(target, []).extend(_notes(record, here.get(target)))
    threads: dict[str, dict[str, Message]] = {}
    for record in said:
        thread = threads.setdefault(thread_of(record), {})
        for each in _not_placed_before(record, here, thread):
            target = each.asked.record
            if target and target not in here and target not in thread:
                beside = _ordered(notes.get(target, ()))
                thread[target] = Message(target, None, withdrawn=gone.get(target, ""), notes=beside)
            if not is_note(each):
                own = (_amended(each, note) for note in each.footnotes)
                beside = _ordered([*notes.get(each.id, ()), *own])
                thread[each.id] = Message(each.id, each, target, notes=beside)
    return [Thread(name, tuple(thread.values())) for name, thread in threads.items()]


def _not_placed_before(
    record: Record, here: Mapping[str, Record], thread: Mapping[str, Message]
) -> list[Record]:
    """Return a record, after what it answers: within one second, time does not say which came first."""
    chain: list[Record] = []
    while record not in chain and record.id not in thread:
        chain.append(record)
        target = here.get(record.asked.record)
        if not target or thread_of(target) != thread_of(record):
            break
        record = target
    return chain[::-1]


def is_note(record: Record) -> bool:
    """Say whether a record is a footnote to a message."""
    return not record.refusal and record.details.get("act") in NOTE_KINDS and bool(record.asked.record)


def thread_of(record: Record) -> str:
    """Return the id of the message that opened the thread of a record."""
    stated = record.details.get("thread")
    return stated if isinstance(stated, str) and stated else record.asked.record or record.id


def _ordered(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(sorted(notes, key=lambda note: note.at))


def _note(record: Record, target: Record | None) -> Note:
    most, stated = len(target.text) if target else 0, record.details.get("at")
    whole = isinstance(stated, bool) or not isinstance(stated, int) or not 0 < stated <= most
    return Note(
        record.id,
        record.who,
        record.text,
        record.language,
        record.when,
        str(record.details["act"]),
        most if whole or not isinstance(stated, int) else stated,
        record.consent.agreed,
    )


def _notes(record: Record, target: Record | None) -> list[Note]:
    """Return a footnote, and what its author added to it later, at the same place."""
    first = _note(record, target)
    return [first, *(replace(_amended(record, note), at=first.at) for note in record.footnotes)]


def _amended(record: Record, note: Footnote) -> Note:
    most = len(record.text)
    return Note(note.id, record.who, note.text, note.language, note.when, "", most, note.consent.agreed)
