"""The kit's own layout: images, and beside them `annotations.jsonl`, an annotation a line."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING

from retrain_kit.datasets.formats import opening
from retrain_kit.datasets.images import id_of_path
from retrain_kit.datasets.layouts.found import OUTLINES, Found, FoundImage
from retrain_kit.errors import count_in_words
from retrain_kit.storage import texts
from retrain_kit.storage.spill import SpilledNames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import ListedFile, Listing

FILE = "annotations.jsonl"
UNSAID = "Who drew which annotation, where a line names no annotator."
_KINDS = {"label", "phrase", "image_label", "predicate"}


def find(listing: Listing) -> Found | None:
    """Return the images of a folder that has the kit's own file of annotations."""
    lines = listing.head(FILE).splitlines() if FILE in listing else []
    if not lines or not _is_annotation(lines[0]):
        return None
    number = count_in_words(listing.image_count(), "image")
    return Found(
        layout="folder",
        dataset="folder",
        files={"annotations": FILE},
        images=_Images(listing).found,
        sentences=(f"The kit's own {FILE}, and {number}.",),
        detail=OUTLINES,
        undisclosed=(UNSAID,),
    )


def _is_annotation(line: bytes) -> bool:
    try:
        row = json.loads(line)
    except ValueError:
        return False
    return isinstance(row, dict) and "image" in row and bool(_KINDS & row.keys())


class _Images:
    """The images of a folder, each by the name that lines of annotations have for it."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing

    def found(self, _: LeftOut) -> Iterator[FoundImage]:
        """Yield the images."""
        for each in self._listing.images():
            yield FoundImage(self._name(each), each.path)

    def _name(self, image: ListedFile) -> str:
        """Return the id that lines name an image by: its path as an id, its name, with or without ending."""
        own = id_of_path(image.path)
        return next((name for name in (own, image.name, image.stem) if name in self._said), own)

    @cached_property
    def _said(self) -> SpilledNames:
        names = SpilledNames()
        with opening.open_unpacked(self._listing.root / FILE) as file:
            for line in texts.text_lines(file):
                try:
                    name = json.loads(line).get("image")
                except (ValueError, AttributeError, RecursionError):
                    continue  # the reader says what is wrong with it
                if isinstance(name, str):
                    names.add(name)
        return names
