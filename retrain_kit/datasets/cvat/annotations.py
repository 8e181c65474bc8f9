"""One annotation of CVAT turned into a region, points or a label; or why it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.annotations.samples import UNKNOWN, Box, Flags, ImageLabel, PointLabel, Region
from retrain_kit.datasets.formats import shapes, values
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import BoxError

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrain_kit.annotations.samples import Polygon, Size
    from retrain_kit.datasets.cvat.files import Shape
    from retrain_kit.imaging.masking import Mask
    from retrain_kit.studies.manifests import ImageRow

    Made = list[Region] | list[PointLabel] | list[ImageLabel]
    Area = tuple[Box, tuple[Polygon, ...], Mask | None, dict[str, Any]]

_CORNERS = ("xtl", "ytl", "xbr", "ybr")
_CUBOID = tuple((f"x{side}{row}", f"y{side}{row}") for row in ("1", "2") for side in ("tl", "bl", "tr", "br"))
_YES_NO = {"0": False, "1": True}
_MIN_VERTICES = 3


def made_of(shape: Shape, number: str, image: ImageRow) -> Made | str:
    """Return what an annotation is in an image; or why it is none.

    Parameters
    ----------
    shape
        The annotation.
    number
        The id of a region that is made of it.
    image
        Its image.
    """
    try:
        label = values.word(shape.attributes.get("label"), "label")
        annotator = shape.attributes.get("source") or UNKNOWN
        if shape.kind == "tag":
            return [ImageLabel(label, present=True, annotator=annotator, said=_all_said(shape, ()))]
        if shape.kind == "points":
            said = {"shape": number, **_all_said(shape, ("points",))}
            return [
                PointLabel(label, x, y, present=True, annotator=annotator, said=said)
                for x, y in _points(shape, 1)
            ]
        if shape.kind not in _AREAS:
            return f"<{shape.kind}>, no annotation that the kit knows"
        box, polygons, mask, said = _AREAS[shape.kind](shape, (image.width_px, image.height_px))
    except BoxError as error:
        return f"its box: {error.faults[0].found}, not {error.faults[0].expected}"
    except (ValueError, OverflowError) as error:
        return str(error)
    flags = Flags(occluded=_YES_NO.get(shape.attributes.get("occluded", "")))
    return [Region(label, box, number, annotator, polygons, mask, flags, said=said)]


def _said(shape: Shape, taken: tuple[str, ...]) -> dict[str, Any]:
    """Return what else an annotation says that has flags."""
    flagged = ("occluded",) if shape.attributes.get("occluded") in _YES_NO else ()
    return _all_said(shape, (*taken, *flagged))


def _all_said(shape: Shape, taken: tuple[str, ...]) -> dict[str, Any]:
    used = {"label", "source", *taken}
    said: dict[str, Any] = {key: value for key, value in shape.attributes.items() if key not in used}
    if shape.more:
        said["attributes"] = dict(shape.more)
    return said


def _number(shape: Shape, key: str) -> float:
    if key not in shape.attributes:
        raise ValueError(f"no {key}")
    return values.number(shape.attributes[key], key)


def _degrees(shape: Shape) -> float:
    return _number(shape, "rotation") if "rotation" in shape.attributes else 0


def _points(shape: Shape, least: int) -> Polygon:
    """Return the points of a text: `x,y;x,y`.

    Raises
    ------
    ValueError
        When there are fewer, or one is no x and y.
    """
    text = shape.attributes.get("points", "")
    pairs = [part.split(",") for part in text.split(";") if part.strip()]
    if len(pairs) < least or any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004 - x and y
        raise ValueError(f"points: {shown(text)}, not {least} or more pairs of x and y")
    return tuple((values.number(x, "a point"), values.number(y, "a point")) for x, y in pairs)


# -- what has an area


def _box(shape: Shape, _: Size) -> Area:
    box = Box(*(_number(shape, key) for key in _CORNERS))
    if not (degrees := _degrees(shape)):
        return box, (), None, _said(shape, (*_CORNERS, "rotation"))
    pivot = (box.left + box.width_px / 2, box.top + box.height_px / 2)
    outline = shapes.rotated(shapes.corners(box), pivot, degrees)
    return Box.around([outline]), (outline,), None, _said(shape, ())


def _polygon(shape: Shape, _: Size) -> Area:
    outline = _points(shape, _MIN_VERTICES)
    return Box.around([outline]), (outline,), None, _said(shape, ("points",))


def _line(shape: Shape, _: Size) -> Area:
    points = _points(shape, 2)
    said = {"points": [list(point) for point in points], **_said(shape, ("points",))}
    return Box.around([points]), (), None, said


def _ellipse(shape: Shape, size: Size) -> Area:
    centre, radii = (tuple(_number(shape, key) for key in keys) for keys in (("cx", "cy"), ("rx", "ry")))
    if min(radii) < 0:
        raise ValueError(f"radii: {shown(list(radii))}, below 0")
    box, mask = shapes.ellipse((centre[0], centre[1]), (radii[0], radii[1]), _degrees(shape), size)
    return box, (), mask, _said(shape, ())


def _cuboid(shape: Shape, _: Size) -> Area:
    points = tuple((_number(shape, x), _number(shape, y)) for x, y in _CUBOID)
    taken = tuple(key for pair in _CUBOID for key in pair)
    said = {"points": [list(point) for point in points], **_said(shape, taken)}
    return Box.around([points]), (), None, said


def _skeleton(shape: Shape, _: Size) -> Area:
    keypoints, inside = [], []
    for part in shape.parts:
        ((x, y),) = _points(part, 1)[:1]
        told = {key: value for key, value in part.attributes.items() if key not in {"points", "label"}}
        more = {"attributes": dict(part.more)} if part.more else {}
        keypoints.append({"label": part.attributes.get("label", ""), "x": x, "y": y, **told, **more})
        if part.attributes.get("outside") != "1":
            inside.append((x, y))
    if not inside:
        raise ValueError("a skeleton without a point in the image")
    return Box.around([tuple(inside)]), (), None, {"keypoints": keypoints, **_said(shape, ())}


def _mask(shape: Shape, size: Size) -> Area:
    """Return a mask of runs row by row, outside and inside by turns; behind the last run all is outside."""
    left, top, width, height = (_whole(shape, key) for key in ("left", "top", "width", "height"))
    if left + width > size[0] or top + height > size[1]:
        raise ValueError(f"a mask of {width} × {height} pixels from {left}, {top} on, beyond the image")
    texts = shape.attributes.get("rle", "").split(",")
    runs = [
        int(digits) for text in texts if (digits := values.number_id(text)) and not digits.startswith("-")
    ]
    if len(runs) != len(texts) or sum(runs) > width * height:
        raise ValueError(
            f"rle: {shown(shape.attributes.get('rle'))}, no runs that fill {width} × {height} pixels"
        )
    flat = np.zeros(width * height, dtype=bool)
    covered = np.repeat(np.arange(len(runs)) % 2 == 1, np.asarray(runs, dtype=np.intp))
    flat[: len(covered)] = covered
    mask = flat.reshape(height, width)
    said = _said(shape, ("rle", "left", "top", "width", "height"))
    if not mask.any():
        return Box(left, top, left + width, top + height), (), np.zeros((1, 1), dtype=bool), said
    box, cut = shapes.placed(mask, left, top)
    return box, (), cut, said


def _whole(shape: Shape, key: str) -> int:
    digits = values.number_id(shape.attributes.get(key))
    if digits is None or digits.startswith("-") or len(digits) > _MOST_DIGITS:
        raise ValueError(f"{key}: {shown(shape.attributes.get(key))}, no whole number of pixels")
    return int(digits)


_MOST_DIGITS = 9
_AREAS: dict[str, Callable[[Shape, Size], Area]] = {
    "box": _box,
    "polygon": _polygon,
    "polyline": _line,
    "ellipse": _ellipse,
    "cuboid": _cuboid,
    "skeleton": _skeleton,
    "mask": _mask,
}
