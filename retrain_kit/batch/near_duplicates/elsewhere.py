"""Elsewhere: for an image's card, in which other studies of this machine it is, and where people found it.

Other studies are looked through by the digests in their tables, and by the perceptual hashes that were made
of them before: no file of theirs is opened. What people found by searching is in the study's own table of
`studies.found_elsewhere`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from tqdm.auto import tqdm

from retrain_kit.analysis.near_duplicates import BITS, NEAR_BITS, WORDS, distances
from retrain_kit.batch.near_duplicates import hashing, judgements, places
from retrain_kit.datasets import veil
from retrain_kit.display.cards import Fact
from retrain_kit.display.figures import Note
from retrain_kit.studies import found_elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.batch.near_duplicates.judgements import Judgement
    from retrain_kit.studies.image_table import ImageRow
    from retrain_kit.studies.manifests import Manifest

    Hashes = NDArray[np.uint64]

HERE, SEARCHED = "the same image here", "found by searching"
_BY_FILE = "{}.csv: sha256"
_BY_HASH = "perceptual hashes, made by retrain-kit duplicates"


@dataclass(frozen=True)
class FoundElsewhere:
    """Where images of a study are too.

    Parameters
    ----------
    facts
        By an image's id, for its card.
    studies
        The studies that were looked through, the images' own with them.
    images, digested, hashed
        How many images they list; of how many their tables have a digest, and of how many a perceptual hash
        was known.
    searched
        Of how many of the images here somebody noted what a search found.
    table
        The name of the table in which findings are noted.
    """

    facts: Mapping[str, Sequence[Fact]] = field(default_factory=dict)
    studies: tuple[str, ...] = ()
    images: int = 0
    digested: int = 0
    hashed: int = 0
    searched: int = 0
    table: str = ""

    @property
    def note(self) -> Note:
        """What was looked through, and what was not."""
        of = f"of their {self.images:,} images"
        no_digest = "of the others no digest is known yet, retrain-kit pull computes it"
        no_hash = "retrain-kit duplicates makes those that are missing"
        by_file = (f"{self.digested:,} {of}", no_digest if self.digested < self.images else "")
        by_hash = (f"{self.hashed:,} {of}", no_hash if self.hashed < self.digested else "")
        lines = (
            ("studies on this machine", f"{len(self.studies):,}"),
            ("compared by digest", "; ".join(filter(None, by_file)) if self.images else ""),
            ("compared by perceptual hash", "; ".join(filter(None, by_hash)) if self.images else ""),
            ("images that are there too", f"{sum(map(_is_here, self.facts.values())):,}"),
            ("images that somebody searched for", f"{self.searched:,}; findings are noted in {self.table}"),
        )
        return Note("Where else these images were looked for", lines)


def find_elsewhere(
    samples: Sequence[Sample],
    manifest: Manifest,
    store: hashing.HashStore | None = None,
    *,
    accepted: bool = False,
) -> FoundElsewhere:
    """Return where else the images of a study are, as far as this machine and people's findings know.

    Raises
    ------
    DataError
        With the faults of the table of findings, or of judgements.
    """
    store = hashing.HashStore() if store is None else store
    searched = found_elsewhere.load_findings(manifest)
    judged = judgements.load_judgements(judgements.judgements_path())
    own = hashing.hash_images(samples, store)
    facts: dict[str, list[Fact]] = defaultdict(list)
    studies: list[str] = []
    images = digested = hashed = 0
    for other in tqdm(places.known_studies(), desc="looking through studies", delay=1, leave=False):
        studies.append(other.name)
        rows = list(other.images)
        known = [row for row in rows if row.sha256 and row.sha256 in store]
        images, hashed = images + len(rows), hashed + len(known)
        digested += sum(bool(row.sha256) for row in rows)
        shown = _shown_ids(other, accepted=accepted)
        for name, image, fact in _alike(own, rows, known, other.name, (store, judged, shown)):
            if image != name or other.digest != (manifest.unveiled or manifest).digest:
                facts[name].append(fact)
    mine, table = {sample.id for sample in samples}, found_elsewhere.findings_path(manifest).name
    for name, findings in searched.items():
        if name in mine:
            facts[name] += [Fact(SEARCHED, finding.in_words, table) for finding in findings]
    return FoundElsewhere(facts, tuple(studies), images, digested, hashed, len(mine & searched.keys()), table)


def _alike(
    own: hashing.ImageHashes,
    rows: Sequence[ImageRow],
    known: Sequence[ImageRow],
    study: str,
    by: tuple[hashing.HashStore, Mapping[str, Sequence[Judgement]], Callable[[str], str]],
) -> Iterable[tuple[str, str, Fact]]:
    """Yield for each image that a study has, as the same file or alike, its id, that there, and the fact."""
    store, judged, shown_id = by
    by_file: dict[str, list[ImageRow]] = defaultdict(list)
    for row in rows:
        by_file[row.sha256].append(row)
    others = np.array([store.hashes(row.sha256)[0] for row in known], np.uint64).reshape(-1, WORDS)
    for place, (name, digest) in enumerate(own.digests.items()):
        for row in by_file.get(digest, ()):
            there = shown_id(row.id)
            yield name, there, Fact(HERE, f"{study}, as {there}: the same file", _BY_FILE.format(study))
        bits = distances(
            np.stack((own.hashes[place], own.mirrored[place]))[:, np.newaxis], others[np.newaxis]
        )
        for found in np.flatnonzero(bits.min(axis=0) <= NEAR_BITS).tolist():
            if known[found].sha256 == digest:
                continue
            turned = ", mirrored" if bits[1, found] < bits[0, found] else ""
            said = judged.get(judgements.pair_name(digest, known[found].sha256), ())
            told = "; ".join(each.in_words for each in said) or "nobody has judged it"
            alike = f"looks nearly the same{turned}, {bits[:, found].min()} of {BITS} bits differ"
            there = shown_id(known[found].id)
            yield name, there, Fact(HERE, f"{study}, as {there}: {alike}; {told}", _BY_HASH)


def _shown_ids(study: Manifest, *, accepted: bool) -> Callable[[str], str]:
    """Return what returns how ids of a study are shown: it is looked through when the first is asked for."""

    @cache
    def shown() -> Manifest:
        return veil.veiled(study, accepted=accepted, whole=False)

    return lambda name: shown().shown_id(name)


def _is_here(facts: Sequence[Fact]) -> bool:
    return any(fact.question == HERE for fact in facts)
