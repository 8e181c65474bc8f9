"""Growing ranges: the range of a place, kept as answers come, so that one more costs the same at any time.

It is the range that `aggregate.range_from_answers` returns of the same records, in whatever order they come.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from retrain_kit.exercises.common.consent import shown, shown_notes
from retrain_kit.exercises.common.ids import changed_ids
from retrain_kit.exercises.what_if import aggregate, ranges, start_lists
from retrain_kit.exercises.what_if.aggregate import ADDED, LETTING_IN, PLACED
from retrain_kit.exercises.what_if.ranges import Degree, Option, Range, Wording

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from retrain_kit.answers import Record
    from retrain_kit.exercises.what_if.ranges import BlankPlace, NamedAct
    from retrain_kit.exercises.what_if.start_lists import StartList

    At = tuple[str, str]
    """The place of a record: by the time, then by the id."""

_STARTED, _SAID, _MISSING = range(3)
_FIRST: At = ("", "")


@dataclass
class _Name:
    """An option before any are called the same: where it stands, its references, what people said of it."""

    rank: int
    at: At
    name: str
    text: str
    refs: list[tuple[At, str]] = field(default_factory=list)
    degrees: dict[str, tuple[At, Degree]] = field(default_factory=dict)

    @property
    def place(self) -> tuple[int, At]:
        """Where it stands: what the list began with, then as people said it, then what is gone."""
        return self.rank, self.at


class GrowingRange:
    """The range of a place, of what people have agreed to for a use; `start` is what stood there at first."""

    def __init__(self, place: BlankPlace, use: str, start: StartList | None = None) -> None:
        self.place, self.use, self.start = place, use, start or start_lists.source_list()
        self.anchor = self.start.anchor
        self._records: dict[tuple[str, str], Record] = {}
        self._of_id: dict[str, set[tuple[str, str]]] = defaultdict(set)
        """The records of each id, and those that have the footnote of it."""
        self._hidden: AbstractSet[str] = frozenset()
        self._range: Range | None = None
        """The range as it was made; None where anything has changed since."""
        self._stale = False
        self._begin()

    def add(self, record: Record) -> None:
        """Add a record, or put one with more footnotes in its place; those of other places do not count."""
        if not aggregate.is_about(record, self.place):
            return
        key = record.id, record.signature
        known = key in self._records
        self._records[key] = record
        for name in (record.id, *(note.id for note in record.footnotes)):
            self._of_id[name].add(key)
        if record.id in self._hidden:
            return
        if known:
            self._annotate(record)
        elif not self._stale:
            self._put(record)

    def withhold(self, hidden: AbstractSet[str]) -> None:
        """Leave the records and footnotes of these ids, and no others, out of the range.

        An option goes with the record that added it, whoever spoke of it. What is here and is hidden now
        makes the range stale; what was hidden and is not any more comes in like something new.
        """
        differing = changed_ids(hidden, self._hidden)
        changed = {name for name in differing if name in self._of_id}
        self._hidden = hidden
        if changed or not self._gone.isdisjoint(differing):
            self._range = None
        self._stale = self._stale or any(name in hidden for name in changed)
        come = {key: self._records[key] for name in changed for key in self._of_id[name]}
        for record in sorted(come.values(), key=_adds_first):
            if self._stale or record.id in hidden:
                continue
            if record.id in changed:
                self._put(record)
            else:
                self._annotate(record)

    def range(self) -> Range:
        """Return the range."""
        if self._range is None or self._stale:
            self._range = self._made()
        return self._range

    def _made(self) -> Range:
        if self._stale:
            self._begin()
            here = (record for record in self._records.values() if record.id not in self._hidden)
            for record in sorted(here, key=_adds_first):
                self._put(record)
        if self._groups is None:
            self._gather()
        for first in self._changed:
            self._options[first] = self._option(first)
        self._changed.clear()
        let_in = self.anchor in aggregate.anchors_let_in(record for _, record in self._named)
        anchor = self._options.get(self.anchor)
        off = {self.anchor, *(name for name in self._gone if name in self._hidden)}
        listed = [self._options[first] for _, first in self._groups or () if first not in off]
        return Range(
            self.place,
            (*listed, anchor) if anchor and let_in else tuple(listed),
            None if let_in else anchor,
            tuple(record for _, record in self._refusals),
            self._acts,
            self._withheld,
            start=self.start,
        )

    def _begin(self) -> None:
        self.texts = self.start.texts
        self.option_of_ref = {name: name for name in self.texts}
        """The option of each reference that is here."""
        self._names = {
            name: _Name(_STARTED, (str(number).zfill(4), ""), name, text, [(_FIRST, name)])
            for number, (name, text) in enumerate(self.texts.items())
        }
        self._of_wording = {aggregate.wording_key(text): name for name, text in self.texts.items()}
        self._said: dict[str, Record] = {}
        self._gone: set[str] = set()
        """References that people have spoken of, and that are not here."""
        self._unresolved: set[str] = set()
        """References that people have called the same, and that are not here."""
        self._refusals: list[tuple[At, Record]] = []
        self._named: list[tuple[At, Record]] = []
        self._acts: tuple[NamedAct, ...] = ()
        self._groups: list[tuple[tuple[int, At], str]] | None = None
        """The first name of each option, in order of the list; None where it is to be seen anew."""
        self._members: dict[str, list[str]] = {}
        self._first: dict[str, str] = {}
        self._options: dict[str, Option] = {}
        self._changed: set[str] = set()
        self._withheld, self._stale = 0, False
        self._range = None

    def _put(self, record: Record) -> None:
        """Take a record in; what cannot be said without looking at all others makes the range stale."""
        (record,) = shown([record], self._hidden)
        at, act = _at(record), record.details.get("act")
        self._range = None
        if self.use not in record.consent.agreed:
            self._withheld += 1
        elif record.refusal:
            insort(self._refusals, (at, record), key=itemgetter(0))
        else:
            self._said[record.id] = record
            if act in aggregate.NAMED_ACTS:
                insort(self._named, (at, record), key=itemgetter(0))
                self._groups = None
            name = self._name_of(record, at)
            if name and not self._stale:
                self._weigh(name, record, at)

    def _annotate(self, record: Record) -> None:
        """Note that a record has a new footnote."""
        if self.use not in record.consent.agreed:
            return
        self._range = None
        if _adds(record) and not record.refusal and not self._stale:
            self._said[record.id] = record
            self._touch(self.option_of_ref[record.id])
        else:
            self._stale = True

    def _name_of(self, record: Record, at: At) -> str:
        """Return the option that a record speaks of; empty where it speaks of none."""
        act = record.details.get("act")
        if act == ADDED:
            return self._added(record, at)
        if act not in (PLACED, *LETTING_IN):
            return ""
        ref = aggregate.option_ref(record) if act == PLACED else aggregate.let_in_ref(record)
        return (
            self._missing(ref, at)
            if ref and ref not in self.option_of_ref
            else self.option_of_ref.get(ref, "")
        )

    def _added(self, record: Record, at: At) -> str:
        wording = aggregate.wording_key(record.text)
        name = self.anchor if self.start.is_anchor(wording) else self._of_wording.get(wording, record.id)
        known = self._names.get(name)
        if record.id in self._names or (known and known.rank != _STARTED and at < known.at):
            self._stale = True
            return ""
        if name not in self._names:
            self._of_wording[wording] = name
            self._new(_Name(_SAID, at, name, record.text))
        self.option_of_ref[record.id] = name
        insort(self._names[name].refs, (at, record.id))
        if record.id in self._unresolved:
            self._groups = None
        return name

    def _missing(self, ref: str, at: At) -> str:
        """Return the option of a wording that others have spoken of, withdrawn or of an earlier list."""
        if ref not in self._names:
            self._gone.add(ref)
            self._new(_Name(_MISSING, at, ref, aggregate.missing_wording(ref), [(_FIRST, ref)]))
        elif at < self._names[ref].at:
            self._stale = True
        return ref

    def _new(self, name: _Name) -> None:
        self._names[name.name] = name
        self.texts[name.name] = name.text
        if self._groups is not None:
            insort(self._groups, (name.place, name.name))
            self._members[name.name], self._first[name.name] = [name.name], name.name
            self._changed.add(name.name)

    def _weigh(self, name: str, record: Record, at: At) -> None:
        """Note how likely somebody finds an option; of what they say several times, the last counts."""
        self._touch(name)
        likelihood, degrees = ranges.recorded_likelihood(record.details), self._names[name].degrees
        if likelihood and (record.who not in degrees or degrees[record.who][0] < at):
            degrees[record.who] = at, Degree(record.who, likelihood, record.id)

    def _touch(self, name: str) -> None:
        if self._groups is not None:
            self._changed.add(self._first[name])

    def _gather(self) -> None:
        """See anew which options people call the same."""
        self._acts = aggregate.named_acts([record for _, record in self._named], self)
        ordered = sorted(self._names.values(), key=lambda name: name.place)
        groups = aggregate.grouped([name.name for name in ordered], self._acts, self)
        self._groups = [(self._names[group[0]].place, group[0]) for group in groups]
        self._members = {group[0]: group for group in groups}
        self._first = {name: group[0] for group in groups for name in group}
        self._options, self._changed = {}, set(self._members)
        self._unresolved = {
            ref
            for _, record in self._named
            for ref in aggregate.same_refs(record)
            if ref not in self.option_of_ref
        }

    def _option(self, first: str) -> Option:
        names = [self._names[name] for name in self._members[first]]
        return Option(
            tuple(map(self._wording, names)),
            tuple(degree for name in names for _, degree in sorted(name.degrees.values(), key=itemgetter(0))),
        )

    def _wording(self, name: _Name) -> Wording:
        refs = tuple(ref for _, ref in name.refs)
        notes = (note for ref in refs if ref in self._said for note in self._said[ref].footnotes)
        return Wording(name.text, refs, shown_notes(notes, self._hidden))


def _adds(record: Record) -> bool:
    return record.details.get("act") == ADDED


def _adds_first(record: Record) -> tuple[bool, At]:
    return not _adds(record), _at(record)


def _at(record: Record) -> At:
    return record.when, record.id
