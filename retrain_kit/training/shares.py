"""Shares: what people's degrees come to where a machine wants weights that sum to 1.

A number counts as it is, a word by the middle of its interval. This is the one place where the kit reads a
word as a number, and what was said always stands beside it. An option's degree is the mean over the people
who spoke of it, each counting the same, and its weight the share of that in the degrees of all options. What
somebody did not speak of counts neither for it nor against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from retrain_kit.exercises.ranges import WITHDRAWN

if TYPE_CHECKING:
    from retrain_kit.exercises.ranges import Degree, Option, Range


@dataclass(frozen=True)
class Voice:
    """What one person said of one option.

    Parameters
    ----------
    degrees
        In the order of time; several where wordings were called the same of which this person spoke apart.
    """

    who: str
    option: Option
    degrees: tuple[Degree, ...]

    @property
    def low(self) -> float:
        """The lowest per cent that was said."""
        return min(degree.likelihood.low for degree in self.degrees)

    @property
    def high(self) -> float:
        """The highest per cent that was said."""
        return max(degree.likelihood.high for degree in self.degrees)

    @property
    def middle(self) -> float:
        """The per cent in the middle of what was said."""
        return (self.low + self.high) / 2


def named(option: Option) -> tuple[str, ...]:
    """Return the wordings of an option that can be shown: not those that are withdrawn or not agreed to."""
    return tuple(text for text in option.texts if text != WITHDRAWN)


def spoken(found: Range) -> list[Option]:
    """Return the options that have a name and a degree, in the order of the list; the elephant if let in."""
    return [option for option in found.options if option.degrees and named(option)]


def voices(option: Option) -> list[Voice]:
    """Return what each person said of an option, by pseudonym."""
    people = sorted({degree.who for degree in option.degrees})
    return [
        Voice(who, option, tuple(degree for degree in option.degrees if degree.who == who)) for who in people
    ]


def weights(found: Range) -> list[float]:
    """Return the weight of each option of `spoken`: they sum to 1.

    Empty where nobody spoke of any, or nobody gave any more than 0 per cent.
    """
    said = [[voice.middle for voice in voices(option)] for option in spoken(found)]
    means = [fsum(middles) / len(middles) for middles in said]
    total = fsum(means)
    return [mean / total for mean in means] if total else []
