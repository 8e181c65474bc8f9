"""Refusals in words: as a person chooses one, as it stands among answers, and as others are told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from retrain_kit.answers import Record

REFUSAL_BUTTONS = {
    "nothing": marked("I have nothing to say"),
    "no-answer": marked("I choose not to answer"),
    "burn": marked("Burn it"),
}
"""On the buttons of every exercise."""
WORDS_AMONG_ANSWERS = {
    "nothing": marked("nothing"),
    "no-answer": REFUSAL_BUTTONS["no-answer"],
    "burn": marked("burn"),
}
"""Among the answers to an image."""
WORDS_OF_SOMEBODY = {
    "nothing": marked("nothing to say"),
    "no-answer": marked("chose not to answer"),
    "burn": marked("burnt it"),
}
"""Of somebody who was asked for a text."""
WORDS_ON_THE_WALL = {
    "nothing": marked("Nothing."),
    "no-answer": marked("I choose not to answer."),
    "burn": marked("An image was burnt."),
}
"""On the wall of an exhibition, where others' gifts hang."""


def of_somebody(record: Record) -> str:
    """Return how somebody refused, as others are told of it; empty where they did not."""
    return gettext(WORDS_OF_SOMEBODY.get(record.refusal, ""))


def refusal_in_words(record: Record) -> str:
    """Return a refusal as it stands among answers, with the words that came with it."""
    way = gettext(WORDS_AMONG_ANSWERS.get(record.refusal, record.refusal))
    return f"{way} – {record.text}" if record.text else way
