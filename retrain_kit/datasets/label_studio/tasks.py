"""Label Studio's tasks: which image each is about, who annotated it, and its results, in one form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from retrain_kit.annotations.samples import UNKNOWN
from retrain_kit.datasets.formats import fields, json_entries
from retrain_kit.datasets.formats.listings import IMAGE_SUFFIXES
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrain_kit.datasets.formats.pseudonyms import Pseudonyms

Row = dict[str, Any]

_UPLOADED = re.compile(r"\A[0-9a-f]{8}-(?=.)")
_KEPT = ("created_at", "updated_at", "lead_time", "ground_truth", "was_cancelled", "score", "model_version")
_MIN_TASK = {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time"}


@dataclass(frozen=True)
class Annotation:
    """What one annotator, or one model, said of a task.

    Parameters
    ----------
    id
        Its id; a text of its place where it has none.
    annotator
        Who made it: a number in the place of a name, a model with its version, or unknown.
    said
        When it was made, how long it took, whether it was cancelled.
    results
        Its results as they stand.
    """

    id: str
    annotator: str
    said: Row
    results: tuple[Any, ...]

    @property
    def cancelled(self) -> bool:
        """Whether its annotator skipped the task."""
        return self.said.get("was_cancelled") is True


@dataclass(frozen=True)
class Task:
    """A task: an image, and what was said of it.

    Parameters
    ----------
    names
        What its image may be called, the fullest first; empty where it names none.
    why
        Why it cannot be told which image it is about; empty where it can.
    """

    file: str
    number: int
    id: str
    names: tuple[str, ...]
    annotations: tuple[Annotation, ...] = ()
    predictions: tuple[Annotation, ...] = ()
    why: str = ""
    faults: tuple[tuple[str, Any], ...] = field(default=())


def read_tasks(path: Path, people: Pseudonyms) -> Iterator[Task]:
    """Yield the tasks of an export: JSON, or JSON-MIN.

    Raises
    ------
    DataError
        When it is no list of tasks.
    """
    number = 0
    for number, row in enumerate(_listed(path), start=1):
        yield _task(path.name, number, row, people)
    if not number:
        raise DataError(Fault(str(path), "no task", _KIND))


_KIND = "a JSON list of tasks, as Label Studio exports it"


def _listed(path: Path) -> Iterator[Any]:
    try:
        yield from json_entries.stream_list(path)
    except (OSError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise DataError(Fault(str(path), f"no JSON ({reason})", _KIND, "Is the file whole?")) from None


def _task(file: str, number: int, row: Any, people: Pseudonyms) -> Task:  # noqa: ANN401 - whatever is listed
    if not isinstance(row, dict):
        return Task(file, number, "", (), why=f"{shown(row)}, no task")
    plain = row if "data" in row or "annotations" in row or "completions" in row else _from_min(row)
    names, why = _image_names(plain)
    stated = plain.get("annotations", plain.get("completions"))
    wrong = [] if isinstance(stated, list | None) else [("annotations", stated)]
    annotations = [
        _annotation(each, at, _who(each, people))
        for at, each in enumerate(stated if isinstance(stated, list) else [], start=1)
    ]
    predicted = plain.get("predictions")
    predictions = [
        _annotation(each, at, _model(each))
        for at, each in enumerate(predicted if isinstance(predicted, list) else [], start=1)
        if isinstance(each, dict)  # a short export lists their numbers alone
    ]
    name = fields.id_text(plain.get("id")) or str(number)
    return Task(file, number, name, names, tuple(annotations), tuple(predictions), why, tuple(wrong))


def _annotation(row: Any, at: int, annotator: str) -> Annotation:  # noqa: ANN401 - whatever stands in the list
    said = row if isinstance(row, dict) else {}
    results = said.get("result")
    kept = {key: said[key] for key in _KEPT if said.get(key) not in (None, "", False)}
    found = tuple(results) if isinstance(results, list) else (row if results is None else results,)
    empty = isinstance(row, dict) and results is None
    return Annotation(fields.id_text(said.get("id")) or f"#{at}", annotator, kept, () if empty else found)


def _who(row: Any, people: Pseudonyms) -> str:  # noqa: ANN401 - whatever stands in the list
    """Return who made an annotation: the number that Label Studio has for them, never a name."""
    said = row.get("completed_by") if isinstance(row, dict) else None
    if isinstance(said, dict):
        said = said.get("id", said.get("email"))
    if isinstance(said, int) and not isinstance(said, bool):
        return f"annotator {said}"
    return people.of(said) or UNKNOWN


def _model(row: Row) -> str:
    version = row.get("model_version")
    return (
        f"model {version}"
        if isinstance(version, str) and fields.is_text(version) and version.strip()
        else "model"
    )


# -- which image


def _image_names(row: Row) -> tuple[tuple[str, ...], str]:
    """Return what the image of a task may be called; or why none can be told."""
    data = row.get("data")
    texts = [each for each in (data.values() if isinstance(data, dict) else ()) if isinstance(each, str)]
    stated = data.get("image") if isinstance(data, dict) else None
    images = {text: name for text in texts if (name := _path(text)).lower().endswith(tuple(IMAGE_SUFFIXES))}
    if isinstance(stated, str) and stated.strip():
        name = _path(stated)
    elif len(images) > 1:
        return (), f"{len(images)} images in one task: which of them is annotated is not said"
    else:
        upload = row.get("file_upload")
        name = next(iter(images.values()), upload if isinstance(upload, str) else "")
    if not name or not fields.is_text(name):
        return (), "no image named in its data"
    name = name.lstrip("/")
    before, slash, last = name.rpartition("/")
    return tuple(dict.fromkeys([name, f"{before}{slash}{_UPLOADED.sub('', last)}"])), ""


def _path(text: str) -> str:
    """Return the path in an address, or in a name of a file."""
    text = text.strip()
    if "://" not in text and not text.startswith("/data/"):
        return text.replace("\\", "/")
    try:
        parts = urlsplit(text)
        local = parse_qs(parts.query).get("d") if parts.path.rstrip("/").endswith("/local-files") else None
    except ValueError:
        return text
    return local[0].replace("\\", "/") if local else unquote(parts.path).lstrip("/")


# -- JSON-MIN


def _from_min(row: Row) -> Row:
    """Return a task of JSON-MIN as one of JSON: its answers stand there under the names of the controls."""
    data = {key: value for key, value in row.items() if key not in _MIN_TASK and isinstance(value, str)}
    results: list[Any] = []
    for key, value in row.items():
        if isinstance(value, list):
            results += [_result_of_min(key, each) for each in value]
        elif isinstance(value, dict):
            results.append({"from_name": key, "type": next(iter(value), ""), "value": value})
    annotation = {key: row[key] for key in _KEPT if key in row}
    annotation |= {"id": row.get("annotation_id"), "completed_by": row.get("annotator"), "result": results}
    return {"id": row.get("id"), "data": data, "annotations": [annotation]}


def _result_of_min(key: str, value: Any) -> Any:  # noqa: ANN401 - whatever stands in the list
    if not isinstance(value, dict):
        return value
    sizes = {
        name: value[name] for name in ("original_width", "original_height", "image_rotation") if name in value
    }
    rest = {name: each for name, each in value.items() if name not in sizes}
    kind = next((name for name in rest if name.endswith("labels")), "")
    return {"from_name": key, "type": kind, **sizes, "value": rest}
