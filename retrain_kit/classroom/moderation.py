"""Moderation: what a lesson keeps from others, and what its teacher reads.

What is hidden, and what waits to be let where words are let one by one, is shown to nobody but its author:
not on the wall, and on no other phone. A frozen wall keeps to what it had; phones go on.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from retrain_kit.classroom.lesson import Lesson, read_lesson, write_lesson
from retrain_kit.classroom.said import Said
from retrain_kit.exercises.common.consent import NOTHING_WITHHELD, Withheld
from retrain_kit.exercises.common.ids import ChangingIds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from retrain_kit.answers.cached import CachedStore
    from retrain_kit.classroom.said import Saying
    from retrain_kit.exercises.common.activity import Activity

    Sent = Mapping[str, Any]

AT_ONCE = 30
"""So many sayings are listed at a time."""
PHONES, WALL = "phones", "wall"
NO_NAMES: frozenset[str] = frozenset()
ALL, WAITING, HIDDEN = WHICH = ("all", "waiting", "hidden")


class Moderation:
    """The lesson of a class, and what is kept from others by it; used by several threads.

    Parameters
    ----------
    store
        Where answers are kept; the lesson is kept in its folder.
    activities
        The exercises of the class.
    """

    def __init__(self, store: CachedStore, activities: Sequence[Activity]) -> None:
        self.folder, self.activities = store.folder, tuple(activities)
        self.said = Said(store, activities)
        kept = read_lesson(self.folder, [each.name for each in activities if each.begins_closed])
        if kept.stops_at is not None and kept.stops_at <= time.time():
            kept = kept.next_class()
        self.lesson = kept.for_exercises({each.name: len(each.session.items) for each in activities})
        self._expected: dict[str, None] = {}
        self._judged: Lesson | None = None
        self._waiting: dict[str, None] = {}
        self._off = _nothing_off()
        """What is kept off phones and the wall, as what is said grows."""

    def begin(self, activities: Sequence[Activity]) -> None:
        """Go on with other items, as where other images were chosen."""
        self.activities = tuple(activities)
        self.said.begin(activities)

    def keep(self) -> None:
        """Keep the lesson on the disk; a `DataError` where that cannot be done."""
        write_lesson(self.folder, self.lesson)

    def forget(self, who: str) -> None:
        """Keep nothing of somebody who has withdrawn everything."""
        with self.said.lock:
            before, self.lesson = self.lesson, self.lesson.forgetting(who)
            if self.lesson != before:
                self.keep()

    def finish(self) -> None:
        """After a class that was ended: the next one in this folder begins anew."""
        if self.lesson.over:
            write_lesson(self.folder, self.lesson.next_class())

    # -- what holds ----------------------------------------------------------------------------------

    @property
    def is_past(self) -> bool:
        """Whether the class has ended, and the time is over in which it hands out files."""
        return self.lesson.stops_at is not None and self.lesson.stops_at <= time.time()

    def news(self) -> dict[str, Any]:
        """Return what all pages are told of the lesson."""
        return self.lesson.news((each.name for each in self.activities), time.time())

    def teacher_news(self) -> dict[str, Any]:
        """Return what the teacher's page is told beside: what waits, what is hidden, what is new."""
        with self.said.lock:
            self._catch_up()
            return {
                "approving": self.lesson.approved is not None,
                "waiting": len(self._waiting),
                "hidden": len(self.lesson.hidden),
                "said": {
                    each.name: [len(self.said.listed[each.name]), self.said.kept_private[each.name]]
                    for each in self.activities
                },
                "stops_in_s": max(0, round(self.lesson.stops_at - time.time()))
                if self.lesson.stops_at
                else 0,
            }

    def refusal(self, activity: Activity, message: Sent) -> str:
        """Return why something cannot be done now; looking, leaving and withdrawing always can."""
        act, session = message.get("act"), activity.session
        counts = isinstance(act, str) and act in session.acts and act not in session.leaving
        return self.lesson.refusal(activity.name) if counts else ""

    @contextmanager
    def taking(self, activity: Activity, message: Sent) -> Iterator[None]:
        """Let somebody say something; what waits to be let is withheld before it is kept."""
        once = message.get("once")
        name = (
            once
            if isinstance(once, str) and (self.lesson.approved, self.lesson.shown) != (None, None)
            else ""
        )
        with self.said.lock:
            if name:
                self._expected[name] = None
            activity.session.withheld = self.withheld()
        try:
            yield
        finally:
            with self.said.lock:
                if name:
                    self._catch_up()
                    self._expected.pop(name, None)

    def withheld(self) -> Withheld:
        """Return what people are not shown of what others say."""
        with self.said.lock:
            lesson = self.lesson
            if lesson.approved is None:
                return Withheld(lesson.hidden, lesson.hidden) if lesson.hidden else NOTHING_WITHHELD
            self._catch_up()
            return Withheld(self._off[PHONES].now(self._expected), lesson.hidden)

    def withheld_on_wall(self) -> AbstractSet[str]:
        """Return what the wall does not show: a frozen one nothing that came since."""
        with self.said.lock:
            if self.lesson.shown is None:
                return self.withheld().ids
            self._catch_up()
            return self._off[WALL].now(self._expected)

    def annotate(self, activity: Activity, who: str, page: dict[str, Any]) -> None:
        """Tell an author, on their page, what the keeper did with what they said."""
        if "index" not in page:
            return
        with self.said.lock:
            waiting = self._waiting if self.lesson.approved is not None else {}
            for own in page.get("mine", ()):
                name = own.get("record") if isinstance(own, dict) else None
                if name in self.lesson.hidden:
                    own["keeper"] = "hidden"
                elif name in waiting:
                    own["keeper"] = "waiting"
        page["deleted"] = self.lesson.deleted_of(who, activity.name)

    def _catch_up(self) -> None:
        """See what has come, and what of it waits."""
        new, anew = self.said.catch_up()
        lesson, before = self.lesson, self._judged
        if anew or not before or _judges_otherwise(before, lesson):
            self._waiting, self._off = {}, _nothing_off()
            names = dict.fromkeys([*self.said.by_id, *sorted(lesson.hidden)])
        else:
            names = dict.fromkeys(each.id for each in new)
            if before is not lesson:
                names |= dict.fromkeys(sorted(before.hidden ^ lesson.hidden))
                names |= dict.fromkeys(sorted((before.approved or NO_NAMES) ^ (lesson.approved or NO_NAMES)))
        self._judged = lesson
        for name in names:
            self._judge(name)

    def _judge(self, name: str) -> None:
        """Say of something whether it waits, and whether phones and the wall show it."""
        lesson, saying = self.lesson, self.said.by_id.get(name)
        waits = bool(saying and lesson.approved is not None and self._waits(saying))
        if waits:
            self._waiting[name] = None
        else:
            self._waiting.pop(name, None)
        off = waits or name in lesson.hidden
        late = bool(saying and lesson.shown is not None and name not in lesson.shown)
        self._off[PHONES].put(name, here=off)
        self._off[WALL].put(name, here=off or late)

    def _waits(self, saying: Saying) -> bool:
        let = saying.id in (self.lesson.approved or ())
        return saying.typed and saying.open and not let and saying.id not in self.lesson.hidden

    def known(self) -> list[str]:
        """Return the ids of all that was said so far."""
        with self.said.lock:
            self._catch_up()
            return [*self.said.by_id]

    # -- what the teacher's page shows ---------------------------------------------------------------

    def listed(self, exercise: str, which: str, before: int | None) -> dict[str, Any]:
        """Return what was said, the newest first, as far as others may see it.

        Parameters
        ----------
        which
            One of `WHICH`.
        before
            The place in the list before which to begin; None begins with the newest.
        """
        with self.said.lock:
            self._catch_up()
            chosen = self._chosen(exercise, which)
            end = len(chosen) if before is None else min(before, len(chosen))
            start = max(0, end - AT_ONCE)
            return {
                "entries": [self._entry(each) for each in reversed(chosen[start:end])],
                "start": start,
                "end": end,
                "total": len(chosen),
                "private": self.said.kept_private[exercise],
            }

    def _chosen(self, exercise: str, which: str) -> list[Saying]:
        if which == ALL:
            return self.said.listed[exercise]
        names: Iterable[str] = self._waiting if which == WAITING else sorted(self.lesson.hidden)
        found = (self.said.by_id[name] for name in names if name in self.said.by_id)
        return [each for each in found if each.exercise == exercise and each.index is not None]

    def _entry(self, saying: Saying) -> dict[str, Any]:
        hidden, waits = saying.id in self.lesson.hidden, saying.id in self._waiting
        return {
            "id": saying.id,
            "index": saying.index,
            "text": self.said.text_of(saying),
            "kind": saying.kind,
            "state": "hidden" if hidden else "waiting" if waits else "shown",
        }


def _nothing_off() -> dict[str, ChangingIds]:
    return {view: ChangingIds(view) for view in (PHONES, WALL)}


def _judges_otherwise(before: Lesson, lesson: Lesson) -> bool:
    """Say whether words are let one by one, or the wall froze, since a lesson: all is judged anew then."""
    return (before.approved is None) != (lesson.approved is None) or before.shown is not lesson.shown
