"""Views: an image as tagged, as decanonized, as taken, and small images on one sheet."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from retrain_kit.display.label_keys import label_keys
from retrain_kit.display.tokens import COLOURS
from retrain_kit.errors import DataError
from retrain_kit.imaging import exact, masking

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Region, Sample, Size
    from retrain_kit.display.label_keys import LabelKey

    Edges = tuple[int, int, int, int]


INK, PAPER = COLOURS["sheet-ink"].rgb, COLOURS["sheet"].rgb
SHOWN_PX = 330
"""How wide an image is shown at least where its annotations are to be read: a third of a page, or a phone."""
TEXT_PX, LINE_PX = 13, 2
"""Of labels and lines, as they are shown."""
CROWD = 12
"""With more regions, numbers that would hide small ones are left out."""
FACE = Path(__file__).parents[1] / "data" / "fonts" / "NotoSans-SemiBold.ttf"
DRAWN = re.compile(
    "[ -~\u00a1-\u02af\u0370-\u0373\u0386-\u03a1\u03a3-\u03e1\u03f0-\u052f\u1e00-\u1ef9\u2013-\u2026]+"
)
"""What the face has: Latin, Greek and Cyrillic. Labels in other scripts are read in the legend."""


def tagged(  # noqa: PLR0913 - what is drawn, and how
    image: Image.Image,
    regions: Sequence[Region],
    shape: masking.Shape = "box",
    order: Sequence[str] = (),
    *,
    shown_px: int = SHOWN_PX,
    keys: Mapping[str, LabelKey] | None = None,
) -> Image.Image:
    """Return the image with the outline of every region drawn on it, and the number of its label.

    The word stands beside the number where it has room in its region and hides no other. Lines lie inside the
    pixels a region covers, so that what is drawn is what `masking.remove_pixels` takes away.

    Parameters
    ----------
    image
        The image, upright.
    regions
        Its regions; those without pixels are not drawn.
    shape
        Whether outlines are drawn, where there are any, or boxes.
    order
        Labels whose colours stay the same from image to image, see `label_keys.label_keys`.
    shown_px
        How wide the image will be shown: by that, text and lines are sized.
    keys
        The keys of all labels, where several images have one legend; its own where None.
    """
    result = image.convert("RGB")
    keys = label_keys(_labels(regions), order) if keys is None else keys
    scale = max(1, image.width / shown_px)
    drawn = []
    for region in regions:
        mask = masking.region_mask(region, image.size, shape)
        if mask.any():
            left, top, right, bottom = edges = masking.bounding_box(mask)
            _draw_rim(result, mask[top:bottom, left:right], edges, keys[region.label], scale)
            drawn.append((edges, keys[region.label]))
    Chips(result, max(9, min(round(TEXT_PX * scale), image.height // 4))).write(drawn)
    return result


def decanonized(
    image: Image.Image, regions: Iterable[Region], fill: str = "white", shape: masking.Shape = "box"
) -> Image.Image:
    """Return the image without the tagged areas: what nobody was asked to see is left."""
    return masking.remove_regions(image, regions, fill, shape)


def taken(
    image: Image.Image, regions: Iterable[Region], fill: str = "white", shape: masking.Shape = "box"
) -> Image.Image:
    """Return only the tagged areas of the image: what decanonizing takes away."""
    return masking.keep_pixels(image, masking.union_mask(regions, image.size, shape), fill)


def unshown(size: tuple[int, int], longest_px: int) -> Image.Image:
    """Return what stands for an image that cannot be shown, of its shape: a sheet that says so."""
    scale = longest_px / max(*size, 1)
    sheet = Image.new("RGB", (max(1, round(size[0] * scale)), max(1, round(size[1] * scale))), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((0, 0, sheet.width - 1, sheet.height - 1), outline=INK)
    font = ImageFont.load_default(max(11, round(longest_px / 24)))
    draw.text((sheet.width / 2, sheet.height / 2), "cannot be shown", INK, font, "mm")
    return sheet


def thumbnail(image: Image.Image, longest_px: int) -> Image.Image:
    """Return the image no longer than `longest_px` on either side; smaller ones are left as they are."""
    scale = longest_px / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def contact_sheet(images: Sequence[Image.Image], columns: int, cell_px: int, gap_px: int = 8) -> Image.Image:
    """Return the images on one sheet, row by row, each fitted into a square of `cell_px`."""
    rows = -(-len(images) // columns)
    step = cell_px + gap_px
    sheet = Image.new("RGB", (columns * step - gap_px, max(1, rows * step - gap_px)), PAPER)
    for place, image in enumerate(images):
        fitted = thumbnail(image.convert("RGB"), cell_px)
        left = place % columns * step + (cell_px - fitted.width) // 2
        top = place // columns * step + (cell_px - fitted.height) // 2
        sheet.paste(fitted, (left, top))
    return sheet


def _labels(regions: Iterable[Region]) -> list[str]:
    return [region.label for region in regions]


def _draw_rim(image: Image.Image, mask: NDArray[np.bool_], edges: Edges, key: LabelKey, scale: float) -> None:
    """Draw a line along the inside of a mask, in the colour of its label, with a light hairline beside it."""
    line_px = max(2, round(LINE_PX * scale))
    rim = _rim(mask, line_px)
    image.paste(PAPER, edges, Image.fromarray(_rim(mask, line_px + max(1, line_px // 3))))
    image.paste(key.colour, edges, Image.fromarray(rim))
    if key.stripes:
        rows, columns = np.ogrid[: mask.shape[0], : mask.shape[1]]
        striped = (rows + columns) // (3 * key.stripes * line_px) % 2 == 0
        image.paste(PAPER, edges, Image.fromarray(rim & striped))


def _rim(mask: NDArray[np.bool_], width_px: int) -> NDArray[np.bool_]:
    """Return the pixels of a mask that lie within `width_px` of its outside, along rows or columns."""
    wide, core = np.pad(mask, width_px), slice(width_px, -width_px)
    before, after = slice(None, -2 * width_px), slice(2 * width_px, None)
    inner = wide[before, core] & wide[after, core] & wide[core, before] & wide[core, after]
    return mask & ~inner


class Chips:
    """The numbers and words of regions, each on its colour, none upon another where there is room."""

    def __init__(self, image: Image.Image, text_px: int) -> None:
        self.draw, self.size, self.text_px = ImageDraw.Draw(image), image.size, text_px
        self.font = ImageFont.truetype(FACE, text_px, layout_engine=ImageFont.Layout.BASIC)
        self._taken = np.zeros((image.height, image.width), dtype=bool)

    def write(self, drawn: Iterable[tuple[Edges, LabelKey]]) -> None:
        """Write all of them: first those of small regions, which have least room."""
        for edges, key in self._chosen(list(drawn)):
            word = key.shown
            texts = [f"{key.number} {word}"] if DRAWN.fullmatch(word) else []
            place, text = self._place(edges, [*texts, f"{key.number}"])
            self._taken[place[1] : place[3], place[0] : place[2]] = True
            self.draw.rectangle((*place[:2], place[2] - 1, place[3] - 1), fill=key.colour)
            middle = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2
            self.draw.text(middle, text, key.text_colour, self.font, "mm")

    def _chosen(self, drawn: Sequence[tuple[Edges, LabelKey]]) -> list[tuple[Edges, LabelKey]]:
        """Return what is written, small regions first; of a crowd only what hides no region as small as it.

        The largest region of a label has its number in any case; the others have its colour.
        """
        ordered = sorted(drawn, key=lambda each: _area_px(each[0]))
        largest = {key.label: edges for edges, key in ordered}
        width, height = self._size("00")
        return [
            (edges, key)
            for edges, key in ordered
            if len(drawn) <= CROWD
            or (edges[2] - edges[0] > width and edges[3] - edges[1] > 2 * height)
            or largest[key.label] is edges
        ]

    def _place(self, edges: Edges, texts: Sequence[str]) -> tuple[Edges, str]:
        """Return where a text stands, and which: the longest that fits, in the first corner that is free."""
        for text in texts:
            width, height = self._size(text)
            corners = list(_corners(edges, width, height))
            if len(text) > len(texts[-1]) and width > edges[2] - edges[0]:
                continue
            for corner in corners:
                if self._is_free(corner):
                    return corner, text
        return self._within(corners[0]), texts[-1]

    def _size(self, text: str) -> Size:
        return round(self.draw.textlength(text, self.font)) + self.text_px // 2, round(self.text_px * 1.3)

    def _is_free(self, place: Edges) -> bool:
        inside = place[0] >= 0 and place[1] >= 0 and place[2] <= self.size[0] and place[3] <= self.size[1]
        return inside and not self._taken[place[1] : place[3], place[0] : place[2]].any()

    def _within(self, place: Edges) -> Edges:
        left = max(0, min(place[0], self.size[0] - (place[2] - place[0])))
        top = max(0, min(place[1], self.size[1] - (place[3] - place[1])))
        return left, top, left + place[2] - place[0], top + place[3] - place[1]


def _corners(edges: Edges, width: int, height: int) -> Iterator[Edges]:
    """Yield where a text of this size may stand: in the corners of a region, above and below it.

    Of a low region above and below come first, so that the text does not hide it.
    """
    left, top, right, bottom = edges
    inside = [(x, y) for y in (top, bottom - height) for x in (left, right - width)]
    outside = [(x, y) for y in (top - height, bottom) for x in (left, right - width)]
    low = bottom - top < 3 * height
    yield from (
        (x, y, x + width, y + height) for x, y in ([*outside, *inside] if low else [*inside, *outside])
    )


def _area_px(edges: Edges) -> int:
    return (edges[2] - edges[0]) * (edges[3] - edges[1])


# -- exact images on disk: decanonized, taken, and one crop per object, without loss.


def write_views(
    sample: Sample, folder: Path, fill: str = "white", shape: masking.Shape = "box"
) -> list[Path]:
    """Write a sample's residue, what was taken, and its objects as PNG; return the files.

    They keep the numbers of the image's file, of eight or sixteen bits, and its colour profile.

    Parameters
    ----------
    folder
        Receives `<id>/decanonized.png`, `<id>/taken.png` and `<id>/objects/<number>-<label>.png`. Files of
        the same names are replaced, each whole or not at all. An id that cannot name a folder as it is gets
        a few signs of its digest behind it, so that no two share one.

    Returns
    -------
    list of pathlib.Path
        The files written.
    """
    image = exact.load_exact_sample(sample)
    mask = masking.union_mask(sample.regions, sample.size, shape)
    place = folder / _folder_name(sample.id)
    written = [
        image.remove_pixels(mask, fill).save(place / "decanonized.png"),
        image.keep_pixels(mask, fill).save(place / "taken.png"),
    ]
    for number, region in enumerate(sample.regions, start=1):
        path = place / "objects" / f"{number:03}-{_name(region.label)}.png"
        crop = image.region_crop(region, shape, fill)
        written += [crop.save(path)] if crop else []
    return written


def write_every(
    samples: Iterable[Sample], folder: Path, fill: str = "white", shape: masking.Shape = "box"
) -> dict[str, tuple[str, ...]]:
    """Write the views of many samples as `write_views` does.

    Returns
    -------
    dict
        By a sample's id, what of its file is not in them, or why there are none.
    """
    told = {}
    for sample in samples:
        try:
            write_views(sample, folder, fill, shape)
            told[sample.id] = exact.what_goes(sample.path)
        except DataError as error:
            told[sample.id] = (f"not written: {'; '.join(fault.found for fault in error.faults)}",)
    return {name: gone for name, gone in told.items() if gone}


def _folder_name(text: str) -> str:
    name = _name(text)
    return name if name == text else f"{name}~{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _name(text: str) -> str:
    """Return the text as a file name that stays in its folder, and short enough for one."""
    return re.sub(r"[^\w.-]+", "_", text)[:_MAX_NAME].strip(".") or "_"


_MAX_NAME = 50
"""Signs of up to four bytes; a file's name may have 255."""
