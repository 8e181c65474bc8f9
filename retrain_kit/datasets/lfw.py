"""Labeled Faces in the Wild: faces collected from the web, each under a person's name.

Files of the manifest: `images`, the folder `lfw` or its archive `lfw.tgz` as distributed; without it,
the study's own folder; and where wanted `pairs`, the list `pairs.txt`. An image's id is its file's name,
`Aaron_Eckhart_0001`; its word is the name of the folder, `Aaron_Eckhart`, as the data set writes it.

The names are kept because the data set is made of them. Nothing says that anybody in it was asked: every
sample and every row of a study says so in its `notice`. `said["pairs"]` are the lines of the list that the
image is in: with which other image it was to be compared, and whether the list says that both show the
same person.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

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

    Pairs = dict[str, list[dict[str, Any]]]

FILE_NAME_FORM = re.compile(r"(.+)_(\d{4})")
NOTICE = "A person's face under the person's name; nothing says that the person was asked."


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where lines of the list of pairs go that name no two images.

    Raises
    ------
    DataError
        When there is no list of pairs, or one per image that is not named as in the data set.
    """
    listings.check_files(manifest, "images", "pairs")
    wrong: list[RejectedAnnotation] = []
    pairs = _pairs(manifest.files["pairs"], wrong) if "pairs" in manifest.files else {}
    if unmatched is not None:
        unmatched += wrong

    def sample(image: ImageRow) -> Sample:
        label = ImageLabel(_person(image.id), present=True)
        said = {"pairs": pairs[image.id]} if image.id in pairs else {}
        bare = manifest.sample(image)
        return replace(bare, labels=(label,), notice=bare.notice or NOTICE, said=said)

    return listings.make_samples(manifest, sample, "a name and four digits: Aaron_Eckhart_0001")


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images of the people that the rule names, of everybody where it names none.

    Raises
    ------
    DataError
        When there are no images.
    ParameterError
        When the rule has names that the data set does not.
    """
    return listings.ids_with_labels(manifest, _listed(manifest), lambda each: {each.folder})


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are, each with the notice; who took them the data set does not say."""
    return listings.candidates(_listed(manifest), ids, notice=NOTICE)


def _listed(manifest: Manifest) -> dict[str, ListedImage]:
    return listings.images_by_id(
        manifest, lambda each: bool(re.fullmatch(rf"{re.escape(each.folder)}_\d{{4}}", each.stem))
    )


def _person(name: str) -> str:
    match = FILE_NAME_FORM.fullmatch(name)
    if not match:
        raise ValueError(repr(name))
    return match[1]


def _pairs(path: Path, wrong: list[RejectedAnnotation]) -> Pairs:
    """Return for each image the lines of the list that it is in; list the lines that are no pair."""
    try:
        lines = path.read_text(encoding=texts.encoding_of(path)).splitlines()
    except (OSError, UnicodeError) as error:
        raise DataError(
            Fault(str(path), f"no list ({reason_of(error)})", "pairs.txt as distributed")
        ) from None
    pairs: Pairs = defaultdict(list)
    expected = "a name and two numbers, or two names with a number each, between tabs"
    for number, line in enumerate(lines, start=1):
        if not line.strip() or (number == 1 and re.fullmatch(r"\d+(\t\d+)?", line.strip())):
            continue
        try:
            first, second, same = _pair(line.split("\t"))
        except ValueError:
            place = f"{path.name}, line {number}"
            wrong.append(RejectedAnnotation("", f"not {expected}", place=place, row=line))
            continue
        pairs[first].append({"line": number, "with": second, "same": same})
        pairs[second].append({"line": number, "with": first, "same": same})
    if wrong and not pairs:
        raise DataError(Fault(str(path), f"no line that is one, such as {lines[-1][:60]!r}", expected))
    return pairs


def _pair(cells: list[str]) -> tuple[str, str, bool]:
    """Return the ids of two images and whether they are of one person."""
    name, one, *apart, two = cells
    (other,) = apart or (name,)
    numbers = [values.number_id(cell) for cell in (one, two)]
    first, second = (each for each in numbers if each and not each.startswith("-"))
    if not (name.strip() and other.strip()):
        raise ValueError("no name")
    return f"{name}_{first.zfill(4)}", f"{other}_{second.zfill(4)}", not apart
