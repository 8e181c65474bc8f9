"""`retrain-kit doctor` and `database install`: what is on this machine."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import click

from retrain_kit import __version__
from retrain_kit.cli.group import kit
from retrain_kit.errors import DatabaseError
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from pathlib import Path

_PACKAGES = ("numpy", "pillow", "fiftyone", "jupyterlab", "papermill", "anywidget")


@kit.command()
def doctor() -> None:
    """Show versions, the folders of data and caches, and the database; exit with 1 where none can be used."""
    from retrain_kit.fiftyone import database  # noqa: PLC0415 - an edge

    found = database.find_database()
    lines = [("Python", platform.python_version()), ("retrain-kit", __version__)]
    lines += [(package, _version(package)) for package in _PACKAGES]
    lines += [("data sets", _space(manifests.data_folder())), ("studies", _studies())]
    lines += [("libjpeg-turbo", _turbo())]
    lines += [("chromium", _chromium_version()), ("cache folder", _space(database.cache_folder()))]
    words = (found.version, found.kind, f"at {found.uri}" if found.running else str(found.mongod or ""))
    lines += [("database", "not usable" if found.fault else ", ".join(filter(None, words)))]
    for name, value in lines:
        click.echo(f"{name:<15}{value}")
    if found.fault:
        raise DatabaseError(found.fault)


@kit.group()
def database() -> None:
    """Look after the database that FiftyOne keeps its datasets in."""


@database.command()
def install() -> None:
    """Install MongoDB into the kit's cache folder, where FiftyOne brought none."""
    from retrain_kit.fiftyone import database as server  # noqa: PLC0415 - an edge

    server.install_mongodb(click.echo)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _chromium_version() -> str:
    from retrain_kit.reports import render  # noqa: PLC0415 - an edge

    browser = render.find_chromium()
    if not browser:
        return "not found; only --pdf needs it"
    try:
        said = subprocess.run([browser, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return f"{browser}, which does not start"
    return f"{said.stdout.strip()} ({browser})"


def _studies() -> str:
    from retrain_kit.studies import outlines  # noqa: PLC0415 - only this line needs it

    places = Counter(each.place for each in outlines.list_outlines())
    return ", ".join(f"{number} {place}" for place, number in sorted(places.items()))


def _turbo() -> str:
    from retrain_kit.imaging.jpeg import turbo  # noqa: PLC0415 - an edge

    try:
        turbo.ensure_library()
    except turbo.LibraryError as error:
        return f"not found; only decanonize needs it. {error.faults[0].do}"
    return "found"


def _space(folder: Path) -> str:
    there = next(parent for parent in (folder, *folder.parents) if parent.is_dir())
    return f"{folder}, {shutil.disk_usage(there).free / 1e9:.1f} GB free"
