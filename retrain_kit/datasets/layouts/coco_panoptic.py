"""COCO panoptic: JSON with segments, and for each a folder of PNGs that has its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.datasets.coco import files as coco_files
from retrain_kit.datasets.formats import fields
from retrain_kit.datasets.layouts.found import OUTLINES, Found, FoundImage
from retrain_kit.datasets.layouts.places import ImagePlaces
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import ListedFile, Listing

_SIGN = b'"segments_info"'


def find(listing: Listing) -> Found | None:
    """Return the images of the files that list segments and have PNGs; none where no such file is there."""
    found: dict[str, ListedFile] = {}
    folders: dict[str, str] = {}
    for each in listing.files("", ".json", below=True):
        place = _folder(listing, each)
        if place and any(_SIGN in part for part in (listing.head(each.path), listing.tail(each.path))):
            name = each.stem if each.stem.startswith("panoptic") else f"panoptic_{each.stem}"
            name = name if name not in found else f"panoptic_{len(found) + 1}"
            found[name], folders[name] = each, place
    if not found:
        return None
    files = {name: each.path for name, each in found.items()}
    files |= {name.replace("panoptic", "masks", 1): place for name, place in folders.items()}

    def images(left_out: LeftOut) -> Iterator[FoundImage]:
        seen: set[str] = set()
        for name, each in found.items():
            split = name.removeprefix("panoptic").removeprefix("_")
            places = ImagePlaces(listing, [split, f"images/{split}", "images", each.folder])
            for row in _images(listing, each):
                key = fields.id_key(row.get("id"))
                path = places.find(coco_files.image_file(row))
                if not key or key in seen:
                    left_out.add(f"{each.path}, image {key}", "an image without an id, or listed twice")
                elif not path or path.startswith(tuple(f"{place}/" for place in folders.values())):
                    left_out.add(f"{each.path}, image {key}", "an image that is listed and not there")
                else:
                    seen.add(key)
                    size = (row.get("width"), row.get("height"))
                    across, down = (edge if type(edge) is int and edge > 0 else 0 for edge in size)
                    licence = coco_files.licence_text(row)
                    yield FoundImage(key, path, across, down, licence, split=split)

    told = ", ".join(each.path for each in found.values())
    sentences = (
        f"Panoptic segments of COCO's form: {told}.",
        "Each pixel belongs to one segment, a thing or stuff, or to nobody.",
    )
    return Found("coco-panoptic", "coco-panoptic", files, images, sentences, OUTLINES)


def _folder(listing: Listing, each: ListedFile) -> str:
    """Return the folder of a file's PNGs; an empty text where it has none."""
    beside = f"{each.folder}/{each.stem}" if each.folder else each.stem
    return next((path for path in (beside, f"{beside}_masks") if path in listing.folders), "")


def _images(listing: Listing, each: ListedFile) -> Iterator[dict[str, Any]]:
    """Yield the images that a file lists, their licences in full.

    Raises
    ------
    DataError
        When it cannot be read.
    """
    rows: list[dict[str, Any]] = []
    licences: dict[str, dict[str, Any]] = {}
    faults: list[Fault] = []
    takers: dict[str, Callable[[int, Any], object]] = {
        "images": lambda _, row: rows.append(row),
        "annotations": lambda *_: None,
        "licenses": lambda _, row: licences.update({fields.id_key(row.get("id")): row}),
    }
    coco_files.pass_rows(listing.root / each.path, takers, faults)
    if faults and not rows:
        raise DataError(*faults)
    for row in rows:
        yield row | {"license": licences.get(fields.id_key(row.get("license")), row.get("license"))}
