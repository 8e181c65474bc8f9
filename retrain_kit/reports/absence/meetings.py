"""Meetings: labels that never meet and labels that always do, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.analysis.co_occurrence import label_co_occurrence
from retrain_kit.analysis.images_per_label import images_per_label
from retrain_kit.analysis.label_meetings import label_meetings
from retrain_kit.display.evidence import MOST_ROWS, Cell, Row
from retrain_kit.display.figures import Note
from retrain_kit.reports.absence.study_words import MOST_IN_CSV, more_rows, with_csv
from retrain_kit.reports.data_table import DataTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.analysis.label_meetings import Meeting
    from retrain_kit.display.evidence import Evidence
    from retrain_kit.reports.absence.study_words import StudyWords


MEETINGS = ("labels", "one in", "other in", "together", "by chance", "95% of chance", "p", "p of all pairs")


def meetings(study: StudyWords) -> list[Evidence | Note]:
    """Return the labels that never meet, then those always with another, each as a table or a note."""
    counts = label_co_occurrence(study.samples)
    found = label_meetings(counts, study.asked.fewest)
    ids = {row.label: row.samples for row in images_per_label(study.samples)}
    told = (
        f"{found.compared:,} labels are in {study.asked.fewest:,} images or more and were compared in pairs; "
        f"{found.too_few + found.others:,} were not. "
        "Of many pairs some are rare by chance alone: the last column is corrected for all of them (Holm)."
    )
    tables: list[Evidence | Note] = []
    for name, pairs, joint, none in (
        ("never together", found.never, "and", "Every two labels that were compared meet somewhere."),
        (
            "always together",
            found.always,
            "never without",
            "No label that was compared is always with another.",
        ),
    ):
        if not pairs:
            tables.append(Note(none, (("compared", told),)))
            continue
        rows = (_meeting(study, each, joint, ids) for each in pairs[:MOST_ROWS])
        more = f"{more_rows(len(pairs) - MOST_ROWS, f'pairs are {name}')} {told}".strip()
        tables.append(with_csv(study.evidence(name, MEETINGS, rows, more), _pairs(study, pairs, name)))
    return tables


def _meeting(study: StudyWords, each: Meeting, joint: str, ids: Mapping[str, tuple[str, ...]]) -> Row:
    one, other = ids[each.one], ids[each.other]
    there = frozenset(other)
    both = [name for name in one if name in there] if each.together else []
    return Row(
        f"{study.shown.label(each.one)} {joint} {study.shown.label(each.other)}",
        (
            study.images_cell(one),
            study.images_cell(other),
            study.images_cell(both),
            Cell(f"{each.by_chance:.1f}"),
            Cell(f"{each.chance_low:,}–{each.chance_high:,}"),
            Cell(_p(each.p)),
            Cell(_p(each.p_of_all)),
        ),
        f"{each.one}\0{each.other}",
    )


def _pairs(study: StudyWords, pairs: Sequence[Meeting], name: str) -> DataTable:
    return DataTable.from_rows(
        (
            {
                "one": study.shown.label(each.one),
                "other": study.shown.label(each.other),
                "one in": each.images_of_one,
                "other in": each.images_of_other,
                "together": each.together,
                "by chance": f"{each.by_chance:.3f}",
                "p": f"{each.p:.3g}",
                "p of all pairs": f"{each.p_of_all:.3g}",
            }
            for each in pairs[:MOST_IN_CSV]
        ),
        name.replace(" ", "-"),
    )


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"  # noqa: PLR2004 - what is shown of it
