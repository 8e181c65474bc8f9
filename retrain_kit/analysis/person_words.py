"""Person words: what a label system calls people, what of it was withdrawn, and which images that concerns.

A kind of person (*mediator*) and a person with a name (*Hart Crane*) are told apart where the source does:
a kind is reached from *person* by kinds alone. Everything here counts and compares ids; words are the
veil's affair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.annotations.taxonomy import Taxonomy
from retrain_kit.annotations.veil import person_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from retrain_kit.analysis.label_use import LabelUse


@dataclass(frozen=True)
class PersonWords:
    """What stands at and below *person*; all ids, the nearest to *person* first.

    Parameters
    ----------
    kinds
        Kinds of person, *person* itself among them.
    named
        What else stands there: persons with a name, and what is reached by them alone.
    withdrawn
        Those of both that were withdrawn, with the reason.
    tops
        *Person* itself; several, where several words count as it.
    """

    kinds: tuple[str, ...]
    named: tuple[str, ...]
    withdrawn: Mapping[str, str]
    tops: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Kinds, then names."""
        return self.kinds + self.named

    @property
    def remaining(self) -> tuple[str, ...]:
        """What was not withdrawn."""
        return tuple(name for name in self.ids if name not in self.withdrawn)


@dataclass(frozen=True)
class WithdrawnImages:
    """How many images of a study were under what was withdrawn, anywhere in its label system.

    Parameters
    ----------
    images
        All that were looked at.
    of_people
        Those that bear a word at or below *person*.
    touched
        Those that bear a withdrawn word.
    by_another
        Those of `touched` that bear another word too, which was not withdrawn.
    """

    images: int
    of_people: int
    touched: int
    by_another: int

    @property
    def left(self) -> int:
        """Images that bear no withdrawn word."""
        return self.images - self.touched


@dataclass(frozen=True)
class Branch:
    """A word directly below *person*, with all below it: each number counts it, too, but for `images`.

    `images` are those of a study at and below it.
    """

    id: str
    kinds: int
    named: int
    withdrawn: int
    images: int


def find_person_words(taxonomy: Taxonomy, persons: Collection[str] | None = None) -> PersonWords:
    """Return the words for people of a label system; none where it has no *person*.

    `persons` are the ids that count as *person*, where they are none of `veil.PERSON_IDS`.
    """
    tops = person_ids(taxonomy) if persons is None else tuple(persons)
    kinds = dict.fromkeys(name for top in tops for name in taxonomy.subtree(top, instances=False))
    every = dict.fromkeys(name for top in tops for name in taxonomy.subtree(top))
    named = tuple(name for name in every if name not in kinds)
    withdrawn = {name: taxonomy.synset(name).retired for name in every if taxonomy.synset(name).retired}
    return PersonWords(tuple(kinds), named, withdrawn, tops)


def person_branches(taxonomy: Taxonomy, words: PersonWords, use: LabelUse) -> list[Branch]:
    """Return what stands directly below *person*, the largest branch first.

    A word with several parents is counted in each branch that it stands in.
    """
    kinds, tops = frozenset(words.kinds), words.tops
    below = dict.fromkeys(name for top in tops for name in taxonomy.children(top) if name not in tops)
    found = []
    for name in below:
        ids = taxonomy.subtree(name)
        of_kinds = sum(each in kinds for each in ids)
        gone = sum(each in words.withdrawn for each in ids)
        found.append(Branch(name, of_kinds, len(ids) - of_kinds, gone, use.images_below.get(name, 0)))
    return sorted(found, key=lambda branch: -branch.kinds - branch.named)


def withdrawn_images(taxonomy: Taxonomy, words: PersonWords, use: LabelUse) -> WithdrawnImages:
    """Return how many images of a study bear what was withdrawn."""
    gone = {synset.id for synset in taxonomy if synset.retired}
    of_gone, of_rest, of_people = set[str](), set[str](), set[str]()
    people = frozenset(words.ids)
    for name, images in use.samples.items():
        (of_gone if name in gone else of_rest).update(images)
        of_people.update(images if name in people else ())
    return WithdrawnImages(use.all_images, len(of_people), len(of_gone), len(of_gone & of_rest))


def person_system(taxonomy: Taxonomy, words: PersonWords) -> Taxonomy:
    """Return what stands at and below *person* as a label system of its own, with its notice."""
    return Taxonomy((taxonomy.synset(name) for name in words.ids), notice=taxonomy.notice)
