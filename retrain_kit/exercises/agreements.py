"""Agreements: which words survive all rewritings, beside what was dropped, by whom, and who keeps it.

Nothing is averaged, and no word wins. Each word carries the records in which it stands, so that every claim
can be looked up. Refusals have no words that could be dropped; a sentence whose source was withdrawn is
compared with nothing. Footnotes are shown with their sentence, and not counted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrain_kit.exercises.circles import FIRST, NEW, step_of
from retrain_kit.exercises.terms import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrain_kit.answers import Record

    PairKey = tuple[str, tuple[str, ...]]

FEWEST = 2
"""Of one person's words nobody can say that several agree."""


@dataclass(frozen=True)
class Rewriting:
    """A sentence and what it was made from: what was read, and in Moment B one's own first sentence too."""

    after: Record
    read: Record | None
    earlier: Record | None = None

    @property
    def before(self) -> Record | None:
        """What it is compared with: what was read where that is still here, else one's own first sentence."""
        return self.read or self.earlier


@dataclass(frozen=True)
class Path:
    """The way of one word through the sentences about a pair.

    Parameters
    ----------
    term
        The word, as it is compared.
    said
        The records in which it stands.
    kept, dropped
        The rewritings whose source has it: those that have it too, and those that have not.
    restored
        New sentences in which authors say it again after somebody else had dropped it.
    last
        The last sentences, one a person, in which it stands.
    """

    term: str
    said: list[Record] = field(default_factory=list)
    kept: list[Record] = field(default_factory=list)
    dropped: list[Record] = field(default_factory=list)
    restored: list[Record] = field(default_factory=list)
    last: list[Record] = field(default_factory=list)

    @property
    def people(self) -> tuple[str, ...]:
        """Who has said it, in the order in which they did."""
        return tuple(dict.fromkeys(record.who for record in self.said))

    @property
    def agreed(self) -> bool:
        """Whether several people end on it, and every rewriting keeps it, of which there is at least one."""
        return len(self.last) >= FEWEST and bool(self.kept) and not self.dropped


def rewritings(records: Iterable[Record]) -> list[Rewriting]:
    """Return every sentence that was made from another, in the order of the records."""
    known = {record.id: record for record in records if step_of(record) and not record.refusal}
    firsts: dict[tuple[str, PairKey], Record] = {}
    for record in known.values():
        if step_of(record) == FIRST:
            firsts.setdefault((record.who, pair_of(record)), record)
    return [
        Rewriting(
            record,
            known.get(record.asked.record),
            firsts.get((record.who, pair_of(record))) if step_of(record) == NEW else None,
        )
        for record in known.values()
        if step_of(record) != FIRST
    ]


def last_sentences(records: Iterable[Record]) -> list[Record]:
    """Return what each person says last in a sentence of their own: the new one, else the first."""
    last: dict[str, Record] = {}
    for step in (FIRST, NEW):
        own: dict[str, Record] = {}
        for record in records:
            if step_of(record) == step and not record.refusal:
                own.setdefault(record.who, record)
        last |= own
    return list(last.values())


def paths(records: Sequence[Record]) -> list[Path]:
    """Return the way of every word: those that most last sentences share first, then by how many say them."""
    words = {record.id: words_of(record) for record in records if step_of(record) and not record.refusal}
    found: dict[str, Path] = {}
    for record in records:
        for term in sorted(words.get(record.id, ())):
            found.setdefault(term, Path(term)).said.append(record)
    for each in rewritings(records):
        _follow(each, words, found)
    for record in last_sentences(records):
        for term in words[record.id]:
            found[term].last.append(record)
    return sorted(found.values(), key=lambda path: (-len(path.last), -len(path.people), -len(path.said)))


def agreed(records: Sequence[Record]) -> list[Path]:
    """Return the words that survive all rewritings."""
    return [path for path in paths(records) if path.agreed]


def dissent(records: Sequence[Record]) -> list[Path]:
    """Return the words that somebody dropped, those that somebody still keeps first."""
    return [path for path in paths(records) if path.dropped]


def words_of(record: Record) -> frozenset[str]:
    """Return the different words of a record, in its own language."""
    return vocabulary(record.text, record.language)


def by_pair(records: Iterable[Record]) -> dict[PairKey, list[Record]]:
    """Return what was said about each pair, in the order in which the pairs were first spoken of."""
    found: dict[PairKey, list[Record]] = defaultdict(list)
    for record in records:
        if step_of(record):
            found[pair_of(record)].append(record)
    return dict(found)


def by_name(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Return what was said about each pair, under a name for the pair."""
    return {" and ".join(images): said for (_, images), said in by_pair(records).items()}


def pair_of(record: Record) -> PairKey:
    """Return what tells a record's pair from any other: its study and its images."""
    return record.asked.study, record.asked.images


def _follow(each: Rewriting, words: dict[str, frozenset[str]], found: dict[str, Path]) -> None:
    if not each.before:
        return
    after, before = words[each.after.id], words[each.before.id]
    for term in before & after:
        found[term].kept.append(each.after)
    for term in before - after:
        found[term].dropped.append(each.after)
    if each.read and each.earlier:
        for term in (words[each.earlier.id] & after) - before:
            found[term].restored.append(each.after)
