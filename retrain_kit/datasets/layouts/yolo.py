"""YOLO: label files of numbers in folders that mirror those of images, or beside the images."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.datasets.formats.values import number_id
from retrain_kit.datasets.images import id_of_path
from retrain_kit.datasets.layouts import companion_files
from retrain_kit.datasets.layouts.found import BOXES, OUTLINES, Found, FoundImage
from retrain_kit.datasets.yolo import NAMING
from retrain_kit.datasets.yolo.words import read_words
from retrain_kit.errors import DataError, count_in_words, names_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import Listing
    from retrain_kit.datasets.yolo.words import Words

_ROW = re.compile(rb"\s*[0-9]+(?:\.0+)?(?:\s+-?[0-9.]+(?:[eE][-+]?[0-9]+)?){4,}\s*(?:[\r\n]|\Z)")
_DATA = re.compile(r"^(?:names|nc)\s*:", re.MULTILINE)
_LISTS = re.compile(r"^(?:train|val)\s*:", re.MULTILINE)
_LOOKED_AT, _OUTLINE_COLUMNS, _HEAD_BYTES = 20, 7, 4096
_UNSAID = "Who drew which annotation: YOLO's files name nobody."
_WORD_LISTS = ("classes.txt", "obj.names", "classes.names", "predefined_classes.txt")


def find(listing: Listing) -> Found | None:
    """Return the images of folders that have label files; none where no label file has rows of numbers."""
    folders = _label_folders(listing)
    if not folders:
        return None
    rows = [row for folder in folders for row in _first_rows(listing, folder)]
    files, told = _words(listing, set(folders.values()), rows)
    files |= companion_files.stated_folders(folders, NAMING.prefix)

    def images(_: LeftOut) -> Iterator[FoundImage]:
        words = _read_words(listing, files)
        for each in companion_files.images_beside(listing, folders):
            split = words.split_of(each.path) if words else ""
            yield FoundImage(id_of_path(each.path), each.path, split=split)

    places = set(folders.values())
    number = sum(listing.folders[place].images for place in places)
    columns = {min(len(row), _OUTLINE_COLUMNS) for row in rows}
    outlined = _OUTLINE_COLUMNS in columns
    kinds = ", ".join(map(str, sorted(columns))) + (" and more" if outlined else "")
    where = "1 folder" if len(places) == 1 else f"{len(places):,} folders"
    sentences = (
        f"{count_in_words(number, 'image')} in {where} with YOLO's label files.",
        f"Their first lines have {kinds} columns: {'outlines or keypoints' if outlined else 'boxes'}.",
        told,
    )
    detail, licence = OUTLINES if outlined else BOXES, _licence(listing, files)
    return Found("yolo", "yolo", files, images, sentences, detail, licence=licence, undisclosed=(_UNSAID,))


def _label_folders(listing: Listing) -> dict[str, str]:
    """Return the folders that hold label files, each with that of its images."""
    found = {}
    for folder, contents in listing.folders.items():
        if contents.endings[NAMING.suffix]:
            mirrored = NAMING.mirrored(Path(folder), listing.root)
            place = mirrored.as_posix() if mirrored else folder
            if not mirrored and not contents.images:
                place = companion_files.beside(listing, NAMING, folder)
            place = "" if place == "." else place
            images = listing.folders[place].images if place in listing.folders else 0
            if images and _first_rows(listing, folder):
                found[folder] = place
    return {
        own: place for own, place in found.items() if companion_files.has_images(listing, NAMING, own, place)
    }


def _first_rows(listing: Listing, folder: str) -> list[list[str]]:
    """Return the first row of each of the first texts of a folder that begin with a row of numbers."""
    texts = (each for each in listing.files(folder, NAMING.suffix) if each.name not in _WORD_LISTS)
    heads = (listing.head(each.path, _HEAD_BYTES) for each in islice(texts, _LOOKED_AT))
    return [head.lstrip().splitlines()[0].decode().split() for head in heads if _ROW.match(head)]


def _read_words(listing: Listing, files: dict[str, str]) -> Words | None:
    """Return the words of a data set; none where they cannot be read: the reader says what is wrong."""
    try:
        return read_words(listing.root, {name: listing.root / path for name, path in files.items()})
    except DataError:
        return None


def _words(listing: Listing, images: set[str], rows: list[list[str]]) -> tuple[dict[str, str], str]:
    """Return the file that has the words, and what is told of it.

    One whose lists lead to other images than these, or whose words are too few for these rows, is another
    data set's.
    """
    others = []
    for name, path in _word_files(listing):
        words = _read_words(listing, {name: path})
        if words is None:
            return {name: path}, f"Words are those of {path}, which cannot be read."
        listed = [folder for folders, _ in words.splits.values() for folder in folders]
        elsewhere = bool(listed) and not any(
            place == folder or place.startswith(f"{folder}/") or folder == "."
            for place in images
            for folder in listed
        )
        few = bool(words.names) and any(number_id(row[0]) not in words.names for row in rows)
        if not elsewhere and not few:
            return {name: path}, f"Words{' and lists' if words.splits else ''} are those of {path}."
        others.append(path)
    told = "No file says the words of its classes: their numbers stand for them."
    if others:
        told += f" Not theirs, as classes or lists do not fit: {names_in_words(others)}."
    return {}, told


def _word_files(listing: Listing) -> Iterator[tuple[str, str]]:
    """Yield the files that may have the words of the classes, the outermost of each kind first."""
    nearest = sorted(listing.folders, key=lambda each: (each.count("/") + bool(each), each))
    for folder in nearest:
        tables = listing.files(folder, ".yaml", ".yml")
        for each in sorted(tables, key=lambda each: (each.name != "data.yaml", each.name)):
            text = listing.head(each.path).decode("utf-8", "replace")
            if _DATA.search(text) and _LISTS.search(text):
                yield "data", each.path
    for folder in nearest:
        yield from (("data", table.path) for table in listing.files(folder, ".data"))
        for name in _WORD_LISTS:
            path = f"{folder}/{name}" if folder else name
            if path in listing:
                yield "names", path


def _licence(listing: Listing, files: dict[str, str]) -> str:
    """Return the licence that Roboflow writes into data.yaml; empty without one."""
    text = listing.head(files["data"]).decode("utf-8", "replace") if "data" in files else ""
    found = re.search(r"^\s+license:\s*(.+?)\s*$", text, re.MULTILINE)
    return found[1] if found else ""
