"""Recordings: what a person said of an image, the boxes they drew, and where their pointer was meanwhile.

A focus path, that of a person who works by keyboard, is no pointer: it is kept apart, and never among the
pieces of a trace. Everything is in fractions of the frame, as in `traces`; the image itself is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.annotations.json_values import image_size, is_number, kind_of
from retrain_kit.annotations.samples import Box, Region
from retrain_kit.annotations.traces import Trace
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage.languages import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.annotations.samples import Size


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
    """One sitting of one person before one image.

    Parameters
    ----------
    size
        Of the upright image, in pixels.
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
        How large the image was on the screen, in CSS pixels; None where that is not said.
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
        """The boxes as regions of the image, in its pixels, numbered as they were drawn."""
        return tuple(_region(tag, number, self.size) for number, tag in enumerate(self.tags, 1))


def trace_of_focus(focus: Trace) -> Trace:
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


# -- checks: what comes from a browser or a file is checked before it is a recording.


MAX_POINTS = 100_000
MAX_TAGS, MAX_LABEL_CHARS, MAX_TEXT_CHARS = 200, 80, 4_000
MAX_SECONDS = 4 * 3600
_EDGES, _AXES, _SIDES = 4, 3, 2


def from_details(image: str, text: str, details: Mapping[str, Any]) -> Recording:
    """Return the recording that JSON tells: the reverse of `to_details`.

    What else it holds is passed over. Points may be rows of x, y and t, or objects of these names.

    Raises
    ------
    DataError
        With everything that is wrong, whoever sent it.
    """
    faults: list[Fault] = []
    if len(text) > MAX_TEXT_CHARS:
        letters = ngettext("{count} letter", "{count} letters", len(text))
        most = gettext("at most {count}", count=MAX_TEXT_CHARS)
        faults.append(Fault(gettext("description"), letters, most))
    found = Recording(
        image,
        image_size(details.get("size"), faults),
        text,
        _trace(details.get("pieces"), "pieces", faults),
        _trace(details.get("focus"), "focus", faults),
        _tags(details.get("tags"), faults),
        _devices(details.get("devices"), faults),
        _number(details.get("seconds", 0), "seconds", faults),
        _pair(details.get("written"), "written", faults),
        _pair(details.get("frame"), "frame", faults),
    )
    if faults:
        raise DataError(*faults)
    return found


def _trace(pieces: object, name: str, faults: list[Fault]) -> Trace:
    """Return the trace that lists of points tell; list what is wrong with them."""
    if pieces is None:
        return Trace()
    if not isinstance(pieces, list) or not all(isinstance(piece, list) for piece in pieces):
        faults.append(Fault(name, kind_of(pieces), "lists of points"))
        return Trace()
    if (count := sum(map(len, pieces))) > MAX_POINTS or len(pieces) > MAX_POINTS:
        do, most = gettext("A shorter recording has room."), gettext("at most {count}", count=MAX_POINTS)
        found = gettext("{count} points", count=max(count, len(pieces)))
        faults.append(Fault(name, found, most, do))
        return Trace()
    rows = [[_row(point) for point in piece] for piece in pieces if piece]
    if not all(len(row) == _AXES and all(map(is_number, row)) for piece in rows for row in piece):
        faults.append(Fault(name, "points that are none", "x, y and t of each point, as numbers"))
        return Trace()
    try:
        trace = Trace(tuple(np.array(piece, dtype=np.float64) for piece in rows))
    except DataError as error:
        faults += error.faults
        return Trace()
    if trace.span and not 0 <= trace.span[0] <= trace.span[1] <= MAX_SECONDS:
        found = f"times from {trace.span[0]:g} to {trace.span[1]:g} s"
        faults.append(Fault(name, found, f"times from 0 to {MAX_SECONDS} s"))
    return trace


def _row(point: object) -> list[Any]:
    if isinstance(point, dict):
        return [point.get(axis) for axis in "xyt"]
    return point if isinstance(point, list) else []


def _tags(tags: object, faults: list[Fault]) -> tuple[Tag, ...]:
    if tags is None:
        return ()
    if not isinstance(tags, list) or len(tags) > MAX_TAGS:
        found = f"{len(tags)} boxes" if isinstance(tags, list) else kind_of(tags)
        faults.append(Fault("tags", found, f"a list of at most {MAX_TAGS} boxes"))
        return ()
    read = [_tag(tag, f"box {number}", faults) for number, tag in enumerate(tags, 1)]
    return tuple(tag for tag in read if tag)


def _tag(tag: object, where: str, faults: list[Fault]) -> Tag | None:
    if not isinstance(tag, dict):
        faults.append(Fault(where, kind_of(tag), "an object"))
        return None
    before = len(faults)
    label, edges, t, device = (tag.get(name) for name in ("label", "edges", "t", "device"))
    if not isinstance(label, str) or not 1 <= len(label.strip()) <= MAX_LABEL_CHARS:
        found = f"{len(label.strip())} letters" if isinstance(label, str) else kind_of(label)
        faults.append(Fault(f"{where}, word", found, f"a word of 1 to {MAX_LABEL_CHARS} letters"))
    if not _are_edges(edges):
        faults.append(Fault(where, "no box", "left < right and top < bottom, as fractions of the frame"))
    if t is not None:
        _number(t, f"{where}, t", faults)
    if device not in (None, "", *DEVICES):
        faults.append(Fault(f"{where}, device", kind_of(device), f"one of {', '.join(DEVICES)}, or empty"))
    if len(faults) > before:
        return None
    left, top, right, bottom = map(float, edges or ())
    return Tag(str(label), (left, top, right, bottom), None if t is None else float(t), str(device or ""))


def _are_edges(edges: Any) -> bool:  # noqa: ANN401 - whatever a browser sends
    if not isinstance(edges, list) or len(edges) != _EDGES or not all(map(is_number, edges)):
        return False
    left, top, right, bottom = edges
    return bool(0 <= left < right <= 1 and 0 <= top < bottom <= 1)


def _devices(devices: object, faults: list[Fault]) -> tuple[str, ...]:
    if devices is None:
        return ()
    if not isinstance(devices, list) or not all(device in DEVICES for device in devices):
        faults.append(Fault("devices", kind_of(devices), f"a list of {', '.join(DEVICES)}"))
        return ()
    return tuple(dict.fromkeys(devices))


def _pair(pair: object, name: str, faults: list[Fault]) -> tuple[float, float] | None:
    if pair is None:
        return None
    if isinstance(pair, list) and len(pair) == _SIDES and all(map(is_number, pair)):
        return _number(pair[0], name, faults), _number(pair[1], name, faults)
    faults.append(Fault(name, kind_of(pair), "two numbers"))
    return None


def _number(value: Any, name: str, faults: list[Fault]) -> float:  # noqa: ANN401 - whatever a browser sends
    if is_number(value) and 0 <= value <= MAX_SECONDS:
        return float(value)
    faults.append(Fault(name, kind_of(value), f"a number from 0 to {MAX_SECONDS}"))
    return 0.0
