"""Draws from Open Images: which images a rule allows, and what the image table says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from retrain_kit.datasets.formats import listings
from retrain_kit.datasets.open_images import classes, files
from retrain_kit.errors import DataError, Fault
from retrain_kit.studies.sampling import UNSTATED, Candidate

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrain_kit.datasets.open_images.tables import Row
    from retrain_kit.studies.manifests import Manifest


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images that the study's rule allows, in the order of the tables.

    A label is looked for in the table of boxes; where the study has none, among the image labels that are
    present. Without labels all images of the image table are allowed. A `subset` leaves out the images
    that the image table puts in another one; without an image table the tables are taken to be of it.

    A row that was cut says nothing; an image of which the image table's row was cut is left out.
    `reasons_left_out` lists such rows.

    Raises
    ------
    ParameterError
        When the data set does not know a label, or the image table the subset.
    DataError
        With every fault of the tables.
    """
    files.check_file_names(manifest)
    rule = manifest.draw
    labels = rule.labels if rule else ()
    name = _drawn_from(manifest)
    if not name:
        expected = f"one of {', '.join(_order(bool(labels)))}"
        raise DataError(Fault(f"{manifest.name}.toml, files", "no table to draw from", expected))
    table = files.open_table(manifest, name)
    found = table.values(table.key, _bearing(manifest, name, labels) if labels else None, [])
    others = _elsewhere(manifest, rule.subset) if rule and rule.subset else set()
    if "images" in manifest.files:
        images = files.open_table(manifest, "images")
        others |= {row.cells.get(images.key, "") for row in images.broken_rows()}
    if wrong := [each for each in found if "/" in each or "\\" in each]:
        raise DataError(
            *(Fault(str(table.path), f"the id {each!r}", "an id without slashes") for each in wrong)
        )
    return [each for each in found if each not in others]


def reasons_left_out(manifest: Manifest) -> dict[str, str]:
    """Return why rows of the tables that are drawn from were left out, by their places.

    Raises
    ------
    DataError
        With every fault of the tables.
    """
    names = {_drawn_from(manifest), "images"} & manifest.files.keys()
    tables = [files.open_table(manifest, name) for name in sorted(names)]
    rows = [(table.path.name, row) for table in tables for row in table.broken_rows()]
    return {
        f"{name}, line {row.line}": f"a row that was cut ({row.fault.found}, not {row.fault.expected})"
        for name, row in rows
    }


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images go and what the image table says of them; unknown where it does not.

    An image goes to `images/<subset>/<id>.jpg`. Its `url` is that of the photographer's original, which is
    larger than the data set's own copy.

    Raises
    ------
    DataError
        With every fault of the image table.
    """
    listed = files.open_table(manifest, "images").rows(ids, []) if "images" in manifest.files else []
    rows: dict[str, list[Row]] = {}
    for row in listed:
        rows.setdefault(row["ImageID"], []).append(row)
    drawn_from = manifest.draw.subset if manifest.draw else ""
    faults: list[Fault] = []
    candidates = []
    for name in ids:
        found = rows.get(name, [])
        rotation = files.stated_rotation(manifest, found, faults)
        candidates.append(_candidate(name, found[0] if found else {}, drawn_from, rotation))
    if faults:
        raise DataError(*faults)
    return candidates


def _drawn_from(manifest: Manifest) -> str:
    """Return the name of the table that a study's rule draws from; an empty text where it has none."""
    labelled = bool(manifest.draw and manifest.draw.labels)
    return next((name for name in _order(labelled) if name in manifest.files), "")


def _order(labelled: bool) -> tuple[str, ...]:  # noqa: FBT001 - whether there are labels is the question
    return ("boxes", "image_labels") if labelled else ("images", "boxes", "image_labels")


def _bearing(manifest: Manifest, name: str, labels: Collection[str]) -> pl.Expr:
    """Return the condition that a row bears one of the labels, and that nobody denied it."""
    faults: list[Fault] = []
    known = files.names_of_ids(manifest, faults)
    if faults:
        raise DataError(*faults)
    above = files.class_hierarchy(manifest)
    if not known:
        known = {mid: mid for mid in files.open_table(manifest, name).values("LabelName", broken=[])}
    bears = pl.col("LabelName").is_in(sorted(classes.matching_classes(labels, known, above)))
    present = pl.col("Confidence").cast(pl.Float64, strict=False) == 1
    return bears & present if name == "image_labels" else bears


def _elsewhere(manifest: Manifest, subset: str) -> set[str]:
    """Return the images that the image table puts in another subset."""
    if "images" not in manifest.files:
        return set()
    table = files.open_table(manifest, "images", "Subset")
    listings.check_words("subset", [subset], table.values("Subset", broken=[]))
    return set(table.values("ImageID", pl.col("Subset") != subset, []))


def _candidate(name: str, row: Row, drawn_from: str, rotation: int) -> Candidate:
    """Return the candidate of a row of the image table, empty where the image has none."""
    subset = row.get("Subset") or drawn_from
    return Candidate(
        name,
        "/".join(filter(None, ("images", subset, f"{name}.jpg"))),
        row.get("OriginalURL", ""),
        licence=row.get("License") or UNSTATED,
        author=row.get("Author") or UNSTATED,
        source=row.get("OriginalLandingURL") or UNSTATED,
        rotation_deg=rotation,
    )
