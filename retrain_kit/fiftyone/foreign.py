"""Any dataset in FiftyOne: its labels as the kit's annotations, each with the field it comes from.

| label | becomes |
|---|---|
| Detection | a region, with its instance mask where it has one |
| Polyline, closed or filled | a region with that outline; where parts of it overlap, with the holes |
| Segmentation | a region for each value of the mask but 0, FiftyOne's background, where no target names it |
| Keypoint | a word for each of its points |
| Classification | a word for the whole image |

Everything else a label says stands in the annotation's `said`, the name of its field under `field`. All other
fields stand in the sample's `said`. Labels that cannot be taken (heatmaps, open lines, points without a place
in the image, masks that are none) are listed with the sample, each with its field and the reason. The
annotator is what a label's attribute `annotator` says in words, else unknown.

A word counts as affirmed, unless the label says otherwise: an attribute `present`; an
`estimated_yes_no`, as the points that FiftyOne's Open Images loader brings; a `confidence`, which is a
likelihood and no yes; the field `negative_labels`, which is that loader's name for denials.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.annotations.samples import (
    UNKNOWN,
    Box,
    ImageLabel,
    PointLabel,
    Region,
    RejectedAnnotation,
    Sample,
)
from retrain_kit.datasets.formats.values import number_id, shown, word
from retrain_kit.errors import BoxError, DataError, Fault
from retrain_kit.fiftyone import values
from retrain_kit.fiftyone.library import fo
from retrain_kit.fiftyone.values import box_from_relative_xywh, polygons_from_relative
from retrain_kit.imaging import decoding, masking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Polygon, Size

MIN_VERTICES = 3
BOOKKEEPING = ("id", "filepath", "created_at", "last_modified_at")
LISTS = {
    "Detections": "detections",
    "Polylines": "polylines",
    "Keypoints": "keypoints",
    "Classifications": "classifications",
}


@dataclass
class _Annotations:
    """The annotations of one image, as far as its labels have been read."""

    size: Size
    targets: Mapping[str, Mapping[Any, str]]
    regions: list[Region] = field(default_factory=list)
    labels: list[ImageLabel] = field(default_factory=list)
    points: list[PointLabel] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)
    rejected: list[RejectedAnnotation] = field(default_factory=list)


def read_sample(
    document: fo.Sample, targets: Mapping[str, Mapping[Any, str]], id_field: str = "id"
) -> Sample:
    """Return the kit's sample of a document of any layout.

    Parameters
    ----------
    document
        A sample of a dataset of images.
    targets
        What the values of segmentation masks mean, by field; under an empty name what they mean by default.
    id_field
        Which field names the image, as in `image_id_in`.

    Raises
    ------
    DataError
        When nothing tells the image's size or its name.
    """
    annotations = _Annotations(upright_size(document), targets)
    for name in document.field_names:
        if name not in BOOKKEEPING:
            _take(name, document[name], annotations)
    name = _id(document, id_field)
    return Sample(
        id=name,
        path=Path(document.filepath),
        width_px=annotations.size[0],
        height_px=annotations.size[1],
        regions=tuple(annotations.regions),
        labels=tuple(annotations.labels),
        points=tuple(annotations.points),
        rejected=tuple(replace(each, image=name) for each in annotations.rejected),
        said=annotations.said,
    )


def upright_size(document: fo.Sample) -> Size:
    """Return the size of the upright image: as its file says, else as the document's metadata does."""
    try:
        return decoding.image_size(Path(document.filepath))
    except (DataError, FileNotFoundError):
        metadata = document.metadata
        if metadata is None or not (metadata.width and metadata.height):
            found = "an image without a size: no file that can be read, no metadata"
            do = "Put the file there, or call dataset.compute_metadata() where it is."
            raise DataError(Fault(document.filepath, found, "one of them", do)) from None
        return metadata.width, metadata.height


def image_id_in(id_field: str, value: object) -> str:
    """Return the image's id that a field holds; for `filepath`, the name of the file without ending.

    A whole number is the same id however it is kept: 1.0 is 1. FiftyOne's own ids are texts of their digits.
    """
    text = number_id(value) if isinstance(value, int | float) else None
    text = str(value) if text is None else text
    return Path(text).stem if id_field == "filepath" else text


