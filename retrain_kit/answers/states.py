"""States: a store is a set of entries, and merging is union.

Nothing is ever changed, so there is nothing to disagree about: the union of the same sets is the same in any
order and any number of times. What is withdrawn leaves the union, whichever of the two came first.
Two lines that claim one id and say different things, which no kit writes, both stay.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from retrain_kit.answers.entries import ANSWER, FOOTNOTE, WITHDRAWAL, LogEntry, record_of, withdrawal_of
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from retrain_kit.answers.authors import AbsentAuthor, Author
    from retrain_kit.answers.entries import LogEntry
    from retrain_kit.answers.index import Index
    from retrain_kit.answers.records import Record, Withdrawal


def merged_entries(*sets: Iterable[LogEntry]) -> list[LogEntry]:
    """Return the union of sets of entries, without what was withdrawn, in the order in which they came."""
    union = {entry.line: entry for entries in sets for entry in entries}
    withdrawals = entries_by_target(entry for entry in union.values() if entry.kind == WITHDRAWAL)
    return [entry for entry in union.values() if not is_withdrawn(entry, withdrawals)]


def entries_by_target(entries: Iterable[LogEntry]) -> dict[str, list[LogEntry]]:
    """Return withdrawals or footnotes under the ids that they are about."""
    found: dict[str, list[LogEntry]] = defaultdict(list)
    for entry in entries:
        found[entry.target].append(entry)
    return found


def is_withdrawn(entry: LogEntry, withdrawals: dict[str, list[LogEntry]]) -> bool:
    """Say whether one of the withdrawals takes an entry away."""
    return any(each.withdraws(entry) for name in entry.locks for each in withdrawals.get(name, ()))


def records(entries: Iterable[LogEntry]) -> list[Record]:
    """Return the records of a state with their footnotes, in the order of time, then of id."""
    kinds: dict[str, list[LogEntry]] = defaultdict(list)
    for entry in entries:
        kinds[entry.kind].append(entry)
    notes = entries_by_target(kinds[FOOTNOTE])
    ordered = sorted(kinds[ANSWER], key=lambda entry: (entry.fields["when"], entry.id, entry.line))
    return [record_of(entry, notes.get(entry.id, ())) for entry in ordered]


def withdrawals_left(entries: Iterable[LogEntry]) -> list[Withdrawal]:
    """Return what withdrawals leave, in the order of time; each id once, at its earliest."""
    every = sorted(map(withdrawal_of, entries), key=lambda each: (each.when, each.of, each.by))
    earliest: dict[str, Withdrawal] = {}
    for each in every:
        earliest.setdefault(each.of, each)
    return list(earliest.values())


def waiting_footnotes(entries: Collection[LogEntry]) -> list[LogEntry]:
    """Return the footnotes whose original has not come yet."""
    answers = (entry for entry in entries if entry.kind == ANSWER)
    here = {(entry.id, entry.public_key, entry.fields.get("lock", "")) for entry in answers}
    notes = (entry for entry in entries if entry.kind == FOOTNOTE)
    return [entry for entry in notes if (entry.target, entry.public_key, entry.fields["of_lock"]) not in here]


# -- claims: whether an entry is here, and whether it belongs to whoever says so.


def entries_with_id(index: Index, name: str) -> list[LogEntry]:
    """Return the answers or footnotes of an id."""
    return [entry for entry in index.about(name) if entry.id == name]


def is_author_of(author: Author | AbsentAuthor, entry: LogEntry) -> bool:
    """Say whether an answer or a footnote is an author's own."""
    return entry.public_key == author.public_key


def own_entry(index: Index, name: str, author: Author | AbsentAuthor, *kinds: str) -> LogEntry:
    """Return an author's own answer or footnote.

    Raises
    ------
    ParameterError
        When there is none of this id and one of these kinds, or it is another's.
    """
    found = [entry for entry in entries_with_id(index, name) if entry.kind in kinds]
    if not found:
        raise ParameterError(not_found_fault(index, name))
    for entry in found:
        if is_author_of(author, entry):
            return entry
    do = gettext("Only who said it can amend or withdraw it.")
    expected = gettext("the key that its author was handed")
    raise ParameterError(Fault(gettext("key"), gettext("another one"), expected, do))


def withdrawable_by(index: Index, author: Author | AbsentAuthor) -> list[LogEntry]:
    """Return an author's answers, and those footnotes that wait for one."""
    said = [entry for entry in index.entries(who=author.who) if is_author_of(author, entry)]
    names = {entry.id for entry in said}
    notes = (entry for entry in index.entries(kind=FOOTNOTE) if entry.target not in names)
    return [*said, *(entry for entry in notes if is_author_of(author, entry))]


def entries_by_author(index: Index, author: Author | AbsentAuthor) -> list[LogEntry]:
    """Return what an author has said, amended and withdrawn."""
    said = [*index.entries(who=author.who), *index.entries(kind=FOOTNOTE)]
    return [*(entry for entry in said if is_author_of(author, entry)), *_own(index.withdrawals(), author)]


def earlier_entry(index: Index, new: LogEntry) -> LogEntry | None:
    """Return what an earlier request of the same has kept; None where there was none.

    Raises
    ------
    ParameterError
        When the id stands for something else, or for something that was withdrawn.
    """
    taken = [entry for entry in index.about(new.id) if entry.kind == WITHDRAWAL or entry.id == new.id]
    for entry in taken:
        if _timeless(entry) == _timeless(new):
            return entry
    if taken:
        raise ParameterError(taken_fault())
    return None


def taken_fault() -> Fault:
    """Return what is wrong with an id that stands for something else."""
    return Fault("once", gettext("an id of something else"), gettext("a new one for each answer"))


def kinds(index: Index, name: str, author: Author | AbsentAuthor) -> set[str]:
    """Return the kinds of an author's own entries of an id: answer, footnote, withdrawal."""
    about = index.about(name)
    said = {entry.kind for entry in about if entry.id == name and is_author_of(author, entry)}
    gone = _own([entry for entry in about if entry.kind == WITHDRAWAL], author)
    return said | {entry.kind for entry in gone}


def _own(withdrawals: Collection[LogEntry], author: Author | AbsentAuthor) -> list[LogEntry]:
    """Return an author's own withdrawals, which say of nobody whose they are."""
    locks = author.locks([entry.target for entry in withdrawals])
    both = zip(withdrawals, locks, strict=True)
    return [entry for entry, lock in both if entry.fields.get("lock") == lock]


def not_found_fault(index: Index, name: str) -> Fault:
    """Return the fault of an id that cannot be found."""
    withdrawn = any(entry.kind == WITHDRAWAL for entry in index.about(name))
    gone = gettext("{name}, withdrawn", name=repr(name))
    found = gone if withdrawn else gettext("{name}, not here", name=repr(name))
    return Fault(gettext("record"), found, gettext("one of this store"))


def _timeless(entry: LogEntry) -> dict[str, object]:
    """Return what an entry says, whenever it came: a request that comes again comes later."""
    agreed = {"consent": {**entry.fields["consent"], "when": ""}} if "consent" in entry.fields else {}
    return {**entry.fields, **agreed, "when": "", "signature": ""}
