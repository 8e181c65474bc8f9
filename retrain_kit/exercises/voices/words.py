"""Words around voices: the same on the page and in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrain_kit.exercises.voices.shown import ShownVoice, ShownVoices

DEMONSTRATION = "Made for demonstration by the makers of the kit. No worker said this."
NOT_IN_STUDY = "It is not shown: it is in no study that was named."


def made_up(shown: ShownVoices) -> str:
    """Return that nobody's voice is shown, where it is so."""
    return DEMONSTRATION if shown.demonstration else ""


def who(voice: ShownVoice, shown: ShownVoices) -> str:
    """Return who speaks, by the name that they chose, or made at random."""
    return f"The makers of the kit, as {voice.who}" if shown.demonstration else voice.who


def place_alt(voice: ShownVoice) -> str:
    """Return a picture of where somebody works in words."""
    if voice.is_veiled:
        return "A place of work as a few flat colours; nothing in it can be made out."
    return "The place where somebody works, as they agreed to show it."


def place_caption(voice: ShownVoice) -> str:
    """Return whether a picture of where somebody works is opaque."""
    if voice.is_veiled:
        return "A place of work. Opaque: its author did not agree to have it seen."
    return "A place of work. Shown as it is: its author agreed to that."
