"""Lengths: how many letters people may write."""

from __future__ import annotations

from retrain_kit.errors import Fault

MAX_SHORT_CHARS = 200
"""An option, a reason, a few words beside a refusal, a footnote to one of these."""
REFUSE_INSTEAD = "Who has nothing to say, or chooses not to answer, can refuse: that is an answer too."


def length_faults(name: str, text: str, most: int, *, least: int = 0, do: str = "") -> list[Fault]:
    """Return what is wrong with the length of a text; white space alone is nothing.

    Parameters
    ----------
    name
        What the text is.
    do
        What whoever has nothing to write can do instead.
    """
    letters = len(text.strip())
    if least <= letters and len(text) <= most:
        return []
    found = len(text) if letters else 0
    return [Fault(name, f"{found} letters", f"from {least} to {most}", "" if letters else do)]
