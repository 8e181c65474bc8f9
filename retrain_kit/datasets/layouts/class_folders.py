"""Folders of images by class, perhaps in folders of splits: `train/cat/1.jpg`.

Names of folders look like labels and need not be any: a folder may be a day, a camera, a person. They are
taken as labels where the same names come back in several splits, which nobody does but to say classes; else
only where a person says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrain_kit.datasets.images import id_of_path
from retrain_kit.datasets.layouts.found import IMAGE_LABELS, PERHAPS, Found, FoundImage
from retrain_kit.errors import names_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import Listing

UNSAID = "Who sorted the images into these folders, and whether the folders' names are meant as labels."
_SPLITS = {"train", "training", "val", "valid", "validation", "test", "testing"}
_NO_CLASSES = {
    "images",
    "image",
    "img",
    "imgs",
    "jpegimages",
    "data",
    "photos",
    "pictures",
    "labels",
    "masks",
}
_SYNSET = re.compile(r"n\d{8}")
_FEWEST = 2


def find(listing: Listing) -> Found | None:
    """Return the images of folders that may be classes."""
    splits = _classes(listing)
    names = {name for folders in splits.values() for name in folders}
    if len(names) < _FEWEST or names & _NO_CLASSES or all(map(_SYNSET.fullmatch, names)):
        return None
    sets = list(splits.values())
    several = len(sets) > 1 and all(len(set(each) & set(sets[0])) >= _FEWEST for each in sets)

    def images(_: LeftOut) -> Iterator[FoundImage]:
        for split, folders in splits.items():
            for path in folders.values():
                for each in listing.images(path, below=False):
                    yield FoundImage(id_of_path(each.path), each.path, split=split)

    sure = "The same names in each split: they are taken as the images' labels."
    perhaps = "Whether these names are labels, nothing says."
    sentences = (
        f"{len(names):,} folders of images: {names_in_words(sorted(names))}.",
        sure if several else perhaps,
    )
    detail = IMAGE_LABELS if several else PERHAPS
    return Found("class-folders", "class-folders", {}, images, sentences, detail, undisclosed=(UNSAID,))


def _classes(listing: Listing) -> dict[str, dict[str, str]]:
    """Return the folders of classes by their names, for each split; none where images lie otherwise too."""
    found: dict[str, dict[str, str]] = {}
    for path, contents in sorted(listing.folders.items()):
        if not contents.images:
            continue
        *above, name = path.split("/")
        split = above[0] if above and above[0].lower() in _SPLITS else ""
        if not path or len(above) != bool(split) or name.lower() in _SPLITS:
            return {}
        found.setdefault(split, {})[name] = path
    return found if "" not in found or len(found) == 1 else {}
