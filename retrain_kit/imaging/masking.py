"""Masking: regions become masks, and masks take pixels out of images.

A mask is a boolean array (rows, columns), True where something is covered; `|`, `&` and `~` are its
algebra. One rule decides every pixel: it is covered exactly if its centre lies in the shape, the left
and the upper edge included, the right and the lower excluded. For boxes that is the same as rounding
the edges to the pixel grid (a half rounds down), so a box and the polygon of its four corners cover
the same pixels. Polygons follow the even-odd rule.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from PIL import Image, ImageColor, ImageFilter

from retrain_kit.annotations.samples import Box
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from retrain_kit.annotations.samples import Polygon, Region, Sample, Size

    Mask = NDArray[np.bool_]

Shape = Literal["box", "outline"]
"""`box`: what the boxes cover. `outline`: the mask or polygon where a region has one, else its box."""

FILL_EFFECTS = ("transparent", "blur", "pixelate")
"""The fills that are no colour."""


def box_mask(box: Box, size: Size) -> Mask:
    """Return the mask of a box in a frame of `size` (width, height); outside the frame nothing is covered."""
    mask = np.zeros((size[1], size[0]), dtype=bool)
    mask[_pixels(box, size)] = True
    return mask


def polygon_mask(polygon: Polygon, size: Size) -> Mask:
    """Return the mask of a polygon by pixel centres and the even-odd rule.

    Each edge toggles, in every row whose centre line it crosses, all pixels from the crossing to the right;
    the running parity along the row is the inside. Exact for any number of vertices, crossing itself or
    leaving the frame.
    """
    mask = np.zeros((size[1], size[0]), dtype=bool)
    window = rows, columns = _pixels(Box.around([polygon]), size)
    toggles = np.zeros((slice_length(rows), slice_length(columns) + 1), dtype=np.uint8)
    np.bitwise_xor.at(toggles, _crossings(np.asarray(polygon, dtype=float), window), 1)
    mask[window] = np.bitwise_xor.accumulate(toggles, axis=1)[:, :-1]
    return mask


def instance_mask(mask: Mask, box: Box, size: Size) -> Mask:
    """Return the frame's mask for an instance mask of any size stretched over its box.

    Each pixel of the frame takes the cell of `mask` in which its centre lies.
    """
    frame = np.zeros((size[1], size[0]), dtype=bool)
    rows, columns = _pixels(box, size)
    if mask.size and box.width_px and box.height_px:
        y = _cells(rows, box.top, box.height_px, mask.shape[0])
        x = _cells(columns, box.left, box.width_px, mask.shape[1])
        frame[rows, columns] = mask[np.ix_(y, x)]
    return frame


def region_mask(region: Region, size: Size, shape: Shape = "box") -> Mask:
    """Return the mask of one region."""
    _refuse(_shape_fault(shape))
    if shape == "box":
        return box_mask(region.box, size)
    if region.mask is not None:
        return instance_mask(region.mask, region.box, size)
    if region.polygons:
        return reduce(or_, (polygon_mask(polygon, size) for polygon in region.polygons))
    return box_mask(region.box, size)


def union_mask(regions: Iterable[Region], size: Size, shape: Shape = "box") -> Mask:
    """Return the mask of everything that at least one of the regions covers."""
    mask = np.zeros((size[1], size[0]), dtype=bool)
    for region in regions:
        if shape == "box":
            mask[_pixels(region.box, size)] = True
        else:
            mask |= region_mask(region, size, shape)
    return mask


def remove_pixels(image: Image.Image, mask: Mask, fill: str = "white") -> Image.Image:
    """Return the image without the masked pixels; every other pixel is the original's.

    Parameters
    ----------
    image
        Mode RGB or RGBA, as `decoding.load_image` gives it.
    mask
        Boolean (rows, columns), of the image's size.
    fill
        What takes the place of the masked pixels: any colour Pillow knows (`white`, `#ff0000`, …),
        `transparent`, `blur` or `pixelate` (both of a size that follows from the image's, so that
        nothing can be read through them).

    Raises
    ------
    ParameterError
        When the fill is unknown or mask and image differ in size.
    """
    if mask.shape != (image.height, image.width):
        expected = f"{image.height} rows and {image.width} columns, as the image has"
        raise ParameterError(Fault("mask", f"{mask.shape[0]} rows and {mask.shape[1]} columns", expected))
    stencil = Image.fromarray(mask)
    if fill == "transparent":
        return _without_alpha(image, stencil)
    result = image.copy()
    result.paste(_filling(image, fill), (0, 0, *image.size), stencil)
    return result


def remove_regions(
    image: Image.Image, regions: Iterable[Region], fill: str = "white", shape: Shape = "box"
) -> Image.Image:
    """Return the image without what the regions cover.

    The same as `remove_pixels` with the `union_mask` of the regions; boxes filled with a colour need no mask,
    which is faster.
    """
    if shape != "box" or fill in FILL_EFFECTS:
        return remove_pixels(image, union_mask(regions, image.size, shape), fill)
    result = image.copy()
    colour = _filling(image, fill)
    for region in regions:
        rows, columns = _pixels(region.box, image.size)
        result.paste(colour, (columns.start, rows.start, columns.stop, rows.stop))
    return result


def keep_pixels(image: Image.Image, mask: Mask, fill: str = "white") -> Image.Image:
    """Return only the masked pixels of the image: the inverse of `remove_pixels`."""
    return remove_pixels(image, ~mask, fill)


def region_crops(
    image: Image.Image, regions: Iterable[Region], shape: Shape = "box", fill: str = "white"
) -> list[Image.Image]:
    """Return one image per region that covers a pixel: its box cut out, outside its shape filled."""
    cut = []
    for region in regions:
        mask = region_mask(region, image.size, shape)
        if mask.any():
            edges = bounding_box(mask)
            left, top, right, bottom = edges
            cut.append(keep_pixels(image.crop(edges), mask[top:bottom, left:right], fill))
    return cut


@dataclass(frozen=True)
class BoxCorrection:
    """What the pixel grid or the frame changed about a box; listed, never silent."""

    sample: str
    region: str
    label: str
    what: str


def box_corrections(samples: Iterable[Sample]) -> list[BoxCorrection]:
    """Return a correction for every box that is empty, lies outside its image or reaches beyond it."""
    return [
        BoxCorrection(sample.id, region.id, region.label, what)
        for sample in samples
        for region in sample.regions
        if (what := _correction(region.box, sample.size))
    ]


def check_fill_and_shape(fill: str, shape: str) -> None:
    """Raise a `ParameterError` with all that is wrong unless the kit knows the fill and the shape."""
    _refuse(_fill_fault(fill), _shape_fault(shape))


def bounding_box(mask: Mask) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of what a mask covers; right and bottom are excluded.

    The mask is not empty.
    """
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def slice_length(part: slice) -> int:
    """Return how many pixels a slice with start and stop holds."""
    return int(part.stop) - int(part.start)


