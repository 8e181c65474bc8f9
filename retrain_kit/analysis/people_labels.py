"""People labels: what a study's annotations call people, and how often, counted without images.

Words for people are counted under the veil. So are the values of the fields that say how somebody looks to
somebody else, as age and gender: what a person *presents* as was written down by another.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrain_kit.annotations.samples import Region
from retrain_kit.annotations.veil import SIGN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from retrain_kit.analysis.people_in_images import Annotation, PeopleInImages
    from retrain_kit.analysis.veiled_study import StudyVeil
    from retrain_kit.annotations.samples import Sample

FIELDS = ("GenderPresentation", "AgePresentation")
"""What MIAP says of each person."""
LABEL = "label"
NAMES = "name of a person"
UNKNOWN = frozenset({"", "unknown", "none", "not stated", "n/a"})
"""Values that say that nobody knows; they are never veiled."""


@dataclass(frozen=True)
class PeopleLabel:
    """One thing that people are called.

    Parameters
    ----------
    asked
        Which question it answers: `label`, or the name of a field.
    shown
        The word or the value, or the sign and a number where it is veiled.
    annotations, images
        How many annotations say it, and in how many images.
    annotators
        Who said it, in the source's words.
    """

    asked: str
    shown: str
    annotations: int
    images: int
    annotators: tuple[str, ...]


@dataclass
class _Count:
    annotations: int = 0
    images: set[str] = field(default_factory=set)
    annotators: dict[str, None] = field(default_factory=dict)


def count_people_labels(
    samples: Iterable[Sample],
    people: PeopleInImages,
    veil: StudyVeil,
    fields: Collection[str] = FIELDS,
    *,
    names: bool = False,
) -> list[PeopleLabel]:
    """Return what a study calls people: labels first, then each field, the most frequent first.

    Parameters
    ----------
    samples
        The study's images, not veiled.
    people
        What tells which annotations are of people.
    veil
        Which words are shown.
    fields
        Fields of annotations of people, under the source's own names.
    names
        Whether labels are the names of the people shown, as in Labelled Faces in the Wild.
    """
    counts: dict[str, dict[str, _Count]] = defaultdict(lambda: defaultdict(_Count))
    for sample in samples:
        for annotation in _of_people(sample, people, every=names):
            said = {name: str(annotation.said[name]) for name in fields if name in annotation.said}
            word = NAMES if names else veil.label(annotation)
            for asked, value in ((LABEL, word), *said.items()):
                count = counts[asked][value]
                count.annotations += 1
                count.images.add(sample.id)
                count.annotators[annotation.annotator] = None
    return [row for asked in (LABEL, *fields) for row in _rows(asked, counts[asked], veil)]


def _of_people(sample: Sample, people: PeopleInImages, *, every: bool) -> Iterator[Annotation]:
    found: tuple[Annotation, ...] = (*sample.regions, *sample.labels, *sample.points)
    for annotation in found:
        there = isinstance(annotation, Region) or annotation.present
        if there and (every or people.are_meant(annotation)):
            yield annotation


def _rows(asked: str, counts: dict[str, _Count], veil: StudyVeil) -> Iterator[PeopleLabel]:
    ordered = sorted(counts.items(), key=lambda each: (-each[1].annotations, each[0]))
    for number, (value, count) in enumerate(ordered, start=1):
        plain = asked == LABEL or veil.lifted or value.casefold() in UNKNOWN
        shown = value if plain else f"{SIGN} {number}"
        yield PeopleLabel(asked, shown, count.annotations, len(count.images), tuple(count.annotators))
