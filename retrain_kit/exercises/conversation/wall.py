"""A conversation on the wall: a thread at a time, the one first in which somebody spoke last."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from retrain_kit.exercises.conversation import threads
from retrain_kit.exercises.conversation.session import message_for_page

if TYPE_CHECKING:
    from retrain_kit.answers import Record, Withdrawal
    from retrain_kit.exercises.conversation.threads import Message, Thread

MAX_ANSWERS, MAX_NOTES = 3, 4
"""Of a thread, how many answers stand on the wall below its first message, and how many footnotes."""


@dataclass(frozen=True)
class ThreadPages:
    """What was written about a subject and may be shown to all, a thread a page.

    Parameters
    ----------
    records
        In the order of time.
    """

    records: tuple[Record, ...]
    withdrawals: tuple[Withdrawal, ...] = ()

    @property
    def count(self) -> int:
        """How many pages there are: as many as threads."""
        return max(1, len(self._threads))

    @property
    def empty(self) -> bool:
        """Whether nobody has said anything."""
        return not self._threads

    def page(self, number: int) -> dict[str, Any]:
        """Return a thread: how it began, what was answered last, and what was noted last beside these."""
        number %= self.count
        messages = self._threads[number].messages if self._threads else ()
        shown = [*messages[:1], *messages[1:][-MAX_ANSWERS:]]
        whose = {each.id: each.record.who if each.record else "" for each in messages}
        latest = sorted((note.when, note.id) for each in shown for note in each.notes)[-MAX_NOTES:]
        kept = {name for _, name in latest}
        return {
            "threads": len(self._threads),
            "number": number,
            "messages": [_without_notes(message_for_page(each, whose), kept) for each in shown],
            "more": len(messages) - len(shown),
            "said": len(messages),
            "noted": sum(len(each.notes) for each in messages),
        }

    @cached_property
    def _threads(self) -> list[Thread]:
        found = threads.threads_of(self.records, self.withdrawals)
        order = {record.id: number for number, record in enumerate(self.records)}
        return sorted(found, key=lambda thread: -max(_places(thread.messages, order), default=0))


def _places(messages: tuple[Message, ...], order: dict[str, int]) -> list[int]:
    """Return the places in time of messages and of the footnotes beside them."""
    names = (name for each in messages for name in (each.id, *(note.id for note in each.notes)))
    return [order[name] for name in names if name in order]


def _without_notes(message: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    return {**message, "notes": [note for note in message["notes"] if note["record"] in kept]}
