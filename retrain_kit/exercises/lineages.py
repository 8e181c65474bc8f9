"""Lineages: which sentence grew out of which.

Nothing is repeated here of what was withdrawn: only that something was, and when. What others wrote on top of
it is theirs, and stays.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrain_kit.answers import Record, Withdrawal


@dataclass(frozen=True)
class Place:
    """Where a sentence stands.

    Parameters
    ----------
    number
        From 1, in the order in which they are shown.
    id
        The id of its record.
    depth
        How many sentences it grew out of, one out of the other.
    source
        The number of the sentence it grew out of; 0 where it is a first one.
    record
        What was said; None where it was withdrawn, or has not come here.
    withdrawn
        When it was withdrawn; empty where it was not.
    """

    number: int
    id: str
    depth: int
    source: int
    record: Record | None
    withdrawn: str = ""


def grow(records: Sequence[Record], withdrawals: Iterable[Withdrawal] = ()) -> list[Place]:
    """Return all sentences, each after the one it grew out of, in the order of the records."""
    by_id = {record.id: record for record in records}
    gone = {each.of: each.when for each in withdrawals}
    parents = _without_rings({name: record.asked.record for name, record in by_id.items()})
    children: dict[str, list[str]] = defaultdict(list)
    for name, parent in parents.items():
        children[parent].append(name)
    missing = dict.fromkeys(parent for parent in parents.values() if parent and parent not in by_id)
    order = {record.id: place for place, record in enumerate(records)}
    roots = sorted([*children[""], *missing], key=lambda name: order.get(name, -1))
    waiting = [(name, 0, 0) for name in reversed(roots)]
    found: list[Place] = []
    while waiting:
        name, depth, source = waiting.pop()
        number = len(found) + 1
        found.append(Place(number, name, depth, source, by_id.get(name), gone.get(name, "")))
        waiting += [(child, depth + 1, number) for child in reversed(children[name])]
    return found


def _without_rings(parents: dict[str, str]) -> dict[str, str]:
    """Return the same, cut where somebody forged sentences that grow out of themselves."""
    cut, safe = dict(parents), {""}
    for start in parents:
        name, way = start, dict[str, None]()
        while name not in safe and name in cut:
            safe.add(name)
            way[name] = None
            if cut[name] in way:
                cut[name] = ""
            name = cut[name]
    return cut
