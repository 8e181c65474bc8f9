"""The veil: words that may wound are not shown until somebody has agreed to see them.

Without a list, every word below *person* counts as one that may wound: nobody has looked through them for
this study. With a list, those count that it names. Where a word is veiled its place, its id and its counts
stay: an audit counts and compares without showing it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from retrain_kit.annotations.taxonomy import words_in_row
from retrain_kit.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrain_kit.annotations.samples import RejectedAnnotation, Sample
    from retrain_kit.annotations.taxonomy import Synset, Taxonomy
    from retrain_kit.errors import Fault

PERSON_IDS = ("n00007846", "person.n.01", "/m/01g317", "person")
"""What *person* is called in WordNet 3.0 (two ways), Open Images and COCO."""
SIGN = "▒▒▒"
"""Stands for a word that is veiled."""
_NUMBER = re.compile(r"[a-z]?[0-9]+|/[mg]/[0-9a-z_]+")
"""Ids that hold no word: WordNet's offsets, machine ids, numbers."""


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
        """Return the words of a synset, or the sign and the id as it is shown."""
        return f"{SIGN} ({self.shown_id(synset.id)})" if self.hides(synset.id) else synset.words

    def shown_id(self, name: str) -> str:
        """Return an id; # and the beginning of its digest where it is veiled and may be a word itself."""
        if not self.hides(name) or _NUMBER.fullmatch(name):
            return name
        return f"#{hashlib.sha256(name.encode()).hexdigest()[:8]}"

    def gloss(self, synset: Synset) -> str:
        """Return what a synset means; nothing where its words are veiled, for a gloss may hold them."""
        return "" if self.hides(synset.id) else synset.gloss


class VeilOverStudy(Protocol):
    """What a study's manifest knows of the veil over it: `analysis.veiled_study.StudyVeil`."""

    def sample(self, sample: Sample) -> Sample:
        """Return a sample under the veil."""

    def rejected(self, each: RejectedAnnotation) -> RejectedAnnotation:
        """Return what could not be taken under the veil."""

    def fault(self, fault: Fault) -> Fault:
        """Return what is wrong under the veil."""

    def text(self, text: str) -> str:
        """Return what is said of an image without its veiled words."""

    def told(self, text: str) -> str:
        """Return what is said of the study without the veiled words that its annotations bear."""

    def shown_label(self, text: str) -> str:
        """Return what is shown of a label, of which the word is given, or the id in its place."""

    def name(self, text: str) -> str:
        """Return the id of an image without veiled words."""

    def file(self, path: str) -> str:
        """Return the path of a file below its folder without veiled words."""


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


_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")

_ENDINGS = ("", "s", "es", "'s", "\u2019s")


class VeiledTexts:
    """Sentences that may hold veiled words, as glosses and reasons: each such word has the sign in its place.

    Any case counts, and an ending s, es or 's; other plurals are not known. Words of other meanings that are
    written alike are veiled too; names of persons are not: they are words of many sentences.

    Parameters
    ----------
    taxonomy
        The label system.
    veil
        Which of its words are veiled.
    """

    def __init__(self, taxonomy: Taxonomy, veil: Veil) -> None:
        hidden = (synset for synset in taxonomy if veil.hides(synset.id) and not synset.instance_of)
        self.words = frozenset(word.casefold() for synset in hidden for word in words_in_row(synset))
        self.longest = max((len(_WORD.findall(word)) for word in self.words), default=0)

    def __call__(self, text: str) -> str:
        """Return the text with its veiled words hidden."""
        places = [found.span() for found in _WORD.finditer(text)]
        parts, end, at = [], 0, 0
        while at < len(places):
            last = next(
                (far for far in range(at + self.longest, at, -1) if self._hides(text, places[at:far])), 0
            )
            if last:
                parts += [text[end : places[at][0]], SIGN]
                end = places[min(last, len(places)) - 1][1]
            at = last or at + 1
        return "".join([*parts, text[end:]])

    def _hides(self, text: str, places: list[tuple[int, int]]) -> bool:
        found = " ".join(text[places[0][0] : places[-1][1]].casefold().split())
        return any(found.removesuffix(ending) in self.words for ending in _ENDINGS)
