"""Tables of colour: profiles that say by a grid what their colours look like, as those for printing do.

They are read as Chromium reads them, so that a view shows what a browser shows: linear between the points
along every axis, Lab coded as in version 4 of the standard whatever the version, no change of black.
LittleCMS differs in all three, by up to 16 levels of 255. The steps are those of ICC.1:2022, 10.10 to 10.12:
curves, grid, curves, matrix, curves, to Lab or XYZ of D50.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import reduce
from itertools import product
from operator import mul
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Levels = NDArray[np.float64] | NDArray[np.int64]

_CHUNK = 1 << 16
_MAX_POINTS = 1 << 23
_D50 = np.array([0.9642, 1.0, 0.8249], dtype=np.float32)
_FROM_XYZ = np.linalg.inv(
    [
        [0.43606567, 0.38514709, 0.14306641],
        [0.22248840, 0.71687317, 0.06060791],
        [0.01391602, 0.09707642, 0.71409607],
    ]
).astype(np.float32)


@dataclass(frozen=True)
class ColourTable:
    """What a profile's table from colours to Lab or XYZ says.

    Parameters
    ----------
    before
        For each input a curve of 256 places, from 0 to 1: where a level lies on its axis of the grid.
    grid
        The values at the points: one axis an input, the last one the outputs.
    steps
        What follows: curves, one an output, and matrices of 3 × 4.
    lab
        Whether the outputs are Lab; else XYZ.
    """

    before: tuple[Floats, ...]
    grid: Floats
    steps: tuple[Floats | tuple[Floats, ...], ...]
    lab: bool

    @property
    def inputs(self) -> int:
        """How many channels it takes."""
        return len(self.before)

    def to_srgb(self, levels: Levels) -> Floats:
        """Return colours, one a row, in sRGB from 0 to 1; those that it does not hold lie beyond."""
        parts = [self._chunk(levels[at : at + _CHUNK]) for at in range(0, len(levels), _CHUNK)]
        return np.concatenate(parts)

    def _chunk(self, levels: Levels) -> Floats:
        values = self._interpolated(levels)
        for step in self.steps:
            values = _stepped(values, step)
        xyz = _xyz_of_lab(values) if self.lab else values
        return coded_light(xyz @ _FROM_XYZ.T)

    def _interpolated(self, levels: Levels) -> Floats:
        """Return the grid's values at the levels, linear along each axis."""
        points, size = self.grid.reshape(-1, self.grid.shape[-1]), self.grid.shape[:-1]
        strides = [reduce(mul, size[axis + 1 :], 1) for axis in range(self.inputs)]
        corners = []
        for axis, curve in enumerate(self.before):
            place = np.interp(levels[:, axis], np.arange(256), curve) * (size[axis] - 1)
            low = np.clip(np.floor(place), 0, max(size[axis] - 2, 0)).astype(np.intp)
            share = (place - low).astype(np.float32)
            high = np.minimum(low + 1, size[axis] - 1)
            corners.append(((low * strides[axis], 1 - share), (high * strides[axis], share)))
        values = np.zeros((len(levels), points.shape[1]), dtype=np.float32)
        for chosen in product(*corners):
            index = reduce(np.add, (place for place, _ in chosen))
            weight = reduce(np.multiply, (share for _, share in chosen))
            values += points[index] * weight[:, None]
        return values


def coded_light(light: Floats) -> Floats:
    """Return what sRGB codes for light from 0 to 1 (IEC 61966-2-1), and straight on below 0."""
    bright = 1.055 * np.maximum(light, 0.0031308) ** np.float32(1 / 2.4) - 0.055
    return np.where(light <= 0.0031308, light * np.float32(12.92), bright).astype(np.float32)  # noqa: PLR2004 - IEC


