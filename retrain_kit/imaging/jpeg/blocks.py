"""Blocks: those under a mask are emptied, and every other coefficient of the JPEG stays as it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.imaging.jpeg import headers, metadata, orientation, turbo
from retrain_kit.imaging.jpeg.headers import APP, EOI, SOI, UnsupportedJpegError, segments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrain_kit.imaging.jpeg.headers import ColourModel, Component, JpegHeader
    from retrain_kit.imaging.jpeg.turbo import Coefficients

    Mask = NDArray[np.bool_]


Colour = tuple[int, int, int]

_LOWEST, _HIGHEST = -1024, 1023
_FARTHEST = 4000  # a mean further out runs round a decoder's table of limits


def nearest_fill(header: JpegHeader, fill: Colour) -> tuple[list[int], Colour]:
    """Return for each component the quantised mean nearest to `fill`, and the colour they decode to."""
    wanted = _components(header.model, fill)
    means = [_mean(level, step) for level, step in zip(wanted, header.steps, strict=True)]
    levels = [_level(mean, step) for mean, step in zip(means, header.steps, strict=True)]
    return means, _colour(header.model, levels)


def _mean(wanted: float, step: int) -> int:
    target = (wanted - 128) * 8
    near = {int(target // step), int(-(-target // step)), 0}
    possible = [
        mean for mean in near if _LOWEST <= mean <= _HIGHEST and (not mean or abs(mean * step) <= _FARTHEST)
    ]
    return min(possible, key=lambda mean: (abs(_level(mean, step) - wanted), abs(mean)))


def _level(mean: int, step: int) -> int:
    """Return the sample a block with this mean alone decodes to, as libjpeg rounds it."""
    return _clip(((mean * step + 4) >> 3) + 128)


def _components(model: ColourModel, fill: Colour) -> tuple[float, ...]:
    """Return the wanted level of each component. Adobe's inks count from 255, no ink, down to 0."""
    if model == "grey":
        return (_luma(fill),)
    if model == "YCbCr":
        return _ycc(fill)
    if model == "YCCK":
        return (*_ycc((255 - fill[0], 255 - fill[1], 255 - fill[2])), 255)
    return fill if model == "RGB" else (*fill, 255)


def _colour(model: ColourModel, levels: list[int]) -> Colour:
    """Return the colour that levels of the components are shown as."""
    if model == "grey":
        return levels[0], levels[0], levels[0]
    if model in {"RGB", "CMYK"}:
        return levels[0], levels[1], levels[2]
    red, green, blue = _rgb(*levels[:3])
    return (red, green, blue) if model == "YCbCr" else (255 - red, 255 - green, 255 - blue)


def _luma(fill: Colour) -> float:
    return 0.299 * fill[0] + 0.587 * fill[1] + 0.114 * fill[2]


def _ycc(fill: Colour) -> tuple[float, float, float]:
    luma = _luma(fill)
    return luma, 128 + (fill[2] - luma) / 1.772, 128 + (fill[0] - luma) / 1.402


def _rgb(luma: int, blueness: int, redness: int) -> Colour:
    """Convert as libjpeg does, in 16 bits of fraction."""
    half, blue, red = 1 << 15, blueness - 128, redness - 128
    green = (-22554 * blue - 46802 * red + half) >> 16
    return (
        _clip(luma + ((91881 * red + half) >> 16)),
        _clip(luma + green),
        _clip(luma + ((116130 * blue + half) >> 16)),
    )


def _clip(level: int) -> int:
    return min(255, max(0, level))


REACH_PX = 2
"""From so many pixels beyond the effective mask on, everything decodes bit for bit as before; nearer, the
smoothing of subsampled colour may reach over."""


