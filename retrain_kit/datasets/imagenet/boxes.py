"""The boxes of ImageNet's images: an XML for each image that has some, looked for by its name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrain_kit.datasets import imagenet_boxes
from retrain_kit.datasets.imagenet.images import synset_in
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import ImageRow, Manifest


class XmlBoxes:
    """The XMLs of a study, if it has any, read for some of its images at a time."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._place = manifest.files.get("boxes")
        self._faults: list[Fault] = []
        self._met = False
        if self._place and not self._place.is_dir():
            expected = "the unpacked boxes of the localisation set"
            self._faults.append(Fault(str(self._place), "no folder", expected))
            self._place = None

    def of(self, images: Iterable[ImageRow]) -> dict[str, Sample]:
        """Return those images that have an XML, with its boxes; none where one of the XMLs is broken."""
        place = self._place
        found = {image: path for image in images if place and (path := _xml(place, image.id))}
        if not found:
            return {}
        self._met = True
        files = {image.id: path for image, path in found.items()}
        try:
            samples = imagenet_boxes.read(replace(self._manifest, images=tuple(found), files=files))
        except DataError as error:
            self._faults += error.faults
            return {}
        return {sample.id: sample for sample in samples}

    def faults(self) -> list[Fault]:
        """Return the faults of the XMLs of all images asked for."""
        if not self._place or self._met or any(self._place.rglob("*.xml")):
            return self._faults
        expected = "nXXXXXXXX/*.xml, val/*.xml, or train and val of such"
        return [*self._faults, Fault(str(self._place), "no XML", expected)]


def _xml(place: Path, name: str) -> Path | None:
    synset = synset_in(name)
    folders = ("", "val", synset, f"train/{synset}")
    return next((path for each in folders if (path := place / each / f"{name}.xml").is_file()), None)
