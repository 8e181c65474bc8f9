"""Refusals in words: as a person chooses one, as it stands among answers, and as others are told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrain_kit.answers import Record

REFUSAL_BUTTONS = {
    "nothing": "I have nothing to say",
    "no-answer": "I choose not to answer",
    "burn": "Burn it",
}
"""On the buttons of every exercise."""
WORDS_AMONG_ANSWERS = {"nothing": "nothing", "no-answer": REFUSAL_BUTTONS["no-answer"], "burn": "burn"}
"""Among the answers to an image."""
WORDS_OF_SOMEBODY = {"nothing": "nothing to say", "no-answer": "chose not to answer", "burn": "burnt it"}
"""Of somebody who was asked for a text."""
WORDS_ON_THE_WALL = {
    "nothing": "Nothing.",
    "no-answer": f"{REFUSAL_BUTTONS['no-answer']}.",
    "burn": "An image was burnt.",
}
"""On the wall of an exhibition, where others' gifts hang."""


def refusal_in_words(record: Record) -> str:
    """Return a refusal as it stands among answers, with the words that came with it."""
    way = WORDS_AMONG_ANSWERS.get(record.refusal, record.refusal)
    return f"{way} – {record.text}" if record.text else way
