"""Annotators: which annotations were drawn, proposed or checked, and by whom as far as the data set says.

An *annotation source* is the way by which an annotation came to be. It follows from the data set's own word
for the annotator, by the table `[annotation.sources]` of the study's manifest, and from nothing else: a word
that is not in it has the annotation source `UNKNOWN_SOURCE`. Where a data set tells of all its annotations
together how they were made, the table may give an annotation source to the word *unknown*.

A word for an annotator that the manifest neither explains nor gives a source may be a person's number. Such
words are counted, never listed, and no list here is ordered by how much anybody made.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis import intervals
from retrain_kit.annotations.samples import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from retrain_kit.annotations.samples import ImageLabel, Phrase, PointLabel, Region, Relationship, Sample
    from retrain_kit.studies.manifests import Manifest

    Annotation = Region | Phrase | ImageLabel | PointLabel | Relationship


@dataclass(frozen=True)
class AnnotationSource:
    """A way by which annotations come to be: one of the five in `ANNOTATION_SOURCES`.

    Parameters
    ----------
    name
        Its name in manifests.
    short_name
        A word or two to write on an annotation.
    words
        What tables call it.
    means
        What it says, in a sentence.
    made
        What came by it, as in "the image without what hands drew".
    """

    name: str
    short_name: str
    words: str
    means: str
    made: str


HAND = AnnotationSource(
    "hand", "by hand", "drawn by hand", "A person drew it, or clicked where it ends.", "what hands drew"
)
CHECKED = AnnotationSource(
    "checked",
    "proposed",
    "proposed by a machine, checked by people",
    "A machine proposed it and people said whether it holds; they drew nothing.",
    "what machines proposed",
)
PEOPLE = AnnotationSource(
    "people",
    "asked",
    "answered by people",
    "People answered a question put to them.",
    "what people answered",
)
MACHINE = AnnotationSource(
    "machine",
    "by machine",
    "made by a machine",
    "A machine made it, and no person is said to have looked.",
    "what machines made",
)
UNKNOWN_SOURCE = AnnotationSource(
    "unknown",
    "unknown",
    "not said",
    "The source does not say how it was made.",
    "what nobody claims",
)
ANNOTATION_SOURCES = {source.name: source for source in (HAND, CHECKED, PEOPLE, MACHINE, UNKNOWN_SOURCE)}

KIND_FIELDS = {
    "region": "regions",
    "phrase": "phrases",
    "image label": "labels",
    "point": "points",
    "relationship": "relationships",
}
"""Each kind of annotation, and the field of a sample that holds it."""

NOT_EXPLAINED = "not explained"
CLICK_KINDS = {
    None: "clicks on the edge of a thing",
    True: "clicks that say: this belongs to it",
    False: "clicks that say: this does not",
}


@dataclass(frozen=True)
class Annotator:
    """Who made an annotation: the data set's word, if the study explains it, and the annotation source."""

    word: str
    source: AnnotationSource


@dataclass(frozen=True)
class AnnotationCount:
    """The annotations of one kind by one annotator: `annotations` of all `of_kind`, in `images` images.

    `interval` is that of their share over images; None where there is none.
    """

    kind: str
    annotator: Annotator
    annotations: int
    of_kind: int
    images: int
    interval: intervals.Interval | None = None


@dataclass(frozen=True)
class AnswerCount:
    """How often an annotator says yes, no or neither, in words for whole images or in words for points."""

    kind: str
    annotator: Annotator
    yes: int
    no: int
    neither: int


@dataclass(frozen=True)
class TraceCount:
    """Traces of hands of one kind, on `annotations` of all `of_annotations` that could have some."""

    kind: str
    traces: int
    annotations: int
    of_annotations: int


def sources_by_annotator(manifest: Manifest) -> dict[str, AnnotationSource]:
    """Return the annotation source of each word that the data set has for an annotator."""
    return {word: ANNOTATION_SOURCES[name] for word, name in manifest.annotation.sources.items()}


