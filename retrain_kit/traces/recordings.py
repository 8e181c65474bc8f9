"""Recordings: what a person said of a picture, the boxes they drew, and where their pointer was meanwhile.

A focus path, that of a person who works by keyboard, is no pointer: it is kept apart, and never among the
pieces of a trace. Everything is in fractions of the frame, as in `traces`; the picture itself is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.samples import Box, Region
from retrain_kit.traces import Trace

if TYPE_CHECKING:
    from retrain_kit.samples import Size

DEVICES = ("mouse", "pen", "touch", "keyboard")
PLACE_DIGITS, TIME_DIGITS = 6, 4
"""Places are kept to a millionth of the frame, times to a tenth of a millisecond: finer than any screen."""
DRAWN = "drawn"
NO_TRACE = Trace()


@dataclass(frozen=True)
class Tag:
    """A box, and the word that a person gave it.

    Parameters
    ----------
    edges
        Left, top, right, bottom, as fractions of the frame.
    t
        When it was finished, in seconds from the start; None where that is not said.
    device
        What it was drawn with, one of `DEVICES`; empty where that is not said.
    """

    label: str
    edges: tuple[float, float, float, float]
    t: float | None = None
    device: str = ""


@dataclass(frozen=True)
class Recording:
    """One sitting of one person before one picture.

    Parameters
    ----------
    size
        Of the upright picture, in pixels.
    text
        The description, as typed; may be empty.
    trace, focus
        The ways of the pointer, and those of the keyboard's focus: a point each time it moved on.
    devices
        What was used, as far as the browser tells it apart.
    seconds
        From the start of the recording to its end.
    written
        The first and the last moment at which something was typed; None where that is not said.
    frame
        How large the picture was on the screen, in CSS pixels; None where that is not said.
    """

    image: str
    size: Size
    text: str = ""
    trace: Trace = NO_TRACE
    focus: Trace = NO_TRACE
    tags: tuple[Tag, ...] = ()
    devices: tuple[str, ...] = ()
    seconds: float = 0.0
    written: tuple[float, float] | None = None
    frame: tuple[float, float] | None = None

    @property
    def regions(self) -> tuple[Region, ...]:
        """The boxes as regions of the picture, in its pixels, numbered as they were drawn."""
        return tuple(_region(tag, number, self.size) for number, tag in enumerate(self.tags, 1))


def held(focus: Trace) -> Trace:
    """Return a focus path as a trace: it stays at each place until it moves on, and is there at once."""
    pieces = []
    for piece in focus.pieces:
        stays = np.repeat(piece, 2, axis=0)[:-1]
        stays[1::2, 2] = piece[1:, 2]
        pieces.append(stays)
    return Trace(tuple(pieces))


def to_details(recording: Recording) -> dict[str, Any]:
    """Return all of a recording but its image and its text, as JSON."""
    return {
        "size": list(recording.size),
        "pieces": _rows(recording.trace),
        "focus": _rows(recording.focus),
        "tags": [
            {"label": tag.label, "edges": list(tag.edges), "t": tag.t, "device": tag.device}
            for tag in recording.tags
        ],
        "devices": list(recording.devices),
        "seconds": recording.seconds,
        "written": recording.written and list(recording.written),
        "frame": recording.frame and list(recording.frame),
    }


def _region(tag: Tag, number: int, size: Size) -> Region:
    left, top, right, bottom = (edge * side for edge, side in zip(tag.edges, size * 2, strict=True))
    said = {"t": tag.t, "device": tag.device}
    return Region(tag.label, Box(left, top, right, bottom), str(number), DRAWN, said=said)


def _rows(trace: Trace) -> list[list[list[float]]]:
    digits = (PLACE_DIGITS, PLACE_DIGITS, TIME_DIGITS)
    ways = [piece for piece in trace.pieces if len(piece)]
    return [
        np.stack([axis.round(each) for axis, each in zip(way.T, digits, strict=True)], axis=1).tolist()
        for way in ways
    ]
