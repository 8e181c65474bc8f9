"""Taxonomies: the words of a data set, what they mean, and what they stand below.

A synset is one meaning with all words for it, under an id of its own; the form of the id is the data set's
affair. It may have several parents. A word may have several meanings: crane is a bird and a machine, and
nothing here takes one for the other.

What was withdrawn stays in the index with the reason, so that it can be looked at and not be used unawares.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault, ParameterError, advise_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


UNSTATED = "withdrawn, by the list that was given; it states no reason"
"""What stands for the reason where a list has none."""


@dataclass(frozen=True)
class Withdrawal:
    """That a synset was withdrawn, as far as somebody has stated it.

    Parameters
    ----------
    reason
        Why.
    date
        When, as the source writes it.
    source
        By whose word.
    """

    reason: str = UNSTATED
    date: str = ""
    source: str = ""

    def __str__(self) -> str:
        """Return all of it in one line."""
        told = ", ".join(filter(None, (self.date, self.source)))
        return f"{self.reason} ({told})" if told else self.reason


@dataclass(frozen=True)
class Synset:
    """One meaning and its words.

    Parameters
    ----------
    id
        The taxonomy's own identifier.
    lemmas
        The words for it, as the source writes them.
    gloss
        What it means, in the source's words.
    parents
        The ids of what it is a kind of, or an instance of, in the source's order.
    retired
        Why it was withdrawn; empty where it was not.
    instance_of
        Those of the parents that it is an instance of, not a kind of: a person or place with a name. Empty,
        too, where the source does not tell the two apart.
    retired_on, retired_by
        When it was withdrawn and by whose word; empty where the list does not say it.
    """

    id: str
    lemmas: tuple[str, ...] = ()
    gloss: str = ""
    parents: tuple[str, ...] = ()
    retired: str = ""
    instance_of: tuple[str, ...] = ()
    retired_on: str = ""
    retired_by: str = ""

    @property
    def withdrawal(self) -> Withdrawal | None:
        """That it was withdrawn, with all that is stated of it; None where it is in use."""
        return Withdrawal(self.retired, self.retired_on, self.retired_by) if self.retired else None

    @property
    def words(self) -> str:
        """The words for readers: commas between them, spaces for underscores; the id where there is none."""
        return ", ".join(map(_spaced, self.lemmas)) or self.id

    def __str__(self) -> str:
        """Return id, words and gloss in one line."""
        return f"{self.id} ({self.words}: {self.gloss})" if self.gloss else f"{self.id} ({self.words})"


class Taxonomy:
    """Synsets and the ways between them; safe where the parents run in a circle.

    Parameters
    ----------
    synsets
        Each id once. A parent that is none of them is no fault, an extract has an upper edge; see `missing`.
    retired
        Ids that were withdrawn, a text being the reason alone; those that `synsets` lacks join the index.
    notice
        What whoever passes the words on has to pass on with them, in the source's words.

    Raises
    ------
    DataError
        With each id that stands there more than once.
    """

    def __init__(
        self,
        synsets: Iterable[Synset],
        retired: Mapping[str, Withdrawal | str] | None = None,
        notice: str = "",
    ) -> None:
        self.notice = notice
        self.synsets: dict[str, Synset] = {}
        faults = []
        for synset in synsets:
            if synset.id in self.synsets:
                faults.append(Fault(f"synset {synset.id}", "its id a second time", "every id once"))
            self.synsets[synset.id] = synset
        if faults:
            raise DataError(*faults)
        for name, told in (retired or {}).items():
            gone = told if isinstance(told, Withdrawal) else Withdrawal(told)
            known = self.synsets.get(name, Synset(name))
            self.synsets[name] = replace(
                known, retired=gone.reason, retired_on=gone.date, retired_by=gone.source
            )

    def __contains__(self, name: object) -> bool:
        return name in self.synsets

    def __iter__(self) -> Iterator[Synset]:
        return iter(self.synsets.values())

    def __len__(self) -> int:
        return len(self.synsets)

    @property
    def roots(self) -> tuple[str, ...]:
        """The ids without a parent in the index."""
        return tuple(name for name in self.synsets if not self.parents(name))

    @property
    def missing(self) -> tuple[str, ...]:
        """The parents that are named and not in the index: where an extract was cut from its whole."""
        named = (parent for synset in self for parent in synset.parents)
        return tuple(dict.fromkeys(parent for parent in named if parent not in self.synsets))

    def circles(self) -> list[tuple[str, ...]]:
        """Return the ids along each way that leads from a synset up to itself; none where all is in order.

        Of circles that share a synset one may be returned for all.
        """
        waiting = {name: set(self.parents(name)) for name in self.synsets}
        free = [name for name, above in waiting.items() if not above]
        while free:
            name = free.pop()
            for child in self.children(name):
                waiting[child].discard(name)
                if not waiting[child]:
                    free.append(child)
        caught = {name: above for name, above in waiting.items() if above}
        return [*_circles({name: min(above) for name, above in caught.items()})]

    def synset(self, name: str) -> Synset:
        """Return the synset of an id.

        Raises
        ------
        ParameterError
            When there is none; the message names near ones.
        """
        if name not in self.synsets:
            raise ParameterError(self._unknown(name, "synset", self.synsets))
        return self.synsets[name]

    def parents(self, name: str) -> tuple[str, ...]:
        """Return the ids of the parents that are in the index."""
        return self._parents[self.synset(name).id]

    def children(self, name: str, *, instances: bool = True) -> tuple[str, ...]:
        """Return the ids of those whose parent it is, with or without those that are instances of it."""
        below = self._children.get(self.synset(name).id, ())
        return tuple(each for each in below if instances or name not in self.synsets[each].instance_of)

    def ancestors(self, name: str) -> tuple[str, ...]:
        """Return all ids above, the nearest first, each once; without the id itself."""
        return self._spread(name, self._parents.__getitem__)[1:]

    def subtree(self, name: str, *, instances: bool = True) -> tuple[str, ...]:
        """Return the id itself and all ids below, the nearest first, each once."""
        return self._spread(name, partial(self.children, instances=instances))

    def paths(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Return every way from the top to the id, both included, in the order of the parents.

        Where the parents run in a circle, a path begins before it would meet an id a second time.
        """
        found: list[tuple[str, ...]] = []
        begun: list[tuple[str, ...]] = [(self.synset(name).id,)]
        while begun:
            path = begun.pop()
            above = [parent for parent in self.parents(path[0]) if parent not in path]
            if not above:
                found.append(path)
            begun += [(parent, *path) for parent in reversed(above)]
        return tuple(found)

    def named(self, text: str) -> list[Synset]:
        """Return the synsets that a text may mean.

        An id means its own synset. Else those count whose words, all in a row as `words` gives them, are the
        text; else those that have it among their words. Underscores are spaces.
        """
        if text in self.synsets:
            return [self.synsets[text]]
        names = self._by_row.get(_spaced(text)) or self._by_word.get(_spaced(text), [])
        return [self.synsets[name] for name in names]

    def meanings(self, texts: Iterable[str], parameter: str = "labels") -> list[Synset]:
        """Return the one synset that each text means.

        Raises
        ------
        ParameterError
            With each text that is unknown, that means several synsets, or whose synset was withdrawn.
        """
        found = [(text, self.named(text)) for text in texts]
        faults = [self._fault(text, synsets, parameter) for text, synsets in found]
        if any(faults):
            raise ParameterError(*filter(None, faults))
        return [synsets[0] for _, synsets in found]

    def _fault(self, text: str, found: list[Synset], parameter: str) -> Fault | None:
        if not found:
            return self._unknown(text, parameter, [*self._by_row, *self._by_word, *self.synsets])
        if len(found) > 1:
            several = f"{text!r}, which means {' and '.join(map(str, found))}"
            return Fault(parameter, several, "one meaning", "Give the id of the one you mean.")
        if found[0].retired:
            gone = f"{text!r}, which was withdrawn: {found[0].withdrawal}"
            return Fault(parameter, gone, "one that is in use")
        return None

    def unknown_fault(self, name: str, parameter: str) -> Fault:
        """Return the fault of an id that is not in the index; it names near ones."""
        return self._unknown(name, parameter, self.synsets)

    def _unknown(self, text: str, parameter: str, known: Iterable[str]) -> Fault:
        do = advise_names(text, dict.fromkeys(known), "; ")
        return Fault(parameter, repr(text), "an id or a word of the taxonomy", do)

    def _spread(self, name: str, step: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
        """Return what is reached step by step, in the order it is reached, the start first."""
        reached = {self.synset(name).id: None}
        edge = list(reached)
        while edge:
            edge = list(dict.fromkeys(far for near in edge for far in step(near) if far not in reached))
            reached |= dict.fromkeys(edge)
        return tuple(reached)

    @cached_property
    def _parents(self) -> dict[str, tuple[str, ...]]:
        known = self.synsets
        return {each.id: tuple(name for name in each.parents if name in known) for each in self}

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        pairs = ((parent, synset.id) for synset in self for parent in dict.fromkeys(synset.parents))
        return {parent: tuple(names) for parent, names in _grouped(pairs).items()}

    @cached_property
    def _by_row(self) -> dict[str, list[str]]:
        return _grouped((synset.words, synset.id) for synset in self)

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        pairs = ((_spaced(word), synset.id) for synset in self for word in dict.fromkeys(synset.lemmas))
        return _grouped(pairs)


def words_in_row(synset: Synset) -> tuple[str, ...]:
    """Return the words of a synset for readers, each on its own."""
    return tuple(map(_spaced, synset.lemmas))


def circle_fault(circle: Iterable[str], where: str = "taxonomy") -> Fault:
    """Return the fault of synsets that stand below themselves."""
    first, *rest = circle
    found, expected = f"a circle: {' → '.join([first, *rest, first])}", "parents that lead to a top"
    return Fault(where, found, expected, "Take out one of these parents.")


def _circles(above: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield each circle among names that all have one of them above."""
    seen: set[str] = set()
    for name in above:
        path: dict[str, None] = {}
        while name not in seen and name not in path:
            path[name] = None
            name = above[name]  # noqa: PLW2901 - the way up from it
        if name in path:
            yield tuple([*path][[*path].index(name) :])
        seen |= path.keys()


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _spaced(word: str) -> str:
    return word.replace("_", " ")