def _id(document: fo.Sample, id_field: str) -> str:
    if values.is_empty(value := document[id_field]):
        raise DataError(Fault(f"{document.filepath}, {id_field}", "nothing", "the image's id"))
    if isinstance(value, bool | list | tuple | dict):
        raise DataError(Fault(f"{document.filepath}, {id_field}", shown(value), "the image's id"))
    return image_id_in(id_field, value)


def _take(name: str, content: Any, annotations: _Annotations) -> None:  # noqa: ANN401 - whatever a field holds
    """Add a field's labels to the annotations, or what it says to the image."""
    if values.is_empty(content):
        return
    readers = {
        fo.Detection: _detection,
        fo.Polyline: _polyline,
        fo.Keypoint: _keypoint,
        fo.Classification: _classification,
        fo.Segmentation: _segmentation,
        fo.Heatmap: _heatmap,
    }
    whole = LISTS.get(type(content).__name__)
    if whole and (rest := values.filled_fields(content, but=(whole,))):
        annotations.said[name] = rest
    labels = content[whole] if whole else [content]
    for label in labels:
        if reader := readers.get(type(label)):
            reader(name, label, annotations)
        else:
            annotations.said[name] = values.plain_value(content)


def _said(name: str, label: fo.Label, *taken: str) -> dict[str, Any]:
    """Return what a label says apart from what was taken; its own `field` goes under another name."""
    named = ("annotator",) if _annotator(label) != UNKNOWN else ()
    rest = values.filled_fields(label, but=("id", "label", *named, *taken))
    if "field" in rest:
        rest["field of the label"] = rest.pop("field")
    return {"field": name, **rest}


def _annotator(label: fo.Label) -> str:
    found = values.field_value(label, "annotator")
    return found if isinstance(found, str) and found.strip() else UNKNOWN


def _reject(name: str, label: fo.Label, reason: str, annotations: _Annotations, kept: str = "") -> None:
    row = {"type": type(label).__name__, **values.filled_fields(label)}
    place = f"field {name}"
    found = RejectedAnnotation(
        "", reason, label.id, _text(values.field_value(label, "label")), place, kept, row
    )
    annotations.rejected.append(found)


def _text(found: object) -> str:
    return found if isinstance(found, str) else ""


def _label_of(label: fo.Label) -> str:
    """Return a label's word; an empty text where it has none.

    Raises
    ------
    ValueError
        When what stands there is no word.
    """
    if label.label is None or label.label == "":
        return ""
    return word(label.label, "label")


def _detection(name: str, label: fo.Detection, annotations: _Annotations) -> None:
    try:
        box = box_from_relative_xywh(label.bounding_box, annotations.size)
        text = _label_of(label)
    except (BoxError, TypeError, ValueError, OverflowError) as error:
        _reject(name, label, _why("a box that cannot be one", error), annotations)
        return
    mask = _array(label)
    if mask is None and label.mask_path:
        _reject(name, label, "a mask that cannot be read", annotations, "the box")
    if mask is not None and not _is_mask(mask, (_ROWS_AND_COLUMNS,)):
        _reject(name, label, f"a mask that is none: {values.plain_array(mask)}", annotations, "the box")
        mask = None
    said = _said(name, label, "bounding_box", "mask")
    inside = None if mask is None else mask.astype(bool)
    annotations.regions.append(Region(text, box, label.id, _annotator(label), mask=inside, said=said))


def _why(what: str, error: Exception) -> str:
    """Return why a label is none: its word's fault in its words, anything else as `what`."""
    return str(error) if str(error).startswith("label: ") else what


def _polyline(name: str, label: fo.Polyline, annotations: _Annotations) -> None:
    nowhere = "an outline of fewer than three vertices, or without a place"
    try:
        shapes = polygons_from_relative(label.points or [], annotations.size)
        finite = all(math.isfinite(number) for shape in shapes for point in shape for number in point)
        text = _label_of(label)
    except (TypeError, ValueError, OverflowError) as error:
        _reject(name, label, _why(nowhere, error), annotations)
        return
    if not (label.closed or label.filled):
        _reject(name, label, "an open line, which holds no area", annotations)
    elif not shapes or not finite or min(map(len, shapes)) < MIN_VERTICES:
        _reject(name, label, nowhere, annotations)
    else:
        said, box, mask = _said(name, label, "points"), Box.around(shapes), None
        if holed := _with_holes(shapes, annotations.size):
            box, mask = holed
        annotations.regions.append(Region(text, box, label.id, _annotator(label), shapes, mask, said=said))


