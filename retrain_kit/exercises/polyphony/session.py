"""The session of *Polyphony*: what the people at a table may do, and what each of them sees.

Nobody sees what others have written but what they are asked to read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from retrain_kit.answers import Author, author_of, messages
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common import consent, prompts, refusals
from retrain_kit.exercises.common.session import ItemView, Screen, Session
from retrain_kit.exercises.polyphony import agreements
from retrain_kit.exercises.polyphony.polyphony import (
    CONSENT_VERSION,
    MAX_TEXT_CHARS,
    MOMENTS,
    NEEDS,
    PROMPT_KEYS,
    USES,
    Polyphony,
)
from retrain_kit.exercises.polyphony.turns import (
    DONE,
    EXERCISE,
    FIRST,
    IMPROVEMENT,
    NEW,
    PROMPT_OF_STEP,
    STEPS,
    WAIT,
    Turn,
    step_of,
)
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.answers import Key, Record, SavedRecord, Store
    from retrain_kit.display.figures import Figure
    from retrain_kit.exercises.common.consent import Withheld
    from retrain_kit.exercises.common.session import Act, Sent

MAX_SEATS = 40
ENTRIES = {"yours", "improve", "new"}
"""The prompts behind which a person writes."""
READINGS = {"theirs", "modified"}
"""The prompts behind which somebody else's sentence stands."""
STATES = {
    FIRST: marked("Person {number} writes first"),
    IMPROVEMENT: marked("Person {number} has one to improve"),
    NEW: marked("Person {number} has one to read"),
    WAIT: marked("Person {number} waits"),
    DONE: marked("Person {number} has finished"),
}
"""What the people at a screen are about to do."""
WAITS = {
    WAIT: marked(
        "You wait until somebody else has written. Give the place to another person, or come back later."
    ),
    DONE: marked("You have written all that is asked of you about these two images."),
}
WAIT_FOR_OTHERS = marked("You wait until somebody else has written. What they write comes here by itself.")
"""On a page of one's own, where nobody gives a place to anybody."""
NEEDED = marked("Somebody's sentence has no reader yet. If you like, read one sentence more.")
KEPT = marked("Your sentence is kept.")
MORE = " more"
OWN_STEPS = {FIRST: marked("first sentence"), IMPROVEMENT: marked("improved"), NEW: marked("new sentence")}
"""What somebody wrote, in the list of their own."""


@dataclass(frozen=True)
class Item:
    """A pair to write about: the exercise on it, and its two images as a figure of two panels."""

    exercise: Polyphony
    figure: Figure


