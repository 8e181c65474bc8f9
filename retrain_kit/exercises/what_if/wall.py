"""Ranges on the wall: the options that most people have spoken of, the others in turn, and what stands apart.

A page is plain values, as few however many people there are: of an option, how many people said each number,
and how many each word.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.what_if import figures, ranges, start_lists
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.exercises.what_if.ranges import Option, Range

MOST, IN_TURN, MAX_SILENT, MAX_LETTERS = 12, 2, 24, 200
"""How many options stand on the wall all the time, how many in turn; how many that nobody has spoken of are
named; how long their names are at most."""


@dataclass(frozen=True)
class RangePages:
    """The range of a place as pages of the wall.

    Parameters
    ----------
    language
        Which translation stands beside the original's options.
    """

    found: Range
    language: str = prompts.ORIGINAL_LANGUAGE

    @property
    def count(self) -> int:
        """How many pages there are: as many as the others in turn need."""
        return max(1, -(-self._more // IN_TURN))

    @property
    def empty(self) -> bool:
        """Whether nobody has said how likely anything is."""
        return not (self._spoken or (self._apart and self._apart.degrees))

    def page(self, number: int) -> dict[str, Any]:
        """Return the options that most have spoken of, in the order of the list, and others in turn."""
        first = number % self.count * IN_TURN
        silent = [option for option in self.found.options if not option.degrees]
        return {
            "scale": [[gettext(word), low, high] for word, (low, high) in ranges.LIKELIHOOD_WORDS.items()],
            "rows": [self._row(self._spoken[place]) for place in self._most],
            "others": [self._row(option) for option in islice(self._others(), first, first + IN_TURN)],
            "first": first,
            "more": self._more,
            "silent": [figures.option_label(option)[:MAX_LETTERS] for option in silent[:MAX_SILENT]],
            "unspoken": len(silent),
            "apart": self._row(self._apart) if self._apart else None,
            "outside": self.found.outside is not None,
        }

    @cached_property
    def _apart(self) -> Option | None:
        """What is improbable, in the range or outside it."""
        if self.found.outside:
            return self.found.outside
        last = self.found.options[-1:]  # where it was let in, it stands at the end
        return next((option for option in last if self._is_apart(option)), None)

    @cached_property
    def _spoken(self) -> list[Option]:
        return [option for option in self.found.options if option.degrees and option is not self._apart]

    @cached_property
    def _most(self) -> list[int]:
        """The places, among what is spoken of, of the options with most degrees; of equal ones, the first."""
        by_answers = sorted(range(len(self._spoken)), key=lambda place: -len(self._spoken[place].degrees))
        return sorted(by_answers[:MOST])

    @property
    def _more(self) -> int:
        return len(self._spoken) - len(self._most)

    def _others(self) -> Iterator[Option]:
        shown = set(self._most)
        return (option for place, option in enumerate(self._spoken) if place not in shown)

    def _row(self, option: Option) -> dict[str, Any]:
        numbers: Counter[int] = Counter()
        words: Counter[str] = Counter()
        for degree in option.degrees:
            if degree.likelihood.word:
                words[degree.likelihood.word] += 1
            else:
                numbers[round(degree.likelihood.low)] += 1
        return {
            "label": figures.option_label(option)[:MAX_LETTERS],
            "beside": self._beside(option),
            "people": option.people,
            "numbers": sorted(numbers.items()),
            "words": [words[word] for word in ranges.LIKELIHOOD_WORDS],
        }

    def _beside(self, option: Option) -> str:
        """Return the translation of an option of the original's list."""
        return start_lists.translation_of(option.wordings[0].refs[0], self.language)

    def _is_apart(self, option: Option) -> bool:
        return option.wordings[0].refs[0] == self.found.start.anchor