def annotator_lookup(manifest: Manifest) -> Callable[[str], Annotator]:
    """Return a function that gives the annotator for the data set's word, as far as the study explains it."""
    known = sources_by_annotator(manifest)
    explained = {*known, *manifest.annotation.annotators}

    def name(word: str) -> Annotator:
        silent = UNKNOWN_SOURCE.words if word == UNKNOWN else NOT_EXPLAINED
        shown = word if word in explained and word != UNKNOWN else silent
        return Annotator(shown, known.get(word, UNKNOWN_SOURCE))

    return name


def count_annotations(samples: Iterable[Sample], manifest: Manifest) -> list[AnnotationCount]:
    """Return how many annotations of each kind each annotator made.

    They come in the order of kinds, annotation sources and words.
    """
    name, samples = annotator_lookup(manifest), list(samples)
    counts: dict[tuple[str, Annotator], Counter[int]] = defaultdict(Counter)
    for place, sample in enumerate(samples):
        for kind, found in annotations_by_kind(sample):
            for annotation in found:
                counts[kind, name(annotation.annotator)][place] += 1
    of_kind: dict[str, Counter[int]] = defaultdict(Counter)
    for (kind, _), by_image in counts.items():
        of_kind[kind].update(by_image)
    rows = sorted(counts, key=_order)
    shares = _intervals([(counts[key], of_kind[key[0]]) for key in rows], len(samples))
    return [
        AnnotationCount(*key, counts[key].total(), of_kind[key[0]].total(), len(counts[key]), share)
        for key, share in zip(rows, shares, strict=True)
    ]


def _intervals(
    rows: Sequence[tuple[Counter[int], Counter[int]]], images: int
) -> list[intervals.Interval | None]:
    """Return the interval of each share: of a count in a count, each by the place of the image."""
    groups = intervals.group_images(images)
    sums = np.zeros((2, int(groups.max(initial=-1)) + 1, len(rows)))
    for column, pair in enumerate(rows):
        for table, counts in zip(sums, pair, strict=True):
            np.add.at(table[:, column], groups[list(counts)], list(counts.values()))
    return intervals.ratio_intervals(*sums)


def count_answers(samples: Iterable[Sample], manifest: Manifest) -> list[AnswerCount]:
    """Return how often each annotator says yes, no and neither, of whole images and of points."""
    name = annotator_lookup(manifest)
    said: dict[tuple[str, Annotator], Counter[bool | None]] = defaultdict(Counter)
    for sample in samples:
        for label in sample.labels:
            said["image label", name(label.annotator)][label.present] += 1
        for point in sample.points:
            said["point", name(point.annotator)][point.present] += 1
    return [
        AnswerCount(*key, said[key][True], said[key][False], said[key][None])
        for key in sorted(said, key=_order)
    ]


def count_hand_traces(samples: Iterable[Sample]) -> list[TraceCount]:
    """Return the traces of hands that the source kept: clicks on regions, votes on points."""
    samples = list(samples)
    clicks = [[click.on for click in region.clicks] for sample in samples for region in sample.regions]
    votes = [vars(point.votes) if point.votes else {} for sample in samples for point in sample.points]
    rows = [_trace(kind, [each.count(on) for each in clicks]) for on, kind in CLICK_KINDS.items()]
    rows += [
        _trace(f"votes on a point: {answer}", [each.get(answer, 0) for each in votes])
        for answer in ("yes", "no", "unsure")
    ]
    return [row for row in rows if row.traces]


def annotations_by_kind(sample: Sample) -> Iterator[tuple[str, Sequence[Annotation]]]:
    """Return each kind of annotation with those of the sample, in the order of `KIND_FIELDS`."""
    return ((kind, getattr(sample, field)) for kind, field in KIND_FIELDS.items())


def _order(key: tuple[str, Annotator]) -> tuple[int, int, str]:
    kind, annotator = key
    return (
        list(KIND_FIELDS).index(kind),
        list(ANNOTATION_SOURCES).index(annotator.source.name),
        annotator.word,
    )


def _trace(kind: str, found: Sequence[int]) -> TraceCount:
    return TraceCount(kind, sum(found), sum(map(bool, found)), len(found))
