"""Facts about workers: what has been published of them, and what they earn, each with its date and source.

They stand beside voices, not instead of them: a figure is of many, and says nothing of who speaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.studies.labour_figures import NOT_STATED, OF_WORKERS, load_figures

if TYPE_CHECKING:
    from retrain_kit.studies.labour_figures import LabourFigure

_ABOUT = (*OF_WORKERS, "pay")


def worker_facts() -> list[dict[str, str]]:
    """Return the facts about workers among the kit's figures of labour, as rows; none without a date."""
    found = [figure for figure in load_figures() if figure.about in _ABOUT]
    dated = [figure for figure in found if figure.date != NOT_STATED]
    order = sorted(dated, key=lambda figure: (_ABOUT.index(figure.about), figure.id))
    return [
        {
            "about": figure.about,
            "as published": _written(figure),
            "what it counts": figure.told,
            "source": f"{figure.source}; {figure.standing}",
        }
        for figure in order
    ]


def _written(figure: LabourFigure) -> str:
    """Return how many people, months or points there are, as people write it; a rate as it is published."""
    unit = str(figure.quantity.unit)
    if figure.about != "people":
        noun, of, rest = unit.partition(" ")
        is_rate = "/" in unit or figure.quantity.high == 1
        return figure.written if is_rate else f"{figure.written.removesuffix(unit)}{noun}s{of}{rest}"
    limits = dict.fromkeys(f"{limit:,.0f}" for limit in (figure.quantity.low, figure.quantity.high))
    return f"{' to '.join(limits)} {figure.quantity.unit}s"
