"""Values of FiftyOne's documents as plain ones: what JSON and the database hold alike."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrain_kit.datasets.fiftyone.library import fo

ABSENT: tuple[Any, ...] = (None, [], {}, "")
FEW_NUMBERS = 1000
"""Arrays of more numbers than that are maps, and are listed by shape and range alone."""


def attributes(document: fo.EmbeddedDocument, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what a document says, apart from the fields named and from those that are empty."""
    names = [name for name in document._fields_ordered if name not in but and not name.startswith("_")]  # noqa: SLF001 - FiftyOne's documents have no public name for all of their fields
    found = {name: document[name] for name in names}
    return {name: value(each) for name, each in found.items() if not is_empty(each)}


def is_empty(each: object) -> bool:
    """Say whether a field holds nothing: FiftyOne does not tell that from a field that was never set."""
    return not isinstance(each, np.ndarray) and each in ABSENT


def get(document: fo.EmbeddedDocument, name: str, default: Any = None) -> Any:  # noqa: ANN401 - whatever stands there
    """Return what stands in a field, `default` where it is not there or holds nothing."""
    found = document[name] if document.has_field(name) else None
    return default if found is None else found


def said(document: fo.EmbeddedDocument) -> dict[str, Any]:
    """Return the field `said`, with the tags that FiftyOne's users give."""
    found: dict[str, Any] = native(get(document, "said", {}))
    return {**found, "tags": list(document.tags)} if document.tags else found


def native(each: Any) -> Any:  # noqa: ANN401 - what JSON holds
    """Return FiftyOne's kinds of dictionaries and lists as Python's own."""
    if isinstance(each, dict):
        return {name: native(part) for name, part in each.items()}
    return [native(part) for part in each] if isinstance(each, list) else each


def value(each: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    """Return a value as texts, numbers, lists and dictionaries; what is none of them, as its text."""
    if hasattr(each, "_fields_ordered"):
        return attributes(each)
    return next((make(each) for kinds, make in _MAKERS if isinstance(each, kinds)), str(each))


def array(each: np.ndarray) -> Any:  # noqa: ANN401 - a list of any depth, or what is said of it
    """Return an array as lists, or its shape and range where it holds many numbers."""
    if each.size <= FEW_NUMBERS:
        return value(each.tolist())
    span = [value(each.min()), value(each.max())]
    return {"shape": list(each.shape), "dtype": str(each.dtype), "range": span, "left out": "its numbers"}


_MAKERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((bool, int, str, type(None)), lambda each: each),
    (float, lambda each: each if math.isfinite(each) else str(each)),
    (np.generic, lambda each: value(each.item())),
    (np.ndarray, array),
    (date, lambda each: each.isoformat()),
    (dict, lambda each: {str(name): value(part) for name, part in each.items()}),
    ((list, tuple, set), lambda each: [value(part) for part in each]),
)
