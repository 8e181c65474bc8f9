"""A folder of images, with a file of annotations in the kit's own format.

The manifest's `files` name it as `annotations`. It is JSON Lines: one annotation a line, so that a change
shows in one line.

    {"image": ID, "id": "r1", "label": "Bird", "annotator": "drawn", "box": [left, top, right, bottom],
     "polygons": [[[x, y], …], …], "flags": {"occluded": true},
     "clicks": [[x, y, null], …], "said": {…}}
    {"image": ID, "id": "p1", "phrase": "a bird on a branch", "annotator": "drawn", "box": […]}
    {"image": ID, "id": "l1", "image_label": "Forest", "present": true, "annotator": "drawn"}
    {"image": ID, "id": "q1", "subject": "r1", "predicate": "on", "object": "r2", "annotator": "drawn"}

Coordinates follow `retrain_kit.annotations.samples`. All but the words, the boxes and the image may be
absent; an outline without a box gives its extent. The file is UTF-8, or UTF-16 with its mark, and gzip may
pack it.

The ids of images are those of the table, to the letter; a number stands for its digits. An annotation that
cannot be taken, or has an id that its image used before, is listed among the `rejected` of its image, with
its line; what names no image of the table is listed as unmatched. A line that is no JSON object may speak of
any image, and is a fault, as is a file of which nothing matches.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import (
    ImageLabel,
    Phrase,
    Region,
    RejectedAnnotation,
    Relationship,
    Sample,
)
from retrain_kit.datasets.formats import fields, opening, values
from retrain_kit.datasets.formats.kit_json import KINDS, annotation_from_record, annotation_record
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import BoxError, DataError, Fault, reason_of
from retrain_kit.storage import texts
from retrain_kit.storage.spill import SpilledNames, SpilledValues

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from retrain_kit.datasets.formats.kit_json import Annotation
    from retrain_kit.studies.manifests import Manifest

    Line = Annotation | RejectedAnnotation
    _Record = tuple[int, dict[str, Any]]

__all__ = ["AnnotationsOnDisk", "annotation_record", "parse_annotations", "read", "stream"]


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where the annotations go that name no image of the table.

    Raises
    ------
    DataError
        With every fault of the file of annotations.
    """
    lines: Mapping[str, list[Line]] = {}
    if path := manifest.files.get("annotations"):
        listed = {image.id for image in (manifest.part_of or manifest).images}
        lines = parse_annotations(_lines(path), path, listed, unmatched)
    return [manifest.sample(image, **_parts(lines.get(image.id, ()))) for image in manifest.images]


