"""Visual Genome's layout: its JSON files as distributed, beside images that are called by their numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrain_kit.datasets.layouts.found import SENTENCES, Found, FoundImage
from retrain_kit.storage.files import size_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import ListedFile, Listing

UNSAID = "Which person made which annotation: Visual Genome's files name nobody."
_FILES = re.compile(
    r"(image_data|objects|region_descriptions|relationships|attributes)(_v[\d_]+)?\.json(\.gz|\.zip)?",
    re.IGNORECASE,
)
_ENDINGS = (".json", ".gz", ".zip")
_LIST = re.compile(rb"\s*\[\s*\{")


def find(listing: Listing) -> Found | None:
    """Return the images that Visual Genome's files speak of."""
    files = _files(listing)
    places = [each for each, contents in sorted(listing.folders.items()) if contents.images]
    if not {"objects", "region_descriptions"} & files.keys() or not any(
        _is_of_it(listing, each) for each in places
    ):
        return None

    def images(left_out: LeftOut) -> Iterator[FoundImage]:
        for each in listing.images():
            if each.stem.isdecimal():
                yield FoundImage(each.stem, each.path)
            else:
                left_out.add(each.path, "an image whose name is no number of Visual Genome's")

    names = [f"{each.path} ({size_in_words(each.size_bytes)})" for each in files.values()]
    return Found(
        layout="visual-genome",
        dataset="visual-genome",
        files={name: each.path for name, each in files.items()},
        images=images,
        sentences=(f"Visual Genome: {', '.join(names)}.",),
        detail=SENTENCES,
        undisclosed=(UNSAID,),
    )


def _files(listing: Listing) -> dict[str, ListedFile]:
    """Return the files of each of the reader's names: of several, that of the latest version."""
    found: dict[str, ListedFile] = {}
    for folder in listing.folders:
        for each in listing.files(folder, *_ENDINGS):
            named = _FILES.fullmatch(each.name)
            if named and (each.ending != ".json" or _LIST.match(listing.head(each.path))):
                name = named[1].lower()
                found[name] = max(found.get(name, each), each, key=lambda file: file.name)
    return found


def _is_of_it(listing: Listing, folder: str) -> bool:
    return any(each.stem.isdecimal() for each in listing.images(folder, below=False))
