"""Search: over the images of some studies, which are copies of one file, and which look nearly alike."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from tqdm.auto import tqdm

from retrain_kit.analysis.near_duplicates import BITS, MOST_PAIRS, NEAR_BITS, WORDS, near_pairs
from retrain_kit.batch.near_duplicates import hashing
from retrain_kit.batch.near_duplicates.judgements import pair_name
from retrain_kit.batch.near_duplicates.places import places_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from retrain_kit.batch.near_duplicates.places import ImagePlace
    from retrain_kit.studies.manifests import Manifest

    Hashes = NDArray[np.uint64]

COPY, NEAR, MIRRORED = "copy", "near copy", "mirrored near copy"
KINDS = {
    COPY: "the same file, byte for byte",
    NEAR: "looks nearly the same",
    MIRRORED: "looks nearly the same, mirrored left to right",
}
"""The kinds of pairs, and what each says."""


@dataclass(frozen=True)
class AlikePair:
    """Two places whose images are the same file or look alike, for people to judge.

    Parameters
    ----------
    kind
        One of `KINDS`.
    first, second
        Where the two are.
    bits
        How many of the 256 bits of their hashes differ; 0 for copies.
    name
        The pair's name, which follows from the two files: `judgements` speak of it.
    """

    kind: str
    first: ImagePlace
    second: ImagePlace
    bits: int
    name: str

    @property
    def leaks(self) -> bool:
        """Whether the two are in different splits of one data set, as far as splits are said."""
        splits = {self.first.split, self.second.split}
        return self.first.data_set == self.second.data_set and len(splits - {""}) > 1

    @property
    def crosses(self) -> bool:
        """Whether the two are in different studies."""
        return self.first.study != self.second.study


@dataclass(frozen=True)
class SearchResult:
    """What was found over some studies.

    Parameters
    ----------
    studies
        How many images each study has, by its name.
    pairs
        Leaks first, then the pairs of different studies, then the nearest.
    files
        How many different files have a hash.
    unread
        Why images have none: how many, by the reason.
    left_out
        How many near pairs more there are than are kept.
    most_bits
        How many bits of two hashes might differ.
    """

    studies: dict[str, int]
    pairs: tuple[AlikePair, ...]
    files: int
    unread: dict[str, int] = field(default_factory=dict)
    left_out: int = 0
    most_bits: int = NEAR_BITS

    def count(self, kind: str) -> int:
        """Return how many pairs there are of a kind."""
        return sum(pair.kind == kind for pair in self.pairs)

    @property
    def leaks(self) -> int:
        """How many pairs are in different splits of one data set."""
        return sum(pair.leaks for pair in self.pairs)

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """What was looked at and found: names, and how many."""
        images, studies = sum(self.studies.values()), len(self.studies)
        hashed = (
            f"{_count(images, 'image')} of {_count(studies, 'study')}, {_count(self.files, 'file')} hashed"
        )
        left_out = f"{_count(self.left_out, 'near pair')}, as they are too many" if self.left_out else ""
        return (
            ("looked at", hashed),
            *(("not looked at", f"{count:,}: {why}") for why, count in self.unread.items()),
            ("near", f"at most {self.most_bits} of {BITS} bits differ"),
            ("copies", _count(self.count(COPY), "pair")),
            ("near copies", _count(self.count(NEAR), "pair")),
            ("near copies, mirrored", _count(self.count(MIRRORED), "pair")),
            ("of all these between splits of one data set", _count(self.leaks, "pair")),
            ("not listed", left_out),
        )


def search_studies(
    manifests: Iterable[Manifest],
    store: hashing.HashStore | None = None,
    most_bits: int = NEAR_BITS,
    most_pairs: int = MOST_PAIRS,
) -> SearchResult:
    """Return which images of some studies are copies or look alike.

    Hashes are kept as they are made: a search that was cut goes on where it was. Files that are missing,
    changed or no images are counted with their reasons, and stop nothing.
    """
    store = hashing.HashStore() if store is None else store
    by_file: dict[str, list[ImagePlace]] = defaultdict(list)
    studies: dict[str, int] = {}
    unread: dict[str, int] = defaultdict(int)
    for manifest in manifests:
        places = places_of(manifest)
        found = hashing.hash_images([place.sample for place in places], store)
        studies[manifest.name] = len(places)
        for place in places:
            if digest := found.digests.get(place.id):
                by_file[digest].append(place)
            else:
                unread[found.unread[place.id]] += 1
    digests = sorted(by_file)
    both = np.array([store.hashes(digest) for digest in digests], np.uint64).reshape(-1, 2, WORDS)
    near, left_out = _near(both[:, 0], both[:, 1], most_bits, most_pairs)
    pairs = [pair for digest, places in by_file.items() for pair in _copies(digest, places)]
    for kind, a, b, bits in near:
        name = pair_name(digests[a], digests[b])
        pairs.append(_telling(kind, by_file[digests[a]], by_file[digests[b]], bits, name))
    pairs.sort(
        key=lambda pair: (not pair.leaks, not pair.crosses, pair.bits, pair.first.name, pair.second.name)
    )
    return SearchResult(studies, tuple(pairs), len(digests), dict(unread), left_out, most_bits)


def shown_result(result: SearchResult, shown: Callable[[Manifest], Manifest]) -> SearchResult:
    """Return what was found as it may be shown.

    Parameters
    ----------
    result
        What was found.
    shown
        Returns a study under the veil: asked for those alone that have an image in a pair.
    """
    veiled: dict[str, Manifest] = {}

    def place(each: ImagePlace) -> ImagePlace:
        if each.study not in veiled:
            veiled[each.study] = shown(each.manifest)
        manifest = veiled[each.study]
        rows = {} if manifest is each.manifest else {row.file: row for row in manifest.images}
        return replace(each, manifest=manifest, image=rows.get(each.image.file, each.image))

    pairs = tuple(replace(pair, first=place(pair.first), second=place(pair.second)) for pair in result.pairs)
    return replace(result, pairs=pairs)


def _near(
    hashes: Hashes, mirrored: Hashes, most_bits: int, most_pairs: int
) -> tuple[list[tuple[str, int, int, int]], int]:
    """Return kind, places and distance of near pairs, each two images once; and how many were left out."""
    bar = partial(tqdm, desc="comparing", delay=1, leave=False)
    plain = near_pairs(hashes, None, most_bits, most_pairs, bar)
    turned = near_pairs(hashes, mirrored, most_bits, most_pairs, bar)
    found = {(a, b): (NEAR, a, b, bits) for a, b, bits in plain}
    for a, b, bits in turned:
        if a < b:
            known = found.get((a, b))
            if known is None or bits < known[3]:
                found[a, b] = (MIRRORED, a, b, bits)
    return list(found.values()), plain.left_out + turned.left_out


def _copies(digest: str, places: Sequence[ImagePlace]) -> Iterator[AlikePair]:
    """Yield each place of a file but the first, with the one before it of which it says most."""
    name = pair_name(digest, digest)
    before: list[ImagePlace] = []
    for place in places:
        if before:
            yield _telling(COPY, before, [place], 0, name)
        before = _one_a_split([*before, place])


def _telling(
    kind: str, firsts: Sequence[ImagePlace], seconds: Sequence[ImagePlace], bits: int, name: str
) -> AlikePair:
    """Return the two places, one of each, that say most: a leak, else two studies."""
    pairs = []
    for place in _one_a_split(firsts):
        for other in _one_a_split(seconds):
            first, second = sorted((place, other), key=_order)
            pairs.append(AlikePair(kind, first, second, bits, name))
    return max(pairs, key=lambda pair: (pair.leaks, pair.crosses))


def _one_a_split(places: Sequence[ImagePlace]) -> list[ImagePlace]:
    """Return the first place in each split of each study: the others say no more."""
    found: dict[tuple[str, str], ImagePlace] = {}
    for place in places:
        found.setdefault((place.study, place.split), place)
    return list(found.values())


def _order(place: ImagePlace) -> tuple[str, bool, str]:
    return place.study, place.split != "train", place.id


def _count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"
