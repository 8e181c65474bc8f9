"""FiftyOne: studies become datasets in its database, and its samples become the kit's.

This is the only module that imports FiftyOne. A dataset carries everything a sample says:

- `regions` (Detections) with `region_id`, `maker`, the flags, the `clicks` and what else the source
  `said`, and `outlines` (Polylines) with the `region_id` they belong to;
- `phrases` (Detections whose label is the phrase), `image_labels` (Classifications with `present`) and
  `relationships` (subject and object are region ids);
- provenance and size as plain fields.

FiftyOne keeps coordinates as fractions of the frame; read back, they are rounded to a millionth of a
pixel, which undoes the noise of the division and nothing else.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit import datasets, manifests
from retrain_kit.datasets import database
from retrain_kit.errors import DataError, Fault
from retrain_kit.samples import (
    Box,
    Click,
    Flags,
    ImageLabel,
    Phrase,
    Polygon,
    Provenance,
    Region,
    Relationship,
    Sample,
    Size,
)

os.environ.setdefault("FIFTYONE_DO_NOT_TRACK", "true")
os.environ.setdefault("FIFTYONE_SHOW_PROGRESS_BARS", "false")

import fiftyone as fo
from tqdm import tqdm

if TYPE_CHECKING:
    from retrain_kit.manifests import Manifest

LAYOUT = 2
"""Raised when the fields change, so that a dataset of an older kit is not taken for a new one."""


def load(manifest: Manifest) -> fo.Dataset:
    """Return the study as a persistent FiftyOne dataset: verified always, built once.

    The dataset's name holds a digest of everything the study says; a changed study is another dataset. It
    is built under another name and renamed when whole, so that a cut leaves no half dataset.

    Raises
    ------
    DatabaseError
        When there is no database.
    DataError
        When pictures are missing or changed, or marks cannot be read.
    """
    manifests.verify(manifest, _progress("verifying pictures"))
    database.ensure()
    name = _name(manifest)
    with database.lock(database.cache_folder() / "locks" / name):
        if not fo.dataset_exists(name):
            _build(manifest, name)
        return fo.load_dataset(name)


def samples(dataset: fo.Dataset) -> list[Sample]:
    """Return the kit's samples of a dataset made by `load`, in its order.

    Raises
    ------
    DataError
        When the dataset has other fields than the kit's.
    """
    if not dataset.has_field("regions"):
        expected = "a dataset made by retrain_kit.datasets.fiftyone.load"
        raise DataError(Fault(f"dataset {dataset.name}", "no field regions", expected))
    return [_to_sample(document) for document in dataset.iter_samples()]


def from_relative_xywh(relative: list[float], size: Size) -> Box:
    """Turn FiftyOne's [left, top, width, height], fractions of the frame, into a box in pixels."""
    left, top, width, height = relative
    return Box(*_pixels([(left, top), (left + width, top + height)], size))


def to_relative_xywh(box: Box, size: Size) -> list[float]:
    """Turn a box in pixels into FiftyOne's [left, top, width, height], fractions of the frame."""
    width, height = size
    return [box.left / width, box.top / height, box.width_px / width, box.height_px / height]


def _name(manifest: Manifest) -> str:
    key = f"{LAYOUT} {manifest.digest} {manifest.folder.resolve()}"
    return f"retrain-kit-{manifest.name}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _build(manifest: Manifest, name: str) -> None:
    read = datasets.read(manifest)
    building = f"{name}-building"
    if fo.dataset_exists(building):
        fo.delete_dataset(building)
    dataset = _empty(building)
    dataset.add_samples([_to_document(sample) for sample in _progress("filling FiftyOne")(read)])
    dataset.info = {"study": manifest.name, "title": manifest.title, "licence": manifest.licence}
    dataset.description = manifest.why
    dataset.save()
    dataset.name = name
    dataset.persistent = True


def _empty(name: str) -> fo.Dataset:
    """Return a new dataset with the fields that may be empty throughout, whose types nothing would tell."""
    dataset = fo.Dataset(name)
    dataset.add_sample_field("rotation_deg", fo.IntField)
    dataset.add_sample_field("relationships", fo.ListField, subfield=fo.DictField)
    dataset.add_sample_field("said", fo.DictField)
    return dataset


def _progress(what: str) -> Any:  # noqa: ANN401 - any iterable in, the same out
    def bar(items: Any) -> Any:  # noqa: ANN401 - the same
        return tqdm(items, desc=what, delay=1, leave=False)

    return bar


