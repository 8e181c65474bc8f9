"""Pascal VOC's layouts: an XML for each image, in `Annotations` beside `JPEGImages`, or beside the images.

An XML is VOC's where it begins as `<annotation>`. The images of a folder of XMLs lie in the folder beside or
above it in which most of their names are found. `ImageSets/Main` says which image is of which split, else the
folders' names do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.datasets.layouts.found import BOXES, Found, FoundImage
from retrain_kit.datasets.layouts.readmes import stated_in_readmes
from retrain_kit.errors import count_in_words
from retrain_kit.storage.spill import SpilledNames

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import Listing

UNSAID = "Who drew which box, and who checked it: VOC's files name nobody."
_XML = ".xml"
_BEGINS = re.compile(rb"<annotation[\s>]")
_OF_IMAGENET = re.compile(r"n\d{8}_\d+|ILSVRC2012_val_\d{8}")
_AT_ZERO = re.compile(rb"<[xy]min>\s*0(\.0*)?\s*</")
_LOOKED_AT = 50
_SPLITS = ("train", "val", "valid", "validation", "test")
_FOLDERS = ("JPEGImages", "images", "Images", "imgs", "img")


@dataclass(frozen=True)
class _XmlFolder:
    """A folder of XMLs: how many there are, the folder of their images, and the split of both."""

    path: str
    number: int
    images: str
    split: str


def find(listing: Listing) -> Found | None:
    """Return the data set of the XMLs in a folder."""
    folders = list(_xml_folders(listing))
    if not folders:
        return None
    images, readme, at_zero = (
        _Images(listing, folders),
        stated_in_readmes(listing),
        _at_zero(listing, folders),
    )
    return Found(
        layout="pascal-voc",
        dataset="pascal-voc",
        files=_named(folders) | _sets(listing),
        images=images.found,
        sentences=(*_sentences(listing, folders), *([at_zero] if at_zero else []), *readme.sentences),
        detail=BOXES,
        licence=readme.licence,
        how=readme.how,
        looked_into=readme.files,
        undisclosed=(
            UNSAID,
            "Whether corners are counted from 0 or from 1: VOC counts from 1, tools do either.",
        ),
    )


def _xml_folders(listing: Listing) -> Iterator[_XmlFolder]:
    """Yield the folders whose XMLs are VOC's and have images."""
    for place, contents in sorted(listing.folders.items()):
        if not contents.endings[_XML]:
            continue
        some = list(islice(listing.files(place, _XML), _LOOKED_AT))
        is_voc = any(_BEGINS.search(listing.head(each.path, 1 << 12)) for each in some[:3])
        if not is_voc or all(_OF_IMAGENET.fullmatch(each.stem) for each in some):
            continue
        images = _folder_of_images(listing, place, [each.stem for each in some])
        if images is not None:
            yield _XmlFolder(place, contents.endings[_XML], images, _split(place, images))


def _folder_of_images(listing: Listing, place: str, stems: Sequence[str]) -> str | None:
    """Return the folder that has most of these images; None where none has one."""
    counted = [(_hits(listing, each, stems), -rank, each) for rank, each in enumerate(_near(listing, place))]
    most, _, folder = max(counted, default=(0, 0, ""))
    return folder if most else None


def _near(listing: Listing, place: str) -> Iterator[str]:
    """Yield the folders with images in which those of a folder of XMLs may lie."""
    path = PurePosixPath(place)
    for above in (path.parent, path.parent.parent):
        base = "" if str(above) == "." else f"{above}/"
        beside = [f"{base}{name}" for name in _FOLDERS]
        for each in (*(f"{folder}/{path.name}" for folder in beside), *beside):
            if each in listing.folders and listing.folders[each].images:
                yield each
    parent = "" if str(path.parent) == "." else str(path.parent)
    for each in (place, parent, *(listing.folders[parent].folders if place else ())):
        if each in listing.folders and listing.folders[each].images:
            yield each


