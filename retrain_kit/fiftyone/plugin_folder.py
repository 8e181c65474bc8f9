"""The kit's plugin in FiftyOne's folder of plugins: put there whole or not at all, and taken out again.

It goes where FiftyOne's own command `fiftyone plugins download` would put it, so that there is one of it. A
folder that somebody has linked or put there under the plugin's name is left alone.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import yaml  # type: ignore[import-untyped]

from retrain_kit.errors import DataError, Fault
from retrain_kit.fiftyone.library import fo

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).with_name("plugin")
NAME = "@retrain-kit/retrain-kit"
_METADATA = ("fiftyone.yml", "fiftyone.yaml")


def plugins_folder() -> Path:
    """Return FiftyOne's folder of plugins, as its configuration or FIFTYONE_PLUGINS_DIR has it."""
    return Path(fo.config.plugins_dir)


def install_plugin() -> Path | None:
    """Put the plugin into FiftyOne's folder of plugins; return where, None where it is there already.

    A plugin of an older kit is replaced.

    Raises
    ------
    DataError
        When it cannot be written, or something else is in its place.
    """
    place, found = plugins_folder() / NAME, _installed()
    if any(folder != place or folder.is_symlink() or _is_same(folder) for folder in found):
        return None
    if place.exists() and not found:
        do = "Move it away."
        raise DataError(Fault(str(place), "something else", "nothing, or the kit's plugin", do))
    try:
        _put(place)
    except OSError as error:
        found_there = f"a folder that cannot be written ({error.strerror})"
        raise DataError(Fault(str(place), found_there, "FiftyOne's folder of plugins")) from error
    return place


def remove_plugin() -> list[Path]:
    """Take the plugin out of FiftyOne's folder of plugins; return what was removed. Of a link, the link goes.

    Raises
    ------
    DataError
        When it cannot be removed.
    """
    removed = _installed()
    for folder in removed:
        try:
            if folder.is_symlink():
                folder.unlink()
            else:
                shutil.rmtree(_aside(folder))
        except OSError as error:
            found = f"a folder that cannot be removed ({error.strerror})"
            raise DataError(Fault(str(folder), found, "one that can")) from error
    return removed


def _put(place: Path) -> None:
    """Write the plugin beside its place and rename it there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}-"))
    try:
        new = building / "new"
        shutil.copytree(SOURCE, new, ignore=shutil.ignore_patterns("__pycache__"))
        if place.exists():
            place.rename(building / "old")
        new.rename(place)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _aside(folder: Path) -> Path:
    """Rename a folder to one that FiftyOne does not look into: from then on the plugin is gone whole."""
    hidden = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    folder.rename(hidden / folder.name)
    return hidden


def _installed() -> list[Path]:
    """Return the folders of FiftyOne's plugins that hold one of the kit's name."""
    return [folder for folder in _folders(plugins_folder()) if _name_of(folder) == NAME]


def _folders(root: Path) -> Iterator[Path]:
    """Yield the folders that hold a plugin, as FiftyOne looks for them: none hidden, none in another."""
    if not root.is_dir():
        return
    for folder in sorted(root.iterdir()):
        if folder.is_dir() and not folder.name.startswith("."):
            if any((folder / name).is_file() for name in _METADATA):
                yield folder
            elif not folder.is_symlink():
                yield from _folders(folder)


def _name_of(folder: Path) -> str:
    try:
        text = next(path for name in _METADATA if (path := folder / name).is_file()).read_bytes()
        return str(yaml.safe_load(text)["name"])
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return ""


def _is_same(folder: Path) -> bool:
    """Whether a folder holds what the kit's own does."""
    return all((folder / path).is_file() and (folder / path).read_bytes() == data for path, data in _files())


def _files() -> Iterator[tuple[Path, bytes]]:
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(SOURCE), path.read_bytes()
