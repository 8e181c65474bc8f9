"""Exact images: an image's own numbers, with all their bits and the profile that says what they mean.

A view shows an image in sRGB. What is written without loss keeps the numbers of the file instead: eight or
sixteen bits of grey or of red, green and blue, and its profile. What a PNG has no place for goes, and is
named: further frames, colours other than grey and RGB, which become sRGB, and bits that Pillow does not read.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageColor

from retrain_kit.imaging import decoding, masking, opening, profiles, sixteen
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Region, Sample, Size
    from retrain_kit.imaging.masking import Mask, Shape
    from retrain_kit.imaging.opening import Source

    Deep = NDArray[np.uint16]

_PNG_KINDS = {1: 0, 2: 4, 3: 2, 4: 6}
MAX_DEEP_PIXELS = opening.MAX_PIXELS // 2
"""Of sixteen bits a colour half as many pixels are read: they take twice the memory."""

_OPAQUE = 65535
_EIGHT, _SIXTEEN = 8, 16


@dataclass(frozen=True)
class ExactImage:
    """An image with its own numbers, upright.

    Parameters
    ----------
    image
        Mode L, LA, RGB or RGBA: its numbers, or the upper eight bits of each.
    deep
        All sixteen bits of each: rows, columns, and the channels of `image`; None where there are eight.
    profile
        The ICC profile that says what they mean; empty where none does.
    gone
        What of the file is not in it, by name.
    """

    image: Image.Image
    deep: Deep | None = None
    profile: bytes = b""
    gone: tuple[str, ...] = ()

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        return self.image.size

    def remove_regions(
        self, regions: Iterable[Region], fill: str = "white", shape: Shape = "box"
    ) -> ExactImage:
        """Return the image without what the regions cover, as `masking.remove_regions` has it."""
        own, filling = self._ready(fill)
        if own.deep is None:
            return replace(own, image=masking.remove_regions(own.image, regions, filling, shape))
        return own._remove(masking.union_mask(regions, own.size, shape), filling)  # noqa: SLF001 - of its own kind

    def remove_pixels(self, mask: Mask, fill: str = "white") -> ExactImage:
        """Return the image without the masked pixels; every other pixel is the original's."""
        own, filling = self._ready(fill)
        return own._remove(mask, filling)  # noqa: SLF001 - of its own kind

    def keep_pixels(self, mask: Mask, fill: str = "white") -> ExactImage:
        """Return only the masked pixels of the image."""
        return self.remove_pixels(~mask, fill)

    def region_crop(self, region: Region, shape: Shape = "box", fill: str = "white") -> ExactImage | None:
        """Return a region's box cut out, outside its shape filled; None where it covers no pixel."""
        mask = masking.region_mask(region, self.size, shape)
        if not mask.any():
            return None
        left, top, right, bottom = edges = masking.bounding_box(mask)
        deep = None if self.deep is None else self.deep[top:bottom, left:right]
        part = replace(self, image=self.image.crop(edges), deep=deep)
        return part.keep_pixels(mask[top:bottom, left:right], fill)

    @property
    def fits_webp(self) -> bool:
        """Whether a WebP holds it whole: eight bits a colour, and not a grey of its own kind."""
        return self.deep is None and not (self.profile and self.image.mode in {"L", "LA"})

    def encoded(self, ending: str = ".png", exif: bytes = b"") -> bytes:
        """Return the image as a PNG or, where that is the ending, as a lossless WebP."""
        if self.deep is not None:
            return _deep_png(self.deep, self.profile, exif)
        coded = io.BytesIO()
        more: dict[str, Any] = {"icc_profile": self.profile} if self.profile else {}
        if exif:
            more["exif"] = exif
        if ending == ".webp":
            self.image.save(coded, "WEBP", lossless=True, quality=0, method=0, exact=True, **more)
        else:
            self.image.save(coded, "PNG", compress_level=1, **more)
        return coded.getvalue()

    def save(self, path: Path) -> Path:
        """Write the image as a PNG, whole or not at all; return where."""
        with writing(path) as temporary:
            temporary.write_bytes(self.encoded())
        return path

    def _ready(self, fill: str) -> tuple[ExactImage, str]:
        """Return the image in colours that can hold a fill, and the fill in the image's own numbers."""
        if fill in masking.FILL_EFFECTS:
            return self, fill
        masking.check_fill_and_shape(fill, "box")
        red, green, blue = wanted = ImageColor.getrgb(fill)[:3]
        if self.image.mode in {"L", "LA"}:
            if red == green == blue:
                return self, fill
            gone = (*self.gone, "grey colours by a profile of their own, to hold a fill in colour")
            shown = profiles.to_srgb(self.image, profiles.Colours(self.profile, self.profile))
            return ExactImage(shown, gone=gone), fill
        if not self.profile or red == green == blue:
            return self, fill
        return self, "#{:02x}{:02x}{:02x}".format(*profiles.to_profile(wanted, self.profile)[:3])

    def _remove(self, mask: Mask, fill: str) -> ExactImage:
        image = masking.remove_pixels(self.image, mask, fill)
        if self.image.mode in {"L", "LA"} and image.mode == "RGBA":
            image = image.convert("LA")
        if self.deep is None:
            return replace(self, image=image)
        levels = np.asarray(image).astype(np.uint16).reshape(*mask.shape, -1) * 257
        own = self.deep
        if levels.shape[2] > own.shape[2]:
            own = np.dstack([own, np.full(mask.shape, _OPAQUE, dtype=np.uint16)])
        return replace(self, image=image, deep=np.where(mask[..., None], levels, own))


