"""LabelMe: a JSON with shapes for each image, beside it or in a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.datasets.images import id_of_path
from retrain_kit.datasets.labelme import NAMING
from retrain_kit.datasets.layouts import companion_files
from retrain_kit.datasets.layouts.found import OUTLINES, Found, FoundImage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import ListedFile, Listing

_UNSAID = "Who drew which shape: LabelMe's files name nobody."
_SIGNS, _SHAPES = (b'"imagePath"', b'"imageData"', b'"imageHeight"'), b'"shapes"'


def find(listing: Listing) -> Found | None:
    """Return the images of folders that have LabelMe's files; none where there is no such file."""

    def is_one(each: ListedFile) -> bool:
        text = listing.head(each.path)
        text += listing.tail(each.path) if _SHAPES in text else b""
        return _SHAPES in text and any(sign in text for sign in _SIGNS)

    folders = companion_files.companion_folders(listing, NAMING, is_one)
    if not folders:
        return None

    def images(_: LeftOut) -> Iterator[FoundImage]:
        for each in companion_files.images_beside(listing, folders):
            yield FoundImage(id_of_path(each.path), each.path)

    files = companion_files.stated_folders(folders, NAMING.prefix)
    told = companion_files.folders_in_words(folders)
    sentences = (f"LabelMe's files in {told}.",)
    return Found("labelme", "labelme", files, images, sentences, OUTLINES, undisclosed=(_UNSAID,))