def _hits(listing: Listing, folder: str, stems: Sequence[str]) -> int:
    base = f"{folder}/" if folder else ""
    endings = [ending for ending in listing.folders[folder].endings if ending != _XML]
    return sum(
        any(f"{base}{stem}{each}" in listing for ending in endings for each in (ending, ending.upper()))
        for stem in stems
    )


def _split(place: str, images: str) -> str:
    """Return the split that the name of one of the folders says; empty where none does."""
    parts = [*reversed(place.split("/")), *reversed(images.split("/"))]
    return next((part for part in parts if part.lower() in _SPLITS), "")


def _named(folders: Sequence[_XmlFolder]) -> dict[str, str]:
    """Return the folders of XMLs under the reader's names, each under one of its own."""
    named: dict[str, str] = {}
    for each in folders:
        name = f"annotations_{each.split}" if each.split else "annotations"
        other = re.sub(r"\W+", "-", each.path).strip("-")
        named[name if name not in named else f"annotations_{other}"] = each.path or "."
    return named


def _sets(listing: Listing) -> dict[str, str]:
    places = [each for each in listing.folders if each.endswith("ImageSets/Main")]
    return {"sets": places[0]} if places else {}


def _at_zero(listing: Listing, folders: Sequence[_XmlFolder]) -> str:
    """Return that corners stand at 0, where some do: then their tool does not count as VOC does."""
    some = [each for folder in folders for each in islice(listing.files(folder.path, _XML), _LOOKED_AT)]
    number = sum(bool(_AT_ZERO.search(listing.head(each.path))) for each in some)
    if not number:
        return ""
    return (
        f"{number} of {len(some)} XMLs looked at have a corner at 0, where VOC counts from 1: their tool may "
        'count from 0. dataset = "imagenet-boxes" in the TOML reads them so.'
    )


def _sentences(listing: Listing, folders: Sequence[_XmlFolder]) -> Iterator[str]:
    for each in folders:
        where, beside = each.path or "the folder itself", each.images or "the folder itself"
        xmls, number = count_in_words(each.number, "XML"), listing.folders[each.images].images
        yield f"Pascal VOC: {xmls} in {where}, {count_in_words(number, 'image')} in {beside}."
    for place in _sets(listing).values():
        names = [each.stem for each in listing.files(place, ".txt") if each.stem.lower() in _SPLITS]
        yield f"Splits by the lists of {place}: {', '.join(names) or 'none'}."


class _Images:
    """The images of folders of XMLs."""

    def __init__(self, listing: Listing, folders: Sequence[_XmlFolder]) -> None:
        self._listing = listing
        names = zip(_named(folders), folders, strict=True)
        self._folders = {each.images: (name.partition("_")[2], each) for name, each in names}

    def found(self, _: LeftOut) -> Iterator[FoundImage]:
        """Yield the images; where names stand in several folders, ids begin with the split's name."""
        listed = self._splits_of_lists
        for folder, (name, place) in self._folders.items():
            for each in self._listing.images(folder, below=False):
                image = f"{name}-{each.stem}" if self._share_names and name else each.stem
                yield FoundImage(image, each.path, split=listed.get(each.stem) or place.split)

    @cached_property
    def _share_names(self) -> bool:
        known = SpilledNames()
        return not all(
            known.add(each.stem)
            for folder in self._folders
            for each in self._listing.images(folder, below=False)
        )

    @cached_property
    def _splits_of_lists(self) -> dict[str, str]:
        """The split of each image, as the lists of `ImageSets/Main` say."""
        splits: dict[str, str] = {}
        for place in _sets(self._listing).values():
            for each in self._listing.files(place, ".txt"):
                if each.stem.lower() in _SPLITS:
                    text = self._listing.head(each.path, each.size_bytes).decode("utf-8-sig", "replace")
                    splits |= {line.split()[0]: each.stem for line in text.splitlines() if line.strip()}
        return splits
