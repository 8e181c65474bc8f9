"""Values of FiftyOne's documents as plain ones: what JSON and the database hold alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.annotations.samples import Box
from retrain_kit.imaging import masking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Polygon, Size
    from retrain_kit.fiftyone.library import fo


EMPTY_VALUES: tuple[Any, ...] = (None, [], {}, "")
MAX_ARRAY_NUMBERS = 1000
"""Arrays of more numbers than that are maps, and are listed by shape and range alone."""


def filled_fields(document: fo.EmbeddedDocument, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what a document says, apart from the fields named and from those that are empty."""
    names = [name for name in document._fields_ordered if name not in but and not name.startswith("_")]  # noqa: SLF001 - FiftyOne's documents have no public name for all of their fields
    found = {name: document[name] for name in names}
    return {name: plain_value(each) for name, each in found.items() if not is_empty(each)}


def is_empty(each: object) -> bool:
    """Say whether a field holds nothing: FiftyOne does not tell that from a field that was never set."""
    return not isinstance(each, np.ndarray) and each in EMPTY_VALUES


def field_value(document: fo.EmbeddedDocument, name: str, default: Any = None) -> Any:  # noqa: ANN401 - whatever stands there
    """Return what stands in a field, `default` where it is not there or holds nothing."""
    found = document[name] if document.has_field(name) else None
    return default if found is None else found


def said_with_tags(document: fo.EmbeddedDocument) -> dict[str, Any]:
    """Return the field `said`, with the tags that FiftyOne's users give."""
    found: dict[str, Any] = native_containers(field_value(document, "said", {}))
    return {**found, "tags": list(document.tags)} if document.tags else found


def native_containers(each: Any) -> Any:  # noqa: ANN401 - what JSON holds
    """Return FiftyOne's kinds of dictionaries and lists as Python's own."""
    if isinstance(each, dict):
        return {name: native_containers(part) for name, part in each.items()}
    return [native_containers(part) for part in each] if isinstance(each, list) else each


def plain_value(each: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    """Return a value as texts, numbers, lists and dictionaries; what is none of them, as its text."""
    if hasattr(each, "_fields_ordered"):
        return filled_fields(each)
    return next((make(each) for kinds, make in _ANNOTATORS if isinstance(each, kinds)), str(each))


def plain_array(each: np.ndarray) -> Any:  # noqa: ANN401 - a list of any depth, or what is said of it
    """Return an array as lists, or its shape and range where it holds many numbers."""
    if each.size <= MAX_ARRAY_NUMBERS:
        return plain_value(each.tolist())
    span = [plain_value(each.min()), plain_value(each.max())]
    return {"shape": list(each.shape), "dtype": str(each.dtype), "range": span, "left out": "its numbers"}


_ANNOTATORS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((bool, int, str, type(None)), lambda each: each),
    (float, lambda each: each if math.isfinite(each) else str(each)),
    (np.generic, lambda each: plain_value(each.item())),
    (np.ndarray, plain_array),
    (date, lambda each: each.isoformat()),
    (dict, lambda each: {str(name): plain_value(part) for name, part in each.items()}),
    ((list, tuple, set), lambda each: [plain_value(part) for part in each]),
)

# -- coordinates as FiftyOne keeps them: fractions of the frame.


def box_from_relative_xywh(relative: Sequence[float], size: Size) -> Box:
    """Turn FiftyOne's [left, top, width, height], fractions of the frame, into a box in pixels."""
    left, top, width, height = relative
    return Box(*flat_pixels([(left, top), (left + width, top + height)], size))


def to_relative_xywh(box: Box, size: Size) -> list[float]:
    """Turn a box in pixels into FiftyOne's [left, top, width, height], fractions of the frame."""
    width, height = size
    return [box.left / width, box.top / height, box.width_px / width, box.height_px / height]


def polygons_from_relative(lists: Iterable[Iterable[Sequence[float]]], size: Size) -> tuple[Polygon, ...]:
    """Turn lists of points in fractions of the frame into polygons in pixels."""
    flat = [flat_pixels(points, size) for points in lists]
    return tuple(tuple(zip(edges[::2], edges[1::2], strict=True)) for edges in flat)


def flat_pixels(points: Iterable[Sequence[float]], size: Size) -> list[float]:
    """Return x, y, x, y, … in pixels."""
    return [round(fraction * side, 6) for point in points for fraction, side in zip(point, size, strict=True)]


# -- semantic masks: an image of values, one area for each value.


BACKGROUND = (0, "#000000")


@dataclass(frozen=True)
class SemanticArea:
    """Where a semantic mask has one value: the value, its word, its extent and the mask over it."""

    value: int | str
    word: str
    box: Box
    mask: NDArray[np.bool_]


def semantic_areas(mask: NDArray[Any], targets: Mapping[Any, str], size: Size) -> Iterator[SemanticArea]:
    """Yield the areas of a semantic mask of any size, stretched over a frame of `size` (width, height).

    Parameters
    ----------
    mask
        Rows and columns of numbers, or of red, green and blue; a colour's value is its #rrggbb.
    targets
        The words for the values; a value without one is its own word. The background, 0 or black,
        counts only where it has a word.
    size
        Of the image, in pixels.
    """
    words = {str(value).lower(): word for value, word in _words(targets)}
    for value, inside in _values(mask):
        if value in BACKGROUND and str(value) not in words:
            continue
        left, top, right, bottom = edges = masking.bounding_box(inside)
        box = _stretched(edges, mask.shape, size)
        yield SemanticArea(value, words.get(str(value)) or str(value), box, inside[top:bottom, left:right])


def _words(targets: Mapping[Any, Any]) -> Iterator[tuple[Any, str]]:
    """Yield the words of values: a text, or the `label` of what FiftyOne says of a colour."""
    for value, said in targets.items():
        found = said.get("label") if isinstance(said, dict) else said
        if isinstance(found, str) and found.strip():
            yield value, found


def _values(mask: NDArray[Any]) -> Iterator[tuple[int | str, NDArray[np.bool_]]]:
    """Yield each value, as a number or as #rrggbb, with where it stands."""
    coloured = mask.ndim == 3  # noqa: PLR2004 - rows, columns, colours
    if coloured:
        red, green, blue = (mask[..., channel].astype(int) for channel in range(3))
        mask = red << 16 | green << 8 | blue
    for number in map(int, np.unique(mask)):
        yield f"#{number:06x}" if coloured else number, mask == number


def _stretched(edges: tuple[int, int, int, int], shape: tuple[int, ...], size: Size) -> Box:
    """Return the box, in pixels of the frame, of an extent in cells of the mask."""
    across, down = size[0] / shape[1], size[1] / shape[0]
    left, top, right, bottom = edges
    return Box(*(round(edge, 6) for edge in (left * across, top * down, right * across, bottom * down)))
