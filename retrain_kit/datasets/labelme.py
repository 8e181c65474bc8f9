"""LabelMe: one JSON file an image, with its shapes in pixels.

Files of the manifest: names that begin with `annotations` are folders of JSON files, where they do not lie
beside the images or in a folder that mirrors theirs (`images`, and `annotations`, `labels`, `json`, `jsons`);
names that begin with `images` are folders of images. A JSON belongs to the image of its own name; ids may be
any. What it says under `imagePath` does not count, and `imageData`, the image itself, is not looked at.

A polygon is an outline, a rectangle a box, whichever corners are named. A circle covers the pixels whose
centres lie in it; a mask is exactly its pixels. A line or a strip of lines has no area: its region is the box
around it, its vertices are in `said["points"]`. Points are points with their label. Flags of the image that
are ticked become labels of the whole image. Groups, descriptions, flags of a shape and whatever else a tool
adds stay in `said`. A region's id is its place in the file. Who drew what is not said.

Listed with its reason is a shape without a label, or whose points are none of its type; all shapes of an
image that is stated at another size; a file that is no such JSON.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.annotations.samples import Box, ImageLabel, PointLabel, Region, RejectedAnnotation
from retrain_kit.datasets.formats import fields, listings, shapes, values
from retrain_kit.datasets.formats.companions import Companions, Naming
from retrain_kit.datasets.formats.values import shown
from retrain_kit.datasets.images import id_of_path
from retrain_kit.errors import DataError
from retrain_kit.imaging import opening
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from retrain_kit.annotations.samples import Point, Polygon, Sample, Size
    from retrain_kit.imaging.masking import Mask
    from retrain_kit.studies.manifests import ImageRow, Manifest
    from retrain_kit.studies.sampling import Candidate

    Row = dict[str, Any]
    Area = tuple[Box, tuple[Polygon, ...], Mask | None, Row]

_FOLDERS = ("annotations", "labels", "json", "jsons")
NAMING = Naming("annotations", ".json", tuple(("images", name) for name in _FOLDERS))
_OF_FILE = ("shapes", "imageData", "imagePath", "imageHeight", "imageWidth")
_OF_SHAPE = ("label", "points", "shape_type", "mask")


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study of LabelMe's files, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where the shapes go for whose file there is no image.

    Raises
    ------
    DataError
        With each folder that is none, and where no image has a file.
    """
    return list(stream(manifest, unmatched))


