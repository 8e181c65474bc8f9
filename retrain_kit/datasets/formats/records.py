"""Samples as plain JSON, whole: every field of every mark, instance masks as runs of pixels."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.errors import BoxError, DataError, Fault
from retrain_kit.samples import (
    Box,
    Click,
    Flags,
    ImageLabel,
    Phrase,
    PointLabel,
    Provenance,
    Region,
    Relationship,
    Sample,
    Votes,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Record = dict[str, Any]

_NO_RECORD = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, BoxError)


def to_record(sample: Sample) -> Record:
    """Return a sample as dictionaries, lists, texts and numbers; its path as a text."""
    bare = replace(sample, regions=())
    regions = [region_record(region) for region in sample.regions]
    return {**asdict(bare), "path": str(sample.path), "regions": regions}


def region_record(region: Region) -> Record:
    """Return a region as dictionaries, lists, texts and numbers."""
    record = asdict(replace(region, mask=None))
    return record if region.mask is None else {**record, "mask": to_runs(region.mask)}


def from_record(record: Mapping[str, Any], where: str = "record") -> Sample:
    """Return the sample of a record.

    Raises
    ------
    DataError
        When it is none; `where` tells the reader which.
    """
    try:
        parts = {key: record[key] for key in record if key in _SAMPLE}
        parts |= {key: tuple(map(make, record.get(key, ()))) for key, make in _MARKS.items()}
        provenance = Provenance(**record.get("provenance", {}))
        return Sample(**{**parts, "path": Path(record["path"]), "provenance": provenance})
    except _NO_RECORD as error:
        found = f"no {error.args[0]!r}" if isinstance(error, KeyError) else str(error)
        raise DataError(Fault(where, found, "a sample as the kit writes it")) from None


def to_runs(mask: NDArray[np.bool_]) -> Record:
    """Return a mask as COCO's uncompressed runs: column by column, first outside, then inside."""
    flat = mask.astype(bool).ravel(order="F")
    turns = np.flatnonzero(np.diff(flat, prepend=False, append=not flat[-1] if flat.size else False))
    return {"size": list(mask.shape), "counts": np.diff(turns, prepend=0).tolist()}


def from_runs(runs: Mapping[str, Any]) -> NDArray[np.bool_]:
    """Return the mask of `to_runs`.

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
        "mask": None if record.get("mask") is None else from_runs(record["mask"]),
    }
    return Region(**{**record, **parts})


def _phrase(record: Mapping[str, Any]) -> Phrase:
    return Phrase(**{**record, "box": Box(**record["box"])})


def _point(record: Mapping[str, Any]) -> PointLabel:
    votes = record.get("votes")
    return PointLabel(**{**record, "votes": None if votes is None else Votes(**votes)})


_SAMPLE = {each.name for each in fields(Sample)}
_MARKS = {
    "regions": _region,
    "phrases": _phrase,
    "labels": lambda record: ImageLabel(**record),
    "points": _point,
    "relationships": lambda record: Relationship(**record),
}
