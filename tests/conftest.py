"""What several rooms of tests share: a database of the suite's own, what they need, which of them are quick."""

from __future__ import annotations

import atexit
import gc
import os
import re
import shutil
import signal
from collections import Counter
from dataclasses import replace

# A bar comes after a second, so how fast the machine is would be read in what commands say. tqdm reads it when imported.
os.environ["TQDM_DISABLE"] = "1"

import browsers
import islands
import needs
import numpy as np
import pytest
import reporting
from filelock import FileLock
from hypothesis import HealthCheck, settings
from places import ALL_NOTEBOOKS
from waiting import PATIENCE_MS

from retrain_kit import fiftyone
from retrain_kit.errors import KitError
from retrain_kit.fiftyone import database
from retrain_kit.reports import render

EXAMPLES, QUICK_EXAMPLES = 50, 10

# How long an example takes depends on the machine, and is no property of the kit.
settings.register_profile(
    "kit", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=EXAMPLES
)
settings.register_profile("quick", settings.get_profile("kit"), max_examples=QUICK_EXAMPLES)
settings.load_profile("kit")

# A shell that starts the suite in the background has it ignore Ctrl-C, and so would all that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

_leftovers = []


@atexit.register
def _clear():
    """Remove the databases, 300 MB each, after FiftyOne, which is imported later, has left them."""
    for folder in _leftovers:
        shutil.rmtree(folder, ignore_errors=True)


NOT_QUICK = {
    "browser",
    "chromium",
    "cluster",
    "fuzz_round",
    "kernel",
    "kit_database",
    "lab",
    "long_work",
    "nginx",
    "processes",
    "through_fiftyone",
}
"""The fixtures that keep a test out of the quick suite: it needs a browser, a kernel, a database, nginx, a crew, or seconds."""

_BROWSERS = "import browsers"
_FIFTYONE = re.compile(r"^\w.*fiftyone.*$", re.MULTILINE)


def pytest_addoption(parser):
    parser.addoption(
        "--quick", action="store_true", help="only what needs no kernel, database, browser or crew"
    )


def pytest_configure(config):
    if config.getoption("quick"):
        settings.load_profile("quick")


def pytest_ignore_collect(collection_path, config):
    """Leave aside, where it is to be quick, what imports FiftyOne, itself or in a program of its own, or a browser."""
    return (config.getoption("quick") and _imports_what_is_slow(collection_path)) or None


