"""Label Studio: exports as JSON or JSON-MIN, with the images somewhere beside."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from retrain_kit.datasets.formats.pseudonyms import Pseudonyms
from retrain_kit.datasets.images import id_of_path
from retrain_kit.datasets.label_studio.tasks import read_tasks
from retrain_kit.datasets.layouts.found import OUTLINES, Found, FoundImage
from retrain_kit.datasets.layouts.places import ImagePlaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import ListedFile, Listing

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*\{")
_SIGNS = (
    (b'"annotations"', b'"result"'),
    (b'"completions"', b'"result"'),
    (b'"annotation_id"', b'"annotator"'),
)
_LOOKED_AT = 50


def find(listing: Listing) -> Found | None:
    """Return the images that exports speak of; none where there is no export."""
    found = [each for folder in sorted(listing.folders) for each in _files(listing, folder)]
    if not found or not listing.image_count():
        return None
    names = ["annotations"] if len(found) == 1 else [f"annotations_{at}" for at in range(1, len(found) + 1)]
    files = {name: each.path for name, each in zip(names, found, strict=True)}

    def images(left_out: LeftOut) -> Iterator[FoundImage]:
        seen: set[str] = set()
        people = Pseudonyms("annotator")
        for each in found:
            places = ImagePlaces(listing, ["images", each.folder])
            for task in read_tasks(listing.root / each.path, people):
                path = next(filter(None, map(places.find, task.names)), "")
                if not path:
                    why = task.why or f"an image that is named and not there: {task.names[0]}"
                    left_out.add(f"{each.path}, task {task.number}", why)
                elif path not in seen:
                    seen.add(path)
                    yield FoundImage(id_of_path(path), path)

    told = ", ".join(each.path for each in found)
    sentences = (
        f"Tasks of Label Studio: {told}.",
        "Who annotated is said, by numbers. Names and addresses are not kept.",
        'Predictions of models stay apart; with predictions = "…" in [files] they are read too.',
    )
    return Found("label-studio", "label-studio", files, images, sentences, OUTLINES)


def _files(listing: Listing, folder: str) -> list[ListedFile]:
    """Return the files of a folder that begin as exports do."""
    found = []
    for each in islice(listing.files(folder, ".json"), _LOOKED_AT):
        head = listing.head(each.path)
        if _START.match(head) and any(all(sign in head for sign in signs) for signs in _SIGNS):
            found.append(each)
    return found
