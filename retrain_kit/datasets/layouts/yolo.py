"""YOLO: label files of numbers in folders that mirror those of images, or beside the images."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.datasets.images import id_of_path
from retrain_kit.datasets.layouts.found import BOXES, OUTLINES, Found, FoundImage
from retrain_kit.datasets.yolo import NAMING
from retrain_kit.datasets.yolo.words import read_words
from retrain_kit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import Listing

_ROW = re.compile(rb"\s*[0-9]+(?:\.0+)?(?:\s+-?[0-9.]+(?:[eE][-+]?[0-9]+)?){4,}\s*(?:[\r\n]|\Z)")
_DATA = re.compile(r"^(?:names|nc)\s*:", re.MULTILINE)
_LISTS = re.compile(r"^(?:train|val)\s*:", re.MULTILINE)
_LOOKED_AT, _BOX_COLUMNS = 20, 6
_WORD_LISTS = ("classes.txt", "obj.names", "classes.names", "predefined_classes.txt")


def find(listing: Listing) -> Found | None:
    """Return the images of folders that have label files; none where no label file has rows of numbers."""
    folders = _label_folders(listing)
    if not folders:
        return None
    files, told = _words(listing)
    stated = _outermost({own for own, images in folders.items() if own != images})
    names = ["labels"] if len(stated) == 1 else [f"labels_{number}" for number in range(1, len(stated) + 1)]
    files |= dict(zip(names, stated, strict=True))
    image_folders = set(folders.values())

    def images(left_out: LeftOut) -> Iterator[FoundImage]:
        try:
            words = read_words(listing.root, {name: listing.root / path for name, path in files.items()})
        except DataError:  # the reader says what is wrong with them
            words = None
        for each in listing.images():
            if each.folder in image_folders:
                split = words.split_of(each.path) if words else ""
                yield FoundImage(id_of_path(each.path), each.path, split=split)
            else:
                left_out.add(each.path, "an image in a folder for which there are no label files")

    number = sum(listing.folders[folder].images for folder in image_folders)
    columns = _columns(listing, folders)
    outlined = any(count > _BOX_COLUMNS for count in columns)
    kinds = ", ".join(str(count) for count in sorted(columns))
    sentences = (
        f"{number:,} images in {_folders(len(image_folders))} with YOLO's label files.",
        f"Their first lines have {kinds} columns: {'outlines or keypoints' if outlined else 'boxes'}.",
        told,
    )
    return Found(
        "yolo",
        "yolo",
        files,
        images,
        sentences,
        OUTLINES if outlined else BOXES,
        licence=_licence(listing, files),
    )


def _label_folders(listing: Listing) -> dict[str, str]:
    """Return the folders that hold label files, each with that of its images."""
    found = {}
    for folder, contents in listing.folders.items():
        if not contents.endings[NAMING.suffix]:
            continue
        own = Path(folder)
        images = NAMING.mirrored(own, listing.root)
        place = images.as_posix() if images else folder
        place = "" if place == "." else place
        if place in listing.folders and listing.folders[place].images and _has_rows(listing, folder):
            found[folder] = place
    return found


def _has_rows(listing: Listing, folder: str) -> bool:
    """Say whether one of the first texts of a folder begins with a row of numbers."""
    texts = (each for each in listing.files(folder, NAMING.suffix) if each.name not in _WORD_LISTS)
    return any(_ROW.match(listing.head(each.path, 4096)) for each in islice(texts, _LOOKED_AT))


def _columns(listing: Listing, folders: dict[str, str]) -> Counter[int]:
    """Return how many columns the first lines of some label files have."""
    found: Counter[int] = Counter()
    for folder in folders:
        for each in islice(listing.files(folder, NAMING.suffix), _LOOKED_AT):
            if _ROW.match(head := listing.head(each.path, 4096)):
                found[min(len(head.lstrip().splitlines()[0].split()), 7)] += 1
    return found


def _words(listing: Listing) -> tuple[dict[str, str], str]:
    """Return the file that has the words, and what is told of it."""
    nearest = sorted(listing.folders, key=lambda each: (each.count("/") + bool(each), each))
    for folder in nearest:
        tables = list(listing.files(folder, ".yaml", ".yml"))
        for each in sorted(tables, key=lambda each: (each.name != "data.yaml", each.name)):
            text = listing.head(each.path).decode("utf-8", "replace")
            if _DATA.search(text) and _LISTS.search(text):
                return {"data": each.path}, f"Words and lists are those of {each.path}."
    for folder in nearest:
        if table := next(listing.files(folder, ".data"), None):
            return {"data": table.path}, f"Words and lists are those of {table.path}."
        for name in _WORD_LISTS:
            path = f"{folder}/{name}" if folder else name
            if path in listing:
                return {"names": path}, f"Words are those of {path}."
    return {}, "No file says the words of its classes: their numbers stand for them."


def _licence(listing: Listing, files: dict[str, str]) -> str:
    """Return the licence that Roboflow writes into data.yaml; empty without one."""
    text = listing.head(files["data"]).decode("utf-8", "replace") if "data" in files else ""
    found = re.search(r"^\s+license:\s*(.+?)\s*$", text, re.MULTILINE)
    return found[1] if found else ""


def _outermost(folders: set[str]) -> list[str]:
    """Return the folders that lie in no other of them."""
    return sorted(
        each
        for each in folders
        if not any(each.startswith(f"{other}/") for other in folders if other != each)
    )


def _folders(number: int) -> str:
    return "1 folder" if number == 1 else f"{number:,} folders"
