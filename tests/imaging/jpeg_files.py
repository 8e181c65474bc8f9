"""JPEGs of every kind, made for the tests, and what is measured on them."""

import io
import struct

import numpy as np
from PIL import Image
from scipy.ndimage import binary_dilation, binary_erosion

from retrain_kit.imaging.jpeg import turbo
from retrain_kit.imaging.jpeg.headers import APP, build_segment

SQUARE = np.ones((3, 3), dtype=bool)


def pixels(width, height, seed=0, channels=3):
    """Smooth waves with some noise: every block has coefficients of its own."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    waves = [110 + 70 * np.sin(x / (5 + 3 * c) + y / (9 - c)) for c in range(channels)]
    noisy = np.stack(waves, axis=2) + random.integers(-30, 30, (height, width, channels))
    return noisy.clip(0, 255).astype(np.uint8)


def jpeg(width=75, height=53, mode="RGB", seed=0, **options):
    """A JPEG as Pillow writes it."""
    channels = {"L": 1, "RGB": 3, "CMYK": 4}[mode]
    data = pixels(width, height, seed, channels)
    image = Image.fromarray(data[:, :, 0] if mode == "L" else data, mode)
    file = io.BytesIO()
    image.save(file, "JPEG", **{"quality": 85, **options})
    return file.getvalue()


def sampled(factor, width=75, height=53):
    """A JPEG with a sampling that OpenCV writes and Pillow does not."""
    import cv2  # noqa: PLC0415 - comes with the kit's extra alone

    options = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, getattr(cv2, f"IMWRITE_JPEG_SAMPLING_FACTOR_{factor}")]
    return cv2.imencode(".jpg", pixels(width, height), options)[1].tobytes()


KINDS = {
    "baseline 4:4:4": lambda: jpeg(subsampling="4:4:4"),
    "baseline 4:2:2": lambda: jpeg(subsampling="4:2:2"),
    "baseline 4:2:0": lambda: jpeg(subsampling="4:2:0"),
    "baseline 4:4:0": lambda: sampled(440),
    "baseline 4:1:1": lambda: sampled(411),
    "grey": lambda: jpeg(mode="L"),
    "progressive 4:4:4": lambda: jpeg(progressive=True, subsampling="4:4:4"),
    "progressive 4:2:0": lambda: jpeg(progressive=True),
    "progressive grey": lambda: jpeg(mode="L", progressive=True),
    "optimised": lambda: jpeg(optimize=True),
    "restart markers by blocks": lambda: jpeg(restart_marker_blocks=3),
    "restart markers by rows": lambda: jpeg(restart_marker_rows=1),
    "RGB": lambda: jpeg(keep_rgb=True),
    "CMYK": lambda: jpeg(mode="CMYK"),
    "progressive CMYK": lambda: jpeg(mode="CMYK", progressive=True),
    "YCCK": lambda: adobe(jpeg(mode="CMYK"), 2),
    "one pixel": lambda: jpeg(1, 1),
    "one row": lambda: jpeg(100, 1),
    "whole cells": lambda: jpeg(64, 48),
    "one pixel over": lambda: jpeg(65, 49),
    "coarse": lambda: jpeg(quality=1),
    "fine": lambda: jpeg(quality=100),
    "extended": lambda: jpeg(quality=85).replace(b"\xff\xc0", b"\xff\xc1", 1),
}


def adobe(data, transform):
    """The JPEG with another colour transform in Adobe's marker."""
    place = data.index(b"Adobe") + 11
    return data[:place] + bytes([transform]) + data[place + 1 :]


def with_segment(data, marker, payload):
    """The JPEG with one more segment at its start."""
    return data[:2] + build_segment(marker, payload) + data[2:]


def decoded(data):
    """The samples as stored, the inks of CMYK as Pillow counts them."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


def shown(data):
    """The colours as shown, in the stored frame."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


def beyond(mask, pixels=2):
    """What lies that many pixels and more outside the mask."""
    return ~binary_dilation(mask, SQUARE, iterations=pixels) if mask.any() else ~mask


def within(mask, pixels=2):
    """What lies that many pixels and more inside the mask; the frame's own edge is no border."""
    return binary_erosion(mask, SQUARE, iterations=pixels, border_value=1)


def coefficients(data):
    """The quantised coefficients of every component."""
    planes = []
    turbo.edit_coefficients(data, lambda _number, plane: planes.append(plane.copy()), progressive=False)
    return planes


def exif(orientation, note=b"notes", thumbnail=b"", order="<"):
    """An EXIF segment's payload: orientation and maker; an Exif directory with a maker's note; a thumbnail."""
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", 8)
    turn = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    maker = struct.pack(order + "HHII", 0x010F, 2, 8, 50)
    pointer = struct.pack(order + "HHII", 0x8769, 4, 1, 58)
    first = struct.pack(order + "H", 3) + maker + turn + pointer
    third = 58 + 2 + 24 + 4
    second = third + len(note)
    first += struct.pack(order + "I", second if thumbnail else 0) + b"Maker A\0"
    inner = struct.pack(order + "H", 2)
    inner += struct.pack(order + "HHI4s", 0x9000, 7, 4, b"0230")
    inner += struct.pack(order + "HHII", 0x927C, 7, len(note), third) + bytes(4)
    last = struct.pack(order + "HHHII", 2, 0x0201, 4, 1, second + 30)
    last += struct.pack(order + "HHII", 0x0202, 4, 1, len(thumbnail)) + bytes(4)
    return b"Exif\0\0" + head + first + inner + note + (last + thumbnail if thumbnail else b"")


APP1, APP2 = APP[1], APP[2]
