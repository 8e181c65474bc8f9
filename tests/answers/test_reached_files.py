"""Withdrawing reaches what the kit made of the answers, whoever is killed in the middle, and names the rest."""

import json
import signal
import subprocess
import sys

import pytest

from retrain_kit.answers import AnswerContext, Consent, Store, deriving

ASKED = AnswerContext("nature", "what-if")
CONSENT = Consent(("class",), "1", "2025-03-04T09:30:00Z")
WORDS = "a quagga sings"


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "answers") as made:
        yield made


@pytest.fixture
def said(store):
    store.say("a bee", ASKED, CONSENT)
    return store.say(WORDS, ASKED, CONSENT)


def make(store, path, *names, text=WORDS):
    with deriving.writing_noted(store, path, names or None) as temporary:
        temporary.write_text(text)
    return path


def withdraw(store, said):
    return store.withdraw(said.record.id, said.key).reached


def test_what_the_kit_wrote_is_deleted_and_what_never_held_it_stays(store, said, tmp_path):
    page, report = make(store, tmp_path / "page.html", said.record.id), make(store, tmp_path / "report.html")
    other = make(store, tmp_path / "other.html", "0" * 32, text="a bee")
    reached = withdraw(store, said)
    assert (set(reached.deleted), reached.remaining) == ({page, report}, ())
    assert (page.exists(), report.exists(), other.exists()) == (False, False, True)


def test_a_file_under_another_name_in_the_same_folder_goes(store, said, tmp_path):
    renamed = make(store, tmp_path / "page.html").rename(tmp_path / "page of monday.html")
    assert withdraw(store, said).deleted == (renamed,)
    assert not renamed.exists()


def test_what_was_moved_away_is_named_by_its_old_place_also_when_a_new_one_stands_there(
    store, said, tmp_path
):
    page = make(store, tmp_path / "page.html")
    (tmp_path / "archive").mkdir()
    moved = page.rename(tmp_path / "archive" / "page.html")
    make(store, page)
    reached = withdraw(store, said)
    assert (reached.deleted, reached.missing) == ((page,), (page,))
    assert moved.is_file()
    assert reached.remaining == (f"the file that was {page}",)
    again = store.say("more", ASKED, CONSENT)
    assert withdraw(store, again).missing == (page,)


def test_a_file_that_has_another_name_elsewhere_goes_from_its_place_and_is_named(store, said, tmp_path):
    page = make(store, tmp_path / "page.html")
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "page.html").hardlink_to(page)
    assert withdraw(store, said).missing == (page,)
    assert not page.exists()


def test_an_export_that_was_moved_is_named_and_one_that_was_renamed_is_cleaned(store, said, tmp_path):
    store.export(tmp_path / "one" / "mine.jsonl")
    store.export(tmp_path / "two" / "mine.jsonl")
    (tmp_path / "one" / "mine.jsonl").rename(tmp_path / "away.jsonl")
    (tmp_path / "two" / "mine.jsonl").rename(tmp_path / "two" / "ours.jsonl")
    assert withdraw(store, said).missing == (tmp_path / "one" / "mine.jsonl",)
    assert b"quagga" in (tmp_path / "away.jsonl").read_bytes()
    assert b"quagga" not in (tmp_path / "two" / "ours.jsonl").read_bytes()


def test_a_file_that_somebody_changed_is_left_to_them_and_named(store, said, tmp_path):
    page = make(store, tmp_path / "page.html")
    page.write_text("my notes on a quagga")
    reached = withdraw(store, said)
    assert (reached.deleted, reached.left) == ((), (page,))
    assert page.read_text() == "my notes on a quagga"


def test_a_file_that_was_removed_before_anything_was_written_is_not_named(store, said, tmp_path):
    store.note_made(tmp_path / "never.html")
    assert withdraw(store, said).remaining == ()


def test_what_a_killed_program_left_half_written_beside_a_file_goes(store, said, tmp_path):
    store.note_made(tmp_path / "page.html")
    (tmp_path / ".page-abcd1234.html").write_text(WORDS)
    withdraw(store, said)
    assert list(tmp_path.glob(".page-*")) == []


def append(folder, line):
    with (folder / "answers.jsonl").open("ab") as file:
        file.write(line)


def withdrawal_line(store, said, elsewhere):
    """Return the line by which the author withdraws something, made in another store."""
    elsewhere.mkdir()
    (elsewhere / "own.jsonl").write_bytes(b"\n".join(store.lines_of(said.key)) + b"\n")
    with Store(elsewhere / "answers") as other:
        other.merge(elsewhere / "own.jsonl")
        other.withdraw(said.record.id, said.key)
    lines = (elsewhere / "answers" / "answers.jsonl").read_bytes().splitlines(keepends=True)
    (elsewhere / "own.jsonl").unlink()
    return next(line for line in lines if b'"withdrawal"' in line)


