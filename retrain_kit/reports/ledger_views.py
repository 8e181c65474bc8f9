"""The ledger as tables and notes: figures with their sources, hours, and what they would have earned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.analysis import ledger as ledgers
from retrain_kit.analysis.intervals import DASH
from retrain_kit.analysis.ledger import NO_FIGURE
from retrain_kit.display.figures import Note
from retrain_kit.errors import count_in_words
from retrain_kit.reports.data_table import DataTable
from retrain_kit.studies.labour_figures import ABOUT
from retrain_kit.studies.quantities import SECONDS
from retrain_kit.studies.quantity_words import in_words, money_in_words, number_in_words

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence

    from retrain_kit.analysis.ledger import Entry, Ledger, WorkTally
    from retrain_kit.studies.labour_figures import LabourFigure

PAY = ("claimed pay", "pay")
"""What figures of pay are about: what researchers say that they paid, and what was measured."""
DAY_H = 8
"""Hours of a day of work, by which long times are told as well."""


def figures_table(figures: Sequence[LabourFigure]) -> DataTable:
    """Return all figures with what is stated of each, and how well it counts as verified."""
    ordered = sorted(figures, key=lambda each: (ABOUT.index(each.about), each.work, each.quantity.low))
    rows = [
        {
            "figure": figure.id,
            "about": " of ".join(filter(None, (figure.about, figure.work))),
            "as published": figure.written,
            "what it counts": figure.told,
            "source": figure.source,
            "counts as": figure.standing,
        }
        for figure in ordered
    ]
    return DataTable.from_rows(rows, "figures-of-labour")


def ledger_table(found: Ledger) -> DataTable | Note:
    """Return each kind of work with its pieces, the time of all of them, and the figures behind it."""
    if not found.entries:
        return Note("No annotation, and no work to count.", ())
    rows = [
        {
            "work": entry.count.work,
            "how it was made": entry.count.source,
            "pieces": entry.count.pieces,
            "time in all": in_words(entry.time) if entry.time else NO_FIGURE,
            "by the figures": ", ".join(figure.named for figure in entry.figures) or DASH,
            "counts as": _standing(entry),
        }
        for entry in found.entries
    ]
    return DataTable.from_rows(rows, "ledger")


def ledger_note(found: Ledger, title: str, by_hand: Ledger, rejected: int = 0) -> Note:
    """Return how long all of it took, how much of it nobody has a figure for, and what machines made.

    Parameters
    ----------
    by_hand
        The ledger of what machines made, as if hands had: see `ledger.by_hand`.
    rejected
        How many annotations could not be taken; they are counted nowhere.
    """
    lines = [("time", found.time_told), ("pieces of work", f"{found.pieces:,}")]
    if found.time.low >= DAY_H * SECONDS["h"]:
        days = (number_in_words(limit / SECONDS["h"] / DAY_H) for limit in (found.time.low, found.time.high))
        lines.append(("days of work, of eight hours", " to ".join(days)))
    if found.untimed:
        left = count_in_words(found.untimed, "piece")
        told = f"{left}, counted and left out of the time: it is longer by as much"
        lines.append((NO_FIGURE, told))
    if by_hand.pieces:
        told = (
            f"{count_in_words(by_hand.pieces, 'piece')}, no annotator's time; by hand they would have been "
        )
        told += by_hand.time_told
        lines.append(("made by machines", told))
    if rejected:
        lines.append(
            (
                "not taken",
                f"{count_in_words(rejected, 'annotation')} that could not be taken, counted nowhere",
            )
        )
    return Note(title, tuple(lines), rejected)


def parts_table(
    parts: Mapping[str, Counter[tuple[str, str]]], figures: Sequence[LabourFigure], name: str
) -> DataTable | Note:
    """Return the time of each image, label or annotator's word, in alphabetical order: nobody is ranked."""
    rows = []
    for part in sorted(parts):
        found = ledgers.make_ledger(parts[part], figures)
        rows.append(
            {
                name: part,
                "pieces of work": found.pieces,
                "time": found.time_told,
                NO_FIGURE: found.untimed,
            }
        )
    return DataTable.from_rows(rows, f"ledger-by-{name}") if rows else Note(f"No {name} has any work.", ())


def disagreement_table(tally: WorkTally, figures: Sequence[LabourFigure], work: str) -> DataTable | Note:
    """Return what all pieces of one kind of work took by each figure alone, the shortest first."""
    pieces = {key: number for key, number in tally.whole.items() if key[0] == work}
    timed = [figure for figure in figures if figure.about == "time" and figure.work == work]
    if not pieces or not timed:
        return Note(f"No figure and no work to lay side by side: {work}.", ())
    count = sum(pieces.values())
    rows = [
        {
            "by the figure": figure.id,
            "as published": figure.written,
            f"all {count:,} × {work}": in_words(ledgers.make_ledger({(work, "hand"): count}, [figure]).time),
            "population": figure.population,
            "counts as": figure.standing,
        }
        for figure in sorted(timed, key=lambda each: (each.quantity.low, each.quantity.high))
    ]
    return DataTable.from_rows(rows, f"figures-of-{work.replace(' ', '-')}")


def changes_table(tally: WorkTally, figures: Sequence[LabourFigure]) -> DataTable | Note:
    """Return what the time of all work becomes without each figure that moves it, and without any other."""
    whole = ledgers.make_ledger(tally.whole, figures)
    rows = [{"without": "none: by all that are chosen", "time": whole.time_told, NO_FIGURE: whole.untimed}]
    for figure in whole.figures:
        rest = ledgers.make_ledger(tally.whole, [each for each in figures if each.id != figure.id])
        if (rest.time, rest.untimed) != (whole.time, whole.untimed):
            rows.append({"without": figure.id, "time": rest.time_told, NO_FIGURE: rest.untimed})
    if not whole.figures:
        return Note("No figure is in use here, and none that could be left out.", ())
    return DataTable.from_rows(rows, "what-changes")


def pay_table(found: Ledger, figures: Sequence[LabourFigure]) -> DataTable | Note:
    """Return what the time would have earned by each figure of pay: claimed ones, then measured ones."""
    if 0 < found.pieces == found.untimed:
        return Note("Nobody has published how long such work takes, and nothing can be reckoned from it.", ())
    left = f"Left out, since it has {NO_FIGURE}: {count_in_words(found.untimed, 'piece')} of work."
    pays = [figure for figure in figures if figure.about in PAY]
    rows = [
        {
            "about": figure.about,
            "by the figure": figure.id,
            "as published": figure.written,
            "all of it would have earned": money_in_words(ledgers.earned(found.time, figure.quantity)),
            "population": figure.population,
            "source": figure.source,
        }
        for figure in sorted(pays, key=lambda each: (each.about, each.quantity.low))
    ]
    if not rows:
        return Note("No figure of pay is chosen.", ())
    return DataTable.from_rows(rows, "pay", caption=left if found.untimed else "")


def _standing(entry: Entry) -> str:
    return ", ".join(dict.fromkeys(figure.standing for figure in entry.figures)) or DASH
