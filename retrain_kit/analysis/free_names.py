"""Free names beside synsets: what people called things, and to which synsets each name was led.

Visual Genome's annotators wrote names as they liked; later each was led to a synset of WordNet, or to none. A
name can be led to several: *crane* here to the bird, there to the machine. Where an annotation has several
names its source does not say which of them a synset stands for: that is counted as unsure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.analysis.label_use import ImageNamings, Naming


@dataclass(frozen=True)
class FreeName:
    """A name, and what it was led to.

    Parameters
    ----------
    name
        As it was written.
    annotations, images
        How many annotations have it, and how many images they are in.
    synsets
        In how many annotations each synset stands for it, by its id: the most frequent first.
    without
        How many annotations have it and no synset.
    unsure
        How many have it beside other names, and a synset.
    """

    name: str
    annotations: int
    images: int
    synsets: Mapping[str, int]
    without: int
    unsure: int


@dataclass(frozen=True)
class FreeNames:
    """The names of a study.

    Parameters
    ----------
    names
        Those of most annotations first.
    annotations, images
        How many there are in all.
    """

    names: tuple[FreeName, ...]
    annotations: int
    images: int

    @property
    def to_one(self) -> list[FreeName]:
        """Names that were led to one synset wherever they were led to any."""
        return [each for each in self.names if len(each.synsets) == 1]

    @property
    def to_several(self) -> list[FreeName]:
        """Names that were led to several synsets."""
        return [each for each in self.names if len(each.synsets) > 1]

    @property
    def to_none(self) -> list[FreeName]:
        """Names of which no annotation has a synset."""
        return [each for each in self.names if not each.synsets and not each.unsure]

    @property
    def states_synsets(self) -> bool:
        """Whether the source gives synsets at all."""
        return any(each.synsets or each.unsure for each in self.names)


class NameCounting:
    """Counts free names as images come by."""

    def __init__(self) -> None:
        self.said: Counter[Naming] = Counter()
        self.images: Counter[str] = Counter()
        self.all_images = 0

    def take(self, row: ImageNamings) -> None:
        """Count one image more."""
        self.all_images += 1
        self.said.update(row.namings)
        self.images.update({name for names, _ in row.namings for name in names})

    def result(self) -> FreeNames:
        """Return what was counted."""
        annotations, without, unsure = Counter[str](), Counter[str](), Counter[str]()
        synsets: dict[str, Counter[str]] = defaultdict(Counter)
        for (names, ids), count in self.said.items():
            for name in names:
                annotations[name] += count
                if not ids:
                    without[name] += count
                elif len(names) > 1:
                    unsure[name] += count
                else:
                    synsets[name].update(dict.fromkeys(ids, count))
        found = (
            FreeName(
                name, count, self.images[name], dict(synsets[name].most_common()), without[name], unsure[name]
            )
            for name, count in sorted(annotations.items(), key=lambda each: (-each[1], each[0]))
        )
        return FreeNames(tuple(found), self.said.total(), self.all_images)
