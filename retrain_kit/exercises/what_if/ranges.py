"""Ranges: everything that was said could be there, each with its degrees, none chosen.

Options stand in the order of the list: those it began with, then as people added them. A range has no first
place, no average and no answer; whoever needs one label has to leave the kit and say so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.what_if.start_lists import ORIGINAL_PREFIX, StartList, source_list
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.answers import Footnote, Record


LIKELIHOOD_WORDS = {
    marked("exceptionally unlikely"): (0.0, 1.0),
    marked("very unlikely"): (1.0, 10.0),
    marked("unlikely"): (10.0, 33.0),
    marked("about as likely as not"): (33.0, 66.0),
    marked("likely"): (66.0, 90.0),
    marked("very likely"): (90.0, 99.0),
    marked("virtually certain"): (99.0, 100.0),
}
"""The words of the scale and what they say, in per cent."""

_MOST = 100


@dataclass(frozen=True)
class Likelihood:
    """How likely something seems, from `low` to `high` per cent; `word` where a word said it."""

    low: float
    high: float
    word: str = ""

    @property
    def as_said(self) -> float | str:
        """What was said: the word, or the number."""
        return self.word or self.low

    def __str__(self) -> str:
        return f"{gettext(self.word)} ({self.low:g}–{self.high:g} %)" if self.word else f"{self.low:g} %"


def parse_likelihood(said: object) -> Likelihood:
    """Return the likelihood of a word of the scale or of a number of per cent.

    Raises
    ------
    ParameterError
        When it is neither.
    """
    if isinstance(said, str) and said in LIKELIHOOD_WORDS:
        return Likelihood(*LIKELIHOOD_WORDS[said], said)
    number = isinstance(said, int | float) and not isinstance(said, bool)
    if not number or not 0 <= said <= _MOST:  # type: ignore[operator]  # it is a number by then
        words = ", ".join(map(gettext, LIKELIHOOD_WORDS))
        expected = gettext("per cent from 0 to 100, or one of: {words}", words=words)
        raise ParameterError(Fault(gettext("likely"), repr(said), expected))
    return Likelihood(float(said), float(said))  # type: ignore[arg-type]  # the same


def recorded_likelihood(details: Mapping[str, Any]) -> Likelihood | None:
    """Return the likelihood among a record's details; None where it holds none that this kit can read."""
    try:
        return parse_likelihood(details.get("likely"))
    except ParameterError:
        return None


WITHDRAWN_WORDING = "(wording withdrawn)"


@dataclass(frozen=True)
class BlankPlace:
    """What is asked about: the blank area of an image, or one hole of it by its `Hole.id`.

    What is likely in one hole says nothing certain of the image, so the two have lists of their own.
    """

    image: str
    hole: str = ""

    def __str__(self) -> str:
        return f"{self.image}, {self.hole}" if self.hole else self.image


@dataclass(frozen=True)
class Wording:
    """An option in somebody's words.

    Parameters
    ----------
    text
        As typed; `WITHDRAWN_WORDING` where its author has withdrawn it and others have spoken of it.
    refs
        The ids of the records that say it, or the reference of the list that it stood on at first:
        `original:` and a key of the source's list, or `start:` and the wording.
    footnotes
        What its authors added to it.
    """

    text: str
    refs: tuple[str, ...]
    footnotes: tuple[Footnote, ...] = ()

    @property
    def original(self) -> bool:
        """Whether it is of the original's list."""
        return self.refs[0].startswith(ORIGINAL_PREFIX)


@dataclass(frozen=True)
class Degree:
    """How likely an option seems to one person; `record` is where it was said."""

    who: str
    likelihood: Likelihood
    record: str


@dataclass(frozen=True)
class Option:
    """Something that could be there: all its wordings, which people have called the same, and its degrees.

    Of what a person says of one wording several times, the last counts here; the store keeps all.
    """

    wordings: tuple[Wording, ...]
    degrees: tuple[Degree, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Its wordings, in the order of the list."""
        return tuple(wording.text for wording in self.wordings)

    @property
    def people(self) -> int:
        """How many people said how likely it is."""
        return len({degree.who for degree in self.degrees})

    @property
    def span(self) -> tuple[float, float] | None:
        """The lowest and the highest per cent that anybody said; None where nobody has."""
        if not self.degrees:
            return None
        said = [degree.likelihood for degree in self.degrees]
        return min(each.low for each in said), max(each.high for each in said)


@dataclass(frozen=True)
class NamedAct:
    """A named act: somebody lets something in, calls wordings the same, or takes them apart again.

    Parameters
    ----------
    kind
        `aggregate.LET_IN`, `LET_ANCHOR_IN`, `SAME` or `APART`.
    texts
        The wordings it is about.
    undone
        Whether somebody has taken it back.
    """

    kind: str
    record: Record
    texts: tuple[str, ...]
    undone: bool = False


@dataclass(frozen=True)
class Range:
    """What was said could be in a place.

    Parameters
    ----------
    options
        In the order of the list.
    outside
        What is improbable there, as the elephant, while nobody has let it in; else None, and it is among
        the options. None also where nothing is said to be improbable.
    refusals
        Of the whole image: they are answers, and none of the options.
    acts
        In the order of time.
    withheld
        How many answers are not shown, since their authors have not agreed to it.
    demonstration
        Whether it was made for demonstration and said by nobody.
    start
        What stood on the list at first.
    """

    place: BlankPlace
    options: tuple[Option, ...]
    outside: Option | None
    refusals: tuple[Record, ...] = ()
    acts: tuple[NamedAct, ...] = ()
    withheld: int = 0
    demonstration: bool = False
    start: StartList = field(default_factory=source_list)

    @property
    def empty(self) -> bool:
        """Whether nobody has said anything."""
        spoken = any(option.degrees for option in self.options)
        return not (spoken or self.refusals or self.acts or self.withheld)
