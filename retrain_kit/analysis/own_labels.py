"""Own labels: a study's words as a label system of their own, where nobody has given its whole one.

It is flat: the study says which words there are, and not what stands above them. One place is known: Open
Images has *man*, *woman*, *boy*, *girl* and the parts of a human below *person*. What a word of WordNet
stands below is in WordNet alone; without it nobody can tell which of them are words for people.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from retrain_kit.analysis.label_use import said_to_be_there, stated_ids
from retrain_kit.annotations import notices
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.annotations.veil import PERSON_IDS, Veil, person_ids, veil_over
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.taxonomy import Withdrawal

BELOW_PERSON = re.compile(r"man|woman|boy|girl|human .+")
"""Words that Open Images has below *person*."""
_SENSE = re.compile(r".+\.n\.[0-9]+")
_OFFSET = re.compile(r"n[0-9]{8}")
_FILE_OF_PERSONS = ("n09604000", "n11409000")
"""Between which ids WordNet 3.0 has its nouns for persons, kinds and names: its files lie in a row."""
_ELSEWHERE = frozenset(
    {
        *("n06340977", "n08175233", "n08175700", "n09493374", "n09493983"),
        *("n09505153", "n09532942", "n09537660", "n09556121", "n09575316"),
    }
)
"""Ids below *person* that WordNet 3.0 has in other files."""


NAMED_AFTER_PEOPLE = ("lfw",)
"""Readers whose labels are the names of the people shown."""


def own_label_system(
    samples: Iterable[Sample],
    retired: Mapping[str, Withdrawal | str] | None = None,
    *,
    names_of_people: bool = False,
) -> Taxonomy:
    """Return the words of a study, each once, as a label system.

    The id of a word is that which its source gives, else the word in small letters. Words that differ in
    capitals alone are one. `retired` are ids that were withdrawn, with the reason. With `names_of_people`
    every word is a person's name, and stands below *person* as such. Where there are ids of WordNet, its
    notice goes with them.
    """
    words: dict[str, dict[str, None]] = {}
    for sample in samples:
        for annotation in said_to_be_there(sample):
            for name in stated_ids(annotation) or (annotation.label.casefold(),):
                words.setdefault(name, {})[annotation.label] = None
    person = next((name for name in words if name in PERSON_IDS or _is_word(words[name], "person")), "person")
    found = [Synset(name, tuple(row), "", _above(name, row, person)) for name, row in words.items()]
    if names_of_people:
        found = [
            replace(each, parents=(person,), instance_of=(person,)) for each in found if each.id != person
        ]
    if person not in words and any(each.parents for each in found):
        found.append(Synset(person, ("person",)))
    of_wordnet = any(_OFFSET.fullmatch(name) or _SENSE.fullmatch(name) for name in words)
    return Taxonomy(found, retired, notices.WORDNET if of_wordnet else "")


def persons_meant(taxonomy: Taxonomy, names: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the ids that count as *person*: those that are known everywhere, and those of ids or words.

    Raises
    ------
    ParameterError
        With each that the system does not have, and each word of several meanings. No word of the system is
        in the message.
    """
    faults, found = [], []
    for name in names:
        meant = taxonomy.named(name)
        if len(meant) != 1:
            said = f"{name!r}, which has several meanings" if meant else repr(name)
            faults.append(Fault("person", said, "an id of the label system, or a word of one meaning"))
        found += [synset.id for synset in meant]
    if faults:
        raise ParameterError(*faults)
    return tuple(dict.fromkeys([*person_ids(taxonomy), *found]))


def people_veil(
    taxonomy: Taxonomy,
    listed: Collection[str] | None = None,
    *,
    accepted: bool = False,
    persons: Collection[str] | None = None,
) -> Veil:
    """Return the veil over any label system, also over one that does not say which words are for people.

    With a list of ids that may wound, those are veiled. Without one, and where the system lacks some of the
    listed ids, so that it may be a list of another system: all words below *person*; those whose place is not
    known, where they are WordNet's or were withdrawn; and all words of a system that has parents and no
    *person*. `persons` are the ids that count as *person*, see `persons_meant`.
    """
    tops = person_ids(taxonomy) if persons is None else persons
    known = frozenset(listed or ()) & taxonomy.synsets.keys()
    if listed and len(known) == len(frozenset(listed)):
        return Veil(known, accepted)
    if not tops and any(synset.parents for synset in taxonomy):
        return Veil(frozenset(taxonomy.synsets), accepted)
    placeless = {each.id for each in taxonomy if _is_placeless(taxonomy, each)}
    return Veil(known | veil_over(taxonomy, persons=tops).ids | placeless, accepted)


def may_be_for_people(label: str, ids: Collection[str] = ()) -> bool:
    """Whether a word whose place no label system says is veiled: one for people, or one of WordNet's.

    Parameters
    ----------
    label
        The word.
    ids
        Those that its source gives.
    """
    if label.casefold() == "person" or any(name in PERSON_IDS for name in ids):
        return False
    return bool(BELOW_PERSON.fullmatch(label.casefold())) or any(map(may_be_of_person, ids))


def may_be_of_person(name: str) -> bool:
    """Whether an id is WordNet's and may stand below *person*: by its number, or as the name of a sense.

    The number tells it, though nobody has WordNet here; of the name of a sense, as clock.n.01, only WordNet
    knows the place.
    """
    if _OFFSET.fullmatch(name):
        return _FILE_OF_PERSONS[0] <= name < _FILE_OF_PERSONS[1] or name in _ELSEWHERE
    return bool(_SENSE.fullmatch(name)) and name not in PERSON_IDS


def _is_placeless(taxonomy: Taxonomy, synset: Synset) -> bool:
    """Whether a word is WordNet's or was withdrawn, and nothing stands above it or below it."""
    alone = not synset.parents and not taxonomy.children(synset.id)
    return alone and bool(synset.retired or may_be_of_person(synset.id))


def _above(name: str, row: Iterable[str], person: str) -> tuple[str, ...]:
    below = name != person and any(BELOW_PERSON.fullmatch(word.casefold()) for word in row)
    return (person,) if below else ()


def _is_word(row: Iterable[str], word: str) -> bool:
    return any(each.casefold() == word for each in row)
