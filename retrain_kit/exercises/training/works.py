"""Works: what people said of the works of *Recoding Art*, one by one and together, with nothing decided.

Whether a work is art is a soft label here: how many people said yes, no, or that they don't know, which is an
answer and keeps its weight. crowd-kit gets no table of it: its aggregators would make of many answers the one
verdict that the exercise refuses to give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from retrain_kit.exercises.recoding_art import heard
from retrain_kit.exercises.recoding_art.recoding_art import EXERCISE
from retrain_kit.exercises.training.soft_labels import TEXTS, image_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from polars._typing import PolarsDataType

    from retrain_kit.exercises.recoding_art.heard import HeardAnswer, HeardAnswers
    from retrain_kit.exercises.training.selection import SelectedAnswers
    from retrain_kit.studies.manifests import ImageRow

    Schema = dict[str, PolarsDataType]

WORK_SCHEMA: Schema = {
    "study": pl.String,
    "image_id": pl.String,
    "sha256": pl.String,
    "options": TEXTS,
    "counts": pl.List(pl.Int64),
    "weights": pl.List(pl.Float64),
    "refused": pl.Int64,
    "left_open": pl.Int64,
    "descriptions": TEXTS,
    "refusals": TEXTS,
}
WORK_ANSWER_SCHEMA: Schema = {
    "study": pl.String,
    "image_id": pl.String,
    "who": pl.String,
    "description": pl.String,
    "language": pl.String,
    "art": pl.String,
    "footnotes": TEXTS,
    "record": pl.String,
}


def read_works(selected: SelectedAnswers) -> HeardAnswers:
    """Return what was said of works, and how much of it cannot be read."""
    return heard.read_answers(selected.by_exercise(EXERCISE))


def work_table(selected: SelectedAnswers, images: Mapping[tuple[str, str], ImageRow]) -> pl.DataFrame:
    """Return one row a work, by study and image.

    Parameters
    ----------
    images
        What is known of the images, by study and id; may know none.
    """
    about: dict[tuple[str, str], list[HeardAnswer]] = {}
    for answer in read_works(selected).answers:
        about.setdefault((answer.record.asked.study, answer.image), []).append(answer)
    rows = [{**image_columns(key, images), **work_row(about[key])} for key in sorted(about)]
    return pl.DataFrame(rows, schema=WORK_SCHEMA)


def work_row(answers: list[HeardAnswer]) -> dict[str, object]:
    """Return what was said of one work; weights are shares of those who answered, none where nobody did."""
    counts = heard.counted(answers)
    answered = sum(counts.by_answer.values())
    return {
        "options": list(counts.by_answer),
        "counts": list(counts.by_answer.values()),
        "weights": [count / answered for count in counts.by_answer.values()] if answered else [],
        "refused": counts.refused,
        "left_open": counts.open,
        "descriptions": [answer.description for answer in answers if answer.description],
        "refusals": sorted(answer.refusal for answer in answers if answer.refusal),
    }


def work_answer_table(selected: SelectedAnswers) -> pl.DataFrame:
    """Return one row an answer, refusals not among them, in the order of time."""
    rows = [_answer(answer) for answer in read_works(selected).answers if not answer.refusal]
    return pl.DataFrame(rows, schema=WORK_ANSWER_SCHEMA)


def _answer(answer: HeardAnswer) -> dict[str, object]:
    record = answer.record
    return {
        "study": record.asked.study,
        "image_id": answer.image,
        "who": record.who,
        "description": answer.description or "",
        "language": record.language,
        "art": answer.art or "",
        "footnotes": [note.text for note in record.footnotes],
        "record": record.id,
    }
