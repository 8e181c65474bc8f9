"""Profiles: what an image's numbers mean as colours, and the image in sRGB as a browser shows it.

A profile counts where Chromium lets it count: it is whole, of the image's own colours, and says by curves and
a matrix or by a table what they look like. Any other is left out, and that is said. LittleCMS converts by
curves and matrix; for tables see `luts`.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageCms

from retrain_kit.errors import DataError, Fault
from retrain_kit.imaging import luts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Convert = Callable[[Image.Image], Image.Image]
    Levels = NDArray[np.uint8]
    Point = tuple[float, float]

GREY, RGB, INKS = b"GRAY", b"RGB ", b"CMYK"
_INPUTS = {GREY: 1, RGB: 3, INKS: 4}
_GREY_MODES = {"1", "L", "LA", "La", "I;16", "I;16L", "I;16B", "I;16N", "I"}
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_D50, _D65 = (0.9642, 1.0, 0.8249), (0.3127, 0.3290)
_SRGB_POINTS = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
_C, _DCI = (0.310, 0.316), (0.314, 0.351)
_PRIMARIES: dict[int, tuple[tuple[Point, Point, Point], Point]] = {
    1: (_SRGB_POINTS, _D65),
    4: (((0.67, 0.33), (0.21, 0.71), (0.14, 0.08)), _C),
    5: (((0.64, 0.33), (0.29, 0.60), (0.15, 0.06)), _D65),
    6: (((0.63, 0.34), (0.31, 0.595), (0.155, 0.07)), _D65),
    7: (((0.63, 0.34), (0.31, 0.595), (0.155, 0.07)), _D65),
    8: (((0.681, 0.319), (0.243, 0.692), (0.145, 0.049)), _C),
    9: (((0.708, 0.292), (0.17, 0.797), (0.131, 0.046)), _D65),
    11: (((0.68, 0.32), (0.265, 0.69), (0.15, 0.06)), _DCI),
    12: (((0.68, 0.32), (0.265, 0.69), (0.15, 0.06)), _D65),
    22: (((0.63, 0.34), (0.295, 0.605), (0.155, 0.077)), _D65),
}
_CURVES: dict[int, float | tuple[float, ...]] = {
    **dict.fromkeys((1, 6, 14, 15), 2.4),  # as screens show video (BT.1886)
    4: 2.2,
    5: 2.8,
    8: 1.0,
    13: _SRGB_CURVE,
}
_HDR = {16: "PQ", 18: "HLG"}
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_BAND_PIXELS = 1 << 21
_COLUMNS, _TONES = (b"rXYZ", b"gXYZ", b"bXYZ"), (b"rTRC", b"gTRC", b"bTRC")


@dataclass(frozen=True)
class Colours:
    """What an image's file says of its colours.

    Parameters
    ----------
    profile
        The ICC profile that counts, embedded or made of what the file states by numbers; empty where there is
        none, or where it says sRGB: then the levels are what a screen shows.
    embedded
        The profile that the file is to keep: as `profile`, but there also where it says sRGB.
    ignored
        Why the embedded profile does not count; empty where it does, or where there is none.
    """

    profile: bytes = b""
    embedded: bytes = b""
    ignored: str = ""

    def holds_on_paper(self, mode: str) -> bool:
        """Say whether a PDF can hold an image of a mode with this profile: no grey by a profile for RGB."""
        return not (mode in _GREY_MODES and self.space == RGB)

    @property
    def space(self) -> bytes:
        """What the profile's levels are: grey, RGB or inks; empty without one."""
        return self.profile[16:20]


def read_colours(file: Image.Image, where: str = "image") -> Colours:
    """Return what an opened image says of its colours; `where` is what a fault calls it.

    Raises
    ------
    DataError
        When it says that it is brighter than the white of a screen (HDR).
    """
    profile = _stated_first(file, where) or file.info.get("icc_profile") or _stated_last(file)
    if not profile:
        return Colours()
    found = checked_profile(profile, file.mode)
    if found:
        return Colours(ignored=f"colour profile, which does not count: {found}")
    return Colours(b"" if _means_srgb(profile) else profile, profile)


