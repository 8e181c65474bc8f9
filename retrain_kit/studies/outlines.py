"""Outlines: what each study is, told quickly - without reading its annotations or checking its table."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import KitError
from retrain_kit.studies import image_table, manifests

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUNDLED, OWN, KEPT = "bundled", "own", "kept"
"""Where a study lies: with the kit, in the working folder, or in the folder for data sets."""
_LOOKED_FOR = 20


@dataclass(frozen=True)
class StudyOutline:
    """A study in a line.

    Parameters
    ----------
    name, toml
        Its name, and its file.
    place
        BUNDLED, OWN or KEPT.
    dataset
        Its reader; empty where the TOML cannot be read.
    status
        Of its data set, as in `data_access.ACCESS_STATUSES`.
    folder
        Where its images are, or will be.
    images
        How many its table has; None where it is not settled yet which they are.
    digests
        How many of them have a digest.
    here
        Whether its images are on this machine, as far as the first of them show.
    fault
        Why it cannot be read; empty where it can.
    drawn
        How many images the rule of its draw asks for; 0 where it has none.
    """

    name: str
    toml: Path
    place: str
    dataset: str = ""
    status: str = ""
    folder: Path | None = None
    images: int | None = None
    digests: int = 0
    here: bool = False
    fault: str = ""
    drawn: int = 0

    @property
    def state(self) -> str:
        """What can be done with it, in words."""
        if self.fault or self.status == "withdrawn":
            return self.fault or "withdrawn"
        if self.images is None:
            return "not pulled yet"
        if not self.here:
            return "its images are not here"
        if self.digests < self.images:
            some = f"of {self.images - self.digests:,} " if self.digests else ""
            return f"digests {some}not yet computed"
        return "digests there"


def list_outlines() -> list[StudyOutline]:
    """Return an outline of each study there is, by name; of two of one name, the one that a command takes."""
    found: dict[str, StudyOutline] = {}
    for place, toml in _tomls():
        if toml.stem not in found and (outline := _outline(toml, place)):
            found[toml.stem] = outline
    return [found[name] for name in sorted(found)]


def _tomls() -> Iterator[tuple[str, Path]]:
    bundled = {folder.resolve() for folder in manifests.KIT_FOLDERS}
    kept = manifests.folder_of_kept_studies().resolve()
    for folder in manifests.study_folders():
        here = folder.resolve()
        place = BUNDLED if here in bundled else KEPT if here == kept else OWN
        for toml in sorted(folder.glob("*.toml")):
            yield place, toml


def _outline(toml: Path, place: str) -> StudyOutline | None:
    """Return the outline of a TOML; None where it is another program's."""
    try:
        table = manifests.read_toml(toml)
        folder = manifests.folder_of(toml, table)
    except (KitError, OSError) as error:
        fault = error.faults[0].found if isinstance(error, KitError) else str(error)
        return StudyOutline(toml.stem, toml, place, fault=fault) if place != OWN else None
    if not isinstance(table.get("dataset"), str):
        return None
    images, digests, here = _counted(toml.with_suffix(".csv"), folder)
    return StudyOutline(
        toml.stem,
        toml,
        place,
        table["dataset"],
        _status(table),
        folder,
        images,
        digests,
        here,
        drawn=_drawn(table),
    )


def _drawn(table: dict[str, Any]) -> int:
    draw = table.get("draw")
    count = draw.get("n") if isinstance(draw, dict) else 0
    return count if isinstance(count, int) and table.get("access", {}).get("status") != "withdrawn" else 0


def _status(table: dict[str, Any]) -> str:
    access = table.get("access")
    return str(access.get("status", "open")) if isinstance(access, dict) else "open"


def _counted(table: Path, folder: Path) -> tuple[int | None, int, bool]:
    """Return how many images a table has, how many have digests, and whether the first of them are here."""
    if not table.is_file():
        return None, 0, False
    try:
        with image_table.open_table(table) as rows:
            names = list(rows.fieldnames or ())
            digest = names.index("sha256")
            first = [row.get("file") or "" for row in islice(rows, _LOOKED_FOR)]
        with image_table.open_table(table) as rows:
            images = digests = 0
            for row in rows.reader:
                images += bool(row)
                digests += len(row) > digest and bool(row[digest])
    except (OSError, ValueError, csv.Error):
        return 0, 0, False
    return images, digests, bool(first) and all((folder / name).is_file() for name in first)
