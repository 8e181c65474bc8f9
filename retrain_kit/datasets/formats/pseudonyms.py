"""Pseudonyms: who did something, told apart without a name."""

from __future__ import annotations


class Pseudonyms:
    """Numbers in the place of names, in the order in which they come; nothing here keeps what they stand for.

    Parameters
    ----------
    word
        What the persons are: `annotator` makes `annotator 1`, `annotator 2` and so on.
    """

    def __init__(self, word: str) -> None:
        self._word = word
        self._known: dict[str, int] = {}

    def of(self, name: object) -> str:
        """Return what stands for a name or a number that a source has; an empty text where it has none."""
        if not isinstance(name, str | int) or isinstance(name, bool) or not str(name).strip():
            return ""
        return f"{self._word} {self._known.setdefault(str(name).strip(), len(self._known) + 1)}"
