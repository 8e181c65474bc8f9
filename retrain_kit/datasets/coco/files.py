"""COCO's annotation files: which a study has, their rows, and what they say of an image as a whole."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from retrain_kit.datasets.coco import entries
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage.spill import SpilledValues

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping
    from pathlib import Path

    from retrain_kit.datasets.coco.annotations import CocoImage
    from retrain_kit.studies.manifests import Manifest
    from retrain_kit.studies.sampling import Rule

    Take = Callable[[int, "Row"], object]

Row = dict[str, Any]

LISTS = {
    "instances": ("images", "annotations", "categories", "licenses"),
    "keypoints": ("annotations", "categories"),
    "captions": ("annotations",),
}
"""The lists that are read of each kind of file; only `licenses` may be missing."""

_OF_IMAGES = {"images": "id", "annotations": "image_id"}


@dataclass(frozen=True)
class AnnotationFile:
    """What a file says; rows that speak of an image are on the disk until they are asked for.

    Parameters
    ----------
    kind
        Which of `LISTS` it is.
    broken
        The faults of the file as a whole.
    wrong
        The faults of its rows, in the order in which they were found.
    """

    path: Path
    kind: str
    broken: tuple[Fault, ...] = ()
    wrong: list[tuple[str, int, Fault]] = field(default_factory=list)
    categories: dict[str, Row] = field(default_factory=dict)
    licences: dict[str, Row] = field(default_factory=dict)
    shelf: SpilledValues = field(default_factory=SpilledValues)

    def rows(self, name: str, image: str) -> list[tuple[int, Row]]:
        """Return the rows of a list that speak of an image, each with its place in the list."""
        return self.shelf.get(f"{name} {image}")

    def fault(self, number: int, name: object, found: str, expected: str) -> None:
        """List a fault of the annotation of that place and id."""
        fault = Fault(f"{self.path}, annotation {name}", found, expected)
        self.wrong.append(("annotations", number, fault))

    def faults(self) -> list[Fault]:
        """Return the faults of the rows in the order of the lists."""
        order = LISTS[self.kind].index
        ordered = sorted(self.wrong, key=lambda each: (order(each[0]), each[1]))
        return [fault for _, _, fault in ordered]


def files_starting_with(manifest: Manifest, start: str) -> dict[str, Path]:
    """Return the files of a study whose names begin so."""
    return {name: path for name, path in manifest.files.items() if name.startswith(start)}


def instance_files(manifest: Manifest) -> dict[str, Path]:
    """Return the files of instances of a study; without one it is no study of COCO."""
    if paths := files_starting_with(manifest, "instances"):
        return paths
    where = f"{manifest.name}.toml, files"
    raise DataError(Fault(where, "no instances", "instances = a file of COCO's instances"))


def subset_files(manifest: Manifest, rule: Rule | None) -> list[Path]:
    """Return the files of instances of a rule's subset, all where it names none."""
    paths = instance_files(manifest)
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
    instance_files(manifest)
    return [
        load_file(path, kind, wanted)
        for kind in LISTS
        for path in files_starting_with(manifest, kind).values()
    ]


def faults_of_files(tables: Iterable[AnnotationFile]) -> list[Fault]:
    """Return all faults of files: those of whole instances first, as without them others are none."""
    tables = list(tables)
    first = [fault for table in tables if table.kind == "instances" for fault in table.broken]
    for table in tables:
        first += table.faults() if table.kind == "instances" else [*table.broken, *table.faults()]
    return first


def load_file(path: Path, kind: str, wanted: Container[str]) -> AnnotationFile:
    """Return what a file says of these images; nothing but its faults where it is broken."""
    table = AnnotationFile(path, kind)

    def keep(name: str, number: int, row: Row) -> None:
        image = str(row.get(_OF_IMAGES[name]))
        if image in wanted:
            table.shelf.put(f"{name} {image}", (number, row))

    takers: dict[str, Take] = {
        "images": partial(keep, "images"),
        "annotations": partial(keep, "annotations"),
        "categories": lambda _, row: table.categories.update({str(row.get("id")): row}),
        "licenses": lambda _, row: table.licences.update({str(row.get("id")): row}),
    }
    broken: list[Fault] = []
    whole = pass_rows(path, {name: takers[name] for name in LISTS[kind]}, broken)
    return replace(table if whole else AnnotationFile(path, kind), broken=tuple(broken))


def pass_rows(path: Path, takers: Mapping[str, Take], faults: list[Fault]) -> bool:
    """Give each row of a file's lists to its taker, with its place; list the faults.

    Returns whether the file could be read to its end.
    """
    wrong: dict[str, object] = dict.fromkeys(takers.keys() - {"licenses"})
    try:
        for name, number, value in entries.stream_entries(path):
            if name not in takers:
                continue
            if number and isinstance(value, dict):
                takers[name](number, value)
            elif number:
                wrong.setdefault(name, [value])
            elif isinstance(value, list):
                wrong.pop(name, None)
            else:
                wrong[name] = value
    except (OSError, ValueError, RecursionError) as error:
        faults.append(Fault(str(path), f"no annotations ({error})", "a JSON file of COCO"))
        return False
    faults += [
        Fault(f"{path}, {name}", json.dumps(wrong[name])[:40], "a list of objects")
        for name in takers
        if name in wrong
    ]
    return True


def add_image_row(table: AnnotationFile, name: str, image: CocoImage) -> None:
    """Give an image its row of a file, the licence in full in the place of its number."""
    for number, row in table.rows("images", name):
        if image.row is not None:
            found = f"{row['id']} a second time"
            table.wrong.append(("images", number, Fault(f"{table.path}, images", found, "every image once")))
        image.row = dict(row)
        if "license" in row:
            image.row["license"] = table.licences.get(str(row["license"]), row["license"])


def licence_text(row: Row) -> str:
    """Return the name and address of an image's licence; its bare number where the file lists none."""
    licence = row.get("license")
    if isinstance(licence, dict):
        return ", ".join(str(licence[key]) for key in ("name", "url") if licence.get(key))
    return "" if licence is None else str(licence)


def image_file(row: Row) -> str:
    """Return the folder and name of an image: COCO's own address says the folder that its archive has."""
    name = str(row.get("file_name") or "")
    folder, _, last = urlsplit(str(row.get("coco_url") or "")).path.rpartition("/")
    return f"{folder.rpartition('/')[2]}/{name}" if last == name and "/" in folder else name