def load_exact(source: Source, rotation_deg: int | None = None) -> ExactImage:
    """Read an image's own numbers, upright; the parameters are those of `decoding.load_image`.

    Raises
    ------
    DataError
        As `decoding.load_image` does.
    """
    with opening.open_image(source) as file:
        colours = profiles.read_colours(file, str(source))
        kind, gone = sixteen.layout(file), _gone(file, colours)
        opening.check_pixels(source, file, MAX_DEEP_PIXELS if kind else opening.MAX_PIXELS)
        image = decoding.plain(source, file)
        turns = decoding.turns(source, file, rotation_deg)
        if kind:
            levels = _turned(sixteen.levels(source, file, kind), turns)
            if levels.shape[2] <= 2 and colours.space == profiles.RGB:  # noqa: PLR2004 - grey, and alpha
                levels = np.dstack([levels[..., :1]] * 3 + [levels[..., 1:]])
            return ExactImage(_upper(levels), levels, colours.embedded, gone)
        if image.mode in {"CMYK", "LAB"}:
            image, colours = profiles.to_srgb(image, colours), profiles.Colours()
        elif colours.embedded[16:20] != profiles.GREY and image.mode in {"L", "LA"}:
            image = image.convert("RGBA" if image.mode == "LA" else "RGB")
        image = decoding.turned(image, turns)
        image.info = {}
        return ExactImage(image, None, colours.embedded, gone)


def what_goes(source: Source) -> tuple[str, ...]:
    """Return what of an image's file is not in what `load_exact` reads, by name, from its header.

    Raises
    ------
    DataError
        When it is no image.
    """
    with opening.open_image(source) as file:
        return _gone(file, profiles.read_colours(file, str(source)))


def load_exact_sample(sample: Sample) -> ExactImage:
    """Read a sample's own numbers and check that it has the size the data set states."""
    image = load_exact(sample.path, sample.rotation_deg)
    decoding.check_size(sample, image.size)
    return image


def is_upright(sample: Sample) -> bool:
    """Say whether everybody sees the file upright, whether they heed its EXIF orientation or not."""
    with opening.open_image(sample.path) as header:
        turned = opening.orientation(header) != 1
    return not turned and (sample.rotation_deg or 0) % 360 == 0


def _gone(file: Image.Image, colours: profiles.Colours) -> tuple[str, ...]:
    bits, by = opening.bit_depth(file), " by the file's profile" if colours.profile else ""
    told = (
        opening.first_of(file),
        colours.ignored,
        f"bits of each colour beyond eight, of {bits}" if bits > _EIGHT and not sixteen.layout(file) else "",
        f"colours in {file.mode}: now in sRGB{by}" if file.mode in {"CMYK", "LAB"} else "",
    )
    return tuple(filter(None, told))


# -- sixteen bits


def _upper(levels: Deep) -> Image.Image:
    return Image.fromarray(
        (levels >> 8).astype(np.uint8).squeeze(2) if levels.shape[2] == 1 else (levels >> 8).astype(np.uint8)
    )


def _turned(levels: Deep, turns: Iterable[Image.Transpose]) -> Deep:
    for turn in turns:
        levels = _TURNED[turn](levels)
    return np.ascontiguousarray(levels)


_TURNED: dict[Image.Transpose, Callable[[Deep], Deep]] = {
    Image.Transpose.FLIP_LEFT_RIGHT: np.fliplr,
    Image.Transpose.FLIP_TOP_BOTTOM: np.flipud,
    Image.Transpose.ROTATE_90: np.rot90,
    Image.Transpose.ROTATE_180: lambda levels: np.rot90(levels, 2),
    Image.Transpose.ROTATE_270: lambda levels: np.rot90(levels, -1),
    Image.Transpose.TRANSPOSE: lambda levels: levels.swapaxes(0, 1),
    Image.Transpose.TRANSVERSE: lambda levels: np.rot90(levels, 2).swapaxes(0, 1),
}


def _deep_png(levels: Deep, profile: bytes, exif: bytes) -> bytes:
    """Return a PNG of sixteen bits, which Pillow writes of greys alone.

    Each row is written as what changes from the one above it.
    """
    height, width, channels = levels.shape
    rows = np.ascontiguousarray(levels.astype(">u2")).view(np.uint8).reshape(height, -1)
    changed = np.empty((height, rows.shape[1] + 1), dtype=np.uint8)
    changed[:, 0] = 2  # the filter "up"
    changed[0, 1:], changed[1:, 1:] = rows[0], rows[1:] - rows[:-1]
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, _SIXTEEN, _PNG_KINDS[channels], 0, 0, 0))]
    if profile:
        chunks.append((b"iCCP", b"ICC Profile\0\0" + zlib.compress(profile)))
    if exif:
        chunks.append((b"eXIf", exif.removeprefix(b"Exif\0\0")))
    chunks += [(b"IDAT", zlib.compress(changed.tobytes(), 1)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