def _to_document(sample: Sample) -> fo.Sample:
    size = sample.size
    return fo.Sample(
        filepath=str(sample.path.resolve()),
        image_id=sample.id,
        width_px=sample.width_px,
        height_px=sample.height_px,
        regions=fo.Detections(detections=[_to_detection(region, size) for region in sample.regions]),
        outlines=fo.Polylines(
            polylines=[_to_polyline(region, size) for region in sample.regions if region.polygons]
        ),
        phrases=fo.Detections(detections=[_to_phrase(phrase, size) for phrase in sample.phrases]),
        image_labels=fo.Classifications(
            classifications=[_to_classification(label) for label in sample.labels]
        ),
        alt=sample.alt,
        notice=sample.notice,
        leaves_out=sample.leaves_out,
        rotation_deg=sample.rotation_deg,
        relationships=[asdict(relationship) for relationship in sample.relationships],
        said=dict(sample.said),
        **asdict(sample.provenance),
    )


def _to_detection(region: Region, size: Size) -> fo.Detection:
    return fo.Detection(
        label=region.label,
        bounding_box=to_relative_xywh(region.box, size),
        mask=region.mask,
        region_id=region.id,
        maker=region.maker,
        clicks=[[click.x / size[0], click.y / size[1], click.on] for click in region.clicks],
        said=dict(region.said),
        **asdict(region.flags),
    )


def _to_classification(label: ImageLabel) -> fo.Classification:
    return fo.Classification(
        label=label.label, present=label.present, maker=label.maker, said=dict(label.said)
    )


def _to_polyline(region: Region, size: Size) -> fo.Polyline:
    width, height = size
    points = [[(x / width, y / height) for x, y in polygon] for polygon in region.polygons]
    return fo.Polyline(label=region.label, points=points, closed=True, filled=True, region_id=region.id)


def _to_phrase(phrase: Phrase, size: Size) -> fo.Detection:
    box = to_relative_xywh(phrase.box, size)
    return fo.Detection(label=phrase.text, bounding_box=box, region_id=phrase.id, maker=phrase.maker)


def _to_sample(document: fo.Sample) -> Sample:
    size = (document.width_px, document.height_px)
    outlines = {line.region_id: _polygons(line.points, size) for line in document.outlines.polylines}
    return Sample(
        id=document.image_id,
        path=Path(document.filepath),
        width_px=size[0],
        height_px=size[1],
        regions=tuple(_to_region(found, outlines, size) for found in document.regions.detections),
        phrases=tuple(
            Phrase(found.label, from_relative_xywh(found.bounding_box, size), found.region_id, found.maker)
            for found in document.phrases.detections
        ),
        labels=tuple(
            ImageLabel(found.label, found.present, found.maker, found.said)
            for found in document.image_labels.classifications
        ),
        provenance=Provenance(**{key: document[key] for key in Provenance.__dataclass_fields__}),
        alt=document.alt,
        notice=document.notice,
        leaves_out=document.leaves_out,
        rotation_deg=document.rotation_deg,
        relationships=tuple(Relationship(**said) for said in document.relationships),
        said=document.said,
    )


def _to_region(found: fo.Detection, outlines: dict[str, tuple[Polygon, ...]], size: Size) -> Region:
    return Region(
        label=found.label,
        box=from_relative_xywh(found.bounding_box, size),
        id=found.region_id,
        maker=found.maker,
        polygons=outlines.get(found.region_id, ()),
        mask=None if found.mask is None else found.mask.astype(bool),
        flags=Flags(**{key: found[key] for key in Flags.__dataclass_fields__}),
        clicks=tuple(_to_click(x, y, on, size) for x, y, on in found.clicks),
        said=found.said,
    )


def _to_click(x: float, y: float, on: bool | None, size: Size) -> Click:  # noqa: FBT001 - as it is stored
    x_px, y_px = _pixels([(x, y)], size)
    return Click(x_px, y_px, on)


def _polygons(lists: list[list[tuple[float, float]]], size: Size) -> tuple[Polygon, ...]:
    flat = [_pixels(points, size) for points in lists]
    return tuple(tuple(zip(edges[::2], edges[1::2], strict=True)) for edges in flat)


def _pixels(points: list[tuple[float, float]], size: Size) -> list[float]:
    """Return x, y, x, y, … in pixels."""
    return [round(fraction * side, 6) for point in points for fraction, side in zip(point, size, strict=True)]