def _imports_what_is_slow(path):
    if path.is_dir():
        own = path / "conftest.py"
        return own.is_file() and _BROWSERS in own.read_text("utf-8")
    return path.suffix == ".py" and any(
        "import" in line for line in _FIFTYONE.findall(path.read_text("utf-8"))
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Deselect what is slow where it is to be quick; else let files with slow tests come first, that none be last."""
    slow = [item for item in items if NOT_QUICK & set(item.fixturenames)]
    if config.getoption("quick"):
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not NOT_QUICK & set(item.fixturenames)]
    else:
        first = {item.path for item in slow}
        items.sort(key=lambda item: item.path not in first)
        _leave_to_the_island(config, items)


def _leave_to_the_island(config, items):
    """Deselect what is run on the island, with all its assertions, by a test that is to be run."""
    if any(item.nodeid == islands.TRAVELLER for item in items) and not islands.lacking():
        there = [item for item in items if item.nodeid.startswith(tuple(islands.THERE))]
        config.hook.pytest_deselected(items=there)
        items[:] = [item for item in items if item not in there]


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Look for no garbage while thousands of tests are collected, nor among them later: they stay until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_terminal_summary(terminalreporter):
    """Say how many tests were skipped, and why: what is not there, and how to get it."""
    skipped = [
        report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.getreports("skipped")
    ]
    for reason, count in Counter(skipped).most_common():
        terminalreporter.write_line(f"{count} test{'' if count == 1 else 's'} skipped: {reason}")


@pytest.fixture(scope="session")
def long_work():
    """Nothing but the word that a test takes seconds by itself."""


@pytest.fixture(scope="session")
def kernel():
    """Nothing but the word that a test runs a notebook's kernel, or several."""


@pytest.fixture(scope="session")
def processes():
    """Nothing but the word that a test needs a crew: processes that share a batch, most of them to be killed."""


@pytest.fixture(scope="session")
def chromium():
    """The path of Chromium; without it tests are skipped, or fail where `CI` is `true`."""
    return needs.chromium()


@pytest.fixture(scope="session")
def playwright_driver(chromium):
    """What starts browsers; one for all tests of a process, as there can be no second."""
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - not there where there is no browser

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(chromium, playwright_driver):
    """Chromium, running."""
    running = playwright_driver.chromium.launch(
        executable_path=chromium, args=list(browsers.FLAGS), timeout=PATIENCE_MS
    )
    yield running
    running.close()


@pytest.fixture(scope="session")
def turbojpeg():
    """The TurboJPEG library; without it tests are skipped, or fail where `CI` is `true`."""
    needs.turbojpeg()


@pytest.fixture(scope="session")
def kit_cache(tmp_path_factory):
    """A cache folder of the suite's own, and in it one for data sets; the user's own are not touched."""
    installed = database.cache_folder() / "mongod"
    cache = tmp_path_factory.mktemp("cache")
    if installed.is_dir():
        (cache / "mongod").symlink_to(installed)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RETRAIN_KIT_CACHE", str(cache))
        environment.setenv("FIFTYONE_DATABASE_DIR", str(cache / "fiftyone"))
        environment.setenv("RETRAIN_KIT_DATA", str(cache / "data"))
        environment.delenv("FIFTYONE_DATABASE_URI", raising=False)
        yield cache
    _leftovers.append(cache / "database")


@pytest.fixture(scope="session")
def kit_database(kit_cache):
    """A real MongoDB in the suite's own cache folder; without one its tests are skipped with the reason."""
    try:
        database.install_mongodb()
        return database.ensure_running()
    except KitError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory, worker_id):
    """A folder of this session, the same for all processes that run its tests."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def every_report(kit_database, kit_cache, shared_folder):
    """The folder of a run that made the reports of all notebooks, once for all who read them or ask what was sent.

    It is made on the island, with PDFs, where that can be entered and Chromium is there.
    """
    where = shared_folder / "every notebook"
    with FileLock(f"{where}.lock"):
        if not where.exists():
            (home := where / "home").mkdir(parents=True)
            if render.find_chromium() and not islands.lacking():
                command = reporting.command(*ALL_NOTEBOOKS, "-j", "2", "--pdf")
                said = islands.stay(where, *command, env=islands.environment(home, kit_cache), cwd=where).said
            else:
                said = reporting.report(ALL_NOTEBOOKS[0], where, *ALL_NOTEBOOKS[1:], "-j", "2").stderr
            (where / "said").write_text(said, encoding="utf-8")
    return where


@pytest.fixture(scope="session")
def report_of(request, kit_database, shared_folder):
    """Return the function that gives the page of a notebook's report; it is made once for all who read it."""

    def made(number, *options):
        if options:
            where = shared_folder / "-".join((number, *options)).replace("/", "_")
            with FileLock(f"{where}.lock"):
                if not where.exists():
                    where.mkdir()
                    done = reporting.report(number, where, *options)
                    (where / "said").write_text(done.stderr, encoding="utf-8")
        else:
            where = request.getfixturevalue("every_report")
        pages = list((where / "reports").glob(f"{number}_*.html"))
        assert pages, (where / "said").read_text(encoding="utf-8")
        return pages[0]

    return made


@pytest.fixture
def through_fiftyone(kit_database, tmp_path):
    """Return the function that stores samples in FiftyOne's database and reads them back."""

    def put(samples):
        dataset = fiftyone.empty_dataset(f"there and back {tmp_path.name}")
        dataset.add_samples([fiftyone.to_document(sample) for sample in samples])
        return fiftyone.samples(dataset)

    return put


@pytest.fixture
def same():
    """Return the function that asserts that samples are the same, masks included."""

    def compare(back, samples):
        assert back == [replace(sample, path=sample.path.resolve()) for sample in samples]
        for there, here in zip(back, samples, strict=True):
            for annotation, original in zip(there.regions, here.regions, strict=True):
                assert (annotation.mask is None) == (original.mask is None)
                assert annotation.mask is None or np.array_equal(annotation.mask, original.mask)

    return compare
