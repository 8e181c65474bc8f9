"""Each test has a cache folder, users and servers of its own, and leaves none of them behind."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
from importlib.util import find_spec

import pytest
from waiting import PATIENCE_S, ended, until

from retrain_kit.errors import DatabaseError
from retrain_kit.fiftyone import database

psutil = pytest.importorskip("psutil")
pytest.importorskip("pymongo")
if sys.platform != "linux":
    pytest.skip("the kit's own server is there for Linux only", allow_module_level=True)

CALL = """
import dataclasses, json, sys
from retrain_kit.fiftyone import database
from retrain_kit.errors import DatabaseError
try:
    found = database.{call}()
except DatabaseError as error:
    sys.exit(str(error))
found = dataclasses.asdict(found) if dataclasses.is_dataclass(found) else found
print(json.dumps(found, default=str), flush=True)
"""
ENVIRONMENT = (
    CALL.format(call="ensure_running")
    + """
import os
print(os.environ["FIFTYONE_DATABASE_URI"], os.environ["FIFTYONE_DATABASE_VALIDATION"])
"""
)
FORK = (
    CALL.format(call="ensure_running")
    + """
import os, subprocess
if os.fork():
    os._exit(0)
sleeper = subprocess.Popen(["sleep", "3600"], close_fds=False)
print(sleeper.pid, flush=True)
sys.stdin.read()
"""
)
SMALL_DISK = """
mount -t tmpfs -o size=99m none "$RETRAIN_KIT_CACHE" && ln -s "$1" "$RETRAIN_KIT_CACHE/mongod" || exit
shift
exec "$@"
"""
STAY = CALL.format(call="ensure_running") + "sys.stdin.read()"


class Kit:
    """A cache folder and the processes that use it; FiftyOne is a stand-in that brought no server."""

    def __init__(self, folder):
        self.cache = folder / "cache"
        self.cache.mkdir()
        self.fiftyone = folder / "packages" / "fiftyone"
        self.fiftyone.mkdir(parents=True)
        (self.fiftyone / "__init__.py").touch()
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("FIFTYONE_")}
        path = os.pathsep.join(filter(None, [str(self.fiftyone.parent), os.environ.get("PYTHONPATH")]))
        self.env |= {"RETRAIN_KIT_CACHE": str(self.cache), "PYTHONPATH": path}
        self.users = []

    @property
    def mongod(self):
        return self.cache / "mongod" / "fiftyone" / "db" / "bin" / "mongod"

    def run(self, code, **env):
        command = [sys.executable, "-c", code]
        return subprocess.run(command, env=self.env | env, capture_output=True, text=True, check=False)

    def call(self, call, **env):
        done = self.run(CALL.format(call=call), **env)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def error(self, call, **env):
        done = self.run(CALL.format(call=call), **env)
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stderr
        return done.stderr

    def begin(self, code=STAY, **env):
        """Start a user that stays until its input ends."""
        command = [sys.executable, "-c", code]
        pipe = subprocess.PIPE
        user = subprocess.Popen(command, env=self.env | env, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        self.users.append(user)
        return user

    def user(self, code=STAY, **env):
        user = self.begin(code, **env)
        return user, found_by(user)

    def announced(self):
        return json.loads((self.cache / "server.json").read_text())

    def files(self):
        return sorted(path.name for path in self.cache.iterdir())

    def servers(self):
        """Return the command lines of the keepers and servers that live."""
        mine = {str(self.cache), str(self.cache / "database")}
        lines = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
        return [line for line in lines if mine & set(line)]

    def close(self):
        for user in self.users:
            user.kill()
            user.stdin.close()
            user.wait()
        until(lambda: not self.servers())
        shutil.rmtree(self.cache / "database", ignore_errors=True)


def found_by(user):
    line = user.stdout.readline()
    assert line, user.stderr.read()
    return json.loads(line)


def end(user):
    user.communicate(timeout=PATIENCE_S)
    assert user.returncode == 0


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """Return a folder with the wheel: this user's where it works, else one installed for the tests."""
    kit = Kit(tmp_path_factory.mktemp("wheel"))
    users = kit.run(
        "from retrain_kit.fiftyone import database; print(database.cache_folder())", RETRAIN_KIT_CACHE=""
    )
    folder = users.stdout.strip()
    if folder and kit.call("find_database", RETRAIN_KIT_CACHE=folder)["kind"] == "kit":
        kit.mongod.parents[3].symlink_to(f"{folder}/mongod")
    if not kit.call("find_database")["version"]:
        done = kit.run(CALL.format(call="install_mongodb"))
        if done.returncode:
            pytest.skip(done.stderr)
    return (kit.cache / "mongod").resolve()


