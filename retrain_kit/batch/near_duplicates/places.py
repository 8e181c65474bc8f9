"""Places: where on this machine images are, in which study, under which id, in which split."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.errors import KitError
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.image_table import ImageRow
    from retrain_kit.studies.manifests import Manifest

_SPLIT = re.compile(
    r"(train|training|trainval|val|valid|validation|dev|test|testing)(?:[-_ ]?(?:19|20)\d\d)?"
)
_SAME = {"training": "train", "valid": "val", "validation": "val", "dev": "val", "testing": "test"}


@dataclass(frozen=True, slots=True)
class ImagePlace:
    """One image of one study.

    Parameters
    ----------
    manifest, image
        The study, and the image's row in its table.
    split
        `train`, `val`, `trainval`, `test` or another word, as the image's row, a folder's name or the
        study's draw says; empty where none does.
    """

    manifest: Manifest
    image: ImageRow
    split: str

    @property
    def study(self) -> str:
        """The study's name."""
        return self.manifest.name

    @property
    def id(self) -> str:
        """The image's id in the study."""
        return self.image.id

    @property
    def data_set(self) -> str:
        """The data set, with its version."""
        return f"{self.manifest.dataset} {self.manifest.version}"

    @property
    def sample(self) -> Sample:
        """The image as the study's table has it, without annotations."""
        return self.manifest.sample(self.image)

    @property
    def file(self) -> str:
        """Its path, as it may be shown."""
        path = str(self.manifest.path(self.image))
        return self.manifest.veil.told(path) if self.manifest.veil else path

    @property
    def name(self) -> str:
        """Study and image, for tables and pages."""
        return f"{self.study}, {self.id}" + (f" ({self.split})" if self.split else "")


def places_of(manifest: Manifest) -> list[ImagePlace]:
    """Return the place of each image of a study."""
    return [ImagePlace(manifest, image, split_of(image, manifest)) for image in manifest.images]


def split_of(image: ImageRow, manifest: Manifest) -> str:
    """Return the split of an image: as its row says, else as its folders or the study's draw do."""
    subset = manifest.draw.subset if manifest.draw else ""
    for name in (image.split, *reversed(PurePosixPath(image.file).parent.parts), subset):
        if found := _SPLIT.fullmatch(name.lower()):
            return _SAME.get(found[1], found[1])
    return image.split


def known_studies() -> Iterator[Manifest]:
    """Yield every study of this machine whose images are settled; those that cannot be read are left out."""
    yield from filter(None, map(_readable, manifests.all_study_names()))


def studies_here() -> list[Manifest]:
    """Return the known studies of whose first images a file is on this machine."""
    return [manifest for manifest in known_studies() if _any_file(manifest)]


def _any_file(manifest: Manifest) -> bool:
    return any(manifest.path(image).is_file() for image in islice(manifest.images, _LOOKED_FOR))


_LOOKED_FOR = 1000


def _readable(study: str) -> Manifest | None:
    try:
        return manifests.load(study)
    except (KitError, OSError):
        return None
