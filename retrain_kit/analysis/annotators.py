"""Making: which marks were drawn, proposed or checked, and by whom as far as the source says.

A *route* is the way by which a mark came to be. It follows from the source's own word for the maker, by the
table `[annotation.routes]` of the study's manifest, and from nothing else: a word that is not in it has the
route `UNKNOWN_SOURCE`. Where a source tells of all its marks together how they were made, the table may give
a route to the word *unknown*.

A maker's word that the manifest neither explains nor routes may be a person's number. Such words are counted,
never listed, and no list here is ordered by how much anybody made.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.annotations.samples import UNKNOWN
from retrain_kit.studies import disclosure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from retrain_kit.annotations.samples import ImageLabel, Phrase, PointLabel, Region, Relationship, Sample
    from retrain_kit.studies.manifests import Manifest

    Mark = Region | Phrase | ImageLabel | PointLabel | Relationship


@dataclass(frozen=True)
class AnnotationSource:
    """A way by which marks come to be.

    Parameters
    ----------
    name
        Its name in manifests.
    tag
        A word or two to write on a mark.
    words
        What tables call it.
    means
        What it says, in a sentence.
    made
        What came by it, as in "the picture without what hands drew".
    """

    name: str
    tag: str
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
ANNOTATION_SOURCES = {route.name: route for route in (HAND, CHECKED, PEOPLE, MACHINE, UNKNOWN_SOURCE)}

KIND_FIELDS = {
    "region": "regions",
    "phrase": "phrases",
    "image label": "labels",
    "point": "points",
    "relationship": "relationships",
}
"""Each kind of mark, and the field of a sample that holds it."""

NOT_EXPLAINED = "not explained"
CLICK_KINDS = {
    None: "clicks on the edge of a thing",
    True: "clicks that say: this belongs to it",
    False: "clicks that say: this does not",
}


@dataclass(frozen=True)
class Annotator:
    """Who made a mark, as far as the study says: the source's word for it, and the route."""

    word: str
    route: AnnotationSource


@dataclass(frozen=True)
class AnnotationCount:
    """The marks of one kind by one maker: `marks` of all `of_kind`, in `images` pictures."""

    kind: str
    maker: Annotator
    marks: int
    of_kind: int
    images: int


@dataclass(frozen=True)
class AnswerCount:
    """What one maker says in words for whole pictures, or for points: yes, no, or neither."""

    kind: str
    maker: Annotator
    yes: int
    no: int
    neither: int


@dataclass(frozen=True)
class TraceCount:
    """Traces of hands of one kind: how many, on `marks` of all `of_marks` marks that could bear them."""

    kind: str
    traces: int
    marks: int
    of_marks: int


def sources_by_annotator(manifest: Manifest) -> dict[str, AnnotationSource]:
    """Return the route of each of the source's words for makers."""
    return {word: ANNOTATION_SOURCES[name] for word, name in manifest.annotation.routes.items()}


def annotator_lookup(manifest: Manifest) -> Callable[[str], Annotator]:
    """Return the function that tells what the study says of a maker, given the source's word."""
    known = sources_by_annotator(manifest)
    explained = {*known, *manifest.annotation.makers}

    def name(word: str) -> Annotator:
        silent = UNKNOWN_SOURCE.words if word == UNKNOWN else NOT_EXPLAINED
        shown = word if word in explained and word != UNKNOWN else silent
        return Annotator(shown, known.get(word, UNKNOWN_SOURCE))

    return name


def count_annotations(samples: Iterable[Sample], manifest: Manifest) -> list[AnnotationCount]:
    """Return how many marks of each kind came from each maker, in the order of kinds, routes and words."""
    name = annotator_lookup(manifest)
    images: dict[tuple[str, Annotator], Counter[str]] = defaultdict(Counter)
    for sample in samples:
        for kind, marks in _marks(sample):
            for mark in marks:
                images[kind, name(mark.maker)][sample.id] += 1
    of_kind = Counter[str]()
    for (kind, _), marked in images.items():
        of_kind[kind] += marked.total()
    return [
        AnnotationCount(*key, images[key].total(), of_kind[key[0]], len(images[key]))
        for key in sorted(images, key=_order)
    ]


def count_answers(samples: Iterable[Sample], manifest: Manifest) -> list[AnswerCount]:
    """Return how often each maker says yes, no and neither in words for whole pictures and for points."""
    name = annotator_lookup(manifest)
    said: dict[tuple[str, Annotator], Counter[bool | None]] = defaultdict(Counter)
    for sample in samples:
        for label in sample.labels:
            said["image label", name(label.maker)][label.present] += 1
        for point in sample.points:
            said["point", name(point.maker)][point.present] += 1
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


def unanswered_questions(manifest: Manifest) -> list[str]:
    """Return the questions about the work in a data set to which the study has no answer from its authors."""
    return [question for question in disclosure.LABOUR_QUESTIONS if not manifest.labour.get(question)]


def _marks(sample: Sample) -> Iterator[tuple[str, Sequence[Mark]]]:
    return ((kind, getattr(sample, field)) for kind, field in KIND_FIELDS.items())


def _order(key: tuple[str, Annotator]) -> tuple[int, int, str]:
    kind, maker = key
    return list(KIND_FIELDS).index(kind), list(ANNOTATION_SOURCES).index(maker.route.name), maker.word


def _trace(kind: str, found: Sequence[int]) -> TraceCount:
    return TraceCount(kind, sum(found), sum(map(bool, found)), len(found))