class PolyphonySession(Session[Item]):
    """The tables of pairs of images.

    Parameters
    ----------
    items
        The pairs to go through.
    language
        Which translation stands beside the English prompts; `en` for none.
    """

    name, title = EXERCISE, marked("Polyphony")
    script = "exercises/polyphony/widget.js"
    told: ClassVar = {**Session.told, "answer": KEPT}
    refused = refusals.WORDS_OF_SOMEBODY
    version, uses, needs, note_letters = CONSENT_VERSION, USES, NEEDS, MAX_TEXT_CHARS

    def __init__(self, items: Sequence[Item], language: str = prompts.ORIGINAL_LANGUAGE) -> None:
        prompts.check_language(language)
        super().__init__(items)
        self.beside = language

    @property
    def setting(self) -> dict[str, Any]:
        """Languages, uses, ways to refuse."""
        return {
            **super().setting,
            "language": self.spoken,
            "languages": list(prompts.languages().items()),
            "unreviewed": prompts.unreviewed_note(self.spoken),
            "credit": prompts.prompts_credit(),
        }

    @property
    def stores(self) -> tuple[Store, ...]:
        """One of each table."""
        return tuple(item.exercise.store for item in self.items)

    @property
    def records(self) -> list[Record]:
        """What was said about these pairs."""
        return [record for item in self.items for record in item.exercise.records]

    @property
    def images(self) -> list[str]:
        """The images of all pairs, by their names, from left to right."""
        return [side.name for item in self.items for side in item.exercise.pair.sides]

    def index_of(self, record: Record) -> int | None:
        """Return which pair a record speaks of."""
        pair = agreements.pair_of_record(record)
        known = [(item.exercise.pair.left.study, item.exercise.pair.images) for item in self.items]
        return known.index(pair) if record.asked.exercise == EXERCISE and pair in known else None

    def leave(self, who: str) -> None:
        """Give what somebody was reading to others."""
        for item in self.items:
            item.exercise.leave(who)

    def forget(self) -> None:
        """Let go of what was read of the tables."""
        for item in self.items:
            item.exercise.forget()

    @property
    def looks(self) -> Mapping[str, Act]:
        """A person may offer to read one more; somebody else of those at the screen goes on."""
        return {**super().looks, "more": self._look, "sit": self._sit}

    @property
    def acts(self) -> Mapping[str, Act]:
        """A person says a sentence; a person gets up, and leaves no seat behind."""
        return {**super().acts, "say": self._say, "leave": self._get_up}

    @property
    def carried(self) -> dict[str, Any]:
        """Also what is said where nothing is asked."""
        asked = prompts.prompts_of(EXERCISE)
        steps = {asked[PROMPT_OF_STEP[step]].text: gettext(OWN_STEPS[step]) for step in STEPS}
        return {**super().carried, "steps": steps, "most": MAX_TEXT_CHARS}

    def carried_item(self, index: int) -> dict[str, Any]:
        """Return what is asked about a pair at each step, and where those are who have spoken."""
        table = self.items[index].exercise
        steps = {step: Turn("", step) for step in (*STEPS, WAIT, DONE)}
        return {
            "steps": {step: self._carried_step(table, turn) for step, turn in steps.items()},
            "turns": {who: _carried_turn(table.turn(who)) for who in ("", *table.people)},
        }

    @property
    def carried_ids(self) -> set[str]:
        """The ids of what somebody else is given to read where no session answers."""
        turns = (item.exercise.turn(who) for item in self.items for who in item.exercise.people)
        return {turn.read.id for turn in turns if turn.read}

    def _carried_step(self, table: Polyphony, turn: Turn) -> dict[str, Any]:
        asked = table.context(turn) if turn.step in STEPS else None
        return {"asked": asked, **self._asked(turn, keeper=False)}

    def _item(self, index: int, item: Item) -> ItemView:
        figure = item.figure
        panels = [{"name": gettext(panel.name), "alt": panel.alt} for panel in figure.panels]
        title = gettext("Pair {number}", number=index + 1)
        told = {"title": title, "caption": figure.caption, "credit": figure.credit, "panels": panels}
        return ItemView(told, figure.panels)

    def _view(self, screen: Screen, act: str) -> dict[str, Any]:
        table = self._table(screen)
        turn = table.turn(screen.who, more=act == "more", withheld=self.withheld)
        people = [author_of(key).who if key else "" for key in screen.keys]
        return {
            **self._asked(turn, keeper=screen.keeper),
            "mine": [_own(record) for record in table.records if turn.who and record.who == turn.who],
            "seat": screen.seat,
            "seats": [
                [who, _state(table, number, who, self.withheld)] for number, who in enumerate(people, 1)
            ],
        }

    def _asked(self, turn: Turn, *, keeper: bool) -> dict[str, Any]:
        """Return what a page shows of a turn."""
        return {
            "turn": _name(turn),
            "step": turn.step,
            "moment": MOMENTS.get(turn.step, ""),
            "more": turn.more,
            "waits": _waits(turn, keeper=keeper),
            "lines": [self._line(key, turn) for key in PROMPT_KEYS.get(turn.step, ())],
        }

    def _line(self, key: str, turn: Turn) -> dict[str, Any]:
        prompt = prompts.prompts_of(EXERCISE)[key]
        kind = "entry" if key in ENTRIES else "reading" if key in READINGS else "prompt"
        line = {"kind": kind, "text": prompt.text, "beside": prompt.translation(self.spoken)}
        read = next(consent.shown([turn.read], self.withheld.ids), None) if turn.read else None
        return {**line, "read": _read(read)} if kind == "reading" and read else line

    def _table(self, screen: Screen) -> Polyphony:
        return self.items[screen.index].exercise

    def _say(self, screen: Screen, sent: Sent) -> str:
        if messages.text_field(sent, "refusal"):
            return self._refuse(screen, sent)
        return self._kept(
            screen, self._answered(screen, sent, messages.text_field(sent, "text")), gettext(KEPT)
        )

    def _refusal(self, screen: Screen, sent: Sent, refusal: str) -> SavedRecord:
        """Keep a refusal, without what was typed."""
        return self._answered(screen, sent, "", refusal)

    def _answered(self, screen: Screen, sent: Sent, text: str, refusal: str = "") -> SavedRecord:
        turn, voice = self._turn(screen, sent.get("turn")), self._heard_voice(screen, sent)
        return self._table(screen).answer(
            turn,
            text,
            voice.consent,
            voice.key,
            language=voice.language,
            refusal=refusal,
            once=voice.once,
        )

    def _turn(self, screen: Screen, name: object) -> Turn:
        """Return the turn that a page shows, where it is still open."""
        more = isinstance(name, str) and name.endswith(MORE)
        turn = self._table(screen).turn(screen.who, more=more, withheld=self.withheld)
        if _name(turn) != name:
            do = gettext(
                "What you are asked has changed while you wrote; what you wrote still stands in the field."
            )
            found, expected = gettext("one that is past"), gettext("the one that is open")
            raise ParameterError(Fault(gettext("turn"), found, expected, do))
        return turn

    def _sit(self, screen: Screen, sent: Sent) -> str:
        screen.seat = messages.number_field(sent, "seat", len(screen.keys))
        return gettext("Person {number} sits here now.", number=screen.seat + 1)

    def _return(self, screen: Screen, sent: Sent) -> str:
        return self._seat(screen, Author(messages.text_field(sent, "key")).key)

    def _leave(self, screen: Screen, _: Sent) -> str:
        """Let a further person sit down."""
        return self._seat(screen, "")

    def _seat(self, screen: Screen, key: Key) -> str:
        if key not in screen.keys:
            if len(screen.keys) >= MAX_SEATS:
                expected = gettext("at most {count} at a table", count=MAX_SEATS)
                raise ParameterError(Fault(gettext("people"), f"{len(screen.keys)}", expected))
            screen.keys.append(key)
        screen.seat = screen.keys.index(key)
        return gettext("Person {number} sits here now.", number=screen.seat + 1)

    def _get_up(self, screen: Screen, _: Sent) -> str:
        if screen.key:
            self.leave(screen.who)
        left = screen.seat + 1
        screen.keys.pop(screen.seat)
        screen.keys = screen.keys or [""]
        screen.seat = min(screen.seat, len(screen.keys) - 1)
        return gettext("Person {number} has left. What they said stays.", number=left)


