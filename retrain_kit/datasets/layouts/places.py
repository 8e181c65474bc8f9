"""Places: where among the files of a folder an image lies that an annotation file names."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.datasets.formats.listings import IMAGE_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrain_kit.datasets.layouts.listing import Listing

_MOST_FOLDERS = 2000
"""In more folders of images than so many a name is not looked for."""


class ImagePlaces:
    """Finds the images that a data set names.

    Parameters
    ----------
    listing
        The folder.
    rather
        Folders, or last parts of such, in which to look before all others.
    """

    def __init__(self, listing: Listing, rather: Iterable[str] = ()) -> None:
        self._listing = listing
        with_images = [path for path, contents in listing.folders.items() if contents.images]
        endings = {ending for contents in listing.folders.values() for ending in contents.endings}
        self._endings = sorted(endings & IMAGE_SUFFIXES)
        self._endings += [ending.upper() for ending in self._endings]
        first = [path for end in rather for path in with_images if path == end or path.endswith(f"/{end}")]
        self._folders = list(dict.fromkeys([*first, *sorted(with_images)]))[:_MOST_FOLDERS]
        self._by_name: dict[str, list[str]] = {}
        for path in self._folders:
            self._by_name.setdefault(path.rpartition("/")[2], []).append(path)

    def find_any_ending(self, name: str) -> str:
        """Return the path of an image whose name has no ending, as frames of a video have, or nothing."""
        if PurePosixPath(name).suffix.lower() in IMAGE_SUFFIXES:
            return ""
        return next(filter(None, (self.find(f"{name}{ending}") for ending in self._endings)), "")

    def find(self, name: str) -> str:
        """Return the path of an image by its name, or by a path of another machine; empty without one.

        The longest end of the path that is there counts. Of several folders the first is taken that is to be
        looked into rather, or had an image before.
        """
        if not name or "\0" in name:
            return ""
        *above, last = PurePosixPath(name.replace("\\", "/")).parts or ("",)
        for at in range(len(above) + 1):
            if path := next(self._at_end("/".join(above[at:]), last), ""):
                self._rather(path.rpartition("/")[0])
                return path
        return ""

    def find_at(self, name: str) -> str:
        """Return the path of an image that lies where another machine's path says it, by its folder at least.

        The longest end of the path that is there counts; nothing where it is that of several images.
        """
        if not name or "\0" in name:
            return ""
        told = PurePosixPath(name.replace("\\", "/"))
        if str(told) in self._listing:
            return str(told)
        *above, last = told.parts or ("",)
        for at in range(len(above)):
            if found := list(self._at_end("/".join(above[at:]), last)):
                return found[0] if len(found) == 1 else ""
        return ""

    def has_folder(self, name: str) -> bool:
        """Say whether a folder of that name has images."""
        return name in self._by_name

    def _at_end(self, end: str, last: str) -> Iterator[str]:
        """Yield the images of a name in the folders whose paths have this end."""
        named = self._by_name.get(end.rpartition("/")[2], ()) if end else self._folders
        for place in named:
            path = f"{place}/{last}" if place else last
            if (not end or f"/{place}".endswith(f"/{end}")) and path in self._listing:
                yield path

    def _rather(self, place: str) -> None:
        """Look into a folder first from now on."""
        if place in self._folders[:1]:
            return
        self._folders.remove(place)
        self._folders.insert(0, place)
