"""Lessons: what the teacher of a class has open, where they lead, and what they keep off the wall.

A lesson is a value; what a teacher does makes another one of it. It is kept in the class's folder, so that a
class goes on as it was after a restart; a timer too, since its end is kept. It says nothing about people but
this: whose words the keeper has deleted, by pseudonym, until they were told or the class has ended.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage.files import writing
from retrain_kit.storage.languages import marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

LESSON_FILE = "lesson.json"
OPEN, PAUSED, CLOSED = STATES = ("open", "paused", "closed")
MAX_TIMER_S = 6 * 3600
MAX_DELETED = 1_000
"""So many deletions are remembered, the latest ones, for their authors to be told."""
REFUSALS = {
    PAUSED: marked(
        "The teacher has paused this exercise. What you wrote still stands here; nothing was kept."
    ),
    CLOSED: marked("The teacher has closed this exercise. You can look, and withdraw what you said."),
}
"""What is said to whoever answers where nothing can be answered."""
STOPS_AFTER_S = 900
"""So long after the end the class still hands out files; then its machine stops by itself."""
OVER = marked("The class has ended. You can look, withdraw what you said, and take it along.")


@dataclass(frozen=True)
class Place:
    """An item of an exercise, by its number."""

    exercise: str
    index: int


@dataclass(frozen=True)
class Timer:
    """A time that runs.

    Parameters
    ----------
    ends_at
        When it ends, in seconds since 1970.
    of_s
        How long it was from the start.
    """

    ends_at: float
    of_s: int

    def news(self, now: float) -> dict[str, float]:
        """Return how many seconds are left, of how many."""
        return {"left_s": round(min(self.of_s, max(0.0, self.ends_at - now)), 1), "of_s": self.of_s}


@dataclass(frozen=True)
class Deletion:
    """Something that the keeper has deleted: whose it was, and in which exercise."""

    who: str
    exercise: str


@dataclass(frozen=True)
class Lesson:
    """What a teacher has made of a class.

    Parameters
    ----------
    states
        By exercise, one of `STATES`; one that is not named is open.
    lead
        Where everybody is led; None where they roam.
    timer
        The time that runs, or has run out and was not put away.
    shown
        Of a frozen wall, the ids of what could be shown when it froze; None where it lives.
    approved
        Where the teacher lets words onto the wall one by one, the ids of those let; None where all are shown.
    hidden
        The ids of what the teacher has taken off the wall.
    deletions
        What the keeper has deleted, for its authors to be told.
    chosen
        By exercise, the names of the images that the teacher has chosen; of others, the class's own draw.
    stops_at
        Where the class has ended, when its machine stops, in seconds since 1970.
    """

    states: Mapping[str, str] = field(default_factory=dict)
    lead: Place | None = None
    timer: Timer | None = None
    shown: frozenset[str] | None = None
    approved: frozenset[str] | None = None
    hidden: frozenset[str] = frozenset()
    deletions: tuple[Deletion, ...] = ()
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stops_at: float | None = None

    # -- what holds ----------------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether the class has ended."""
        return self.stops_at is not None

    def state(self, exercise: str) -> str:
        """Return the state of an exercise; when the class is over, all are closed."""
        return CLOSED if self.over else self.states.get(exercise, OPEN)

    def refusal(self, exercise: str) -> str:
        """Return why nothing can be answered in an exercise now; empty where something can."""
        return OVER if self.over else REFUSALS.get(self.state(exercise), "")

    def news(self, exercises: Iterable[str], now: float) -> dict[str, Any]:
        """Return what phones, the wall and the teacher's page are told, at a time in seconds since 1970."""
        return {
            "exercises": {name: self.state(name) for name in exercises},
            "lead": {"exercise": self.lead.exercise, "index": self.lead.index} if self.lead else None,
            "timer": self.timer.news(now) if self.timer else None,
            "frozen": self.shown is not None,
            "over": self.over,
        }

    def deleted_of(self, who: str, exercise: str) -> int:
        """Return how many things somebody said in an exercise the keeper has deleted."""
        return self.deletions.count(Deletion(who, exercise))

    # -- what a teacher does -------------------------------------------------------------------------

    def with_state(self, exercise: str, state: object) -> Self:
        """Return the lesson with an exercise opened, paused or closed.

        Raises
        ------
        ParameterError
            When it is none of `STATES`.
        """
        if not (isinstance(state, str) and state in STATES):
            raise ParameterError(Fault("state", "another", f"one of {', '.join(STATES)}"))
        others = {name: known for name, known in self.states.items() if name != exercise}
        return replace(self, states=others if state == OPEN else {**others, exercise: state})

    def led_to(self, exercise: str, index: int) -> Self:
        """Return the lesson where everybody is led to an item."""
        return replace(self, lead=Place(exercise, index))

    def roaming(self) -> Self:
        """Return the lesson where everybody goes where they like."""
        return replace(self, lead=None)

    def timed(self, seconds: object, now: float) -> Self:
        """Return the lesson with a time that runs from now; 0 puts it away.

        Raises
        ------
        ParameterError
            When it is no number of seconds, or too many.
        """
        if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 <= seconds <= MAX_TIMER_S:
            raise ParameterError(Fault("seconds", "another", f"a whole number from 0 to {MAX_TIMER_S}"))
        return replace(self, timer=Timer(now + seconds, seconds) if seconds else None)

    def freezing(self, known: Iterable[str]) -> Self:
        """Return the lesson whose wall keeps to what is known now; what is hidden still leaves it."""
        return replace(self, shown=frozenset(known))

    def thawing(self) -> Self:
        """Return the lesson whose wall lives."""
        return replace(self, shown=None)

    def approving(self, known: Iterable[str]) -> Self:
        """Return the lesson in which words are shown once they were let; what is known now stays."""
        return replace(self, approved=frozenset(known))

    def trusting(self) -> Self:
        """Return the lesson in which words are shown at once."""
        return replace(self, approved=None)

    def letting(self, names: Iterable[str]) -> Self:
        """Return the lesson in which these are shown: they were let, and are hidden no more."""
        let = frozenset(names)
        approved = None if self.approved is None else self.approved | let
        return replace(self, approved=approved, hidden=self.hidden - let)

    def hiding(self, names: Iterable[str]) -> Self:
        """Return the lesson in which these are off the wall."""
        return replace(self, hidden=self.hidden | frozenset(names))

    def deleting(self, name: str, deletion: Deletion | None) -> Self:
        """Return the lesson after something was deleted: its author will be told."""
        told = (*self.deletions, deletion) if deletion else self.deletions
        return replace(self, hidden=self.hidden - {name}, deletions=told[-MAX_DELETED:])

    def forgetting(self, who: str) -> Self:
        """Return the lesson that keeps nothing of somebody who has withdrawn everything."""
        return replace(self, deletions=tuple(each for each in self.deletions if each.who != who))

    def choosing(self, exercise: str, names: Iterable[str]) -> Self:
        """Return the lesson with images chosen for an exercise; nobody is led there any more."""
        lead = None if self.lead and self.lead.exercise == exercise else self.lead
        return replace(self, lead=lead, chosen={**self.chosen, exercise: tuple(names)})

    def ended(self, now: float) -> Self:
        """Return the lesson after the class: nothing can be answered, nobody is led, no time runs."""
        return replace(self, stops_at=now + STOPS_AFTER_S, lead=None, timer=None)

    def going_on(self) -> Self:
        """Return the lesson that has not ended after all."""
        return replace(self, stops_at=None)

    def next_class(self) -> Self:
        """Return the lesson with which the next class begins: what is off the wall stays off it."""
        return replace(self, states={}, lead=None, timer=None, shown=None, deletions=(), stops_at=None)

    def for_exercises(self, sizes: Mapping[str, int]) -> Self:
        """Return the lesson for exercises of so many items each, without what is not there."""
        lead = self.lead if self.lead and self.lead.index < sizes.get(self.lead.exercise, 0) else None
        states = {name: state for name, state in self.states.items() if name in sizes}
        return replace(self, lead=lead, states=states)

    # -- on the disk ---------------------------------------------------------------------------------

    @property
    def stated(self) -> dict[str, Any]:
        """The lesson as JSON."""
        return {
            "states": dict(self.states),
            "lead": [self.lead.exercise, self.lead.index] if self.lead else None,
            "timer": [self.timer.ends_at, self.timer.of_s] if self.timer else None,
            "shown": _sorted(self.shown),
            "approved": _sorted(self.approved),
            "hidden": sorted(self.hidden),
            "deletions": [[each.who, each.exercise] for each in self.deletions],
            "chosen": {name: list(images) for name, images in self.chosen.items()},
            "stops_at": self.stops_at,
        }

    @classmethod
    def from_stated(cls, stated: Mapping[str, Any]) -> Self:
        """Return the lesson of some JSON; a `ValueError`, `KeyError` or `TypeError` where it is none."""
        states = {str(name): STATES[STATES.index(state)] for name, state in dict(stated["states"]).items()}
        lead, timer = stated["lead"], stated["timer"]
        return cls(
            states,
            Place(_text(lead[0]), int(lead[1])) if lead else None,
            Timer(float(timer[0]), int(timer[1])) if timer else None,
            None if stated["shown"] is None else _names(stated["shown"]),
            None if stated["approved"] is None else _names(stated["approved"]),
            _names(stated["hidden"]),
            tuple(Deletion(_text(who), _text(exercise)) for who, exercise in stated["deletions"]),
            {_text(name): tuple(map(_text, images)) for name, images in dict(stated["chosen"]).items()},
            None if stated["stops_at"] is None else float(stated["stops_at"]),
        )


def read_lesson(folder: Path, closed: Iterable[str] = ()) -> Lesson:
    """Return the lesson that is kept in a folder; where there is none, a new one with these exercises closed.

    Raises
    ------
    DataError
        When what is kept of it cannot be used.
    """
    path = folder / LESSON_FILE
    if not path.is_file():
        return Lesson(dict.fromkeys(closed, CLOSED))
    try:
        return Lesson.from_stated(json.loads(path.read_bytes()))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        do = "Remove it: a new lesson begins, and what was hidden is shown again; answers are elsewhere."
        raise DataError(Fault(str(path), "something else", "the lesson of a class", do)) from None


def write_lesson(folder: Path, lesson: Lesson) -> None:
    """Keep a lesson in a folder.

    Raises
    ------
    DataError
        When the disk is full or the folder cannot be written.
    """
    with writing(folder / LESSON_FILE, private=True) as temporary:
        temporary.write_text(json.dumps(lesson.stated), encoding="utf-8")


def _sorted(names: frozenset[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _names(stated: object) -> frozenset[str]:
    if not isinstance(stated, list):
        raise TypeError(stated)
    return frozenset(map(_text, stated))