def checked_profile(profile: bytes, mode: str) -> str:
    """Return why a profile does not count for an image of a mode; empty where it does."""
    fault = _fault(profile)
    if fault:
        return fault
    space = profile[16:20]
    fits = {GREY, RGB} if mode in _GREY_MODES else {INKS} if mode == "CMYK" else {RGB}
    if mode == "LAB" or space not in fits:
        return f"it is for {space.decode('latin-1').strip()}, the image has other colours"
    return ""


def to_srgb(image: Image.Image, colours: Colours) -> Image.Image:
    """Return an image in RGB or RGBA, its levels in sRGB; the image itself where nothing changes.

    Parameters
    ----------
    image
        Mode L, LA, RGB, RGBA, CMYK or LAB.
    colours
        As `read_colours` gives it.
    """
    if image.mode == "LAB":
        return _lab_to_srgb(image)
    if image.mode == "CMYK":
        return _from_inks(image, luts.read_table(colours.profile) if colours.profile else None)
    mode = "RGBA" if image.mode in {"LA", "RGBA"} else "RGB"
    if not colours.profile:
        return image if image.mode == mode else image.convert(mode)
    alpha = image.getchannel("A") if mode == "RGBA" else None
    base = image.convert("L" if colours.space == GREY else "RGB")
    converted = _conversion(colours.profile)(base)
    if alpha:
        converted.putalpha(alpha)
    return converted


def to_profile(colour: tuple[int, ...], profile: bytes) -> tuple[int, ...]:
    """Return the levels that stand by a profile for RGB for a colour of sRGB; itself where none do."""
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(_plain(profile)))
        transform = ImageCms.buildTransform(
            _screen(), own, "RGB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC
        )
    except (ImageCms.PyCMSError, LookupError, OSError, ValueError, struct.error):
        return colour  # a table says what colours look like, and not the way back
    one = Image.new("RGB", (1, 1), colour[:3])
    found: Any = (ImageCms.applyTransform(one, transform) or one).getpixel((0, 0))
    return (*found, *colour[3:])


def profile_name(profile: bytes) -> str:
    """Return what a profile calls itself."""
    try:
        name = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.profile_description
    except (ImageCms.PyCMSError, OSError):
        name = ""
    return " ".join((name or "a profile without a name").split())


# -- which profiles count


@lru_cache(maxsize=64)
def _fault(profile: bytes) -> str:
    """Return what is wrong with a profile; empty where a browser takes it."""
    try:
        _check_header(profile)
        found = luts.tags(profile)
        table, space = luts.read_table(profile), profile[16:20]
        if not table and (space not in {GREY, RGB} or (space == GREY and profile[20:24] != b"XYZ ")):
            return "it says nothing of its colours"
        for name in () if table else (b"kTRC",) if space == GREY else _TONES:
            luts.curve_values(found[name], np.linspace(0, 1, 2, dtype=np.float32))
        if table and table.inputs != _INPUTS.get(space):
            return "it is damaged"
        _conversion(profile)
    except KeyError:
        return "it says nothing of its colours"
    except (ImageCms.PyCMSError, OSError, ValueError, struct.error, IndexError):
        return "it is damaged"
    return ""


def _check_header(profile: bytes) -> None:
    """Raise a `ValueError` unless a profile's header is whole, of version 4 or older, and speaks of D50."""
    size, count = struct.unpack_from(">I", profile)[0], struct.unpack_from(">I", profile, 128)[0]
    light = (value / 65536 for value in struct.unpack_from(">3i", profile, 68))
    white = all(abs(value - known) <= 0.01 for value, known in zip(light, _D50, strict=True))  # noqa: PLR2004
    coded = profile[20:24] in (b"XYZ ", b"Lab ")
    whole = 132 + 12 * count <= size <= len(profile) and profile[36:40] == b"acsp"
    if not (whole and white and coded and profile[8] <= 4):  # noqa: PLR2004 - the newest version
        raise ValueError("its header is damaged")


