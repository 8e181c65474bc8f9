"""Pins: settle in a study's two files which images it looks at, by id and digest.

Comments, order and layout of the TOML stay as its author wrote them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tomlkit

from retrain_kit.storage import files
from retrain_kit.studies import manifests
from retrain_kit.studies.manifests import REQUIRED_COLUMNS, ImageRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from retrain_kit.studies.sampling import Rule

OPTIONAL_COLUMNS = tuple(name for name in ImageRow.__dataclass_fields__ if name not in REQUIRED_COLUMNS)


def pinned_path(toml: Path) -> Path:
    """Return where the pinned copy of a study goes: beside its TOML, or for the kit's own, to the user's."""
    kits = {manifests.PACKAGE_FOLDER / "data_manifests", manifests.PACKAGE_FOLDER.parent / "data_manifests"}
    if toml.resolve().parent not in {folder.resolve() for folder in kits}:
        return toml
    return own_studies_folder() / toml.name


def own_studies_folder() -> Path:
    """Return where studies made here go: `data_manifests` of the working folder, or the folder itself."""
    here, below = manifests.study_folders()[:2]
    return below if below.is_dir() else here


def derive_study(toml: Path, title: str, why: str, rule: Rule) -> tomlkit.TOMLDocument:
    """Return another study of the same data set: its TOML with a title, a why and a rule of its own."""
    document = tomlkit.parse(toml.read_text(encoding="utf-8"))
    document["title"], document["why"] = title, why
    document.pop("retrieved", None)
    document.pop("withdrawn", None)
    draw = tomlkit.table()
    draw.update({"n": rule.n, "seed": rule.seed, "labels": list(rule.labels)})
    if rule.subset:
        draw["subset"] = rule.subset
    document["draw"] = draw
    return document


@dataclass(frozen=True)
class Pins:
    """What a pull has settled.

    Parameters
    ----------
    images
        The images.
    digests
        SHA-256 of the downloads, by their names.
    withdrawn
        Why images that were drawn are not there, by their ids.
    retrieved
        The day.
    """

    images: tuple[ImageRow, ...]
    digests: Mapping[str, str]
    withdrawn: Mapping[str, str]
    retrieved: date


def write_pinned(path: Path, document: tomlkit.TOMLDocument, pins: Pins) -> None:
    """Write a pinned study: `path` and, beside it, its table, each whole or not at all.

    The table is written last: without it, a study does not count as pinned.
    """
    document["retrieved"] = pins.retrieved
    for name, digest in pins.digests.items():
        document["downloads"][name]["sha256"] = digest
    if pins.withdrawn:
        document["withdrawn"] = _withdrawn(document.get("withdrawn", []), pins.withdrawn)
    with files.writing(path) as temporary:
        temporary.write_text(tomlkit.dumps(document), encoding="utf-8")
    with files.writing(path.with_suffix(".csv")) as temporary:
        _write_table(temporary, pins.images)


def _withdrawn(before: Any, reasons: Mapping[str, str]) -> Any:  # noqa: ANN401 - tomlkit's tables
    tables = tomlkit.aot()
    known = {str(row["id"]): str(row["reason"]) for row in before}
    for name, reason in (known | dict(reasons)).items():
        table = tomlkit.table()
        table.update({"id": name, "reason": reason})
        tables.append(table)
    return tables


def _write_table(path: Path, images: Iterable[ImageRow]) -> None:
    images = list(images)
    stated = [name for name in OPTIONAL_COLUMNS if any(getattr(image, name) for image in images)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*REQUIRED_COLUMNS, *stated])
        writer.writerows([getattr(image, name) for name in (*REQUIRED_COLUMNS, *stated)] for image in images)
