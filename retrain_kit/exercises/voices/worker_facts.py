"""Facts about workers: what has been published of them, and what they earn, each with its date and source.

They stand beside voices, not instead of them: a figure is of many, and says nothing of who speaks.
"""

from __future__ import annotations

from retrain_kit.studies.labour_figures import NOT_STATED, OF_WORKERS, load_figures

_ABOUT = (*OF_WORKERS, "pay")


def worker_facts() -> list[dict[str, str]]:
    """Return the facts about workers among the kit's figures of labour, as rows; none without a date."""
    found = [figure for figure in load_figures() if figure.about in _ABOUT]
    dated = [figure for figure in found if figure.date != NOT_STATED]
    order = sorted(dated, key=lambda figure: (_ABOUT.index(figure.about), figure.id))
    return [
        {
            "about": figure.about,
            "as published": figure.written,
            "what it counts": figure.told,
            "source": f"{figure.source}; {figure.standing}",
        }
        for figure in order
    ]