def torn(line):
    fields = json.loads(line)
    return {
        "cut short": line[:-4],
        "one byte": line.replace(b'"kind"', b'"kimd"'),
        "words damaged": line.replace(b"quagga", b"qua\xffga"),
        "id damaged": line.replace(fields["id"].encode(), b"0"),
        "no beginning": line[line.index(b'"text"') :],
        "escaped": json.dumps({**fields, "id": 0, "lock": "", "text": "a quagga sings"})[:-1].encode(),
    }


@pytest.mark.parametrize(
    "how", ["cut short", "one byte", "words damaged", "id damaged", "no beginning", "escaped"]
)
@pytest.mark.parametrize("by", ["the kit", "another program"])
def test_damaged_copies_of_what_is_withdrawn_go_whoever_withdraws(store, said, tmp_path, how, by):
    folder = tmp_path / "answers"
    lines = (folder / "answers.jsonl").read_bytes().splitlines()
    line = next(line for line in lines if b"quagga" in line)
    append(folder, torn(line)[how] + b"\n" + b"rust of somebody else\n")
    if by == "the kit":
        store.withdraw(said.record.id, said.key)
    else:
        append(folder, withdrawal_line(store, said, tmp_path / "elsewhere"))
    with Store(folder) as again:
        assert [record.text for record in again.records()] == ["a bee"]
    left = (folder / "answers.jsonl").read_bytes()
    assert b"qua" not in left
    assert b"sings" not in left
    assert b"rust of somebody else\n" in left


WITHDRAWER = """
import os, pathlib, signal, sys
from retrain_kit.answers import AnswerContext, Consent, Store, deriving
consent = Consent(("class",), "1", "2025-03-04T09:30:00Z")
out, left = pathlib.Path(sys.argv[2]), int(sys.argv[3])

def count(event, _):
    global left
    if event in {"open", "os.rename", "os.remove", "os.truncate"}:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

with Store(sys.argv[1]) as store:
    said = store.say("a quagga sings", AnswerContext("nature"), consent)
    for name in ("one", "two"):
        store.export(out / f"{name}.jsonl")
        with deriving.writing_noted(store, out / f"{name}.html") as temporary:
            temporary.write_text("a quagga sings")
    sys.addaudithook(count)
    store.withdraw(said.record.id, said.key)
    os._exit(0)
"""


@pytest.mark.usefixtures("long_work")
def test_a_withdrawal_that_is_killed_at_any_moment_is_finished_when_the_store_is_opened_next(tmp_path):
    outcomes = []
    for moment in range(0, 1000, 3):
        folder, out = tmp_path / f"{moment}" / "answers", tmp_path / f"{moment}" / "out"
        done = subprocess.run([sys.executable, "-c", WITHDRAWER, folder, out, str(moment)], check=False)
        assert done.returncode in (0, -signal.SIGKILL)
        with Store(folder) as store:
            is_gone = not store.records()
        left = b"".join(path.read_bytes() for path in (tmp_path / f"{moment}").rglob("*") if path.is_file())
        assert (b"quagga" in left) == (not is_gone)
        outcomes.append((is_gone, done.returncode))
        if done.returncode == 0:
            break
    assert outcomes[0] == (False, -signal.SIGKILL)
    assert (True, -signal.SIGKILL) in outcomes
    assert outcomes[-1] == (True, 0)


def test_what_an_opening_finished_is_told(store, said, tmp_path):
    page = make(store, tmp_path / "page.html")
    moved = make(store, tmp_path / "moved.html")
    moved.rename(tmp_path / "answers" / "moved.html")
    append(tmp_path / "answers", withdrawal_line(store, said, tmp_path / "elsewhere"))
    with Store(tmp_path / "answers") as again:
        (reached,) = again.take_reached()
        assert (reached.deleted, reached.missing) == ((page,), (moved,))
        assert again.take_reached() == []
    with Store(tmp_path / "answers") as again:
        assert again.take_reached() == []


def test_a_merge_that_brings_a_withdrawal_reaches_and_tells_too(store, said, tmp_path):
    page = make(store, tmp_path / "page.html")
    (tmp_path / "laptop.jsonl").write_bytes(b"\n".join(store.lines_of(said.key)) + b"\n")
    with Store(tmp_path / "other") as other:
        other.merge(tmp_path / "laptop.jsonl")
        other.withdraw(said.record.id, said.key)
        other.export(tmp_path / "withdrawn.jsonl")
    assert store.merge(tmp_path / "withdrawn.jsonl").reached.deleted == (page,)
    assert not page.exists()
