"""Stanford Dogs: dogs out of ImageNet, by breed, with a box each.

Files of the manifest: `images`, the folder `Images` or its archive `images.tar` as distributed; without
it, the study's own folder; and where wanted `annotations`, the unpacked folder `Annotation`. An image's
id is its file's name, `n02085620_10074`, ImageNet's own. The folder's name, `n02085620-Chihuahua`, gives
its word, the breed, and the WordNet id, kept as `synset` of the label; a rule may name either.

The annotations are VOC's XML without an ending, one an image; see `retrain_kit.datasets.pascal_voc`.
They say that they come from the "ImageNet database" and not from where pixels are counted. So they are
read as ImageNet's other boxes are: from 0, the last pixel included; the numbers of the file stay in
`said["bndbox"]`. An image without annotation has no boxes. Who drew them is not said.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.annotations.samples import ImageLabel
from retrain_kit.datasets import pascal_voc
from retrain_kit.datasets.formats import listings
from retrain_kit.datasets.imagenet_boxes import box_from_imagenet

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.datasets.formats.listings import ListedImage
    from retrain_kit.studies.manifests import ImageRow, Manifest
    from retrain_kit.studies.sampling import Candidate

FOLDER_NAME_FORM = re.compile(r"(n\d{8})-(.+)")


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Raises
    ------
    DataError
        With every fault of the annotations, or one per image that does not lie in a folder of a breed.
    """
    listings.check_files(manifest, "images", "annotations")
    boxed = {sample.id: sample for sample in _boxed(manifest)}

    def labelled(image: ImageRow) -> Sample:
        synset, breed = _breed(PurePosixPath(image.file).parent.name)
        label = ImageLabel(breed, present=True, said={"synset": synset})
        return replace(boxed[image.id], labels=(label,))

    return listings.make_samples(
        manifest, labelled, "a folder named by WordNet id and breed: n02085620-Chihuahua"
    )


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images of the breeds that the rule names, by word or by WordNet id.

    Raises
    ------
    DataError
        When there are no images.
    ParameterError
        When the rule names breeds that the data set does not have.
    """
    return listings.ids_with_labels(manifest, _listed(manifest), lambda each: _breed(each.folder))


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are; who took them the data set does not say."""
    return listings.candidates(_listed(manifest), ids)


def _listed(manifest: Manifest) -> dict[str, ListedImage]:
    return listings.images_by_id(manifest, lambda each: bool(FOLDER_NAME_FORM.fullmatch(each.folder)))


def _breed(folder: str) -> tuple[str, str]:
    """Return WordNet id and breed of the images in a folder."""
    match = FOLDER_NAME_FORM.fullmatch(folder)
    if not match:
        raise ValueError(f"the folder {folder!r}")
    return match[1], match[2]


def _boxed(manifest: Manifest) -> list[Sample]:
    """Return the samples with what the annotations say of them."""
    place = manifest.files.get("annotations")
    if not place:
        return [manifest.sample(image) for image in manifest.images]
    wanted = {image.id for image in manifest.images}
    files = {str(path): path for path in sorted(each for each in place.rglob("n*") if each.name in wanted)}
    return pascal_voc.read_with(replace(manifest, files=files or {"annotations": place}), box_from_imagenet)
