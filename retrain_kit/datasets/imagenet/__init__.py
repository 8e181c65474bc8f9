"""ImageNet: the images of the challenge (ILSVRC2012), in folders or in archives as distributed.

Files of the manifest:

* `train`, `val`, `test`: the images, see `retrain_kit.datasets.imagenet.images`. These three are the
  subsets; a study has one or more;
* `synsets`, `solution`, `devkit`, `wordnet`: what they show, see `retrain_kit.datasets.imagenet.tables`;
* `boxes`: the unpacked boxes of the localisation set, `nXXXXXXXX/*.xml` and `val/*.xml`, or
  `Annotations/CLS-LOC` with `train` and `val` in it; see `retrain_kit.datasets.imagenet_boxes`.

An image's id is its file's name without ending (`n01440764_10026`, `ILSVRC2012_val_00000293`). What it shows
is said by the solution or the development kit, by the folder or tar it lies in, or by the beginning of its
name (`n01498041_stingray`); where two of them disagree, that is a fault. Nothing says it of test images.

Labels bear the data set's words; `said` has the `synset`, and `gloss` and `paths` (all ways from the top of
WordNet) where they are known. Boxes bear the same words, and their synset in `said`. Where XML and solution
both state boxes, those of the XML are taken, which say more; the solution's is `said["PredictionString"]`.
Some images are PNG or CMYK under the name `.JPEG`; they stay as they are.

A synset of which the tables have no words stands as its id. Boxes that cannot be one, and rows of a solution
that are none, are listed with their sample. A solution or a folder of boxes may be without any of a study's
images: of the training images fewer than half have boxes.

Who annotated which image is not said: every annotator is unknown.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from retrain_kit import datasets
from retrain_kit.annotations.samples import Region, RejectedAnnotation
from retrain_kit.datasets.formats import values
from retrain_kit.datasets.formats.wordnet import SYNSET_ID
from retrain_kit.datasets.imagenet import images as imagenet_images
from retrain_kit.datasets.imagenet import tables as imagenet_tables
from retrain_kit.datasets.imagenet.images import XmlBoxes, synset_in
from retrain_kit.datasets.imagenet_boxes import box_from_imagenet
from retrain_kit.errors import BoxError, DataError, Fault
from retrain_kit.storage.spill import SpilledNames
from retrain_kit.studies.sampling import Candidate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.datasets.imagenet.tables import ShownSynset, Tables
    from retrain_kit.studies.manifests import ImageRow, Manifest


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where the rows of solutions go that are of no image.

    Raises
    ------
    DataError
        With every fault of the tables, the boxes and the images.
    """
    return list(stream(manifest, unmatched))


