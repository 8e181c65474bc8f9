"""Kinds of images, each made of the same numbers: what the table of `docs/images.md` has in its rows.

A kind is a file, and, where a browser does not read it, another one that looks the same and that browsers do read.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from colours import (
    ADOBE_RGB,
    D50,
    DISPLAY_P3,
    PROPHOTO,
    SRGB,
    grey_profile,
    iccp,
    matrix_profile,
    padded,
    png,
    saved,
)
from PIL import Image

INKS = (Path(__file__).parents[1] / "retrain_kit" / "data" / "ISOcoated_v2_300_bas.icc").read_bytes()
ADOBE, P3 = matrix_profile(ADOBE_RGB, 2.2), matrix_profile(DISPLAY_P3)
WIDE, EXCHANGED = matrix_profile(PROPHOTO, 1.8, D50), matrix_profile(SRGB, order=(2, 1, 0))
LINEAR_GREY = grey_profile(1.0)
GAMMA = (b"gAMA", struct.pack(">I", 100_000))
P3_NUMBERS, PQ_NUMBERS = (b"cICP", bytes([12, 13, 0, 1])), (b"cICP", bytes([9, 16, 0, 1]))


@dataclass(frozen=True)
class Kind:
    """A file, the ending that it is stored under, and a file that looks the same in a browser."""

    data: bytes
    ending: str
    like: bytes = b""

    @property
    def seen(self):
        """What a browser is given to show."""
        return self.like or self.data


def kinds(rgb):
    """Return every kind by its name, made of rows and columns of RGB from 0 to 255."""
    image, grey = Image.fromarray(rgb), Image.fromarray(rgb[..., 1])
    alpha = rgb[..., 2]
    deep = (rgb.astype(np.uint16) << 8) + rgb[..., ::-1]
    deep_alpha = (alpha.astype(np.uint16) << 8) + alpha
    return {
        "grey, 8 bits": Kind(saved(grey, "PNG"), ".png"),
        "grey, 8 bits, a profile": Kind(saved(grey, "PNG", icc_profile=LINEAR_GREY), ".png"),
        "grey, 8 bits, a profile for RGB": Kind(saved(grey, "PNG", icc_profile=ADOBE), ".png"),
        "grey, 16 bits": Kind(png(deep[..., 1], 16, 0), ".png"),
        "grey, 16 bits, a profile": Kind(png(deep[..., 1], 16, 0, [iccp(LINEAR_GREY)]), ".png"),
        "grey, 16 bits, transparency": Kind(png(np.dstack([deep[..., 0], deep_alpha]), 16, 4), ".png"),
        "grey, 16 bits, TIFF": Kind(
            saved(Image.fromarray(deep[..., 1]), "TIFF"), ".tif", png(deep[..., 1], 16, 0)
        ),
        "grey, a JPEG with a profile": Kind(saved(grey, "JPEG", quality=95, icc_profile=LINEAR_GREY), ".jpg"),
        "grey, a JPEG with a profile for RGB": Kind(
            saved(grey, "JPEG", quality=95, icc_profile=ADOBE), ".jpg"
        ),
        "RGB, 8 bits": Kind(saved(image, "PNG"), ".png"),
        "RGB, a JPEG": Kind(saved(image, "JPEG", quality=95), ".jpg"),
        "RGB, 16 bits": Kind(png(deep, 16), ".png"),
        "RGB, 16 bits, wide": Kind(png(deep, 16, 2, [iccp(WIDE)]), ".png"),
        "RGB, 16 bits, one colour clear": Kind(
            png(deep, 16, 2, [(b"tRNS", struct.pack(">3H", *deep[0, 0].tolist()))]), ".png"
        ),
        "RGB, 16 bits, transparency, P3": Kind(png(np.dstack([deep, deep_alpha]), 16, 6, [iccp(P3)]), ".png"),
        "RGB, 16 bits, TIFF, Adobe RGB": Kind(tiff(deep, ADOBE), ".tif", png(deep, 16, 2, [iccp(ADOBE)])),
        "whole numbers of 32 bits": Kind(
            saved(Image.fromarray(rgb[..., 1].astype(np.int32) * 9), "TIFF"), ".tif"
        ),
        "numbers with a point, 0 to 1": Kind(
            saved(Image.fromarray(rgb[..., 1] / np.float32(255)), "TIFF"), ".tif", saved(grey, "PNG")
        ),
        "numbers with a point, beyond": Kind(
            saved(Image.fromarray(rgb[..., 1] * np.float32(3)), "TIFF"), ".tif"
        ),
        "palette": Kind(saved(image.quantize(64), "PNG"), ".png"),
        "palette, transparency": Kind(saved(image.quantize(64), "PNG", transparency=3), ".png"),
        "palette, Adobe RGB": Kind(saved(image.quantize(64), "PNG", icc_profile=ADOBE), ".png"),
        "transparency": Kind(saved(Image.fromarray(np.dstack([rgb, alpha])), "PNG"), ".png"),
        "transparency, WebP, P3": Kind(
            saved(Image.fromarray(np.dstack([rgb, alpha])), "WEBP", lossless=True, icc_profile=P3), ".webp"
        ),
        "LAB": Kind(lab_tiff(rgb), ".tif", lab_like(rgb)),
        "CMYK": Kind(saved(inks(rgb), "JPEG", quality=95), ".jpg"),
        "CMYK, a profile": Kind(saved(inks(rgb), "JPEG", quality=95, icc_profile=INKS), ".jpg"),
        "YCCK": Kind(ycck(rgb), ".jpg"),
        "YCCK, a profile": Kind(ycck(rgb, INKS), ".jpg"),
        "Adobe RGB": Kind(saved(image, "JPEG", quality=95, icc_profile=ADOBE), ".jpg"),
        "Adobe RGB, a profile in many segments": Kind(
            saved(image, "JPEG", quality=95, icc_profile=padded(ADOBE, 200_000)), ".jpg"
        ),
        "Display P3": Kind(saved(image, "PNG", icc_profile=P3), ".png"),
        "Display P3, AVIF": Kind(
            saved(image, "AVIF", quality=100, subsampling="4:4:4", icc_profile=P3), ".avif"
        ),
        "Display P3 by numbers": Kind(png(rgb, chunks=[P3_NUMBERS]), ".png"),
        "Display P3 by numbers, AVIF": Kind(
            nclx(saved(image, "AVIF", quality=100, subsampling="4:4:4"), 12), ".avif"
        ),
        "ProPhoto": Kind(saved(image, "PNG", icc_profile=WIDE), ".png"),
        "red and blue exchanged": Kind(saved(image, "PNG", icc_profile=EXCHANGED), ".png"),
        "red and blue exchanged, a JPEG": Kind(
            saved(image, "JPEG", quality=95, icc_profile=EXCHANGED), ".jpg"
        ),
        "gamma by numbers": Kind(png(rgb, chunks=[GAMMA]), ".png"),
        "a damaged profile": Kind(saved(image, "JPEG", quality=95, icc_profile=ADOBE[:200]), ".jpg"),
        "a profile for other colours": Kind(saved(image, "JPEG", quality=95, icc_profile=INKS), ".jpg"),
        "JPEG 2000": Kind(saved(image, "JPEG2000"), ".jp2", saved(image, "PNG")),
        "BMP": Kind(saved(image, "BMP"), ".bmp"),
        "animated GIF": Kind(several(image, "GIF", duration=600_000), ".gif"),
        "animated WebP": Kind(several(image, "WEBP", lossless=True, duration=60_000), ".webp"),
        "animated PNG": Kind(several(image, "PNG", duration=60_000), ".png"),
        "TIFF of several pages": Kind(several(image, "TIFF"), ".tif", saved(image, "PNG")),
        "JPEG of several images": Kind(several(image, "MPO", quality=95), ".jpg"),
        "HDR": Kind(png(rgb, chunks=[PQ_NUMBERS]), ".png"),
        "HEIC": Kind(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200), ".heic"),
        "JPEG XL": Kind(b"\xff\x0a" + bytes(200), ".jxl"),
    }


def inks(rgb):
    """Return rows and columns of RGB as an image in CMYK, with some black in it."""
    levels = 255 - rgb.astype(int)
    black = levels.min(axis=2) // 2
    return Image.merge(
        "CMYK",
        [
            Image.fromarray(each.astype(np.uint8))
            for each in (*np.moveaxis(levels - black[..., None], 2, 0), black)
        ],
    )


def ycck(rgb, profile=None):
    """Return a JPEG whose inks are coded as luma, chroma and black, as Photoshop does."""
    cyan, magenta, yellow, black = (np.asarray(each, float) for each in inks(rgb).split())
    luma = 0.299 * cyan + 0.587 * magenta + 0.114 * yellow
    stored = (luma, 128 + 0.564 * (yellow - luma), 128 + 0.713 * (cyan - luma), 255 - black)
    parts = [Image.fromarray(255 - np.rint(each).clip(0, 255).astype(np.uint8)) for each in stored]
    more = {"icc_profile": profile} if profile else {}
    data = bytearray(saved(Image.merge("CMYK", parts), "JPEG", quality=95, subsampling=0, **more))
    data[data.index(b"Adobe") + 11] = 2  # the transform: YCCK
    return bytes(data)


def tiff(deep, profile):
    """Return a TIFF of sixteen bits in RGB, which Pillow does not write."""
    rows, columns, _ = deep.shape
    pixels = deep.astype("<u2").tobytes()
    start = 8 + 2 + 12 * 10 + 4
    bits, colours = start, start + 6
    tags = [
        (256, 4, 1, columns),
        (257, 4, 1, rows),
        (258, 3, 3, bits),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (273, 4, 1, colours + len(profile)),
        (277, 3, 1, 3),
        (278, 4, 1, rows),
        (279, 4, 1, len(pixels)),
        (34675, 7, len(profile), colours),
    ]
    table = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return (
        b"II*\0\x08\0\0\0"
        + struct.pack("<H", 10)
        + table
        + bytes(4)
        + struct.pack("<3H", 16, 16, 16)
        + profile
        + pixels
    )


def several(image, form, **options):
    """Return a file of three images, the first of them the one given."""
    others = [Image.new("RGB", image.size, colour) for colour in ("red", "lime")]
    return saved(image, form, save_all=True, append_images=others, **options)


def nclx(data, primaries):
    """Return an AVIF that states other primaries by numbers."""
    at = data.index(b"colrnclx") + 8
    return data[:at] + struct.pack(">H", primaries) + data[at + 2 :]


def lab_levels(rgb):
    """Return rows and columns of RGB as coded Lab, few of them far from grey, so that sRGB holds them all."""
    lightness = rgb[..., 1] // 2 + 60
    return np.dstack(
        [lightness, 128 + (rgb[..., 0].astype(int) - 128) // 8, 128 + (rgb[..., 2].astype(int) - 128) // 8]
    )


def lab_tiff(rgb):
    return saved(
        Image.frombytes(
            "LAB", rgb.shape[1::-1], (lab_levels(rgb) ^ [0, 128, 128]).astype(np.uint8).tobytes()
        ),
        "TIFF",
    )


def lab_like(rgb):
    """Return the same colours as a PNG, by the formulas of CIE 15 and IEC 61966-2-1 typed out."""
    levels = lab_levels(rgb)
    lightness, a, b = levels[..., 0] * 100 / 255, levels[..., 1] - 128.0, levels[..., 2] - 128.0
    y = (lightness + 16) / 116
    lines = np.dstack([y + a / 500, y, y - b / 200])
    xyz = np.where(lines > 6 / 29, lines**3, (lines - 4 / 29) * 108 / 841) * [0.9642, 1.0, 0.8249]
    matrix = [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
    light = (xyz @ np.transpose(matrix)).clip(0, 1)
    coded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return saved(Image.fromarray(np.rint(coded * 255).astype(np.uint8)), "PNG")


def opened(data):
    return Image.open(io.BytesIO(data))
