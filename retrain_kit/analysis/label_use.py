"""Label use: in how many images each synset of a label system is, it alone and with all below it.

A synset is in an image where a region bears it, or where the source says that it is there, of a point or of
the whole image. A label that is denied, or left open, is not. Images and annotations count once at each
synset, however many ways lead there: nothing is counted twice where a synset has two parents.

An annotation names its synsets by ids where its source gives them, else by its word. A word that means
nothing in the system, or several things, counts for no synset: it is listed. Where a word is not in the
system as it is written, it is looked for in small letters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.annotations.taxonomy import words_in_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from retrain_kit.annotations.samples import ImageLabel, PointLabel, Region, Sample
    from retrain_kit.annotations.taxonomy import Taxonomy

ID_FIELDS = ("synset", "synsets", "LabelName")
"""Under which names sources give a synset's id: ImageNet, Visual Genome, Open Images."""

PRESENTATIONS = ("GenderPresentation", "AgePresentation")
"""Under which names MIAP keeps what people seemed to be to whoever was asked."""


@dataclass(frozen=True)
class LabelUse:
    """How a study uses a label system. What is not in a mapping is 0.

    Parameters
    ----------
    images, annotations
        In how many images each synset itself is, and how many annotations bear it, by its id.
    images_below, annotations_below
        The same for the synset and all below it.
    samples
        Ids of the images that each synset itself is in, in the order given.
    without_synset
        Words that mean nothing in the system, and how many annotations bear them.
    ambiguous
        Words that mean several things in it, and how many annotations bear them.
    all_images
        How many images were looked at.
    """

    images: Mapping[str, int]
    annotations: Mapping[str, int]
    images_below: Mapping[str, int]
    annotations_below: Mapping[str, int]
    samples: Mapping[str, tuple[str, ...]]
    without_synset: Mapping[str, int]
    ambiguous: Mapping[str, int]
    all_images: int

    def unused_siblings(self, taxonomy: Taxonomy, name: str) -> tuple[str, ...]:
        """Return the synsets beside one, below any of its parents, that no image bears at or below."""
        beside = (each for parent in taxonomy.parents(name) for each in taxonomy.children(parent))
        return tuple(
            dict.fromkeys(each for each in beside if each != name and not self.images_below.get(each))
        )


def count_label_use(
    taxonomy: Taxonomy, samples: Iterable[Sample], ids: Mapping[str, str] | None = None
) -> LabelUse:
    """Return in how many images, and annotations, each synset is.

    Parameters
    ----------
    taxonomy
        The label system.
    samples
        The images.
    ids
        The system's own ids by the names that the source may give in their place.
    """
    counting = _Counting(taxonomy, ids or {})
    for sample in samples:
        counting.take(sample)
    return counting.result()


class _Counting:
    def __init__(self, taxonomy: Taxonomy, ids: Mapping[str, str]) -> None:
        self.taxonomy, self.ids = taxonomy, ids
        self.samples: dict[str, list[str]] = defaultdict(list)
        self.annotations: Counter[str] = Counter()
        self.images_below: Counter[str] = Counter()
        self.annotations_below: Counter[str] = Counter()
        self.without: Counter[str] = Counter()
        self.ambiguous: Counter[str] = Counter()
        self.all_images = 0
        self.above: dict[str, tuple[str, ...]] = {}

    def take(self, sample: Sample) -> None:
        self.all_images += 1
        borne: dict[str, None] = {}
        for annotation in said_to_be_there(sample):
            found = self.synsets(annotation)
            borne |= dict.fromkeys(found)
            self.annotations.update(found)
            self.annotations_below.update({each for name in found for each in self.upwards(name)})
        for name in borne:
            self.samples[name].append(sample.id)
        self.images_below.update({each for name in borne for each in self.upwards(name)})

    def synsets(self, annotation: Region | ImageLabel | PointLabel) -> tuple[str, ...]:
        """Return the ids of what an annotation means, each once."""
        found = synsets_meant(self.taxonomy, annotation, self.ids)
        if not found:
            several = self.taxonomy.named(annotation.label) or self.taxonomy.named(annotation.label.lower())
            (self.ambiguous if several else self.without)[annotation.label] += 1
        return found

    def upwards(self, name: str) -> tuple[str, ...]:
        if name not in self.above:
            self.above[name] = (name, *self.taxonomy.ancestors(name))
        return self.above[name]

    def result(self) -> LabelUse:
        samples = {name: tuple(ids) for name, ids in self.samples.items()}
        images = {name: len(ids) for name, ids in samples.items()}
        return LabelUse(
            images,
            self.annotations,
            self.images_below,
            self.annotations_below,
            samples,
            dict(self.without.most_common()),
            dict(self.ambiguous.most_common()),
            self.all_images,
        )


def synsets_meant(
    taxonomy: Taxonomy, annotation: Region | ImageLabel | PointLabel, ids: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return the ids of what an annotation means, each once.

    None where its word has no meaning in the system, or several.
    """
    stated = ((ids or {}).get(name, name) for name in (*_presented(annotation), *stated_ids(annotation)))
    if known := tuple(dict.fromkeys(name for name in stated if name in taxonomy)):
        return known
    found = taxonomy.named(annotation.label) or taxonomy.named(annotation.label.lower())
    return (found[0].id,) if len(found) == 1 else ()


def said_to_be_there(sample: Sample) -> Iterator[Region | ImageLabel | PointLabel]:
    """Yield the annotations by which a word is in an image."""
    yield from sample.regions
    yield from (label for label in sample.labels if label.present)
    yield from (point for point in sample.points if point.present)


def stated_ids(annotation: Region | ImageLabel | PointLabel) -> tuple[str, ...]:
    """Return the ids that the source gives, each once."""
    given = [annotation.said[name] for name in ID_FIELDS if annotation.said.get(name)]
    lists = [[each] if isinstance(each, str) else each for each in given]
    return tuple(dict.fromkeys(name for names in lists for name in names if isinstance(name, str)))


def _presented(annotation: Region | ImageLabel | PointLabel) -> Iterator[str]:
    """Yield what MIAP says that a person seemed to be, as `datasets.label_systems` names it."""
    for name in PRESENTATIONS:
        if value := annotation.said.get(name):
            yield f"{name}: {value}"


def words_without_synset(taxonomy: Taxonomy, words: Mapping[str, int]) -> dict[str, int]:
    """Return the words that people used and the system lacks, the most frequent first, with their counts.

    A word is in the system where it is one of a synset's words, in any case.
    """
    there = {row.casefold() for synset in taxonomy for row in words_in_row(synset)}
    missing = {word: count for word, count in words.items() if word.casefold() not in there}
    return dict(sorted(missing.items(), key=lambda each: (-each[1], each[0])))
