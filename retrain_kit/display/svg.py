"""SVG: drawings in the colours of the page around them, light or dark.

A drawing names tokens, and says itself what they are: it needs no style sheet, and nothing runs in it. A
browser shows it in the colours of the element that it is embedded in.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from retrain_kit.display.tokens import COLOURS, SAID

if TYPE_CHECKING:
    from collections.abc import Iterable

FONT = SAID["sans"].replace('"', "'")
_NAMED = re.compile(r"var\(--rk-([\w-]+)\)")


def colour(name: str) -> str:
    """Return how a drawing names the token of a colour."""
    return f"var(--rk-{name})"


def document(width: int, height: int, parts: Iterable[str], **attributes: str) -> str:
    """Return a drawing on the paper of the page.

    Parameters
    ----------
    width, height
        In pixels.
    parts
        Its elements, with everything in them escaped.
    attributes
        More of the root element, with `_` for `-`.
    """
    body = f'<rect width="100%" height="100%" fill="{colour("paper")}"/>{"".join(parts)}'
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


def follow(drawing: str, names: Iterable[str]) -> str:
    """Return a drawing, made with the light colours of these tokens, so that it follows the page."""
    for name in names:
        drawing = drawing.replace(COLOURS[name].light, colour(name))
    return drawing.replace("<svg ", f'<svg style="{_style(drawing)}" ', 1)


def _style(drawing: str) -> str:
    """Return what the tokens named in a drawing are."""
    names = dict.fromkeys(name for name in _NAMED.findall(drawing) if name in COLOURS)
    return "".join(("color-scheme:light dark", *(f";--rk-{name}:{COLOURS[name].css}" for name in names)))