def read_table(profile: bytes) -> ColourTable | None:
    """Return a profile's table for looking at (A2B0, else A2B1); None where it has none.

    Raises
    ------
    ValueError, struct.error
        When it is broken, or of a kind that the standard does not know.
    """
    found = tags(profile)
    data = found.get(b"A2B0") or found.get(b"A2B1")
    if data is None:
        return None
    lab = profile[20:24] == b"Lab "
    if data[:4] in (b"mft1", b"mft2"):
        return _old_table(data, lab=lab)
    if data[:4] == b"mAB ":
        return _new_table(data, lab=lab)
    raise ValueError("a table of an unknown kind")


def tags(profile: bytes) -> dict[bytes, bytes]:
    """Return what stands under each tag of a profile.

    Raises
    ------
    ValueError, struct.error
        When one lies outside the profile.
    """
    size, count = struct.unpack_from(">I", profile)[0], struct.unpack_from(">I", profile, 128)[0]
    found: dict[bytes, bytes] = {}
    for number in range(min(count, 1000)):
        name, start, length = struct.unpack_from(">4sII", profile, 132 + 12 * number)
        if length < 4 or start + length > size:  # noqa: PLR2004 - the name of its type
            raise ValueError("a tag that lies outside the profile")
        found.setdefault(name, profile[start : start + length])
    return found


def curve_values(data: bytes, places: Floats) -> Floats:
    """Return the values of a curve (`curv` or `para`) at places from 0 to 1.

    Raises
    ------
    ValueError, struct.error
        When it is broken.
    """
    return _read_curve(data, places)[0]


def _old_table(data: bytes, *, lab: bool) -> ColourTable:
    """Return a table of one or two bytes a value (lut8Type, lut16Type)."""
    inputs, outputs, points = data[8:11]
    wide = data[:4] == b"mft2"
    ins, outs = struct.unpack_from(">HH", data, 48) if wide else (256, 256)
    _check_grid(inputs, outputs, [points] * inputs)
    values = np.frombuffer(data, ">u2" if wide else "u1", offset=52 if wide else 48).astype(np.float32)
    values /= np.float32(65535 if wide else 255)
    lengths = [inputs * ins, points**inputs * outputs, outputs * outs]
    if ins < 2 or outs < 2 or len(values) < sum(lengths):  # noqa: PLR2004 - two ends
        raise ValueError("a table that is cut short")
    first, grid, last = np.split(values[: sum(lengths)], np.cumsum(lengths)[:-1])
    before = tuple(_at_levels(curve) for curve in first.reshape(inputs, ins))
    after = tuple(last.reshape(outputs, outs))
    return ColourTable(before, grid.reshape(*[points] * inputs, outputs), (after,), lab)


def _new_table(data: bytes, *, lab: bool) -> ColourTable:
    """Return a table of version 4 (lutAToBType)."""
    inputs, outputs = data[8:10]
    b_at, matrix_at, m_at, clut_at, a_at = struct.unpack_from(">5I", data, 12)
    levels = np.linspace(0, 1, 256, dtype=np.float32)
    fine = np.linspace(0, 1, 4096, dtype=np.float32)
    if clut_at and a_at:
        before = tuple(_curves(data, a_at, inputs, levels))
        grid = _grid(data, clut_at, inputs, outputs)
    else:
        before, grid = (levels,) * inputs, _through(inputs, outputs)
    steps: list[Floats | tuple[Floats, ...]] = []
    if m_at and matrix_at:
        steps.append(tuple(_curves(data, m_at, outputs, fine)))
        numbers = np.frombuffer(data, ">i4", 12, matrix_at).astype(np.float32) / np.float32(65536)
        steps.append(np.column_stack([numbers[:9].reshape(3, 3), numbers[9:]]))
    steps.append(tuple(_curves(data, b_at, outputs, fine)))
    return ColourTable(before, grid, tuple(steps), lab)


def _through(inputs: int, outputs: int) -> Floats:
    """Return the grid that leaves three values as they are."""
    _check_grid(inputs, outputs, [2] * inputs)
    if inputs != outputs:
        raise ValueError("a table without a grid")
    return np.stack(np.meshgrid(*[np.array([0, 1], np.float32)] * inputs, indexing="ij"), axis=-1)


