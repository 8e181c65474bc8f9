"""Any dataset in FiftyOne: its labels as the kit's annotations, each with the field it comes from.

| label | becomes |
|---|---|
| Detection | a region, with its instance mask where it has one |
| Polyline, closed or filled | a region with that outline |
| Segmentation | a region for each value of the mask but 0, FiftyOne's background, where no target names it |
| Keypoint | a word for each of its points |
| Classification | a word for the whole image |

Everything else a label says stands in the annotation's `said`, the name of its field under `field`. All other
fields, and labels that cannot be carried (heatmaps, open lines, points without a place), stand in the
sample's `said`, the latter under `not carried` with the reason. The annotator is what a label's attribute
`annotator` says, else unknown.

A word counts as affirmed, unless the label says otherwise: an attribute `present`; an
`estimated_yes_no`, as the points that FiftyOne's Open Images loader brings; a `confidence`, which is a
likelihood and no yes; the field `negative_labels`, which is that loader's name for denials.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import UNKNOWN, Box, ImageLabel, PointLabel, Region, Sample
from retrain_kit.errors import BoxError, DataError, Fault
from retrain_kit.fiftyone import values
from retrain_kit.fiftyone.library import fo
from retrain_kit.fiftyone.values import box_from_relative_xywh, polygons_from_relative
from retrain_kit.imaging import decoding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Size

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
    left: list[dict[str, Any]] = field(default_factory=list)


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
    if annotations.left:
        annotations.said["not carried"] = annotations.left
    return Sample(
        id=_id(document, id_field),
        path=Path(document.filepath),
        width_px=annotations.size[0],
        height_px=annotations.size[1],
        regions=tuple(annotations.regions),
        labels=tuple(annotations.labels),
        points=tuple(annotations.points),
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
    """Return the image's id that a field holds; for `filepath`, the name of the file without ending."""
    return Path(str(value)).stem if id_field == "filepath" else str(value)


def _id(document: fo.Sample, id_field: str) -> str:
    if values.is_empty(value := document[id_field]):
        raise DataError(Fault(f"{document.filepath}, {id_field}", "nothing", "the image's id"))
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
    rest = values.filled_fields(label, but=("id", "label", "annotator", *taken))
    if "field" in rest:
        rest["field of the label"] = rest.pop("field")
    return {"field": name, **rest}


def _annotator(label: fo.Label) -> str:
    return str(values.field_value(label, "annotator") or UNKNOWN)


def _leave(name: str, label: fo.Label, why: str, annotations: _Annotations) -> None:
    said = values.filled_fields(label)
    annotations.left.append({"field": name, "why": why, "label": {"type": type(label).__name__, **said}})


def _detection(name: str, label: fo.Detection, annotations: _Annotations) -> None:
    try:
        box = box_from_relative_xywh(label.bounding_box, annotations.size)
    except (BoxError, TypeError, ValueError):
        _leave(name, label, "a box that cannot be one", annotations)
        return
    mask = _array(label)
    if mask is None and label.mask_path:
        _leave(name, label, "a mask that cannot be read; the box is kept", annotations)
    said = _said(name, label, "bounding_box", "mask")
    inside = None if mask is None else mask.astype(bool)
    annotations.regions.append(
        Region(label.label or "", box, label.id, _annotator(label), mask=inside, said=said)
    )


def _polyline(name: str, label: fo.Polyline, annotations: _Annotations) -> None:
    shapes = polygons_from_relative(label.points or [], annotations.size)
    finite = all(math.isfinite(number) for shape in shapes for point in shape for number in point)
    if not (label.closed or label.filled):
        _leave(name, label, "an open line, which holds no area", annotations)
    elif not shapes or not finite or min(map(len, shapes)) < MIN_VERTICES:
        _leave(name, label, "an outline of fewer than three vertices, or without a place", annotations)
    else:
        said, box = _said(name, label, "points"), Box.around(shapes)
        annotations.regions.append(
            Region(label.label or "", box, label.id, _annotator(label), shapes, said=said)
        )


def _keypoint(name: str, label: fo.Keypoint, annotations: _Annotations) -> None:
    said, many = _said(name, label, "points"), len(label.points) > 1
    for number, (x, y) in enumerate(label.points):
        numbered = {**said, "keypoint": label.id, "number": number} if many else said
        if not (math.isfinite(x) and math.isfinite(y)):
            why = "a point without a place"
            annotations.left.append({"field": name, "why": why, "keypoint": label.id, "number": number})
            continue
        place = (round(x * annotations.size[0], 6), round(y * annotations.size[1], 6))
        found = PointLabel(label.label or "", *place, _present(name, label), _annotator(label), said=numbered)
        annotations.points.append(found)


def _classification(name: str, label: fo.Classification, annotations: _Annotations) -> None:
    present = _present(name, label)
    annotations.labels.append(ImageLabel(label.label or "", present, _annotator(label), _said(name, label)))


def _present(name: str, label: fo.Label) -> bool | None:
    if label.has_field("present"):
        return label.present if isinstance(label.present, bool) else None
    if label.has_field("estimated_yes_no"):
        return {"yes": True, "no": False}.get(str(label.estimated_yes_no))
    if name == "negative_labels":
        return False
    return None if not values.is_empty(label.confidence) else True


def _segmentation(name: str, label: fo.Segmentation, annotations: _Annotations) -> None:
    mask = _array(label)
    if mask is None:
        _leave(name, label, "a mask that cannot be read", annotations)
        return
    said = _said(name, label, "mask")
    targets = annotations.targets.get(name) or annotations.targets.get("", {})
    for area in values.semantic_areas(mask, targets, annotations.size):
        each, own = {**said, "value": area.value}, f"{label.id}-{area.value}"
        annotations.regions.append(
            Region(area.word, area.box, own, _annotator(label), mask=area.mask, said=each)
        )


def _heatmap(name: str, label: fo.Heatmap, annotations: _Annotations) -> None:
    _leave(name, label, "a heatmap: numbers for pixels, no annotation", annotations)


def _array(label: fo.Label) -> NDArray[Any] | None:
    """Return a label's mask, from the database or from its file; None where it has none."""
    try:
        found: NDArray[Any] | None = label.get_mask()
    except (OSError, ValueError, TypeError):
        return None
    return found
