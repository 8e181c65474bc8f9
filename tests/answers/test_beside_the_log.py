"""The log of answers alone is believed: whatever becomes of the files beside it, the answers are those of the log."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import SHARED
from trying import examples

from retrain_kit.answers import AnswerContext, Consent, Store, deriving, load_records
from retrain_kit.errors import DataError
from retrain_kit.storage import files

ASKED = AnswerContext("nature", "what-if")
CONSENT = Consent(("class",), "1", "2025-03-04T09:30:00Z")
BESIDE = ["answers.lock", "answers.sqlite", "answers.sqlite-wal", "copies.json", "files.lock", "made.json"]
KNIFE, KITE = "a knife nobody else speaks of", "a kite"


@dataclass(frozen=True)
class Made:
    """A store, a spare of it, another store, and the key of who spoke of a knife."""

    folder: Path
    spare: Path
    other: Path
    key: str

    @property
    def outside(self):
        return self.folder.parent / "out"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    base = tmp_path_factory.mktemp("beside")
    key = fill(base / "store", base / "out")
    fill(base / "other", base / "elsewhere")
    shutil.copytree(base / "store", base / "spare")
    shutil.copytree(base / "out", base / "spare-out")
    return Made(base / "store", base / "spare", base / "other", key)


def fill(folder, out):
    """Make a store with everything that may lie beside a log; return the key of who spoke of a knife."""
    with Store(folder) as store:
        said = store.say(KNIFE, ASKED, CONSENT)
        store.amend(said.record.id, "and a fork", said.key)
        store.say(KITE, ASKED, CONSENT)
        gone = store.say("a drone", ASKED, CONSENT)
        store.withdraw(gone.record.id, gone.key)
        store.export(out / "export.jsonl")
        with deriving.writing_noted(store, out / "page.html", [said.record.id]) as temporary:
            temporary.write_text(KNIFE)
        (out / "own.txt").write_text(KNIFE)
        store.note_copy(out / "own.txt")
    for name in BESIDE[1:3]:
        (folder / name).write_bytes(b"SQLite format 3\0" + KNIFE.encode())
    (folder / "files").mkdir()
    (folder / "files.lock").touch()
    (folder / "made.json").write_text(json.dumps({str(out / "old.html"): ["0" * 64, said.record.id]}))
    return said.key


def put_back(made):
    for there, spare in ((made.folder, made.spare), (made.outside, made.spare.with_name("spare-out"))):
        shutil.rmtree(there)
        shutil.copytree(spare, there)


@st.composite
def harms(draw):
    """Return a function that changes a file, in one of the ways in which files change."""
    kind = draw(
        st.sampled_from(["bytes", "cut", "longer", "swapped", "newer", "folder", "full folder", "gone"])
    )
    seed = draw(
        st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=3)), min_size=1)
    )

    def harm(path, other):
        data = path.read_bytes()
        if kind == "bytes":
            for at, new in seed:
                place = int(at * len(data))
                data = data[:place] + new + data[place + len(new) :]
            path.write_bytes(data)
        elif kind == "cut":
            path.write_bytes(data[: int(seed[0][0] * len(data))])
        elif kind == "longer":
            path.write_bytes(data + b"".join(new for _, new in seed))
        elif kind == "swapped":
            shutil.copy(other, path)
        elif kind == "newer":
            path.write_bytes(b'{"format": "retrain-kit copies", "schema": 99, "lines": 0}\n' + data)
        else:
            path.unlink()
            if kind != "gone":
                path.mkdir()
            if kind == "full folder":
                (path / "something").write_text("of somebody")

    return harm


@examples(150)
@given(names=st.sets(st.sampled_from(BESIDE), min_size=1), harm=harms())
def test_whatever_lies_beside_the_log_the_answers_are_those_of_the_log(made, names, harm):
    put_back(made)
    for name in sorted(names):
        harm(made.folder / name, made.other / name)
    expected = load_records(made.folder)
    with Store(made.folder) as store:
        assert tuple(store.records()) == expected
        assert {record.text for record in expected} == {KNIFE, KITE}
        reached = store.withdraw_all(made.key).reached
        assert [record.text for record in store.records()] == [KITE]
        store.say("a bee", ASKED, CONSENT)
    named = {*reached.left, *reached.missing, *reached.deleted}
    page, export = made.outside / "page.html", made.outside / "export.jsonl"
    if "copies.json" not in names:
        assert not page.exists()
        assert KNIFE.encode() not in export.read_bytes()
        assert made.outside / "own.txt" in named
    with Store(made.folder) as store:
        assert {record.text for record in store.records()} == {KITE, "a bee"}
        assert (made.other / "answers.jsonl").read_bytes().count(b"a knife") == 1
        assert (made.other.parent / "elsewhere" / "page.html").read_text() == KNIFE
    left = b"".join(path.read_bytes() for path in made.folder.rglob("*") if path.is_file())
    assert KNIFE.encode() not in left


@examples(60)
@given(name=st.sampled_from(BESIDE), harm=harms())
def test_files_may_change_while_a_store_is_open(made, name, harm):
    put_back(made)
    with Store(made.folder) as store:
        path = made.folder / name
        if path.is_file():
            harm(path, made.other / name)
        assert tuple(store.records()) == load_records(made.folder)


def test_a_damaged_list_is_set_aside_and_said_and_its_whole_lines_are_taken_over(made):
    put_back(made)
    path = made.folder / "copies.json"
    lines = path.read_bytes().splitlines()
    place = next(number for number, line in enumerate(lines) if b"page.html" in line)
    lines[place] = lines[place].replace(b"page.html", b"pale.html")
    path.write_bytes(b"\n".join(lines))
    with Store(made.folder) as store:
        (fault,) = store.faults
        assert (fault.where, fault.found) == (str(path), "a damaged list")
        assert "set aside as copies.unusable.json" in str(fault)
        reached = store.withdraw_all(made.key).reached
    assert (made.folder / "copies.unusable.json").is_file()
    assert KNIFE.encode() not in (made.outside / "export.jsonl").read_bytes()
    assert made.outside / "own.txt" in reached.left
    assert (made.outside / "page.html").read_text() == KNIFE


def test_the_list_of_another_store_deletes_nothing_and_is_said(made):
    put_back(made)
    shutil.copy(made.other / "copies.json", made.folder / "copies.json")
    with Store(made.folder) as store:
        assert [fault.found for fault in store.faults] == ["the list of another folder"]
        store.withdraw_all(made.key)
    assert (made.other.parent / "elsewhere" / "page.html").read_text() == KNIFE


def test_the_lists_of_an_earlier_version_are_taken_over(made):
    put_back(made)
    export, report, page = (made.outside / name for name in ("export.jsonl", "own.txt", "page.html"))
    (made.folder / "copies.json").write_text(json.dumps([str(export), str(report)]))
    (said,) = (record for record in load_records(made.folder) if record.text == KNIFE)
    (made.folder / "made.json").write_text(json.dumps({str(page): [files.sha256(page), said.id]}))
    with Store(made.folder) as store:
        assert store.faults == ()
        reached = store.withdraw_all(made.key).reached
    assert (reached.deleted, reached.left) == ((page,), (report,))
    assert KNIFE.encode() not in export.read_bytes()
    assert not (made.folder / "made.json").exists()


def test_a_store_that_was_moved_names_what_it_wrote_from_its_old_place(made, tmp_path):
    put_back(made)
    shutil.copytree(made.folder, tmp_path / "moved")
    with Store(tmp_path / "moved") as store:
        reached = store.withdraw_all(made.key).reached
    assert {path.name for path in reached.left} >= {"page.html", "export.jsonl", "own.txt"}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the handed cases are not here")
@pytest.mark.parametrize(
    ("case", "name", "said"),
    [("copies-json-empty", "copies.json", ["a damaged list"]), ("index-one-byte-0xff", "answers.sqlite", [])],
)
def test_the_harm_of_the_handed_cases_stops_no_store(made, case, name, said):
    put_back(made)
    shutil.copyfile(SHARED / "cases" / "attack" / case / name, made.folder / name)
    expected = load_records(made.folder)
    with Store(made.folder) as store:
        assert (tuple(store.records()), len(expected)) == (expected, 2)
        assert [fault.found for fault in store.faults] == said
        store.withdraw_all(made.key)
        assert [record.text for record in store.records()] == [KITE]
    left = b"".join(path.read_bytes() for path in made.folder.rglob("*") if path.is_file())
    assert KNIFE.encode() not in left


def test_a_list_that_cannot_be_put_anywhere_stops_no_reader_and_no_withdrawal(made):
    put_back(made)
    path = made.folder / "copies.json"
    path.unlink()
    for number in ("", *(f"-{each}" for each in range(2, 100))):
        (made.folder / f"copies.unusable{number}.json").mkdir()
        (made.folder / f"copies.unusable{number}.json" / "kept").touch()
    path.mkdir()
    (path / "kept").touch()
    with Store(made.folder) as store:
        assert len(store.records()) == 2
        store.withdraw_all(made.key)
        assert [record.text for record in store.records()] == [KITE]
        with pytest.raises(DataError, match="a folder where a file should be"):
            store.export(made.outside / "export-2.jsonl")
