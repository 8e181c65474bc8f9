"""What is acknowledged is on the disk, whoever is killed, whatever is torn, full, missing or shared."""

import json
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from signing import own

from retrain_kit.answers import AnswerContext, Consent, Store, load_records
from retrain_kit.answers import log as answers_log
from retrain_kit.errors import DataError

ASKED = AnswerContext("nature", "what-if")
CONSENT = Consent(("class",), "1", "2025-03-04T09:30:00Z")

SPEAKER = """
import sys
from retrain_kit.answers import AnswerContext, Consent, Store
consent = Consent(("class",), "1", "2025-03-04T09:30:00Z")
store = Store(sys.argv[1])
for number in range(int(sys.argv[3])):
    said = store.say(f"{sys.argv[2]}-{number}-word", AnswerContext("nature"), consent)
    print("said", said.record.id, said.record.text, flush=True)
    if number % 3 == 1:
        store.amend(said.record.id, "note", said.key)
        print("noted", said.record.id, said.record.text, flush=True)
    if number % 3 == 2:
        print("withdrawing", said.record.id, said.record.text, flush=True)
        store.withdraw(said.record.id, said.key)
        print("withdrawn", said.record.id, said.record.text, flush=True)
"""


def speak(folder, name, count=100_000):
    command = [sys.executable, "-c", SPEAKER, folder, name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def acts_of(output):
    """Return the texts of each act whose line is whole."""
    acts = {"said": set(), "noted": set(), "withdrawing": set(), "withdrawn": set()}
    for line in output.splitlines(keepends=True):
        if line.endswith("\n"):
            act, _, text = line.split()
            acts[act].add(text)
    return acts


@pytest.mark.usefixtures("long_work")
def test_a_kill_at_any_moment_loses_nothing_acknowledged_and_corrupts_nothing(tmp_path):
    chance, folder = random.Random(), tmp_path / "store"  # noqa: S311 - moments, no secrets
    said, noted, going, gone = set(), set(), set(), set()
    for round_ in range(12):
        process = speak(folder, f"r{round_}")
        before = [process.stdout.readline() for _ in range(chance.randrange(2, 60))]
        process.send_signal(signal.SIGKILL)
        acts = acts_of("".join(before) + process.communicate()[0])
        said |= acts["said"]
        noted |= acts["noted"]
        going |= acts["withdrawing"]
        gone |= acts["withdrawn"]
        with Store(folder) as store:
            records = {record.text: record for record in store.records()}
            assert store.faults == () or all("without its end" in each.found for each in store.faults)
        left = b"".join(path.read_bytes() for path in folder.iterdir())
        assert said - going <= records.keys()
        assert not gone & records.keys()
        assert all(records[text].footnotes for text in noted)
        assert not [text for text in going - records.keys() if f'"{text}"'.encode() in left]
    assert len(said) > 12
    assert {path.name for path in folder.iterdir()} <= {"answers.jsonl", "answers.lock", "copies.json"}


def test_thirty_speakers_at_once_lose_nothing(tmp_path):
    with Store(tmp_path) as store, ThreadPoolExecutor(30) as pool:
        ids = list(pool.map(lambda i: store.say(f"word {i}", ASKED, CONSENT).record.id, range(300)))
        assert {record.id for record in store.records()} == set(ids)
    assert {record.id for record in load_records(tmp_path)} == set(ids)


def test_processes_share_a_folder(tmp_path):
    speakers = [speak(tmp_path / "store", f"p{number}", 12) for number in range(4)]
    acts = [acts_of(speaker.communicate()[0]) for speaker in speakers]
    expected = set().union(*(each["said"] - each["withdrawn"] for each in acts))
    with Store(tmp_path / "store") as store:
        assert {record.text for record in store.records()} == expected
        assert len(store.withdrawals()) == 16
    assert len(expected) == 32


def test_what_one_process_says_another_reads_at_once(tmp_path):
    with Store(tmp_path) as one, Store(tmp_path) as other:
        said = one.say("a kite", ASKED, CONSENT)
        assert other.records() == [said.record]
        other.withdraw(said.record.id, said.key)
        assert one.records() == []
        assert b"kite" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def fill(folder, *texts):
    with Store(folder) as store:
        return [store.say(text, ASKED, CONSENT) for text in texts]


def test_a_torn_last_line_is_cut_and_told(tmp_path):
    fill(tmp_path, "a kite", "a drone")
    log = tmp_path / "answers.jsonl"
    log.write_bytes(log.read_bytes()[:-30])
    with Store(tmp_path) as store:
        assert [record.text for record in store.records()] == ["a kite"]
        assert [fault.found for fault in store.faults] == ["a line without its end"]
        store.say("a bird", ASKED, CONSENT)
    assert b"drone" not in log.read_bytes()
    assert sorted(record.text for record in load_records(tmp_path)) == ["a bird", "a kite"]


def test_a_last_line_that_lacks_its_newline_alone_is_whole(tmp_path):
    fill(tmp_path, "a kite")
    log = tmp_path / "answers.jsonl"
    log.write_bytes(log.read_bytes()[:-1])
    fill(tmp_path, "a drone")
    assert sorted(record.text for record in load_records(tmp_path)) == ["a drone", "a kite"]


def test_a_damaged_line_costs_one_line_and_stays_unless_it_holds_what_is_withdrawn(tmp_path):
    (said,) = fill(tmp_path, "a knife")
    log = tmp_path / "answers.jsonl"
    log.write_bytes(log.read_bytes() + b"rust\n" + b"a knife}\n")
    with Store(tmp_path) as store:
        assert len(store.faults) == 2
        store.say("a kite", ASKED, CONSENT)
        store.withdraw(said.record.id, said.key)
        assert [record.text for record in store.records()] == ["a kite"]
    assert b"rust\n" in log.read_bytes()
    assert b"knife" not in log.read_bytes()


def test_an_index_of_an_earlier_version_goes_and_its_words_with_it(tmp_path):
    fill(tmp_path, "a kite")
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"answers.sqlite{suffix}").write_bytes(b"a knife, withdrawn since")
    with Store(tmp_path) as store:
        assert [record.text for record in store.records()] == ["a kite"]
    assert list(tmp_path.glob("answers.sqlite*")) == []


