"""Density histograms: how much of an image is how dense, drawn for red, green and blue."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from retrain_kit.analysis.ink_coverage import STEP
from retrain_kit.display.figures import SVG_MEDIA_TYPE, Panel
from retrain_kit.display.tokens import css_variable, svg_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrain_kit.analysis.ink_coverage import Density

_LEFT, _STEP_PX, _ROW_PX, _GAP_PX, _TEXT_PX = 70, 18, 48, 12, 13
_HUES = {"red": "hue-1", "green": "hue-6", "blue": "hue-4"}


def density_histogram(densities: Sequence[Density]) -> Panel:
    """Return a drawing of the share of the image that is in each step of density, a row for each channel."""
    steps = len(densities[0].shares)
    most = max(share for density in densities for share in density.shares) or 1
    height = len(densities) * (_ROW_PX + _GAP_PX)
    parts = [part for place, density in enumerate(densities) for part in _row(place, density, most)]
    parts += _axis(steps, height)
    told = "; ".join(f"{each.channel} {each.low:.1f} to {each.high:.1f}" for each in densities)
    alt = f"A histogram for each channel. Nine tenths of the image lie in these densities: {told}."
    width = _LEFT + steps * _STEP_PX + 14
    drawing = svg_document(width, height + 64, parts, font_size=f"{_TEXT_PX}")
    return Panel("", alt, drawing.encode(), SVG_MEDIA_TYPE)


def _row(place: int, density: Density, most: float) -> Iterator[str]:
    base = place * (_ROW_PX + _GAP_PX) + _ROW_PX + _GAP_PX
    colour, ink, rim = (css_variable(name) for name in (_HUES[density.channel], "ink", "rim"))
    name = escape(density.channel)
    yield f'<text x="{_LEFT - 10}" y="{base - 4}" text-anchor="end" fill="{ink}">{name}</text>'
    for step, share in enumerate(density.shares):
        high = share / most * _ROW_PX
        x, y = _LEFT + step * _STEP_PX + 1, base - high
        yield f'<rect x="{x}" y="{y:.1f}" width="{_STEP_PX - 2}" height="{high:.1f}" fill="{colour}"/>'
    yield f'<path d="M{_LEFT} {base}h{len(density.shares) * _STEP_PX}" stroke="{rim}"/>'


def _axis(steps: int, top: int) -> Iterator[str]:
    quiet = css_variable("quiet")
    for step in range(0, steps + 1, round(1 / STEP)):
        x = _LEFT + step * _STEP_PX
        yield f'<text x="{x}" y="{top + 18}" text-anchor="middle" fill="{quiet}">{step * STEP:.0f}</text>'
    for line, told in enumerate(("density: 0 is white paper", "height: share of the image")):
        yield f'<text x="{_LEFT}" y="{top + 38 + 18 * line}" fill="{quiet}">{told}</text>'
