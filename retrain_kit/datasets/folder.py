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
absent.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import ImageLabel, Phrase, Region, Relationship, Sample
from retrain_kit.datasets.formats.kit_json import annotation_from_record, annotation_record
from retrain_kit.errors import BoxError, DataError, Fault
from retrain_kit.storage import texts
from retrain_kit.storage.spill import SpilledNames, SpilledValues

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from retrain_kit.datasets.formats.kit_json import Annotation
    from retrain_kit.studies.manifests import Manifest

    _Record = tuple[int, dict[str, Any]]
    _Wrong = tuple[int, Fault]

__all__ = ["AnnotationsOnDisk", "annotation_record", "parse_annotations", "read", "stream"]

_NO_ANNOTATION = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, BoxError)


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Raises
    ------
    DataError
        With every fault of the file of annotations.
    """
    annotations: Mapping[str, list[Annotation]] = {}
    if path := manifest.files.get("annotations"):
        annotations = parse_annotations(_lines(path), path, {image.id for image in manifest.images})
    return [
        _with_annotations(manifest.sample(image), annotations.get(image.id, [])) for image in manifest.images
    ]


def stream(manifest: Manifest) -> Iterator[Sample]:
    """Yield what `read` returns, in little memory: the annotations lie on the disk meanwhile.

    Raises
    ------
    DataError
        With every fault of the file of annotations, at the end.
    """
    path = manifest.files.get("annotations")
    names = SpilledNames(image.id for image in manifest.images) if path else ()
    annotations = AnnotationsOnDisk(_lines(path) if path else (), path or Path(), names.__contains__)
    for image in manifest.images:
        yield _with_annotations(manifest.sample(image), annotations.annotations_of(image.id))
    annotations.check()


def parse_annotations(
    lines: Iterable[str | bytes], path: Path, images: Container[str]
) -> dict[str, list[Annotation]]:
    """Return the annotations of each image.

    Raises
    ------
    DataError
        With one fault per line that is no annotation or names an unknown image, and per id used twice.
    """
    found: dict[str, list[_Record]] = defaultdict(list)
    faults: list[_Wrong] = []
    for image, record in _records(lines, path, images.__contains__, faults):
        found[image].append(record)
    annotations = {image: _annotations(records, path, faults) for image, records in found.items()}
    _raise(faults)
    return annotations


class AnnotationsOnDisk:
    """The annotations of a file, on the disk until they are asked for.

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
        self._faults: list[_Wrong] = []
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
        for image, record in _records(bar, path, listed, self._faults):
            self._shelf.put(name(image), record)

    def annotations_of(self, image: str) -> list[Annotation]:
        """Return the annotations of an image, in the order of their lines."""
        return _annotations(self._shelf.get(image), self._path, self._faults)

    def check(self) -> None:
        """Raise the faults of all lines and of all images asked for.

        Raises
        ------
        DataError
            With one fault per line that is no annotation or names an unknown image, and per id used twice.
        """
        _raise(self._faults)


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from texts.text_lines(file)
    except OSError as error:
        raise DataError(Fault(str(path), f"no annotations ({error})", "JSON Lines in UTF-8")) from None


def _records(
    lines: Iterable[str | bytes], path: Path, listed: Callable[[str], bool], faults: list[_Wrong]
) -> Iterator[tuple[str, _Record]]:
    """Yield the images and records of lines that speak of one; list the faults of the others."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            record = json.loads(line if isinstance(line, str) else line.decode())
            yield _image(record, listed), (number, record)
        except UnicodeDecodeError as error:
            do = "Latin-1, or a code page of Windows? Save it as UTF-8."
            faults.append((number, Fault(where, str(error), "JSON Lines in UTF-8", do)))
        except json.JSONDecodeError as error:
            faults.append((number, Fault(where, f"no JSON ({error})", "one annotation a line")))
        except _NO_ANNOTATION as error:
            faults.append((number, _fault(error, where)))


def _annotations(records: Iterable[_Record], path: Path, faults: list[_Wrong]) -> list[Annotation]:
    """Return the annotations of an image; list a fault for each that is broken, or has a used id."""
    annotations, seen = [], set()
    for number, record in records:
        where = f"{path}, line {number}"
        try:
            annotations.append(annotation_from_record(record))
        except _NO_ANNOTATION as error:
            faults.append((number, _fault(error, where)))
            continue
        key = str(record["image"]), str(record.get("id", ""))
        if key[1] and key in seen:
            found = f"the id {key[1]!r} a second time for {key[0]}"
            faults.append((number, Fault(where, found, "every id once an image")))
        seen.add(key)
    return annotations


def _image(record: Mapping[str, Any], listed: Callable[[str], bool]) -> str:
    image = str(record["image"])
    if not listed(image):
        raise ValueError(f"the image {image!r}, which the manifest does not list")
    return image


def _raise(faults: list[_Wrong]) -> None:
    if faults:
        raise DataError(*(fault for _, fault in sorted(faults, key=itemgetter(0))))


def _fault(error: Exception, where: str) -> Fault:
    if isinstance(error, BoxError):
        return Fault(where, error.faults[0].found, error.faults[0].expected, error.faults[0].do)
    if isinstance(error, KeyError):
        return Fault(where, f"no {error.args[0]!r}", "image and box, with label or phrase; or image_label")
    return Fault(where, str(error), "an annotation as the kit writes them")


def _with_annotations(sample: Sample, annotations: list[Annotation]) -> Sample:
    return replace(
        sample,
        regions=tuple(annotation for annotation in annotations if isinstance(annotation, Region)),
        phrases=tuple(annotation for annotation in annotations if isinstance(annotation, Phrase)),
        labels=tuple(annotation for annotation in annotations if isinstance(annotation, ImageLabel)),
        relationships=tuple(annotation for annotation in annotations if isinstance(annotation, Relationship)),
    )
