"""Images of every kind that people have, made from typed-out numbers, and profiles made from them."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np

WIDTH, HEIGHT = 48, 32

SRGB = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
ADOBE_RGB = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
DISPLAY_P3 = ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
PROPHOTO = ((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001))
BT2020 = ((0.708, 0.292), (0.17, 0.797), (0.131, 0.046))
D65, D50 = (0.3127, 0.3290), (0.3457, 0.3585)
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def ramp(levels=256):
    """Return rows and columns of red, green and blue from 0 to `levels` - 1, every channel another way."""
    x = np.arange(WIDTH) / (WIDTH - 1)
    y = np.arange(HEIGHT)[:, None] / (HEIGHT - 1)
    red, green, blue = np.broadcast_arrays(x, y, (1 - x) * (1 - y) + x * y)
    return np.rint(np.stack([red, green, blue], axis=-1) * (levels - 1))


def soft():
    """Return the ramp as eight-bit levels in RGB, which JPEGs keep nearly."""
    return ramp().astype(np.uint8)


# -- profiles


def matrix_profile(primaries, curve=SRGB_CURVE, white=D65, order=(0, 1, 2), description="made for a test"):
    """Return an ICC profile of version 2 (a gamma) or 4 (a curve of five numbers).

    `order` (2, 1, 0) exchanges red and blue.
    """
    simple = isinstance(curve, float)
    tags = {
        b"desc": _description(description) if simple else _mluc(description),
        b"cprt": _text("none") if simple else _mluc("none"),
        b"wtpt": _xyz(_xyz_of(D50)),
        **matrix_tags(primaries, curve, white, order),
    }
    return _profile(tags, b"RGB ", 2 if simple else 4)


def matrix_tags(primaries, curve=2.2, white=D65, order=(0, 1, 2)):
    """Return the tags that say by curves and a matrix what colours look like."""
    columns = _to_d50(primaries, white).T[list(order)]
    tone = _gamma(curve) if isinstance(curve, float) else _parametric(curve)
    return {
        **{name: _xyz(column) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), tone),
    }


def grey_profile(gamma):
    """Return an ICC profile for grey."""
    tags = {
        b"desc": _description("grey, made for a test"),
        b"cprt": _text("none"),
        b"wtpt": _xyz(_xyz_of(D50)),
        b"kTRC": _gamma(gamma),
    }
    return _profile(tags, b"GRAY", 2)


def padded(profile, size_bytes):
    """Return a profile made larger by a tag that nobody knows, so that it takes several segments."""
    count = struct.unpack(">I", profile[128:132])[0]
    moved = bytearray(profile[132 : 132 + 12 * count])
    for place in range(0, len(moved), 12):
        old = struct.unpack_from(">I", moved, place + 4)[0]
        struct.pack_into(">I", moved, place + 4, old + 12)
    body = profile[132 + 12 * count :]
    body += bytes(-len(body) % 4)
    start = 132 + 12 * (count + 1) + len(body)
    filler = b"data" + bytes(8) + np.random.default_rng(3).bytes(size_bytes - start - 12)
    entry = struct.pack(">4sII", b"padd", start, len(filler))
    whole = profile[4:128] + struct.pack(">I", count + 1) + bytes(moved) + entry + body + filler
    return struct.pack(">I", len(whole) + 4) + whole


def _xyz_of(xy):
    return np.array([xy[0] / xy[1], 1, (1 - xy[0] - xy[1]) / xy[1]])


def _to_d50(primaries, white):
    """Return the matrix from linear colours to XYZ, adapted to D50 as Bradford does."""
    columns = np.stack([_xyz_of(each) for each in primaries], axis=1)
    matrix = columns * np.linalg.solve(columns, _xyz_of(white))
    bradford = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    scale = np.diag((bradford @ _xyz_of(D50)) / (bradford @ _xyz_of(white)))
    return np.linalg.inv(bradford) @ scale @ bradford @ matrix


def _fixed(number):
    return struct.pack(">i", round(number * 65536))


def _xyz(values):
    return b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in values)


def _gamma(gamma):
    return struct.pack(">4sIIHH", b"curv", 0, 1, round(gamma * 256), 0)


def _parametric(numbers):
    return struct.pack(">4sIHH", b"para", 0, 3, 0) + b"".join(_fixed(number) for number in numbers)


def _text(text):
    return b"text\0\0\0\0" + text.encode() + b"\0"


def _description(text):
    return b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text.encode() + bytes(1 + 4 + 4 + 2 + 1 + 67)


def _mluc(text):
    coded = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(coded), 28) + coded


def _profile(tags, space, version, pcs=b"XYZ "):
    table, body, start = b"", b"", 132 + 12 * len(tags)
    for name, value in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(value))
        body += value + bytes(-len(value) % 4)
    whole = _head(space, version, pcs) + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


def _head(space, version, pcs):
    head = bytearray(128)
    struct.pack_into(">I4s4s4s", head, 8, version << 24, b"mntr", space, pcs)
    struct.pack_into(">6H4s", head, 24, 2026, 1, 1, 0, 0, 0, b"acsp")
    head[68:80] = b"".join(_fixed(value) for value in _xyz_of(D50))
    return bytes(head)


# -- files


def png(pixels, depth=8, kind=2, chunks=()):
    """Return a PNG of rows, columns and channels as they are, whatever Pillow would write; `kind` is PNG's own."""
    pixels = np.asarray(pixels)
    rows = pixels.astype(">u2" if depth == 16 else np.uint8).reshape(len(pixels), -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], depth, kind, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def iccp(profile):
    """Return the chunk of a PNG that holds a profile."""
    return b"iCCP", b"made\0\0" + zlib.compress(profile)


