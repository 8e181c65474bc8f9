"""A degree map: how many images come from which field of degrees, on a plain grid of the globe.

The grid has nothing but lines: no coast and no border, which would be somebody's map. As a field is as large
here at the pole as at the equator, and on the globe much smaller, the grid is no picture of areas.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from retrain_kit.annotations.places import FIELD_DEG
from retrain_kit.display import tokens
from retrain_kit.errors import count_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from retrain_kit.annotations.places import DegreeField

_STEP_PX, _MARGIN_PX, _TEXT_PX = 26, 44, 12
_COLUMNS, _ROWS = 360 // FIELD_DEG, 180 // FIELD_DEG
WIDTH_PX, HEIGHT_PX = 2 * _MARGIN_PX + _COLUMNS * _STEP_PX, 2 * _MARGIN_PX + _ROWS * _STEP_PX
_LEAST_PX = 2.5
_NAMED_DEG = 30


def degree_map_svg(counts: Mapping[DegreeField, int]) -> str:
    """Return the grid as an SVG: a disc in each field that images come from, its area as their number."""
    most = max(counts.values(), default=0)
    discs = [_disc(field, count, most) for field, count in sorted(counts.items())]
    images, fields = count_in_words(sum(counts.values()), "image"), count_in_words(len(counts), "field")
    told = f"{images} in {fields} of degrees"
    return tokens.svg_document(
        WIDTH_PX, HEIGHT_PX, [f"<title>{told}</title>", *_lines(), *_names(), *discs], role="img"
    )


def _x(east_deg: float) -> float:
    return round(_MARGIN_PX + (east_deg + 180) / FIELD_DEG * _STEP_PX, 1)


def _y(north_deg: float) -> float:
    return round(_MARGIN_PX + (90 - north_deg) / FIELD_DEG * _STEP_PX, 1)


def _lines() -> Iterator[str]:
    for east in range(-180, 181, FIELD_DEG):
        yield _line(_x(east), _y(90), _x(east), _y(-90), strong=east == 0)
    for north in range(-90, 91, FIELD_DEG):
        yield _line(_x(-180), _y(north), _x(180), _y(north), strong=north == 0)


def _line(left: float, top: float, right: float, bottom: float, *, strong: bool) -> str:
    colour, width = ("rim", 1.2) if strong else ("line", 1)
    return (
        f'<line x1="{left}" y1="{top}" x2="{right}" y2="{bottom}"'
        f' stroke="{tokens.css_variable(colour)}" stroke-width="{width}"/>'
    )


def _names() -> Iterator[str]:
    for east in range(-180, 181, 2 * _NAMED_DEG):
        yield _text(_x(east), _y(-90) + 1.5 * _TEXT_PX, _degrees(east, "EW"), "middle")
    for north in range(-90, 91, _NAMED_DEG):
        yield _text(_x(-180) - 6, _y(north) + _TEXT_PX / 3, _degrees(north, "NS"), "end")


def _degrees(value: int, sides: str) -> str:
    return f"{abs(value)}°" + (f" {sides[value < 0]}" if value else "")


def _text(x: float, y: float, words: str, side: str) -> str:
    place = f'x="{x}" y="{y}" font-size="{_TEXT_PX}" text-anchor="{side}"'
    return f'<text {place} fill="{tokens.css_variable("quiet")}">{words}</text>'


def _disc(field: DegreeField, count: int, most: int) -> str:
    half = FIELD_DEG / 2
    radius = max(_LEAST_PX, _STEP_PX * sqrt(count / most) / 2)
    told = f"{field.words}: {count_in_words(count, 'image')}"
    return (
        f'<circle cx="{_x(field.west_deg + half)}" cy="{_y(field.south_deg + half)}" r="{radius:.1f}"'
        f' fill="{tokens.css_variable("hue-1")}" fill-opacity="0.8"><title>{told}</title></circle>'
    )
