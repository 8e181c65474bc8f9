"""Colours: the fill that an empty block can hold.

An empty block has one coefficient, its mean, in steps of the picture's own quantisation table; so it holds
some levels and not others. Each component takes the level nearest to what is wanted. White is held exactly,
as a mean beyond the range is cut to 255.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrain_kit.jpegs.headers import Header, Model

Colour = tuple[int, int, int]

_LOWEST, _HIGHEST = -1024, 1023
_FARTHEST = 4000  # a mean further out runs round a decoder's table of limits


def held(header: Header, fill: Colour) -> tuple[list[int], Colour]:
    """Return for each component the quantised mean nearest to `fill`, and the colour they decode to."""
    wanted = _components(header.model, fill)
    means = [_mean(level, step) for level, step in zip(wanted, header.steps, strict=True)]
    levels = [_level(mean, step) for mean, step in zip(means, header.steps, strict=True)]
    return means, _colour(header.model, levels)


def _mean(wanted: float, step: int) -> int:
    target = (wanted - 128) * 8
    near = {int(target // step), int(-(-target // step)), 0}
    possible = [
        mean for mean in near if _LOWEST <= mean <= _HIGHEST and (not mean or abs(mean * step) <= _FARTHEST)
    ]
    return min(possible, key=lambda mean: (abs(_level(mean, step) - wanted), abs(mean)))


def _level(mean: int, step: int) -> int:
    """Return the sample a block with this mean alone decodes to, as libjpeg rounds it."""
    return _clip(((mean * step + 4) >> 3) + 128)


def _components(model: Model, fill: Colour) -> tuple[float, ...]:
    """Return the wanted level of each component. Adobe's inks count from 255, no ink, down to 0."""
    if model == "grey":
        return (_luma(fill),)
    if model == "YCbCr":
        return _ycc(fill)
    if model == "YCCK":
        return (*_ycc((255 - fill[0], 255 - fill[1], 255 - fill[2])), 255)
    return fill if model == "RGB" else (*fill, 255)


def _colour(model: Model, levels: list[int]) -> Colour:
    """Return the colour that levels of the components are shown as."""
    if model == "grey":
        return levels[0], levels[0], levels[0]
    if model in {"RGB", "CMYK"}:
        return levels[0], levels[1], levels[2]
    red, green, blue = _rgb(*levels[:3])
    return (red, green, blue) if model == "YCbCr" else (255 - red, 255 - green, 255 - blue)


def _luma(fill: Colour) -> float:
    return 0.299 * fill[0] + 0.587 * fill[1] + 0.114 * fill[2]


def _ycc(fill: Colour) -> tuple[float, float, float]:
    luma = _luma(fill)
    return luma, 128 + (fill[2] - luma) / 1.772, 128 + (fill[0] - luma) / 1.402


def _rgb(luma: int, blueness: int, redness: int) -> Colour:
    """Convert as libjpeg does, in 16 bits of fraction."""
    half, blue, red = 1 << 15, blueness - 128, redness - 128
    green = (-22554 * blue - 46802 * red + half) >> 16
    return (
        _clip(luma + ((91881 * red + half) >> 16)),
        _clip(luma + green),
        _clip(luma + ((116130 * blue + half) >> 16)),
    )


def _clip(level: int) -> int:
    return min(255, max(0, level))
