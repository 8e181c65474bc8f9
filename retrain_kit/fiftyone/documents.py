"""The kit's layout: a sample as a document of FiftyOne, and back.

- `regions` (Detections) with `region_id`, `region_number`, `annotator`, the flags, the `clicks` and what
  else the source `said`, and `outlines` (Polylines) with the number of the region they belong to, so that
  also a view of some regions has theirs;
- `phrases` (Detections whose label is the phrase), `image_labels` (Classifications with `present`),
  `point_labels` (Keypoints of one point with `present` and `votes`: yes, no, unsure) and `relations`
  (subject and object are region ids);
- `rejected`, what the source lists as annotations and a reader could not take;
- provenance and size as plain fields; `original` is the data set's file where the document shows another.

An annotation that somebody has added in the App comes back as well, its annotator unknown; tags given there
come back in `said["tags"]`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import (
    UNKNOWN,
    Click,
    Flags,
    ImageLabel,
    Phrase,
    PointLabel,
    Polygon,
    Provenance,
    Region,
    RejectedAnnotation,
    Relationship,
    Sample,
    Size,
    Votes,
)
from retrain_kit.fiftyone import named_anew, values
from retrain_kit.fiftyone.library import fo
from retrain_kit.fiftyone.values import (
    box_from_relative_xywh,
    flat_pixels,
    polygons_from_relative,
    to_relative_xywh,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LAYOUT_VERSION = 5
"""Raised when the fields change, so that a dataset of an older kit is not taken for a new one."""

LAYOUT_KEY = "retrain_kit_layout"
"""Where a dataset's info says which layout it has."""


def empty_dataset(name: str) -> fo.Dataset:
    """Return a new dataset of the kit's layout."""
    dataset = fo.Dataset(name)
    declare_fields(dataset)
    return dataset


def declare_fields(dataset: fo.Dataset) -> None:
    """Give a dataset the fields that may be empty throughout, whose types nothing would tell."""
    dataset.add_sample_field("original", fo.StringField)
    dataset.add_sample_field("rotation_deg", fo.IntField)
    dataset.add_sample_field("relations", fo.ListField, subfield=fo.DictField)
    dataset.add_sample_field("rejected", fo.ListField, subfield=fo.DictField)
    dataset.add_sample_field("said", fo.DictField)
    dataset.info[LAYOUT_KEY] = LAYOUT_VERSION
    dataset.save()


def has_kit_layout(dataset: fo.Dataset) -> bool:
    """Say whether a dataset, or some of its samples, has the kit's layout."""
    return bool(dataset.info.get(LAYOUT_KEY) == LAYOUT_VERSION)


def to_document(sample: Sample) -> fo.Sample:
    """Return the sample as FiftyOne's, in the kit's layout."""
    path = str(named_anew.whole_path(sample.path))
    return fo.Sample(filepath=path, media_type="image", **to_fields(sample))  # whatever its ending says


def to_fields(sample: Sample) -> dict[str, object]:
    """Return all that a sample says, but its image, as the fields of the kit's layout."""
    size, regions = sample.size, sample.regions
    outlines = [_to_polyline(n, region, size) for n, region in enumerate(regions) if region.polygons]
    return {
        "image_id": sample.id,
        "width_px": sample.width_px,
        "height_px": sample.height_px,
        "original": None,
        "regions": fo.Detections(
            detections=[_to_detection(number, region, size) for number, region in enumerate(regions)]
        ),
        "outlines": fo.Polylines(polylines=outlines),
        "phrases": fo.Detections(detections=[_to_phrase(phrase, size) for phrase in sample.phrases]),
        "image_labels": fo.Classifications(
            classifications=[_to_classification(label) for label in sample.labels]
        ),
        "point_labels": fo.Keypoints(keypoints=[_to_keypoint(point, size) for point in sample.points]),
        "relations": [asdict(relationship) for relationship in sample.relationships],
        "rejected": [rejected_fields(rejected) for rejected in sample.rejected],
        "alt": sample.alt,
        "notice": sample.notice,
        "leaves_out": sample.leaves_out,
        "rotation_deg": sample.rotation_deg,
        "said": dict(sample.said),
        **asdict(sample.provenance),
    }


def rejected_fields(rejected: RejectedAnnotation) -> dict[str, object]:
    """Return what the database keeps of a rejected annotation; its row, which may hold anything, as JSON."""
    row = json.dumps(rejected.row, default=repr)
    return {**asdict(rejected), "row": row}


def rejected_annotation(stored: Mapping[str, str]) -> RejectedAnnotation:
    """Return the rejected annotation that the database keeps so."""
    return RejectedAnnotation(**{**stored, "row": json.loads(stored["row"])})


