"""The results of one annotation turned into regions, points, labels and relationships, or listed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.annotations.samples import (
    Box,
    ImageLabel,
    PointLabel,
    Region,
    RejectedAnnotation,
    Relationship,
)
from retrain_kit.datasets.formats import brush_rle, fields, shapes, values
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import BoxError

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrain_kit.annotations.samples import Point, Polygon, Size
    from retrain_kit.datasets.label_studio.tasks import Annotation, Row, Task
    from retrain_kit.imaging.masking import Mask

    Area = tuple[Box, tuple[Polygon, ...], Mask | None]

_HUNDRED, _DIGITS, _MIN_VERTICES = 100, 6, 3
_GEOMETRY = {
    "x",
    "y",
    "width",
    "height",
    "radiusX",
    "radiusY",
    "points",
    "closed",
    "format",
    "rle",
    "vertices",
}
_OF_RESULT = {"id", "value", "type", "to_name", "original_width", "original_height", "image_rotation"}
_WHOLE_IMAGE = ("choices", "taxonomy", "text", "rating", "number", "datetime", "selected")


@dataclass
class ImageAnnotations:
    """What is said of an image, as it is gathered."""

    image: str
    size: Size
    regions: list[Region] = field(default_factory=list)
    points: list[PointLabel] = field(default_factory=list)
    labels: list[ImageLabel] = field(default_factory=list)
    relationships: list[Relationship] = field(default_factory=list)
    rejected: list[RejectedAnnotation] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)

    def add(self, task: Task, annotation: Annotation, why: str = "") -> None:
        """Add the results of an annotation; all are listed where it is said why none can be taken."""
        _Results(self, task, annotation).add(why)


@dataclass
class _Results:
    image: ImageAnnotations
    task: Task
    annotation: Annotation
    ids: dict[str, str] = field(default_factory=dict)

    def add(self, why: str) -> None:
        if self.annotation.cancelled:
            why = why or "of an annotation that was cancelled: its annotator skipped the task"
        grouped: dict[str, list[tuple[int, Row]]] = {}
        for number, found in enumerate(self.annotation.results, start=1):
            wrong = why or self._wrong(found)
            if wrong:
                self._reject(number, found, wrong)
            else:
                grouped.setdefault(fields.id_text(found.get("id")) or f"#{number}", []).append(
                    (number, found)
                )
        relations = []
        for name, results in grouped.items():
            if results[0][1].get("type") == "relation":
                relations += results
            else:
                self._add_group(name, results)
        for number, found in relations:
            self._add_relation(number, found)

    def _wrong(self, found: Any) -> str:  # noqa: ANN401 - whatever stands in the list
        """Return why something in the list is no result; empty where it is one."""
        if not isinstance(found, dict):
            return f"{shown(found)}, no result"
        if found.get("type") == "relation":
            return ""
        if not isinstance(found.get("value"), dict):
            return f"value: {shown(found.get('value'))}, no table"
        stated = [found.get(key) for key in ("original_width", "original_height")]
        if stated != [None, None] and stated != list(self.image.size):
            told = " × ".join(map(shown, stated))
            return f"size: {told} pixels, not {self.image.size[0]} × {self.image.size[1]} as the image has"
        if found.get("image_rotation") not in (None, 0):
            return f"image_rotation: {shown(found['image_rotation'])}: it was drawn on a turned image"
        return ""

    def _add_group(self, name: str, results: list[tuple[int, Row]]) -> None:
        """Add the results of one id: a shape and what is said of it, or answers to the whole image."""
        drawn = [(at, each, make) for at, each in results if (make := _kind(each["value"]))]
        if not drawn:
            for number, found in results:
                self._add_answer(number, found)
            return
        number, found, make = drawn[0]
        words = [word for _, each in results for word in _words(each["value"])]
        others = [each for at, each in results if at != number]
        try:
            label = values.word(words[0] if words else None, "label")
            area = make(found["value"], self.image.size)
        except BoxError as error:
            self._reject(number, found, f"its box: {error.faults[0].found}, not {error.faults[0].expected}")
            return
        except (ValueError, TypeError) as error:
            self._reject(number, found, str(error))
            return
        said = {"labels": list(dict.fromkeys(words))} if len(set(map(str, words))) > 1 else {}
        said |= _said(found) | {"annotation": self.annotation.id}
        for each in others:
            said |= {key: value for key, value in each["value"].items() if key in _WHOLE_IMAGE}
        who = self.annotation.annotator
        if isinstance(area, PointLabel):
            said |= {key: found["value"][key] for key in ("width",) if key in found["value"]}
            point = PointLabel(
                label, area.x, area.y, present=True, annotator=who, said={"shape": name, **said}
            )
            self.image.points.append(point)
            return
        box, polygons, mask = area
        self.ids[name] = own = self._unused(name)
        self.image.regions.append(Region(label, box, own, who, polygons, mask, said=said))

    def _unused(self, name: str) -> str:
        """Return the id of a region; copies of a model's results bear the same id in several annotations."""
        used = {region.id for region in self.image.regions}
        wanted = f"{self.annotation.id}{name}" if name.startswith("#") else name
        if wanted not in used:
            return wanted
        at = 1
        while f"{wanted} ({self.annotation.id}.{at})" in used:
            at += 1
        return f"{wanted} ({self.annotation.id}.{at})"

    def _add_answer(self, number: int, found: Row) -> None:
        value, who = found["value"], self.annotation.annotator
        choices = value.get("choices")
        if isinstance(choices, list):
            for each in choices:
                if isinstance(each, str) and fields.is_text(each):
                    said = {**_said(found), "annotation": self.annotation.id}
                    self.image.labels.append(ImageLabel(each, present=True, annotator=who, said=said))
                else:
                    self._reject(number, found, f"choices: {shown(each)}, no word")
            return
        answer = {key: each for key, each in value.items() if key in _WHOLE_IMAGE}
        if answer and not _words(value):
            self.image.answers.append({**answer, "from_name": found.get("from_name"), "annotator": who})
        else:
            self._reject(
                number, found, f"type: {shown(found.get('type'))}, nothing that the kit knows of an image"
            )

    def _add_relation(self, number: int, found: Row) -> None:
        ends = [self.ids.get(fields.id_text(found.get(key)), "") for key in ("from_id", "to_id")]
        labels = found.get("labels")
        word = labels[0] if isinstance(labels, list) and labels else None
        if not all(ends):
            self._reject(number, found, "a relation between what is no region of this image")
        elif not isinstance(word, str) or not fields.is_text(word):
            self._reject(number, found, f"labels: {shown(labels)}, no word for a relation")
        else:
            said = {key: found[key] for key in ("direction",) if key in found}
            name = f"{self.annotation.id}.{number}"
            self.image.relationships.append(
                Relationship(ends[0], word, ends[1], name, self.annotation.annotator, said)
            )

    def _reject(self, number: int, found: Any, why: str) -> None:  # noqa: ANN401 - whatever stands in the list
        said: Row = found if isinstance(found, dict) else {}
        value = said.get("value")
        words = _words(value) if isinstance(value, dict) else []
        label = words[0] if words and isinstance(words[0], str) else ""
        place = f"{self.task.file}, task {self.task.number}, annotation {self.annotation.id}, result {number}"
        row = _without_brush(found)
        why, name, label, row = map(fields.writable, (why, fields.id_text(said.get("id")), label, row))
        self.image.rejected.append(RejectedAnnotation(self.image.image, why, name, label, place, row=row))


