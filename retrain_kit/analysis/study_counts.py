"""Study counts: what is in a study, in one pass over its samples that holds none of them.

A study of a hundred thousand images is counted in the memory that its words need: four bytes for each image
that a word is in. No image is opened.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.analysis import disagreement
from retrain_kit.analysis.annotators import (
    ANNOTATION_SOURCES,
    KIND_FIELDS,
    annotations_by_kind,
    annotator_lookup,
)
from retrain_kit.analysis.images_per_label import labels_in
from retrain_kit.analysis.label_use import ID_FIELDS, PRESENTATIONS, said_to_be_there, synsets_meant
from retrain_kit.annotations.samples import UNKNOWN, ImageLabel, Region
from retrain_kit.annotations.veil import person_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from retrain_kit.analysis.people_in_images import PeopleInImages
    from retrain_kit.annotations.samples import PointLabel, Sample
    from retrain_kit.annotations.taxonomy import Taxonomy
    from retrain_kit.studies.manifests import Manifest

Word = tuple[str, tuple[tuple[str, Any], ...]]
"""A word, and what its source says of what it means: names of fields, with their values."""
_MEANING_FIELDS = (*ID_FIELDS, *PRESENTATIONS)

DATE_FIELDS = ("date_captured", "metadata.date_uploaded")
"""Fields of `Sample.said` that hold a date of the image: when it was captured (COCO), or posted (FFHQ)."""
_YEAR = re.compile(r"(?:1[89]|20)\d\d(?=\D|$)")


@dataclass(frozen=True)
class Spread:
    """How numbers lie: the least, the middle and the greatest."""

    least: int
    median: float
    most: int

    @classmethod
    def of(cls, numbers: NDArray[np.integer]) -> Spread | None:
        """Return how numbers lie; None where there are none."""
        if not numbers.size:
            return None
        return cls(int(numbers.min()), float(np.median(numbers)), int(numbers.max()))


@dataclass(frozen=True)
class Years:
    """Which years a field of the source says of images.

    Parameters
    ----------
    field
        The source's name for it, one of `DATE_FIELDS`.
    first, last
        The years; the same where there is one.
    images
        Of how many images it says one.
    """

    field: str
    first: int
    last: int
    images: int


@dataclass(frozen=True)
class WordUse:
    """How a study uses one word, with what its source says of its meaning.

    Parameters
    ----------
    regions, others
        How many regions bear it; how many points and whole images are said to.
    images
        The numbers of the images that it is in, from 0 in the order given.
    """

    regions: int
    others: int
    images: NDArray[np.uint32]


@dataclass(frozen=True)
class StudyCounts:
    """What is in a study.

    Parameters
    ----------
    images, empty_images
        All images, and those without any annotation.
    kinds
        Annotations of each kind, by the names of `KIND_FIELDS`; those that occur.
    sources
        Annotations by the annotation source, by the names of `ANNOTATION_SOURCES`; those that occur.
    unnamed
        Annotations of which the source has no word for the annotator.
    per_image
        How many annotations an image has; None without images.
    label_images
        In how many images each label is, the label in most images first; of labels in as many images the one
        with more regions, then the one that comes first in the alphabet.
    rejected
        Annotations of these images that could not be taken.
    denied, disputed
        Words that are said to be absent from an image; words of an image on which the data set is not of one
        voice, see `disagreement.disputed_labels`.
    years
        Which years the source says of images.
    words
        How each word is used.
    """

    images: int
    empty_images: int
    kinds: Mapping[str, int]
    sources: Mapping[str, int]
    unnamed: int
    per_image: Spread | None
    label_images: Mapping[str, int]
    rejected: int
    denied: int
    disputed: int
    years: tuple[Years, ...]
    words: Mapping[Word, WordUse]

    @property
    def annotations(self) -> int:
        """All annotations, of every kind."""
        return sum(self.kinds.values())

    @property
    def images_per_label(self) -> Spread | None:
        """In how many images a label is; None without labels."""
        return Spread.of(np.array([*self.label_images.values()], dtype=np.int64))


@dataclass(frozen=True)
class PeopleCounts:
    """What a study bears of words for people.

    Parameters
    ----------
    regions, others
        How many regions bear one; how many points and whole images are said to.
    images
        In how many images there is one; all, where the data set is one of faces.
    placeless
        How many of its other words no label system says the place of: each may be one for people, too.
    """

    regions: int
    others: int
    images: int
    placeless: int


@dataclass(frozen=True)
class WithdrawnCounts:
    """What of a label system was withdrawn.

    Parameters
    ----------
    synsets
        How many meanings.
    reasons
        How many for each reason, with its date and source, as the list states them; those of most first.
    borne, images
        How many of them the study bears, and in how many of its images.
    """

    synsets: int
    reasons: Mapping[str, int]
    borne: int
    images: int


class Tally:
    """A count that goes on, sample by sample.

    Parameters
    ----------
    manifest
        The study, which explains the source's words for annotators.
    """

    def __init__(self, manifest: Manifest) -> None:
        self._manifest, self._annotator = manifest, annotator_lookup(manifest)
        self._per_image = array("I")
        self._kinds, self._sources = Counter[str](), Counter[str]()
        self._unnamed = self._rejected = self._denied = self._disputed = 0
        self._label_images: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._regions, self._others = Counter[Word](), Counter[Word]()
        self._places: dict[Word, array[int]] = defaultdict(lambda: array("I"))
        self._years: dict[str, Counter[int]] = defaultdict(Counter)

    def take(self, sample: Sample) -> None:
        """Count a sample."""
        number = len(self._per_image)
        found = Counter[str]()
        for kind, made in annotations_by_kind(sample):
            found[kind] += len(made)
            for annotator, times in Counter(each.annotator for each in made).items():
                self._sources[self._annotator(annotator).source.name] += times
                self._unnamed += times if annotator == UNKNOWN else 0
        self._kinds.update(found)
        self._per_image.append(found.total())
        self._rejected += len(sample.rejected)
        self._denied += sum(label.present is False for label in sample.labels)
        self._disputed += len(disagreement.disputed_labels([sample], self._manifest))
        self._take_words(sample, number)
        for field in DATE_FIELDS:
            if year := _YEAR.match(str(_said(sample, field))):
                self._years[field][int(year[0])] += 1

    def _take_words(self, sample: Sample, number: int) -> None:
        for label in labels_in(sample):
            self._label_images[label][0] += 1
        borne = dict[Word, None]()
        for annotation in said_to_be_there(sample):
            word = _word(annotation)
            borne[word] = None
            of_region = isinstance(annotation, Region)
            (self._regions if of_region else self._others)[word] += 1
            self._label_images[annotation.label][1] += of_region
        for word in borne:
            self._places[word].append(number)

    def counts(self) -> StudyCounts:
        """Return what was counted until now."""
        per_image = np.array(self._per_image, dtype=np.int64)
        ordered = sorted(self._label_images.items(), key=lambda each: (-each[1][0], -each[1][1], each[0]))
        return StudyCounts(
            images=len(per_image),
            empty_images=int(np.count_nonzero(per_image == 0)),
            kinds={kind: self._kinds[kind] for kind in KIND_FIELDS if self._kinds[kind]},
            sources={name: self._sources[name] for name in ANNOTATION_SOURCES if self._sources[name]},
            unnamed=self._unnamed,
            per_image=Spread.of(per_image),
            label_images={label: images for label, (images, _) in ordered},
            rejected=self._rejected,
            denied=self._denied,
            disputed=self._disputed,
            years=tuple(_years(field, found) for field, found in self._years.items()),
            words={
                word: WordUse(self._regions[word], self._others[word], np.array(places, dtype=np.uint32))
                for word, places in self._places.items()
            },
        )


def count_people(counts: StudyCounts, people: PeopleInImages) -> PeopleCounts:
    """Return what a study bears of words for people."""
    found, placeless = list[WordUse](), 0
    for word, use in counts.words.items():
        if people.are_meant(bearing(word)):
            found.append(use)
        else:
            placeless += not _has_place(people, word)
    return PeopleCounts(
        regions=sum(use.regions for use in found),
        others=sum(use.others for use in found),
        images=counts.images if people.everywhere else _images(found),
        placeless=placeless,
    )


def count_withdrawn(
    counts: StudyCounts, taxonomy: Taxonomy, ids: Mapping[str, str] | None = None
) -> WithdrawnCounts:
    """Return what of a label system was withdrawn, and what of it a study bears.

    `ids` are the system's own by the names that the source may give in their place.
    """
    gone = {synset.id: str(synset.withdrawal) for synset in taxonomy if synset.retired}
    borne, found = set[str](), list[WordUse]()
    for word, use in counts.words.items() if gone else ():
        if met := gone.keys() & synsets_meant(taxonomy, bearing(word), ids):
            borne |= met
            found.append(use)
    return WithdrawnCounts(len(gone), dict(Counter(gone.values()).most_common()), len(borne), _images(found))


def bearing(word: Word) -> ImageLabel:
    """Return an annotation that bears a word, for whoever asks what it means."""
    label, said = word
    return ImageLabel(label, present=True, said=dict(said))


def _word(annotation: Region | ImageLabel | PointLabel) -> Word:
    said = annotation.said
    told = ((name, said[name]) for name in _MEANING_FIELDS if said.get(name)) if said else ()
    return annotation.label, tuple(
        (name, tuple(value) if isinstance(value, list) else value) for name, value in told
    )


def _has_place(people: PeopleInImages, word: Word) -> bool:
    """Whether a label system that knows *person* says where what a word means stands."""
    system = people.taxonomy
    meant = synsets_meant(system, bearing(word), people.ids) if person_ids(system) else ()
    return any(system.parents(name) or system.children(name) for name in meant)


def _images(found: list[WordUse]) -> int:
    return len(np.unique(np.concatenate([use.images for use in found]))) if found else 0


def _said(sample: Sample, field: str) -> object:
    """Return what a source says under a name; a dot leads into a table within."""
    found: object = sample.said
    for name in field.split("."):
        found = found.get(name, "") if isinstance(found, dict) else ""
    return found


def _years(field: str, found: Counter[int]) -> Years:
    return Years(field, min(found), max(found), found.total())
