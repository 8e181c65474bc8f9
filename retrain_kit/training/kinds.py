"""Kinds: what training data can be made, and which files each kind comes to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.exercises import circles, informational_surfaces, reading
from retrain_kit.traces import narratives
from retrain_kit.training import cards, crowds, fields, narrating, sheets, soft_labels, travelling

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import polars as pl

    from retrain_kit.manifests import Image
    from retrain_kit.training.gathering import Gathered

    Contents = Mapping[str, pl.DataFrame | str | Path]

DEMONSTRATION = "demonstration-"
"""What the names of files and folders begin with whose answers nobody gave."""


@dataclass(frozen=True)
class Export:
    """What a kind comes to: the text of its datasheet, and by their path contents, or files to copy."""

    card: str
    contents: Contents


@dataclass(frozen=True)
class Kind:
    """A kind of training data: the exercises whose answers it is made of, and how."""

    exercises: tuple[str, ...]
    make: Callable[[Gathered], Export]


def crowd_kit(gathered: Gathered) -> Export:
    """Return tables for crowd-kit."""
    tables = crowds.tables(gathered)
    paths = {name: f"{mark(gathered)}{name}.parquet" for name in tables}
    files = {name: (paths[name], table.height) for name, table in tables.items()}
    card = sheets.markdown("crowd-kit", files, gathered)
    return Export(card, {paths[name]: table for name, table in tables.items()})


def labels(gathered: Gathered) -> Export:
    """Return soft labels, in the layout of Hugging Face's `datasets`; no picture travels with them."""
    soft = soft_labels.table(gathered, known_images(gathered))
    tables = {"soft_labels": soft, "degrees": crowds.labels(gathered)}
    paths = {name: f"data/{mark(gathered)}{name.replace('_', '-')}.parquet" for name in tables}
    files = {"soft_labels": (paths["soft_labels"], soft.height)}
    files["labels"] = (paths["degrees"], tables["degrees"].height)
    split = "demonstration" if gathered.demonstration else "train"
    told = {**_head("soft-labels", gathered), **cards.layout(tables, paths, split)}
    card = cards.head(told) + sheets.markdown("soft-labels", files, gathered)
    return Export(card, {paths[name]: table for name, table in tables.items()})


def labels_with_pictures(gathered: Gathered) -> Export:
    """Return soft labels beside the pictures that may travel, as an `imagefolder`."""
    found = travelling.travellers(gathered)
    table = travelling.table(gathered, found)
    path, places = "metadata.parquet", sum(len(gathered.ranges(study)) for study in gathered.studies)
    files = {"pictures": (path, table.height)}
    kind, stayed = "soft-labels-with-pictures", places - table.height
    card = cards.head(_head(kind, gathered)) + sheets.markdown(kind, files, gathered, stayed=stayed)
    copied = {travelling.place(row, source): source for row, source in found.values()}
    return Export(card, {path: table, **copied})


def narratives_of(gathered: Gathered) -> Export:
    """Return recordings as Localized Narratives, with the lines beside."""
    first = mark(gathered)
    found = narrating.recordings(gathered.records)
    paths = {"lines": f"{first}{narratives.NAME}", "beside": f"{first}{narratives.BESIDE}"}
    files = {name: (path, len(found.recorded)) for name, path in paths.items()}
    card = sheets.markdown("narratives", files, gathered, unread=found.unread)
    return Export(card, dict(zip(paths.values(), narrating.lines(found, first), strict=True)))


def in_fiftyone(gathered: Gathered) -> Export:
    """Return the datasheet of fields in FiftyOne, whose rows are in its database."""
    prefix = field_prefix(gathered)
    counts: Counter[str] = Counter()
    for study in gathered.studies:
        for name, rows in fields.of(gathered, study).items():
            counts[name] += sum(map(len, rows.values()))
    files = {name: (f"{prefix}{name}", count) for name, count in counts.items()}
    return Export(sheets.markdown("fiftyone", files, gathered, prefix=prefix), {})


ALL = (reading.EXERCISE, circles.EXERCISE, informational_surfaces.EXERCISE)
KINDS = {
    "crowd-kit": Kind(ALL, crowd_kit),
    "soft-labels": Kind((reading.EXERCISE,), labels),
    "soft-labels-with-pictures": Kind((reading.EXERCISE,), labels_with_pictures),
    "narratives": Kind((informational_surfaces.EXERCISE,), narratives_of),
    "fiftyone": Kind(ALL, in_fiftyone),
}
"""What can be made, by name."""


def field_prefix(gathered: Gathered) -> str:
    """Return what the names of fields in FiftyOne begin with."""
    return f"{mark(gathered)}answers_".replace("-", "_")


def mark(gathered: Gathered) -> str:
    """Return what names begin with: `DEMONSTRATION`, or nothing."""
    return DEMONSTRATION if gathered.demonstration else ""


def known_images(gathered: Gathered) -> dict[tuple[str, str], Image]:
    """Return the rows of pictures spoken of, by study and id, where the study's table is on this machine."""
    spoken = {(record.asked.study, image) for record in gathered.records for image in record.asked.images}
    opened = {study: travelling.manifest_of(study) for study in gathered.studies}
    return {
        (study, image.id): image
        for study, manifest in opened.items()
        if manifest
        for image in manifest.images
        if (study, image.id) in spoken
    }


def _head(kind: str, gathered: Gathered) -> dict[str, object]:
    title = sheets.words()["kinds"][kind]["title"]
    return cards.about(title, {record.language for record in gathered.records})
