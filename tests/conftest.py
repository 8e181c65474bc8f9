"""What several rooms of tests share: a database of the suite's own."""

from __future__ import annotations

import atexit
import shutil
import signal
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from retrain_kit.datasets import database
from retrain_kit.errors import KitError

# How long an example takes depends on the machine, and is no property of the kit.
settings.register_profile("kit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kit")

# A shell that starts the suite in the background has it ignore Ctrl-C, and so would all that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

_leftovers = []


@atexit.register
def _clear():
    """Remove the databases, 300 MB each, after FiftyOne, which is imported later, has left them."""
    for folder in _leftovers:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def kit_cache(tmp_path_factory):
    """A cache folder of the suite's own; the user's own is not touched."""
    installed = database.cache_folder() / "mongod"
    cache = tmp_path_factory.mktemp("cache")
    if installed.is_dir():
        (cache / "mongod").symlink_to(installed)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RETRAIN_KIT_CACHE", str(cache))
        environment.setenv("FIFTYONE_DATABASE_DIR", str(cache / "fiftyone"))
        environment.delenv("FIFTYONE_DATABASE_URI", raising=False)
        yield cache
    _leftovers.append(cache / "database")


@pytest.fixture(scope="session")
def kit_database(kit_cache):
    """A real MongoDB in the suite's own cache folder; without one its tests are skipped with the reason."""
    try:
        database.install()
        return database.ensure()
    except KitError as error:
        pytest.skip(str(error))


@pytest.fixture
def through_fiftyone(kit_database, tmp_path):
    """Return the function that stores samples in FiftyOne's database and reads them back."""
    fiftyone = pytest.importorskip("retrain_kit.datasets.fiftyone")

    def put(samples):
        dataset = fiftyone.empty(f"there and back {tmp_path.name}")
        dataset.add_samples([fiftyone.to_document(sample) for sample in samples])
        return fiftyone.samples(dataset)

    return put


@pytest.fixture
def same():
    """Return the function that asserts that samples are the same, masks included."""

    def compare(back, samples):
        assert back == [replace(sample, path=sample.path.resolve()) for sample in samples]
        for there, here in zip(back, samples, strict=True):
            for mark, original in zip(there.regions, here.regions, strict=True):
                assert (mark.mask is None) == (original.mask is None)
                assert mark.mask is None or np.array_equal(mark.mask, original.mask)

    return compare
