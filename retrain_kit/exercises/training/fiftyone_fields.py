"""Fields in FiftyOne: what people said, image by image, as rows of plain values for a data set's fields.

The rows are no classifications: nothing that takes one label out of a field finds one here.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from retrain_kit.exercises.own_time import own_time
from retrain_kit.exercises.polyphony import turns
from retrain_kit.exercises.polyphony.turns import step_of
from retrain_kit.exercises.surfaces import informational_surfaces
from retrain_kit.exercises.training import narratives, soft_labels, works
from retrain_kit.exercises.training.selection import images_of_record

if TYPE_CHECKING:
    from retrain_kit.annotations.drawings import Drawn
    from retrain_kit.annotations.recordings import Recording
    from retrain_kit.annotations.samples import Size
    from retrain_kit.answers import Record
    from retrain_kit.exercises.recoding_art.heard import HeardAnswer
    from retrain_kit.exercises.training.selection import SelectedAnswers
    from retrain_kit.exercises.what_if.ranges import Range

    Row = dict[str, object]
    Rows = dict[str, list[Row]]


def answer_fields(selected: SelectedAnswers, study: str) -> dict[str, Rows]:
    """Return the rows of each field by the image's id, for one study."""
    return {
        "what_if": _what_if(selected, study),
        "polyphony": _polyphony(selected, study),
        "tracks": _tracks(selected, study),
        "recoding_art": _works(selected, study),
        "drawn": _drawn(selected, study),
        "refusals": _refusals(selected, study),
    }


def _what_if(selected: SelectedAnswers, study: str) -> Rows:
    rows: Rows = defaultdict(list)
    for found in selected.ranges(study):
        rows[found.place.image] += _options(found)
    return dict(rows)


def _options(found: Range) -> list[Row]:
    weights = soft_labels.option_weights(found)
    return [
        {
            "option": " / ".join(soft_labels.shown_wordings(option)),
            "wordings": list(soft_labels.shown_wordings(option)),
            "weight": weights[place] if weights else None,
            "low": option.span[0] if option.span else None,
            "high": option.span[1] if option.span else None,
            "people": option.people,
            "hole": found.place.hole,
        }
        for place, option in enumerate(soft_labels.spoken_options(found))
    ]


def _polyphony(selected: SelectedAnswers, study: str) -> Rows:
    rows: Rows = defaultdict(list)
    for record in selected.by_exercise(turns.EXERCISE):
        if step_of(record) and not record.refusal:
            for image in images_of_record(record, study):
                rows[image].append(_sentence(record, {image, f"{study}/{image}"}))
    return dict(rows)


def _sentence(record: Record, names: set[str]) -> Row:
    return {
        "text": record.text,
        "who": record.who,
        "step": step_of(record),
        "language": record.language,
        "footnotes": [note.text for note in record.footnotes],
        "beside": [name for name in record.asked.images if name not in names],
        "record": record.id,
    }


def _tracks(selected: SelectedAnswers, study: str) -> Rows:
    rows: Rows = defaultdict(list)
    for record, recording in narratives.find_recordings(
        selected.by_exercise(informational_surfaces.EXERCISE)
    ).recordings:
        for image in images_of_record(record, study):
            rows[image].append(_track(record, recording))
    return dict(rows)


def _track(record: Record, recording: Recording) -> Row:
    return {
        "text": record.text,
        "who": record.who,
        "seconds": recording.seconds,
        "pointer_seconds": recording.trace.seconds,
        "points": len(recording.trace.points),
        "focus_points": len(recording.focus.points),
        "devices": list(recording.devices),
        "tags": [tag.label for tag in recording.tags],
        "record": record.id,
    }


def _works(selected: SelectedAnswers, study: str) -> Rows:
    rows: Rows = defaultdict(list)
    for answer in works.read_works(selected).answers:
        if not answer.refusal and answer.record.asked.study == study:
            rows[answer.image].append(_work(answer))
    return dict(rows)


def _work(answer: HeardAnswer) -> Row:
    return {
        "text": answer.description or "",
        "art": answer.art or "",
        "who": answer.record.who,
        "language": answer.record.language,
        "footnotes": [note.text for note in answer.record.footnotes],
        "record": answer.record.id,
    }


def _drawn(selected: SelectedAnswers, study: str) -> Rows:
    rows: Rows = defaultdict(list)
    for kept in own_time.find_drawings(selected.by_exercise(own_time.EXERCISE))[0]:
        for image in images_of_record(kept.record, study):
            rows[image] += [_piece(kept.record, each, kept.drawing.size) for each in kept.drawing.drawn]
    return dict(rows)


def _piece(record: Record, drawn: Drawn, size: Size) -> Row:
    return {
        "kind": drawn.kind,
        "label": drawn.label,
        "who": record.who,
        "points": [list(point) for point in drawn.points],
        "image_size": list(size),
        "device": drawn.device,
        "active_s": drawn.shape.active_s if drawn.shape else None,
        "idle_s": drawn.shape.idle_s if drawn.shape else None,
        "word_active_s": drawn.word.active_s if drawn.word else None,
        "word_idle_s": drawn.word.idle_s if drawn.word else None,
        "record": record.id,
    }


def _refusals(selected: SelectedAnswers, study: str) -> Rows:
    rows: Rows = defaultdict(list)
    for record in selected.records:
        if record.refusal:
            for image in images_of_record(record, study):
                rows[image].append(_refusal(record))
    return dict(rows)


def _refusal(record: Record) -> Row:
    return {
        "exercise": record.asked.exercise,
        "refusal": record.refusal,
        "who": record.who,
        "text": record.text,
        "record": record.id,
    }
