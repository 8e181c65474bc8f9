"""Samples as plain JSON, whole: every field of every annotation, instance masks as runs of pixels."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

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
from retrain_kit.datasets.formats import fields
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import BoxError, DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

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
        provenance = _checked(Provenance(**record.get("provenance", {})))
        return _checked(Sample(**{**parts, "path": Path(record["path"]), "provenance": provenance}))
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
    if set(map(type, runs["counts"])) - {int} or {type(rows), type(columns)} != {int}:
        raise ValueError(f"runs that are no whole numbers: {shown(runs)}")
    if min(runs["counts"], default=0) < 0 or sum(runs["counts"]) != rows * columns:
        raise ValueError(f"runs that do not fill {rows} rows and {columns} columns")
    counts = np.asarray(runs["counts"], dtype=int)
    return np.repeat(np.arange(len(counts)) % 2 == 1, counts).reshape(columns, rows).T


_Made = TypeVar("_Made")


def _checked(made: _Made) -> _Made:
    """Return what was made of a record, if each of its fields holds what its type says.

    Raises
    ------
    TypeError
        When a field holds something else.
    """
    for name, kind in type(made).__annotations__.items():
        value, kinds = getattr(made, name), _KINDS.get(kind)
        if kinds and type(value) not in kinds:
            raise TypeError(f"{name}: {shown(value)}, no {kind}")
    return made


_KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool | None": (bool, type(None)),
    "int | None": (int, type(None)),
    "Mapping[str, Any]": (dict,),
}


def _region(record: Mapping[str, Any]) -> Region:
    parts = {
        "box": Box(**record["box"]),
        "flags": _checked(Flags(**record.get("flags", {}))),
        "clicks": tuple(_checked(Click(**click)) for click in record.get("clicks", ())),
        "polygons": tuple(map(_polygon, record.get("polygons", ()))),
        "mask": None if record.get("mask") is None else mask_from_runs(record["mask"]),
    }
    return _checked(Region(**{**record, **parts}))


def _phrase(record: Mapping[str, Any]) -> Phrase:
    return _checked(Phrase(**{**record, "box": Box(**record["box"])}))


def _point(record: Mapping[str, Any]) -> PointLabel:
    votes = record.get("votes")
    return _checked(PointLabel(**{**record, "votes": None if votes is None else _checked(Votes(**votes))}))


_SAMPLE = Sample.__dataclass_fields__.keys()
_ANNOTATIONS = {
    "regions": _region,
    "phrases": _phrase,
    "labels": lambda record: _checked(ImageLabel(**record)),
    "points": _point,
    "relationships": lambda record: _checked(Relationship(**record)),
    "rejected": lambda record: _checked(RejectedAnnotation(**record)),
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
    if isinstance(annotation, Phrase):
        record |= _stated(said=dict(annotation.said))
    else:
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
    """Return the annotation of a dictionary; what it says under other keys goes into what is `said`.

    Null under a key says nothing, as if the key were not there.

    Raises
    ------
    ValueError, BoxError
        When it is none, with the reason.
    """
    stated = record
    if None in record.values():
        stated = {key: value for key, value in record.items() if value is not None}
    kinds = _WORD_KEYS & stated.keys()
    if len(kinds) > 1:
        raise ValueError(f"{' and '.join(key for key in KINDS if key in kinds)} in one annotation")
    kind = next(iter(kinds), "label")
    annotator = fields.text(stated.get("annotator", UNKNOWN), "annotator")
    said = _said(stated, kind)
    if kind == "image_label":
        word = fields.text(stated[kind], kind)
        return ImageLabel(word, _yes_no(stated.get("present"), "present"), annotator, said)
    name = _id(stated, "id") if "id" in stated else ""
    if kind == "predicate":
        subject, thing = _id(stated, "subject"), _id(stated, "object")
        return Relationship(subject, fields.text(stated[kind], kind), thing, name, annotator, said)
    if not kinds:
        raise ValueError(f"no {kind!r}, and no {', '.join(map(repr, KINDS[1:]))}")
    word = fields.text(stated[kind], kind)
    if kind == "phrase":
        return Phrase(word, _box(stated), name, annotator, said)
    outline = _polygons(stated["polygons"]) if "polygons" in stated else ()
    box = _box(stated) if "box" in stated or not outline else Box.around(outline)
    flags = _flags(stated["flags"]) if "flags" in stated else _NO_FLAGS
    clicks = _clicks(stated["clicks"]) if "clicks" in stated else ()
    return Region(word, box, name, annotator, outline, None, flags, clicks, said)


KINDS = ("label", "phrase", "image_label", "predicate")
"""The keys of an annotation's word; each annotation has one of them."""