def _without_brush(found: Any) -> Any:  # noqa: ANN401 - whatever stands in the list
    """Return a result without the bytes of a brush, which say nothing to a reader."""
    value = found.get("value") if isinstance(found, dict) else None
    if not isinstance(value, dict) or not isinstance(value.get("rle"), list):
        return found
    return {**found, "value": {**value, "rle": f"{len(value['rle']):,} bytes"}}


def _words(value: Row) -> list[Any]:
    """Return the labels that a value has, whatever the control is called."""
    return [
        word
        for key, words in value.items()
        if key.endswith("labels") and isinstance(words, list)
        for word in words
    ]


def _said(found: Row) -> Row:
    """Return what else a result says."""
    more = {
        key: each
        for key, each in found["value"].items()
        if key not in _GEOMETRY and not key.endswith("labels")
    }
    more = {
        key: each
        for key, each in more.items()
        if key not in _WHOLE_IMAGE and not (key == "rotation" and each == 0)
    }
    rest = {key: each for key, each in found.items() if key not in _OF_RESULT and each not in (None, {}, [])}
    said: Row = fields.writable({**rest, **more})
    return said


# -- shapes: percents of the image's edges


def _kind(value: Row) -> Callable[[Row, Size], Area | PointLabel] | None:
    """Return what makes a shape of a value; None where it has none."""
    if "rle" in value:
        return _brush
    if isinstance(value.get("points"), list):
        return _polygon
    if "radiusX" in value:
        return _ellipse
    if "x" in value and "y" in value:
        is_point = "keypointlabels" in value or "height" not in value
        return _point if is_point else _rectangle
    return None


def _share(value: Row, key: str, edge: int) -> float:
    return round(fields.number(value.get(key), key) * edge / _HUNDRED, _DIGITS)


def _rectangle(value: Row, size: Size) -> Area:
    left, width = (_share(value, key, size[0]) for key in ("x", "width"))
    top, height = (_share(value, key, size[1]) for key in ("y", "height"))
    box = Box(left, top, round(left + width, _DIGITS), round(top + height, _DIGITS))
    degrees = value.get("rotation")
    if degrees in (None, 0):
        return box, (), None
    outline = shapes.rotated(shapes.corners(box), (left, top), fields.number(degrees, "rotation"))
    return Box.around([outline]), (outline,), None


def _polygon(value: Row, size: Size) -> Area:
    points = [fields.numbers(each, "a vertex") for each in value["points"]]
    if len(points) < _MIN_VERTICES or any(len(point) != 2 for point in points):  # noqa: PLR2004 - x and y
        raise ValueError(f"points: {shown(value['points'])}, not three or more vertices")
    outline: tuple[Point, ...] = tuple(
        (round(x * size[0] / _HUNDRED, _DIGITS), round(y * size[1] / _HUNDRED, _DIGITS)) for x, y in points
    )
    return Box.around([outline]), (outline,), None


def _ellipse(value: Row, size: Size) -> Area:
    centre = (_share(value, "x", size[0]), _share(value, "y", size[1]))
    radii = (_share(value, "radiusX", size[0]), _share(value, "radiusY", size[1]))
    if min(radii) < 0:
        raise ValueError(f"radii: {shown(list(radii))}, below 0")
    degrees = fields.number(value.get("rotation") or 0, "rotation")
    box, mask = shapes.ellipse(centre, radii, degrees, size)
    return box, (), mask


def _point(value: Row, size: Size) -> PointLabel:
    return PointLabel("", _share(value, "x", size[0]), _share(value, "y", size[1]), present=True)


def _brush(value: Row, size: Size) -> Area:
    mask = brush_rle.decode_brush(value["rle"], size)
    if not mask.any():
        return Box(0, 0, *size), (), np.zeros((1, 1), dtype=bool)
    box, cut = shapes.placed(mask, 0, 0)
    return box, (), cut
