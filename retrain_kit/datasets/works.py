"""Works: images of a museum's works, beside the table that speaks of them.

The manifest's `files` name it as `works`: a CSV, a work a row, see `retrain_kit.annotations.works` for the
columns that are known. An image's row is the first that has its id: the work's number, or where it has none
the image's name. `said["work"]` is the row under its own columns, as it stands in the table. Where neither
the study's table nor the museum's says what can be seen in an image, its `alt` says what its label says, and
that it is the label that speaks. No title is taken for an annotation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tqdm.auto import tqdm

from retrain_kit.annotations.works import SAID_WORK
from retrain_kit.datasets import work_tables
from retrain_kit.datasets.formats import listings

if TYPE_CHECKING:
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.datasets.work_tables import WorkRow
    from retrain_kit.studies.manifests import ImageRow, Manifest


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest, each with its row of the table.

    Raises
    ------
    DataError
        When the table is none.
    """
    listings.check_files(manifest, "works")
    rows = _rows(manifest)
    return [_sample(manifest, image, rows.get(image.id)) for image in manifest.images]


def _rows(manifest: Manifest) -> dict[str, WorkRow]:
    wanted = {image.id for image in manifest.images}
    found: dict[str, WorkRow] = {}
    if path := manifest.files.get("works"):
        rows = work_tables.read_rows(path)
        for row in tqdm(rows, "reading works", unit=" works", delay=1, leave=False, disable=None):
            if not row.why and row.id in wanted:
                found.setdefault(row.id, row)
    return found


def _sample(manifest: Manifest, image: ImageRow, row: WorkRow | None) -> Sample:
    sample = manifest.sample(image)
    if row is None:
        return sample
    work = row.work
    alt = sample.alt or work.alt or work.alt_of_label
    return replace(sample, alt=alt, said={SAID_WORK: row.cells})
