"""What the tests of returns share."""

import pytest

from retrain_kit.studies import manifests


@pytest.fixture(scope="session")
def embedded():
    """The study that comes with the kit."""
    return manifests.load("embedded-sample")
