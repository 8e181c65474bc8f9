"""Comparison: tables and charts that lay two studies side by side, a column each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.analysis import annotators, same_images
from retrain_kit.analysis.intervals import DASH, percent_or_dash, points
from retrain_kit.display.figures import Note
from retrain_kit.reports.data_table import DataTable
from retrain_kit.reports.responsible_ai import NOT_DISCLOSED, known_answers
from retrain_kit.reports.tables import without_empty_intervals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrain_kit.analysis.differences import Difference
    from retrain_kit.analysis.shared_words import Word, Words
    from retrain_kit.analysis.two_studies import Row, Side, Two

NOT_SAID = "nobody has said"
MOST_WORDS = 20


def rows_of_two(rows: Iterable[Row], two: Two, name: str) -> DataTable:
    """Return questions with what each study says to them; `name` heads their column."""
    rows = list(rows)
    found = ({name: row.question, **_columns(two, (row.first, row.second))} for row in rows)
    counts = all(text.replace(",", "").isdecimal() for row in rows for text in (row.first, row.second))
    figures = tuple(side.name for side in two) if counts else ()
    return _table(found, f"two-studies-{name.replace(' ', '-')}", figures)


def disclosure(two: Two) -> DataTable:
    """Return the questions of the datasheet, and each study's answer: a text, not disclosed, or nobody's."""
    answers = zip(*(known_answers(side.manifest) for side in two), strict=True)
    rows = (
        {"question": first.question, **_columns(two, (_answer(first.texts), _answer(second.texts)))}
        for first, second in answers
    )
    return _table(rows, "two-studies-disclosure")


def differences(rows: Iterable[Difference], two: Two) -> DataTable:
    """Return the means of both studies, how far they lie apart, the interval, and what that lets one say."""
    found = (
        {
            "mean over images": row.what,
            **_columns(two, (_figure(row.first, row), _figure(row.second, row))),
            "first less second": _difference(row),
            "interval": _limits(row),
            "so": row.in_words,
        }
        for row in rows
    )
    figures = (*(side.name for side in two), "first less second", "interval")
    return _table(found, "two-studies-differences", figures)


def words_of_two(shared: Words, two: Two, most: int = MOST_WORDS) -> DataTable | Note:
    """Return all words with how many images and regions of each study have them, those in both first."""
    every = (*shared.both, *shared.first_alone, *shared.second_alone)
    if not every:
        return Note("Neither study has words.", ())
    rows = (
        {
            "word": row.word,
            **{f"images, {side.name}": row.images[place] for place, side in enumerate(two)},
            **{f"regions, {side.name}": row.regions[place] for place, side in enumerate(two)},
        }
        for row in every
    )
    caption = f"{len(shared.both):,} of {len(every):,} words come in both."
    return DataTable.from_rows(rows, "two-studies-words", caption=caption, most=max(most, len(shared.both)))


def words_alone(shared: Words, two: Two, most: int = 60) -> Note:
    """Return the words that come in one study alone, each with how many images it is in."""
    lines = (
        (f"only in {side.name}", _listed(words, place, most))
        for place, (side, words) in enumerate(
            zip(two, (shared.first_alone, shared.second_alone), strict=True)
        )
    )
    return Note("Words that come in one of the two alone, and in how many of its images", tuple(lines))


def annotations_of_two(two: Two) -> DataTable | Note:
    """Return how the annotations of each study were made, by kind and source; a sentence without any."""
    counts = [
        (side, row) for side in two for row in annotators.count_annotations(side.samples, side.manifest)
    ]
    if not counts:
        return Note("Neither study has annotations.", ())
    rows = (
        {
            "study": side.name,
            "kind": row.kind,
            "annotator": row.annotator.word,
            "how it was made": row.annotator.source.words,
            "annotations": row.annotations,
            "of": row.of_kind,
            "share": row.annotations / row.of_kind,
            "interval": percent_or_dash(row.interval),
        }
        for side, row in counts
    )
    return _table(rows, "two-studies-annotators", ("interval",))


def seen_together(rows: Sequence[same_images.SeenTogether]) -> DataTable | Note:
    """Return what was tagged of the images that both studies have, by both or one; or a sentence."""
    if not rows:
        return Note("There is no image on which the two can be laid on each other.", ())
    found = (
        {
            "of the images in both": row.what,
            "mean": row.mean,
            "interval": percent_or_dash(row.interval),
        }
        for row in rows
    )
    return _table(found, "two-studies-same-images", ("interval",))


def _table(rows: Iterable[dict[str, Any]], name: str, figures: tuple[str, ...] = ()) -> DataTable:
    return DataTable.from_rows(without_empty_intervals(rows), name, figures=figures)


def _columns(two: Two, values: Sequence[object]) -> dict[str, object]:
    return {_head(side): value for side, value in zip(two, values, strict=True)}


def _head(side: Side) -> str:
    return side.name


def _answer(texts: Sequence[str]) -> str:
    return " ".join(texts).replace(NOT_DISCLOSED, "not disclosed") or NOT_SAID


def _figure(value: float | None, row: Difference) -> str:
    if value is None:
        return DASH
    return f"{value:.1%}" if row.is_share else f"{value:,.2f}"


def _difference(row: Difference) -> str:
    if row.difference is None:
        return DASH
    return f"{points(row.difference)} points" if row.is_share else _signed(row.difference)


def _limits(row: Difference) -> str:
    if row.interval is None:
        return DASH
    if row.is_share:
        return row.interval.points
    return f"{_signed(row.interval.low)} to {_signed(row.interval.high)}"


def _signed(value: float) -> str:
    return f"{value:+,.2f}".replace("-", "−")


def _listed(words: Sequence[Word], place: int, most: int) -> str:
    shown = ", ".join(f"{row.word} ({row.images[place]:,})" for row in words[:most]) or "none"
    return f"{shown} and {len(words) - most:,} more" if len(words) > most else shown
