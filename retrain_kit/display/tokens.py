"""Tokens: the colours and typefaces of `tokens.css`, for what Python draws."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


FILE = Path(__file__).with_name("tokens.css")
_TOKEN = re.compile(r"--rk-([\w-]+):\s*([^;]+);")
_LINEAR_UP_TO = 0.04045
_COLOUR = re.compile(r"(?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}))")


@dataclass(frozen=True)
class Colour:
    """A colour on a light and on a dark page, as `#rrggbb`."""

    light: str
    dark: str

    @property
    def css(self) -> str:
        """Both, as style sheets say it."""
        return f"light-dark({self.light},{self.dark})"

    @property
    def rgb(self) -> tuple[int, int, int]:
        """The light one, as images have it: red, green and blue from 0 to 255."""
        red, green, blue = bytes.fromhex(self.light[1:])
        return red, green, blue

    @property
    def luminance(self) -> float:
        """The relative luminance of the light one, from 0 to 1, as WCAG has it."""
        parts = [channel / 255 for channel in self.rgb]
        linear = [
            part / 12.92 if part <= _LINEAR_UP_TO else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    @property
    def grey(self) -> int:
        """How light the light one is, from 0 to 255, for what is drawn or printed in one ink."""
        red, green, blue = self.rgb
        return round(0.299 * red + 0.587 * green + 0.114 * blue)


def _read() -> Mapping[str, str]:
    found = _TOKEN.findall(FILE.read_text(encoding="utf-8"))
    return MappingProxyType({name: " ".join(value.split()) for name, value in found})


def _colours(said: Mapping[str, str]) -> Mapping[str, Colour]:
    found = {name: _COLOUR.fullmatch(value) for name, value in said.items()}
    return MappingProxyType(
        {name: Colour(hit[1] or hit[3], hit[2] or hit[3]) for name, hit in found.items() if hit}
    )


TOKENS = _read()
"""Every token by its name, without `--rk-`, as the sheet says it."""
COLOURS = _colours(TOKENS)
"""The tokens that are colours."""
HUES = tuple(name for name in COLOURS if name.startswith("hue-"))
"""Names of colours to tell apart: words, people, annotation sources."""
MARKS = tuple(name for name in COLOURS if name.startswith("mark-"))
"""Names of colours that labels have in one image, those first that are told apart best."""
SOURCES = MappingProxyType(
    {"hand": "hue-1", "checked": "hue-3", "people": "hue-5", "machine": "hue-4", "unknown": "rest"}
)
"""Which colour each annotation source has, in charts and in cities."""
HEAT = tuple(name for name in COLOURS if name.startswith("heat-"))
"""Names of the colours of a map, from nothing to most."""

# -- SVG: drawings in the colours of the page around them, light or dark.


FONT = TOKENS["sans"].replace('"', "'")
_NAMED = re.compile(r"var\(--rk-([\w-]+)\)")


def css_variable(name: str) -> str:
    """Return the CSS variable by which a drawing names the token of a colour."""
    return f"var(--rk-{name})"


def svg_document(width: int, height: int, parts: Iterable[str], **attributes: str) -> str:
    """Return an SVG drawing on the paper of the page.

    Parameters
    ----------
    width, height
        In pixels.
    parts
        Its elements, with everything in them escaped.
    attributes
        More of the root element, with `_` for `-`.
    """
    body = f'<rect width="100%" height="100%" fill="{css_variable("paper")}"/>{"".join(parts)}'
    said = {
        "width": str(width),
        "height": str(height),
        "viewBox": f"0 0 {width} {height}",
        "font-family": FONT,
        **{name.replace("_", "-"): value for name, value in attributes.items()},
        "style": _style(body),
    }
    root = " ".join(f'{name}="{escape(value)}"' for name, value in said.items())
    return f'<svg xmlns="http://www.w3.org/2000/svg" {root}>{body}</svg>'


def with_fixed_colours(drawing: str, font: str) -> str:
    """Return a drawing of `svg_document` in its light colours and one font, for what has no style sheets."""
    fixed = _NAMED.sub(lambda found: COLOURS[found[1]].light, drawing)
    fixed = re.sub(r' style="[^"]*"', "", fixed, count=1)
    return re.sub(r'font-family="[^"]*"', f'font-family="{escape(font)}"', fixed, count=1)


def with_page_colours(drawing: str, names: Iterable[str]) -> str:
    """Return a drawing made with the light colours of these tokens as one that follows the page."""
    for name in names:
        drawing = drawing.replace(COLOURS[name].light, css_variable(name))
    return drawing.replace("<svg ", f'<svg style="{_style(drawing)}" ', 1)


def _style(drawing: str) -> str:
    """Return what the tokens named in a drawing are."""
    names = dict.fromkeys(name for name in _NAMED.findall(drawing) if name in COLOURS)
    return "".join(("color-scheme:light dark", *(f";--rk-{name}:{COLOURS[name].css}" for name in names)))
