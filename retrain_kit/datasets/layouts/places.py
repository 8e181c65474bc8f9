"""Places: where among the files of a folder an image lies that an annotation file names."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        first = [path for end in rather for path in with_images if path == end or path.endswith(f"/{end}")]
        self._folders = list(dict.fromkeys([*first, *sorted(with_images)]))[:_MOST_FOLDERS]

    def find(self, name: str) -> str:
        """Return the path of an image by its name, or by a path of another machine; empty without one.

        The longest end of the path that is there counts. Of several folders the first is taken that is to be
        looked into rather, or had an image before.
        """
        if not name or "\0" in name:
            return ""
        parts = PurePosixPath(name.replace("\\", "/")).parts
        for at in range(len(parts)):
            if ".." in parts[at:] or parts[at] == "/":
                continue
            end = "/".join(parts[at:])
            for place in self._folders:
                path = f"{place}/{end}" if place else end
                if path in self._listing:
                    self._folders.remove(place)
                    self._folders.insert(0, place)
                    return path
            if at < len(parts) - 1 and end in self._listing:
                return end
        return ""