def stream(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> Iterator[Sample]:
    """Yield what `read` returns, in the memory of a part: what tables say lies on the disk meanwhile.

    Parameters
    ----------
    manifest, unmatched
        As for `read`.

    Raises
    ------
    DataError
        As `read`, at the end.
    """
    faults: list[Fault] = []
    tables = imagenet_tables.load_tables(
        manifest.files, faults, SpilledNames(image.id for image in manifest.images), unmatched
    )
    boxes = XmlBoxes(manifest)
    images = iter(manifest.images)
    while part := tuple(islice(images, datasets.IMAGES_PER_PART)):
        boxed = boxes.samples_of(part)
        for image in part:
            labels = _labels(image, tables, faults)
            sample = boxed.get(image.id) or manifest.sample(image)
            yield _with_annotations(sample, labels, tables, in_xml=image.id in boxed)
    faults += boxes.faults()
    if faults:
        raise DataError(*faults)


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images that the study's rule allows.

    A label is a synset's id, all its words in a row, or one of its words that no other synset has.

    Raises
    ------
    ParameterError
        With each label that is unknown or means several synsets, or when the subset is not there.
    DataError
        With the faults of tables and archives, or when no table says what the images of a subset show.
    """
    rule = manifest.draw
    labels, subset = (rule.labels, rule.subset) if rule else ((), "")
    tables = _tables(manifest)
    wanted = tables.meanings(labels) if labels else None
    found: list[str] = []
    for part in imagenet_images.available_subsets(manifest, subset):
        listed = imagenet_images.subset_images(manifest, part, wanted)
        shown = {each.id: _either(each.id, each.file, tables) for each in listed}
        if wanted is not None and shown and not any(shown.values()):
            do = "Or draw from another subset, or without labels."
            count = f"{len(shown)} images of which nothing says what they show"
            raise DataError(Fault(f"{manifest.name}.toml, files, {part}", count, "solution, or devkit", do))
        found += [name for name, synsets in shown.items() if wanted is None or wanted.intersection(synsets)]
    return found


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are; ImageNet's archives say neither author nor licence nor address.

    Raises
    ------
    DataError
        With each id that the data set does not have.
    """
    wanted = set(ids)
    named = {name: synset_in(name) for name in wanted}
    synsets = set(named.values()) if all(named.values()) else None
    parts = imagenet_images.available_subsets(manifest, manifest.draw.subset if manifest.draw else "")
    listed = {
        each.id: each
        for part in parts
        for each in imagenet_images.subset_images(manifest, part, synsets)
        if each.id in wanted
    }
    faults = [
        Fault(f"image {name}", "no such image", f"one of {manifest.name}, {' or '.join(parts)}")
        for name in ids
        if name not in listed
    ]
    if faults:
        raise DataError(*faults)
    return [Candidate(each.id, each.file, archive=each.archive) for each in map(listed.__getitem__, ids)]


def _tables(manifest: Manifest) -> Tables:
    faults: list[Fault] = []
    tables = imagenet_tables.load_tables(manifest.files, faults)
    if faults:
        raise DataError(*faults)
    return tables


def _synsets(name: str, file: str, tables: Tables) -> tuple[list[str], list[str]]:
    """Return the synsets of an image that the tables state, and those that its folder and its name do."""
    by_table = [shown.synset for shown in tables.synsets_shown_in(name)]
    folder = PurePosixPath(file).parent.name
    by_place = [each for each in (folder if SYNSET_ID.fullmatch(folder) else "", synset_in(name)) if each]
    return list(dict.fromkeys(by_table)), list(dict.fromkeys(by_place))


def _labels(image: ImageRow, tables: Tables, faults: list[Fault]) -> list[str]:
    """Return the synsets of an image; list a fault where it is said to be two things."""
    by_table, by_place = _synsets(image.id, image.file, tables)
    if len(by_place) > 1 or (by_table and not set(by_place) <= set(by_table)):
        found = " and ".join(dict.fromkeys([*by_table, *by_place]))
        faults.append(Fault(f"image {image.id}, {image.file}", found, "one synset in table, folder and name"))
    return by_table or by_place


def _either(name: str, file: str, tables: Tables) -> list[str]:
    by_table, by_place = _synsets(name, file, tables)
    return by_table or by_place


def _with_annotations(sample: Sample, labels: Iterable[str], tables: Tables, *, in_xml: bool) -> Sample:
    shown = [each for each in tables.synsets_shown_in(sample.id) if each.corners]
    said: dict[str, Any] = dict(sample.said)
    if shown:
        said["PredictionString"] = " ".join(" ".join((each.synset, *each.corners)) for each in shown)
    rejected: list[RejectedAnnotation] = [*tables.rejected.get(sample.id, ()), *sample.rejected]
    if in_xml:
        regions = [_worded(region, tables) for region in sample.regions]
    else:
        regions = _regions(sample.id, shown, tables, rejected)
    return replace(
        sample,
        labels=tuple(map(tables.label, labels)),
        regions=tuple(regions),
        rejected=tuple(rejected),
        said=said,
    )


def _worded(region: Region, tables: Tables) -> Region:
    """Return a box named by a synset under the data set's words."""
    if not SYNSET_ID.fullmatch(region.label):
        return region
    return replace(
        region, label=tables.synset(region.label).words, said={**region.said, "synset": region.label}
    )


def _regions(
    image: str, shown: Iterable[ShownSynset], tables: Tables, rejected: list[RejectedAnnotation]
) -> list[Region]:
    """Return the boxes of a solution's row, numbered by their place in it; list what cannot be a box."""
    regions = []
    for number, each in enumerate(shown, start=1):
        row = " ".join((each.synset, *each.corners))
        try:
            box = box_from_imagenet(*(values.number(corner, "a corner") for corner in each.corners))
        except (BoxError, ValueError) as error:
            fault = error.faults[0] if isinstance(error, BoxError) else None
            reason = f"{fault.found}, not {fault.expected}" if fault else str(error)
            word, place = tables.synset(each.synset).words, f"PredictionString, box {number}"
            rejected.append(RejectedAnnotation(image, reason, str(number), word, place, row=row))
        else:
            regions.append(_worded(Region(each.synset, box, str(number)), tables))
    return regions
