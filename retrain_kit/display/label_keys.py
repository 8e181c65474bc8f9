"""Label keys: the number, the colour and the stripes that a label has in one image, and the legend of them.

In one image no two labels have the same. A label keeps its colour from image to image where it can: those
that come first in `order`, as the most frequent of a study, have colours of their own. Who sees few hues, or
none, has the number.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from html import escape
from itertools import count
from typing import TYPE_CHECKING

from retrain_kit.display import signs
from retrain_kit.display.assets import MATHJAX_IGNORE
from retrain_kit.display.tokens import COLOURS, MARKS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

INK, PAPER = COLOURS["sheet-ink"], COLOURS["sheet"]
MOST_LISTED = 40
"""A legend of more labels than this says how many more there are; tables have them all."""


@dataclass(frozen=True)
class LabelKey:
    """What stands for a label in one image.

    Parameters
    ----------
    number
        From 1, in the order of the legend.
    label
        The word of the data set.
    colour
        As `#rrggbb`.
    stripes
        0 for a whole line; where colours are used up, lines are striped, each time wider.
    regions
        How many regions of the image bear it.
    """

    number: int
    label: str
    colour: str
    stripes: int
    regions: int

    @property
    def shown(self) -> str:
        """The label as it is shown: on one line, and visible."""
        return signs.visible(self.label) or "“”"

    @property
    def text_colour(self) -> str:
        """The colour of what is written on its own: ink or paper, whichever is read better."""
        own = next(colour for colour in map(COLOURS.__getitem__, MARKS) if colour.light == self.colour)
        darker = (own.luminance + 0.05) / (INK.luminance + 0.05)
        return INK.light if darker > (PAPER.luminance + 0.05) / (own.luminance + 0.05) else PAPER.light


def label_keys(labels: Iterable[str], order: Sequence[str] = ()) -> dict[str, LabelKey]:
    """Return the key of each label of one image; the label of most regions comes first.

    Parameters
    ----------
    labels
        The label of each region.
    order
        Labels whose colours should be the same in several images, the most important first.
    """
    counts = Counter(labels)
    ranks = {label: rank for rank, label in enumerate(order)}
    marks: dict[str, int] = {}
    for label in sorted(counts, key=lambda label: (ranks.get(label, len(ranks)), label)):
        wanted = ranks.get(label, sum(label.encode(errors="replace"))) % len(MARKS)
        marks[label] = _free(wanted, marks.values())
    ordered = sorted(counts, key=lambda label: (-counts[label], label))
    return {
        label: LabelKey(number, label, _colour(marks[label]), marks[label] // len(MARKS), counts[label])
        for number, label in enumerate(ordered, 1)
    }


def legend_html(keys: Sequence[LabelKey]) -> str:
    """Return the legend as a list, without script; an empty text where there are no labels."""
    rows = "".join(map(_row, keys[:MOST_LISTED]))
    more = len(keys) - MOST_LISTED
    rows += f'<li class="rk-more">and {more:,} labels more</li>' if more > 0 else ""
    return f'<ul class="rk-legend {MATHJAX_IGNORE}" aria-label="Labels">{rows}</ul>' if keys else ""


def _row(key: LabelKey) -> str:
    times = f' <span class="rk-quiet">× {key.regions:,}</span>' if key.regions > 1 else ""
    colours = f"background:{key.colour};color:{key.text_colour}"
    chip = f'<span class="rk-key" style="{colours}">{key.number}</span>'
    return f"<li>{chip} <bdi>{escape(key.shown)}</bdi>{times}</li>"


def _colour(mark: int) -> str:
    return COLOURS[MARKS[mark % len(MARKS)]].light


def _free(wanted: int, used: Collection[int]) -> int:
    """Return the wanted mark, or the next that is not used; striped ones where all colours are."""
    rounds = (
        turn * len(MARKS) + (wanted + step) % len(MARKS) for turn in count() for step in range(len(MARKS))
    )
    return next(mark for mark in rounds if mark not in used)
