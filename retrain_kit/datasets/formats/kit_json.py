"""Samples as plain JSON, whole: every field of every annotation, instance masks as runs of pixels."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.annotations.samples import (
    UNKNOWN,
    Box,
    Click,
    Flags,
    ImageLabel,
    Phrase,
    PointLabel,
    Provenance,
    Region,
    RejectedAnnotation,
    Relationship,
    Sample,
    Votes,
)
from retrain_kit.errors import BoxError, DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from numpy.typing import NDArray

    Record = dict[str, Any]
    Annotation = Region | Phrase | ImageLabel | Relationship


_NO_RECORD = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, BoxError)


def sample_record(sample: Sample) -> Record:
    """Return a sample as dictionaries, lists, texts and numbers; its path as a text."""
    bare = replace(sample, regions=())
    regions = [region_record(region) for region in sample.regions]
    return {**asdict(bare), "path": str(sample.path), "regions": regions}


def region_record(region: Region) -> Record:
    """Return a region as dictionaries, lists, texts and numbers."""
    record = asdict(replace(region, mask=None))
    return record if region.mask is None else {**record, "mask": mask_runs(region.mask)}


def sample_from_record(record: Mapping[str, Any], where: str = "record") -> Sample:
    """Return the sample of a record.

    Raises
    ------
    DataError
        When it is none; `where` tells the reader which.
    """
    try:
        parts = {key: record[key] for key in record if key in _SAMPLE}
        parts |= {key: tuple(map(make, record.get(key, ()))) for key, make in _ANNOTATIONS.items()}
        provenance = Provenance(**record.get("provenance", {}))
        return Sample(**{**parts, "path": Path(record["path"]), "provenance": provenance})
    except _NO_RECORD as error:
        found = f"no {error.args[0]!r}" if isinstance(error, KeyError) else str(error)
        raise DataError(Fault(where, found, "a sample as the kit writes it")) from None


def mask_runs(mask: NDArray[np.bool_]) -> Record:
    """Return a mask as COCO's uncompressed runs: column by column, first outside, then inside."""
    flat = mask.astype(bool).ravel(order="F")
    turns = np.flatnonzero(np.diff(flat, prepend=False, append=not flat[-1] if flat.size else False))
    return {"size": list(mask.shape), "counts": np.diff(turns, prepend=0).tolist()}


def mask_from_runs(runs: Mapping[str, Any]) -> NDArray[np.bool_]:
    """Return the mask of `mask_runs`.

    Raises
    ------
    ValueError
        When the runs do not fill the mask.
    """
    rows, columns = runs["size"]
    counts = np.asarray(runs["counts"], dtype=int)
    if (counts < 0).any() or counts.sum() != rows * columns:
        raise ValueError(f"runs that do not fill {rows} rows and {columns} columns")
    return np.repeat(np.arange(len(counts)) % 2 == 1, counts).reshape(columns, rows).T


def _region(record: Mapping[str, Any]) -> Region:
    parts = {
        "box": Box(**record["box"]),
        "flags": Flags(**record.get("flags", {})),
        "clicks": tuple(Click(**click) for click in record.get("clicks", ())),
        "polygons": tuple(tuple((x, y) for x, y in outline) for outline in record.get("polygons", ())),
        "mask": None if record.get("mask") is None else mask_from_runs(record["mask"]),
    }
    return Region(**{**record, **parts})


def _phrase(record: Mapping[str, Any]) -> Phrase:
    return Phrase(**{**record, "box": Box(**record["box"])})


def _point(record: Mapping[str, Any]) -> PointLabel:
    votes = record.get("votes")
    return PointLabel(**{**record, "votes": None if votes is None else Votes(**votes)})


_SAMPLE = {each.name for each in fields(Sample)}
_ANNOTATIONS = {
    "regions": _region,
    "phrases": _phrase,
    "labels": lambda record: ImageLabel(**record),
    "points": _point,
    "relationships": lambda record: Relationship(**record),
    "rejected": lambda record: RejectedAnnotation(**record),
}

# -- annotations in the kit's own format: a dictionary each, as a line of a file; `datasets.folder` says how.


MIN_VERTICES = 3


def annotation_record(image: str, annotation: Annotation) -> dict[str, Any]:
    """Return an annotation as a dictionary, without its mask: the reverse of `annotation_from_record`."""
    record: dict[str, Any] = {"image": image, "id": getattr(annotation, "id", "")}
    if isinstance(annotation, ImageLabel):
        words = {
            "image_label": annotation.label,
            "present": annotation.present,
            "annotator": annotation.annotator,
        }
        return record | words | _stated(said=dict(annotation.said))
    if isinstance(annotation, Relationship):
        words = {
            "subject": annotation.subject,
            "predicate": annotation.predicate,
            "object": annotation.object,
        }
        return record | words | {"annotator": annotation.annotator} | _stated(said=dict(annotation.said))
    word = {"phrase": annotation.text} if isinstance(annotation, Phrase) else {"label": annotation.label}
    record |= word | {"annotator": annotation.annotator, "box": list(annotation.box.edges)}
    if isinstance(annotation, Region):
        flags = {key: value for key, value in vars(annotation.flags).items() if value is not None}
        clicks = [[click.x, click.y, click.on] for click in annotation.clicks]
        record |= _stated(
            polygons=annotation.polygons, flags=flags, clicks=clicks, said=dict(annotation.said)
        )
    return record


def _stated(**parts: Collection[Any]) -> dict[str, Any]:
    """Return the parts that hold something."""
    return {name: part for name, part in parts.items() if part}


def annotation_from_record(record: Mapping[str, Any]) -> Annotation:
    """Return the annotation of a dictionary.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError, ArithmeticError, BoxError
        When it is none.
    """
    annotator = str(record.get("annotator", UNKNOWN))
    said = dict(record.get("said", {}))
    if "image_label" in record:
        return ImageLabel(str(record["image_label"]), _yes_no(record.get("present")), annotator, said)
    name = str(record.get("id", ""))
    if "predicate" in record:
        subject, predicate, thing = (str(record[key]) for key in ("subject", "predicate", "object"))
        return Relationship(subject, predicate, thing, name, annotator, said)
    box = Box(*(float(edge) for edge in record["box"]))
    if "phrase" in record:
        return Phrase(str(record["phrase"]), box, name, annotator)
    flags = Flags(**{key: _yes_no(value) for key, value in record.get("flags", {}).items()})
    clicks = tuple(Click(float(x), float(y), _yes_no(on)) for x, y, on in record.get("clicks", []))
    outline = _polygons(record.get("polygons", []))
    return Region(str(record["label"]), box, name, annotator, outline, flags=flags, clicks=clicks, said=said)


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
