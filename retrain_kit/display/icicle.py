"""An icicle: the upper part of a label system, each word a field, those below it to its right."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from retrain_kit.display import tokens

if TYPE_CHECKING:
    from retrain_kit.annotations.label_tree import LabelTree
    from retrain_kit.annotations.veil import Veil

WIDTH_PX, HEIGHT_PX = 1000, 620
_TEXT_PX = 12
_SIGNS = 26
_HUES = len(tokens.HUES) - 1


def icicle_svg(tree: LabelTree, veil: Veil, levels: int = 5) -> str:
    """Return the upper levels of a tree as an SVG.

    A field is as high as the share of all synsets that stand at and below it. Fields too small for a word are
    left out; the ground they stand on is seen.

    Parameters
    ----------
    tree
        The label system.
    veil
        Words that it hides stand as a sign and the id.
    levels
        How many columns.
    """
    rows, scale = [], HEIGHT_PX / len(tree.ids)
    for place, name in enumerate(tree.ids):
        depth, height = int(tree.depths[place]), (1 + int(tree.below[place])) * scale
        if depth < levels and height >= _TEXT_PX:
            words = veil.words(tree.taxonomy.synset(name))
            count = f" ({tree.below[place]:,})" if tree.below[place] else ""
            rows.append(_field(depth / levels, place * scale, height, (words, count), _hue(tree, place)))
    count = f"{len(tree.ids):,}"
    told = f"The upper {levels} levels of {count} meanings; a field is as high as its share of them."
    return tokens.svg_document(WIDTH_PX, HEIGHT_PX, [f"<title>{told}</title>", *rows], role="img")


def _hue(tree: LabelTree, place: int) -> str:
    """Return the colour of a field: that of the branch it stands in, the branches told apart in turn."""
    if not tree.depths[place]:
        return tokens.css_variable("rest")
    branch = place
    while tree.depths[branch] > 1:
        branch -= 1
    beside = int((tree.depths[:branch] == 1).sum())
    return tokens.css_variable(f"hue-{beside % _HUES + 1}")


def _field(left: float, top_px: float, height_px: float, said: tuple[str, str], colour: str) -> str:
    """Return a field with its words, cut where there is no room; the whole stands in its title."""
    words, count = said
    shown = words if len(words) <= _SIGNS else f"{words[: _SIGNS - 1]}…"
    x, width = round(left * WIDTH_PX, 1), WIDTH_PX / 5 - 1
    box = f'x="{x}" y="{top_px:.1f}" width="{width:.0f}" height="{max(height_px - 1, 1):.1f}"'
    text = f'x="{x + 5}" y="{top_px + height_px / 2 + 4:.1f}" font-size="{_TEXT_PX}"'
    return (
        f'<g><title>{escape(words)}{count}</title><rect {box} fill="{colour}" fill-opacity="0.5"/>'
        f'<text {text} fill="{tokens.css_variable("ink")}">{escape(shown)}{count}</text></g>'
    )
