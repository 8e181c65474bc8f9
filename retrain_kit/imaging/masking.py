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
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from PIL import Image, ImageColor, ImageFilter

from retrain_kit.annotations.samples import Box
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

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
    _add_polygon(mask, polygon)
    return mask


def instance_mask(mask: Mask, box: Box, size: Size) -> Mask:
    """Return the frame's mask for an instance mask of any size stretched over its box.

    Each pixel of the frame takes the cell of `mask` in which its centre lies.
    """
    frame = np.zeros((size[1], size[0]), dtype=bool)
    _add_instance(frame, mask, box)
    return frame


def region_mask(region: Region, size: Size, shape: Shape = "box") -> Mask:
    """Return the mask of one region."""
    return union_mask([region], size, shape)


def union_mask(regions: Iterable[Region], size: Size, shape: Shape = "box") -> Mask:
    """Return the mask of everything that at least one of the regions covers."""
    _refuse(_shape_fault(shape))
    mask = np.zeros((size[1], size[0]), dtype=bool)
    for region in regions:
        if shape == "outline" and region.mask is not None:
            _add_instance(mask, region.mask, region.box)
        elif shape == "outline" and region.polygons:
            for polygon in region.polygons:
                _add_polygon(mask, polygon)
        else:
            mask[_pixels(region.box, size)] = True
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
    """What the pixel grid or the frame changed about a box or an outline; listed, never silent."""

    sample: str
    region: str
    label: str
    what: str


def box_corrections(samples: Iterable[Sample]) -> list[BoxCorrection]:
    """Return what is empty, lies outside its image or reaches beyond it: of boxes, outlines and masks.

    An outline is listed beside its box where it is changed otherwise than the box.
    """
    return [
        BoxCorrection(sample.id, region.id, region.label, what)
        for sample in samples
        for region in sample.regions
        for what in _corrections(region, sample.size)
    ]


def covering_nothing(sample: Sample) -> list[tuple[Region, str, str]]:
    """Return the regions of a sample whose box, outline or mask covers nothing in it, why, and what is kept.

    Whoever takes out what regions cover takes nothing out for those.
    """
    found = []
    size = sample.size
    for region in sample.regions:
        if _surely_covers(region, size):
            continue
        for what in _corrections(region, size):
            if what.endswith((_NOTHING, _NO_PIXEL)):
                of_box = not what.startswith("its ")
                found.append(
                    (region, f"its box: {what}" if of_box else what, "the word" if of_box else "the box")
                )
            elif what.endswith(_ELSEWHERE):
                found.append((region, what, "the box"))
    return found


_FEW_VERTICES = 8
"""Outlines of so few are looked at closely: those of no area have few."""


def _surely_covers(region: Region, size: Size) -> bool:
    """Say whether a region covers a pixel without a doubt; a quick answer, and no may be wrong."""
    box, (width, height) = region.box, size
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    if not (
        right - left >= 1 <= right and bottom - top >= 1 <= bottom and left <= width - 1 and top <= height - 1
    ):
        return False
    if region.mask is not None:
        return bool(region.mask.any())
    if not region.polygons:
        return True
    outline = region.polygons[0]
    x, y = outline[0]
    if not (left <= x <= right and 0 <= x <= width and top <= y <= bottom and 0 <= y <= height):
        return False
    return len(outline) > _FEW_VERTICES or abs(_twice_area(outline)) > 1


def _twice_area(outline: Polygon) -> float:
    x, y = outline[-1]
    total = 0.0
    for next_x, next_y in outline:
        total += x * next_y - next_x * y
        x, y = next_x, next_y
    return total


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


def _first(edges: NDArray[np.float64], part: slice) -> NDArray[np.intp]:
    """Return the first pixel of a part whose centre lies at or after each edge: a half rounds down."""
    return np.clip(np.ceil(edges - 0.5), part.start, part.stop).astype(np.intp)


def _pixels(box: Box, size: Size) -> tuple[slice, slice]:
    """Return the rows and columns of the frame whose pixel centres lie in the box."""
    width, height = size
    top, bottom = (math.ceil(min(max(edge, 0), height) - 0.5) for edge in (box.top, box.bottom))
    left, right = (math.ceil(min(max(edge, 0), width) - 0.5) for edge in (box.left, box.right))
    return slice(top, bottom), slice(left, right)


def _add_instance(frame: Mask, mask: Mask, box: Box) -> None:
    """Add an instance mask, stretched over its box, to the mask of a frame."""
    rows, columns = _pixels(box, frame.shape[::-1])
    if mask.size and box.width_px and box.height_px:
        y = _cells(rows, box.top, box.height_px, mask.shape[0])
        x = _cells(columns, box.left, box.width_px, mask.shape[1])
        frame[rows, columns] |= mask[np.ix_(y, x)]


