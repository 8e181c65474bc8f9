"""A bare folder of images: nothing in it says anything of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.datasets.images import id_of_path
from retrain_kit.datasets.layouts.found import NOTHING, Found, FoundImage
from retrain_kit.errors import count_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import Listing


def find(listing: Listing) -> Found | None:
    """Return the images of a folder and of those in it, whatever else lies there."""
    number = listing.image_count()
    if not number:
        return None

    def images(_: LeftOut) -> Iterator[FoundImage]:
        for each in listing.images():
            yield FoundImage(id_of_path(each.path), each.path)

    places = sum(bool(contents.images) for contents in listing.folders.values())
    counted = f"{count_in_words(number, 'image')} in {count_in_words(places, 'folder')}"
    sentences = (f"{counted}. Nothing that this layout knows says anything of them.",)
    return Found("images", "images", {}, images, sentences, detail=NOTHING)
