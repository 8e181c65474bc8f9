"""Pages of Polyphony: what one person at the table sees, as plain values that go to the browser.

Nobody sees what others have written but what they are asked to read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.answers import REFUSALS
from retrain_kit.exercises import prompts
from retrain_kit.exercises.circles import DONE, EXERCISE, FIRST, WAIT, step_of
from retrain_kit.exercises.polyphony import MOMENTS, PROMPTS, USES
from retrain_kit.exercises.sentences import REFUSED, STEPS

if TYPE_CHECKING:
    from retrain_kit.answers import Record
    from retrain_kit.exercises.circles import Turn
    from retrain_kit.exercises.polyphony import Polyphony

ENTRIES = {"yours", "improve", "new"}
"""The prompts behind which a person writes."""
READINGS = {"theirs", "modified"}
"""The prompts behind which somebody else's sentence stands."""
STATES = {FIRST: "writes first", "improvement": "has one to improve", "new": "has one to read", WAIT: "waits"}
TOLD = {
    WAIT: "You wait until somebody else has written. Give the place to another person, or come back later.",
    DONE: "You have written all that is asked of you about these two images.",
}
REFUSE = {"nothing": "I have nothing to say", "no-answer": "I choose not to answer", "burn": "Burn it"}


def setting(language: str) -> dict[str, Any]:
    """Return what stays the same while the widget is shown."""
    return {
        "language": language,
        "languages": list(prompts.languages().items()),
        "unreviewed": prompts.UNREVIEWED if language != prompts.ORIGINAL else "",
        "credit": prompts.credit(),
        "uses": list(USES.items()),
        "refusals": [[name, REFUSE[name]] for name in REFUSALS],
    }


def page(exercise: Polyphony, turn: Turn, language: str) -> dict[str, Any]:
    """Return what is asked in a turn, and what the person has said so far."""
    own = [record for record in exercise.records if turn.who and record.who == turn.who]
    read = turn.read.id if turn.read else ""
    return {
        "turn": f"{turn.who} {turn.step} {read}",
        "step": turn.step,
        "moment": MOMENTS.get(turn.step, ""),
        "more": turn.more,
        "told": TOLD.get(turn.step, ""),
        "lines": [_line(key, turn, language) for key in PROMPTS.get(turn.step, ())],
        "own": [_own(record) for record in own],
    }


def state(exercise: Polyphony, who: str) -> str:
    """Return in words what somebody is about to do."""
    return STATES.get(exercise.state(who), "has finished") if who else "is new"


def _line(key: str, turn: Turn, language: str) -> dict[str, Any]:
    prompt = prompts.of(EXERCISE)[key]
    kind = "entry" if key in ENTRIES else "reading" if key in READINGS else "prompt"
    line = {"kind": kind, "text": prompt.text, "beside": prompt.beside(language)}
    return {**line, "read": _read(turn.read)} if kind == "reading" and turn.read else line


def _read(record: Record) -> dict[str, Any]:
    return {
        "text": record.text,
        "language": record.language,
        "refused": REFUSED.get(record.refusal, ""),
        "footnotes": [note.text for note in record.footnotes],
    }


def _own(record: Record) -> dict[str, Any]:
    step = STEPS[step_of(record)].partition(" {")[0].partition(",")[0].replace("improves", "improved")
    return {"record": record.id, "step": step, **_read(record)}