def test_a_log_that_is_gone_is_an_error_and_never_an_empty_store(tmp_path):
    fill(tmp_path, "a kite")
    (tmp_path / "answers.jsonl").rename(tmp_path / "elsewhere.jsonl")
    with pytest.raises(DataError, match="no file, and a list of its copies"):
        Store(tmp_path)
    (tmp_path / "elsewhere.jsonl").rename(tmp_path / "answers.jsonl")
    assert len(load_records(tmp_path)) == 1


def test_an_index_of_a_log_that_is_gone_is_an_error_too(tmp_path):
    (tmp_path / "answers.sqlite").write_bytes(b"of an earlier version")
    with pytest.raises(DataError, match="no file, and a list of its copies"):
        Store(tmp_path)


def test_a_line_that_another_program_adds_is_there_with_the_next_use(tmp_path):
    (said,) = fill(tmp_path, "a kite")
    log = tmp_path / "answers.jsonl"
    with Store(tmp_path) as store:
        first = json.loads(log.read_text().splitlines()[1])
        line = own(first, said.key, id="f" * 32, text="a drone")
        with log.open("a") as file:
            file.write(json.dumps(line) + "\n")
        store.say("a bird", ASKED, CONSENT)
        assert sorted(record.text for record in store.records()) == ["a bird", "a drone", "a kite"]


def test_what_another_program_adds_is_seen_at_once_by_whoever_only_reads(tmp_path):
    fill(tmp_path / "here", "a kite")
    (said,) = fill(tmp_path / "there", "a drone")
    log, other = (tmp_path / name / "answers.jsonl" for name in ("here", "there"))
    with Store(tmp_path / "here") as store:
        with log.open("ab") as file:
            file.write(other.read_bytes().splitlines(keepends=True)[1])
        assert sorted(record.text for record in store.records()) == ["a drone", "a kite"]
        with Store(tmp_path / "there") as there:
            there.withdraw(said.record.id, said.key)
        with log.open("ab") as file:
            file.write(other.read_bytes().splitlines(keepends=True)[1])
        assert [record.text for record in store.records()] == ["a kite"]
    assert b"drone" not in log.read_bytes()


