"""KITTI: label files of fifteen columns that begin with a word, in `label_2` beside `image_2`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrain_kit.datasets.images import id_of_path
from retrain_kit.datasets.kitti import NAMING
from retrain_kit.datasets.layouts import companion_files
from retrain_kit.datasets.layouts.found import BOXES, Found, FoundImage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import Listing

_UNSAID = "Who drew which box: KITTI's files name nobody."
_ROW = re.compile(rb"\s*[A-Za-z_][^\s]*(?:[ \t]+-?[0-9.]+(?:[eE][-+]?[0-9]+)?){14,15}\s*(?:[\r\n]|\Z)")


def find(listing: Listing) -> Found | None:
    """Return the images of folders that have KITTI's label files; none where there is no such file."""
    folders = companion_files.companion_folders(
        listing, NAMING, lambda each: bool(_ROW.match(listing.head(each.path, 4096)))
    )
    if not folders:
        return None

    def images(_: LeftOut) -> Iterator[FoundImage]:
        for each in companion_files.images_beside(listing, folders):
            split = next((part for part in each.path.split("/")[:-1] if part in {"training", "testing"}), "")
            yield FoundImage(id_of_path(each.path), each.path, split=split)

    files = companion_files.stated_folders(folders, NAMING.prefix)
    told = companion_files.folders_in_words(folders)
    sentences = (f"KITTI's label files in {told}.", "Where nobody looked closely, it says DontCare.")
    return Found("kitti", "kitti", files, images, sentences, BOXES, undisclosed=(_UNSAID,))
