"""Leaf, of the UCI repository (Silva and Marçal): photographs of single leaves, by species.

Files of the manifest: `images`, the unpacked folder or the archive as distributed; without it, the
study's own folder; and where wanted `attributes`, the table `leaf.csv`. The archive holds `RGB/` with the
photographs and `BW/` with outlines of some, under the same names: a rule's `subset` is one of these two,
`RGB` where it says nothing. An image's id is its file's name (`iPAD2_C01_EX01`: class 1, specimen 1);
the folder's name (`1. Quercus suber`) gives its word, the species.

The row of `leaf.csv` with the image's class and specimen is kept in `said["attributes"]`, under the
names of the data set's description. Those numbers are a program's, computed from the outline and the
image. A row that is none is listed with its image; one without class and specimen matches none.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.annotations.samples import ImageLabel, RejectedAnnotation
from retrain_kit.datasets.formats import listings, values
from retrain_kit.errors import DataError, Fault, reason_of
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.datasets.formats.listings import ListedImage
    from retrain_kit.studies.manifests import ImageRow, Manifest
    from retrain_kit.studies.sampling import Candidate

    Specimen = tuple[int, int]
    Rows = dict[Specimen | str, dict[str, float]]
    Wrong = dict[Specimen | str | None, list[RejectedAnnotation]]

FOLDER_NAME_FORM = re.compile(r"(\d+)\. *(.+)")
FILE_NAME_FORM = re.compile(r".*_C(\d+)_EX(\d+)")
SUBSETS = ("RGB", "BW")
ATTRIBUTES = (
    "Eccentricity",
    "Aspect Ratio",
    "Elongation",
    "Solidity",
    "Stochastic Convexity",
    "Isoperimetric Factor",
    "Maximal Indentation Depth",
    "Lobedness",
    "Average Intensity",
    "Average Contrast",
    "Smoothness",
    "Third moment",
    "Uniformity",
    "Entropy",
)


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where rows of the table go that name no class and specimen.

    Raises
    ------
    DataError
        When there is no table, or one per image that does not lie in a folder of a species.
    """
    listings.check_files(manifest, "images", "attributes")
    rows, wrong = _rows(manifest.files["attributes"]) if "attributes" in manifest.files else ({}, {})
    if unmatched is not None:
        unmatched += wrong.get(None, [])

    def sample(image: ImageRow) -> Sample:
        number, species = _species(PurePosixPath(image.file).parent.name)
        said = {"class": number, **_attributes(image.id, rows)}
        label = ImageLabel(species, present=True)
        rejected = tuple(replace(each, image=image.id) for each in wrong.get(_specimen(image.id), ()))
        return manifest.sample(image, labels=(label,), rejected=rejected, said=said)

    return listings.make_samples(manifest, sample, "a folder named by number and species: 1. Quercus suber")


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images of the species that the rule names.

    Raises
    ------
    DataError
        When there are no images.
    ParameterError
        When the rule names species or a subset that the data set does not have.
    """
    return listings.ids_with_labels(manifest, _listed(manifest), lambda each: {_species(each.folder)[1]})


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are; the data set states nothing else of a single one."""
    return listings.candidates(_listed(manifest), ids)


def _listed(manifest: Manifest) -> dict[str, ListedImage]:
    subset = (manifest.draw.subset if manifest.draw else "") or SUBSETS[0]
    listings.check_words("subset", [subset], SUBSETS)

    def kept(each: ListedImage) -> bool:
        return subset in PurePosixPath(each.path).parts and bool(FOLDER_NAME_FORM.fullmatch(each.folder))

    return listings.images_by_id(manifest, kept)


def _species(folder: str) -> tuple[int, str]:
    """Return number and name of the species whose folder this is."""
    match = FOLDER_NAME_FORM.fullmatch(folder)
    if not match:
        raise ValueError(f"the folder {folder!r}")
    return int(match[1]), match[2]


def _attributes(name: str, rows: Rows) -> dict[str, dict[str, float]]:
    specimen = _specimen(name)
    return {"attributes": rows[specimen]} if specimen in rows else {}


def _specimen(name: str) -> Specimen | str:
    """Return class and specimen of an image, or its name where that does not say them."""
    match = FILE_NAME_FORM.fullmatch(name)
    return (int(match[1]), int(match[2])) if match else name


def _rows(path: Path) -> tuple[Rows, Wrong]:
    """Return the rows of the table by class and specimen, and so what is none."""
    try:
        lines = path.read_text(encoding=texts.encoding_of(path)).splitlines()
    except (OSError, UnicodeError) as error:
        raise DataError(
            Fault(str(path), f"no table ({reason_of(error)})", "leaf.csv as distributed")
        ) from None
    rows: Rows = {}
    wrong: Wrong = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        cells = line.split(",")
        ids = [values.number_id(cell) for cell in cells[:2]]
        specimen = (int(ids[0]), int(ids[1])) if len(ids) > 1 and ids[0] and ids[1] else None
        reason = _take(cells, specimen, rows)
        if reason:
            place = f"{path.name}, line {number}"
            wrong.setdefault(specimen, []).append(RejectedAnnotation("", reason, place=place, row=line))
    if wrong and not rows:
        expected = f"lines of class, specimen and {len(ATTRIBUTES)} numbers between commas"
        raise DataError(Fault(str(path), f"no line that is one, such as {lines[0][:60]!r}", expected))
    return rows, wrong


def _take(cells: list[str], specimen: Specimen | None, rows: Rows) -> str:
    """Put down a row of the table, or return why it is none."""
    if specimen is None:
        return "no class and specimen"
    if len(cells) != len(ATTRIBUTES) + 2:
        return f"{len(cells)} cells, not {len(ATTRIBUTES) + 2}"
    if specimen in rows:
        return "the same class and specimen a second time"
    try:
        numbers = zip(ATTRIBUTES, cells[2:], strict=True)
        rows[specimen] = {name: values.number(cell, name) for name, cell in numbers}
    except ValueError as error:
        return str(error)
    return ""
