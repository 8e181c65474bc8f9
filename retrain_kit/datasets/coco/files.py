"""COCO's annotation files: which a study has, their rows, and what they say of an image as a whole."""

from __future__ import annotations

from array import array
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.datasets.formats import fields, json_entries
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import DataError, Fault, ParameterError, reason_of
from retrain_kit.storage import texts
from retrain_kit.storage.spill import SpilledValues

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence
    from pathlib import Path

    from retrain_kit.datasets.coco.annotations import CocoImage
    from retrain_kit.studies.manifests import Manifest
    from retrain_kit.studies.sampling import Rule

    Take = Callable[[int, Any], object]

Row = dict[str, Any]

LISTS = {
    "instances": ("images", "annotations", "categories", "licenses"),
    "keypoints": ("images", "annotations", "categories"),
    "captions": ("images", "annotations"),
    "panoptic": ("images", "annotations", "categories", "licenses"),
}
"""The lists that are read of each kind of file."""

_MAY_BE_MISSING = {
    "instances": {"licenses"},
    "keypoints": {"images"},
    "captions": {"images"},
    "panoptic": {"images", "licenses"},
}
_BESIDE_INSTANCES = ("instances", "keypoints", "captions")


@dataclass(frozen=True)
class AnnotationFile:
    """What a file says; rows that speak of an image are on the disk until they are asked for.

    Parameters
    ----------
    kind
        Which of `LISTS` it is.
    file_faults
        The faults of the file as a whole.
    row_faults
        The faults of its rows, in the order in which they were found.
    listed, named
        Hashes of the ids of all images that it lists, and of all that its annotations name.
    key
        Returns by which of a study's ids an image of the file goes, by its own id: see `load_file`.
    """

    path: Path
    kind: str
    file_faults: tuple[Fault, ...] = ()
    row_faults: list[tuple[str, int, Fault]] = field(default_factory=list)
    categories: dict[str, Row] = field(default_factory=dict)
    licences: dict[str, Row] = field(default_factory=dict)
    shelf: SpilledValues = field(default_factory=SpilledValues)
    listed: array[int] = field(default_factory=lambda: array("q"))
    named: array[int] = field(default_factory=lambda: array("q"))
    key: Callable[[str], str] = str

    def rows(self, name: str, image: str) -> list[tuple[int, Row]]:
        """Return the rows of a list that speak of an image, by its key, each with its place in the list."""
        return self.shelf.get(f"{name} {image}")

    def rejected(self, number: int, row: object, reason: str, kept: str = "") -> RejectedAnnotation:
        """Return what could not be taken as the annotation of that place in the list."""
        said: Row = row if isinstance(row, dict) else {}
        name = self.categories.get(fields.id_key(said.get("category_id")), {}).get("name")
        image, own = fields.id_text(said.get("image_id")), fields.id_text(said.get("id"))
        label = name if isinstance(name, str) and texts.is_writable(name) else ""
        image, reason, own = map(fields.writable, (image, reason, own))
        place = f"{self.path.name}, annotation {number}"
        return RejectedAnnotation(image, reason, own, label, place, kept, fields.writable(row))

    def faults(self) -> list[Fault]:
        """Return the faults of the rows in the order of the lists."""
        order = LISTS[self.kind].index
        ordered = sorted(self.row_faults, key=lambda each: (order(each[0]), each[1]))
        return list(dict.fromkeys(fault for _, _, fault in ordered))


def files_starting_with(manifest: Manifest, start: str) -> dict[str, Path]:
    """Return the files of a study whose names begin so."""
    return {name: path for name, path in manifest.files.items() if name.startswith(start)}


def needed_files(manifest: Manifest, kind: str = "instances") -> dict[str, Path]:
    """Return the files of a kind of a study; without one it is no study of COCO."""
    if paths := files_starting_with(manifest, kind):
        return paths
    where = f"{manifest.name}.toml, files"
    raise DataError(Fault(where, f"no {kind}", f"{kind} = a file of COCO's {kind}"))