@lru_cache(maxsize=64)
def _means_srgb(profile: bytes) -> bool:
    """Say whether a profile leaves all colours of RGB, or all greys, as they are, to a level."""
    mode = "L" if profile[16:20] == GREY else "RGB"
    if profile[16:20] == INKS:
        return False
    levels = range(256) if mode == "L" else product(range(0, 256, 15), repeat=3)
    before = Image.fromarray(np.array([list(levels)], dtype=np.uint8))
    after = _conversion(profile)(before)
    return bool(np.abs(np.asarray(after, int) - np.asarray(before.convert("RGB"), int)).max() <= 1)


# -- how they are converted


@lru_cache(maxsize=16)
def _conversion(profile: bytes) -> Convert:
    """Return what turns an image in L or RGB, as the profile is for grey or for others, into sRGB."""
    table = luts.read_table(profile)
    if table:
        return _by_table(table)
    if profile[16:20] == GREY:
        light = luts.curve_values(luts.tags(profile)[b"kTRC"], np.linspace(0, 1, 256, dtype=np.float32))
        return _by_levels(np.repeat(luts.coded_light(light)[:, None], 3, axis=1))
    own = ImageCms.ImageCmsProfile(io.BytesIO(_plain(profile)))
    transform = ImageCms.buildTransform(own, _screen(), "RGB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC)

    def convert(image: Image.Image) -> Image.Image:
        return ImageCms.applyTransform(image, transform) or image

    return convert


def _by_table(table: luts.ColourTable) -> Convert:
    if table.inputs == 1:
        return _by_levels(table.to_srgb(np.arange(256)[:, None]))

    return lambda image: _by_bands(image, lambda levels: _looked_up(levels, table))


def _looked_up(levels: Levels, table: luts.ColourTable) -> Levels:
    """Return rows and columns of RGB as a table has them in sRGB, each colour looked up once."""
    packed, places = np.unique(
        levels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.uint32), return_inverse=True
    )
    colours = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1).astype(np.int64)
    if table.inputs == 4:  # noqa: PLR2004 - four inks; what is left of black is in the three others
        colours = np.column_stack([255 - colours, np.zeros_like(packed, dtype=np.int64)])
    found = np.rint(np.clip(table.to_srgb(colours), 0, 1) * 255).astype(np.uint8)
    return found[places.reshape(levels.shape[:2])]


def _by_bands(image: Image.Image, convert: Callable[[Levels], Levels]) -> Image.Image:
    """Return an image in RGB of what levels become, some rows at a time, for the sake of memory."""
    rows = max(1, _BAND_PIXELS // image.width)
    made = Image.new("RGB", image.size)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        made.paste(Image.fromarray(convert(np.asarray(band))), (0, top))
    return made


def _by_levels(values: NDArray[np.float32]) -> Convert:
    """Return what puts for each grey the red, green and blue from 0 to 1 that stand in its row."""
    levels = np.rint(np.clip(values, 0, 1) * 255).astype(int).T.ravel().tolist()
    return lambda image: image.convert("RGB").point(levels)


@lru_cache(maxsize=1)
def _screen() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(made_profile(_SRGB_POINTS, _D65, _SRGB_CURVE)))


def _plain(profile: bytes) -> bytes:
    """Return a profile with nothing in it but its curves and its matrix."""
    found = luts.tags(profile)
    return _written({name: found[name] for name in (*_COLUMNS, *_TONES)}, RGB)


