"""Whatever happens in the middle, nothing wrong is written and nothing is missing in the end."""

import os
import random
import shutil
import signal
import subprocess
import sys

import psutil
import pytest
from batch import folders
from waiting import PATIENCE_S

from retrain_kit.batch.decanonize.workers import BATCH_IMAGES

COUNT = 200


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Images of many kinds; two of them are broken."""
    return folders.mixed(tmp_path_factory.mktemp("study"), COUNT, side=2)


@pytest.fixture(scope="module")
def undisturbed(study, tmp_path_factory):
    """What a run that nobody disturbs makes of them."""
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    assert folders.finish(study, out).skipped == 2
    return folders.contents(out)


def end(process, number):
    process.send_signal(number)
    process.communicate()


@pytest.mark.usefixtures("processes")
def test_killed_at_ten_random_moments_it_goes_on_and_ends_with_the_same_bytes(study, undisturbed, tmp_path):
    chance, out = random.Random(4), tmp_path / "out"  # noqa: S311 - a draw, no secret
    for number, lines in enumerate(sorted(chance.sample(range(1, COUNT), 10))):
        workers, files = 1 + number % 2, chance.randrange(32 if lines < COUNT - BATCH_IMAGES else 2)
        process = folders.held(study, out, {"workers": workers}, lines, files if workers == 1 else 0)
        end(process, signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
    assert folders.finish(study, out).skipped == 2
    assert folders.contents(out) == undisturbed


@pytest.mark.usefixtures("processes")
def test_a_torn_last_line_and_unfinished_files_of_a_killed_run_are_removed(study, undisturbed, tmp_path):
    out = tmp_path / "out"
    end(folders.held(study, out, {"workers": 1}, 20), signal.SIGKILL)
    with (out / "decanonized.jsonl").open("ab") as journal:
        journal.write(b'{"row": 190, "id": "b%2F01')
    (out / ".retrain-kit-unfinished").mkdir(exist_ok=True)
    (out / ".retrain-kit-unfinished" / "0123456789abcdef").write_bytes(b"half an image")
    assert folders.finish(study, out).skipped == 2
    assert folders.contents(out) == undisturbed


@pytest.mark.usefixtures("processes")
def test_ctrl_c_ends_it_at_once_and_it_goes_on(study, undisturbed, tmp_path):
    out = tmp_path / "out"
    process = folders.held(study, out, {"workers": 2}, 30)
    end(process, signal.SIGINT)
    assert process.returncode != 7
    assert len(folders.records(out)) < COUNT
    assert folders.finish(study, out).skipped == 2
    assert folders.contents(out) == undisturbed


@pytest.mark.usefixtures("processes")
def test_ctrl_c_in_a_terminal_goes_to_every_process_and_is_heard_by_one(study, undisturbed, tmp_path):
    out = tmp_path / "out"
    process = folders.held(study, out, {"workers": 3}, 30, stderr=subprocess.PIPE, start_new_session=True)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate()[1]
    assert said.count("KeyboardInterrupt") == 1, said
    written = {
        name: digest for name, digest in folders.contents(out).items() if name.startswith(("a/", "b/"))
    }
    assert written.items() < undisturbed.items()
    assert folders.finish(study, out).skipped == 2
    assert folders.contents(out) == undisturbed


@pytest.mark.usefixtures("processes")
def test_a_worker_that_is_killed_costs_nothing_but_time(study, undisturbed, tmp_path):
    out = tmp_path / "out"
    process = folders.held(study, out, {"workers": 2}, 20)
    workers = [
        child for child in psutil.Process(process.pid).children() if "spawn_main" in " ".join(child.cmdline())
    ]
    workers[0].kill()
    assert folders.go_on(process) == 7
    assert folders.contents(out) == undisturbed


@pytest.mark.usefixtures("processes")
def test_workers_end_with_a_killed_parent(study, tmp_path):
    process = folders.held(study, tmp_path / "out", {"workers": 2}, 20)
    workers = psutil.Process(process.pid).children()
    assert len(workers) >= 2
    end(process, signal.SIGKILL)
    assert psutil.wait_procs(workers, timeout=PATIENCE_S)[1] == []


@pytest.mark.usefixtures("processes")
def test_the_same_command_started_twice_at_once_is_refused_in_one_line(study, undisturbed, tmp_path):
    out = tmp_path / "out"
    first = folders.held(study, out, {"workers": 1}, 2)
    second = folders.run(study, out)
    assert second.returncode == 1
    assert second.stderr.splitlines() == [
        (
            f"{out}: found another process at work on it; expected a folder that nobody works on. Wait for it to end, "
            "or choose another folder with -o."
        )
    ]
    assert folders.go_on(first) == 7
    assert folders.contents(out) == undisturbed


def test_one_broken_image_in_a_hundred_is_skipped_with_the_reason(study, undisturbed, tmp_path):
    assert folders.finish(study, tmp_path / "out").skipped == 2
    found = folders.records(tmp_path / "out")
    skipped = {name: record["skipped"] for name, record in found.items() if "skipped" in record}
    assert list(skipped) == ["b%2F0007.jpg", "b%2F0107.jpg"]
    assert all("cannot be decoded" in reason for reason in skipped.values())
    assert len(found) == COUNT
    assert not (tmp_path / "out" / "b" / "0007.jpg").exists()


SMALL_DISK = """
set -e
mkdir -p "$1"
mount -t tmpfs -o size=300k none "$1"
"${@:3}" && exit 90
find "$1" -name '*.jsonl' | grep -q . || exit 91
mount -o remount,size=50m "$1"
"${@:3}" || test $? = 7
cp -r "$1" "$2"
"""
READ_ONLY = """
set -e
mkdir -p "$1"
mount -t tmpfs none "$1"
mount -o remount,ro "$1"
"${@:3}" && exit 90
mount -o remount,rw "$1"
"${@:3}" || test $? = 7
cp -r "$1" "$2"
"""


def mounted(script, study, tmp_path):
    """Run a script that mounts a disk of its own; skipped where nobody may."""
    may = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "none", str(tmp_path)], capture_output=True
    )
    if may.returncode:
        pytest.skip(f"no disk can be mounted here: {may.stderr.decode().strip()}")
    disk, kept = tmp_path / "disk", tmp_path / "kept"
    program = folders.command(study, disk / "out")
    done = subprocess.run(
        ["unshare", "-rm", "bash", "-c", script, "-", disk, kept, *program], capture_output=True, text=True
    )
    assert done.returncode == 0, done
    return disk / "out", kept / "out", done.stderr.splitlines()


def test_a_full_disk_is_said_in_one_line_and_with_more_space_it_goes_on(study, undisturbed, tmp_path):
    out, kept, said = mounted(SMALL_DISK, study, tmp_path)
    assert len(said) == 1, said
    assert said[0].startswith(f"{out}/")
    assert said[0].endswith(
        ": found no space left on device; expected a folder that can be written. Free some space or choose another "
        "folder, and start the same command again: it goes on where it was."
    )
    assert folders.contents(kept) == undisturbed


def test_a_read_only_folder_is_said_in_one_line(study, undisturbed, tmp_path):
    out, kept, said = mounted(READ_ONLY, study, tmp_path)
    assert said == [
        (
            f"{out}: found read-only file system; expected a folder that can be written. Choose "
            "another folder, and start the same command again: it goes on where it was."
        )
    ]
    assert folders.contents(kept) == undisturbed


def test_a_file_too_large_for_the_disk_leaves_nothing_half_written(tmp_path):
    study, out = folders.fill(tmp_path / "study", {"a.png": folders.png(300, 200)}), tmp_path / "out"
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)); exec(sys.argv.pop(1))"
    )
    program = [sys.executable, "-c", limited, *folders.command(study, out)[2:]]
    done = subprocess.run(program, capture_output=True, text=True)
    assert done.returncode == 1
    assert "a.png: found file too large; expected a folder that can be written." in done.stderr
    assert list(folders.contents(out)) == ["decanonized.jsonl"]


def test_an_output_that_was_deleted_or_cut_is_made_again(study, undisturbed, tmp_path):
    out = tmp_path / "out"
    folders.finish(study, out)
    (out / "a" / "0000.jpg").unlink()
    whole = (out / "b" / "0001.jpg").read_bytes()
    (out / "b" / "0001.jpg").write_bytes(whole[:100])
    shutil.rmtree(out / "a", ignore_errors=True)
    assert folders.finish(study, out).skipped == 2
    made = folders.contents(out)
    assert {**made, "decanonized.jsonl": ""} == {**undisturbed, "decanonized.jsonl": ""}
