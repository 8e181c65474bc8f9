"""Tiles: every image of a mosaic, fitted into a small square.

A tile shows the whole image. Cropping it to fill the square would take away more, without anyone having
annotated it. What is removed goes before the image shrinks, so that a tile never shows it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter, ImageFont
from PIL.JpegImagePlugin import JpegImageFile

from retrain_kit.annotations.samples import Box
from retrain_kit.display import views
from retrain_kit.display.label_keys import label_keys
from retrain_kit.display.tokens import COLOURS
from retrain_kit.errors import DataError, Fault, KitError, ParameterError
from retrain_kit.imaging import decoding, masking, opening, profiles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.annotations.samples import Region, Sample, Size

    Colour = int | tuple[int, ...]


BLOCK_PX = 8
READ_BYTES = 1 << 20  # read at once: threads wait for the interpreter between two reads
_FULL, _HALF = {(1, 1)}, {(2, 2), (1, 1)}  # how densely colours are sampled, across and down


def decode_draft(
    sample: Sample, longest_px: int, fill: str | None = None, shape: masking.Shape = "box"
) -> Image.Image | None:
    """Decode a JPEG at a fraction of its size, not smaller than its longer side shown at `longest_px`.

    Parameters
    ----------
    sample
        The image and its regions.
    longest_px
        How long its longer side will be at most.
    fill
        A colour that takes the place of the regions, grown to squares; None removes nothing.
    shape
        Whether regions are boxes or outlines.

    Returns
    -------
    PIL.Image.Image or None
        Mode RGB. None where the image wants decoding whole: no JPEG, turned, not of the stated size, small
        already, unusual sampling of colours, or broken, of which `decoding.load_sample` says why.
    """
    try:
        with opening.open_image(sample.path) as file:
            if not isinstance(file, JpegImageFile) or not _upright(file, sample):
                return None
            colours = profiles.read_colours(file)
            cell_px = _cell_px(file)
            factor = _draft(file, fitted_size(file.size, longest_px))
            if factor == 1 or (fill is not None and not cell_px):
                return None
            file.decodermaxblock = READ_BYTES
            file.load()
            image = profiles.to_srgb(file, colours)
    except DataError:
        return None
    if fill is not None:
        _remove(image, sample, (ImageColor.getcolor(fill, "RGB"), shape), cell_px, cell_px // factor)
    return image


def fitted_size(size: Size, longest_px: int) -> Size:
    """Return a size that is no longer than `longest_px` on either side, never enlarged."""
    scale = min(1, longest_px / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _upright(file: JpegImageFile, sample: Sample) -> bool:
    """Return whether the JPEG is stored upright and in the size that the data set states."""
    turned = opening.orientation(file) != 1
    if sample.rotation_deg is not None:
        turned = sample.rotation_deg % 360 != 0
    return not turned and file.size == sample.size


def _cell_px(file: JpegImageFile) -> int:
    """Return the side of the squares beyond which no colour mixes; 0 where it may mix beyond any."""
    sampling = {(across, down) for _, across, down, _ in file.layer}
    if sampling == _FULL:
        return BLOCK_PX
    return 2 * BLOCK_PX if sampling == _HALF else 0


def _draft(file: JpegImageFile, least: Size) -> int:
    """Set the file to be decoded no smaller than `least`; return by which factor it is smaller."""
    width = file.width
    drafted = file.draft(file.mode, least)
    return round(width / drafted[1][2]) if drafted else 1


def _remove(
    image: Image.Image, sample: Sample, filling: tuple[Colour, masking.Shape], cell_px: int, step: int
) -> None:
    """Fill every square that a region touches: `cell_px` wide in the original, `step` in its draft."""
    colour, shape = filling
    for region in sample.regions:
        if shape == "outline" and (region.polygons or region.mask is not None):
            mask = Image.fromarray(masking.region_mask(region, sample.size, shape))
            touched = mask.convert("L").reduce(cell_px).point(lambda level: 255 * (level > 0))
            grown = touched.resize((touched.width * step, touched.height * step), Image.Resampling.NEAREST)
            image.paste(colour, (0, 0, *image.size), grown.crop((0, 0, *image.size)))
        elif region.box.width_px and region.box.height_px:
            image.paste(colour, _grown(region.box, sample.size, cell_px, step))


def _grown(box: Box, size: Size, cell_px: int, step: int) -> tuple[int, int, int, int]:
    """Return the box on the draft, grown to whole squares."""
    left, top, right, bottom = (
        min(max(edge, 0), limit) / cell_px for edge, limit in zip(box.edges, size * 2, strict=True)
    )
    return math.floor(left) * step, math.floor(top) * step, math.ceil(right) * step, math.ceil(bottom) * step


View = Literal["tagged", "decanonized", "taken", "as it is"]
MIN_TILE_PX, MAX_TILE_PX = 8, 1024
MIN_TEXT_TILE_PX = 48  # on smaller tiles a text would not be read


@dataclass(frozen=True)
class Look:
    """How the tiles of a mosaic look.

    Parameters
    ----------
    view
        `tagged` draws the outlines of the regions, `decanonized` shows the images without them, `taken`
        only them, `as it is` the images alone.
    fill
        What takes the place of what is not shown, as `masking.remove_pixels` takes it.
    shape
        Whether regions are boxes or outlines.
    tile_px
        Width and height of a tile.
    paper
        The colour behind the images.

    Raises
    ------
    ParameterError
        With all that is unknown or out of range.
    """

    view: View = "decanonized"
    fill: str = "white"
    shape: masking.Shape = "box"
    tile_px: int = 100
    paper: str = COLOURS["sheet-board"].light

    def __post_init__(self) -> None:
        faults: list[Fault] = []
        if self.view not in get_args(View):
            faults.append(Fault("view", repr(self.view), " or ".join(map(repr, get_args(View)))))
        try:
            masking.check_fill_and_shape(self.fill, self.shape)
        except ParameterError as error:
            faults += error.faults
        if not MIN_TILE_PX <= self.tile_px <= MAX_TILE_PX:
            faults.append(Fault("tile_px", str(self.tile_px), f"from {MIN_TILE_PX} to {MAX_TILE_PX}"))
        try:
            ImageColor.getrgb(self.paper)
        except ValueError:
            faults.append(Fault("paper", repr(self.paper), "a colour (white, #ff0000, …)"))
        if faults:
            raise ParameterError(*faults)

    @property
    def margin_px(self) -> int:
        """The margin in every tile, so that images do not run into one another."""
        return self.tile_px // 25

    @property
    def room_px(self) -> int:
        """How wide and high an image is at most within its tile."""
        return self.tile_px - 2 * self.margin_px


@dataclass(frozen=True)
class Tile:
    """A square image of a sample, and a larger one where it is wanted.

    Where the image could not be shown, the square is empty and `reason` says why.
    """

    sample: Sample
    image: Image.Image
    reason: str = ""
    preview: Image.Image | None = None


def make_tile(sample: Sample, look: Look, preview_px: int = 0) -> Tile:
    """Return the tile of a sample, with a preview of at most so many pixels unless that is 0.

    Never an error: an image that cannot be shown is an empty tile.
    """
    try:
        image = view_pixels(sample, look, max(preview_px, look.room_px))
        preview = framed_preview(image, sample, look) if preview_px else None
        return Tile(sample, framed_tile(image, sample, look), "", preview)
    except Exception as error:  # noqa: BLE001 - no image, however broken, stops a mosaic of thousands
        return empty_tile(sample, look, error)


def view_pixels(sample: Sample, look: Look, longest_px: int) -> Image.Image:
    """Return the pixels that a view shows of a sample, without annotations, at most `longest_px` long.

    Raises
    ------
    DataError
        When the image cannot be decoded or has another size than its data set says.
    """
    image = _drafted(sample, look, longest_px) or _whole(sample, look)
    size = fitted_size(image.size, longest_px)
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2)


def framed_tile(image: Image.Image, sample: Sample, look: Look) -> Image.Image:
    """Return what `view_pixels` gave as a square tile on paper, outlined where the view asks for it."""
    size = fitted_size(image.size, look.room_px)
    if size != image.size:
        image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2)
    tile = Image.new("RGB", (look.tile_px, look.tile_px), look.paper)
    corner = (look.tile_px - size[0]) // 2, (look.tile_px - size[1]) // 2
    tile.paste(image, corner, image if image.mode == "RGBA" else None)
    if look.view == "tagged":
        _outline(tile, corner, scaled_regions(sample, size), size, look.shape)
    return tile


def framed_preview(image: Image.Image, sample: Sample, look: Look) -> Image.Image:
    """Return what `view_pixels` gave as a preview on paper, with annotations where the view asks for them."""
    preview = Image.new("RGB", image.size, look.paper)
    preview.paste(image, (0, 0), image if image.mode == "RGBA" else None)
    if look.view == "tagged":
        shown_px = max(views.SHOWN_PX, image.width)  # a preview is shown as large as it is, or nearly
        return views.tagged(preview, scaled_regions(sample, image.size), look.shape, shown_px=shown_px)
    return preview


def scaled_regions(sample: Sample, size: Size) -> tuple[Region, ...]:
    """Return the regions of a sample as they lie on its image shrunk to `size`."""
    x, y = size[0] / sample.width_px, size[1] / sample.height_px
    return tuple(
        replace(
            region,
            box=Box(region.box.left * x, region.box.top * y, region.box.right * x, region.box.bottom * y),
            polygons=tuple(tuple((a * x, b * y) for a, b in polygon) for polygon in region.polygons),
        )
        for region in sample.regions
    )


def empty_tile(sample: Sample, look: Look, error: Exception) -> Tile:
    """Return a tile that says that there is no image, with the reason, which names no folder."""
    side = look.tile_px
    tile = Image.new("RGB", (side, side), look.paper)
    draw = ImageDraw.Draw(tile)
    draw.rectangle((1, 1, side - 2, side - 2), outline=views.INK)
    draw.line((1, 1, side - 2, side - 2), fill=views.INK)
    draw.line((1, side - 2, side - 2, 1), fill=views.INK)
    if side >= MIN_TEXT_TILE_PX:
        font = ImageFont.load_default(max(9, side // 8))
        centre = (side / 2, side / 2)
        draw.rectangle(draw.textbbox(centre, "no image", font, "mm"), fill=look.paper)
        draw.text(centre, "no image", views.INK, font, "mm")
    said = error.faults[0].found if isinstance(error, KitError) and error.faults else str(error)
    reason = said.replace(str(sample.path), sample.path.name).replace(str(sample.path.parent), "")
    return Tile(sample, tile, reason or type(error).__name__)


def _drafted(sample: Sample, look: Look, longest_px: int) -> Image.Image | None:
    """Return the image decoded small, None where the view wants it whole.

    Effects follow from all pixels; of *taken*, small regions would vanish between the blocks.
    """
    removes = look.view == "decanonized" and bool(sample.regions)
    if look.view == "taken" or (removes and look.fill in masking.FILL_EFFECTS):
        return None
    return decode_draft(sample, longest_px, look.fill if removes else None, look.shape)


def _whole(sample: Sample, look: Look) -> Image.Image:
    image = decoding.load_sample(sample)
    if look.view == "decanonized":
        return views.decanonized(image, sample.regions, look.fill, look.shape)
    if look.view == "taken":
        return views.taken(image, sample.regions, look.fill, look.shape)
    return image


def _outline(
    tile: Image.Image, corner: Size, regions: Iterable[Region], size: Size, shape: masking.Shape
) -> None:
    """Draw the rim of every region, one pixel wide, in the colour of its word."""
    draw, regions = ImageDraw.Draw(tile), list(regions)
    keys = label_keys(region.label for region in regions)
    for region in regions:
        colour = keys[region.label].colour
        if shape == "box" or not (region.polygons or region.mask is not None):
            left, top, right, bottom = _covered(region.box, size)
            if left < right and top < bottom:
                edges = (corner[0] + left, corner[1] + top, corner[0] + right - 1, corner[1] + bottom - 1)
                draw.rectangle(edges, outline=colour)
        else:
            stencil = Image.fromarray(masking.region_mask(region, size, shape))
            around = Image.new("L", (size[0] + 2, size[1] + 2))
            around.paste(255, (1, 1), stencil)
            rim = ImageChops.subtract(around, around.filter(ImageFilter.MinFilter(3)))
            tile.paste(colour, (corner[0] - 1, corner[1] - 1), rim)


def _covered(box: Box, size: Size) -> tuple[int, int, int, int]:
    """Return the pixels that the box covers, by their centres; right and bottom excluded."""
    left, top, right, bottom = (
        math.ceil(min(max(edge, 0), limit) - 0.5) for edge, limit in zip(box.edges, size * 2, strict=True)
    )
    return left, top, right, bottom
