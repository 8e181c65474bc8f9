"""One's own pace as tables: own seconds beside the published ones, and what an hour would have earned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.analysis import ledger, own_pace
from retrain_kit.display.figures import Note
from retrain_kit.reports.data_table import DataTable
from retrain_kit.studies.quantities import SECOND, SECONDS, Quantity
from retrain_kit.studies.quantity_words import money_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.analysis.own_pace import OwnPace
    from retrain_kit.studies.labour_figures import LabourFigure

NOBODY = "Demonstration: counted of moments made by a rule. Nobody drew these."
_NO_WORK = Note("No time of yours is kept, and there is nothing to lay beside anything.", ())


def pace_table(paces: Sequence[OwnPace], *, demonstration: bool = False) -> DataTable | Note:
    """Return one's own seconds by kind of work beside the published ones, with the figures behind them."""
    rows = [
        {
            "work": pace.kind,
            "pieces": len(pace.spent),
            "your seconds each, active": _seconds(pace.own),
            "idle beside, in all": _seconds(Quantity(pace.total.idle_s, pace.total.idle_s, SECOND)),
            "published seconds each": _seconds(pace.published) if pace.published else ledger.NO_FIGURE,
            "by how many figures": len(pace.figures),
        }
        for pace in paces
    ]
    return DataTable.from_rows(rows, "own-pace", caption=_caption(demonstration)) if rows else _NO_WORK


def hour_table(
    paces: Sequence[OwnPace], figures: Sequence[LabourFigure], *, demonstration: bool = False
) -> DataTable | Note:
    """Return what an hour would have earned by each figure of pay: claimed ones, then measured ones."""
    pays = [figure for figure in figures if figure.about in ("claimed pay", "pay")]
    timed = [pace for pace in paces if pace.published]
    left = ", ".join(pace.kind for pace in paces if not pace.published)
    rows = [_hour_row(pace, figure) for pace in timed for figure in _ordered(pays)]
    told = f"Left out, since nobody has published a time for it: {left}." if left else ""
    caption = f"{_caption(demonstration)} {told}".strip()
    return DataTable.from_rows(rows, "own-hour", caption=caption) if rows else _NO_WORK


def _hour_row(pace: OwnPace, pay: LabourFigure) -> dict[str, str]:
    hour = Quantity(SECONDS["h"], SECONDS["h"], SECOND)
    at_own_pace = own_pace.hour_at(pace, pay.quantity)
    return {
        "work": pace.kind,
        "about": pay.about,
        "by the figure": pay.id,
        "an hour, paid by the hour": money_in_words(ledger.earned(hour, pay.quantity)),
        "an hour at your pace, paid by the piece": (
            money_in_words(at_own_pace) if at_own_pace else ledger.NO_FIGURE
        ),
        "population": pay.population,
        "counts as": pay.standing,
    }


def _ordered(pays: Sequence[LabourFigure]) -> list[LabourFigure]:
    return sorted(pays, key=lambda each: (each.about, each.quantity.low, each.id))


def _seconds(time: Quantity) -> str:
    limits = dict.fromkeys(f"{limit:,.1f}" for limit in (time.low, time.high))
    return " to ".join(limits)


def _caption(demonstration: bool) -> str:  # noqa: FBT001 - said by the callers
    return NOBODY if demonstration else ""