@dataclass(frozen=True)
class EmptiedJpeg:
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
        The method by which it was made.
    """

    data: bytes
    fill: Colour
    gone: tuple[str, ...]
    cells: Mask = field(repr=False)
    header: JpegHeader = field(repr=False)
    turn: int = 1
    kind: str = "lossless JPEG"

    @cached_property
    def effective(self) -> Mask:
        """The mask of what was really removed, in the upright frame: the asked-for grown to whole cells."""
        across, down = self.header.cell
        grown = self.cells.repeat(down, axis=0).repeat(across, axis=1)
        return orientation.to_upright(grown[: self.header.height_px, : self.header.width_px], self.turn)


def empty_blocks(
    data: bytes,
    mask: Mask,
    fill: Colour = (255, 255, 255),
    rotation_deg: int | None = None,
    where: str = "image",
) -> EmptiedJpeg:
    """Empty all blocks of a JPEG that `mask` touches, without decoding it.

    The removed area grows to the grid on which the blocks of all components agree: cells of 8 × 8 pixels up
    to 32 × 32, by the image's sampling (`EmptiedJpeg.effective`). Size, sampling, quantisation and
    progressive coding stay; restart markers go, as do bytes after the image's end. An empty mask gives the
    file back.

    Parameters
    ----------
    data
        A JPEG file.
    mask
        What to remove: boolean, rows and columns of the upright image.
    fill
        The colour wanted in its place; white is held exactly.
    rotation_deg
        The data set's own word on the turn, as for `decoding.load_image`; None: EXIF counts.
    where
        What errors call the image.

    Raises
    ------
    UnsupportedJpegError
        When this image cannot be emptied exactly, with the reason.
    ParameterError
        When the mask has another size than the upright image, or `rotation_deg` is no quarter turn.
    turbo.LibraryError
        When the TurboJPEG library is missing.
    """
    header = headers.read_jpeg_header(data, where)
    told = any(segment.marker == APP[1] for segment in header.before)
    turn = orientation.read_orientation(data, rotation_deg, where) if told or rotation_deg is not None else 1
    cells = _cells(_stored(mask, header, turn), header)
    means, colour = nearest_fill(header, fill)
    if not cells.any():
        return EmptiedJpeg(data, colour, (), cells, header, turn)
    coded = turbo.edit_coefficients(
        data, _Emptier(header, cells, means, where), progressive=header.kind == "progressive", where=where
    )
    kept, gone = _metadata(data, header)
    new = bytes((0xFF, SOI)) + kept + _image(coded, where)
    if (
        told
        and gone
        and orientation.read_orientation(new, None, where) != orientation.read_orientation(data, None, where)
    ):
        raise UnsupportedJpegError(where, "an orientation said only in metadata that must go")
    return EmptiedJpeg(new, colour, tuple(sorted(gone)), cells, header, turn)


@dataclass
class _Emptier:
    """Puts one mean into the blocks of a component that lie in cells to be emptied."""

    header: JpegHeader
    cells: Mask
    means: list[int]
    where: str

    def __call__(self, number: int, plane: Coefficients) -> None:
        if not _fits(plane[:, :, :1] if self.header.fits else plane):
            raise UnsupportedJpegError(self.where, "coefficients beyond the range of an 8-bit image")
        blocks = _blocks(self.cells, self.header, self.header.components[number])
        empty = np.zeros(64, dtype=np.int16)
        empty[0] = self.means[number]
        plane[blocks[: plane.shape[0], : plane.shape[1]]] = empty


def _fits(plane: Coefficients) -> bool:
    """Say whether the library's Huffman tables have a code for every value; it does not look itself.

    The means, which add up from block to block, may be given alone.
    """
    if plane.max() > 1023:  # noqa: PLR2004 - ten bits
        return False
    lowest = plane.min()
    return bool(lowest > -1024 or (lowest == -1024 and plane[:, :, 1:].min(initial=0) > -1024))  # noqa: PLR2004


def _blocks(cells: Mask, header: JpegHeader, part: Component) -> Mask:
    """Return which blocks of a component lie in cells to be emptied."""
    down = max(other.down for other in header.components)
    across = max(other.across for other in header.components)
    rows = header.cell[1] // 8 * part.down // down
    columns = header.cell[0] // 8 * part.across // across
    return cells.repeat(rows, axis=0).repeat(columns, axis=1)


def _stored(mask: Mask, header: JpegHeader, turn: int) -> Mask:
    turned = orientation.to_stored(mask, turn)
    if turned.shape != (header.height_px, header.width_px):
        found = f"{mask.shape[1]} × {mask.shape[0]} px"
        raise ParameterError(Fault("mask", found, "the size of the upright image"))
    return turned


def _cells(mask: Mask, header: JpegHeader) -> Mask:
    """Return which cells of the grid the mask touches."""
    across, down = header.cell
    rows, columns = -(-mask.shape[0] // down), -(-mask.shape[1] // across)
    padded = np.zeros((rows * down, columns * across), dtype=np.bool_)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    eights = padded.view(np.uint64).reshape(rows, down, -1)
    cells: Mask = np.bitwise_or.reduce(eights, axis=1).reshape(rows, columns, -1).any(axis=2)
    return cells


def _metadata(data: bytes, header: JpegHeader) -> tuple[bytes, set[str]]:
    kept, gone = metadata.segments_without_images(header.before)
    gone |= {"metadata between scans" for segment in header.after if metadata.is_metadata(segment)}
    beyond = len(data) - header.after[-1].stop
    return kept, gone | ({f"{beyond} bytes after the end"} if beyond else set())


def _image(coded: bytes, where: str) -> bytes:
    """Return tables, frame and scans of a file, without its application segments."""
    first = next(s for s in segments(coded, where) if not metadata.is_metadata(s) and s.marker != EOI)
    return coded[first.start :]
