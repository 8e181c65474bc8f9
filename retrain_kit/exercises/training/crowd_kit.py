"""Tables as crowd-kit reads them, one row for what one person said of one task.

crowd-kit wants the columns `task`, `worker` and `label`, and `text` in place of `label` where answers are
sentences. The other columns are for those who look before they aggregate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from retrain_kit.exercises.polyphony import turns
from retrain_kit.exercises.polyphony.turns import step_of
from retrain_kit.exercises.surfaces import informational_surfaces
from retrain_kit.exercises.training import narratives, soft_labels
from retrain_kit.exercises.training.soft_labels import TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from polars._typing import PolarsDataType

    from retrain_kit.annotations.recordings import Tag
    from retrain_kit.answers import Record
    from retrain_kit.exercises.training.selection import SelectedAnswers
    from retrain_kit.exercises.training.soft_labels import PersonDegrees
    from retrain_kit.exercises.what_if.ranges import Range

    Schema = dict[str, PolarsDataType]

LABEL_SCHEMA: Schema = {
    "task": pl.String,
    "worker": pl.String,
    "label": pl.String,
    "weight": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "said": TEXTS,
    "study": pl.String,
    "records": TEXTS,
}
SENTENCE_SCHEMA: Schema = {
    "task": pl.String,
    "worker": pl.String,
    "text": pl.String,
    "step": pl.String,
    "language": pl.String,
    "footnotes": TEXTS,
    "study": pl.String,
    "record": pl.String,
    "read": pl.String,
}
TAG_SCHEMA: Schema = {
    "task": pl.String,
    "worker": pl.String,
    "label": pl.String,
    "left": pl.Float64,
    "top": pl.Float64,
    "right": pl.Float64,
    "bottom": pl.Float64,
    "study": pl.String,
    "record": pl.String,
}


def crowd_tables(selected: SelectedAnswers) -> dict[str, pl.DataFrame]:
    """Return all tables by name: `labels` of *What If…?*, `sentences` of Polyphony, `tags` of surfaces."""
    return {
        "labels": label_table(selected),
        "sentences": sentence_table(selected.by_exercise(turns.EXERCISE)),
        "tags": tag_table(selected.by_exercise(informational_surfaces.EXERCISE)),
    }


def label_table(selected: SelectedAnswers) -> pl.DataFrame:
    """Return what each person said of each option, by study, image, hole, option and pseudonym."""
    rows = [
        _label(study, found, voice)
        for study in selected.studies
        for found in selected.ranges(study)
        for option in soft_labels.spoken_options(found)
        for voice in soft_labels.degrees_by_person(option)
    ]
    return pl.DataFrame(rows, schema=LABEL_SCHEMA)


def sentence_table(records: Sequence[Record]) -> pl.DataFrame:
    """Return every sentence of Polyphony, in the order of time; refusals are none."""
    rows = [_sentence(record) for record in records if step_of(record) and not record.refusal]
    return pl.DataFrame(rows, schema=SENTENCE_SCHEMA)


def tag_table(records: Sequence[Record]) -> pl.DataFrame:
    """Return every box of *Informational surfaces* with its word, in the order of time."""
    rows = [
        _tag(record, tag)
        for record, recording in narratives.find_recordings(records).recordings
        for tag in recording.tags
    ]
    return pl.DataFrame(rows, schema=TAG_SCHEMA)


def _label(study: str, found: Range, voice: PersonDegrees) -> dict[str, object]:
    return {
        "task": f"{study}: {found.place}",
        "worker": voice.who,
        "label": " / ".join(soft_labels.shown_wordings(voice.option)),
        "weight": voice.middle_per_cent / 100,
        "low": voice.low,
        "high": voice.high,
        "said": [str(degree.likelihood.as_said) for degree in voice.degrees],
        "study": study,
        "records": [degree.record for degree in voice.degrees],
    }


def _sentence(record: Record) -> dict[str, object]:
    return {
        "task": f"{record.asked.study}: {' and '.join(record.asked.images)}",
        "worker": record.who,
        "text": record.text,
        "step": step_of(record),
        "language": record.language,
        "footnotes": [note.text for note in record.footnotes],
        "study": record.asked.study,
        "record": record.id,
        "read": record.asked.record,
    }


def _tag(record: Record, tag: Tag) -> dict[str, object]:
    return {
        "task": f"{record.asked.study}: {', '.join(record.asked.images)}",
        "worker": record.who,
        "label": tag.label,
        **dict(zip(("left", "top", "right", "bottom"), tag.edges, strict=True)),
        "study": record.asked.study,
        "record": record.id,
    }
