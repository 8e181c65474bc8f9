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
    """Something that was said: a record, or a footnote.

    Parameters
    ----------
    id, who
        The record's or the footnote's, and its author's.
    exercise, index
        Of which exercise and item; None where it is of none that the class shows now.
    text
        In words; empty where nothing was typed.
    typed
        Whether there is something in it that somebody typed.
    open
        Whether its author agreed that others who take part may see it.
    kind
        `answer`, `refusal` or `footnote`.
    """

    id: str
    who: str
    exercise: str
    index: int | None
    text: str
    typed: bool
    open: bool
    kind: str


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

    def _put(self, saying: Saying) -> None:
        self.by_id[saying.id] = saying
        if saying.index is not None and saying.text:
            if saying.open:
                self.listed[saying.exercise].append(saying)
            else:
                self.kept_private[saying.exercise] += 1

    def _sayings(self, record: Record) -> Iterator[Saying]:
        """Yield a record and its footnotes, as far as they are new."""
        activity = next((each for each in self._activities if each.session.is_answer(record)), None)
        exercise = activity.name if activity else record.asked.exercise
        index = activity.session.index_of(record) if activity else None
        if record.id not in self.by_id:
            text = activity.session.told_in_words(record) if activity else record.text
            kind = "refusal" if record.refusal else "answer"
            typed = bool(record.text.strip() or record.details.get("tags"))
            yield self._saying(record, exercise, index, text, kind=kind, typed=typed)
        for note in record.footnotes:
            if note.id not in self.by_id:
                yield self._saying(record, exercise, index, note.text, kind="footnote", typed=True, note=note)

    def _saying(  # noqa: PLR0913 - what, where, in which words, of which kind
        self,
        record: Record,
        exercise: str,
        index: int | None,
        text: str,
        *,
        kind: str,
        typed: bool,
        note: Footnote | None = None,
    ) -> Saying:
        of_which = note or record
        is_open = USE in of_which.consent.agreed
        return Saying(of_which.id, record.who, exercise, index, text, typed, is_open, kind)