@pytest.fixture
def bare(tmp_path):
    """Return a kit for which nothing is installed."""
    kit = Kit(tmp_path)
    yield kit
    kit.close()


@pytest.fixture
def kit(bare, wheel):
    (bare.cache / "mongod").symlink_to(wheel)
    return bare


# Finding


def test_a_server_named_in_the_environment_comes_first(kit, tmp_path):
    _, served = kit.user()
    uri = served["uri"].partition("?")[0]
    other = tmp_path / "other"
    found = kit.call("ensure_running", FIFTYONE_DATABASE_URI=uri, RETRAIN_KIT_CACHE=str(other))
    assert (found["kind"], found["uri"], found["running"]) == ("uri", uri, True)
    assert found["version"] == served["version"]
    assert not other.exists()


def test_fiftyones_own_server_comes_second_and_is_left_to_fiftyone(kit, wheel):
    own = kit.fiftyone / "db" / "bin" / "mongod"
    own.parent.mkdir(parents=True)
    own.symlink_to(wheel / "fiftyone" / "db" / "bin" / "mongod")
    found = kit.call("ensure_running")
    assert (found["kind"], found["mongod"], found["running"]) == ("fiftyone", str(own), False)
    assert kit.call("install_mongodb") == str(own)
    assert kit.files() == ["mongod"]


def test_the_note_of_a_failed_download_is_not_taken_for_fiftyones_server(kit):
    note = kit.fiftyone / "db" / "bin" / "exception.txt"
    note.parent.mkdir(parents=True)
    note.touch()
    assert kit.call("find_database")["kind"] == "kit"


def test_the_kits_server_comes_third_and_looking_does_not_start_it(kit):
    found = kit.call("find_database")
    assert (found["kind"], found["mongod"], found["running"]) == ("kit", str(kit.mongod), False)
    assert found["version"].startswith("6.0.")
    assert kit.files() == ["mongod"]


def test_where_nothing_is_found_the_command_to_type_is_said(bare):
    assert bare.call("find_database")["kind"] == "none"
    assert "Type: retrain-kit database install" in bare.error("ensure_running")
    assert bare.files() == []


def test_an_unreachable_server_is_named_without_its_password(kit):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{closed.getsockname()[1]}"
        env = {"FIFTYONE_DATABASE_URI": f"mongodb://ada:secret@{host}/"}
        said = kit.error("ensure_running", **env)
    assert f"mongodb://…@{host}/" in said
    assert "unset FIFTYONE_DATABASE_URI" in said
    assert "secret" not in said
    assert kit.files() == ["mongod"]


def test_an_address_that_is_none_is_a_fault_and_no_traceback(kit):
    assert "mongodb://127.0.0.1:x" in kit.error(
        "ensure_running", FIFTYONE_DATABASE_URI="mongodb://127.0.0.1:x"
    )


def test_a_cache_that_is_no_folder_is_a_fault(kit, tmp_path):
    (tmp_path / "file").touch()
    done = kit.run(CALL.format(call="install_mongodb"), RETRAIN_KIT_CACHE=str(tmp_path / "file"))
    assert done.returncode == 1
    assert "RETRAIN_KIT_CACHE" in done.stderr.splitlines()[-1]


# Sharing


