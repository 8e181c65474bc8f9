"""What is said in a class, as its teacher reads it: in the order in which it came, by exercise.

One answer more costs the same at any time. Only where something is gone, as when it was withdrawn, or other
images were chosen, all is read anew.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrain_kit.answers import Footnote, Record
    from retrain_kit.answers.cached import Arrivals, CachedStore
    from retrain_kit.exercises.common.activity import Activity

USE = "class"


@dataclass(frozen=True)
class Saying:
    """Something that was said: a record, or a footnote of it.

    Parameters
    ----------
    exercise, index
        Of which exercise and item; None where it is of none that the class shows now.
    typed
        Whether there is something in it that somebody typed, or gave.
    has_words
        Whether there is something to read.
    """

    record: Record
    note: Footnote | None
    exercise: str
    index: int | None
    typed: bool
    has_words: bool

    @property
    def id(self) -> str:
        """The record's, or the footnote's."""
        return (self.note or self.record).id

    @property
    def who(self) -> str:
        """Its author's pseudonym."""
        return self.record.who

    @property
    def open(self) -> bool:
        """Whether its author agreed that others who take part may see it."""
        return USE in (self.note or self.record).consent.agreed

    @property
    def kind(self) -> str:
        """`answer`, `refusal` or `footnote`."""
        return "footnote" if self.note else "refusal" if self.record.refusal else "answer"


class Said:
    """What is said, as far as a store has it; used by several threads."""

    def __init__(self, store: CachedStore, activities: Sequence[Activity]) -> None:
        self.lock = RLock()
        self._store, self._activities = store, activities
        self._known: Arrivals | None = None
        self._clear()

    def begin(self, activities: Sequence[Activity]) -> None:
        """Read all anew, as where other images are shown."""
        with self.lock:
            self._activities, self._known = activities, None
            self._clear()

    def _clear(self) -> None:
        self.by_id: dict[str, Saying] = {}
        """All that was said, in the order in which it came."""
        self.listed: dict[str, list[Saying]] = defaultdict(list)
        """By exercise, what has words that others may see."""
        self.kept_private: dict[str, int] = defaultdict(int)
        """By exercise, how many have words that their authors show to nobody."""

    def catch_up(self) -> tuple[list[Saying], bool]:
        """Take in what has come; return it, and whether all was read anew."""
        with self.lock:
            self._known = come = self._store.arrivals(self._known)
            if not come.start:
                self._clear()
            new = [each for record in come.records for each in self._sayings(record)]
            for each in new:
                self._put(each)
            return new, not come.start

    def text_of(self, saying: Saying) -> str:
        """Return something that was said in words, in the language that is spoken now."""
        if saying.note:
            return saying.note.text
        activity = self._activity(saying.exercise)
        return activity.session.told_in_words(saying.record) if activity else saying.record.text

    def _activity(self, exercise: str) -> Activity | None:
        return next((each for each in self._activities if each.name == exercise), None)

    def _put(self, saying: Saying) -> None:
        self.by_id[saying.id] = saying
        if saying.index is not None and saying.has_words:
            if saying.open:
                self.listed[saying.exercise].append(saying)
            else:
                self.kept_private[saying.exercise] += 1

    def _sayings(self, record: Record) -> Iterator[Saying]:
        """Yield a record and its footnotes, as far as they are new."""
        activity, index = self._of(record)
        name = activity.name if activity else record.asked.exercise
        if record.id not in self.by_id:
            words = activity.session.typed_words(record) if activity else record.text
            told = activity.session.told_in_words(record) if activity else record.text
            typed = bool(words.strip() or record.given_sha256)
            yield Saying(record, None, name, index, typed, bool(told))
        for note in record.footnotes:
            if note.id not in self.by_id:
                yield Saying(record, note, name, index, typed=True, has_words=True)

    def _of(self, record: Record) -> tuple[Activity | None, int | None]:
        """Return which exercise and item a record is of; of one that is not shown, the exercise alone."""
        activity = next((each for each in self._activities if each.session.is_answer(record)), None)
        return activity, activity.session.index_of(record) if activity else None
