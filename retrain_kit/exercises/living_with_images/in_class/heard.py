"""What a class has written so far, by image and by which of the two texts, kept as it comes.

One more costs the same at any time. What is withdrawn is gone: then all is read anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from retrain_kit.answers import Record
    from retrain_kit.answers.cached import Arrivals, CachedStore


class Heard:
    """The records of an exercise, in their sorts.

    Parameters
    ----------
    store
        Where they are kept.
    sort_of
        Returns of which sort a record is; nothing for those of other exercises.
    """

    def __init__(self, store: CachedStore, sort_of: Callable[[Record], str]) -> None:
        self._store, self._sort_of = store, sort_of
        self._catching_up = RLock()
        self._known: Arrivals | None = None
        self._clear()

    def tally(self, sort: str, withheld: AbstractSet[str] = frozenset()) -> tuple[int, int]:
        """Return how many records of a sort there are, and how many of them are refusals."""
        self._catch_up()
        left_out = [record for name in withheld if (record := self._sorted[sort].get(name))]
        answers, refused = len(self._sorted[sort]), self._refused[sort]
        return answers - len(left_out), refused - sum(bool(record.refusal) for record in left_out)

    def people(self, sort: str, withheld: AbstractSet[str] = frozenset()) -> int:
        """Return how many people have said something of a sort."""
        self._catch_up()
        spoke = self._people[sort]
        gone = Counter(record.who for name in withheld if (record := self._sorted[sort].get(name)))
        return len(spoke) - sum(spoke[who] == count for who, count in gone.items())

    def of_image(self, image: str) -> list[Record]:
        """Return the records of an image, of all sorts, in the order of time."""
        with self._catching_up:
            self._catch_up()
            return _in_order(self._by_image.get(image, {}))

    def of_sort(self, sort: str) -> list[Record]:
        """Return the records of a sort, in the order of time."""
        with self._catching_up:
            self._catch_up()
            return _in_order(self._sorted.get(sort, {}))

    def _clear(self) -> None:
        self._by_image: dict[str, dict[str, Record]] = defaultdict(dict)
        self._sorted: dict[str, dict[str, Record]] = defaultdict(dict)
        self._refused: Counter[str] = Counter()
        self._people: dict[str, Counter[str]] = defaultdict(Counter)

    def _catch_up(self) -> None:
        with self._catching_up:
            come = self._store.arrivals(self._known)
            if not come.start:
                self._clear()
            for record in come.records:
                self._add(record)
            self._known = come

    def _add(self, record: Record) -> None:
        sort = self._sort_of(record)
        if not sort:
            return
        if record.id not in self._sorted[sort]:
            self._refused[sort] += bool(record.refusal)
            self._people[sort][record.who] += 1
        self._sorted[sort][record.id] = record
        self._by_image["".join(record.asked.images[:1])][record.id] = record


def _in_order(records: dict[str, Record]) -> list[Record]:
    return sorted(records.values(), key=lambda record: (record.when, record.id))
