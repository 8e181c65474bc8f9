"""Ids that come and go one by one, and which of them were there at a moment.

A moment is kept at the same cost however many ids there are; two are compared by what changed between.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class ChangingIds:
    """Ids that come and go; `view` says for whom they are, where several look at the same."""

    def __init__(self, view: str) -> None:
        self.view = view
        self.changes: list[str] = []
        """The ids, each as often as it came or went."""
        self.moments: dict[str, list[int]] = {}
        """By id, the places of its changes: it is there after the first, gone after the second, and so on."""
        self.count = 0

    def put(self, name: str, *, here: bool) -> None:
        """Let an id be there, or not."""
        moments = self.moments.setdefault(name, [])
        if len(moments) % 2 != here:
            moments.append(len(self.changes))
            self.changes.append(name)
            self.count += 1 if here else -1

    def now(self, also: Iterable[str] = ()) -> Ids:
        """Return the ids that are there now, and some more, which are few."""
        return Ids(self, also)


class Ids(AbstractSet[str]):
    """The ids that were there at a moment; it stays so, whatever comes and goes."""

    def __init__(self, source: ChangingIds, also: Iterable[str] = ()) -> None:
        self.source, self.end, self._count = source, len(source.changes), source.count
        self.also = frozenset(name for name in also if not self._holds(name))

    @classmethod
    def _from_iterable(cls, names: Iterable[str]) -> frozenset[str]:  # type: ignore[override]  # what `|` makes
        return frozenset(names)

    def _holds(self, name: object) -> bool:
        moments = self.source.moments.get(name, ())  # type: ignore[call-overload]  # anything may be asked for
        return bisect_left(moments, self.end) % 2 == 1

    def __contains__(self, name: object) -> bool:
        return self._holds(name) or name in self.also

    def __iter__(self) -> Iterator[str]:
        seen = dict.fromkeys(self.source.changes[: self.end])
        yield from (name for name in seen if self._holds(name))
        yield from self.also

    def __len__(self) -> int:
        return self._count + len(self.also)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Ids) and other.source is self.source:
            return not changed_ids(self, other)
        return super().__eq__(other)

    def __hash__(self) -> int:
        return self._hash()


def changed_ids(one: AbstractSet[str], other: AbstractSet[str]) -> AbstractSet[str]:
    """Return the ids that are in one of two alone; of two moments of the same, only what changed is seen."""
    if one is other:
        return frozenset()
    if isinstance(one, Ids) and isinstance(other, Ids) and one.source is other.source:
        first, last = sorted((one.end, other.end))
        seen = {*one.source.changes[first:last], *one.also, *other.also}
        return {name for name in seen if (name in one) != (name in other)}
    return frozenset(one) ^ frozenset(other)


def view_of(names: AbstractSet[str]) -> str:
    """Return for whom some ids are; for everybody, where nobody says it."""
    return names.source.view if isinstance(names, Ids) else "everybody" if names else ""