def to_sample(document: fo.Sample) -> Sample:
    """Return the kit's sample of a document in the kit's layout."""
    size = (document.width_px, document.height_px)
    outlines = {
        values.field_value(line, "region_number"): polygons_from_relative(line.points, size)
        for line in document.outlines.polylines
    }
    return Sample(
        id=document.image_id,
        path=Path(document.original or document.filepath),
        width_px=size[0],
        height_px=size[1],
        regions=tuple(
            _to_region(found, outlines.get(values.field_value(found, "region_number", number), ()), size)
            for number, found in enumerate(document.regions.detections)
        ),
        phrases=tuple(_from_phrase(found, size) for found in document.phrases.detections),
        labels=tuple(
            ImageLabel(
                found.label or "",
                values.field_value(found, "present"),
                values.field_value(found, "annotator", UNKNOWN),
                values.said_with_tags(found),
            )
            for found in document.image_labels.classifications
        ),
        points=tuple(_to_point(found, size) for found in document.point_labels.keypoints),
        relationships=tuple(Relationship(**values.native_containers(row)) for row in document.relations),
        rejected=tuple(map(rejected_annotation, document.rejected)),
        provenance=Provenance(**{key: document[key] for key in Provenance.__dataclass_fields__}),
        alt=document.alt,
        notice=document.notice,
        leaves_out=document.leaves_out,
        rotation_deg=document.rotation_deg,
        said=values.said_with_tags(document),
    )


def _to_detection(number: int, region: Region, size: Size) -> fo.Detection:
    return fo.Detection(
        label=region.label,
        bounding_box=to_relative_xywh(region.box, size),
        mask=region.mask,
        region_id=region.id,
        region_number=number,
        annotator=region.annotator,
        clicks=[[click.x / size[0], click.y / size[1], click.on] for click in region.clicks],
        said=dict(region.said),
        **asdict(region.flags),
    )


def _to_polyline(number: int, region: Region, size: Size) -> fo.Polyline:
    width, height = size
    points = [[(x / width, y / height) for x, y in polygon] for polygon in region.polygons]
    return fo.Polyline(
        label=region.label,
        points=points,
        closed=True,
        filled=True,
        region_id=region.id,
        region_number=number,
        annotator=region.annotator,
    )


def _to_phrase(phrase: Phrase, size: Size) -> fo.Detection:
    return fo.Detection(
        label=phrase.text,
        bounding_box=to_relative_xywh(phrase.box, size),
        region_id=phrase.id,
        annotator=phrase.annotator,
        said=dict(phrase.said),
    )


def _to_classification(label: ImageLabel) -> fo.Classification:
    return fo.Classification(
        label=label.label, present=label.present, annotator=label.annotator, said=dict(label.said)
    )


def _to_keypoint(point: PointLabel, size: Size) -> fo.Keypoint:
    votes = point.votes
    return fo.Keypoint(
        label=point.label,
        points=[(point.x / size[0], point.y / size[1])],
        present=point.present,
        annotator=point.annotator,
        votes=None if votes is None else [votes.yes, votes.no, votes.unsure],
        said=dict(point.said),
    )


def _to_region(found: fo.Detection, outline: tuple[Polygon, ...], size: Size) -> Region:
    return Region(
        label=found.label or "",
        box=box_from_relative_xywh(found.bounding_box, size),
        id=values.field_value(found, "region_id", ""),
        annotator=values.field_value(found, "annotator", UNKNOWN),
        polygons=outline,
        mask=None if found.mask is None else found.mask.astype(bool),
        flags=Flags(**{key: values.field_value(found, key) for key in Flags.__dataclass_fields__}),
        clicks=tuple(_to_click(click, size) for click in values.field_value(found, "clicks", [])),
        said=values.said_with_tags(found),
    )


def _to_click(click: Sequence[Any], size: Size) -> Click:
    x, y = flat_pixels([click[:2]], size)
    return Click(x, y, click[2])


def _from_phrase(found: fo.Detection, size: Size) -> Phrase:
    box = box_from_relative_xywh(found.bounding_box, size)
    return Phrase(
        found.label or "",
        box,
        values.field_value(found, "region_id", ""),
        values.field_value(found, "annotator", UNKNOWN),
        values.said_with_tags(found),
    )


def _to_point(found: fo.Keypoint, size: Size) -> PointLabel:
    x, y = flat_pixels(found.points, size)
    votes = values.field_value(found, "votes")
    return PointLabel(
        label=found.label or "",
        x=x,
        y=y,
        present=values.field_value(found, "present"),
        annotator=values.field_value(found, "annotator", UNKNOWN),
        votes=None if votes is None else Votes(*votes),
        said=values.said_with_tags(found),
    )
