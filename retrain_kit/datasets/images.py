"""A folder of images with nothing else: no word was ever written about them, or none is left.

Files of the manifest: `images`, the folder or an archive of one; without it, the study's own folder.

An image's id is its path below that folder. Since ids have no slashes, `a/b.jpg` is written `a%2Fb.jpg`,
and likewise the signs % and backslash, signs that end a line or steer a terminal, and spaces at the ends;
`path_of_id` turns an id back. Whatever is no whole image is left
out: `reasons_left_out` lists it with the reason. In an archive only names are looked at, not the images
themselves.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from tqdm.auto import tqdm

from retrain_kit.datasets.formats import listings
from retrain_kit.errors import KitError
from retrain_kit.imaging.decoding import load_image
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest
    from retrain_kit.studies.sampling import Candidate

_REMEMBERED = 1 << 20


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
    return _NO_SIGNS_OF_IDS.sub(lambda sign: quote(sign.group(), safe=""), path)


_NO_SIGNS_OF_IDS = re.compile(r"[%/\\\0-\x1f\x7f-\x9f\u2028\u2029]|\A\s+|\s+\Z")


def path_of_id(name: str) -> str:
    """Return the path of the image with that id."""
    return unquote(name)


def _broken(manifest: Manifest) -> dict[str, str]:
    """Return why images of the folder cannot be decoded, by their paths."""
    found = listings.list_images(manifest).images
    bar = tqdm(found, desc="looking at images", unit=" images", delay=1, leave=False)
    reasons = ((each.path, _why_broken(manifest.folder / each.file)) for each in bar if not each.archive)
    return {path: why for path, why in reasons if why}


def _why_broken(path: Path) -> str:
    try:
        return _why_undecodable(path, files.change_stamp(path))
    except OSError as error:
        return f"a file that cannot be read ({error.strerror})"


@lru_cache(_REMEMBERED)
def _why_undecodable(path: Path, _stamp: str) -> str:
    """Return why an image cannot be decoded; an empty text where it can. One look is enough for a pull."""
    try:
        load_image(path)
    except KitError as error:
        return error.faults[0].found.replace(f" {str(path)!r}", "")
    except Exception as error:  # noqa: BLE001 - one strange image must not stop the others
        return f"an image that cannot be decoded ({type(error).__name__}: {error})"
    return ""
