"""States: a store is a set of entries, and merging is union.

Nothing is ever changed, so there is nothing to disagree about: the union of the same sets is the same in any
order and any number of times. What a withdrawal strikes leaves the union, whichever of the two came first.
Two lines that claim one id and say different things, which no kit writes, both stay.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from retrain_kit.answers.entries import ANSWER, FOOTNOTE, WITHDRAWAL, Entry, record_of, withdrawal_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from retrain_kit.answers.records import Record, Withdrawal


def join(*sets: Iterable[Entry]) -> list[Entry]:
    """Return the union of sets of entries, without what was withdrawn, in the order in which they came."""
    union = {entry.line: entry for entries in sets for entry in entries}
    strikes = by_target(entry for entry in union.values() if entry.kind == WITHDRAWAL)
    return [entry for entry in union.values() if not struck(entry, strikes)]


def by_target(withdrawals: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return withdrawals under the ids that they withdraw."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in withdrawals:
        found[entry.of].append(entry)
    return found


def struck(entry: Entry, strikes: dict[str, list[Entry]]) -> bool:
    """Say whether one of the withdrawals takes an entry away."""
    return any(strike.strikes(entry) for name in entry.locks for strike in strikes.get(name, ()))


def records(entries: Iterable[Entry]) -> list[Record]:
    """Return the records of a state with their footnotes, in the order of time, then of id."""
    kinds: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        kinds[entry.kind].append(entry)
    notes = by_target(kinds[FOOTNOTE])
    ordered = sorted(kinds[ANSWER], key=lambda entry: (entry.fields["when"], entry.id, entry.line))
    return [record_of(entry, notes.get(entry.id, ())) for entry in ordered]


def withdrawn(entries: Iterable[Entry]) -> list[Withdrawal]:
    """Return what withdrawals leave, in the order of time; each id once, at its earliest."""
    every = sorted(map(withdrawal_of, entries), key=lambda each: (each.when, each.of, each.by))
    earliest: dict[str, Withdrawal] = {}
    for each in every:
        earliest.setdefault(each.of, each)
    return list(earliest.values())


def waiting(entries: Collection[Entry]) -> list[Entry]:
    """Return the footnotes whose original has not come yet."""
    here = {(entry.id, entry.fields.get("lock", "")) for entry in entries if entry.kind == ANSWER}
    notes = (entry for entry in entries if entry.kind == FOOTNOTE)
    return [entry for entry in notes if (entry.of, entry.fields["of_lock"]) not in here]
