"""CVAT for images: an XML of many images, with `images` beside it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from retrain_kit.datasets.cvat.files import read_images
from retrain_kit.datasets.images import id_of_path
from retrain_kit.datasets.layouts.found import OUTLINES, Found, FoundImage
from retrain_kit.datasets.layouts.places import ImagePlaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import ListedFile, Listing

_LOOKED_AT, _HEAD_BYTES = 50, 4096
_WORDS = {
    "manual": "CVAT's word: drawn in CVAT",
    "auto": "CVAT's word: made by a model",
    "semi-auto": "CVAT's word: drawn with the help of a model",
    "file": "CVAT's word: brought in from a file",
}


def find(listing: Listing) -> Found | None:
    """Return the images that CVAT's files list; none where there is no such file."""
    found = [each for folder in sorted(listing.folders) for each in _files(listing, folder)]
    if not found or not listing.image_count():
        return None
    names = ["annotations"] if len(found) == 1 else [f"annotations_{at}" for at in range(1, len(found) + 1)]
    files = {name: each.path for name, each in zip(names, found, strict=True)}

    def images(left_out: LeftOut) -> Iterator[FoundImage]:
        seen: set[str] = set()
        for each in found:
            places = ImagePlaces(listing, [f"{each.folder}/images" if each.folder else "images", each.folder])
            for row in read_images(listing.root / each.path, []):
                path = places.find(row.name) or places.find_any_ending(row.name)
                if not path:
                    left_out.add(
                        f"{each.path}, image {row.number}",
                        f"an image that is listed and not there: {row.name}",
                    )
                elif path in seen:
                    left_out.add(f"{each.path}, image {row.number}", "an image that is listed twice")
                else:
                    seen.add(path)
                    said = row.value.attributes
                    across, down = (_pixels(said.get(key, "")) for key in ("width", "height"))
                    yield FoundImage(id_of_path(path), path, across, down, split=said.get("subset", ""))

    told = ", ".join(each.path for each in found)
    sentences = (
        f"Annotations of CVAT: {told}.",
        "By hand or by a model is said of each annotation. Persons who are named are not kept by name.",
    )
    return Found(
        "cvat",
        "cvat",
        files,
        images,
        sentences,
        OUTLINES,
        annotators=_WORDS,
        sources={"manual": "hand", "auto": "machine"},
        undisclosed=("Which person drew an annotation: CVAT says to whom a task was given, no more.",),
    )


def _files(listing: Listing, folder: str) -> list[ListedFile]:
    """Return the files of a folder that begin as CVAT's do."""
    first = islice(listing.files(folder, ".xml"), _LOOKED_AT)
    return [each for each in first if b"<annotations>" in listing.head(each.path, _HEAD_BYTES)]


def _pixels(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0


_MOST_DIGITS = 9