def _grid(data: bytes, at: int, inputs: int, outputs: int) -> Floats:
    size = list(data[at : at + inputs])
    _check_grid(inputs, outputs, size)
    count = reduce(mul, size, 1) * outputs
    wide = data[at + 16] == 2  # noqa: PLR2004 - bytes a value
    values = np.frombuffer(data, ">u2" if wide else "u1", count, at + 20).astype(np.float32)
    return (values / np.float32(65535 if wide else 255)).reshape(*size, outputs)


def _check_grid(inputs: int, outputs: int, size: Sequence[int]) -> None:
    if not 1 <= inputs <= 4 or outputs != 3 or 0 in size or reduce(mul, size, 1) > _MAX_POINTS:  # noqa: PLR2004
        raise ValueError("a table from other colours, or of another size, than images have")


def _curves(data: bytes, at: int, count: int, places: Floats) -> list[Floats]:
    found = []
    for _ in range(count):
        values, length = _read_curve(data[at:], places)
        found.append(values)
        at += length + -length % 4
    return found


_PARAMETERS = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}


def _read_curve(data: bytes, places: Floats) -> tuple[Floats, int]:
    """Return a curve's values at places, and how many bytes it takes."""
    if data[:4] == b"curv":
        count = struct.unpack_from(">I", data, 8)[0]
        if count == 0:
            return places, 12
        if count == 1:
            return places ** np.float32(struct.unpack_from(">H", data, 12)[0] / 256), 14
        table = np.frombuffer(data, ">u2", count, 12).astype(np.float32) / np.float32(65535)
        return _looked_up(table, places), 12 + 2 * count
    kind = struct.unpack_from(">H", data, 8)[0]
    if data[:4] != b"para" or kind not in _PARAMETERS:
        raise ValueError("a curve of an unknown kind")
    numbers = np.frombuffer(data, ">i4", _PARAMETERS[kind], 12) / 65536
    return _parametric(kind, numbers.tolist(), places), 12 + 4 * _PARAMETERS[kind]


def _parametric(kind: int, numbers: Sequence[float], x: Floats) -> Floats:
    """Return a curve by its formula (ICC.1:2022, table 68)."""
    g, a, b, c, d, e, f = ([*numbers, *[0.0] * 7])[:7]
    if kind == 0:
        a, b, c, d, e, f = 1.0, 0.0, 0.0, 0.0, 0.0, 0.0
    elif kind in {1, 2}:
        if not a:
            raise ValueError("a curve without a slope")
        e = f = c if kind == 2 else 0.0  # noqa: PLR2004
        c, d = 0.0, -b / a
    curve = np.power(np.maximum(a * x + b, 0), g) + e
    return np.clip(np.where(x >= d, curve, c * x + f), 0, 1).astype(np.float32)


def _at_levels(table: Floats) -> Floats:
    return _looked_up(table, np.linspace(0, 1, 256, dtype=np.float32))


def _looked_up(table: Floats, places: Floats) -> Floats:
    found = np.interp(places, np.linspace(0, 1, len(table)), table)
    return found.astype(np.float32)


def _stepped(values: Floats, step: Floats | tuple[Floats, ...]) -> Floats:
    if not isinstance(step, tuple):
        mixed: Floats = values @ step[:, :3].T + step[:, 3]
        return np.clip(mixed, 0, 1)
    return np.stack([_looked_up(curve, values[:, place]) for place, curve in enumerate(step)], axis=1)


def _xyz_of_lab(coded: Floats) -> Floats:
    """Return XYZ of D50 by Lab coded from 0 to 1 (CIE 15)."""
    y = (coded[:, 0] * 100 + 16) / 116
    x = y + (coded[:, 1] * 255 - 128) / 500
    z = y - (coded[:, 2] * 255 - 128) / 200
    lines = np.stack([x, y, z], axis=1)
    cubes = np.where(lines > 6 / 29, lines**3, (lines - 16 / 116) * (3 * (6 / 29) ** 2))
    return (cubes * _D50).astype(np.float32)
