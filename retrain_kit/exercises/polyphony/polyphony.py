"""Polyphony: people write about a pair of images, and improve each other's sentences.

>>> table = Polyphony(store, pair)
>>> turn = table.turn()
>>> said = table.answer(turn, "Both wait.", consent, language="en")
>>> table.turn(said.record.who)
Turn(who='…', step='wait', read=None, earlier=None, more=False)

The exercise and its prompts are Bruno Moreschi's. Nobody is given a sentence of their own to improve; who
reads whose follows from `turns`. Threads may share a table.
"""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING

from retrain_kit.answers import AnswerContext, author_of, messages
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.common.consent import NOTHING_WITHHELD
from retrain_kit.exercises.polyphony.agreements import pair_of_record
from retrain_kit.exercises.polyphony.turns import (
    EXERCISE,
    FIRST,
    IMPROVEMENT,
    NEW,
    PROMPT_OF_STEP,
    STEPS,
    Circle,
    Turn,
)
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from retrain_kit.answers import Consent, Key, Record, SavedRecord, Store
    from retrain_kit.exercises.common.consent import Withheld
    from retrain_kit.exercises.polyphony.pairs import Pair

PROMPT_KEYS = {
    FIRST: ("first", "yours"),
    IMPROVEMENT: ("theirs", "improve"),
    NEW: ("read", "modified", "again", "new"),
}
"""The prompts of each text, by key, in the order in which they are shown."""
MOMENTS = {FIRST: "A", IMPROVEMENT: "A", NEW: "B"}
CONSENT_VERSION = "polyphony-1"
USES = {
    "class": marked("Others who take part may read my sentences and improve them."),
    "publication": marked("My sentences may be published, with my pseudonym."),
}
"""What a person may agree to. Who does not agree to the first cannot take part: the exercise is reading."""
NEEDS = {
    "class": marked(
        "Others read here what you write, and improve it. Without your yes to that, nothing can be kept."
    ),
}
"""What a person is told who has not agreed to a use without which they cannot take part."""
MAX_TEXT_CHARS = 1000


class Polyphony:
    """The exercise on one pair of images.

    Parameters
    ----------
    store
        Where the sentences are kept.
    pair
        The two images.
    """

    def __init__(self, store: Store, pair: Pair) -> None:
        self.pair = pair
        self.store = store
        self._given: dict[str, str] = {}
        self._left: set[str] = set()
        self._lock = RLock()
        self.forget()

    @property
    def records(self) -> list[Record]:
        """What was said about this pair, in the order of time."""
        return list(self._said()[0])

    @property
    def people(self) -> tuple[str, ...]:
        """Who has said something about this pair, in the order in which they came."""
        return self._said()[1].people

    def forget(self) -> None:
        """Let go of what was read, as when something was withdrawn."""
        self._known: tuple[str, tuple[tuple[Record, ...], Circle]] = "", ((), Circle(()))

    def _said(self, withheld: Withheld | None = None) -> tuple[tuple[Record, ...], Circle]:
        """Return what was said about this pair, read once until anything changes.

        Where nobody says what is withheld, it is what was withheld before.
        """
        stamp, (before, found) = self.store.stamp, self._known
        withheld = found[1].withheld if withheld is None else withheld
        if stamp == before and withheld != found[1].withheld:
            found = found[0], Circle(found[0], withheld)
            self._known = stamp, found
        if stamp != before:
            pair = self.pair.left.study, self.pair.images
            told = self.store.records(study=self.pair.left.study, exercise=EXERCISE)
            said = tuple(record for record in told if pair_of_record(record) == pair)
            found = said, Circle(said, withheld)
            self._known = stamp, found
        return found

    def turn(self, who: str = "", *, more: bool = False, withheld: Withheld = NOTHING_WITHHELD) -> Turn:
        """Return what somebody is asked next, and keep what they are given to read for them.

        Parameters
        ----------
        who
            Their pseudonym; empty before they have said anything.
        more
            Whether they offer to read one sentence more than the exercise asks for.
        withheld
            What nobody is given to read.
        """
        with self._lock:
            self._left.discard(who)
            found = self._said(withheld)[1].turn(who, self._given, self._left, more=more)
            if found.step == IMPROVEMENT and found.read:
                self._given[who] = found.read.id
            return found

    def state(self, who: str, withheld: Withheld = NOTHING_WITHHELD) -> str:
        """Return the step somebody is at, and give them nothing to read."""
        with self._lock:
            return self._said(withheld)[1].turn(who, self._given, self._left).step

    def leave(self, who: str) -> None:
        """Give what somebody was reading to others; they can come back at any time."""
        with self._lock:
            self._left.add(who)
            self._given.pop(who, None)

    def answer(  # noqa: PLR0913 - what, by whom, agreed to what, and three things beside, as `Store.say`
        self,
        turn: Turn,
        text: str,
        consent: Consent,
        key: Key = "",
        *,
        language: str = "",
        refusal: str = "",
        once: str = "",
    ) -> SavedRecord:
        """Keep what somebody says to what they were asked: a sentence, or a refusal.

        Parameters
        ----------
        turn
            As `turn` returned it.
        key
            The author's; without one, a new author is made, who can only say a first sentence.

        Raises
        ------
        ParameterError
            When the turn asks nothing, is somebody else's or is past; when the sentence is long, or nobody
            else may read it; or as `Store.say`.
        """
        with self._lock:
            self._check(turn, author_of(key).who if key else "", once)
            _check_words(text, consent)
            asked = self.context(turn)
            if refusal:
                said = self.store.refuse(
                    refusal, asked, consent, key, text=text, language=language, once=once
                )
            else:
                said = self.store.say(text, asked, consent, key, language=language, once=once)
            self._given.pop(turn.who, None)
            return said

    def context(self, turn: Turn) -> AnswerContext:
        """Return what an answer to a turn answers."""
        words = prompts.prompts_of(EXERCISE)[PROMPT_OF_STEP[turn.step]].text
        read = turn.read.id if turn.read else ""
        return AnswerContext(self.pair.left.study, EXERCISE, words, self.pair.images, read)

    def _check(self, turn: Turn, who: str, once: str) -> None:
        if turn.step not in STEPS:
            raise ParameterError(Fault("turn", turn.step, f"one of {', '.join(STEPS)}"))
        if turn.who != who:
            raise ParameterError(
                Fault(gettext("turn"), gettext("somebody else's"), gettext("the turn of this key's author"))
            )
        if turn.read and turn.step == IMPROVEMENT and turn.read.who == who:
            raise ParameterError(
                Fault(gettext("turn"), gettext("one's own sentence"), gettext("a sentence by somebody else"))
            )
        said = self._said()[1].said_at(who, turn.step)
        if said and not turn.more and said.id != once:
            found, expected = gettext("one that is past"), gettext("the one that is open")
            raise ParameterError(Fault(gettext("turn"), found, expected, gettext("Ask for it anew.")))


def _check_words(text: str, consent: Consent) -> None:
    faults = []
    if len(text) > MAX_TEXT_CHARS:
        expected = gettext("at most {count}", count=MAX_TEXT_CHARS)
        faults.append(Fault(gettext("text"), messages.letters_in_words(len(text)), expected))
    if "class" not in consent.agreed:
        found, expected = (
            gettext("none to be read by others"),
            gettext("that others who take part may read it"),
        )
        faults.append(Fault(gettext("consent"), found, expected))
    if faults:
        raise ParameterError(*faults)
