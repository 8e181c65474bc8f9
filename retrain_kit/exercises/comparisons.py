"""Comparisons: a table of the time that a pointer was inside boxes, beside chance."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from retrain_kit.exercises.common.figures import Shown
from retrain_kit.traces import surface_figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.traces.chance import Comparison

COLUMNS = ("boxes", "time inside", "they cover", "by chance (95 % of moves)", "p (95 %)", "p, for all words")


def table(rows: Sequence[Comparison], title: str) -> Shown:
    """Return what `chance.compare` found as a table: a row for all boxes, and one for each word."""
    head = "".join(f'<th scope="col">{name}</th>' for name in COLUMNS)
    body = "".join(_row(row) for row in rows)
    told = f"{title}. {rows[0].permutations} moves, seed {rows[0].seed}."
    caption = f"<caption>{escape(told)}</caption>"
    html = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return Shown(html, f"{title}. {surface_figures.compared(rows)}")


def _row(row: Comparison) -> str:
    of_all = "" if row.label is None else f"{row.p_of_all:.3f}"
    cells = (
        f"{row.inside:.1%}",
        f"{row.area:.1%}",
        f"{row.chance:.1%} ({row.chance_low:.1%} to {row.chance_high:.1%})",
        f"{row.p:.3f} ({row.p_low:.3f} to {row.p_high:.3f})",
        of_all,
    )
    name = "all of them" if row.label is None else row.label
    told = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row"><bdi>{escape(name)}</bdi></th>{told}</tr>'
