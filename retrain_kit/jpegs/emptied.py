"""Emptied JPEGs: the blocks under a mask hold one colour, every other coefficient is the original's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.jpegs import colours, headers, metadata, turbo, turns
from retrain_kit.jpegs.markers import APP, EOI, SOI, segments
from retrain_kit.jpegs.refusals import RefusalError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrain_kit.jpegs.colours import Colour
    from retrain_kit.jpegs.headers import Header
    from retrain_kit.jpegs.markers import Component
    from retrain_kit.jpegs.turbo import Coefficients

    Mask = NDArray[np.bool_]

REACH_PX = 2
"""From so many pixels beyond the effective mask on, everything decodes bit for bit as before; nearer, the
smoothing of subsampled colour may reach over."""


@dataclass(frozen=True)
class Emptied:
    """A JPEG without what was under the mask.

    Parameters
    ----------
    data
        The new file.
    fill
        The colour the emptied area holds: the nearest to the one asked for that its blocks can hold.
    gone
        What of the metadata went, by name, as it may show what was removed.
    kind
        The way this picture took.
    """

    data: bytes
    fill: Colour
    gone: tuple[str, ...]
    cells: Mask = field(repr=False)
    header: Header = field(repr=False)
    turn: int = 1
    kind: str = "lossless JPEG"

    @cached_property
    def effective(self) -> Mask:
        """The mask of what was really removed, in the upright frame: the asked-for grown to whole cells."""
        across, down = self.header.cell
        grown = self.cells.repeat(down, axis=0).repeat(across, axis=1)
        return turns.upright(grown[: self.header.height_px, : self.header.width_px], self.turn)


def remove(
    data: bytes,
    mask: Mask,
    fill: Colour = (255, 255, 255),
    rotation_deg: int | None = None,
    where: str = "picture",
) -> Emptied:
    """Empty all blocks of a JPEG that `mask` touches, without decoding it.

    The removed area grows to the grid on which the blocks of all components agree: cells of 8 × 8 pixels up
    to 32 × 32, by the picture's sampling (`Emptied.effective`). Size, sampling, quantisation and progressive
    coding stay; restart markers go, as do bytes after the picture's end. An empty mask gives the file back.

    Parameters
    ----------
    data
        A JPEG file.
    mask
        What to remove: boolean, rows and columns of the upright picture.
    fill
        The colour wanted in its place; white is held exactly.
    rotation_deg
        The data set's own word on the turn, as for `pictures.load`; None: EXIF counts.
    where
        What errors call the picture.

    Raises
    ------
    RefusalError
        When this picture cannot be emptied exactly, with the reason.
    ParameterError
        When the mask has another size than the upright picture, or `rotation_deg` is no quarter turn.
    turbo.LibraryError
        When the TurboJPEG library is missing.
    """
    header = headers.read(data, where)
    told = any(segment.marker == APP[1] for segment in header.before)
    turn = turns.orientation(data, rotation_deg, where) if told or rotation_deg is not None else 1
    cells = _cells(_stored(mask, header, turn), header)
    means, colour = colours.held(header, fill)
    if not cells.any():
        return Emptied(data, colour, (), cells, header, turn)
    coded = turbo.edit(
        data, _Emptier(header, cells, means, where), progressive=header.kind == "progressive", where=where
    )
    kept, gone = _metadata(data, header)
    new = bytes((0xFF, SOI)) + kept + _picture(coded, where)
    if told and gone and turns.orientation(new, None, where) != turns.orientation(data, None, where):
        raise RefusalError(where, "an orientation said only in metadata that must go")
    return Emptied(new, colour, tuple(sorted(gone)), cells, header, turn)


@dataclass
class _Emptier:
    """Puts one mean into the blocks of a component that lie in marked cells."""

    header: Header
    cells: Mask
    means: list[int]
    where: str

    def __call__(self, number: int, plane: Coefficients) -> None:
        if not _fits(plane):
            raise RefusalError(self.where, "coefficients beyond the range of an 8-bit picture")
        blocks = _blocks(self.cells, self.header, self.header.components[number])
        empty = np.zeros(64, dtype=np.int16)
        empty[0] = self.means[number]
        plane[blocks[: plane.shape[0], : plane.shape[1]]] = empty


def _fits(plane: Coefficients) -> bool:
    """Say whether the library's Huffman tables have a code for every value; it does not look itself."""
    if plane.max() > 1023:  # noqa: PLR2004 - ten bits
        return False
    lowest = plane.min()
    return bool(lowest > -1024 or (lowest == -1024 and plane[:, :, 1:].min() > -1024))  # noqa: PLR2004


def _blocks(cells: Mask, header: Header, part: Component) -> Mask:
    """Return which blocks of a component lie in marked cells."""
    down = max(other.down for other in header.components)
    across = max(other.across for other in header.components)
    rows = header.cell[1] // 8 * part.down // down
    columns = header.cell[0] // 8 * part.across // across
    return cells.repeat(rows, axis=0).repeat(columns, axis=1)


def _stored(mask: Mask, header: Header, turn: int) -> Mask:
    turned = turns.stored(mask, turn)
    if turned.shape != (header.height_px, header.width_px):
        found = f"{mask.shape[1]} × {mask.shape[0]} px"
        raise ParameterError(Fault("mask", found, "the size of the upright picture"))
    return turned


def _cells(mask: Mask, header: Header) -> Mask:
    """Return which cells of the grid the mask touches."""
    across, down = header.cell
    rows, columns = -(-mask.shape[0] // down), -(-mask.shape[1] // across)
    padded = np.zeros((rows * down, columns * across), dtype=np.bool_)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    eights = padded.view(np.uint64).reshape(rows, down, -1)
    cells: Mask = np.bitwise_or.reduce(eights, axis=1).reshape(rows, columns, -1).any(axis=2)
    return cells


def _metadata(data: bytes, header: Header) -> tuple[bytes, set[str]]:
    kept, gone = metadata.still_true(header.before)
    gone |= {"metadata between scans" for segment in header.after if metadata.is_metadata(segment)}
    beyond = len(data) - header.after[-1].stop
    return kept, gone | ({f"{beyond} bytes after the end"} if beyond else set())


def _picture(coded: bytes, where: str) -> bytes:
    """Return tables, frame and scans of a file, without its application segments."""
    first = next(s for s in segments(coded, where) if not metadata.is_metadata(s) and s.marker != EOI)
    return coded[first.start :]
