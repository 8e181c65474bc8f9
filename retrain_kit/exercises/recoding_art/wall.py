"""A work on the wall: how many people said what, and what they wrote. Nobody is named, no count a verdict.

The first page has no word of the museum or of a machine: it can stand while people still answer. The others
have what people wrote, a few at a time, beside what the museum and machines say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from retrain_kit.exercises.recoding_art import heard, recoding_art

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.exercises.recoding_art.heard import HeardAnswer
    from retrain_kit.exercises.recoding_art.works import WorkToSee

MAX_LINES, MAX_LETTERS = 5, 400
"""How many lines of people stand on a page, and how long a line is at most."""


@dataclass(frozen=True)
class WorkPages:
    """What was said of a work: the latest lines on the first page, then all of them in turn.

    Parameters
    ----------
    answers
        Of this work, in the order of time, refusals among them.
    language
        Which translation stands beside the English answers.
    """

    work: WorkToSee
    answers: Sequence[HeardAnswer]
    language: str

    @property
    def count(self) -> int:
        """How many pages there are; one, where all that is said has room on it."""
        turns = max(_turns(len(self._lines), MAX_LINES), _turns(len(self.work.lines), self._machines))
        whole = len(self._lines) <= MAX_LINES and not (self.work.label or self.work.lines)
        return 1 if whole else 1 + turns

    @property
    def empty(self) -> bool:
        """Whether nobody has said anything of it; a refusal alone is no silence."""
        return not self.answers

    def page(self, number: int) -> dict[str, Any]:
        """Return the latest lines, or some of all beside what the museum and machines say."""
        number %= self.count
        told, counts = self.work.told, heard.counted(self.answers)
        words = recoding_art.answer_words(self.language)
        shown = _part(self._lines, number - 1, MAX_LINES) if number else self._lines[-MAX_LINES:]
        return {
            "number": number,
            "pages": self.count,
            "answers": [[*words[answer], count] for answer, count in counts.by_answer.items()],
            "refused": counts.refused,
            "open": counts.open,
            "people": counts.people,
            "lines": [{"text": text, "language": language} for text, language in shown],
            "total": len(self._lines),
            "label": told["label"] if number else "",
            "machines": _part(told["lines"], number - 1, self._machines) if number else [],
        }

    @property
    def _machines(self) -> int:
        """How many machines speak on a page: what is written beside a work takes the room of one."""
        return 1 if self.work.label else 2

    @cached_property
    def _lines(self) -> list[tuple[str, str]]:
        said = ((answer.description or "", answer.record.language) for answer in self.answers)
        return [(text.strip()[:MAX_LETTERS], language) for text, language in said if text]


def _turns(count: int, at_once: int) -> int:
    return max(1, -(-count // at_once))


def _part(listed: list[Any], turn: int, at_once: int) -> list[Any]:
    """Return what stands in a turn; whoever has fewer turns than others begins anew."""
    first = turn % _turns(len(listed), at_once) * at_once
    return listed[first : first + at_once]
