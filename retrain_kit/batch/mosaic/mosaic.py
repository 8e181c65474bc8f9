"""Mosaics: all images of a study at once, as one image or row by row.

Memory holds a few rows of tiles, however many there are; only a JPEG is put together as a whole, because
it is encoded so.
"""

from __future__ import annotations

import math
import os
import struct
import zlib
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

import numpy as np
from PIL import Image, ImageStat

from retrain_kit.batch.mosaic import tiles
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample, Size
    from retrain_kit.batch.mosaic.tiles import Look, Tile

    Progress = Callable[[Iterable[Tile]], Iterable[Tile]]

Order = Literal["as given", "id", "brightness"]
MAX_JPEG_PIXELS = 320_000_000
"""A JPEG is put together in memory, four bytes a pixel; larger mosaics are PNG or pages."""
MAX_JPEG_SIDE_PX = 65_500
MOSAIC_QUALITY = 88
TILES_AHEAD = 16  # tiles a thread may be ahead of the row that waits for them
T = TypeVar("T")


@dataclass(frozen=True)
class MosaicLayout:
    """How a mosaic is laid out.

    Parameters
    ----------
    columns
        How many tiles stand in a row; None for as many as make it four wide to three high.
    order
        `as given`, by `id`, or by `brightness`, from dark to bright as the tiles look.
    preview_px
        The longer side of the previews to which the tiles of a page lead.
    threads
        How many images are decoded at once; None for one on each processor.
    """

    columns: int | None = None
    order: Order = "as given"
    preview_px: int = 640
    threads: int | None = None


