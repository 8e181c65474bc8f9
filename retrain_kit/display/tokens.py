"""Tokens: the colours and faces of `tokens.css`, for what Python draws."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).with_name("tokens.css")
_SAID = re.compile(r"--rk-([\w-]+):\s*([^;]+);")
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
    def grey(self) -> int:
        """How light the light one is, from 0 to 255, for what is drawn or printed in one ink."""
        red, green, blue = self.rgb
        return round(0.299 * red + 0.587 * green + 0.114 * blue)


def _read() -> Mapping[str, str]:
    found = _SAID.findall(FILE.read_text(encoding="utf-8"))
    return MappingProxyType({name: " ".join(value.split()) for name, value in found})


def _colours(said: Mapping[str, str]) -> Mapping[str, Colour]:
    found = {name: _COLOUR.fullmatch(value) for name, value in said.items()}
    return MappingProxyType(
        {name: Colour(hit[1] or hit[3], hit[2] or hit[3]) for name, hit in found.items() if hit}
    )


SAID = _read()
"""Every token by its name, without `--rk-`, as the sheet says it."""
COLOURS = _colours(SAID)
"""The tokens that are colours."""
HUES = tuple(name for name in COLOURS if name.startswith("hue-"))
"""Names of colours to tell apart: words, people, routes."""
HEAT = tuple(name for name in COLOURS if name.startswith("heat-"))
"""Names of the colours of a map, from nothing to most."""
