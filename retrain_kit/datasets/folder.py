"""A folder of pictures, with a file of marks in the kit's own format (`marks` in the manifest's `files`).

The marks are JSON Lines: one mark a line, so that a change shows in one line.

    {"image": ID, "id": "r1", "label": "Bird", "maker": "drawn", "box": [left, top, right, bottom],
     "polygons": [[[x, y], …], …], "flags": {"occluded": true},
     "clicks": [[x, y, null], …], "said": {…}}
    {"image": ID, "id": "p1", "phrase": "a bird on a branch", "maker": "drawn", "box": […]}
    {"image": ID, "id": "l1", "image_label": "Forest", "present": true, "maker": "drawn"}
    {"image": ID, "id": "q1", "subject": "r1", "predicate": "on", "object": "r2", "maker": "drawn"}

Coordinates follow `retrain_kit.samples`. All but the words, the boxes and the image may be absent.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import BoxError, DataError, Fault
from retrain_kit.samples import (
    UNKNOWN,
    Box,
    Click,
    Flags,
    ImageLabel,
    Phrase,
    Region,
    Relationship,
    Sample,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from retrain_kit.manifests import Manifest

    Mark = Region | Phrase | ImageLabel | Relationship

MIN_VERTICES = 3


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Raises
    ------
    DataError
        With every fault of the file of marks.
    """
    marks: Mapping[str, list[Mark]] = {}
    if path := manifest.files.get("marks"):
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, UnicodeDecodeError) as error:
            raise DataError(Fault(str(path), f"no marks ({error})", "JSON Lines in UTF-8")) from None
        marks = parse(lines, path, {image.id for image in manifest.images})
    return [_with_marks(manifest.sample(image), marks.get(image.id, [])) for image in manifest.images]


def parse(lines: Iterable[str], path: Path, images: set[str]) -> dict[str, list[Mark]]:
    """Return the marks of each image.

    Raises
    ------
    DataError
        With one fault per line that is no mark or names an unknown image, and per id used twice.
    """
    marks: dict[str, list[Mark]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    faults: list[Fault] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            record = json.loads(line)
            marks[_image(record, images)].append(_mark(record))
            faults += _twice(record, seen, where)
        except json.JSONDecodeError as error:
            faults.append(Fault(where, f"no JSON ({error})", "one mark a line"))
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, BoxError) as error:
            faults.append(_fault(error, where))
    if faults:
        raise DataError(*faults)
    return dict(marks)


def to_record(image: str, mark: Mark) -> dict[str, Any]:
    """Return the line of a mark as a dictionary: the reverse of `parse`. Instance masks are not kept."""
    record: dict[str, Any] = {"image": image, "id": getattr(mark, "id", "")}
    if isinstance(mark, ImageLabel):
        words = {"image_label": mark.label, "present": mark.present, "maker": mark.maker}
        return record | words | _stated(said=dict(mark.said))
    if isinstance(mark, Relationship):
        words = {"subject": mark.subject, "predicate": mark.predicate, "object": mark.object}
        return record | words | {"maker": mark.maker} | _stated(said=dict(mark.said))
    word = {"phrase": mark.text} if isinstance(mark, Phrase) else {"label": mark.label}
    record |= word | {"maker": mark.maker, "box": list(mark.box.edges)}
    if isinstance(mark, Region):
        flags = {key: value for key, value in vars(mark.flags).items() if value is not None}
        clicks = [[click.x, click.y, click.on] for click in mark.clicks]
        record |= _stated(polygons=mark.polygons, flags=flags, clicks=clicks, said=dict(mark.said))
    return record


def _stated(**parts: Collection[Any]) -> dict[str, Any]:
    """Return the parts that hold something."""
    return {name: part for name, part in parts.items() if part}


def _image(record: Mapping[str, Any], images: set[str]) -> str:
    image = str(record["image"])
    if image not in images:
        raise ValueError(f"the image {image!r}, which the manifest does not list")
    return image


def _mark(record: Mapping[str, Any]) -> Mark:
    maker = str(record.get("maker", UNKNOWN))
    said = dict(record.get("said", {}))
    if "image_label" in record:
        return ImageLabel(str(record["image_label"]), _yes_no(record.get("present")), maker, said)
    name = str(record.get("id", ""))
    if "predicate" in record:
        subject, predicate, thing = (str(record[key]) for key in ("subject", "predicate", "object"))
        return Relationship(subject, predicate, thing, name, maker, said)
    box = Box(*(float(edge) for edge in record["box"]))
    if "phrase" in record:
        return Phrase(str(record["phrase"]), box, name, maker)
    flags = Flags(**{key: _yes_no(value) for key, value in record.get("flags", {}).items()})
    clicks = tuple(Click(float(x), float(y), _yes_no(on)) for x, y, on in record.get("clicks", []))
    outline = _polygons(record.get("polygons", []))
    return Region(str(record["label"]), box, name, maker, outline, flags=flags, clicks=clicks, said=said)


def _polygons(lists: Iterable[Iterable[Iterable[float]]]) -> tuple[tuple[tuple[float, float], ...], ...]:
    polygons = tuple(tuple((float(x), float(y)) for x, y in vertices) for vertices in lists)
    if any(len(polygon) < MIN_VERTICES for polygon in polygons):
        raise ValueError("a polygon of fewer than three vertices")
    if polygons:
        Box.around(polygons)
    return polygons


def _yes_no(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise ValueError(f"{value!r} where only true, false and null (not said) can stand")


def _twice(record: Mapping[str, Any], seen: set[tuple[str, str]], where: str) -> list[Fault]:
    key = (str(record["image"]), str(record.get("id", "")))
    again = bool(key[1]) and key in seen
    seen.add(key)
    return (
        [Fault(where, f"the id {key[1]!r} a second time for {key[0]}", "every id once a picture")]
        if again
        else []
    )


def _fault(error: Exception, where: str) -> Fault:
    if isinstance(error, BoxError):
        return Fault(where, error.faults[0].found, error.faults[0].expected, error.faults[0].do)
    if isinstance(error, KeyError):
        return Fault(where, f"no {error.args[0]!r}", "image and box, with label or phrase; or image_label")
    return Fault(where, str(error), "a mark as the kit writes them")


def _with_marks(sample: Sample, marks: list[Mark]) -> Sample:
    return replace(
        sample,
        regions=tuple(mark for mark in marks if isinstance(mark, Region)),
        phrases=tuple(mark for mark in marks if isinstance(mark, Phrase)),
        labels=tuple(mark for mark in marks if isinstance(mark, ImageLabel)),
        relationships=tuple(mark for mark in marks if isinstance(mark, Relationship)),
    )
