"""Headers: what a JPEG's markers say of its kind, size, components and colour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Literal

from retrain_kit.jpegs import scans
from retrain_kit.jpegs.markers import APP, DQT, EOI, FRAMES, SOS, Component, Segment, segments
from retrain_kit.jpegs.refusals import RefusalError
from retrain_kit.pictures import MAX_PIXELS

if TYPE_CHECKING:
    from collections.abc import Iterable

Model = Literal["grey", "YCbCr", "RGB", "CMYK", "YCCK"]

_KINDS = {0xC0: "baseline", 0xC1: "extended", 0xC2: "progressive"}
_OTHER_KINDS = {
    **dict.fromkeys((0xC3, 0xC7, 0xCB, 0xCF), "lossless coding, which has no blocks"),
    **dict.fromkeys((0xC5, 0xC6, 0xCD, 0xCE), "hierarchical coding"),
    **dict.fromkeys((0xC9, 0xCA), "arithmetic coding"),
}
_ADOBE: dict[tuple[int, int], Model] = {(3, 0): "RGB", (3, 1): "YCbCr", (4, 0): "CMYK", (4, 2): "YCCK"}


@dataclass(frozen=True)
class Header:
    """What the markers of a JPEG say.

    Parameters
    ----------
    kind
        `baseline`, `extended` or `progressive`.
    width_px, height_px
        Size of the stored picture, before any turn.
    steps
        For each component the quantisation step of its mean (DC) coefficient.
    model
        What the components mean.
    before, after
        The segments before the first scan, and from it on.
    """

    kind: str
    width_px: int
    height_px: int
    components: tuple[Component, ...]
    steps: tuple[int, ...]
    model: Model
    before: tuple[Segment, ...]
    after: tuple[Segment, ...]

    @cached_property
    def cell(self) -> tuple[int, int]:
        """Width and height in pixels of the smallest cell whose edges are block edges of all components."""
        across = [part.across for part in self.components]
        down = [part.down for part in self.components]
        return 8 * (max(across) // min(across)), 8 * (max(down) // min(down))


def read(data: bytes, where: str = "picture") -> Header:
    """Read the header of a JPEG and make sure that its blocks can be emptied exactly.

    Raises
    ------
    RefusalError
        With the reason when they cannot.
    """
    found = list(segments(data, where))
    before = tuple(takewhile(lambda segment: segment.marker != SOS, found))
    after = tuple(found[len(before) :])
    kind, width, height, components = _frame(found, where)
    if not after:
        raise RefusalError(where, "no scan, so no picture")
    if any(segment.marker not in {SOS, EOI, 0xC4, 0xDD, *APP, 0xFE} for segment in after):
        raise RefusalError(where, "tables or sizes that change between the scans")
    scans.check((segment.payload for segment in after if segment.marker == SOS), components, kind, where)
    steps = _steps(before, components, where)
    model = _model(before, components, where)
    return Header(kind, width, height, components, steps, model, before, after)


def _frame(found: Iterable[Segment], where: str) -> tuple[str, int, int, tuple[Component, ...]]:
    frames = [segment for segment in found if segment.marker in FRAMES]
    if len(frames) != 1:
        raise RefusalError(where, f"{len(frames)} frames", "a JPEG with one")
    marker, payload = frames[0].marker, frames[0].payload
    if marker not in _KINDS:
        raise RefusalError(where, _OTHER_KINDS[marker])
    if len(payload) < 9 or len(payload) != 6 + 3 * payload[5]:  # noqa: PLR2004 - three bytes a component
        raise RefusalError(where, "a broken frame header")
    precision, height, width = payload[0], int.from_bytes(payload[1:3]), int.from_bytes(payload[3:5])
    if precision != 8:  # noqa: PLR2004 - bits
        raise RefusalError(where, f"samples of {precision} bits", "a JPEG of 8 bits")
    if not width * height:
        raise RefusalError(where, "no size in its header")
    if width * height > MAX_PIXELS:
        raise RefusalError(where, f"a picture too large: {width} × {height} px", f"at most {MAX_PIXELS} px")
    parts = [payload[place : place + 3] for place in range(6, len(payload), 3)]
    components = tuple(Component(part[0], part[1] >> 4, part[1] & 15, part[2]) for part in parts)
    _check_sampling(components, where)
    return _KINDS[marker], width, height, components


def _check_sampling(components: tuple[Component, ...], where: str) -> None:
    if len(components) not in {1, 3, 4} or len({part.id for part in components}) != len(components):
        raise RefusalError(
            where, f"components {[part.id for part in components]}", "one, three or four of them"
        )
    for factors in ([part.across for part in components], [part.down for part in components]):
        if not all(1 <= factor <= 4 and max(factors) % factor == 0 for factor in factors):  # noqa: PLR2004
            raise RefusalError(where, f"unusual sampling {factors}")


def _steps(before: Iterable[Segment], components: Iterable[Component], where: str) -> tuple[int, ...]:
    """Return for each component the first value of its quantisation table."""
    first: dict[int, int] = {}
    for segment in before:
        place = 0
        while segment.marker == DQT and place < len(segment.payload):
            wide, number = segment.payload[place] >> 4, segment.payload[place] & 15
            first[number] = int.from_bytes(segment.payload[place + 1 : place + 2 + wide])
            place += 65 + 64 * wide
    steps = tuple(first.get(part.table, 0) for part in components)
    if not all(steps):
        raise RefusalError(where, "a component without its quantisation table")
    return steps


def _model(before: tuple[Segment, ...], components: tuple[Component, ...], where: str) -> Model:
    """Say what the components mean, as libjpeg does; what it has to guess is refused."""
    if len(components) == 1:
        return "grey"
    jfif = any(segment.marker == APP[0] and segment.payload[:5] == b"JFIF\0" for segment in before)
    adobe = [
        s.payload[11] for s in before if s.marker == APP[14] and s.payload[:5] == b"Adobe" and s.payload[11:]
    ]
    ids = tuple(part.id for part in components)
    if len(components) == 3 and (jfif or not adobe):  # noqa: PLR2004 - three components may be YCbCr or RGB
        return "RGB" if not jfif and ids == tuple(b"RGB") else "YCbCr"
    if not adobe:
        raise RefusalError(where, "four inks without Adobe's marker: whether 0 or 255 is no ink is not said")
    model = _ADOBE.get((len(components), adobe[-1]))
    if model is None:
        raise RefusalError(where, f"an unknown colour transform ({adobe[-1]})")
    return model
