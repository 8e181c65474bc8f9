"""The table of a study that is made of a folder: a row an image, written as the images come."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from tqdm.auto import tqdm

from retrain_kit.datasets.formats.listings import IMAGE_SUFFIXES
from retrain_kit.datasets.layouts.found import LeftOut
from retrain_kit.datasets.seen_images import ImageFile
from retrain_kit.storage.spill import SpilledNames
from retrain_kit.studies.manifests import REQUIRED_COLUMNS
from retrain_kit.studies.sampling import UNSTATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from retrain_kit.datasets.layouts.found import Found, FoundImage
    from retrain_kit.datasets.layouts.listing import ListedFile, Listing
    from retrain_kit.datasets.seen_images import SeenImage, SeenImages

COLUMNS = (*REQUIRED_COLUMNS, "split")
SPREADSHEETS = frozenset({".xlsx", ".xls", ".xlsm", ".ods", ".numbers"})
"""The endings of tables that are no text."""
_LOT = 500


@dataclass
class TableCounts:
    """What a table has: how many images, in each split, with a digest, and of how many bytes.

    `other_size` counts the images whose files have another size than the annotation files state.
    """

    images: int = 0
    digests: int = 0
    size_bytes: int = 0
    other_size: int = 0
    splits: Counter[str] = field(default_factory=Counter)
    left_out: LeftOut = field(default_factory=LeftOut)


def write_table(
    path: Path, listing: Listing, found: Found, seen: SeenImages, *, digests: bool
) -> TableCounts:
    """Write the table of a found data set's images, and return what it has and what was left out.

    Parameters
    ----------
    path
        Where it goes.
    listing, found
        The folder, and what a layout found in it.
    seen
        What is known of the files from earlier looks.
    digests
        Whether digests are computed; if not, those that are known are written all the same.

    Raises
    ------
    DataError
        With the faults of the files that say which images there are.
    """
    counts, used = TableCounts(), _Used(found)
    for what, why in listing.left_out():
        counts.left_out.add(what, why)
    there = tqdm(
        _there(listing, found, counts.left_out, used),
        desc="reading images" if digests else "looking at images",
        unit=" images",
        unit_scale=True,
        delay=1,
        leave=False,
        disable=None,
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        each = iter(there)
        while lot := list(islice(each, _LOT)):
            writer.writerows(_rows(lot, _seen(listing.root, lot, seen, digests=digests), counts))
    for each in listing.files(below=True):
        if why := used.why_unused(each):
            counts.left_out.add(each.path, why)
    return counts


def _there(
    listing: Listing, found: Found, left_out: LeftOut, used: _Used
) -> Iterator[tuple[FoundImage, ListedFile]]:
    """Yield the images whose files are here, each with its file and under an id of its own."""
    ids = SpilledNames()
    for image in found.images(left_out):
        file = listing.get(image.file)
        if file is None:
            left_out.add(image.file, "an image that is listed, and no such file is here")
        elif _UNFIT_ID.search(image.id) or image.id in {"", ".", ".."}:
            left_out.add(image.file, f"an id that can name no file: {image.id!r}")
        elif not ids.add(image.id):
            left_out.add(image.file, f"an id that another image has: {image.id}")
        else:
            used.add(file)
            yield image, file


_UNFIT_ID = re.compile(r"[/\\\x00-\x1f]|\A\s|\s\Z")


def _seen(
    root: Path, lot: list[tuple[FoundImage, ListedFile]], seen: SeenImages, *, digests: bool
) -> list[SeenImage]:
    """Return what the files of a lot are; where the data set states a size, it is believed for now."""
    files = [ImageFile(root / each.path, each.size_bytes, each.modified_ns) for _, each in lot]
    known = [seen.known(file) for file in files]
    needed = [
        place
        for place, (image, _) in enumerate(lot)
        if not known[place].is_enough(digest=digests)
        and (digests or not (image.width_px and image.height_px))
    ]
    for place, found in zip(
        needed, seen.look((files[each] for each in needed), digests=digests), strict=True
    ):
        known[place] = found
    return known


def _rows(
    lot: list[tuple[FoundImage, ListedFile]], seen: Iterable[SeenImage], counts: TableCounts
) -> Iterator[tuple[object, ...]]:
    for (image, file), found in zip(lot, seen, strict=True):
        if found.why:
            counts.left_out.add(file.path, found.why)
            continue
        stated, size = (image.width_px, image.height_px), (found.width_px, found.height_px)
        size = size if all(size) else stated
        counts.other_size += all(stated) and size != stated
        counts.images += 1
        counts.digests += bool(found.sha256)
        counts.size_bytes += file.size_bytes
        counts.splits[image.split] += 1
        said = (text or UNSTATED for text in (image.licence, image.author, image.source))
        yield image.id, file.path, found.sha256, *size, *said, image.split


class _Used:
    """The files that a study uses: its images, and those that its reader reads."""

    def __init__(self, found: Found) -> None:
        self._images, self._folders_of_images = SpilledNames(), set[str]()
        self._read = {*found.files.values(), *found.looked_into}
        self._read_folders = tuple("" if place == "." else f"{place}/" for place in self._read if place)

    def add(self, image: ListedFile) -> None:
        self._images.add(image.path)
        self._folders_of_images.add(image.folder)

    def why_unused(self, file: ListedFile) -> str:
        """Return why a file is not used; empty where it is. A folder of masks that is read has no image."""
        is_image = file.ending in IMAGE_SUFFIXES
        if is_image and file.path in self._images:
            return ""
        may_be_read = not is_image or file.folder not in self._folders_of_images
        if file.path in self._read or (may_be_read and file.path.startswith(self._read_folders)):
            return ""
        if file.ending in SPREADSHEETS:
            return "a spreadsheet, not read before it is saved as CSV UTF-8"
        return "an image that nothing lists" if is_image else "no image, and no file that is read"
