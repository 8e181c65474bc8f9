"""Likelihoods: how likely something seems to somebody, said in words or in a number.

A number says one degree, in per cent; a word says an interval. What was said in one is never turned into the
other. The words are those in which the Fourth Assessment Report of the IPCC described likelihood, with its
intervals: https://archive.ipcc.ch/publications_and_data/ar4/wg2/en/frontmattersf.html (section F).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS = {
    "exceptionally unlikely": (0.0, 1.0),
    "very unlikely": (1.0, 10.0),
    "unlikely": (10.0, 33.0),
    "about as likely as not": (33.0, 66.0),
    "likely": (66.0, 90.0),
    "very likely": (90.0, 99.0),
    "virtually certain": (99.0, 100.0),
}
"""The words of the scale and what they say, in per cent."""

_EXPECTED = f"per cent from 0 to 100, or one of: {', '.join(WORDS)}"
_MOST = 100


@dataclass(frozen=True)
class Likelihood:
    """How likely something seems, from `low` to `high` per cent; `word` where a word said it."""

    low: float
    high: float
    word: str = ""

    @property
    def said(self) -> float | str:
        """What was said: the word, or the number."""
        return self.word or self.low

    def __str__(self) -> str:
        return f"{self.word} ({self.low:g}–{self.high:g} %)" if self.word else f"{self.low:g} %"


def of(said: object) -> Likelihood:
    """Return the likelihood of a word of the scale or of a number of per cent.

    Raises
    ------
    ParameterError
        When it is neither.
    """
    if isinstance(said, str) and said in WORDS:
        return Likelihood(*WORDS[said], said)
    number = isinstance(said, int | float) and not isinstance(said, bool)
    if not number or not 0 <= said <= _MOST:  # type: ignore[operator]  # it is a number by then
        raise ParameterError(Fault("likely", repr(said), _EXPECTED))
    return Likelihood(float(said), float(said))  # type: ignore[arg-type]  # the same


def kept(details: Mapping[str, Any]) -> Likelihood | None:
    """Return the likelihood among a record's details; None where it holds none that this kit can read."""
    try:
        return of(details.get("likely"))
    except ParameterError:
        return None
