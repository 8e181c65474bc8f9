"""Errors as the material: works that no word fits, that machines share no word of, that people part over.

The rules are stated here, before anything is asked. None of them says that anybody is wrong.

- **No word fits**, by a machine's own scores: the word that a classifier finds likeliest has less than
  `LOW` of what it gives, or its `FIRST` likeliest words have less than `FLAT` of it together; a detector has
  no box at all. A machine that is sure of a word that nobody would use does not come in here.
- **Machines share no word**: at least two said something, and no word of one is a word of another.
- **People part**, as far as two people who answered, drawn by chance, answer differently. Refusals and open
  answers are counted beside, and are no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

LOW, FLAT, FIRST = 0.2, 0.5, 5
FEW_PEOPLE = 5
"""Of fewer people who answered it is said that they are few."""
RULE = (
    f"No word fits where a classifier gives its likeliest word less than {LOW:.0%}, or its {FIRST} likeliest "
    f"together less than {FLAT:.0%}; and where a detector has no box."
)


@dataclass(frozen=True)
class MachineReading:
    """What a machine said of a work.

    Parameters
    ----------
    machine
        Its name.
    words
        The words it said, in small letters.
    fits
        Whether one fits, by its own scores; None of a line, which has none.
    """

    machine: str
    words: frozenset[str]
    fits: bool | None = None


def is_sure(scores: Sequence[float]) -> bool:
    """Say whether a word fits by a classifier's own scores.

    Parameters
    ----------
    scores
        Of its words, from 0 to 1, the likeliest first; those behind the first `FIRST` do not count.
    """
    return bool(scores) and scores[0] >= LOW and sum(scores[:FIRST]) >= FLAT


def no_word_fits(readings: Collection[MachineReading]) -> bool:
    """Say whether no machine that has scores has a word that fits; False where none has scores."""
    scored = [reading.fits for reading in readings if reading.fits is not None]
    return bool(scored) and not any(scored)


def share_no_word(readings: Collection[MachineReading]) -> bool:
    """Say whether two machines or more said something, and no two of them have a word in common."""
    said = [reading.words for reading in readings if reading.words]
    return len(said) > 1 and not any(one & other for one, other in combinations(said, 2))


def share_that_parts(answers: Mapping[str, int]) -> float | None:
    """Return how often two people, drawn by chance without putting one back, answered differently.

    Parameters
    ----------
    answers
        How many people gave each answer.

    Returns
    -------
    float or None
        From 0, all say the same, to 1, no two do; None of fewer than two people.
    """
    people = sum(answers.values())
    if people < 2:  # noqa: PLR2004 - two people are a pair
        return None
    alike = sum(count * (count - 1) for count in answers.values())
    return 1 - alike / (people * (people - 1))