def subset_files(manifest: Manifest, rule: Rule | None, kind: str = "instances") -> list[Path]:
    """Return the files of a kind of a rule's subset, all where it names none."""
    paths = needed_files(manifest, kind)
    subsets = {
        path: {text.partition("_")[2] for text in (name, path.stem) if "_" in text}
        for name, path in paths.items()
    }
    wanted = [path for path in paths.values() if not rule or not rule.subset or rule.subset in subsets[path]]
    if rule and not wanted:
        there = ", ".join(sorted(set().union(*subsets.values()))) or "none"
        raise ParameterError(Fault("subset", repr(rule.subset), f"one that the files' names end in: {there}"))
    return wanted


def load_files(manifest: Manifest, wanted: Container[str]) -> list[AnnotationFile]:
    """Return what the files of a study say of these images: instances, keypoints, captions."""
    needed_files(manifest)
    return [
        load_file(path, kind, wanted, name.removeprefix(kind).removeprefix("_"))
        for kind in _BESIDE_INSTANCES
        for name, path in files_starting_with(manifest, kind).items()
    ]


def faults_of_files(tables: Iterable[AnnotationFile]) -> list[Fault]:
    """Return all faults of files: those of whole instances first, as without them others are none."""
    tables = list(tables)
    first = [fault for table in tables if table.kind in _LISTING for fault in table.file_faults]
    for table in tables:
        first += table.faults() if table.kind in _LISTING else [*table.file_faults, *table.faults()]
    return first


_REMEMBERED = 1 << 16
_LISTING = ("instances", "panoptic")
"""The kinds of files that list the images of a study."""


def load_file(path: Path, kind: str, wanted: Container[str], split: str = "") -> AnnotationFile:
    """Return what a file says of images, by their ids' keys; nothing but its faults where it is broken.

    Parameters
    ----------
    path, kind
        The file, and which of `LISTS` it is.
    wanted
        The keys of the images' ids. Where `train-17` is among them, it is image 17 of the split train alone.
    split
        The split that the file is of; empty where that is not said.
    """
    broken: list[Fault] = []
    is_wanted = lru_cache(_REMEMBERED)(wanted.__contains__)

    def key(image: str) -> str:
        return own if split and is_wanted(own := f"{split}-{image}") else image

    table = AnnotationFile(path, kind, key=key)

    def keep_image(number: int, row: Row) -> None:
        image = key(fields.id_key(row.get("id")))
        if image:
            table.listed.append(hash(image))
        if is_wanted(image):
            table.shelf.put(f"images {image}", (number, row))

    def keep_annotation(number: int, row: Any) -> None:  # noqa: ANN401 - whatever stands in the list
        image = key(image_key(row))
        if is_wanted(image):
            table.shelf.put(f"annotations {image}", (number, row))
        table.named.append(hash(image))

    takers: dict[str, Take] = {
        "images": keep_image,
        "annotations": keep_annotation,
        "categories": partial(add_category, table.categories, path, broken),
        "licenses": lambda _, row: table.licences.update({fields.id_key(row.get("id")): row}),
    }
    taken = {name: takers[name] for name in LISTS[kind]}
    whole = pass_rows(path, taken, broken, _MAY_BE_MISSING[kind])
    return replace(table if whole else AnnotationFile(path, kind), file_faults=tuple(broken))


def image_key(row: object) -> str:
    """Return what the image of an annotation is joined by; an empty text where it names none."""
    return fields.id_key(row.get("image_id")) if isinstance(row, dict) else ""


def add_category(known: dict[str, Row], path: Path, faults: list[Fault], _: int, row: Row) -> None:
    """Add a category by the key of its id; a fault where the file names it twice, and differently."""
    name = fields.id_key(row.get("id"))
    first = known.setdefault(name, row)
    if name and first is not row and first.get("name") != row.get("name"):
        found = f"the category {name} as {shown(first.get('name'))} and as {shown(row.get('name'))}"
        faults.append(Fault(f"{path}, categories", found, "one name a category"))


