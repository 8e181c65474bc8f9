"""ImageNet's layouts: folders that are called by synsets (`n01440764`), or images that are.

The tables of the challenge and its boxes come with them, where they lie in the folder too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrain_kit.datasets.formats.wordnet import SYNSET_ID
from retrain_kit.datasets.layouts.found import BOXES, IMAGE_LABELS, Found, FoundImage
from retrain_kit.errors import count_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import Listing

UNSAID = "Who looked at which image, and how many agreed: ImageNet's files name nobody."
_NAMED = re.compile(r"n\d{8}_.+|ILSVRC2012_(val|test)_\d{8}")
_XML_OF_IMAGENET = re.compile(r"(n\d{8}_\d+|ILSVRC2012_val_\d{8})")
_SPLITS = ("train", "val", "test")
_TABLES = {
    "LOC_synset_mapping.txt": "synsets",
    "LOC_val_solution.csv": "solution_val",
    "LOC_train_solution.csv": "solution_train",
}
_LOOKED_AT = 20


def find(listing: Listing) -> Found | None:
    """Return the images of folders that are called by synsets, or that are called so themselves."""
    folders = [each for each in sorted(listing.folders) if _is_of_imagenet(listing, each)]
    if not folders:
        return None
    tables = {key: found[0] for name, key in _TABLES.items() if (found := listing.named(name))}
    boxes = _boxes(listing)
    devkit = [path.rpartition("/")[0] for path in listing.named("meta.mat")]
    files = tables | ({"boxes": boxes} if boxes else {}) | ({"devkit": devkit[0] or "."} if devkit else {})

    def images(_: LeftOut) -> Iterator[FoundImage]:
        for folder in folders:
            split = next((part for part in folder.split("/") if part in _SPLITS), "")
            for each in listing.images(folder, below=False):
                yield FoundImage(each.stem, each.path, split=split)

    number = sum(listing.folders[each].images for each in folders)
    synsets = {part for each in folders for part in each.split("/") if SYNSET_ID.fullmatch(part)}
    sentences = [
        f"ImageNet: {count_in_words(number, 'image')}"
        + (f", {len(synsets):,} synsets by folder." if synsets else ".")
    ]
    sentences += [f"{name}: {path}" for name, path in files.items()]
    return Found(
        layout="imagenet",
        dataset="imagenet",
        files=files,
        images=images,
        sentences=tuple(sentences),
        detail=BOXES if boxes else IMAGE_LABELS,
        undisclosed=(UNSAID,),
    )


def _is_of_imagenet(listing: Listing, folder: str) -> bool:
    if not listing.folders[folder].images:
        return False
    if any(map(SYNSET_ID.fullmatch, folder.split("/")[-2:])):
        return True
    some = [
        each.stem for each, _ in zip(listing.images(folder, below=False), range(_LOOKED_AT), strict=False)
    ]
    return all(map(_NAMED.fullmatch, some))


def _boxes(listing: Listing) -> str:
    """Return the folder of ImageNet's boxes; empty where there is none."""
    for folder, contents in sorted(listing.folders.items()):
        first = next(listing.files(folder, ".xml"), None) if contents.endings[".xml"] else None
        if first and _XML_OF_IMAGENET.fullmatch(first.stem):
            parts = folder.split("/")
            while parts and (SYNSET_ID.fullmatch(parts[-1]) or parts[-1] in _SPLITS):
                parts.pop()
            return "/".join(parts) or "."
    return ""
