"""The island, where every address leads back to this machine and all that is sent is written down."""

import islands
import needs
import pytest


@pytest.fixture(scope="session")
def stay(tmp_path_factory):
    """Return the function that runs a command on the island."""
    if lacking := islands.lacking():
        needs.lacking(*lacking)

    def stayed(*command, **options):
        return islands.stay(tmp_path_factory.mktemp("island"), *command, **options)

    return stayed