def _with_holes(shapes: tuple[Polygon, ...], size: Size) -> tuple[Box, NDArray[np.bool_]] | None:
    """Return the extent in whole pixels and the mask of shapes that overlap; None where none do.

    FiftyOne fills the shapes of a line together: what lies in two of them is a hole.
    """
    if len(shapes) == 1:
        return None
    masks = [masking.polygon_mask(shape, size) for shape in shapes]
    odd = reduce(np.logical_xor, masks)
    if not odd.any() or np.array_equal(odd, reduce(np.logical_or, masks)):
        return None
    left, top, right, bottom = masking.bounding_box(odd)
    return Box(left, top, right, bottom), odd[top:bottom, left:right]


def _keypoint(name: str, label: fo.Keypoint, annotations: _Annotations) -> None:
    said, points = _said(name, label, "points"), label.points or []
    try:
        text = _label_of(label)
    except ValueError as error:
        _reject(name, label, str(error), annotations)
        return
    if not points:
        _reject(name, label, "no points", annotations)
    for number, point in enumerate(points):
        numbered = {**said, "keypoint": label.id, "number": number} if len(points) > 1 else said
        try:
            place = _place(point, annotations.size)
        except (TypeError, ValueError, OverflowError):
            row = {"keypoint": label.id, "number": number, "point": values.plain_value(point)}
            reason, where = "a point without a place in the image", f"field {name}, point {number}"
            annotations.rejected.append(RejectedAnnotation("", reason, label.id, text, where, row=row))
            continue
        annotations.points.append(
            PointLabel(text, *place, _present(name, label), _annotator(label), said=numbered)
        )


def _place(point: Any, size: Size) -> tuple[float, float]:  # noqa: ANN401 - whatever stands there
    """Return a point in pixels.

    Raises
    ------
    TypeError, ValueError
        When it is none, or lies outside the image.
    """
    x, y = point
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise ValueError("outside")
    return round(x * size[0], 6), round(y * size[1], 6)


def _classification(name: str, label: fo.Classification, annotations: _Annotations) -> None:
    try:
        text = word(label.label, "label")
    except ValueError as error:
        _reject(name, label, str(error), annotations)
        return
    present = _present(name, label)
    annotations.labels.append(ImageLabel(text, present, _annotator(label), _said(name, label)))


def _present(name: str, label: fo.Label) -> bool | None:
    if label.has_field("present"):
        return label.present if isinstance(label.present, bool) else None
    if label.has_field("estimated_yes_no"):
        return {"yes": True, "no": False}.get(_text(label.estimated_yes_no))
    if name == "negative_labels":
        return False
    return None if not values.is_empty(label.confidence) else True


def _segmentation(name: str, label: fo.Segmentation, annotations: _Annotations) -> None:
    mask = _array(label)
    if mask is None:
        _reject(name, label, "a mask that cannot be read", annotations)
        return
    if not _is_mask(mask, (_ROWS_AND_COLUMNS, _ROWS_AND_COLUMNS + 1)):
        _reject(name, label, f"a mask that is none: {values.plain_array(mask)}", annotations)
        return
    said = _said(name, label, "mask")
    targets = annotations.targets.get(name) or annotations.targets.get("", {})
    for area in values.semantic_areas(mask, targets, annotations.size):
        each, own = {**said, "value": area.value}, f"{label.id}-{area.value}"
        annotations.regions.append(
            Region(area.word, area.box, own, _annotator(label), mask=area.mask, said=each)
        )


_ROWS_AND_COLUMNS, _COLOURS = 2, 3


def _is_mask(mask: NDArray[Any], depths: tuple[int, ...]) -> bool:
    """Return whether an array is one of whole numbers: rows and columns, and colours where those may be."""
    if mask.ndim not in depths or not mask.size or mask.dtype.kind not in "biuf":
        return False
    whole = mask.dtype.kind != "f" or bool(np.isfinite(mask).all() and (mask == np.round(mask)).all())
    return whole and (mask.ndim == _ROWS_AND_COLUMNS or mask.shape[2] >= _COLOURS)


def _heatmap(name: str, label: fo.Heatmap, annotations: _Annotations) -> None:
    _reject(name, label, "a heatmap: numbers for pixels, no annotation", annotations)


def _array(label: fo.Label) -> NDArray[Any] | None:
    """Return a label's mask, from the database or from its file; None where it has none."""
    try:
        found: NDArray[Any] | None = label.get_mask()
    except (OSError, ValueError, TypeError):
        return None
    return found
