"""Acts of What If…?: what a person can do at a blank area, as a browser asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.answers import Author
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises import what_if
from retrain_kit.exercises.what_if import CONSENT_VERSION, USES, Voice
from retrain_kit.widgets import messages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from retrain_kit.answers import Said
    from retrain_kit.exercises.ranges import Place
    from retrain_kit.exercises.what_if import WhatIf

    Sent = Mapping[str, Any]
    Own = Callable[["WhatIf", Sent, str, str], str]

UNSHOWN = "Your answer is kept, and shown to nobody else: you have not agreed to it."
COPIES = " Files made from the answers may still hold it, {} of them: ask whoever keeps the answers."
TOLD = {
    "elephant": "The elephant is in the range. The log says who let it in.",
    "same": "They are one option now; both wordings stay. The log says who said so.",
    "apart": "They are two options again. The log says who took them apart.",
    "refuse": "Your refusal is kept. It is an answer.",
}


def do(exercise: WhatIf, place: Place, sent: Sent, key: str, language: str) -> dict[str, Any]:
    """Do what a person asks for; return what they are told of it.

    Parameters
    ----------
    sent
        The `act`, and what belongs to it.
    key
        The person's; empty for somebody who has said nothing yet.

    Raises
    ------
    ParameterError
        When there is no such act, or it cannot be done.
    """
    act = messages.text(sent, "act")
    if act in OWN:
        return {"told": OWN[act](exercise, sent, key, language)}
    if act not in SAY:
        raise ParameterError(Fault("act", repr(act), f"one of {', '.join((*SAY, *OWN))}"))
    consent = messages.consent(sent, USES, CONSENT_VERSION)
    said = SAY[act](exercise, place, sent, Voice(consent, key, language, messages.text(sent, "once")))
    told = TOLD.get(act, "Your answer is kept.") if "class" in consent.agreed else UNSHOWN
    return {"told": told, "key": said.key, "done": act}


def _withdraw(exercise: WhatIf, sent: Sent, key: str, _: str) -> str:
    done = exercise.store.withdraw(messages.text(sent, "record"), Author(key).key)
    left = len(done.copies)
    return f"Withdrawn.{COPIES.format(left) if left else ''}"


def _footnote(exercise: WhatIf, sent: Sent, key: str, language: str) -> str:
    text = what_if.short(messages.text(sent, "text"))
    once = messages.text(sent, "once")
    exercise.store.amend(messages.text(sent, "record"), text, Author(key).key, language=language, once=once)
    return "Your footnote is kept; what you said before stays."


SAY: Mapping[str, Callable[[WhatIf, Place, Sent, Voice], Said]] = {
    "add": lambda exercise, place, sent, voice: exercise.add(
        place, messages.text(sent, "text"), sent.get("likely", ""), voice
    ),
    "place": lambda exercise, place, sent, voice: exercise.place(
        place, messages.text(sent, "ref"), sent.get("likely", ""), voice
    ),
    "elephant": lambda exercise, place, sent, voice: exercise.let_elephant_in(
        place, sent.get("likely", ""), voice, messages.text(sent, "text")
    ),
    "same": lambda exercise, place, sent, voice: exercise.call_same(
        place, (messages.text(sent, "one"), messages.text(sent, "other")), voice
    ),
    "apart": lambda exercise, place, sent, voice: exercise.take_apart(
        place, messages.text(sent, "record"), voice
    ),
    "refuse": lambda exercise, place, sent, voice: exercise.refuse(
        place, messages.text(sent, "refusal"), voice, messages.text(sent, "text")
    ),
}
"""What becomes an answer of its own."""
OWN: Mapping[str, Own] = {"withdraw": _withdraw, "footnote": _footnote}
"""What is done with an answer of one's own."""
