"""JPEG loss: what JPEG kept of an image, read from the file's own tables and its decoded blocks.

JPEG cuts an image into blocks of 8 × 8 pixels, turns each into 64 coefficients (a mean and 63 kinds of
detail) and divides each by a step, rounding to whole *levels*; a level of zero is detail that is not kept.
Pillow gives the steps but not the levels. They are computed again here from the decoded luminance, whose
coefficients lie on multiples of the steps, but for rounding and for pixels cut off at black or white.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.JpegImagePlugin import JpegImageFile

BLOCK_SIDE = 8
LUMINANCE_BANDS = (
    ("dark, luminance 0 to 85", 0, 85),
    ("middle, luminance 85 to 170", 85, 170),
    ("light, luminance 170 to 255", 170, 255.5),
)
"""Bands: blocks by the mean of their luminance, in the values of the file, from 0 (black) to 255 (white)."""

_LUMA = """
16 11 10 16 24 40 51 61 12 12 14 19 26 58 60 55 14 13 16 24 40 57 69 56 14 17 22 29 51 87 80 62
18 22 37 56 68 109 103 77 24 35 55 64 81 104 113 92 49 64 78 87 103 121 120 101 72 92 95 98 112 100 103 99
"""
_CHROMA = """
17 18 24 47 99 99 99 99 18 21 26 66 99 99 99 99 24 26 56 99 99 99 99 99 47 66 99 99 99 99 99 99
99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99 99
"""
STANDARD_TABLES = tuple(np.array(text.split(), int) for text in (_LUMA, _CHROMA))
"""The example tables of the JPEG standard (ITU-T T.81, annex K), which libjpeg scales by its quality."""


@dataclass(frozen=True)
class QualityEstimate:
    """The quality whose libjpeg tables come nearest to a file's; `error` is the mean difference of a step."""

    quality: int
    error: float


@dataclass(frozen=True)
class LuminanceBand:
    """Blocks of similar luminance.

    Parameters
    ----------
    name
        Which band of luminance, with its limits.
    blocks
        How many blocks lie in it.
    mean
        Their mean luminance, from 0 to 255, in the values of the file; None without blocks.
    share_zero
        The share of their detail coefficients whose level is zero; None without blocks.
    step_share
        One mean step of detail as a share of the mean luminance, in the values of the file: step / 8, the
        root mean square it adds to a block's pixels, / `mean`. None without blocks or in pure black.
    """

    name: str
    blocks: int
    mean: float | None = None
    share_zero: float | None = None
    step_share: float | None = None


@dataclass(frozen=True)
class Compression:
    """How a JPEG was saved the last time.

    Parameters
    ----------
    tables
        The steps of each table, 64 a table, row by row.
    sampling
        The horizontal and vertical sampling factors of each component.
    progressive
        Whether it builds up in several passes.
    estimate
        The nearest quality of libjpeg.
    bands
        Detail by luminance; empty where `unread` says why it cannot be read.
    """

    tables: tuple[tuple[int, ...], ...]
    sampling: tuple[tuple[int, int], ...]
    progressive: bool
    estimate: QualityEstimate
    bands: tuple[LuminanceBand, ...] = ()
    unread: str = ""


def read_compression(file: JpegImageFile) -> Compression:
    """Return how an opened, not yet decoded JPEG was saved; its luminance is decoded."""
    tables = tuple(tuple(table) for _, table in sorted(file.quantization.items()))
    layers = file.layer
    known = (
        tables,
        tuple((horizontal, vertical) for _, horizontal, vertical, _ in layers),
        bool(file.info.get("progressive")),
        estimate_quality(tables),
    )
    if why := _unread(file):
        return Compression(*known, unread=why)
    steps = np.array(file.quantization[layers[0][3]]).reshape(BLOCK_SIDE, BLOCK_SIDE)
    file.draft("L", file.size)
    return Compression(*known, bands=loss_by_luminance(np.asarray(file), steps))


def estimate_quality(tables: tuple[tuple[int, ...], ...]) -> QualityEstimate:
    """Return the quality from 1 to 100 whose two tables differ least from these, by the sum of squares."""
    found = np.array(tables[:2])
    wanted = np.array(STANDARD_TABLES[: len(found)])
    scaled = np.stack([scaled_table(wanted, quality) for quality in range(1, 101)])
    differences = np.abs(scaled - found)
    best = int((differences**2).sum((1, 2)).argmin())
    return QualityEstimate(best + 1, float(differences[best].mean()))


def scaled_table(table: NDArray[np.int_], quality: int) -> NDArray[np.int_]:
    """Return a table as libjpeg scales it for a quality from 1 to 100."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality  # noqa: PLR2004 - libjpeg's own bend
    return np.clip((table * percent + 50) // 100, 1, 255)


def quantised_levels(luminance: NDArray[np.uint8], steps: NDArray[np.int_]) -> NDArray[np.int_]:
    """Return the levels of all whole blocks: (rows of blocks, columns of blocks, 8, 8)."""
    rows, columns = (length // BLOCK_SIDE for length in luminance.shape)
    whole = luminance[: rows * BLOCK_SIDE, : columns * BLOCK_SIDE].astype(np.float32) - 128
    blocks = whole.reshape(rows, BLOCK_SIDE, columns, BLOCK_SIDE).swapaxes(1, 2)
    return np.rint(_COSINES @ blocks @ _COSINES.T / steps).astype(int)


def loss_by_luminance(luminance: NDArray[np.uint8], steps: NDArray[np.int_]) -> tuple[LuminanceBand, ...]:
    """Return for each band of luminance how much detail has a level of zero."""
    found = quantised_levels(luminance, steps)
    rows, columns = found.shape[:2]
    whole = luminance[: rows * BLOCK_SIDE, : columns * BLOCK_SIDE]
    means = whole.reshape(rows, BLOCK_SIDE, columns, BLOCK_SIDE).mean((1, 3))
    details = found.reshape(rows, columns, -1)[..., 1:]
    step = float(steps.ravel()[1:].mean())
    return tuple(
        _band(name, (means >= low) & (means < high), means, details, step)
        for name, low, high in LUMINANCE_BANDS
    )


def _band(
    name: str, inside: NDArray[np.bool_], means: NDArray[np.float64], details: NDArray[np.int_], step: float
) -> LuminanceBand:
    if not inside.any():
        return LuminanceBand(name, 0)
    mean = float(means[inside].mean())
    share = step / BLOCK_SIDE / mean if mean else None
    return LuminanceBand(name, int(inside.sum()), mean, float((details[inside] == 0).mean()), share)


def _unread(file: JpegImageFile) -> str:
    """Return why the levels of a file cannot be read; an empty text where they can."""
    if file.mode not in {"L", "RGB"}:
        return f"its colours are {file.mode}"
    if file.mode == "RGB" and file.info.get("adobe_transform") == 0:
        return "it stores red, green and blue, not luminance"
    widest = max((horizontal, vertical) for _, horizontal, vertical, _ in file.layer)
    if tuple(file.layer[0][1:3]) != widest:
        return "its luminance is stored smaller than the image"
    if min(file.size) < BLOCK_SIDE:
        return "it has no whole block of 8 × 8 pixels"
    return ""


def _cosines() -> NDArray[np.float32]:
    """Return the matrix of the orthonormal discrete cosine transform of 8 values."""
    place = np.arange(BLOCK_SIDE)
    matrix = np.cos((2 * place + 1) * place[:, None] * np.pi / (2 * BLOCK_SIDE)) / 2
    matrix[0] /= np.sqrt(2)
    return matrix.astype(np.float32)


_COSINES = _cosines()
