"""A study's annotations as one table, and how they came to be in the words of PROV-O.

The table is what a Croissant description can speak of, whatever format the data set itself has: a row for
each annotation. An annotator's word that the study does not explain may be a person's number, and is left
out. Polygons, masks, clicks and what else a source says stay in the data set's own files.

Source of the vocabulary: PROV-O, a recommendation of the W3C, as Croissant 1.1 uses it.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from retrain_kit.analysis import annotators
from retrain_kit.annotations.samples import PointLabel, Relationship
from retrain_kit.reports import work_statement
from retrain_kit.reports.responsible_ai import is_silent
from retrain_kit.reports.work_statement import NOT_DISCLOSED
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from retrain_kit.analysis.annotators import Annotation, Annotator
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest

    Json = dict[str, Any]

COLUMNS = {
    "image": "The id of the image.",
    "id": "The annotation's own id, where the data set gives one.",
    "kind": "region, phrase, image label, point or relationship.",
    "label": "The word, or the phrase.",
    "present": "For words about an image or a point: yes, no, or nothing where neither was said.",
    "left_px": "Left edge of the box, or the point, in pixels of the upright image.",
    "top_px": "Top edge, or the point.",
    "right_px": "Right edge, excluded.",
    "bottom_px": "Bottom edge, excluded.",
    "annotator": "Who or what made it, in the data set's word, where the study explains the word.",
    "annotation_source": "The way by which it came to be: hand, checked, people, machine or unknown.",
}
_PRESENT = {True: "yes", False: "no", None: ""}


def write_table(path: Path, samples: Iterable[Sample], manifest: Manifest) -> Path:
    """Write the annotations of samples as a CSV in UTF-8, a row each, and return its path."""
    annotator_of = annotators.annotator_lookup(manifest)
    with files.writing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for sample in samples:
            for kind, found in annotators.annotations_by_kind(sample):
                for each in found:
                    annotator = annotator_of(each.annotator)
                    word = "" if annotator.word in _NO_WORDS else annotator.word
                    writer.writerow([sample.id, *_cells(kind, each), word, annotator.source.name])
    return path


_NO_WORDS = {annotators.NOT_EXPLAINED, annotators.UNKNOWN_SOURCE.words}


def _cells(kind: str, annotation: Annotation) -> Iterator[object]:
    """Yield id, kind, label, presence and the four numbers of an annotation."""
    yield getattr(annotation, "id", "")
    yield kind
    if isinstance(annotation, Relationship):
        yield f"{annotation.subject} {annotation.predicate} {annotation.object}"
    else:
        yield getattr(annotation, "label", None) or getattr(annotation, "text", "")
    yield _PRESENT[getattr(annotation, "present", None)]
    box = getattr(annotation, "box", None)
    if box:
        yield from box.edges
    elif isinstance(annotation, PointLabel):
        yield from (annotation.x, annotation.y, "", "")
    else:
        yield from ("", "", "", "")


def activities(samples: Iterable[Sample], manifest: Manifest) -> list[Json]:
    """Return how the annotations came to be: an activity of PROV-O for each annotator that made some.

    What the study does not know is *not disclosed*; nothing is guessed. Beside what is disclosed of time and
    pay stands what like work takes by published figures, with their sources: see `work_statement`.
    """
    samples = list(samples)
    counted = annotators.count_annotations(samples, manifest)
    stated = work_statement.state_work(manifest, samples)
    return [
        _activity(annotator, manifest)
        | {"additionalProperty": work_statement.properties(stated, stated.of_annotator(annotator.word))}
        for annotator in dict.fromkeys(row.annotator for row in counted)
    ]


def _activity(annotator: Annotator, manifest: Manifest) -> Json:
    when = manifest.annotation.when
    machine = annotator.source is annotators.MACHINE
    said: Json = {
        "@type": "prov:Activity",
        "prov:label": annotator.source.words,
        "description": f"{annotator.source.means} When: {NOT_DISCLOSED if is_silent(when) else when}",
        "prov:wasAssociatedWith": _agent(annotator, manifest, machine=machine),
        "prov:used": {"@type": "prov:Entity", "prov:label": _stated(manifest, "platform")},
    }
    if annotator.source is annotators.CHECKED:
        agent = {"@type": "prov:SoftwareAgent", "prov:label": _stated(manifest, "machine_tools")}
        proposal = {"@type": "prov:Activity", "prov:label": "proposed", "prov:wasAssociatedWith": agent}
        said["prov:wasInformedBy"] = proposal
    return said


def _agent(annotator: Annotator, manifest: Manifest, *, machine: bool) -> Json:
    known = annotator.word not in _NO_WORDS
    agent: Json = {
        "@type": "prov:SoftwareAgent" if machine else "prov:Agent",
        "prov:label": annotator.word if known else NOT_DISCLOSED,
    }
    explained = manifest.annotation.annotators.get(annotator.word, "")
    return agent | ({"description": explained} if explained else {})


def _stated(manifest: Manifest, name: str) -> str:
    text = manifest.labour.get(name, "")
    return NOT_DISCLOSED if is_silent(text) else text