def saved(image, form, **options):
    """Return an image's file in one of Pillow's forms."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def table_profile(grid, space=b"RGB ", *, wide=True, lab=True, more=None):
    """Return an ICC profile whose colours a table says: `grid` has an axis an input, and coded Lab or XYZ last."""
    inputs, points = grid.ndim - 1, grid.shape[0]
    limit, kind, form = (65535, b"mft2", ">u2") if wide else (255, b"mft1", "u1")
    ends = np.linspace(0, 1, 2 if wide else 256)
    values = np.concatenate([np.tile(ends, inputs), grid.ravel(), np.tile(ends, 3)])
    head = kind + bytes(4) + bytes([inputs, 3, points, 0]) + b"".join(map(_fixed, np.eye(3).ravel()))
    counts = struct.pack(">HH", 2, 2) if wide else b""
    table = head + counts + np.rint(values * limit).astype(form).tobytes()
    tags = {
        b"desc": _description("a table, made for a test"),
        b"cprt": _text("none"),
        b"wtpt": _xyz(_xyz_of(D50)),
        b"A2B0": table,
        **(more or {}),
    }
    return _profile(tags, space, 2, b"Lab " if lab else b"XYZ ")


def lab_grid(points=5):
    """Return a grid from red, green, blue to Lab coded from 0 to 1, that looks like nothing else: a twist of hues."""
    axes = np.linspace(0, 1, points)
    red, green, blue = np.meshgrid(axes, axes, axes, indexing="ij")
    lightness = 0.2 * red + 0.7 * green + 0.1 * blue
    return np.stack([lightness, 0.5 + 0.2 * (blue - green), 0.5 + 0.2 * (red - blue)], axis=-1)


def blocks():
    """Return six colours, a square of 16 pixels each, which JPEGs keep to a level or two."""
    colours = np.array(
        [[(200, 40, 30), (40, 160, 60), (40, 60, 190)], [(230, 210, 60), (128, 128, 128), (90, 40, 110)]]
    )
    return colours.astype(np.uint8).repeat(16, axis=0).repeat(16, axis=1)