def test_processes_that_start_at_once_share_one_server_that_ends_with_the_last(kit):
    users = [kit.begin() for _ in range(3)]
    assert len({found_by(user)["uri"] for user in users}) == 1
    assert len(kit.servers()) == 2, "one keeper and one mongod"
    for user in users[:2]:
        end(user)
    assert kit.call("find_database")["running"]
    end(users[2])
    until(lambda: not kit.servers())
    assert not (kit.cache / "server.json").exists()


def test_a_process_started_by_a_user_is_a_user_of_its_own(kit):
    parent, found = kit.user()
    child, inherited = kit.user(FIFTYONE_DATABASE_URI=found["uri"])
    assert (inherited["kind"], inherited["uri"]) == ("kit", found["uri"])
    end(parent)
    assert kit.call("find_database")["running"]
    end(child)
    until(lambda: not kit.servers())
    late = kit.call("find_database", FIFTYONE_DATABASE_URI=found["uri"])
    assert late["kind"] == "kit", "the address of a server that has ended is no choice of the user's"


def test_the_environment_leads_fiftyone_to_the_server(kit):
    found, said = kit.run(ENVIRONMENT).stdout.splitlines()
    assert said == f"{json.loads(found)['uri']} false"


def test_a_forked_child_keeps_the_server_and_an_executed_program_does_not(kit):
    user, _ = kit.user(FORK)
    sleeper = psutil.Process(int(user.stdout.readline()))
    user.wait()
    try:
        assert kit.call("find_database")["running"]
        user.stdin.close()
        until(lambda: not kit.servers())
        assert sleeper.is_running()
    finally:
        sleeper.kill()