def _add_polygon(frame: Mask, polygon: Polygon) -> None:
    """Add a polygon to the mask of a frame; memory grows with the window alone, not with the vertices."""
    vertices = np.asarray(polygon, dtype=float)
    window = rows, columns = _pixels(Box(*vertices.min(axis=0), *vertices.max(axis=0)), frame.shape[::-1])
    toggles = np.zeros((slice_length(rows), slice_length(columns) + 1), dtype=np.uint8)
    if toggles.shape[0] and toggles.shape[1] > 1:
        flat = toggles.reshape(-1)
        for row, column in _crossings(vertices, window):
            np.bitwise_xor.at(flat, row * toggles.shape[1] + column, np.uint8(1))
        frame[window] |= np.bitwise_xor.accumulate(toggles, axis=1)[:, :-1].view(bool)


_CROSSINGS_AT_ONCE = 1 << 16


def _crossings(
    vertices: NDArray[np.float64], window: tuple[slice, slice]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield where in the window edges cross the centre lines of rows: the row, the first pixel behind."""
    upper, lower = vertices, np.roll(vertices, -1, axis=0)
    falling = (upper[:, 1] > lower[:, 1])[:, None]
    upper, lower = np.where(falling, lower, upper), np.where(falling, upper, lower)
    first, last = (_first(end[:, 1], window[0]) for end in (upper, lower))
    crossing = np.flatnonzero(last > first)
    upper, lower = upper[crossing], lower[crossing]
    first, last = first[crossing], last[crossing]
    ends = np.cumsum(last - first)
    start = 0
    while start < len(ends):
        gone = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, gone + _CROSSINGS_AT_ONCE, side="right")))
        part = slice(start, stop)
        yield _crossings_of((upper[part], lower[part]), (first[part], last[part]), window)
        start = stop


def _crossings_of(
    edges: tuple[NDArray[np.float64], NDArray[np.float64]],
    met: tuple[NDArray[np.intp], NDArray[np.intp]],
    window: tuple[slice, slice],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the crossings of edges, given by their ends and by the first row they meet and that behind."""
    (upper, lower), (first, last) = edges, met
    edge = np.repeat(np.arange(len(upper)), last - first)
    row = np.arange(len(edge)) + np.repeat(last - np.cumsum(last - first), last - first)
    x = _x_at(upper[edge], lower[edge], np.add(row, 0.5, dtype=float))
    return row - window[0].start, _first(x, window[1]) - window[1].start


def _x_at(
    upper: NDArray[np.float64], lower: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return where edges cross lines; what is too great to be counted with is counted in larger units."""
    with np.errstate(over="ignore", invalid="ignore"):
        run, rise = (lower - upper).T
        x: NDArray[np.float64] = upper[:, 0] + (y - upper[:, 1]) * run / rise
        wide = ~(np.isfinite(x) & np.isfinite(rise))
        if wide.any():
            scaled = (np.ldexp(each[wide], -_LARGER_BY) for each in (upper, lower, y))
            x[wide] = np.ldexp(_x_at(*scaled), _LARGER_BY)
    return x


_LARGER_BY = 600
"""In units of two to this power, products of any two numbers are numbers, and a pixel is no zero."""


def _cells(pixels: slice, start: float, extent: float, count: int) -> NDArray[np.intp]:
    """Return the cell of an axis of `count` cells, stretched over `extent`, for each pixel centre."""
    centres = np.arange(pixels.start, pixels.stop) + 0.5
    cells = np.floor((centres - start) / extent * count)
    return np.clip(cells, 0, count - 1).astype(np.intp)


def _corrections(region: Region, size: Size) -> Iterator[str]:
    if of_box := _correction(region.box, size):
        yield of_box
    if region.mask is not None:
        if not of_box.endswith(_NOTHING) and not union_mask([region], size, "outline").any():
            yield f"its mask: empty: {_NOTHING}"
    elif region.polygons and (what := _outline_correction(region, size)) not in {"", of_box}:
        yield f"its outline: {what}"


def _outline_correction(region: Region, size: Size) -> str:
    extent, box = Box.around(region.polygons), region.box
    if (
        extent.right < box.left
        or extent.left > box.right
        or extent.bottom < box.top
        or extent.top > box.bottom
    ):
        return f"wholly {_ELSEWHERE}"
    what = _correction(extent, size)
    if not what.endswith((_NOTHING, _NO_PIXEL)) and not union_mask([region], size, "outline").any():
        return f"no pixel centre in it: {_NOTHING}"
    return what


_NOTHING, _NO_PIXEL, _ELSEWHERE = "covers nothing", "covers no pixel centre", "outside its box"


def _correction(box: Box, size: Size) -> str:
    rows, columns = _pixels(box, size)
    outside = box.right <= 0 or box.bottom <= 0 or box.left >= size[0] or box.top >= size[1]
    if not (box.width_px and box.height_px):
        return f"empty: {_NOTHING}"
    if outside:
        return f"wholly outside the image: {_NOTHING}"
    if not (slice_length(rows) and slice_length(columns)):
        return f"smaller than a pixel: {_NO_PIXEL}"
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
