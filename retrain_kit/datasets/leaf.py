"""Leaf, of the UCI repository (Silva and Marçal): photographs of single leaves, by species.

Files of the manifest: `images`, the unpacked folder or the archive as distributed; without it, the
study's own folder; and where wanted `attributes`, the table `leaf.csv`. The archive holds `RGB/` with the
photographs and `BW/` with outlines of some, under the same names: a rule's `subset` is one of these two,
`RGB` where it says nothing. An image's id is its file's name (`iPAD2_C01_EX01`: class 1, specimen 1);
the folder's name (`1. Quercus suber`) gives its word, the species.

The row of `leaf.csv` with the image's class and specimen is kept in `said["attributes"]`, under the
names of the data set's description. Those numbers are a program's, computed from the outline and the
image.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.annotations.samples import ImageLabel
from retrain_kit.datasets.formats import listings
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.datasets.formats.listings import ListedImage
    from retrain_kit.studies.manifests import ImageRow, Manifest
    from retrain_kit.studies.sampling import Candidate

    Rows = dict[tuple[int, int], dict[str, float]]

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


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Raises
    ------
    DataError
        With every fault of the table, or one per image that does not lie in a folder of a species.
    """
    listings.check_files(manifest, "images", "attributes")
    rows = _rows(manifest.files["attributes"]) if "attributes" in manifest.files else {}

    def sample(image: ImageRow) -> Sample:
        number, species = _species(PurePosixPath(image.file).parent.name)
        said = {"class": number, **_attributes(image.id, rows)}
        label = ImageLabel(species, present=True)
        return replace(manifest.sample(image), labels=(label,), said=said)

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
    match = FILE_NAME_FORM.fullmatch(name)
    row = rows.get((int(match[1]), int(match[2]))) if match else None
    return {"attributes": row} if row else {}


def _rows(path: Path) -> Rows:
    """Return the rows of the table by class and specimen."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(Fault(str(path), f"no table ({error})", "leaf.csv as distributed")) from None
    rows: Rows = {}
    faults = []
    for number, line in enumerate(lines, start=1):
        cells = line.split(",")
        try:
            values = dict(zip(ATTRIBUTES, map(float, cells[2:]), strict=True))
            rows[int(cells[0]), int(cells[1])] = values
        except (ValueError, IndexError):
            expected = f"class, specimen and {len(ATTRIBUTES)} numbers between commas"
            faults.append(Fault(f"{path}, line {number}", repr(line), expected))
    if faults:
        raise DataError(*faults)
    return rows