def _first(edges: ArrayLike) -> NDArray[np.intp]:
    """Return the first pixel whose centre lies at or after each edge: rounding, a half rounds down."""
    return np.ceil(np.subtract(edges, 0.5)).astype(np.intp)


def _pixels(box: Box, size: Size) -> tuple[slice, slice]:
    """Return the rows and columns of the frame whose pixel centres lie in the box."""
    width, height = size
    top, bottom = (math.ceil(min(max(edge, 0), height) - 0.5) for edge in (box.top, box.bottom))
    left, right = (math.ceil(min(max(edge, 0), width) - 0.5) for edge in (box.left, box.right))
    return slice(top, bottom), slice(left, right)


def _crossings(
    vertices: NDArray[np.float64], window: tuple[slice, slice]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where in the window edges cross the centre lines of rows: the row, the first pixel behind."""
    rows, columns = window
    upper, lower = vertices, np.roll(vertices, -1, axis=0)
    falling = (upper[:, 1] > lower[:, 1])[:, None]
    upper, lower = np.where(falling, lower, upper), np.where(falling, upper, lower)
    first, last = (np.clip(_first(end[:, 1]), rows.start, rows.stop) for end in (upper, lower))
    edge = np.repeat(np.arange(len(vertices)), last - first)
    row = np.arange(len(edge)) + np.repeat(last - np.cumsum(last - first), last - first)
    run, rise = (lower - upper)[edge].T
    x = upper[edge, 0] + (row + 0.5 - upper[edge, 1]) * run / rise
    return row - rows.start, np.clip(_first(x), columns.start, columns.stop) - columns.start


def _cells(pixels: slice, start: float, extent: float, count: int) -> NDArray[np.intp]:
    """Return the cell of an axis of `count` cells, stretched over `extent`, for each pixel centre."""
    centres = np.arange(pixels.start, pixels.stop) + 0.5
    cells = np.floor((centres - start) / extent * count)
    return np.clip(cells, 0, count - 1).astype(np.intp)


def _correction(box: Box, size: Size) -> str:
    rows, columns = _pixels(box, size)
    outside = box.right <= 0 or box.bottom <= 0 or box.left >= size[0] or box.top >= size[1]
    if not (box.width_px and box.height_px):
        return "empty: covers nothing"
    if outside:
        return "wholly outside the image: covers nothing"
    if not (slice_length(rows) and slice_length(columns)):
        return "smaller than a pixel: covers no pixel centre"
    if box.left < 0 or box.top < 0 or box.right > size[0] or box.bottom > size[1]:
        return "reaches beyond the image: cut at its edge"
    return ""


def _without_alpha(image: Image.Image, stencil: Image.Image) -> Image.Image:
    result = image.convert("RGBA")
    result.paste((0, 0, 0, 0), (0, 0, *image.size), stencil)
    return result


def _filling(image: Image.Image, fill: str) -> Image.Image | tuple[int, ...]:
    _refuse(_fill_fault(fill))
    coarse = max(8, max(image.size) // 24)
    if fill == "blur":
        return image.filter(ImageFilter.BoxBlur(coarse))
    if fill == "pixelate":
        few = (math.ceil(image.width / coarse), math.ceil(image.height / coarse))
        return image.resize(few, Image.Resampling.BOX).resize(image.size, Image.Resampling.NEAREST)
    return ImageColor.getcolor(fill, image.mode)  # type: ignore[return-value]  # a tuple for colour modes


def _refuse(*faults: Fault | None) -> None:
    """Raise the faults that there are."""
    found = [fault for fault in faults if fault]
    if found:
        raise ParameterError(*found)


def _fill_fault(fill: str) -> Fault | None:
    if fill in FILL_EFFECTS:
        return None
    try:
        ImageColor.getrgb(fill)
    except ValueError:
        return Fault("fill", repr(fill), f"a colour (white, #ff0000, …), {', '.join(FILL_EFFECTS)}")
    return None


def _shape_fault(shape: str) -> Fault | None:
    return None if shape in get_args(Shape) else Fault("shape", repr(shape), "'box' or 'outline'")
