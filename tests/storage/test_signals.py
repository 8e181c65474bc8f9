"""Whoever asks a program to end is heard as Ctrl-C is."""

import signal

import pytest

from retrain_kit.storage import files, signals


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["end", "hang up"])
def test_a_program_that_is_asked_to_end_leaves_nothing_half_written(tmp_path, number):
    with (
        pytest.raises(KeyboardInterrupt),
        signals.ended_as_interrupted(),
        files.writing(tmp_path / "a.txt") as temporary,
    ):
        temporary.write_text("half")
        signal.raise_signal(number)
    assert list(tmp_path.iterdir()) == []


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals.ended_as_interrupted():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
