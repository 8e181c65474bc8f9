"""Localized Narratives: what people said of an image while they moved a pointer over it.

The files are lines of JSON, one narrative a line, each of exactly these keys: `dataset_id`, `image_id`,
`annotator_id`, `caption`, `timed_caption`, `traces` and `voice_recording`; only `traces` may be missing.
The annotator is a number, a pseudonym, and stays one.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from retrain_kit.annotations import traces
from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.errors import DataError, Fault, reason_of
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from retrain_kit.annotations.traces import Trace

    Record = dict[str, Any]


KEYS = {
    "dataset_id": str,
    "image_id": str,
    "annotator_id": int,
    "caption": str,
    "timed_caption": list,
    "traces": list,
    "voice_recording": str,
}
"""The keys of a narrative and what stands under each."""

_IMAGE = re.compile(r'"image_id"\s*:\s*"([^"\\]*)"')


@dataclass(frozen=True)
class Utterance:
    """A stretch of speech; times in seconds from the start of the recording."""

    utterance: str
    start_time: float
    end_time: float


@dataclass(frozen=True)
class TracePoint:
    """Where the pointer was.

    x and y are fractions of the image from its top left and may lie outside it; t is in seconds from the
    start.
    """

    x: float
    y: float
    t: float


_Part = TypeVar("_Part", Utterance, TracePoint)


@dataclass(frozen=True)
class Narrative:
    """One person's account of an image.

    Parameters
    ----------
    annotator_id
        The source's number for the person: a pseudonym.
    traces
        The ways of the pointer, a new one each time it came back to the image; None where the source has
        none.
    voice_recording
        Where the recording is, as the source says it.
    """

    dataset_id: str
    image_id: str
    annotator_id: int
    caption: str
    timed_caption: tuple[Utterance, ...]
    traces: tuple[tuple[TracePoint, ...], ...] | None
    voice_recording: str


def load_narratives(
    path: Path, ids: Collection[str] | None = None, rejected: list[RejectedAnnotation] | None = None
) -> list[Narrative]:
    """Stream a file and return its narratives; only those of these images, where `ids` are given.

    Parameters
    ----------
    path, ids
        The file and the images.
    rejected
        Where lines go that are no narrative, as in `parse_narratives`.

    Raises
    ------
    DataError
        When the file cannot be read; as for `parse_narratives`.
    """
    try:
        with path.open(encoding=texts.encoding_of(path)) as file:
            return parse_narratives(file, path, ids, rejected)
    except (OSError, UnicodeError) as error:
        raise DataError(
            Fault(str(path), f"no narratives ({reason_of(error)})", "lines of JSON in UTF-8")
        ) from None


def parse_narratives(
    lines: Iterable[str],
    path: Path,
    ids: Collection[str] | None = None,
    rejected: list[RejectedAnnotation] | None = None,
) -> list[Narrative]:
    """Return the narratives of a file's lines; only those of these images, where `ids` are given.

    Parameters
    ----------
    lines, path
        The lines, and the file they are of.
    ids
        The images; lines of others are passed over unread.
    rejected
        Where lines go that are no narrative, with their image where they name one.

    Raises
    ------
    DataError
        With each line that is no narrative, where they are not asked for or no line is one.
    """
    found, faults, whole = [], [], 0
    lost: list[RejectedAnnotation] = []
    for number, line in enumerate(lines, start=1):
        named = _IMAGE.search(line) if ids is not None else None
        if not line.strip() or (named and ids is not None and named[1] not in ids):
            whole += bool(line.strip())
            continue
        try:
            narrative = _narrative(json.loads(line, parse_constant=_refuse))
        except (ValueError, OverflowError, RecursionError) as error:
            expected = f"a JSON object of exactly {', '.join(KEYS)}"
            faults.append(Fault(f"{path}, line {number}", str(error), expected))
            broken = (named[1] if named else "", str(error))
            lost.append(RejectedAnnotation(*broken, place=f"{path.name}, line {number}", row=line.strip()))
            continue
        whole += 1
        if ids is None or narrative.image_id in ids:
            found.append(narrative)
    if rejected is not None and (whole or not faults):
        rejected += lost
    elif faults:
        raise DataError(*faults)
    return found


def record_of_narrative(narrative: Narrative) -> Record:
    """Return the narrative as its line of JSON says it: the reverse of `parse_narratives`."""
    record = {key: getattr(narrative, key) for key in KEYS}
    record["timed_caption"] = [dict(vars(part)) for part in narrative.timed_caption]
    if narrative.traces is None:
        del record["traces"]
    else:
        record["traces"] = [[dict(vars(place)) for place in trace] for trace in narrative.traces]
    return record


def _narrative(record: object) -> Narrative:
    """Return the narrative of a record.

    Raises
    ------
    ValueError
        When the record is none, saying why.
    """
    if not isinstance(record, dict):
        raise ValueError(f"{type(record).__name__}, no object")  # noqa: TRY004 - every wrong line is one kind
    if missing := [key for key in KEYS if key not in record and key != "traces"]:
        raise ValueError(f"no {', '.join(missing)}")
    if more := [key for key in record if key not in KEYS]:
        raise ValueError(f"also {', '.join(more)}")
    for key, kind in KEYS.items():
        value = record.get(key, [])
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ValueError(f"{key}: {json.dumps(value)[:40]}")  # noqa: TRY004 - the same
    spoken = tuple(_part(Utterance, part, "timed_caption") for part in record["timed_caption"])
    traces = record.get("traces")
    traces = None if traces is None else tuple(_trace(trace) for trace in traces)
    return Narrative(**record | {"timed_caption": spoken, "traces": traces})


def _trace(trace: object) -> tuple[TracePoint, ...]:
    if not isinstance(trace, list):
        raise ValueError(f"traces: {json.dumps(trace)[:40]}")  # noqa: TRY004 - every wrong line is one kind
    return tuple(_part(TracePoint, place, "traces") for place in trace)


def _part(kind: type[_Part], part: object, key: str) -> _Part:
    fields = kind.__dataclass_fields__
    if not isinstance(part, dict) or part.keys() != fields.keys():
        raise ValueError(f"{key}: {json.dumps(part)[:60]}")
    for name, value in part.items():
        text = name == "utterance"
        if not (isinstance(value, str) if text else _is_number(value)):
            raise ValueError(f"{key}, {name}: {json.dumps(value)[:40]}")
    return kind(**part)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text}, which is no JSON")


# -- from a narrative, as its file has it, to a trace, as the core has it.


def trace_of_narrative(narrative: Narrative) -> Trace | None:
    """Return the trace of a narrative; None where its source has none.

    Raises
    ------
    DataError
        With the places and times that cannot be those of a pointer.
    """
    return None if narrative.traces is None else traces.from_records(record_of_narrative(narrative)["traces"])
