"""Beside: what stands beside words that were asked for, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.analysis.intervals import LEVEL, points
from retrain_kit.analysis.word_company import Place, count_word_company, quote_word_company
from retrain_kit.analysis.written_words import MOST_QUOTES
from retrain_kit.display.evidence import MOST_BYTES, Cell, Row
from retrain_kit.display.figures import Note
from retrain_kit.reports.absence.study_words import MOST_IN_CSV, NOTHING_WRITTEN, more_rows, with_csv
from retrain_kit.reports.data_table import DataTable, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.analysis.word_company import Beside, Company
    from retrain_kit.analysis.written_words import Quote
    from retrain_kit.display.evidence import Evidence
    from retrain_kit.reports.absence.study_words import StudyWords

MOST_BESIDE = 10
_YES = "yes, also corrected for all comparisons"


COMPANY = (
    "beside it",
    "place",
    "images",
    "of its images",
    "interval",
    "others",
    "difference",
    "interval of it",
    "holds",
)


def beside(study: StudyWords) -> list[Evidence | Note]:
    """Return what stands beside each word that was asked for, behind a note that says how much it is."""
    counts = study.written
    if not counts.texts:
        return [Note(NOTHING_WRITTEN, ())]
    reader = study.shown.vocabulary.reader
    found = count_word_company(study.rows(), reader, study.shown.asked, study.asked.fewest)
    by_word = {word: [row for row in found.rows if row.word == word] for word in found.images}
    listed = [row for rows in by_word.values() for row in rows[:MOST_BESIDE]]
    wanted = {(word, row.place, row.other) for row in listed for word in found.images}
    quotes = quote_word_company(study.rows(), reader, wanted, study.asked.seed)
    note = Note(
        "What stands beside these words",
        (
            *(
                (study.shown.asked_word(word), f"written of {count:,} images")
                for word, count in found.images.items()
            ),
            (
                "compared",
                f"{found.compared:,} words in a place, beside one of these words and beside the others",
            ),
            (
                "by chance",
                f"about {found.compared * (1 - LEVEL):,.0f} of so many intervals leave 0 out"
                if found.compared
                else "",
            ),
            ("too few", f"{found.too_few:,} stand there in fewer than {study.asked.fewest:,} images"),
            (
                "veiled",
                ""
                if study.shown.lifted
                else "what is said of these words, and words for people; the counts are those of all",
            ),
        ),
    )
    tables = [_beside(study, word, rows, quotes, len(by_word)) for word, rows in by_word.items() if rows]
    return [note, *tables]


def _beside(
    study: StudyWords,
    word: str,
    rows: Sequence[Company],
    quotes: Mapping[Beside, tuple[Quote, ...]],
    tables: int,
) -> Evidence:
    shown = [_company(study, row, quotes) for row in rows[:MOST_BESIDE]]
    more = more_rows(len(rows) - len(shown), "words were compared beside it")
    name = study.shown.asked_word(word)
    heads = (f"beside {name}", *COMPANY[1:])
    told = {"texts": ("place", "holds"), "most_bytes": MOST_BYTES // max(1, tables)}
    made = study.evidence(f"beside {name}", heads, shown, more, **told)
    return with_csv(made, _company_table(study, rows, f"beside-{study.shown.asked.index(word) + 1}"))


def _other(study: StudyWords, row: Company) -> str:
    return study.shown.said_of_people(row.other) if row.place is Place.SAID else study.shown.word(row.other)


def _company(study: StudyWords, row: Company, quotes: Mapping[Beside, tuple[Quote, ...]]) -> Row:
    others = f"{row.elsewhere:,} of {row.other_images:,}" if row.other_images else "none is written"
    difference = row.difference
    own = quotes[row.word, row.place, row.other]
    elsewhere = [
        each for word in study.shown.asked if word != row.word for each in quotes[word, row.place, row.other]
    ]
    return Row(
        _other(study, row),
        (
            Cell(str(row.place)),
            study.quotes_cell(f"{row.together:,} of {row.images:,}", own, row.together),
            Cell(percent(row.together / row.images)),
            Cell(row.share.percent),
            study.quotes_cell(others, elsewhere[:MOST_QUOTES], row.elsewhere),
            Cell(points(row.points) if difference else ""),
            Cell(difference.points if difference else ""),
            Cell(_holds(row)),
        ),
        f"{row.word}\0{row.place}\0{row.other}",
    )


def _holds(row: Company) -> str:
    if row.difference is None:
        return "nothing can be said"
    if 0 in row.difference:
        return "no difference can be seen"
    return _YES if row.holds else "alone; not among so many"


def _company_table(study: StudyWords, rows: Sequence[Company], name: str) -> DataTable:
    return DataTable.from_rows(
        (
            {
                "beside it": _other(study, row),
                "place": str(row.place),
                "together": row.together,
                "images": row.images,
                "beside the others": row.elsewhere,
                "images of the others": row.other_images,
                "share": row.together / row.images,
                "interval": row.share.percent,
                "difference": points(row.points) if row.difference else "",
                "interval of it": row.difference.points if row.difference else "",
                "holds": _holds(row),
            }
            for row in rows[:MOST_IN_CSV]
        ),
        name,
    )
