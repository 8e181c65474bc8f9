"""Files are whole or not there."""

import errno
import os
from pathlib import Path

import pytest

from retrain_kit.errors import DataError
from retrain_kit.storage import files


def test_a_file_is_there_when_the_block_ends_well(tmp_path):
    with files.writing(tmp_path / "new" / "a.txt") as temporary:
        temporary.write_text("whole")
        assert not (tmp_path / "new" / "a.txt").exists()
    assert (tmp_path / "new" / "a.txt").read_text() == "whole"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.txt"]


def test_a_failing_block_leaves_what_was_there(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(ZeroDivisionError), files.writing(tmp_path / "a.txt") as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert (tmp_path / "a.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_full_disk_is_one_clear_line_and_nothing_is_lost(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with (
        pytest.raises(DataError, match="a.txt: found no space left on the disk"),
        files.writing(tmp_path / "a.txt"),
        Path("/dev/full").open("w") as full,  # the system's own answer to a write on a full disk
    ):
        full.write("x" * 100_000)
    assert (tmp_path / "a.txt").read_text() == "old"


def test_a_file_where_a_folder_should_be_is_named(tmp_path):
    (tmp_path / "a").write_text("")
    with (
        pytest.raises(DataError, match="a folder that can be written"),
        files.writing(tmp_path / "a" / "b.txt"),
    ):
        pass


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no such folder that takes no file")
def test_a_folder_that_takes_no_file_is_named_whatever_the_system_calls_it():
    with pytest.raises(DataError, match="/proc/a.txt: found"), files.writing(Path("/proc/a.txt")):
        pass


@pytest.mark.parametrize("name", ["l" * 251 + ".csv", "é" * 127, "a." + "b" * 253, "é" * 125 + ".jpeg"])
def test_a_name_as_long_as_the_disk_takes_is_written(tmp_path, name):
    with files.writing(tmp_path / name) as temporary:
        temporary.write_text("a")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_name_longer_than_the_disk_takes_is_a_fault(tmp_path):
    too_long = files.writing(tmp_path / ("l" * 300))
    with pytest.raises(DataError, match="a name too long for this disk"), too_long:
        pass


def test_a_folder_where_a_file_should_be_is_named(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(DataError, match="a.txt: found a folder where a file should be"):
        files.write_lines(tmp_path / "a.txt", [b"a line"])
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_the_folder_in_which_one_stands_is_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="found a folder where a file should be"):
        files.write_lines(Path(), [b"a line"])
    assert list(tmp_path.iterdir()) == []


def test_an_erased_file_is_blank_for_who_still_has_it_open_and_whole_under_another_name(tmp_path):
    for name in ("alone", "linked"):
        (tmp_path / name).write_bytes(b"a kite")
    (tmp_path / "other").hardlink_to(tmp_path / "linked")
    with (tmp_path / "alone").open("rb") as alone:
        files.erase_file(tmp_path / "alone")
        assert alone.read() == bytes(6)
    files.erase_file(tmp_path / "linked")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("other", b"a kite")]


def test_a_file_that_may_not_grow_is_one_clear_line(tmp_path):
    with (
        pytest.raises(DataError, match="a.txt: found a file that may not grow; expected a folder"),
        files.writing(tmp_path / "a.txt"),
    ):
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_is_refused_and_stays(tmp_path, linked):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    place = tmp_path / ("link" if linked else "pipe")
    for refused in (lambda: files.check_place(place), lambda: files.write_lines(place, [b"a line"])):
        with pytest.raises(DataError, match=f"{place.name}: found a pipe or a device; expected a file"):
            refused()
    assert (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "link").is_symlink()
    assert len(list(tmp_path.iterdir())) == 2
