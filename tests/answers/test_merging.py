"""Stores from separate laptops become one: in any order, any number of times, with nothing lost."""

import itertools
import json
import random
import shutil

import pytest
from commands import typed
from signing import own, signed

from retrain_kit.answers import AnswerContext, Author, Consent, Store, load_records, merge_files
from retrain_kit.errors import DataError

ASKED = AnswerContext("nature", "what-if")
CONSENT = Consent(("class",), "1", "2025-03-04T09:30:00Z")
HEADER = '{"demonstration":false,"format":"retrain-kit answers","schema":2}'


@pytest.fixture
def laptops(tmp_path):
    """Four files: two people, a footnote made elsewhere than its original, a withdrawal, and a file older than it."""
    with Store(tmp_path / "a") as a, Store(tmp_path / "b") as b:
        kite, knife = a.say("a kite", ASKED, CONSENT), a.say("a knife", ASKED, CONSENT)
        a.export(tmp_path / "early.jsonl")
        shutil.copy(tmp_path / "early.jsonl", tmp_path / "older.jsonl")
        b.merge(tmp_path / "early.jsonl")
        b.refuse("burn", ASKED, CONSENT)
        b.amend(kite.record.id, "or a drone", kite.key)
        b.export(tmp_path / "b.jsonl")
        a.withdraw(knife.record.id, knife.key)
        a.export(tmp_path / "a.jsonl")
    note = next(line for line in (tmp_path / "b.jsonl").read_text().splitlines() if '"footnote"' in line)
    (tmp_path / "note.jsonl").write_text(f"{HEADER}\n{note}\n")
    return [tmp_path / name for name in ("older.jsonl", "b.jsonl", "a.jsonl", "note.jsonl")]


def test_any_order_and_number_of_times_gives_the_same_file(laptops, tmp_path):
    seen = set()
    for number, order in enumerate(itertools.permutations(laptops)):
        with Store(tmp_path / f"into-{number}") as store:
            for path in (*order, order[0]):
                store.merge(path)
            store.export(tmp_path / "out.jsonl")
            assert sorted(record.text for record in store.records()) == ["", "a kite"]
            assert len(store.withdrawals()) == 1
        assert b"knife" not in b"".join(path.read_bytes() for path in (tmp_path / f"into-{number}").iterdir())
        seen.add((tmp_path / "out.jsonl").read_bytes())
    assert len(seen) == 1


def test_many_at_once_is_the_same_as_one_by_one(laptops, tmp_path):
    merged = merge_files(laptops, tmp_path / "into")
    assert (merged.files, merged.answers, merged.footnotes, merged.withdrawals) == (4, 2, 1, 1)
    assert (merged.kept_out, merged.removed, merged.waiting, merged.faults) == (1, 0, 0, ())
    again = merge_files(laptops, tmp_path / "into")
    assert (again.answers, again.footnotes, again.withdrawals, again.kept_out) == (0, 0, 0, 1)


def test_a_footnote_waits_on_the_disk_until_its_original_comes(laptops, tmp_path):
    assert merge_files([laptops[3]], tmp_path / "into").waiting == 1
    assert load_records(tmp_path / "into") == ()
    assert merge_files([laptops[1]], tmp_path / "into").waiting == 0
    kite = next(record for record in load_records(tmp_path / "into") if record.text == "a kite")
    assert [note.text for note in kite.footnotes] == ["or a drone"]


def test_the_command_says_what_waits_and_what_was_taken_out(laptops, tmp_path):
    older, _, withdrawn, note = (path.name for path in laptops)
    waiting = "1 footnote: kept, and shown once the original comes"
    assert waiting in typed(tmp_path, "merge", note, "-o", "into").stdout
    assert waiting not in typed(tmp_path, "merge", older, "-o", "into").stdout
    gone = "1 text that stood here: now withdrawn, and deleted"
    assert gone in typed(tmp_path, "merge", withdrawn, "-o", "into").stdout


def test_a_withdrawal_that_comes_in_removes_what_is_here_and_keeps_older_files_out(laptops, tmp_path):
    merge_files([laptops[0]], tmp_path / "into")
    assert merge_files([laptops[2]], tmp_path / "into").removed == 1
    assert merge_files([laptops[0]], tmp_path / "into").kept_out == 1
    assert [record.text for record in load_records(tmp_path / "into")] == ["a kite"]


def test_a_forged_withdrawal_removes_nothing(laptops, tmp_path):
    merge_files([laptops[0]], tmp_path / "into")
    forged, other = [], Author.new()
    for record in load_records(tmp_path / "into"):
        stated = {"kind": "withdrawal", "of": record.id, "when": record.when, "by": "author"}
        (lock,) = other.locks([record.id])
        forged += [
            signed({**stated, "lock": lock}, other.key),
            signed({**stated, "lock": record.lock}, other.key),
            {**stated, "lock": record.lock, "signature": record.signature},
            {**stated, "lock": "", "signature": ""},
        ]
    (tmp_path / "forged.jsonl").write_text("\n".join([HEADER, *map(json.dumps, forged)]) + "\n")
    merged = merge_files([tmp_path / "forged.jsonl"], tmp_path / "into")
    assert [fault.where.rpartition(" ")[2] for fault in merged.faults] == ["3", "4", "5", "7", "8", "9"]
    assert merged.removed == 0
    with Store(tmp_path / "into") as store:
        assert len(store.records()) == 2
        assert store.withdrawals() == []


