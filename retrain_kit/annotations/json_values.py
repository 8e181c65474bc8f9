"""JSON values: single ones of what a browser or a file tells, checked before anything is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.errors import Fault

if TYPE_CHECKING:
    from retrain_kit.annotations.samples import Size

_MOST = 1e9
_SIDES = 2


def image_size(value: object, faults: list[Fault]) -> Size:
    """Return width and height in pixels, each a whole number; what is none is added to the faults."""
    if isinstance(value, list) and len(value) == _SIDES and all(map(_is_side, value)):
        return value[0], value[1]
    faults.append(Fault("size", kind_of(value), "width and height in whole pixels"))
    return 1, 1


def is_number(value: object) -> bool:
    """Say whether something is a number that is not too large for a place or a time."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MOST


def kind_of(value: object) -> str:
    """Return what kind of thing was found, never what somebody said."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"an object of type {type(value).__name__}"
    return f"{value:g}"


def _is_side(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MOST