def stream(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> Iterator[Sample]:
    """Yield what `read` returns, one image after the other.

    Raises
    ------
    DataError
        As `read`; that no image has a file at the end.
    """
    companions = Companions(manifest, NAMING)
    for row, path in companions.pairs(_nobodys, unmatched):
        sample = manifest.sample(row)
        yield _sample(sample, row, companions.place(path), path) if path else sample


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images that the rule of the study's draw allows: their paths, as in `images`.

    Raises
    ------
    ParameterError
        When no shape is called so.
    DataError
        When there is no folder of images.
    """
    rule, listed = manifest.draw, _listed(manifest)
    if not rule or not rule.labels:
        return list(listed)
    companions = Companions(manifest, NAMING)
    words = {name: _words(companions.find(each.file)) for name, each in listed.items()}
    listings.check_words("labels", rule.labels, {word for found in words.values() for word in found})
    return [name for name, found in words.items() if not found.isdisjoint(rule.labels)]


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are; who made them is not known.

    Raises
    ------
    DataError
        With one fault per id that the folder does not have.
    """
    return listings.candidates(_listed(manifest), ids)


def _listed(manifest: Manifest) -> dict[str, listings.ListedImage]:
    return {id_of_path(each.path): each for each in listings.list_images(manifest).images}


def _words(path: Path | None) -> set[str]:
    said = _table(path) if path else {}
    found = [] if isinstance(said, str) else said.get("shapes", [])
    return {each["label"] for each in found if isinstance(each, dict) and isinstance(each.get("label"), str)}


def _table(path: Path) -> Row | str:
    """Return what a file says, with its shapes as a list; a text says why it is no such file."""
    try:
        text = texts.read_text(path)
        said = json.loads(text)
    except DataError as error:
        return error.faults[0].found
    except (ValueError, RecursionError) as error:
        return f"no JSON ({error})"
    if fields.may_be_too_deep(text) and fields.is_too_deep(said):
        return f"lists in lists, more than {fields.MAX_DEPTH} deep"
    if not isinstance(said, dict) or not isinstance(said.get("shapes"), list):
        return "no list of shapes"
    return said


def _nobodys(path: Path) -> Iterator[tuple[str, object]]:
    said = _table(path)
    if not isinstance(said, str):
        for number, each in enumerate(said["shapes"], start=1):
            yield f"shape {number}", fields.writable(each)


def _sample(sample: Sample, image: ImageRow, place: str, path: Path) -> Sample:
    said = _table(path)
    if isinstance(said, str):
        return replace(sample, rejected=(RejectedAnnotation(image.id, said, place=place),))
    other = _other_size(said, sample.size)
    made: list[Region | PointLabel | RejectedAnnotation] = []
    for number, found in enumerate(said["shapes"], start=1):
        shape = other or _made_or_reason(found, str(number), sample.size)
        if isinstance(shape, str):
            label = found.get("label") if isinstance(found, dict) else ""
            word = label if isinstance(label, str) and fields.is_text(label) else ""
            where = f"{place}, shape {number}"
            row = fields.writable(found)
            made.append(
                RejectedAnnotation(image.id, fields.writable(shape), str(number), word, where, row=row)
            )
        else:
            made += shape
    rest = {key: value for key, value in said.items() if key not in _OF_FILE and value not in (None, {}, "")}
    ticked = said.get("flags") if isinstance(said.get("flags"), dict) else {}
    return replace(
        sample,
        regions=tuple(each for each in made if isinstance(each, Region)),
        points=tuple(each for each in made if isinstance(each, PointLabel)),
        labels=tuple(
            ImageLabel(word, present=True)
            for word, tick in (ticked or {}).items()
            if tick is True and fields.is_text(word)
        ),
        rejected=tuple(each for each in made if isinstance(each, RejectedAnnotation)),
        said={"label_file": place, **fields.writable(rest)},
    )


def _other_size(said: Row, size: Size) -> str:
    stated = [said.get("imageWidth"), said.get("imageHeight")]
    if stated in ([None, None], list(size)):
        return ""
    return f"size: {' × '.join(map(shown, stated))} pixels, not {size[0]} × {size[1]} as the image has"


def _made_or_reason(found: object, number: str, size: Size) -> list[Region] | list[PointLabel] | str:
    """Return what a shape is; or why it is nothing."""
    if not isinstance(found, dict):
        return f"{shown(found)}, no shape"
    kind = found.get("shape_type") or "polygon"
    try:
        label = values.word(found.get("label"), "label")
        points = _points(found.get("points"))
        if not isinstance(kind, str):
            return f"shape_type: {shown(kind)}, no word"
        if kind in {"point", "points"}:
            said = {"shape": number, **_said(found)}
            return [PointLabel(label, x, y, present=True, said=said) for x, y in points]
        if kind not in _AREAS:
            return f"shape_type: {shown(kind)}, none that the kit knows"
        box, polygons, mask, said = _AREAS[kind](found, points, size)
    except (ValueError, OverflowError) as error:
        return str(error)
    return [Region(label, box, number, polygons=polygons, mask=mask, said={**said, **_said(found)})]


def _said(found: Row) -> Row:
    """Return what else a shape says."""
    rest = {key: value for key, value in found.items() if key not in _OF_SHAPE}
    said: Row = fields.writable(
        {key: value for key, value in rest.items() if value not in (None, {}, "", [])}
    )
    return said


def _points(stated: object) -> list[Point]:
    """Return the points of a shape.

    Raises
    ------
    ValueError
        When there is none, or one is no x and y.
    """
    if not isinstance(stated, list) or not stated:
        raise ValueError(f"points: {shown(stated)}, no list of points")
    points = [fields.numbers(each, "a point") for each in stated]
    if any(len(point) != 2 for point in points):  # noqa: PLR2004 - x and y
        raise ValueError(f"points: {shown(stated)}, a point that is not x and y")
    return [(x, y) for x, y in points]


def _need(points: list[Point], least: int) -> None:
    if len(points) < least:
        raise ValueError(f"points: {len(points)}, not {least} or more")


# -- what has an area


def _polygon(_: Row, points: list[Point], __: Size) -> Area:
    _need(points, 3)
    outline = tuple(points)
    return Box.around([outline]), (outline,), None, {}


def _rectangle(_: Row, points: list[Point], __: Size) -> Area:
    _need(points, 2)
    return Box.around([tuple(points)]), (), None, {}


def _circle(_: Row, points: list[Point], size: Size) -> Area:
    _need(points, 2)
    centre, edge = points[:2]
    radius = math.dist(centre, edge)
    box, mask = shapes.ellipse(centre, (radius, radius), 0, size)
    return box, (), mask, {"points": [list(point) for point in points]}


def _line(_: Row, points: list[Point], __: Size) -> Area:
    _need(points, 2)
    return Box.around([tuple(points)]), (), None, {"points": [list(point) for point in points]}


def _mask(found: Row, points: list[Point], size: Size) -> Area:
    """Return a mask that is stored as a picture, its left upper corner at the first point."""
    _need(points, 2)
    box = Box.around([tuple(points[:2])])
    left, top = math.floor(box.left), math.floor(box.top)
    stored = _stored_mask(found.get("mask"))
    if left < 0 or top < 0 or left + stored.shape[1] > size[0] or top + stored.shape[0] > size[1]:
        raise ValueError(
            f"a mask of {stored.shape[1]} × {stored.shape[0]} pixels from {left}, {top} on, beyond the image"
        )
    if not stored.any():
        return box, (), np.zeros((1, 1), dtype=bool), {}
    extent, mask = shapes.placed(stored, left, top)
    return extent, (), mask, {}


def _stored_mask(stated: object) -> Mask:
    if not isinstance(stated, str) or not stated:
        raise ValueError(f"mask: {shown(stated)}, no picture")
    try:
        data = io.BytesIO(base64.b64decode(stated, validate=True))
        with opening.open_image(data) as file:
            found: Mask = np.asarray(file.convert("L")) > 0
    except binascii.Error:
        raise ValueError("mask: no picture in Base64") from None
    except DataError as error:
        raise ValueError(f"mask: {error.faults[0].found}") from None
    return found


_AREAS: dict[str, Callable[[Row, list[Point], Size], Area]] = {
    "polygon": _polygon,
    "rotation": _polygon,
    "rectangle": _rectangle,
    "circle": _circle,
    "line": _line,
    "linestrip": _line,
    "mask": _mask,
}