def test_waiting_for_a_server_that_ends_is_told(kit):
    with (kit.cache / "users.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        user = kit.begin()
        assert "waiting for FiftyOne's database" in user.stderr.readline()
    assert found_by(user)["running"]


# Deaths


def test_the_server_of_a_killed_user_ends_and_the_next_starts(kit):
    user, _ = kit.user()
    user.kill()
    until(lambda: not kit.servers())
    assert kit.call("ensure_running")["running"]


def test_a_user_killed_while_starting_blocks_nobody(kit):
    user = kit.begin()
    until(kit.servers)
    user.kill()
    _, found = kit.user()
    assert found["running"]
    until(lambda: len(kit.servers()) == 2)


@pytest.mark.parametrize("victim", ["keeper", "mongod"])
def test_a_killed_part_is_replaced_at_the_address_its_users_know(kit, victim):
    _, before = kit.user()
    mongod = psutil.Process(kit.announced()["pid"])
    keeper = mongod.parent()
    {"keeper": keeper, "mongod": mongod}[victim].kill()
    until(lambda: ended(mongod))
    _, after = kit.user()
    assert after["uri"] == before["uri"]
    until(lambda: len(kit.servers()) == 2)
    assert kit.announced()["pid"] != mongod.pid


def test_a_keeper_killed_while_its_server_ends_lets_the_next_wait_for_it(kit):
    kit.user()
    psutil.Process(kit.announced()["pid"]).parent().kill()
    assert kit.user()[1]["running"]


@pytest.mark.parametrize("left", ['{"port": 431', '{"port": "1", "pid": 1, "version": "6.0.5"}'])
def test_a_broken_announcement_is_mended(kit, left):
    (kit.cache / "server.json").write_text(left)
    assert not kit.call("find_database")["running"]
    kit.user()
    assert kit.announced()["version"] == "6.0.5"


def test_a_taken_port_is_left_for_another(kit):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        (kit.cache / "server.json").write_text(json.dumps({"port": port, "pid": 1, "version": "6.0.5"}))
        kit.user()
        assert kit.announced()["port"] != port


def test_the_server_of_another_cache_is_not_taken_for_ones_own(kit, wheel, tmp_path):
    _, other = kit.user()
    (tmp_path / "second").mkdir()
    second = Kit(tmp_path / "second")
    (second.cache / "mongod").symlink_to(wheel)
    shutil.copy(kit.cache / "server.json", second.cache)
    try:
        assert second.user()[1]["uri"] != other["uri"]
    finally:
        second.close()


# Faults of starting


def test_a_full_disk_is_said_in_figures_before_anything_starts(kit, wheel):
    inside = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", SMALL_DISK, "sh", str(wheel)]
    tried = subprocess.run([*inside, "true"], env=kit.env, capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"no small disk can be mounted here: {tried.stderr.strip()}")
    command = [*inside, sys.executable, "-c", CALL.format(call="ensure_running")]
    done = subprocess.run(command, env=kit.env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert " MB free; expected at least 400 MB free" in done.stderr
    assert not kit.servers()


def test_a_server_that_does_not_start_is_quoted_with_its_log(kit):
    data = kit.cache / "database"
    data.mkdir()
    (data / "storage.bson").write_bytes(b"broken")
    said = kit.error("ensure_running")
    assert str(data / "mongod.log") in said
    assert "Unable to read the storage engine metadata file" in said.partition("mongod.log")[2]
    shutil.rmtree(data)
    assert kit.call("ensure_running")["running"], "a failed start blocks no later one"


# Installing


def test_missing_libraries_are_named_with_their_packages_and_installing_mends_what_is_broken(bare, wheel):
    shutil.copytree(wheel, bare.cache / "mongod")
    whole = bare.mongod.read_bytes()
    bare.mongod.write_bytes(whole.replace(b"libcurl.so.4\0", b"libcurl.so.0\0"))
    said = bare.error("ensure_running")
    assert "libcurl.so.0" in said
    assert "apt install libcurl4" in said
    bare.mongod.write_bytes(whole[:1_000_000])
    assert "retrain-kit database install" in bare.error("ensure_running")
    done = bare.run(CALL.format(call="install_mongodb"))
    if done.returncode:
        pytest.skip(done.stderr)
    assert bare.call("find_database")["version"] == "6.0.5"
    assert bare.files() == ["install.lock", "mongod"]


def test_what_is_installed_and_works_is_not_installed_again(kit):
    assert kit.call("install_mongodb", PIP_NO_INDEX="1") == str(kit.mongod)


def test_a_failed_installation_says_what_pip_said_and_leaves_nothing(bare):
    said = bare.error("install_mongodb", PIP_NO_INDEX="1", PIP_FIND_LINKS="")
    assert "No matching distribution found" in said
    assert bare.files() == ["install.lock"]


@pytest.mark.parametrize(
    ("system", "machine"), [("darwin", "arm64"), ("win32", "AMD64"), ("linux", "riscv64")]
)
def test_a_platform_without_a_wheel_is_told_to_bring_a_server(system, machine):
    with pytest.raises(DatabaseError, match=f"{system} on {machine}.*FIFTYONE_DATABASE_URI"):
        database._check_platform(system, machine)


# FiftyOne itself

WRITE = """
from retrain_kit.fiftyone import database
database.ensure_running()
import fiftyone
dataset = fiftyone.Dataset("kept", persistent=True)
dataset.add_sample(fiftyone.Sample("tree.png", ground_truth=fiftyone.Classification(label="tree")))
"""
READ = """
import sys
import fiftyone
from retrain_kit.fiftyone import database
sys.stdin.readline()
database.ensure_running()
print(fiftyone.load_dataset("kept").first().ground_truth.label)
"""


@pytest.mark.skipif(not find_spec("fiftyone"), reason="FiftyOne is not installed")
def test_a_dataset_of_one_process_is_read_by_the_next_after_a_restart(kit):
    kit.env |= {
        "PYTHONPATH": "",
        "FIFTYONE_DO_NOT_TRACK": "true",
        "FIFTYONE_CONFIG_PATH": str(kit.cache / "none.json"),
    }
    if kit.call("find_database")["kind"] == "fiftyone":
        pytest.skip("FiftyOne brought its own server here")
    reader = kit.begin(READ)
    written = kit.run(WRITE)
    assert written.returncode == 0, written.stderr
    until(lambda: not kit.servers())
    said, faults = reader.communicate("now\n")
    assert said.splitlines()[-1:] == ["tree"], faults
