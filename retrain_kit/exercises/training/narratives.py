"""Narratives: recordings of *Informational surfaces* as Localized Narratives, and what that has no room for.

The day is kept of when a recording was made, and no time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.annotations import narratives
from retrain_kit.errors import DataError
from retrain_kit.exercises.surfaces.informational_surfaces import recording_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.annotations.recordings import Recording
    from retrain_kit.answers import Record


@dataclass(frozen=True)
class FoundRecordings:
    """The recordings among answers, each with its answer, and how many answers hold none that can be read."""

    recordings: tuple[tuple[Record, Recording], ...] = ()
    unread: int = 0


def find_recordings(records: Iterable[Record]) -> FoundRecordings:
    """Return the recordings that answers hold, in their order; refusals hold none."""
    said = [record for record in records if not record.refusal]
    found = [(record, recording) for record in said if (recording := _recording(record))]
    return FoundRecordings(tuple(found), len(said) - len(found))


def narrative_lines(found: FoundRecordings, prefix: str = "") -> tuple[str, str]:
    """Return the lines of Localized Narratives, and those that stand beside them.

    Parameters
    ----------
    prefix
        What stands before the name of each study.
    """
    told = [
        narratives.narrative_record(recording, f"{prefix}{record.asked.study}", record.who)
        for record, recording in found.recordings
    ]
    beside = [_beside(record, recording, prefix) for record, recording in found.recordings]
    return "".join(map(narratives.json_line, told)), "".join(map(narratives.json_line, beside))


def _recording(record: Record) -> Recording | None:
    try:
        return recording_of(record)
    except DataError:
        return None


def _beside(record: Record, recording: Recording, prefix: str) -> dict[str, object]:
    more = {"record": record.id, "day": record.when[:10], "language": record.language}
    notes = [note.text for note in record.footnotes]
    study = f"{prefix}{record.asked.study}"
    return narratives.companion_record(recording, study, record.who, **more, footnotes=notes)
