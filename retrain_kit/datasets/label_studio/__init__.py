"""Label Studio: tasks with an image each, and what several annotators and models said of it.

Files of the manifest: names that begin with `annotations` are exports as JSON or JSON-MIN. Names that begin
with `predictions` are exports whose predictions are read too; the same file may be both. Without such a name
predictions stay apart: how many there are and of which model is in the image's `said["predictions"]`. A task
speaks of the image whose path ends as its `data` says, with or without the eight signs that Label Studio puts
before a name; ids may be any.

Who annotated is said: `completed_by` becomes `annotator 3`, by the number that Label Studio has for a person.
Names and addresses are not kept; where there is only an address, a number stands for it. Who made a
prediction is `model` with its version. Several annotations of one image stay side by side, and
`said["annotations"]` has for each who, when, how long it took, and whether it was cancelled.

Percents become pixels. A turned rectangle is an outline; ellipses and brushes are masks exact to the pixel. A
keypoint is a point with its label, a choice a label of the whole image, other answers are in
`said["answers"]`. Of several labels of one shape the first is its word, all are in `said["labels"]`. A region
has the result's own id; where a copy bears the same, its annotation stands behind.

Listed with its reason is each result that has no label or shape, was drawn at another size or on a turned
image, or belongs to an annotation that was cancelled; and a task that does not tell which image it is about.
In JSON-MIN one choice cannot be told from a text: such answers are not read, several choices are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.datasets.formats import fields
from retrain_kit.datasets.formats.named_images import NamedRow, NamedRows
from retrain_kit.datasets.formats.pseudonyms import Pseudonyms
from retrain_kit.datasets.label_studio.results import ImageAnnotations
from retrain_kit.datasets.label_studio.tasks import read_tasks
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.datasets.label_studio.tasks import Annotation, Task
    from retrain_kit.studies.manifests import ImageRow, Manifest

ANNOTATIONS, PREDICTIONS = "annotations", "predictions"


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study of Label Studio, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where the results go whose image is not there, or cannot be told.

    Raises
    ------
    DataError
        With each file that is no export, and where no task speaks of an image of the study.
    """
    return list(stream(manifest, unmatched))


def stream(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> Iterator[Sample]:
    """Yield what `read` returns, in little memory: the tasks lie on the disk meanwhile.

    Raises
    ------
    DataError
        As `read`, at the end.
    """
    rows, faults = NamedRows(manifest), list[Fault]()
    lost: list[RejectedAnnotation] = []
    people = Pseudonyms("annotator")
    for path, kind in _paths(manifest):
        try:
            for task in read_tasks(path, people):
                if task.names:
                    rows.put(NamedRow(task.names[0], task.number, (kind, task), path), *task.names[1:])
                else:
                    lost += _nobodys(task, kind, task.why)
        except DataError as error:
            faults += error.faults
    for image in manifest.images:
        yield _sample(manifest.sample(image), image, *rows.rows_of(image))
    if manifest.images and not (rows.met or faults):
        where = ", ".join(dict.fromkeys(str(path) for path, _ in _paths(manifest)))
        do = "Are the images those of this project, under the names that Label Studio has?"
        faults.append(Fault(where, "no image of the study", "tasks with the names of its files", do))
    if faults:
        raise DataError(*faults)
    if unmatched is not None:
        unmatched += lost
        for row in rows.without_image():
            kind, task = row.value
            unmatched += _nobodys(task, kind, f"no image {row.name}")


def _paths(manifest: Manifest) -> list[tuple[Path, str]]:
    found = [
        (path, kind)
        for kind in (ANNOTATIONS, PREDICTIONS)
        for name, path in manifest.files.items()
        if name.startswith(kind)
    ]
    if not found:
        where = f"{manifest.name}.toml, files"
        expected = f"{ANNOTATIONS} = a JSON export of Label Studio"
        raise DataError(Fault(where, f"no {ANNOTATIONS}", expected))
    return found


def _sample(sample: Sample, image: ImageRow, rows: list[NamedRow], why: str) -> Sample:
    gathered = ImageAnnotations(image.id, sample.size)
    told: list[dict[str, Any]] = []
    apart: list[dict[str, Any]] = []
    for row in rows:
        kind, task = row.value
        _list_faults(gathered, task)
        if kind == PREDICTIONS:
            for each in task.predictions:
                gathered.add(task, each, why)
            continue
        for each in task.annotations:
            told.append(_said_of(each))
            gathered.add(task, each, why)
        apart += [_said_of(each) for each in task.predictions]
    said = {"annotations": told, "predictions": apart, "answers": gathered.answers}
    return replace(
        sample,
        regions=tuple(gathered.regions),
        points=tuple(gathered.points),
        labels=tuple(gathered.labels),
        relationships=tuple(gathered.relationships),
        rejected=tuple(gathered.rejected),
        said={key: fields.writable(value) for key, value in said.items() if value},
    )


def _said_of(annotation: Annotation) -> dict[str, Any]:
    count = len(annotation.results)
    return {"id": annotation.id, "annotator": annotation.annotator, "results": count, **annotation.said}


def _list_faults(gathered: ImageAnnotations, task: Task) -> None:
    for name, value in task.faults:
        place = f"{task.file}, task {task.number}"
        reason = f"{name}: no list"
        row = fields.writable(value)
        gathered.rejected.append(RejectedAnnotation(gathered.image, reason, task.id, place=place, row=row))


def _nobodys(task: Task, kind: str, why: str) -> Iterator[RejectedAnnotation]:
    """Yield the results of a task that no image of the study takes."""
    name = task.names[0] if task.names else ""
    gathered = ImageAnnotations(name, (0, 0))
    for each in task.predictions if kind == PREDICTIONS else task.annotations:
        gathered.add(task, each, why)
    yield from gathered.rejected
    if not gathered.rejected and why and not task.names:
        yield RejectedAnnotation("", why, task.id, place=f"{task.file}, task {task.number}")
