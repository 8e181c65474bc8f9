"""Narratives: recordings as lines of Localized Narratives, and beside them what has no room in that format.

A line has exactly the seven keys of the format, in its order, so that its authors' own loader reads it.
Where the format asks for what a recording does not have, this is what stands there:

- `annotator_id`: the format has a number. It follows from the pseudonym alone; without one it is 0.
- `timed_caption`: the description as one utterance, from the first to the last moment at which something
  was typed, or over the whole recording where these are not known. When which word was written is not told.
- `traces`: the ways of the pointer. A person who worked by keyboard alone has none: the list is empty,
  never made up.
- `voice_recording`: empty. Nobody's voice was recorded.

Their loader finds its files by name: as `open_images_validation_localized_narratives.jsonl`, in a folder of
its own, a file is what it calls `open_images_val`. It can print a line only where that has a trace.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations import recordings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.annotations.recordings import Recording

NARRATIVES_NAME = "localized_narratives.jsonl"
COMPANION_NAME = "beside_localized_narratives.jsonl"
NARRATIVE_KEYS = (
    "dataset_id",
    "image_id",
    "annotator_id",
    "caption",
    "timed_caption",
    "traces",
    "voice_recording",
)
_NUMBER_BYTES = 6  # a whole number that every reader of JSON keeps exactly


def annotator_number(who: str) -> int:
    """Return the number of a pseudonym, the same in every file; 0 where there is none."""
    return int.from_bytes(hashlib.sha256(who.encode()).digest()[:_NUMBER_BYTES]) if who else 0


def narrative_record(recording: Recording, data_set: str, who: str = "") -> dict[str, Any]:
    """Return a recording as Localized Narratives has it.

    Parameters
    ----------
    data_set
        What the image is of: the study's name.
    who
        The pseudonym of the person who made it; empty where there is none.
    """
    start, end = recording.written or (0.0, recording.seconds)
    utterance = {"utterance": recording.text, "start_time": start, "end_time": end}
    pieces = recordings.to_details(recording)["pieces"]
    values = (
        data_set,
        recording.image,
        annotator_number(who),
        recording.text,
        [utterance],
        [[dict(zip("xyt", point, strict=True)) for point in piece] for piece in pieces],
        "",
    )
    return dict(zip(NARRATIVE_KEYS, values, strict=True))


def companion_record(recording: Recording, data_set: str, who: str = "", **more: object) -> dict[str, Any]:
    """Return what the format has no room for: boxes, words, devices, focus path, times, sizes and `more`."""
    details = recordings.to_details(recording)
    del details["pieces"]
    told = {
        "dataset_id": data_set,
        "image_id": recording.image,
        "annotator_id": annotator_number(who),
        "who": who,
    }
    return {**told, **details, **more}


def recording_from_records(narrative: Mapping[str, Any], aside: Mapping[str, Any]) -> Recording:
    """Return the recording that a line and the line beside it hold.

    This is the reverse of `narrative_record` and `companion_record`.

    Raises
    ------
    DataError
        With everything that is wrong.
    """
    details = {**aside, "pieces": narrative.get("traces")}
    return recordings.from_details(str(narrative["image_id"]), str(narrative["caption"]), details)


def json_line(told: Mapping[str, Any]) -> str:
    """Return a record as one line of JSON."""
    return json.dumps(told, ensure_ascii=False) + "\n"
