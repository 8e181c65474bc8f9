"""A short round of changed files: each ends with an answer or an error of the kit; `make fuzz` is the long one."""

import random
import signal
import time
from pathlib import Path

import pytest
from fuzzing import mutations, run
from fuzzing.targets import Target, every_target

from retrain_kit.errors import DataError, Fault

SEED, INPUTS_A_TARGET = 20261130, 20
FOREVER_S = 3600


@pytest.fixture(scope="module")
def fuzz_round():
    """Nothing but the word that this takes its time, and is none of the quick tests."""


def test_no_changed_file_ends_in_a_traceback_a_hang_or_a_gigabyte(fuzz_round):
    targets = every_target()
    counts, wrong = run.fuzz(INPUTS_A_TARGET * len(targets), SEED, workers=2)
    assert wrong == []
    assert counts == {target.name: INPUTS_A_TARGET for target in targets}


def _faulty(act):
    return Target("faulty", lambda folder: (folder / "a.txt").write_text("a"), act)


def _raise(error):
    raise error


@pytest.mark.parametrize(
    ("act", "found", "patience_s"),
    [
        (lambda _: None, "", FOREVER_S),
        (lambda _: _raise(DataError(Fault("a", "b", "c"))), "", FOREVER_S),
        (lambda _: _raise(TypeError("no")), "a.txt: TypeError in", FOREVER_S),
        (lambda folder: (folder / "b.txt").write_text("left behind"), "", FOREVER_S),
        (lambda _: bytearray(run.MEMORY_BYTES + (100 << 20))[::4096] and None, "a.txt: 1", FOREVER_S),
        (lambda _: time.sleep(FOREVER_S), "a.txt: more than 0.1 s", 0.1),
    ],
    ids=["answer", "fault", "traceback", "leftover", "gigabyte", "hang"],
)
def test_the_finder_finds_and_puts_everything_back(act, found, patience_s, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "PATIENCE_S", patience_s)
    before = signal.signal(signal.SIGALRM, run._too_slow)
    try:
        (tmp_path / "a.txt").write_bytes(b"a")
        assert run.run_one(_faulty(act), {"a.txt": b"a"}, tmp_path, 1, 1).startswith(found)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.txt": b"a"}
    finally:
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".csv", ".xml", ".toml", ".txt", ".jpg"])
def test_a_change_follows_from_its_number_alone_and_most_change_something(suffix):
    data = b'{"a": [1, {"b": "c"}], "d": null}\n{"a": 2}\n'

    def changed():
        return [mutations.mutate(data, suffix, random.Random(number)) for number in range(200)]

    assert changed() == changed()
    assert sum(each != data for each in changed()) > 150


def test_every_file_of_a_target_is_one_that_it_changes(tmp_path):
    for number, target in enumerate(every_target()):
        folder = tmp_path / str(number)
        folder.mkdir()
        target.prepare(folder)
        names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
        assert any(map(target.changed, names)), target.name
        target.act(folder)
        assert Path(folder).is_dir()
