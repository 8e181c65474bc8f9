"""Draws from COCO: which images a rule allows, and where they are.

A rule takes names, supercategories or ids of categories; its subset is the end of a file's name: `val2017`
for `instances_val2017.json`, or `val` for one that the manifest calls `instances_val`.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

from retrain_kit.datasets.coco import files as coco_files
from retrain_kit.datasets.coco.annotations import CocoImage
from retrain_kit.datasets.formats import fields, listings
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage import texts
from retrain_kit.studies.sampling import UNSTATED, Candidate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from retrain_kit.studies.manifests import Manifest

    Row = dict[str, Any]


@dataclass
class _Listing:
    """What a draw asks of a file: its images, and which of them have annotations of which category."""

    images: list[str] = field(default_factory=list)
    categories: dict[str, Row] = field(default_factory=dict)
    bearers: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def images_with(self, wanted: Collection[str]) -> list[str]:
        """Return the images that have an annotation of these categories, in the order of the file."""
        kinds = [name for name, row in self.categories.items() if not _words(row).isdisjoint(wanted)]
        bearing = set().union(*(self.bearers[kind] for kind in kinds))
        return [image for image in self.images if image in bearing]


def ids(manifest: Manifest, kind: str = "instances") -> list[str]:
    """Return the ids of all images that the rule of the study's draw allows, by its files of a kind.

    Raises
    ------
    ParameterError
        When no category is called so, or no file is of that subset.
    DataError
        With every fault of the files.
    """
    rule = manifest.draw
    faults: list[Fault] = []
    found = [_listing(path, faults) for path in coco_files.subset_files(manifest, rule, kind)]
    if faults:
        raise DataError(*faults)
    if not rule or not rule.labels:
        return list(dict.fromkeys(image for listing in found for image in listing.images))
    words = {word for listing in found for row in listing.categories.values() for word in _words(row)}
    unknown = [_unknown(word, words) for word in rule.labels if word not in words]
    if unknown:
        raise ParameterError(*unknown)
    return list(dict.fromkeys(image for listing in found for image in listing.images_with(rule.labels)))


def describe(manifest: Manifest, ids: Collection[str], kind: str = "instances") -> list[Candidate]:
    """Return where these images are, as the files and the archives say, in the order of the ids.

    Raises
    ------
    DataError
        With each image that is not listed or has no usable name, and every fault of the files.
    """
    paths = coco_files.needed_files(manifest, kind).values()
    wanted = set(map(fields.id_key, ids))
    tables = [coco_files.load_file(path, kind, wanted) for path in paths]
    images = {name: CocoImage((0, 0)) for name in ids}
    for table, (name, image) in product(tables, images.items()):
        coco_files.add_image_row(table, fields.id_key(name), image)
    faults = coco_files.faults_of_files(tables)
    where = ", ".join(map(str, paths))
    members = listings.archive_members(manifest)
    candidates = []
    for name, image in images.items():
        row = image.row or {}
        file = coco_files.image_file(row)
        if not _is_file_name(file):
            faults.append(Fault(f"{where}, image {name}", repr(file), "the name of a file"))
        url, source = (_address(row.get(key)) for key in ("coco_url", "flickr_url"))
        archive = members.get(file, ())
        licence = coco_files.licence_text(row) or UNSTATED
        candidates.append(
            Candidate(name, file, url or source, archive, licence, source=source or url or UNSTATED)
        )
    if faults:
        raise DataError(*faults)
    return candidates


_CONTROL = re.compile(r"[\0-\x1f\x7f]")


def _is_file_name(file: str) -> bool:
    """Say whether a text can be the path of a file below a folder, with slashes."""
    parts = file.split("/")
    return texts.is_writable(file) and not _CONTROL.search(file) and not {"", ".."}.intersection(parts)


def _address(value: object) -> str:
    return value if isinstance(value, str) else ""


def _listing(path: Path, faults: list[Fault]) -> _Listing:
    listing = _Listing()

    def image(number: int, row: Row) -> None:
        if name := fields.id_key(row.get("id")):
            listing.images.append(name)
        else:
            found = f"the id {shown(row.get('id'))}"
            faults.append(Fault(f"{path}, images, entry {number}", found, "a number or a text"))

    def annotation(_: int, row: Any) -> None:  # noqa: ANN401 - whatever stands in the list
        segments = row.get("segments_info") if isinstance(row, dict) else None
        for each in segments if isinstance(segments, list) else [row]:
            if isinstance(each, dict):
                listing.bearers[fields.id_key(each.get("category_id"))].add(coco_files.image_key(row))

    takers: dict[str, Callable[[int, Any], None]] = {
        "images": image,
        "annotations": annotation,
        "categories": partial(coco_files.add_category, listing.categories, path, faults),
        "licenses": lambda *_: None,
    }
    coco_files.pass_rows(path, takers, faults)
    return listing


def _words(category: Row) -> set[str]:
    """Return how a rule may call a category."""
    words = [category.get(key) for key in ("name", "supercategory")]
    return {fields.id_key(category.get("id")), *(word for word in words if isinstance(word, str))} - {""}


def _unknown(word: str, words: Collection[str]) -> Fault:
    near = difflib.get_close_matches(word, words, n=3, cutoff=0.5)
    do = f"Near it: {', '.join(near)}." if near else ""
    return Fault("labels", repr(word), "a name, supercategory or id of COCO's categories", do)
