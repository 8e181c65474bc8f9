"""Where the image of a VOC file lies: beside it, one folder above, or in `JPEGImages` beside its folder."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.datasets.formats.listings import IMAGE_SUFFIXES
from retrain_kit.storage.texts import composed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ENDINGS = {suffix.removeprefix(".") for suffix in IMAGE_SUFFIXES}
_FOLDER_NAMES = ("JPEGImages", "images", "Images")


class ImageFolders:
    """The folders of a study that hold images; each is listed once.

    Parameters
    ----------
    root
        The study's folder; what lies outside is not looked at.
    more
        Folders to look into first.
    """

    def __init__(self, root: Path, more: Iterable[Path] = ()) -> None:
        self._root = root
        self._more = list(more)
        self._listed: dict[Path, dict[str, list[str]]] = {}

    def add(self, more: Iterable[Path]) -> None:
        """Look into further folders too."""
        self._more += sorted(more)

    def lacking(self, folder: str, stems: Iterable[str]) -> set[str]:
        """Return the XMLs of a folder for which there is no image of their name; none where no image is."""
        left, images = {composed(stem): stem for stem in stems}, False
        for place in self._near(Path(folder)) if left else ():
            found = _stems(place)
            images = images or bool(found)
            for stem in found.intersection(left):
                del left[stem]
            if not left:
                break
        return set(left.values()) if images else set()

    def find(self, xml: Path, name: str, rather: str = "") -> str:
        """Return the image of this name with whatever ending, or none; its path below the study's folder.

        Parameters
        ----------
        xml
            The file whose image it is.
        name
            With its ending, or without.
        rather
            Which of several that differ in their ending alone; without it there is none.
        """
        for folder in self._near(xml.parent):
            names = self._names(folder).get(composed(name), [])
            if len(names) > 1:
                names = [each for each in names if composed(each) in {composed(name), composed(rather)}]
            if len(names) == 1:
                return (folder / names[0]).relative_to(self._root).as_posix()
        return ""

    def _near(self, here: Path) -> list[Path]:
        """Return the folders where the image of an XML in a folder may lie, those first that VOC names."""
        beside = [here.parent / name for name in _FOLDER_NAMES]
        above = [here.parent.parent / name for name in _FOLDER_NAMES]
        nested = [*(place / here.name for place in above), *above]
        places = [*self._more, *beside, here, *nested, here.parent]
        return [place for place in dict.fromkeys(places) if place.is_relative_to(self._root)]

    def _names(self, folder: Path) -> dict[str, list[str]]:
        """Return the images of a folder by their names, with and without ending."""
        if folder not in self._listed:
            found: dict[str, list[str]] = {}
            for stem, name in sorted(_images(folder)):
                for each in (stem, name):
                    found.setdefault(composed(each), []).append(name)
            self._listed[folder] = found
        return self._listed[folder]


def _images(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the names of a folder's images, each without its ending and with it."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            stem, _, ending = entry.name.rpartition(".")
            if (ending in _ENDINGS or ending.lower() in _ENDINGS) and stem and stem[0] != ".":
                yield stem, entry.name


def _stems(folder: Path) -> set[str]:
    return {composed(stem) for stem, _ in _images(folder)}
