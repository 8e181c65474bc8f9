"""What several rooms of tests share: a database of the suite's own."""

from __future__ import annotations

import atexit
import shutil

import pytest

from retrain_kit.datasets import database
from retrain_kit.errors import KitError

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
