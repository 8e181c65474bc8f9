"""COCO's annotation files: which a study has, their tables, and what they say of a picture as a whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from retrain_kit.errors import DataError, Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from retrain_kit.datasets.coco.marks import Picture
    from retrain_kit.draws import Rule
    from retrain_kit.manifests import Manifest

Row = dict[str, Any]

TABLES = ("images", "annotations", "categories", "licenses")


def named(manifest: Manifest, start: str) -> dict[str, Path]:
    """Return the files of a study whose names begin so."""
    return {name: path for name, path in manifest.files.items() if name.startswith(start)}


def instances(manifest: Manifest) -> dict[str, Path]:
    """Return the files of instances of a study; without one it is no study of COCO."""
    if paths := named(manifest, "instances"):
        return paths
    where = f"{manifest.name}.toml, files"
    raise DataError(Fault(where, "no instances", "instances = a file of COCO's instances"))


def of_subset(manifest: Manifest, rule: Rule | None) -> Iterator[Row]:
    """Yield the tables of instances of a rule's subset, all where it names none."""
    paths = instances(manifest)
    subsets = {
        path: {text.partition("_")[2] for text in (name, path.stem) if "_" in text}
        for name, path in paths.items()
    }
    wanted = [path for path in paths.values() if not rule or not rule.subset or rule.subset in subsets[path]]
    if rule and not wanted:
        there = ", ".join(sorted(set().union(*subsets.values()))) or "none"
        raise ParameterError(Fault("subset", repr(rule.subset), f"one that the files' names end in: {there}"))
    faults: list[Fault] = []
    tables = [load(path, TABLES, faults) for path in wanted]
    if faults:
        raise DataError(*faults)
    yield from tables


def load(path: Path, lists: Iterable[str], faults: list[Fault]) -> Row:
    """Return the file's table; only `licenses` may be missing in it."""
    try:
        table = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        faults.append(Fault(str(path), f"no annotations ({error})", "a JSON file of COCO"))
        return {name: [] for name in lists}
    table = table if isinstance(table, dict) else {}
    for name in lists:
        rows = table.setdefault(name, [] if name == "licenses" else None)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            faults.append(Fault(f"{path}, {name}", json.dumps(rows)[:40], "a list of objects"))
            table[name] = []
    return table


def take_images(table: Row, pictures: Mapping[str, Picture], where: str, faults: list[Fault]) -> None:
    """Give each picture its row of a table, the licence in full in the place of its number."""
    licences = {str(row.get("id")): row for row in table["licenses"]}
    for row in table["images"]:
        if not (picture := pictures.get(str(row.get("id")))):
            continue
        if picture.row is not None:
            faults.append(Fault(f"{where}, images", f"{row['id']} a second time", "every picture once"))
        picture.row = dict(row)
        if "license" in row:
            picture.row["license"] = licences.get(str(row["license"]), row["license"])


def licence(row: Row) -> str:
    """Return the name and address of a picture's licence; its bare number where the file lists none."""
    licence = row.get("license")
    if isinstance(licence, dict):
        return ", ".join(str(licence[key]) for key in ("name", "url") if licence.get(key))
    return "" if licence is None else str(licence)


def file_of(row: Row) -> str:
    """Return the folder and name of a picture: COCO's own address says the folder that its archive has."""
    name = str(row.get("file_name") or "")
    folder, _, last = urlsplit(str(row.get("coco_url") or "")).path.rpartition("/")
    return f"{folder.rpartition('/')[2]}/{name}" if last == name and "/" in folder else name