_WORD_KEYS = frozenset(KINDS)
_OF_ALL = ("image", "annotator", "said")
_KEYS = {
    "label": {*_OF_ALL, "id", "label", "box", "polygons", "flags", "clicks"},
    "phrase": {*_OF_ALL, "id", "phrase", "box"},
    "image_label": {*_OF_ALL, "id", "image_label", "present"},
    "predicate": {*_OF_ALL, "id", "predicate", "subject", "object"},
}
_PLAIN_KEYS = {kind: keys - {"said"} for kind, keys in _KEYS.items()}
_BOX_EDGES, _CLICK_PARTS = 4, 3


def _said(stated: Mapping[str, Any], kind: str) -> dict[str, Any]:
    if stated.keys() <= _PLAIN_KEYS[kind]:
        return {}
    said = stated.get("said", {})
    if not isinstance(said, dict):
        raise ValueError(f"said: {shown(said)}, no table")  # noqa: TRY004 - one kind for all that is no annotation
    more = {key: value for key, value in stated.items() if key not in _KEYS[kind]}
    return fields.writable(more | said) if more or said else {}


def _id(stated: Mapping[str, Any], key: str) -> str:
    """Return an id: a text as it is, a number as its digits."""
    value = stated.get(key)
    if type(value) is str and value.isascii():
        return value
    if value is None or fields.unfit_id(value):
        raise ValueError(f"{key}: {shown(value)}, no id")
    return fields.text(fields.id_text(value), key)


def _box(stated: Mapping[str, Any]) -> Box:
    if "box" not in stated:
        raise ValueError("no 'box'")
    edges = fields.numbers(stated["box"], "box")
    if len(edges) != _BOX_EDGES:
        raise ValueError(f"box: {shown(stated['box'])}, not four edges")
    return Box(*edges)


def _polygons(lists: Any) -> tuple[tuple[tuple[float, float], ...], ...]:  # noqa: ANN401 - whatever stands there
    if type(lists) not in _PAIRS or not _PAIRS.issuperset(map(type, lists)):
        raise ValueError(f"polygons: {shown(lists)}, no list of polygons")
    return tuple(map(_polygon, lists))


_PAIRS, _TWO = frozenset((list, tuple)), frozenset((2,))


def _polygon(vertices: Sequence[Any]) -> tuple[tuple[float, float], ...]:
    if len(vertices) < MIN_VERTICES:
        raise ValueError("a polygon of fewer than three vertices")
    if not _PAIRS.issuperset(map(type, vertices)) or not _TWO.issuperset(map(len, vertices)):
        raise ValueError(f"polygons: {shown(vertices)}, not pairs of x and y")
    edges = iter(fields.numbers(list(chain.from_iterable(vertices)), "polygons"))
    return tuple(zip(edges, edges, strict=True))


_NO_FLAGS, _FLAG_NAMES, _BOOLS = Flags(), frozenset(Flags.__dataclass_fields__), frozenset((bool,))


def _flags(flags: Any) -> Flags:  # noqa: ANN401 - whatever stands there
    if not isinstance(flags, dict) or not _FLAG_NAMES.issuperset(flags):
        raise ValueError(f"flags: {shown(flags)}, not {', '.join(Flags.__dataclass_fields__)}")
    if not _BOOLS.issuperset(map(type, flags.values())):
        flags = {key: _yes_no(value, key) for key, value in flags.items()}
    return _flags_of(*flags.items())


@lru_cache(1 << 10)
def _flags_of(*answers: tuple[str, bool | None]) -> Flags:
    """Return the flags of these names and answers: regions have few different ones, and share them."""
    return Flags(**dict(answers))


def _clicks(clicks: Any) -> tuple[Click, ...]:  # noqa: ANN401 - whatever stands there
    if not clicks and type(clicks) is list:
        return ()
    if not isinstance(clicks, list | tuple) or not all(
        isinstance(click, list | tuple) and len(click) == _CLICK_PARTS for click in clicks
    ):
        raise ValueError(f"clicks: {shown(clicks)}, no list of x, y, yes or no")
    return tuple(_click(*click) for click in clicks)


def _click(x: object, y: object, on: object) -> Click:
    return Click(fields.number(x, "clicks"), fields.number(y, "clicks"), _yes_no(on, "clicks"))


def _yes_no(value: object, key: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise ValueError(f"{key}: {shown(value)} where only true, false and null (not said) can stand")
