"""Informational surfaces: recordings are kept, refused, withdrawn and written as Localized Narratives."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from strategies import recordings as any_recordings

from retrain_kit.annotations import narratives, recordings
from retrain_kit.annotations.recordings import Recording, Tag
from retrain_kit.annotations.traces import Trace
from retrain_kit.answers import AnswerContext, Consent, Record, Store
from retrain_kit.datasets.formats import localized_narratives
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.surfaces import informational_surfaces
from retrain_kit.exercises.surfaces.informational_surfaces import EXERCISE, InformationalSurfaces

AGREED = Voice(Consent(("class",), "informational-surfaces-1", "2025-03-04T09:30:00Z"), language="en")
SILENT = Voice(Consent((), "informational-surfaces-1", "2025-03-04T09:30:00Z"), language="")
MADE = Recording(
    "0a1b",
    (400, 300),
    "A cup.",
    Trace(([[0.25, 0.5, 0.1], [0.5, 0.75, 1.5]],)),
    Trace(([[0.1, 0.1, 0.5], [0.1, 0.1, 0.75]],)),
    (Tag("cup", (0.25, 0.5, 0.5, 1), 2.5, "mouse"),),
    ("keyboard", "mouse"),
    8.5,
    (3.0, 7.25),
    (480, 360),
)


@pytest.fixture
def exercise(tmp_path):
    with Store(tmp_path / "answers") as store:
        yield InformationalSurfaces(store, "nature")


def test_what_is_kept_is_read_back(exercise):
    said = exercise.keep(MADE, AGREED)
    (kept,) = exercise.consented_recordings("class").recordings
    assert kept.recording == MADE
    assert (kept.record.id, kept.record.text, kept.record.language) == (said.record.id, "A cup.", "en")
    assert kept.record.asked == AnswerContext(
        "nature", EXERCISE, "\n".join(informational_surfaces.TASKS), ("0a1b",)
    )


@given(any_recordings)
def test_a_recording_goes_through_an_answer_unchanged(recording):
    details = json.loads(json.dumps(recordings.to_details(recording)))
    record = Record(
        "0" * 32,
        recording.text,
        "bahab",
        "",
        AnswerContext(images=(recording.image,)),
        AGREED.consent,
        details=details,
    )
    assert informational_surfaces.recording_of(record) == recording


def test_who_did_not_agree_is_counted_and_not_shown(exercise):
    exercise.keep(MADE, SILENT)
    exercise.keep(MADE, AGREED)
    assert len(exercise.consented_recordings("class").recordings) == 1
    assert exercise.consented_recordings("class").withheld == 1
    assert exercise.consented_recordings("publication").withheld == 2
    with pytest.raises(ParameterError, match="use: found 'sale'; expected one of class, publication."):
        exercise.consented_recordings("sale")


def test_a_refusal_is_an_answer_and_keeps_nothing_of_a_hand(exercise):
    exercise.refuse("0a1b", "burn", AGREED, "not this one")
    (refusal,) = exercise.consented_recordings("class").refusals
    assert (refusal.refusal, refusal.text, dict(refusal.details)) == ("burn", "not this one", {})
    assert exercise.consented_recordings("class").recordings == ()
    with pytest.raises(ParameterError, match="201 letters"):
        exercise.refuse("0a1b", "burn", AGREED, "a" * 201)


def test_what_is_withdrawn_is_gone_with_its_track(exercise, tmp_path):
    said = exercise.keep(replace(MADE, text="A very rare cup."), AGREED)
    exercise.store.withdraw(said.record.id, said.key)
    assert exercise.consented_recordings("class").recordings == ()
    held = b"".join(file.read_bytes() for file in (tmp_path / "answers").rglob("*") if file.is_file())
    assert b"A very rare cup." not in held
    assert b"pieces" not in held


def test_a_recording_that_says_nothing_is_sent_to_the_refusals(exercise):
    with pytest.raises(ParameterError, match="Who has nothing to say can refuse"):
        exercise.keep(replace(MADE, text=" "), AGREED)
    assert exercise.records() == []


def test_too_long_a_recording_is_refused_and_nothing_is_kept(exercise):
    long = Trace(([[0.5, 0.5, number / 1000] for number in range(100_001)],))
    with pytest.raises(ParameterError, match="pieces: found 100001 points; expected at most 100000"):
        exercise.keep(replace(MADE, trace=long), AGREED)
    assert exercise.records() == []


def test_the_longest_recording_has_room(exercise):
    long = Trace(([[0.123456, 0.654321, 1000 + number / 1000] for number in range(100_000)],))
    exercise.keep(replace(MADE, trace=long, focus=Trace(), text="é" * 4000), AGREED)
    assert len(exercise.consented_recordings("class").recordings[0].recording.trace.points) == 100_000


def test_what_another_program_wrote_wrongly_is_told_and_hides_nothing_else(exercise):
    exercise.keep(MADE, AGREED)
    asked = AnswerContext("nature", EXERCISE, "", ("0a1b",))
    said = exercise.store.say("a", asked, AGREED.consent, details={"size": [4, 3], "pieces": 5})
    seen = exercise.consented_recordings("class")
    assert len(seen.recordings) == 1
    assert [fault.where for fault in seen.faults] == [f"record {said.record.id}, pieces"]
    with pytest.raises(DataError):
        informational_surfaces.recording_of(said.record)


def test_an_export_is_read_by_the_reader_of_the_format_and_comes_back_whole(exercise, tmp_path):
    said = exercise.keep(MADE, AGREED)
    exercise.keep(replace(MADE, text="Withheld."), SILENT)
    track, beside = exercise.export(tmp_path / "out", "class")
    assert (track.name, beside.name) == ("localized_narratives.jsonl", "beside_localized_narratives.jsonl")
    (found,) = localized_narratives.load_narratives(track)
    assert (found.dataset_id, found.caption, found.voice_recording) == ("nature", "A cup.", "")
    assert found.annotator_id == narratives.annotator_number(said.record.who)
    assert localized_narratives.trace_of_narrative(found) == MADE.trace
    (line,) = map(json.loads, beside.read_text(encoding="utf-8").splitlines())
    assert (line["who"], line["record"], line["consent"]["agreed"]) == (
        said.record.who,
        said.record.id,
        ["class"],
    )
    assert narratives.recording_from_records(localized_narratives.record_of_narrative(found), line) == MADE


def test_withdrawing_deletes_the_files_that_hold_it(exercise, tmp_path):
    said = exercise.keep(MADE, AGREED)
    files = exercise.export(tmp_path / "out", "class")
    assert set(exercise.store.withdraw(said.record.id, said.key).reached.deleted) == set(files)
    assert not any(file.exists() for file in files)


def test_an_export_of_nothing_is_two_empty_files(exercise, tmp_path):
    assert [file.read_bytes() for file in exercise.export(tmp_path, "class")] == [b"", b""]
