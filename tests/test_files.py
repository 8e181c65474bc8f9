"""Files are whole or not there."""

import os
import subprocess
import sys

import pytest

from retrain_kit import files
from retrain_kit.errors import DataError


def test_a_file_is_there_when_the_block_ends_well(tmp_path):
    with files.writing(tmp_path / "new" / "a.txt") as temporary:
        temporary.write_text("whole")
        assert not (tmp_path / "new" / "a.txt").exists()
    assert (tmp_path / "new" / "a.txt").read_text() == "whole"
    assert os.listdir(tmp_path / "new") == ["a.txt"]


def test_a_failing_block_leaves_what_was_there(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(ZeroDivisionError), files.writing(tmp_path / "a.txt") as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert (tmp_path / "a.txt").read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_full_disk_is_one_clear_line_and_nothing_is_lost(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with (
        pytest.raises(DataError, match="a.txt: found no space left on the disk"),
        files.writing(tmp_path / "a.txt"),
    ):
        # The system's own answer to a write on a full disk.
        with open("/dev/full", "w") as full:
            full.write("x" * 100_000)
    assert (tmp_path / "a.txt").read_text() == "old"


def test_a_file_where_a_folder_should_be_is_named(tmp_path):
    (tmp_path / "a").write_text("")
    with (
        pytest.raises(DataError, match="a folder that can be written"),
        files.writing(tmp_path / "a" / "b.txt"),
    ):
        pass


def test_a_lock_is_free_again_when_its_holder_is_killed(tmp_path):
    hold = "import sys, time, pathlib; from retrain_kit.files import locked\n"
    hold += "with locked(pathlib.Path(sys.argv[1])):\n print('held', flush=True); time.sleep(60)"
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, tmp_path / "lock"], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.wait()
    with files.locked(tmp_path / "lock"):
        pass