def test_another_keepers_deletions_hold_only_where_they_are_accepted(laptops, tmp_path):
    with Store(tmp_path / "a") as keeper:
        keeper.delete_as_keeper(keeper.records()[0].id)
    into = tmp_path / "into"
    merge_files(laptops[:2], into)
    with pytest.raises(DataError, match="1 deletions by the keeper of another store"):
        merge_files([tmp_path / "a"], into)
    assert len(load_records(into)) == 3
    assert merge_files([tmp_path / "a"], into, accept_deletions=True).removed == 3
    assert merge_files([tmp_path / "a"], into).known == 2
    assert [record.refusal for record in load_records(into)] == ["burn"]


def test_a_file_that_cannot_be_used_stops_the_merge_before_anything_is_changed(laptops, tmp_path):
    newer, table = tmp_path / "newer.jsonl", tmp_path / "table.csv"
    newer.write_text('{"format":"retrain-kit answers","schema":3}\n')
    table.write_text("id,text\n1,a kite\n")
    with pytest.raises(DataError) as caught:
        merge_files([*laptops, newer, table, tmp_path / "none.jsonl"], tmp_path / "into")
    assert [fault.found for fault in caught.value.faults] == [
        "version 3",
        "something else",
        "nothing to read (No such file or directory)",
    ]
    assert "Update retrain-kit" in str(caught.value)
    assert load_records(tmp_path / "into") == ()


def test_damaged_lines_are_told_and_the_others_come_in(laptops, tmp_path):
    lines = laptops[0].read_bytes().splitlines()
    bad = [b"\xff\xfe", b'{"kind":"answer","id":"7"}', b"[" * 100_000, b'{"kind":"future"}', b"[1]"]
    (tmp_path / "torn.jsonl").write_bytes(b"\n".join([lines[0], *bad, *lines[1:]])[:-20])
    merged = merge_files([tmp_path / "torn.jsonl"], tmp_path / "into")
    assert merged.answers == 1
    assert [fault.where.rpartition(", ")[2] for fault in merged.faults] == [
        f"line {n}" for n in (2, 3, 4, 5, 6, 8)
    ]
    assert "without its end" in merged.faults[-1].found


def test_files_joined_end_to_end_are_read_as_one(laptops, tmp_path):
    joined = tmp_path / "joined.jsonl"
    joined.write_bytes(b"".join(path.read_bytes() for path in laptops))
    merge_files([joined], tmp_path / "into")
    merge_files(laptops, tmp_path / "one-by-one")
    assert load_records(tmp_path / "into") == load_records(tmp_path / "one-by-one")


def test_answers_made_for_demonstration_never_come_among_real_ones(laptops, tmp_path):
    with Store(tmp_path / "shown", demonstration=True) as shown:
        shown.say("a made-up kite", ASKED, CONSENT)
        with pytest.raises(DataError, match="found real answers; expected answers made for demonstration"):
            shown.merge(laptops[0])
    with pytest.raises(DataError, match="found answers made for demonstration; expected real answers"):
        merge_files([tmp_path / "shown"], tmp_path / "into")
    with pytest.raises(DataError, match="never mixed"):
        Store(tmp_path / "shown")
    both = tmp_path / "both.jsonl"
    both.write_bytes(laptops[0].read_bytes() + (tmp_path / "shown" / "answers.jsonl").read_bytes())
    with pytest.raises(DataError, match="in one file"):
        load_records(both)


def test_fields_that_this_version_does_not_know_stay(laptops, tmp_path):
    first, *lines = laptops[0].read_text().splitlines()
    stated = own(json.loads(lines[0]), Author.new().key, weather={"rain": True})
    (tmp_path / "more.jsonl").write_text(f"{first}\n{json.dumps(stated)}\n")
    merge_files([tmp_path / "more.jsonl"], tmp_path / "into")
    assert [record.unknown for record in load_records(tmp_path / "into")] == [{"weather": {"rain": True}}]
    with Store(tmp_path / "into") as store:
        store.export(tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl").read_text().splitlines()[1]) == stated


def test_a_hundred_laptops_in_shuffled_portions_agree(tmp_path):
    with Store(tmp_path / "class") as store:
        said = [store.say(f"word {i}", ASKED, CONSENT) for i in range(30)]
        store.export(tmp_path / "before.jsonl")
        shutil.copy(tmp_path / "before.jsonl", tmp_path / "old.jsonl")
        for each in said[::3]:
            store.withdraw(each.record.id, each.key)
        expected = store.records()
        store.export(tmp_path / "after.jsonl")
    lines = [path.read_text().splitlines()[1:] for path in (tmp_path / "old.jsonl", tmp_path / "after.jsonl")]
    chance, paths = random.Random(7), []  # noqa: S311 - portions, no secrets
    for number in range(100):
        portion = chance.sample([*lines[0], *lines[1]], 20)
        paths.append(tmp_path / f"{number}.jsonl")
        paths[-1].write_text("\n".join([HEADER, *portion]) + "\n")
    chance.shuffle(paths)
    merge_files(paths[:50], tmp_path / "into")
    merge_files(paths[50:], tmp_path / "into")
    assert load_records(tmp_path / "into") == tuple(expected)
