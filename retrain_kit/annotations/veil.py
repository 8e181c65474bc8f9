"""The veil: words that may wound are not shown until somebody has agreed to see them.

Without a list, every word below *person* counts as one that may wound: nobody has looked through them for
this study. With a list, those count that it names. Where a word is veiled its place, its id and its counts
stay: an audit counts and compares without showing it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrain_kit.annotations.taxonomy import Synset, Taxonomy

PERSON_IDS = ("n00007846", "person.n.01", "/m/01g317", "person")
"""What *person* is called in WordNet 3.0 (two ways), Open Images and COCO."""
SIGN = "▒▒▒"
"""Stands for a word that is veiled."""


@dataclass(frozen=True)
class Veil:
    """Which words are veiled.

    Parameters
    ----------
    ids
        Of the synsets whose words may wound.
    lifted
        Whether somebody has accepted the content notice: then all words are shown.
    """

    ids: frozenset[str] = frozenset()
    lifted: bool = False

    def hides(self, name: str) -> bool:
        """Return whether the words of a synset are veiled now."""
        return not self.lifted and name in self.ids

    def words(self, synset: Synset) -> str:
        """Return the words of a synset, or the sign and the id."""
        return f"{SIGN} ({synset.id})" if self.hides(synset.id) else synset.words

    def gloss(self, synset: Synset) -> str:
        """Return what a synset means; nothing where its words are veiled, for a gloss may hold them."""
        return "" if self.hides(synset.id) else synset.gloss


def person_ids(taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the ids under which a taxonomy has *person*; none where it has no such place."""
    return tuple(name for name in PERSON_IDS if name in taxonomy)


def veil_over(
    taxonomy: Taxonomy,
    listed: Collection[str] | None = None,
    *,
    accepted: bool = False,
    persons: Collection[str] | None = None,
) -> Veil:
    """Return the veil over a taxonomy.

    Parameters
    ----------
    listed
        The ids that may wound, of a list that the user has; None without one.
    accepted
        Whether the content notice was accepted.
    persons
        The ids below which words are words for people, where the taxonomy is none of `PERSON_IDS`.

    Raises
    ------
    ParameterError
        With each id that the taxonomy does not have.
    """
    tops = person_ids(taxonomy) if persons is None else tuple(persons)
    names = [*(listed or ()), *tops]
    faults = [taxonomy.unknown_fault(name, "veil") for name in dict.fromkeys(names) if name not in taxonomy]
    if faults:
        raise ParameterError(*faults)
    if listed is not None:
        return Veil(frozenset(listed), accepted)
    return Veil(frozenset(name for top in tops for name in taxonomy.subtree(top)) - {*tops}, accepted)