def _from_inks(image: Image.Image, table: luts.ColourTable | None) -> Image.Image:
    """Return an image in CMYK as RGB: each ink lets through what it leaves, as browsers have it.

    Chromium does so before a profile counts as well, which then reads the three as inks without black.
    """

    def seen(levels: Levels) -> Levels:
        left = (255 - levels).astype(np.uint16)
        overlaid = (left[..., :3] * left[..., 3:] // 255).astype(np.uint8)
        return _looked_up(overlaid, table) if table else overlaid

    return _by_bands(image, seen)


def _lab_to_srgb(image: Image.Image) -> Image.Image:
    own = ImageCms.createProfile("LAB")
    transform = ImageCms.buildTransform(own, _screen(), "LAB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC)
    return ImageCms.applyTransform(image, transform) or image


# -- colours that a file states by numbers, as a profile


def _stated_first(file: Image.Image, where: str) -> bytes:
    """Return what goes before an embedded profile: the numbers of ITU-T H.273."""
    primaries, curve = file.info.get("cicp") or (0, 0)
    if curve in _HDR:
        found = f"an image brighter than the white of a screen ({_HDR[curve]})"
        raise DataError(Fault(where, found, "an image for screens", "Convert it."))
    if primaries not in _PRIMARIES or curve not in _CURVES:
        return b""
    return made_profile(*_PRIMARIES[primaries], _CURVES[curve])


def _stated_last(file: Image.Image) -> bytes:
    """Return what a PNG says by gamma and chromaticities, where it does not say sRGB."""
    gamma, points = file.info.get("gamma"), file.info.get("chromaticity")
    if file.format != "PNG" or "srgb" in file.info or not gamma:
        return b""
    white, primaries = (
        (points[:2], (points[2:4], points[4:6], points[6:8])) if points else (_D65, _SRGB_POINTS)
    )
    try:
        return made_profile(primaries, white, 1 / gamma)
    except (ArithmeticError, ValueError, struct.error, np.linalg.LinAlgError):
        return b""


@lru_cache(maxsize=32)
def made_profile(primaries: Sequence[Point], white: Point, curve: float | tuple[float, ...]) -> bytes:
    """Return an ICC profile for RGB by its primaries, its white and a gamma, or a curve of five numbers.

    Parameters
    ----------
    primaries
        Red, green and blue in x and y of CIE 1931.
    white
        Its white, likewise.
    curve
        A gamma, or the numbers of ICC's parametric curve of type 3.
    """
    columns = np.stack([_xyz(point) for point in primaries], axis=1)
    matrix = columns * np.linalg.solve(columns, _xyz(white))
    adapt = np.diag((_BRADFORD @ np.array(_D50)) / (_BRADFORD @ _xyz(white)))
    matrix = np.linalg.inv(_BRADFORD) @ adapt @ _BRADFORD @ matrix
    tone = _fixed_numbers(
        b"para\0\0\0\0\0\0\0\0" if isinstance(curve, float) else b"para\0\0\0\0\0\x03\0\0", curve
    )
    found = {
        name: _fixed_numbers(b"XYZ \0\0\0\0", tuple(column))
        for name, column in zip(_COLUMNS, matrix.T, strict=True)
    }
    return _written(found | dict.fromkeys(_TONES, tone), RGB)


def _xyz(point: Point) -> np.ndarray[Any, np.dtype[np.float64]]:
    x, y = point
    return np.array([x / y, 1, (1 - x - y) / y])


def _fixed_numbers(head: bytes, numbers: float | Sequence[float]) -> bytes:
    values = (numbers,) if isinstance(numbers, (int, float)) else numbers
    return head + b"".join(struct.pack(">i", round(float(value) * 65536)) for value in values)


def _written(found: Mapping[bytes, bytes], space: bytes) -> bytes:
    """Return an ICC profile of version 4 for a screen, with what every profile has and the tags given."""
    name = "retrain-kit".encode("utf-16-be")
    text = b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(name), 28) + name
    white = _fixed_numbers(b"XYZ \0\0\0\0", _D50)
    every = {b"desc": text, b"cprt": text, b"wtpt": white, **found}
    table, body, start = b"", b"", 132 + 12 * len(every)
    for tag, value in every.items():
        table += struct.pack(">4sII", tag, start + len(body), len(value))
        body += value + bytes(-len(value) % 4)
    head = bytearray(128)
    struct.pack_into(">I", head, 0, start + len(body))
    struct.pack_into(">I4s4s4s6H4s", head, 8, 4 << 24, b"mntr", space, b"XYZ ", 2026, 1, 1, 0, 0, 0, b"acsp")
    head[68:80] = _fixed_numbers(b"", _D50)
    return bytes(head) + struct.pack(">I", len(every)) + table + body
