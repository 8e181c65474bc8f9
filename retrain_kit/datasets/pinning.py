"""Pins: settle in a study's two files which images it looks at, by id and digest.

Comments, order and layout of the TOML stay as its author wrote them.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from retrain_kit.datasets.formats.listings import reason_in_short
from retrain_kit.errors import DataError, Fault, showable
from retrain_kit.storage import files, texts
from retrain_kit.studies import disclosure, manifests
from retrain_kit.studies.manifests import REQUIRED_COLUMNS, ImageRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from retrain_kit.studies.sampling import Rule

OPTIONAL_COLUMNS = tuple(name for name in ImageRow.__dataclass_fields__ if name not in REQUIRED_COLUMNS)


def pinned_path(toml: Path) -> Path:
    """Return where the pinned copy of a study goes: beside its TOML, or for the kit's own, to the user's."""
    if toml.resolve().parent not in {folder.resolve() for folder in manifests.KIT_FOLDERS}:
        return toml
    return own_studies_folder() / toml.name


def own_studies_folder() -> Path:
    """Return where studies made here go: `data_manifests` of the working folder, or the folder itself."""
    here, below = manifests.study_folders()[:2]
    return below if below.is_dir() else here


def read_document(toml: Path) -> tomlkit.TOMLDocument:
    """Return a study's TOML with its comments, order and layout.

    Raises
    ------
    DataError
        When it cannot be read.
    """
    try:
        return tomlkit.parse(texts.read_text(toml).replace("\r\n", "\n"))
    except (ValueError, RecursionError, TOMLKitError) as error:
        raise DataError(Fault(str(toml), f"no TOML ({error})", "a manifest in TOML")) from None


def derive_study(toml: Path, title: str, why: str, rule: Rule) -> tomlkit.TOMLDocument:
    """Return another study of the same data set: its TOML with a title, a why and a rule of its own."""
    document = read_document(toml)
    document["title"], document["why"] = title, why
    document.pop("retrieved", None)
    document.pop("withdrawn", None)
    document.pop("left_out", None)
    document.pop("listing", None)
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
        Why their source took back images that were drawn, by their ids.
    retrieved
        The day.
    left_out
        Why files or images were left out, by their paths or ids.
    """

    images: tuple[ImageRow, ...]
    digests: Mapping[str, str]
    withdrawn: Mapping[str, str]
    retrieved: date
    left_out: Mapping[str, str] = field(default_factory=dict)


def write_pinned(path: Path, document: tomlkit.TOMLDocument, pins: Pins) -> None:
    """Write a pinned study: `path` and, beside it, its table, each whole or not at all.

    What was left out is counted in the TOML and listed in a table of its own. The table of images is written
    last: without it, a study does not count as pinned. The TOML keeps its encoding and its ends of lines.
    """
    document["retrieved"] = pins.retrieved
    for name, digest in pins.digests.items():
        document["downloads"][name]["sha256"] = digest
    _replace(document, "withdrawn", _withdrawn(document.get("withdrawn", []), pins))
    _replace(document, "left_out", left_out_counts(pins.left_out))
    encoding, line_end = _layout(path)
    with files.writing(path) as temporary:
        temporary.write_text(tomlkit.dumps(document), encoding=encoding, newline=line_end)
    write_left_out(path, pins.left_out)
    with files.writing(path.with_suffix(".csv")) as temporary:
        _write_table(temporary, pins.images)


def write_left_out(path: Path, reasons: Mapping[str, str]) -> None:
    """Write the list of what was left out beside a study's TOML; without anything left out, there is none."""
    if reasons:
        with files.writing(manifests.left_out_path(path)) as temporary:
            temporary.write_text(left_out_table(reasons), encoding="utf-8", newline="")
    else:
        manifests.left_out_path(path).unlink(missing_ok=True)


def read_left_out(path: Path) -> dict[str, str]:
    """Return why files or images were left out, by their paths or ids, as the list beside a TOML says."""
    listed = manifests.left_out_path(path)
    if not listed.is_file():
        return {}
    with listed.open(encoding="utf-8", newline="") as file:
        return {
            row[0]: row[1] for row in islice(csv.reader(file), 1, None) if len(row) == len(("what", "why"))
        }


def _replace(document: tomlkit.TOMLDocument, key: str, value: Any) -> None:  # noqa: ANN401 - tomlkit's tables
    if value:
        document[key] = value
    else:
        document.pop(key, None)


def _layout(path: Path) -> tuple[str, str]:
    """Return the encoding of a TOML and how its lines end; those of new ones where it is not there."""
    if not path.is_file():
        return "utf-8", "\n"
    return texts.encoding_of(path), "\r\n" if "\r\n" in texts.read_text(path) else "\n"


def _withdrawn(before: Any, pins: Pins) -> Any:  # noqa: ANN401 - tomlkit's tables
    """Return what a source took back, now or before; not what is there now, or only was missing on a disk."""
    tables, there = tomlkit.aot(), {image.id for image in pins.images}
    known = {str(row["id"]): str(row["reason"]) for row in before}
    stated = {name: reason for name, reason in known.items() if disclosure.is_taken_back(reason)}
    for name, reason in (stated | dict(pins.withdrawn)).items():
        if name not in there:
            table = tomlkit.table()
            table.update({"id": name, "reason": reason})
            tables.append(table)
    return tables


def left_out_counts(reasons: Mapping[str, str]) -> Any:  # noqa: ANN401 - tomlkit's tables
    """Return how many files were left out for each reason, as the table `[left_out]` of a study's TOML."""
    table = tomlkit.table()
    table.update(sorted(Counter(map(reason_in_short, reasons.values())).items()))
    return table


def left_out_table(reasons: Mapping[str, str]) -> str:
    """Return the list of what was left out, a row each, as a CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("what", "why"), *((showable(what), why) for what, why in sorted(reasons.items()))])
    return text.getvalue()


def _write_table(path: Path, images: Iterable[ImageRow]) -> None:
    images = list(images)
    stated = [name for name in OPTIONAL_COLUMNS if any(getattr(image, name) for image in images)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*REQUIRED_COLUMNS, *stated])
        writer.writerows([getattr(image, name) for name in (*REQUIRED_COLUMNS, *stated)] for image in images)