def test_a_log_that_somebody_edits_in_place_is_read_anew(tmp_path):
    fill(tmp_path / "here", "a kite", "a bird")
    fill(tmp_path / "there", "a moth")
    log, other = (tmp_path / name / "answers.jsonl" for name in ("here", "there"))
    with Store(tmp_path / "here") as store:
        assert len(store.records()) == 2
        header, _, *rest = log.read_bytes().splitlines(keepends=True)
        log.write_bytes(b"".join([header, other.read_bytes().splitlines(keepends=True)[1], *rest]))
        store.say("a bee", ASKED, CONSENT)
        assert sorted(record.text for record in store.records()) == ["a bee", "a bird", "a moth"]


def test_leftovers_of_a_killed_rewrite_are_removed(tmp_path):
    fill(tmp_path, "a kite")
    (tmp_path / ".answers-abcd1234.jsonl").write_bytes((tmp_path / "answers.jsonl").read_bytes())
    fill(tmp_path, "a drone")
    assert [path.name for path in tmp_path.glob(".answers-*")] == []


FULL = """
import resource, signal, sys
from retrain_kit.answers import AnswerContext, Consent, Store
from retrain_kit.errors import KitError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
consent = Consent(("class",), "1", "2025-03-04T09:30:00Z")
with Store(sys.argv[1]) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    for number in range(1000):
        try:
            print(store.say(f"{number} " + "x" * 5000, AnswerContext(), consent).record.id, flush=True)
        except KitError as error:
            print(type(error).__name__, error, file=sys.stderr)
            break
"""


@pytest.mark.parametrize("room", [60_000, 200_000])
def test_a_full_disk_is_a_clear_error_and_nothing_is_half_written(tmp_path, room):
    done = subprocess.run([sys.executable, "-c", FULL, tmp_path, str(room)], capture_output=True, text=True)
    acknowledged = done.stdout.split()
    assert done.returncode == 0
    assert done.stderr.startswith("DataError")
    assert "Traceback" not in done.stderr
    assert len(acknowledged) > 0
    assert answers_log.read_log(tmp_path / "answers.jsonl").faults == ()
    with Store(tmp_path) as store:
        assert {record.id for record in store.records()} == set(acknowledged)
        store.say("room again", ASKED, CONSENT)


APPEND = """
import pathlib, resource, signal, sys
from retrain_kit.storage import files
from retrain_kit.errors import DataError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
try:
    with files.appending_lines(pathlib.Path(sys.argv[1]), [b"x" * 70]):
        print("not to be printed")
except DataError as error:
    print(error)
"""


def test_a_log_that_cannot_grow_is_taken_back_to_where_it_was(tmp_path):
    (tmp_path / "log").write_bytes(b"y" * 60 + b"\n")
    done = subprocess.run([sys.executable, "-c", APPEND, tmp_path / "log"], capture_output=True, text=True)
    assert "found a file that may not grow" in done.stdout
    assert "not to be printed" not in done.stdout
    assert (tmp_path / "log").read_bytes() == b"y" * 60 + b"\n"


def test_a_newer_store_is_refused_and_left_as_it_is(tmp_path):
    fill(tmp_path, "a kite")
    log = tmp_path / "answers.jsonl"
    newer = log.read_bytes().replace(b'"schema":2', b'"schema":3')
    log.write_bytes(newer)
    with pytest.raises(DataError, match="version 3; expected version 2. Update retrain-kit"):
        Store(tmp_path)
    assert log.read_bytes() == newer


def test_an_older_store_is_refused_in_words_and_left_as_it_is(tmp_path):
    fill(tmp_path, "a kite")
    log = tmp_path / "answers.jsonl"
    older = log.read_bytes().replace(b'"schema":2', b'"schema":1')
    log.write_bytes(older)
    with pytest.raises(DataError, match="version 1; expected version 2. Its answers are not signed"):
        Store(tmp_path)
    with pytest.raises(DataError, match="nothing was changed"):
        load_records(log)
    assert log.read_bytes() == older
