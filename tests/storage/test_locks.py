"""Locks: one holder at a time, waited for or refused, and free when its process is killed."""

import os
import subprocess
import sys
from threading import Event, Thread

import pytest

from retrain_kit.storage import locks

HOLD = """
import sys
from pathlib import Path
from retrain_kit.storage import locks
with locks.exclusive_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.lock"


def test_another_holder_is_refused_where_it_does_not_wait(path):
    with locks.exclusive_lock(path), pytest.raises(locks.HeldError), locks.exclusive_lock(path, wait=False):
        pytest.fail("two hold it")
    with locks.exclusive_lock(path, wait=False):
        assert path.is_file()


def test_another_thread_waits_until_the_first_has_done(path):
    done, order = Event(), []

    def second():
        done.set()
        with locks.exclusive_lock(path):
            order.append("second")

    with locks.exclusive_lock(path):
        waiting = Thread(target=second)
        waiting.start()
        done.wait()
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_the_lock_of_a_killed_process_is_free(path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(locks.HeldError), locks.exclusive_lock(path, wait=False):
            pytest.fail("two hold it")
        holder.kill()
    with locks.exclusive_lock(path, wait=False):
        assert path.is_file()


def test_who_waits_holds_it_alone_where_its_file_was_removed_meanwhile(path):
    count, most = [], []

    def hold():
        for _ in range(20):
            with locks.exclusive_lock(path):
                count.append(1)
                most.append(len(count))
                count.pop()
                locks.remove_held(path)

    together = [Thread(target=hold) for _ in range(4)]
    for each in together:
        each.start()
    for each in together:
        each.join()
    assert most == [1] * 80
    assert not path.exists()


def test_a_folder_that_is_gone_is_not_made_anew(path):
    gone = path.parent / "gone"
    with pytest.raises(FileNotFoundError), locks.exclusive_lock(gone / "some.lock"):
        pytest.fail("nothing to hold")
    assert not gone.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no shared locks")
def test_many_share_a_lock_and_one_takes_it_alone(path):
    assert not locks.is_locked(path)
    shared = [locks.lock_handle(path, shared=True) for _ in range(2)]
    assert not locks.is_locked(path)
    for handle in shared:
        os.close(handle)
    alone = locks.lock_handle(path)
    assert locks.is_locked(path)
    os.close(alone)
    assert not locks.is_locked(path)


def test_a_folder_in_the_place_of_a_lock_is_put_aside_with_what_is_in_it(path):
    path.mkdir()
    (path / "something").touch()
    with locks.exclusive_lock(path):
        assert path.is_file()
    assert (path.with_name(f"{path.name}.unusable-0") / "something").is_file()