def _name(turn: Turn) -> str:
    """Return the name of a turn, by which a page says what it answers."""
    end = MORE if turn.more else "needed" if turn.needed else ""
    return f"{turn.who} {turn.step} {turn.read.id if turn.read else ''}{end}"


def _carried_turn(turn: Turn) -> dict[str, Any]:
    """Return where somebody is, and what they are given to read."""
    read = {"read": _read(turn.read), "record": turn.read.id} if turn.read else {}
    return {"turn": _name(turn), "step": turn.step, "more": turn.more, **read}


def _waits(turn: Turn, *, keeper: bool) -> str:
    """Return what somebody is told who has nothing to write now."""
    alone = turn.step == WAIT and not keeper
    told = gettext(WAIT_FOR_OTHERS if alone else WAITS.get(turn.step, ""))
    return f"{told} {gettext(NEEDED)}" if turn.needed else told


def _state(table: Polyphony, number: int, who: str, withheld: Withheld) -> str:
    """Return in words what somebody is about to do."""
    if not who:
        return gettext("Person {number} is new", number=number)
    return gettext(STATES[table.state(who, withheld)], number=number)


def _read(record: Record) -> dict[str, Any]:
    return {
        "text": record.text,
        "language": record.language,
        "refused": refusals.of_somebody(record),
        "footnotes": [note.text for note in record.footnotes],
    }


def _own(record: Record) -> dict[str, Any]:
    return {"record": record.id, "step": gettext(OWN_STEPS[step_of(record)]), **_read(record)}
