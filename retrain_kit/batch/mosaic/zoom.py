"""The big image and the way down: a page to zoom a mosaic, and from every tile the single image.

The page works from a file, without a network: a folder with the mosaic cut into squares at every scale and a
preview of each image, or, for small studies, one file that holds all of it. What the chosen view does not
show is nowhere in it. Nothing that a reader does on the page is sent or kept.
"""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PIL import Image
from tqdm.auto import tqdm

from retrain_kit.batch.mosaic import mosaic as mosaics
from retrain_kit.batch.mosaic import page as mosaic_page
from retrain_kit.batch.mosaic import tiles
from retrain_kit.batch.mosaic.mosaic import MosaicLayout, TileGrid, UnreadImage
from retrain_kit.display import assets
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage import texts
from retrain_kit.storage.files import writing, writing_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample, Size
    from retrain_kit.batch.mosaic.tiles import Look, Tile
    from retrain_kit.studies.manifests import Manifest


class Pyramid:
    """The squares of an image that comes in bands.

    Parameters
    ----------
    size
        Width and height of the whole image.
    side_px
        Width and height of a square, an even number; those at the right and lower edge may be smaller.
    put
        Called with the name of every square, `tiles/<level>/<column>_<row>`, and its image.
    """

    def __init__(self, size: Size, side_px: int, put: Callable[[str, Image.Image], None]) -> None:
        self.side_px = side_px
        self.top = 0
        while max(size) > side_px << self.top:
            self.top += 1
        self._put = put
        heights = [-(-size[1] // (1 << self.top - level)) for level in range(self.top + 1)]
        self._rows = [-(-height // side_px) for height in heights]
        self._next = [0] * (self.top + 1)
        self._upper: dict[int, Image.Image] = {}

    def add(self, band: Image.Image) -> None:
        """Take the next band: the whole width, `side_px` high; the last one may be lower."""
        self._add(band, self.top)

    def _add(self, band: Image.Image, level: int) -> None:
        row = self._next[level]
        self._next[level] += 1
        for column, left in enumerate(range(0, band.width, self.side_px)):
            square = band.crop((left, 0, min(left + self.side_px, band.width), band.height))
            self._put(f"tiles/{level}/{column}_{row}", square)
        if level == 0:
            return
        half = band.reduce(2)
        if row % 2 == 0 and row + 1 < self._rows[level]:
            self._upper[level] = half
        else:
            self._add(_stacked(self._upper.pop(level, None), half), level - 1)


def _stacked(upper: Image.Image | None, lower: Image.Image) -> Image.Image:
    if upper is None:
        return lower
    both = Image.new(lower.mode, (lower.width, upper.height + lower.height))
    both.paste(upper, (0, 0))
    both.paste(lower, (0, upper.height))
    return both


MAX_IN_ONE_FILE = 400
MAX_PREVIEW_PX = 2048
SQUARE_PX = 512
PREVIEW_QUALITY = 82
SQUARE_QUALITY = 90
"""Squares have all of their colours: at half the width, those of images would run into the ground."""
IMAGE_ENDINGS = {".jpg", ".jpeg", ".png"}


def write_mosaic(
    samples: Sequence[Sample],
    manifest: Manifest,
    target: Path,
    look: Look | None = None,
    layout: MosaicLayout | None = None,
) -> list[Path]:
    """Write the mosaic of a study as an image (.jpg, .png), one page (.html) or a folder (any other name).

    Parameters
    ----------
    samples
        The images, their regions and where they come from.
    manifest
        The study.
    target
        What to write. A folder must be empty or not there, so that nothing of another view stays in it.
    look, layout
        How the tiles look and where they stand.

    Returns
    -------
    list of Path
        The image or the page; then, where images could not be shown, a table of them with the reasons.

    Raises
    ------
    ParameterError
        When there are no samples, an option is out of range, the study is too large for one file or the
        folder is not empty.
    DataError
        When the target cannot be written.
    """
    look, layout = look or tiles.Look(), layout or MosaicLayout()
    _check(samples, target, layout)
    ending = target.suffix.lower()
    if ending in IMAGE_ENDINGS:
        bar = partial(_bar, count=len(samples))
        unread = mosaics.save_mosaic(samples, target, look, layout, bar)
        return [target, *_list_unread(unread, target.with_suffix(".unread.csv"))]
    placed = mosaics.ordered_samples(samples, look, layout)
    if ending == ".html":
        inside = _Inside({})
        page, unread = _page(placed, manifest, inside, look, layout)
        _write_text(target, mosaic_page.mosaic_html(replace(page, embedded=inside.data)))
        return [target, *_list_unread(unread, target.with_suffix(".unread.csv"))]
    with writing_folder(target) as folder:
        page, unread = _page(placed, manifest, _Beside(folder), look, layout)
        _list_unread(unread, folder / "unread.csv")
        _write_text(folder / "index.html", mosaic_page.mosaic_html(page))
    return [path for path in (target / "index.html", target / "unread.csv") if path.exists()]


def read_chosen_ids(file: Path) -> tuple[str, ...]:
    """Return the ids in a table of chosen images that was downloaded from the page.

    Raises
    ------
    DataError
        When the file is missing, is no such table or names an image twice; all faults together.
    """
    faults: list[Fault] = []
    ids: list[str] = []
    if file.is_file():
        for line, row in texts.table_rows(file, ("id", "study"), ("id",), faults):
            ids.append(row["id"])
            if not ids[-1]:
                faults.append(Fault(f"{file}, line {line}, id", "nothing", "a text"))
    else:
        faults.append(Fault(str(file), "no file", "the table that a mosaic's page gives"))
    twice = sorted({name for name in ids if name and ids.count(name) > 1})
    faults += [Fault(f"{file}, id", f"{name!r} more than once", "every id once") for name in twice]
    if faults:
        raise DataError(*faults)
    return tuple(ids)


class _Store(Protocol):
    """Where the images of a page go."""

    def put(self, name: str, image: Image.Image) -> None: ...


@dataclass(frozen=True)
class _Beside:
    """Images as files in the folder of the page."""

    folder: Path

    def put(self, name: str, image: Image.Image) -> None:
        with writing(self.folder / f"{name}.jpg") as temporary:
            image.save(temporary, "JPEG", **_saving(name))


@dataclass(frozen=True)
class _Inside:
    """Images as data in the page itself."""

    data: dict[str, str]

    def put(self, name: str, image: Image.Image) -> None:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", **_saving(name))
        self.data[name] = assets.data_address("image/jpeg", buffer.getvalue())


def _saving(name: str) -> dict[str, int]:
    """Return how a square of the mosaic is saved as a JPEG, or a preview."""
    if name.startswith("tiles/"):
        return {"quality": SQUARE_QUALITY, "subsampling": 0}
    return {"quality": PREVIEW_QUALITY}


def _page(
    samples: Sequence[Sample], manifest: Manifest, store: _Store, look: Look, layout: MosaicLayout
) -> tuple[mosaic_page.MosaicPage, list[UnreadImage]]:
    """Put all images of the page into the store and return what the page says."""
    grid = TileGrid.for_count(len(samples), look.tile_px, layout.columns)
    rows = _rows_of_tiles(look.tile_px)
    pyramid = Pyramid(grid.size, rows * look.tile_px, store.put)
    unread: list[UnreadImage] = []
    make = partial(_make, look=look, preview_px=layout.preview_px, store=store)
    every = _bar(mosaics.make_tiles(enumerate(samples), make, layout.threads), len(samples))
    for band in mosaics.mosaic_bands(mosaics.noting_unread(every, unread), grid, look.paper, rows):
        pyramid.add(band)
    reasons = {image.id: image.reason for image in unread}
    cards = mosaic_page.image_cards(samples, manifest, reasons, keyed=look.view == "tagged")
    return mosaic_page.MosaicPage(manifest, look, grid, (pyramid.side_px, pyramid.top), cards), unread


def _make(numbered: tuple[int, Sample], look: Look, preview_px: int, store: _Store) -> Tile:
    """Return a tile, its preview put away."""
    number, sample = numbered
    tile = tiles.make_tile(sample, look, preview_px)
    if tile.preview:
        store.put(f"images/{number}", tile.preview)
    return replace(tile, preview=None)


def _rows_of_tiles(tile_px: int) -> int:
    """Return how many rows of tiles make a square of about `SQUARE_PX`, of even width."""
    rows = max(1, round(SQUARE_PX / tile_px))
    return rows + rows * tile_px % 2


def _check(samples: Sequence[Sample], target: Path, layout: MosaicLayout) -> None:
    faults = [] if samples else [Fault("images", "none", "one or more")]
    ending = target.suffix.lower()
    if ending == ".html" and len(samples) > MAX_IN_ONE_FILE:
        do = "Name a folder instead."
        faults.append(
            Fault(str(target), f"{len(samples)} images", f"{MAX_IN_ONE_FILE} at most in one file", do)
        )
    if not 1 <= layout.preview_px <= MAX_PREVIEW_PX:
        faults.append(Fault("preview_px", str(layout.preview_px), f"from 1 to {MAX_PREVIEW_PX}"))
    if (
        ending not in {*IMAGE_ENDINGS, ".html"}
        and target.exists()
        and not (target.is_dir() and not any(target.iterdir()))
    ):
        found = "a folder that is not empty" if target.is_dir() else "a file"
        do = "Remove it, or name another: what is left in it might show what the new view does not."
        faults.append(Fault(str(target), found, "an empty folder or none", do))
    if faults:
        raise ParameterError(*faults)


def _list_unread(unread: Sequence[UnreadImage], file: Path) -> list[Path]:
    """Write which images could not be shown and why; without any, remove the list of an earlier run."""
    if not unread:
        file.unlink(missing_ok=True)
        return []
    with writing(file) as temporary, temporary.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([("id", "reason"), *map(astuple, unread)])
    return [file]


def _write_text(path: Path, text: str) -> None:
    with writing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _bar(made: Iterable[Tile], count: int) -> Iterable[Tile]:
    bar: Iterable[Tile] = tqdm(made, total=count, unit="image", desc="mosaic", delay=1, leave=False)
    return bar
