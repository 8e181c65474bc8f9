"""An icicle: the upper part of a label system, each word a field, those below it to its right."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from retrain_kit.display import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.annotations.label_tree import LabelTree
    from retrain_kit.annotations.veil import Veil

WIDTH_PX, HEIGHT_PX = 1000, 620
_TEXT_PX = 12
_SIGN_PX = 7
_LEAST_PX = 3
_FULL, _PALE = 0.5, 0.12
_HUES = len(tokens.HUES) - 1


def icicle_svg(tree: LabelTree, veil: Veil, images: Mapping[str, int] | None = None, levels: int = 5) -> str:
    """Return the upper levels of a tree as an SVG.

    A field is as high as the share of all synsets that stand at and below it. Fields too small for a word are
    drawn without one, and the smallest are left out: the ground they stand on is seen. The notice that goes
    with the words is in the drawing.

    Parameters
    ----------
    tree
        The label system.
    veil
        Words that it hides stand as a sign and the id.
    images
        In how many images each is, with all below it: where there is none a field is pale. None where nobody
        has counted.
    levels
        How many columns.
    """
    rows, scale = [], HEIGHT_PX / len(tree.ids)
    for place, name in enumerate(tree.ids):
        depth, height = int(tree.depths[place]), (1 + int(tree.below[place])) * scale
        if depth < levels and height >= _LEAST_PX:
            counts = [f"{tree.below[place]:,}"] if tree.below[place] else []
            counts += [] if images is None else [f"in {images.get(name, 0):,} images"]
            said = (veil.words(tree.taxonomy.synset(name)), counts)
            pale = images is not None and not images.get(name)
            box = (depth * WIDTH_PX / levels, place * scale, WIDTH_PX / levels - 1, max(height - 1, 1))
            rows.append(_field(box, said, _hue(tree, place), _PALE if pale else _FULL))
    count = f"{len(tree.ids):,}"
    told = f"The upper {levels} levels of {count} meanings; a field is as high as its share of them."
    notice = tree.taxonomy.notice
    head = [f"<title>{told}</title>", *([f"<desc>{escape(notice)}</desc>"] if notice else [])]
    return tokens.svg_document(WIDTH_PX, HEIGHT_PX, [*head, *rows], role="img")


def _hue(tree: LabelTree, place: int) -> str:
    """Return the colour of a field: that of the branch it stands in, the branches told apart in turn."""
    if not tree.depths[place]:
        return tokens.css_variable("rest")
    branch = place
    while tree.depths[branch] > 1:
        branch -= 1
    beside = int((tree.depths[:branch] == 1).sum())
    return tokens.css_variable(f"hue-{beside % _HUES + 1}")


def _field(box: tuple[float, ...], said: tuple[str, list[str]], colour: str, opacity: float) -> str:
    """Return a field with its words and as many of its counts as there is room for; its title has all."""
    (left, top, width, height), (words, counts) = box, said
    forms = [f"{words}{_bracketed(counts[:number])}" for number in range(len(counts), -1, -1)]
    most = int(width / _SIGN_PX)
    shown = next((form for form in forms if len(form) <= most), f"{words[: most - 1]}…")
    place = f'x="{left:.1f}" y="{top:.1f}" width="{width:.0f}" height="{height:.1f}"'
    field = f'<title>{escape(forms[0])}</title><rect {place} fill="{colour}" fill-opacity="{opacity}"/>'
    text = f'x="{left + 5:.1f}" y="{top + height / 2 + 4:.1f}" font-size="{_TEXT_PX}"'
    ink = tokens.css_variable("ink")
    drawn = f'<text {text} fill="{ink}">{escape(shown)}</text>' if height >= _TEXT_PX else ""
    return f"<g>{field}{drawn}</g>"


def _bracketed(counts: list[str]) -> str:
    return f" ({'; '.join(counts)})" if counts else ""
