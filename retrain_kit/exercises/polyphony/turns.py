"""Turns: who reads whose sentence about a pair of images, and what is asked next.

Moment A: everybody writes a sentence, then improves somebody else's. Moment B: everybody reads what somebody
else made of theirs, and writes it anew. Three texts written, two read, and never one's own.

People come late and leave early. So a sentence is given on where it is needed most: those nobody has read
before those somebody has, those of people who stay before those of people who left, and those of people who
have still to read before the others, lest the last of them be left alone with their own. Where somebody comes
so late that nobody is left to read them, those who stay are asked to read *once more*.

A refusal is an answer. One that stands in place of a first sentence is never given on to be improved.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.common.consent import NOTHING_WITHHELD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from retrain_kit.answers import Record
    from retrain_kit.exercises.common.consent import Withheld

FIRST, IMPROVEMENT, NEW = STEPS = ("first", "improvement", "new")
"""The three texts that a person writes."""
PROMPT_OF_STEP = {FIRST: "first", IMPROVEMENT: "improve", NEW: "again"}
"""The prompt, by key, that each text answers."""
EXERCISE = "polyphony"
WAIT, DONE = "wait", "done"
NO_PEOPLE: frozenset[str] = frozenset()
NONE_GIVEN: Mapping[str, str] = {}


@dataclass(frozen=True)
class Turn:
    """What somebody is asked next.

    Parameters
    ----------
    who
        A pseudonym; empty for somebody who has said nothing yet.
    step
        One of `STEPS`; `WAIT` while there is nothing to read yet, `DONE` where nothing is left to ask.
    read
        What somebody else has written, to be read now.
    earlier
        The person's own first sentence, where it is asked for anew.
    more
        Whether it is one reading more than the exercise asks for.
    needed
        Whether somebody's sentence is left without a reader; nobody is given it unasked.
    """

    who: str
    step: str
    read: Record | None = None
    earlier: Record | None = None
    more: bool = False
    needed: bool = False


class Circle:
    """What was said about one pair of images.

    Parameters
    ----------
    records
        In the order of time, as `Store.records` returns them.
    withheld
        What nobody is given to read.
    """

    def __init__(self, records: Iterable[Record], withheld: Withheld = NOTHING_WITHHELD) -> None:
        self.withheld = withheld
        self.records = tuple(record for record in records if step_of(record))

    @cached_property
    def sentences(self) -> tuple[Record, ...]:
        """The first sentences that can be given on."""
        first = (record for record in self.records if step_of(record) == FIRST and not record.refusal)
        return tuple(record for record in first if record.id not in self.withheld.ids)

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Who has said something, in the order in which they came."""
        return tuple(dict.fromkeys(record.who for record in self.records))

    def said_at(self, who: str, step: str) -> Record | None:
        """Return the first thing that somebody said at a step."""
        return self._said.get((who, step))

    def improvement_of(self, who: str) -> Record | None:
        """Return what somebody else made of a person's sentence: the first in words, else a refusal."""
        own = {sentence.id for sentence in self.sentences if sentence.who == who}
        every = (each for each in self._improvements if each.id not in self.withheld.ids)
        found = [each for each in every if each.asked.record in own and each.who != who]
        return min(found, key=lambda each: bool(each.refusal), default=None)

    def turn(
        self,
        who: str,
        given: Mapping[str, str] = NONE_GIVEN,
        left: Collection[str] = NO_PEOPLE,
        *,
        more: bool = False,
    ) -> Turn:
        """Return what a person is asked next.

        Parameters
        ----------
        given
            By pseudonym, the ids of sentences that were given out and not answered yet.
        left
            Who is known to have left.
        more
            Whether the person offers to read one sentence more.
        """
        first, modified = self.said_at(who, FIRST), self.improvement_of(who)
        if not first:
            return Turn(who, FIRST)
        if not self.said_at(who, IMPROVEMENT) and (read := self._to_read(who, given, left)):
            return Turn(who, IMPROVEMENT, read)
        if modified and not self.said_at(who, NEW):
            return Turn(who, NEW, modified, first)
        read = self._once_more(who, given, left, offered=more)
        if read and (more or given.get(who) == read.id):
            return Turn(who, IMPROVEMENT, read, more=True)
        finished = first.refusal or self.said_at(who, NEW)
        return Turn(who, DONE if finished else WAIT, needed=read is not None)

    @cached_property
    def _said(self) -> dict[tuple[str, str], Record]:
        found: dict[tuple[str, str], Record] = {}
        for record in self.records:
            found.setdefault((record.who, step_of(record)), record)
        return found

    @cached_property
    def _improvements(self) -> tuple[Record, ...]:
        """What was made of others' sentences; where it was taken away, somebody else is asked anew."""
        every = (record for record in self.records if step_of(record) == IMPROVEMENT)
        return tuple(record for record in every if record.id not in self.withheld.hidden)

    @cached_property
    def _readings(self) -> Counter[str]:
        return Counter(record.asked.record for record in self._improvements)

    def _to_read(self, who: str, given: Mapping[str, str], left: Collection[str]) -> Record | None:
        """Return the sentence of somebody else that needs a reader most."""
        others = [sentence for sentence in self.sentences if sentence.who != who]
        if kept := next((each for each in others if each.id == given.get(who)), None):
            return kept
        out = self._given_out(who, given, left)

        def need(sentence: Record) -> tuple[int, bool, bool]:
            times = self._readings[sentence.id] + out[sentence.id]
            return times, sentence.who in left, bool(self.said_at(sentence.who, IMPROVEMENT))

        return min(others, key=need, default=None)

    def _once_more(
        self, who: str, given: Mapping[str, str], left: Collection[str], *, offered: bool
    ) -> Record | None:
        """Return somebody else's sentence that nobody else who is here can still be given."""
        unread = [each for each in self.sentences if each.who not in left and each.id not in self._readings]
        others = [each for each in unread if each.who != who]
        if kept := next((each for each in others if each.id == given.get(who)), None):
            return kept
        if not offered:
            out = self._given_out(who, given, left)
            unread = [each for each in unread if each.id not in out]
            others = [each for each in others if each.id not in out]
            if _enough(unread, self._still_to_read(given, left)):
                return None
        return next(iter(others), None)

    def _still_to_read(self, given: Mapping[str, str], left: Collection[str]) -> list[str]:
        here = [who for who in self.people if who not in left and who not in given]
        return [who for who in here if self.said_at(who, FIRST) and not self.said_at(who, IMPROVEMENT)]

    def _given_out(self, who: str, given: Mapping[str, str], left: Collection[str]) -> Counter[str]:
        return Counter(name for reader, name in given.items() if reader != who and reader not in left)


def step_of(record: Record) -> str:
    """Return which of `STEPS` a record is, by the prompt that it answers; empty where it is none."""
    return _steps().get(record.asked.prompt, "")


@cache
def _steps() -> dict[str, str]:
    words = prompts.prompts_of(EXERCISE)
    return {words[key].text: step for step, key in PROMPT_OF_STEP.items()}


def _enough(unread: list[Record], readers: list[str]) -> bool:
    """Say whether every sentence can get a reader who is not its author."""
    alone = len(unread) == len(readers) == 1 and unread[0].who == readers[0]
    return len(unread) <= len(readers) and not alone
