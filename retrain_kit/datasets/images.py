"""A folder of images with nothing else: no word was ever written about them, or none is left.

Files of the manifest: `images`, the folder or an archive of one; without it, the study's own folder.

An image's id is its path below that folder. Since ids have no slashes, `a/b.jpg` is written `a%2Fb.jpg`,
and the signs % and backslash likewise; `path_of_id` turns an id back. Whatever is no whole image is left
out: `reasons_left_out` lists it with the reason. In an archive only names are looked at, not the images
themselves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from retrain_kit.datasets.formats import listings
from retrain_kit.errors import DataError
from retrain_kit.imaging.decoding import load_image

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest
    from retrain_kit.studies.sampling import Candidate


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest: images without an annotation or a word.

    Raises
    ------
    DataError
        When the manifest names other files.
    """
    listings.check_files(manifest, "images")
    return [manifest.sample(image) for image in manifest.images]


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all whole images.

    Raises
    ------
    DataError
        When there is no folder, or none of its images is whole.
    ParameterError
        When the rule asks for labels: there are none.
    """
    rule = manifest.draw
    listings.check_words("labels", rule.labels if rule else (), ())
    broken = _broken(manifest)
    found = [each.path for each in listings.list_images(manifest).images]
    return [id_of_path(path) for path in found if path not in broken]


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are; who made them is not known.

    Raises
    ------
    DataError
        With one fault per id that the folder does not have.
    """
    listed = {id_of_path(each.path): each for each in listings.list_images(manifest).images}
    return listings.candidates(listed, ids)


def reasons_left_out(manifest: Manifest) -> dict[str, str]:
    """Return why files of the folder are not among its images, by their paths."""
    return listings.list_images(manifest).left_out | _broken(manifest)


def id_of_path(path: str) -> str:
    """Return the id of the image at a path below the folder."""
    return re.sub(r"[%/\\]", lambda sign: quote(sign.group(), safe=""), path)


def path_of_id(name: str) -> str:
    """Return the path of the image with that id."""
    return unquote(name)


def _broken(manifest: Manifest) -> dict[str, str]:
    """Return why images of the folder cannot be decoded, by their paths."""
    broken = {}
    for each in listings.list_images(manifest).images:
        if each.archive:
            continue
        try:
            load_image(manifest.folder / each.file)
        except DataError as error:
            broken[each.path] = error.faults[0].found
    return broken
