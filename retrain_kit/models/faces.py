"""Faces: detectors that say where a face may be, as functions that can be named where one is asked for.

They are asked where, never whose. Neither finds small faces in a crowd reliably: what they miss stays seen.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from retrain_kit.models.guests import Guest, invite

if TYPE_CHECKING:
    from retrain_kit.models.guests import Detection
    from retrain_kit.models.inputs import Pixels


def blazeface(image: Pixels) -> list[Detection]:
    """Return what BlazeFace takes for a face; `retrain-kit pull model:blazeface` brings it.

    Raises
    ------
    DataError
        When its weights or its runtime are not here.
    """
    return _guest("blazeface").detect(image)


def centerface(image: Pixels) -> list[Detection]:
    """Return what CenterFace takes for a face; `retrain-kit pull model:centerface` brings it.

    Raises
    ------
    DataError
        When its weights or its runtime are not here.
    """
    return _guest("centerface").detect(image)


@cache
def _guest(name: str) -> Guest:
    return invite(name)
