"""COIL-100: a hundred objects on a turntable, each from 72 sides.

Files of the manifest: `images`, the folder `coil-100` or its zip as distributed; without it, the
study's own folder. An image's id is its file's name, `obj1__0`: the object's number and the angle of the
turntable in degrees. The objects have no other name than their number, so the word is `obj1`; both
numbers are kept in the sample's `said`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrain_kit.annotations.samples import ImageLabel
from retrain_kit.datasets.formats import listings

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.datasets.formats.listings import ListedImage
    from retrain_kit.studies.manifests import ImageRow, Manifest
    from retrain_kit.studies.sampling import Candidate

FILE_NAME_FORM = re.compile(r"obj([1-9]\d*)__(\d+)")


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Raises
    ------
    DataError
        With one fault per image that is not named as in COIL-100.
    """
    listings.check_files(manifest, "images")

    def sample(image: ImageRow) -> Sample:
        number, angle = _parse(image.id)
        label = ImageLabel(f"obj{number}", present=True)
        return manifest.sample(image, labels=(label,), said={"object": number, "angle": angle})

    return listings.make_samples(manifest, sample, "obj and a number, two strokes, an angle: obj1__0")


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images of the objects that the rule names (`obj1`).

    Raises
    ------
    DataError
        When there are no images.
    ParameterError
        When the rule names objects that COIL-100 does not have.
    """
    return listings.ids_with_labels(manifest, _listed(manifest), lambda each: {f"obj{_parse(each.stem)[0]}"})


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are; COIL-100 states nothing else of a single one."""
    return listings.candidates(_listed(manifest), ids)


def _listed(manifest: Manifest) -> dict[str, ListedImage]:
    return listings.images_by_id(manifest, lambda each: bool(FILE_NAME_FORM.fullmatch(each.stem)))


def _parse(name: str) -> tuple[int, int]:
    """Return the object's number and the angle."""
    match = FILE_NAME_FORM.fullmatch(name)
    if not match:
        raise ValueError(repr(name))
    return int(match[1]), int(match[2])
