"""Companion files: folders whose files each stand for one image, told by the first of them."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.datasets.formats.listings import IMAGE_SUFFIXES
from retrain_kit.errors import names_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from retrain_kit.datasets.formats.companions import Naming
    from retrain_kit.datasets.layouts.listing import ListedFile, Listing

_LOOKED_AT, _MATCHED = 10, 50


def companion_folders(
    listing: Listing, naming: Naming, is_one: Callable[[ListedFile], bool]
) -> dict[str, str]:
    """Return the folders that hold companions, each with that of its images; the listing's own without one.

    Parameters
    ----------
    listing
        The folder.
    naming
        How companions are named.
    is_one
        Says of a file whether it is one; it is asked of the first few of a folder.
    """
    found = {}
    for folder, contents in listing.folders.items():
        if not contents.endings[naming.suffix]:
            continue
        if not any(is_one(each) for each in islice(listing.files(folder, naming.suffix), _LOOKED_AT)):
            continue
        if images := naming.mirrored(Path(folder), listing.root):
            found[folder] = images.as_posix()
        elif contents.images and has_images(listing, naming, folder, folder):
            found[folder] = folder
        elif not contents.images:
            found[folder] = beside(listing, naming, folder)
    return {folder: images for folder, images in found.items() if listing.image_count(images)}


def beside(listing: Listing, naming: Naming, own: str) -> str:
    """Return the folder beside one of companions that has their images; the listing's own where none has."""
    parent = own.rpartition("/")[0]
    places = listing.folders[parent].folders if own else []
    return next((each for each in places if has_images(listing, naming, own, each)), "")


def has_images(listing: Listing, naming: Naming, own: str, images: str) -> bool:
    """Say whether one of the first companions of a folder has its image in another, or the reverse."""
    place, base = (f"{folder}/" if folder else "" for folder in (images, own))
    some = islice(listing.images(images, below=False), _MATCHED)
    if any(f"{base}{name}" in listing for each in some for name in naming.names(Path(each.path))):
        return True
    names = (naming.own_name(each.name) for each in islice(listing.files(own, naming.suffix), _MATCHED))
    endings = [ending for ending in listing.folders[images].endings if ending in IMAGE_SUFFIXES]
    endings += [ending.upper() for ending in endings]
    return any(f"{place}{name}{ending}" in listing for name in names for ending in endings)


def stated_folders(folders: Iterable[str], prefix: str) -> dict[str, str]:
    """Return the outermost folders that hold companions, by the names that a study has for them."""
    every = set(folders)
    outer = [""] if "" in every else sorted(each for each in every if every.isdisjoint(_above(each)))
    names = [prefix] if len(outer) == 1 else [f"{prefix}_{at}" for at in range(1, len(outer) + 1)]
    return {name: folder or "." for name, folder in zip(names, outer, strict=True)}


def _above(folder: str) -> Iterator[str]:
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        yield folder


def images_beside(listing: Listing, folders: dict[str, str]) -> Iterator[ListedFile]:
    """Yield the images of the folders that have companions."""
    places = set(folders.values())
    for each in listing.images():
        if "" in places or each.folder in places:
            yield each


def folders_in_words(folders: Iterable[str]) -> str:
    """Return folders as a person reads them."""
    return names_in_words([folder or "the folder itself" for folder in folders])