@dataclass(frozen=True)
class TileGrid:
    """Places for `count` tiles, row by row from the upper left."""

    count: int
    columns: int
    tile_px: int

    @classmethod
    def for_count(cls, count: int, tile_px: int, columns: int | None = None) -> TileGrid:
        """Return a grid of so many columns, or of those that make it four wide to three high.

        Raises
        ------
        ParameterError
            When there are no tiles or no columns.
        """
        faults = [Fault("images", "none", "one or more")] if count < 1 else []
        if columns is not None and columns < 1:
            faults.append(Fault("columns", str(columns), "one or more"))
        if faults:
            raise ParameterError(*faults)
        return cls(count, min(count, columns or math.ceil(math.sqrt(count * 4 / 3))), tile_px)

    @property
    def rows(self) -> int:
        """How many rows the tiles take."""
        return -(-self.count // self.columns)

    @property
    def size(self) -> Size:
        """Width and height of the mosaic in pixels."""
        return self.columns * self.tile_px, self.rows * self.tile_px


@dataclass(frozen=True)
class UnreadImage:
    """An image that the mosaic could not show, and why."""

    id: str
    reason: str


def ordered_samples(samples: Sequence[Sample], look: Look, layout: MosaicLayout) -> list[Sample]:
    """Return the samples in the order of the layout.

    Raises
    ------
    ParameterError
        When the order is unknown.
    """
    if layout.order not in get_args(Order):
        expected = " or ".join(map(repr, get_args(Order)))
        raise ParameterError(Fault("order", repr(layout.order), expected))
    if layout.order == "id":
        return sorted(samples, key=lambda sample: sample.id)
    if layout.order == "brightness":
        every = make_tiles(samples, partial(tiles.make_tile, look=look), layout.threads)
        bright = [(_brightness(tile), tile.sample) for tile in every]
        return [sample for _, sample in sorted(bright, key=itemgetter(0))]
    return list(samples)


def make_tiles(items: Iterable[T], make: Callable[[T], Tile], threads: int | None = None) -> Iterator[Tile]:
    """Yield what `make` gives for every item, in their order, made on so many threads, a few ahead.

    Pillow lets go of the interpreter while it decodes, so threads are enough.
    """
    threads = threads or os.cpu_count() or 1
    if threads == 1:
        yield from map(make, items)
        return
    waiting: deque[Future[Tile]] = deque()
    rest = iter(items)
    with ThreadPoolExecutor(threads) as pool:
        try:
            waiting.extend(pool.submit(make, item) for item in islice(rest, TILES_AHEAD * threads))
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(pool.submit(make, item) for item in islice(rest, 1))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def mosaic_bands(
    made_tiles: Iterable[Tile], grid: TileGrid, paper: str, rows: int = 1
) -> Iterator[Image.Image]:
    """Yield the mosaic from top to bottom in bands of so many rows of tiles."""
    left = iter(made_tiles)
    for first in range(0, grid.rows, rows):
        count = min(rows, grid.rows - first)
        band = Image.new("RGB", (grid.size[0], count * grid.tile_px), paper)
        for place, tile in enumerate(islice(left, grid.columns * count)):
            row, column = divmod(place, grid.columns)
            band.paste(tile.image, (column * grid.tile_px, row * grid.tile_px))
        yield band


def save_mosaic(
    samples: Sequence[Sample],
    target: Path,
    look: Look,
    layout: MosaicLayout,
    progress: Progress = iter,
) -> list[UnreadImage]:
    """Write the mosaic as one image, JPEG or PNG by the name's ending, whole or not at all.

    Returns
    -------
    list of Unread
        The images that could not be shown; in the mosaic their tiles are empty.

    Raises
    ------
    ParameterError
        When there are no samples, the name has another ending or a JPEG would be too large.
    """
    grid = TileGrid.for_count(len(samples), look.tile_px, layout.columns)
    write = _writer(target, grid)
    unread: list[UnreadImage] = []
    placed = ordered_samples(samples, look, layout)
    every = progress(make_tiles(placed, partial(tiles.make_tile, look=look), layout.threads))
    with writing(target) as temporary:
        write(mosaic_bands(noting_unread(every, unread), grid, look.paper), grid.size, temporary)
    return unread


def noting_unread(made_tiles: Iterable[Tile], unread: list[UnreadImage]) -> Iterator[Tile]:
    """Pass the tiles on and note in `unread` those that have no image."""
    for tile in made_tiles:
        if tile.reason:
            unread.append(UnreadImage(tile.sample.id, tile.reason))
        yield tile


def _brightness(tile: Tile) -> float:
    return float(ImageStat.Stat(tile.image.convert("L")).mean[0])


def _writer(target: Path, grid: TileGrid) -> Callable[[Iterable[Image.Image], Size, Path], None]:
    ending = target.suffix.lower()
    if ending == ".png":
        return _write_png
    if ending not in {".jpg", ".jpeg"}:
        raise ParameterError(Fault(str(target), f"the ending {ending!r}", ".jpg or .png"))
    width, height = grid.size
    if width * height > MAX_JPEG_PIXELS or max(grid.size) > MAX_JPEG_SIDE_PX:
        expected = f"at most {MAX_JPEG_PIXELS // 1_000_000} megapixels, no side over {MAX_JPEG_SIDE_PX} px"
        do = "Take smaller tiles, a PNG, which is written row by row, or a page to zoom."
        raise ParameterError(Fault(str(target), f"a JPEG of {width} × {height} px", expected, do))
    return _write_jpeg


def _write_jpeg(parts: Iterable[Image.Image], size: Size, path: Path) -> None:
    whole, top = Image.new("RGB", size), 0
    for band in parts:
        whole.paste(band, (0, top))
        top += band.height
    whole.save(path, "JPEG", quality=MOSAIC_QUALITY, subsampling=0)


def _write_png(parts: Iterable[Image.Image], size: Size, path: Path) -> None:
    """Write a PNG as its bands come: each line as the differences to the pixel on the left (filter 1)."""
    packer = zlib.compressobj(1)
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        _chunk(file.write, b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0))
        for band in parts:
            values = np.asarray(band).reshape(band.height, -1)
            lines = np.ones((band.height, values.shape[1] + 1), np.uint8)
            lines[:, 1:4] = values[:, :3]
            np.subtract(values[:, 3:], values[:, :-3], out=lines[:, 4:])
            _chunk(file.write, b"IDAT", packer.compress(lines.tobytes()))
        _chunk(file.write, b"IDAT", packer.flush())
        _chunk(file.write, b"IEND", b"")


def _chunk(write: Callable[[bytes], int], kind: bytes, data: bytes) -> None:
    write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))
