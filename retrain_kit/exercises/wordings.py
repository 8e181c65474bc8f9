"""Wordings: which of them may mean the same. It is asked, never decided."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from retrain_kit.exercises.ranges import WITHDRAWN

if TYPE_CHECKING:
    from retrain_kit.exercises.ranges import Range, Wording

NEAR = 0.8
"""From so alike on, by the letters that two wordings share in the same order, they are asked about."""

_ARTICLES = {"a", "an", "the", "some"}


@dataclass(frozen=True)
class Question:
    """Two wordings of which a person may say that they are the same."""

    one: Wording
    other: Wording

    def __str__(self) -> str:
        return f"{self.one.text} – {self.other.text}"


def alike(found: Range) -> tuple[Question, ...]:
    """Return the pairs of wordings that may be the same, in the order of the list.

    A pair is asked about where the letters are nearly the same, or all words of one are among the other's;
    not where the two are the same option already, or somebody has taken them apart.
    """
    apart = {frozenset(act.texts) for act in found.acts if act.undone}
    return tuple(
        Question(one, other)
        for first, second in combinations(found.options, 2)
        for one in first.wordings
        for other in second.wordings
        if WITHDRAWN not in (one.text, other.text)
        and frozenset((one.text, other.text)) not in apart
        and near(one.text, other.text)
    )


def near(one: str, other: str) -> bool:
    """Say whether two wordings are alike, articles, capitals and punctuation aside."""
    first, second = _words(one), _words(other)
    if not (first and second):
        return False
    if set(first) <= set(second) or set(second) <= set(first):
        return True
    return difflib.SequenceMatcher(None, " ".join(first), " ".join(second)).ratio() >= NEAR


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.casefold()) if word not in _ARTICLES]
