"""Facts about workers: what has been published of how many they are and what they earn, never without a date.

They stand beside voices, not instead of them: a figure is of many, and says nothing of who speaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.studies.labour_figures import NOT_STATED, load_figures

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from retrain_kit.studies.labour_figures import LabourFigure

_ABOUT = ("people", "pay")


@dataclass(frozen=True)
class WorkerFacts:
    """Published figures of people and of measured pay, and how many are left out since they have no date."""

    figures: tuple[LabourFigure, ...]
    undated: int = 0

    def rows(self) -> list[dict[str, str]]:
        """Return each as a row: the figure, what it is of, its date, its source."""
        return [
            {
                "about": figure.about,
                "as published": _written(figure),
                "what it counts": _stated(figure),
                "date": figure.date,
                "source": f"{figure.source}; {figure.standing}",
            }
            for figure in self.figures
        ]


def worker_facts(files: Iterable[Path] = ()) -> WorkerFacts:
    """Return the facts about workers among the kit's figures of labour and those of other files.

    Raises
    ------
    DataError
        As `labour_figures.load_figures`.
    """
    found = [figure for figure in load_figures(*files) if figure.about in _ABOUT]
    dated = [figure for figure in found if figure.date != NOT_STATED]
    order = sorted(dated, key=lambda figure: (_ABOUT.index(figure.about), figure.date, figure.id))
    return WorkerFacts(tuple(order), len(found) - len(dated))


def _stated(figure: LabourFigure) -> str:
    told = f"{figure.statistic}; of: {figure.population}; includes: {figure.includes}."
    return f"{told} {figure.note}".strip()


def _written(figure: LabourFigure) -> str:
    """Return how many people there are, as people write it; anything else as it is published."""
    if figure.about != "people":
        return figure.written
    limits = dict.fromkeys(f"{limit:,.0f}" for limit in (figure.quantity.low, figure.quantity.high))
    return f"{' to '.join(limits)} workers"
