"""The home folder: asked for in one place, as a program in a container may have none."""

from __future__ import annotations

from pathlib import Path

from retrain_kit.errors import DataError, Fault


def has_home() -> bool:
    """Say whether it is known where the user's home folder is."""
    try:
        Path.home()
    except RuntimeError:
        return False
    return True


def home_folder() -> Path:
    """Return the user's home folder, whether or not it is there.

    Raises
    ------
    DataError
        When HOME is not set and the system does not know one either.
    """
    try:
        return Path.home()
    except RuntimeError:
        do = "Type: export HOME=/a/folder/of/yours"
        raise DataError(Fault("HOME", "nothing", "the path of your home folder", do)) from None
