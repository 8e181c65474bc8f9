"""Images: those that may go along with soft labels, laid out as an `imagefolder` of Hugging Face.

An image goes along where its row in the study's table lists a licence that allows it, with author, licence
and source beside it. It stays where there is a notice on the image itself, or where the study's notice asks
to pass nothing on: whoever is shown was not asked.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from retrain_kit.datasets import veil
from retrain_kit.errors import DataError, Fault, KitError
from retrain_kit.exercises.training import soft_labels
from retrain_kit.storage import files
from retrain_kit.studies import manifests
from retrain_kit.studies.licences import reason_to_stay

if TYPE_CHECKING:
    from retrain_kit.exercises.training.selection import SelectedAnswers
    from retrain_kit.studies.manifests import ImageRow, Manifest

    SharableImages = dict[tuple[str, str], tuple[ImageRow, Path]]

IMAGE_FOLDER = "images"


def sharable_images(selected: SelectedAnswers) -> SharableImages:
    """Return the images that were spoken of and may go along, by study and id, and where they are.

    Raises
    ------
    DataError
        With each image whose file is not the one that the study's table lists.
    """
    found = {key: each for study in selected.studies for key, each in _of_study(selected, study).items()}
    unknown = {study for (study, _), (image, _) in found.items() if not image.sha256}
    faults = [
        Fault(study, "images without a digest yet", "the digest of each", f"Type: retrain-kit pull {study}")
        for study in sorted(unknown)
    ]
    faults += [
        Fault(str(path), "no file, or another one", "the image that the study's table lists")
        for image, path in found.values()
        if image.sha256 and (not path.is_file() or files.sha256(path) != image.sha256)
    ]
    if faults:
        raise DataError(*faults)
    return found


def imagefolder_table(selected: SelectedAnswers, found: SharableImages) -> pl.DataFrame:
    """Return the soft labels of the images that go along, with the columns that an `imagefolder` has."""
    images = {key: image for key, (image, _) in found.items()}
    rows = soft_labels.soft_label_table(selected, images).to_dicts()
    kept = [
        {**row, **_beside(*found[key])} for row in rows if (key := (row["study"], row["image_id"])) in found
    ]
    beside = dict.fromkeys(("file_name", "author", "licence", "source"), pl.String)
    order = ["file_name", *soft_labels.SOFT_LABEL_SCHEMA, "author", "licence", "source"]
    return pl.DataFrame(kept, schema={**beside, **soft_labels.SOFT_LABEL_SCHEMA}).select(order)


def exported_path(image: ImageRow, path: Path) -> str:
    """Return where an image lies, below the folder of the export."""
    return f"{IMAGE_FOLDER}/{image.sha256}{path.suffix.lower()}"


def _of_study(selected: SelectedAnswers, study: str) -> SharableImages:
    manifest = known_manifest(study, accepted=selected.accepted)
    if manifest is None:
        return {}
    said = {found.place.image for found in selected.ranges(study)}
    return {
        (study, image.id): (image, manifest.path(image))
        for image in manifest.images
        if image.id in said and not reason_to_stay(image.licence, image.notice, manifest.content_notice)
    }


def known_manifest(study: str, *, accepted: bool = False) -> Manifest | None:
    """Return a study by its name, under the veil; None where it is not on this machine."""
    if Path(study).name != study:  # a name out of a file of answers leads to no file elsewhere
        return None
    try:
        return veil.veiled(manifests.load(study), accepted=accepted)
    except KitError:
        return None


def _beside(image: ImageRow, path: Path) -> dict[str, str]:
    told = {"author": image.author, "licence": image.licence, "source": image.source}
    return {"file_name": exported_path(image, path), **told}
