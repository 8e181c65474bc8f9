"""Written: what is written of images and is in no box, and what no label names."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from retrain_kit.analysis.intervals import share_interval
from retrain_kit.analysis.written_words import MOST_QUOTES, quote_written_words
from retrain_kit.annotations.samples import UNKNOWN
from retrain_kit.display.evidence import MOST_ROWS, Cell, Row
from retrain_kit.display.figures import Note
from retrain_kit.reports.absence.study_words import MOST_IN_CSV, NOTHING_WRITTEN, more_rows, with_csv
from retrain_kit.reports.data_table import DataTable, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.analysis.written_words import WrittenWord, WrittenWords
    from retrain_kit.display.evidence import Evidence
    from retrain_kit.reports.absence.study_words import StudyWords


def written_note(study: StudyWords) -> Note:
    """Return how much is written of the images, of which kind and by whom, or that nothing is."""
    counts = study.written
    if not counts.texts:
        return Note(NOTHING_WRITTEN, (("images", f"{counts.images:,}"),))
    kinds: Counter[str] = Counter()
    by: Counter[str] = Counter()
    for row in study.rows():
        kinds.update(each.kind for each in row.texts)
        by.update(study.shown.veil.told(each.annotator) for each in row.texts)
    unsaid = by.pop(UNKNOWN, 0)
    named = [f"{who}: {count:,}" for who, count in by.most_common(8)]
    named += [f"{len(by) - 8:,} more"] if len(by) > 8 else []  # noqa: PLR2004 - so many are named
    named += [f"not said: {unsaid:,}"] if unsaid else []
    return Note(
        "What is written of these images",
        (
            ("images", f"{counts.images:,}, of {counts.with_text:,} of them something is written"),
            ("lines", f"{counts.texts:,}"),
            *(("kind", f"{kind}: {count:,}") for kind, count in kinds.most_common()),
            *(("by whom", each) for each in named),
            ("words that a label has", f"{len(counts.labelled):,}"),
            ("words that no label has", f"{len(counts.unlabelled):,}"),
            (
                "left out",
                f"{counts.no_things:,} words that name a thing in less than half of their uses"
                if counts.no_things
                else "",
            ),
        ),
    )


IN_NO_BOX = (
    "label",
    "written of",
    "in no box there",
    "of these under a wider word",
    "in a box there",
    "boxed in",
)


def in_no_box(study: StudyWords) -> Evidence | Note:
    """Return the labels that are written of images while no box of the image has them."""
    counts = study.written
    if not counts.texts:
        return Note(NOTHING_WRITTEN, ())
    found = [row for row in counts.labelled if row.in_no_box]
    if not found:
        return Note("Every label that is written of an image is in a box of it.", ())
    rows = found[:MOST_ROWS]
    quotes = quote_written_words(
        study.rows(), study.shown.vocabulary, [row.key for row in rows], study.asked.seed
    )

    def cells(row: WrittenWord) -> tuple[Cell, ...]:
        absent, boxed = quotes.absent.get(row.key, ()), quotes.boxed.get(row.key, ())
        wider, in_boxes = quotes.under_wider.get(row.key, ()), quotes.in_boxes.get(row.key, ())
        number = f"{row.images:,}"
        return (
            study.quotes_cell(number, (*absent, *boxed)[:MOST_QUOTES], row.images)
            if boxed
            else Cell(number, same_as=1),
            study.quotes_cell(f"{row.in_no_box:,}", absent, row.in_no_box),
            study.quotes_cell(f"{row.under_wider:,}", wider, row.under_wider),
            study.quotes_cell(f"{row.in_box:,}", boxed, row.in_box),
            study.quotes_cell(f"{counts.boxed.get(row.key, 0):,}", in_boxes, counts.boxed.get(row.key, 0)),
        )

    table = _table(study, found, "in-no-box", counts)
    return with_csv(
        study.evidence(
            "written and in no box",
            IN_NO_BOX,
            (Row(study.shown.word(row.key), cells(row), row.key) for row in rows),
            more_rows(len(found) - len(rows), "labels are in no box of an image that they are written of"),
        ),
        table,
    )


NO_WORD = ("word", "written of", "of all with text", "interval", "in the label system")


def no_word(study: StudyWords) -> Evidence | Note:
    """Return the words that are written of images and that no label in use has."""
    counts = study.written
    if not counts.texts:
        return Note(NOTHING_WRITTEN, ())
    if not counts.unlabelled:
        return Note("Every thing that is written of an image has a label.", ())
    rows = counts.unlabelled[:MOST_ROWS]
    vocabulary = study.shown.vocabulary
    quotes = quote_written_words(study.rows(), vocabulary, [row.key for row in rows], study.asked.seed)

    def cells(row: WrittenWord) -> tuple[Cell, ...]:
        found = (*quotes.absent.get(row.key, ()), *quotes.boxed.get(row.key, ()))[:MOST_QUOTES]
        return (
            study.quotes_cell(f"{row.images:,}", found, row.images),
            Cell(percent(row.images / counts.with_text)),
            Cell(share_interval(row.images, counts.with_text).percent),
            Cell("yes, and no label here" if row.key in vocabulary.names else "no"),
        )

    return with_csv(
        study.evidence(
            "no word",
            NO_WORD,
            (Row(study.shown.word(row.key), cells(row), row.key) for row in rows),
            more_rows(len(counts.unlabelled) - len(rows), "words have no label"),
            texts=("in the label system",),
        ),
        _table(study, counts.unlabelled, "no-word", counts),
    )


def _table(study: StudyWords, rows: Sequence[WrittenWord], name: str, counts: WrittenWords) -> DataTable:
    return DataTable.from_rows(
        (
            {
                "word": study.shown.word(row.key),
                "images": row.images,
                "in no box": row.in_no_box,
                "under a wider word": row.under_wider,
                "in a box": row.in_box,
                "boxed in": counts.boxed.get(row.key, 0),
            }
            for row in rows[:MOST_IN_CSV]
        ),
        name,
    )