def pass_rows(
    path: Path,
    takers: Mapping[str, Take],
    faults: list[Fault],
    may_be_missing: Container[str] = ("licenses",),
) -> bool:
    """Give each row of a file's lists to its taker, with its place; list the faults.

    What is no object among the annotations is given too. Returns whether the file could be read to its end.
    """
    absent = object()
    wrong: dict[str, object] = {name: absent for name in takers if name not in may_be_missing}
    try:
        for name, number, value in json_entries.stream_entries(path):
            if name not in takers:
                continue
            if number and (isinstance(value, dict) or name == "annotations"):
                takers[name](number, value)
            elif number:
                wrong.setdefault(name, [value])
            elif isinstance(value, list):
                wrong.pop(name, None)
            elif value is not None or name not in may_be_missing:
                wrong[name] = value
    except (OSError, ValueError, RecursionError) as error:
        faults.append(Fault(str(path), f"no annotations ({reason_of(error)})", "a JSON file of COCO"))
        return False
    found = {
        name: "none" if wrong[name] is absent else shown(wrong[name]) for name in takers if name in wrong
    }
    faults += [Fault(f"{path}, {name}", said, "a list of objects") for name, said in found.items()]
    return True


def list_unmatched(tables: Sequence[AnnotationFile], found: list[RejectedAnnotation] | None) -> list[Fault]:
    """List the annotations of images that no file lists; return a fault for each file that has only such.

    Files that are broken say nothing of it. Those that have such annotations are read once more.
    """
    if any(table.file_faults for table in tables):
        return []
    listed = np.concatenate([np.asarray(table.listed, dtype=np.int64) for table in tables])
    faults = []
    for table in tables:
        named = np.asarray(table.named, dtype=np.int64)
        lost = np.setdiff1d(named, listed)
        if not lost.size:
            continue
        if lost.size == np.unique(named).size:
            where, do = f"{table.path}, annotations", "Are they those of other images?"
            expected = "in each the image_id of one that images lists"
            faults.append(Fault(where, "no annotation that matches an image", expected, do))
        elif found is not None:
            found += _unmatched(table, set(lost.tolist()))
    return faults


def _unmatched(table: AnnotationFile, lost: Container[int]) -> list[RejectedAnnotation]:
    found: list[RejectedAnnotation] = []

    def take(number: int, row: Any) -> None:  # noqa: ANN401 - whatever stands in the list
        if hash(table.key(image_key(row))) in lost:
            found.append(table.rejected(number, row, _why_unmatched(row)))

    pass_rows(table.path, {"annotations": take}, [])
    return found


def _why_unmatched(row: object) -> str:
    if not isinstance(row, dict):
        return f"{shown(row)}, no annotation"
    return f"image_id: {shown(row.get('image_id'))}, none of the images that the files list"


def add_image_row(table: AnnotationFile, name: str, image: CocoImage) -> None:
    """Give an image its row of a file, the licence in full in the place of its number."""
    for number, row in table.rows("images", name):
        if image.stated is not None and image.stated != row | {"id": image.stated["id"]}:
            found = f"{fields.id_text(row['id'])} a second time, with something else"
            fault = Fault(f"{table.path}, images", found, "every image once")
            table.row_faults.append(("images", number, fault))
        image.stated = row
        image.row = dict(row)
        if "license" in row:
            licence = table.licences.get(fields.id_key(row["license"]), row["license"])
            image.row["license"] = licence
            _check_licence(table, number, licence)


def _check_licence(table: AnnotationFile, number: int, licence: object) -> None:
    said = licence if isinstance(licence, dict) else {}
    wrong = [key for key in ("name", "url") if not isinstance(said.get(key, ""), str | None)]
    for key in wrong:
        fault = Fault(f"{table.path}, licenses, {key}", shown(said[key]), "a text, or null")
        table.row_faults.append(("images", number, fault))


def licence_text(row: Row) -> str:
    """Return the name and address of an image's licence; its bare number where the file lists none."""
    licence = row.get("license")
    if isinstance(licence, dict):
        return ", ".join(filter(None, (_text(licence.get(key)) for key in ("name", "url"))))
    return fields.id_text(licence)


def image_file(row: Row) -> str:
    """Return the folder and name of an image: COCO's own address says the folder that its archive has."""
    name = _text(row.get("file_name"))
    with suppress(ValueError):
        return _in_folder_of(_text(row.get("coco_url")), name)
    return name


def _in_folder_of(address: str, name: str) -> str:
    folder, _, last = urlsplit(address).path.rpartition("/")
    return f"{folder.rpartition('/')[2]}/{name}" if last == name and "/" in folder else name


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
