"""Disagreement: words that are denied, and words on which a data set is not of one voice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.analysis.annotators import MACHINE, Annotator, annotator_lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest

SPLIT_VOTES, CONTRADICTION, AGAINST_MACHINE = "votes that differ", "yes and no", "against a machine"


@dataclass(frozen=True)
class DeniedLabel:
    """A word that is said to be absent from a whole image."""

    sample: str
    label: str
    annotator: Annotator


@dataclass(frozen=True)
class DisputedLabel:
    """A word on which a data set is not of one voice: the kind of dispute, and who says what."""

    sample: str
    label: str
    kind: str
    said: str


def denied_labels(samples: Iterable[Sample], manifest: Manifest) -> list[DeniedLabel]:
    """Return every word that is said to be absent from a whole image, in the order of images and words."""
    name = annotator_lookup(manifest)
    rows = [
        DeniedLabel(sample.id, label.label, name(label.annotator))
        for sample in samples
        for label in sample.labels
        if label.present is False
    ]
    return sorted(rows, key=lambda row: (row.sample, row.label, row.annotator.word))


def disputed_labels(samples: Iterable[Sample], manifest: Manifest) -> list[DisputedLabel]:
    """Return every word on which the data set is not of one voice, in the order of images and words.

    There are three kinds. `SPLIT_VOTES`: answers to one point differ. `CONTRADICTION`: a word is affirmed and
    denied of the same image; a region that bears the word affirms it. `AGAINST_MACHINE`: a machine and
    another annotator differ; a machine that says neither yes nor no still proposes its word.
    """
    name = annotator_lookup(manifest)
    rows = [row for sample in samples for row in (*_on_points(sample), *_on_words(sample, name))]
    return sorted(rows, key=lambda row: (row.sample, row.label, row.kind))


def _on_points(sample: Sample) -> Iterator[DisputedLabel]:
    for point in sample.points:
        given = (
            {answer: number for answer, number in vars(point.votes).items() if number} if point.votes else {}
        )
        if len(given) > 1:
            told = ", ".join(f"{number} {answer}" for answer, number in given.items())
            yield DisputedLabel(
                sample.id, point.label, SPLIT_VOTES, f"{told}; concluded: {_SAYS[point.present]}"
            )


def _on_words(sample: Sample, name: Callable[[str], Annotator]) -> Iterator[DisputedLabel]:
    voices: dict[str, set[tuple[Annotator, bool | None]]] = defaultdict(set)
    for label in sample.labels:
        voices[label.label].add((name(label.annotator), label.present))
    for region in sample.regions:
        voices[region.label].add((name(region.annotator), True))
    for word, said in voices.items():
        if kind := _dispute({(annotator.source is MACHINE, says) for annotator, says in said}):
            told = sorted(f"{annotator.word}: {_SAYS[says]}" for annotator, says in said)
            yield DisputedLabel(sample.id, word, kind, "; ".join(told))


def _dispute(said: set[tuple[bool, bool | None]]) -> str:
    """Return the kind of dispute among (was it a machine, what does it say); empty where there is none."""
    others, machines = ({says for machine, says in said if machine is which} for which in (False, True))
    if {True, False} <= others or {True, False} <= machines:
        return CONTRADICTION
    against = (False in others and machines - {False}) or (True in others and False in machines)
    return AGAINST_MACHINE if against else ""


_SAYS = {True: "yes", False: "no", None: "neither yes nor no"}
