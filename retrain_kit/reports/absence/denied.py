"""Denied: labels that were said to be absent, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.analysis.denied_labels import denied_labels
from retrain_kit.analysis.intervals import share_interval
from retrain_kit.annotations.samples import UNKNOWN
from retrain_kit.display.evidence import MOST_ROWS, Cell, Row
from retrain_kit.display.figures import Note
from retrain_kit.reports.absence.study_words import more_rows
from retrain_kit.reports.data_table import percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.display.evidence import Evidence
    from retrain_kit.reports.absence.study_words import StudyWords


DENIED = ("label", "asked about in", "denied", "of those asked", "interval", "disputed", "denied by")


def denied(study: StudyWords) -> Evidence | Note:
    """Return the labels that were denied or disputed, or a sentence where none was."""
    found = denied_labels(study.samples)
    if not found.asked_images:
        return Note(
            "No label here was said to be absent: nothing was asked about whole images or points.", ()
        )
    if not found.rows:
        return Note(
            "No label here was said to be absent.",
            (
                ("images", f"{found.images:,}; in {found.asked_images:,} of them something was asked"),
                (
                    "left open",
                    f"{found.left_open:,} answers say neither yes nor no" if found.left_open else "",
                ),
            ),
        )
    annotators = study.manifest.annotation.annotators
    rows = (
        Row(
            study.shown.label(row.label),
            (
                study.images_cell((*row.denied, *row.disputed, *row.said)),
                study.images_cell(row.denied),
                Cell(percent(len(row.denied) / row.asked)),
                Cell(share_interval(len(row.denied), row.asked).percent),
                study.images_cell(row.disputed),
                Cell(study.shown.veil.told("; ".join(_who(each, annotators) for each in row.by))),
            ),
            row.label,
        )
        for row in found.rows[:MOST_ROWS]
    )
    told = [
        f"Of {found.images:,} images something was asked in {found.asked_images:,}.",
        more_rows(len(found.rows) - MOST_ROWS, "labels were denied or disputed"),
        f"{found.left_open:,} answers say neither yes nor no." if found.left_open else "",
    ]
    return study.evidence("denied", DENIED, rows, " ".join(filter(None, told)), texts=("denied by",))


def _who(name: str, annotators: Mapping[str, str]) -> str:
    if name == UNKNOWN:
        return "nobody has said who"
    return f"{name}: {annotators[name]}" if name in annotators else name