def stream(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> Iterator[Sample]:
    """Yield what `read` returns, in little memory: the annotations lie on the disk meanwhile.

    Raises
    ------
    DataError
        With every fault of the file of annotations, at the end.
    """
    path = manifest.files.get("annotations")
    names = SpilledNames(image.id for image in (manifest.part_of or manifest).images) if path else ()
    annotations = AnnotationsOnDisk(_lines(path) if path else (), path or Path(), names.__contains__)
    if unmatched is not None:
        unmatched += annotations.unmatched
    for image in manifest.images:
        yield manifest.sample(image, **_parts(annotations.annotations_of(image.id)))
    annotations.check()


def parse_annotations(
    lines: Iterable[str | bytes],
    path: Path,
    images: Container[str],
    unmatched: list[RejectedAnnotation] | None = None,
) -> dict[str, list[Line]]:
    """Return the annotations of each image, and what could not be taken as one, in the order of the lines.

    Raises
    ------
    DataError
        With one fault per line that is no JSON object, or when no line names one of the images.
    """
    found: dict[str, list[_Record]] = defaultdict(list)
    records = _Records(lines, path, images.__contains__)
    for image, record in records:
        found[image].append(record)
    records.check()
    if unmatched is not None:
        unmatched += records.unmatched
    return {image: _annotations(image, of_image, path) for image, of_image in found.items()}


class AnnotationsOnDisk:
    """The annotations of a file, on the disk until they are asked for.

    `unmatched` lists those that name no image.

    Parameters
    ----------
    lines, path
        The lines of the file, and where it is.
    listed
        Says whether there is an image of that name.
    name
        Gives the name that an image's annotations are asked for by, where lines have others.

    Raises
    ------
    DataError
        When the file cannot be read.
    """

    def __init__(
        self,
        lines: Iterable[str | bytes],
        path: Path,
        listed: Callable[[str], bool],
        name: Callable[[str], str] = str,
    ) -> None:
        from tqdm import tqdm  # noqa: PLC0415 - whole files are read without it

        self._path = path
        self._shelf = SpilledValues()
        bar = tqdm(
            lines,
            desc="reading annotations",
            unit=" annotations",
            unit_scale=True,
            delay=1,
            leave=False,
            disable=None,
        )
        self._records = _Records(bar, path, listed)
        for image, record in self._records:
            self._shelf.put(name(image), record)
        self.unmatched = self._records.unmatched

    def annotations_of(self, image: str) -> list[Line]:
        """Return the annotations of an image, and what could not be taken, in the order of their lines."""
        return _annotations(image, self._shelf.get(image), self._path)

    def check(self) -> None:
        """Raise the faults of the file.

        Raises
        ------
        DataError
            With one fault per line that is no JSON object, or when no line names an image.
        """
        self._records.check()


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with opening.open_unpacked(path) as file:
            yield from texts.in_utf8(file)
    except (OSError, UnicodeError) as error:
        raise DataError(
            Fault(str(path), f"no annotations ({reason_of(error)})", "JSON Lines in UTF-8")
        ) from None


class _Records:
    """The records of lines that name an image; what the others are is kept beside.

    Parameters
    ----------
    lines, path
        The lines of the file, and where it is.
    listed
        Says whether there is an image of that name.
    """

    def __init__(self, lines: Iterable[str | bytes], path: Path, listed: Callable[[str], bool]) -> None:
        self._lines, self._path, self._listed = lines, path, listed
        self._faults: list[Fault] = []
        self._matched = False
        self.unmatched: list[RejectedAnnotation] = []

    def __iter__(self) -> Iterator[tuple[str, _Record]]:
        for number, line in enumerate(self._lines, start=1):
            if not line.strip():
                continue
            try:
                record = _record(line)
            except (ValueError, RecursionError) as error:
                found = f"no JSON ({error})" if isinstance(error, json.JSONDecodeError) else str(error)
                expected = "one annotation a line, a JSON object"
                self._faults.append(Fault(f"{self._path}, line {number}", found, expected))
                continue
            image = fields.id_text(record.get("image"))
            if image and self._listed(image):
                self._matched = True
                yield image, (number, record)
            else:
                why = f"image: {shown(record.get('image'))}, which the manifest does not list"
                self.unmatched.append(_rejected(image, (number, record), self._path, why))

    def check(self) -> None:
        """Raise the faults of the lines, or that no annotation matches."""
        if self.unmatched and not self._matched and not self._faults:
            named = ", ".join(dict.fromkeys(shown(each.image) for each in self.unmatched[:5]))
            found = f"no annotation of an image that the manifest lists, but of {named}"
            do = "In each, image is the id of one in the table."
            self._faults.append(Fault(str(self._path), found, "annotations of the manifest's images", do))
        if self._faults:
            raise DataError(*self._faults)


def _record(line: str | bytes) -> dict[str, Any]:
    """Return the object of a line.

    Raises
    ------
    ValueError, RecursionError
        When it is none.
    """
    text = line if isinstance(line, str) else line.decode()
    record = values.from_json(text)
    if not isinstance(record, dict):
        raise ValueError(f"{shown(record)}, no annotation")  # noqa: TRY004 - one kind for all that is no object
    if fields.may_be_too_deep(text) and fields.is_too_deep(record):
        raise ValueError(f"lists in lists, more than {fields.MAX_DEPTH} deep")
    return record


def _annotations(image: str, records: Iterable[_Record], path: Path) -> list[Line]:
    """Return the annotations of an image; what is none or has a used id among them as rejected."""
    annotations: list[Line] = []
    seen: set[str] = set()
    for record in records:
        row = record[1]
        try:
            annotation = annotation_from_record(row)
        except BoxError as error:
            why = f"box: {error.faults[0].found}, not {error.faults[0].expected}"
            annotations.append(_rejected(image, record, path, why))
            continue
        except ValueError as error:
            annotations.append(_rejected(image, record, path, str(error)))
            continue
        name = fields.id_text(row.get("id"))
        if name and name in seen:
            annotations.append(_rejected(image, record, path, f"the id {shown(name)} a second time"))
            continue
        seen.add(name)
        annotations.append(annotation)
    return annotations


def _rejected(image: str, record: _Record, path: Path, why: str) -> RejectedAnnotation:
    number, row = record
    label = next((row[key] for key in KINDS if isinstance(row.get(key), str)), "")
    image, why, name, label = map(fields.writable, (image, why, fields.id_text(row.get("id")), label))
    place = f"{path.name}, line {number}"
    return RejectedAnnotation(image, why, name, label, place, row=fields.writable(row))


_PARTS = {
    Region: "regions",
    Phrase: "phrases",
    ImageLabel: "labels",
    Relationship: "relationships",
    RejectedAnnotation: "rejected",
}
"""The part of a sample that each kind of line belongs to."""


def _parts(lines: Iterable[Line]) -> dict[str, tuple[Any, ...]]:
    """Return the parts of a sample that the lines of its image make."""
    found: dict[str, list[Line]] = {name: [] for name in _PARTS.values()}
    for line in lines:
        found[_PARTS[type(line)]].append(line)
    return {name: tuple(of_name) for name, of_name in found.items()}
