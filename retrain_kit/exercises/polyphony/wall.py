"""Lineages on the wall: one at a time, with what became of its words, in numbers. Nobody is named."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from retrain_kit.exercises.common.words import content_words
from retrain_kit.exercises.polyphony import agreements, lineages
from retrain_kit.exercises.polyphony.turns import STEPS, step_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from retrain_kit.answers import Record, Withdrawal
    from retrain_kit.exercises.polyphony.agreements import WordPath
    from retrain_kit.exercises.polyphony.lineages import SentenceNode

MAX_SENTENCES, MAX_WORDS = 5, 7
"""Of a lineage, how many sentences stand on the wall, and how many of its words under each head."""


@dataclass(frozen=True)
class LineagePages:
    """What was said about a pair of images, a lineage a page.

    A lineage is a first sentence and all that grew out of it. Once some have grown, those are shown, as they
    grew one after the other; the numbers of their words are of all that was said about the pair.

    Parameters
    ----------
    records
        In the order of time.
    """

    records: Sequence[Record]
    withdrawals: Sequence[Withdrawal] = ()

    @property
    def count(self) -> int:
        """How many pages there are: as many as lineages."""
        return max(1, len(self._lineages))

    @property
    def empty(self) -> bool:
        """Whether nobody has said anything."""
        return not self._lineages

    def page(self, number: int) -> dict[str, Any]:
        """Return a lineage, and what became of its words."""
        number %= self.count
        lineage = self._lineages[number] if self._lineages else []
        said = [self._words.get(place.id, frozenset[str]()) for place in lineage]
        words = frozenset[str]().union(*said)
        kept = [path for path in self._paths if path.is_agreed and path.term in words]
        dropped = [path for path in self._paths if path.dropped and path.term in words]
        steps = Counter(step_of(record) for record in self.records)
        return {
            "lineages": len(self._lineages),
            "number": number,
            "steps": [steps[step] for step in STEPS],
            "sentences": [self._sentence(place, kept) for place in lineage[:MAX_SENTENCES]],
            "more": max(0, len(lineage) - MAX_SENTENCES),
            "kept": [self._survival(path) for path in kept[:MAX_WORDS]],
            "dropped": [_dissent(path) for path in dropped[:MAX_WORDS]],
            "left": [max(0, len(found) - MAX_WORDS) for found in (kept, dropped)],
        }

    @cached_property
    def _lineages(self) -> list[list[SentenceNode]]:
        """Those that have grown, as they did; all of them where none has."""
        found: list[list[SentenceNode]] = []
        for place in lineages.sentence_tree(self.records, self.withdrawals):
            if not place.source:
                found.append([])
            found[-1].append(place)
        order = {record.id: number for number, record in enumerate(self.records)}
        grown = [lineage for lineage in found if len(lineage) > 1]
        return sorted(grown, key=lambda lineage: min(order[each.id] for each in lineage[1:])) or found

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        return {
            record.id: agreements.words_of_record(record)
            for record in self.records
            if step_of(record) and not record.refusal
        }

    @cached_property
    def _paths(self) -> list[WordPath]:
        return agreements.word_paths(self.records)

    @cached_property
    def _last(self) -> int:
        return len(agreements.last_sentences(self.records))

    def _survival(self, path: WordPath) -> dict[str, Any]:
        return {"word": path.term, "last": len(path.last), "of": self._last}

    def _sentence(self, place: SentenceNode, kept: Collection[WordPath]) -> dict[str, Any]:
        record = place.record
        return {
            "step": step_of(record) if record else "",
            "language": record.language if record else "",
            "withdrawn": place.withdrawn[:10],
            "refusal": record.refusal if record else "",
            "parts": _parts(record, {path.term for path in kept}) if record else [],
        }


def _dissent(path: WordPath) -> dict[str, Any]:
    people = {"dropped": path.dropped, "kept": path.last}
    return {"word": path.term, **{name: len({each.who for each in said}) for name, said in people.items()}}


def _parts(record: Record, words: Collection[str]) -> list[tuple[str, bool]]:
    """Return a sentence in parts, each with whether it is one of these words."""
    parts, place, text = [], 0, record.text.strip()
    for term in content_words(text, record.language):
        if term.text in words and term.start >= place:
            parts += [(text[place : term.start], False), (text[term.start : term.end], True)]
            place = term.end
    return [part for part in (*parts, (text[place:], False)) if part[0]]
