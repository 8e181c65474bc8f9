"""`retrain-kit withdraw` deletes what a key said, and names what it cannot reach."""

import pytest
from click.testing import CliRunner

from retrain_kit.answers import AnswerContext, Author, Consent, Store, merge_files
from retrain_kit.cli import kit
from retrain_kit.exercises.living_with_images.returns import Gift, Returns, Voice

CONSENT = Consent(("class",), "1", "2025-03-04T09:30:00Z")
ASKED = AnswerContext("nature", "what-if", "What might exist in the blank area?", ("0a1b",))


def run(*arguments, key):
    return CliRunner().invoke(kit, ["withdraw", *map(str, arguments)], input=f"{key}\n")


@pytest.fixture
def said(tmp_path):
    """Two answers by one person and one by another, and a report of them."""
    with Store(tmp_path / "answers") as store:
        first = store.say("a kite", ASKED, CONSENT)
        second = store.say("a drone", ASKED, CONSENT, first.key)
        store.say("a bird", ASKED, CONSENT)
        (tmp_path / "report.html").write_text("a kite, a drone, a bird")
        store.note_copy(tmp_path / "report.html")
    return first, second


def left(tmp_path):
    with Store(tmp_path / "answers") as store:
        return sorted(record.text for record in store.records())


def everything(folder):
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_all_that_a_key_said_goes_and_files_that_hold_it_are_named(said, tmp_path):
    done = run(tmp_path / "answers", key=said[0].key)
    assert done.exit_code == 0
    assert "Withdrawn: 2. Only that, and when, is left." in done.output
    assert f"make it anew, or remove it: {tmp_path / 'report.html'}" in done.output
    assert said[0].key not in done.output
    assert left(tmp_path) == ["a bird"]
    assert b"kite" not in everything(tmp_path / "answers")


def test_a_store_that_was_merged_into_another_names_it(said, tmp_path):
    copy = tmp_path / "copy" / "answers.jsonl"
    assert merge_files([tmp_path / "answers" / "answers.jsonl"], copy.parent).faults == ()
    assert merge_files([copy.parent], copy.parent).faults == ()
    assert f"make it anew, or remove it: {copy}" in run(tmp_path / "answers", key=said[0].key).output
    assert merge_files([tmp_path / "answers"], copy.parent).withdrawals == 2
    assert b"kite" not in copy.read_bytes()


def test_one_answer_can_go_alone(said, tmp_path):
    assert run(tmp_path / "answers", "--record", said[1].record.id, key=said[0].key).exit_code == 0
    assert left(tmp_path) == ["a bird", "a kite"]


def test_a_file_that_was_given_back_goes_with_its_record(tmp_path):
    (tmp_path / "song.txt").write_text("la la la")
    with Returns(tmp_path / "answers", "embedded-sample") as returns:
        given = returns.give("bison", Voice(CONSENT), Gift("words", tmp_path / "song.txt"))
        assert returns.file(given.record).is_file()
    assert run(tmp_path / "answers", key=given.key).exit_code == 0
    assert b"la la la" not in everything(tmp_path / "answers")


def test_somebody_elses_key_takes_nothing_away(said, tmp_path):
    assert "Nothing here was said with this key." in run(tmp_path / "answers", key=Author.new().key).output
    wrong = run(tmp_path / "answers", "--record", said[0].record.id, key=Author.new().key)
    assert wrong.exit_code == 2
    assert "Only who said it can amend or withdraw it." in wrong.output
    assert run(tmp_path / "answers", key="open sesame").exit_code == 2
    assert left(tmp_path) == ["a bird", "a drone", "a kite"]
