"""Beside each other: images of two studies, those that look alike first, the others by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.analysis.near_duplicates import BITS, alike, near_pairs
from retrain_kit.batch.near_duplicates.hashing import hash_images
from retrain_kit.display.figures import Figure, Note, Panel, image_and_study_credit
from retrain_kit.studies import sampling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from retrain_kit.analysis.same_images import SameImage
    from retrain_kit.analysis.two_studies import Side, Two
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.batch.near_duplicates.hashing import ImageHashes

ALIKE_BITS = 88
"""Of 12,719 pairs of photographs that have nothing to do with each other, none was so near."""
MOST_COMPARED = 2000
"""So many images of each study are compared, each with each, for those that look alike."""


@dataclass(frozen=True)
class TwoHashed:
    """The hashes of the images of two studies."""

    first: ImageHashes
    second: ImageHashes

    @property
    def near(self) -> list[tuple[str, str, int, bool]]:
        """The pairs that look nearly the same: both ids, how many bits differ, whether one is mirrored."""
        found = [
            (pair[2], pair[0], pair[1], mirrored)
            for mirrored, others in ((False, self.second.hashes), (True, self.second.mirrored))
            for pair in near_pairs(self.first.hashes, others)
        ]
        ids = [list(side.digests) for side in (self.first, self.second)]
        return [(ids[0][a], ids[1][b], bits, mirrored) for bits, a, b, mirrored in sorted(found)]


def hash_two(two: Two) -> TwoHashed:
    """Return the hashes of the images of both studies."""
    first, second = (hash_images(side.samples) for side in two)
    return TwoHashed(first, second)


@dataclass(frozen=True)
class Beside:
    """Two images laid side by side, and how many bits of their hashes differ; None where one has no hash."""

    first: Sample
    second: Sample
    bits: int | None

    @property
    def looks_alike(self) -> bool:
        """Whether the two are nearer than images are that have nothing to do with each other."""
        return self.bits is not None and self.bits <= ALIKE_BITS


def lay_beside(
    two: Two, hashed: TwoHashed, same: Collection[SameImage], number: int, seed: int
) -> list[Beside]:
    """Return pairs of images, one of each study, none of them in both: those that look alike first.

    Where no more look alike, the others are drawn by the seed. No image comes twice.

    Parameters
    ----------
    two, hashed
        The two studies and their hashes.
    same
        The images that are in both: they are shown elsewhere.
    number
        How many pairs; as many as there are where it is 0.
    seed
        Another seed draws others.
    """
    both = {each.first.id for each in same}, {each.second.id for each in same}
    drawn = [
        [each for each in sampling.draw_samples(side.samples, 0, seed) if each.id not in taken]
        for side, taken in zip(two, both, strict=True)
    ]
    most = min(number or MOST_COMPARED, *map(len, drawn))
    pairs = list(_alike(drawn, hashed, most))[:most]
    used = {each.first.id for each in pairs}, {each.second.id for each in pairs}
    left = [[s for s in side if s.id not in taken] for side, taken in zip(drawn, used, strict=True)]
    pairs += [Beside(a, b, None) for a, b in zip(*left, strict=False)]
    return pairs[:most]


def _alike(drawn: Sequence[Sequence[Sample]], hashed: TwoHashed, most: int) -> Iterator[Beside]:
    first, second = (
        [(sample, places[sample.id]) for sample in side[:MOST_COMPARED] if sample.id in places]
        for side, places in zip(drawn, map(_places, (hashed.first, hashed.second)), strict=True)
    )
    if not (first and second):
        return
    found = alike(
        hashed.first.hashes[[place for _, place in first]],
        hashed.second.hashes[[place for _, place in second]],
        most,
    )
    for a, b, bits in found:
        pair = Beside(first[a][0], second[b][0], bits)
        if pair.looks_alike:
            yield pair


def _places(hashes: ImageHashes) -> Mapping[str, int]:
    return {name: place for place, name in enumerate(hashes.digests)}


def beside_figure(pair: Beside, two: Two) -> Figure:
    """Return two images side by side, with how they came to stand so."""
    panels = tuple(_panel(sample, side) for sample, side in zip((pair.first, pair.second), two, strict=True))
    told = f"Look alike: {pair.bits} of {BITS} bits of their hashes differ." if pair.looks_alike else ""
    credit = " ".join(
        image_and_study_credit(sample, side.manifest)
        for sample, side in zip((pair.first, pair.second), two, strict=True)
    )
    return Figure(panels, told or "Drawn by chance.", credit, f"{pair.first.id} and {pair.second.id}")


def beside_note(pairs: Sequence[Beside], hashed: TwoHashed) -> Note:
    """Return how many pairs look alike, how many were drawn, and which images could not be compared."""
    looking = sum(pair.looks_alike for pair in pairs)
    unread = len(hashed.first.unread) + len(hashed.second.unread)
    lines = (
        ("look alike", f"{looking:,} of {len(pairs):,} pairs: at most {ALIKE_BITS} of {BITS} bits differ"),
        (
            "drawn by chance",
            f"{len(pairs) - looking:,}, as no more look alike" if looking < len(pairs) else "",
        ),
        ("not compared", f"{unread:,} images, as their files cannot be read" if unread else ""),
    )
    return Note("Images side by side", lines)


def _panel(sample: Sample, side: Side) -> Panel:
    alt = sample.alt or f"The image {sample.id}."
    return Panel.from_sample(sample, f"{side.name}, {sample.id}", alt)
