"""Cityscapes: street scenes whose every object is an outline, with the label images made of them.

Files of the manifest: names that begin with `polygons`, `instances` or `labels` are folders of
`*_polygons.json`, `*_instanceIds.png` and `*_labelIds.png`: all three may be `gtFine` or `gtCoarse`; `images`
is `leftImg8bit`. An image `leftImg8bit/train/aachen/x_leftImg8bit.png` has its files where `x` stands below
`gtFine/train/aachen`, or below a stated folder. Of an image that has several the outlines count, as a person
drew them; else the instances, else the labels, which programs made of outlines. A study that names one kind
reads that one alone. Ids may be any: files are found by the image's file.

Outlines come in the order in which they were drawn: each lies on top of those before it. They stand in pixels
as they are. The word for many things that nobody told apart, as `cargroup`, sets the flag `group_of`. In an
instance image every number is a region whose mask is exactly its pixels; in a label image every class.
`unlabeled` is no region: how many pixels it has is in `said["unlabelled_px"]`. Boxes of CityPersons
(`*_gtBboxCityPersons.json`) are read too.

Where an object says its `user`, that is its annotator: a number stands for the name. Without it the annotator
is unknown. An object that is marked as deleted is listed, as is one without a word or an outline, and a file
that is broken or of another size than the image.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import Region
from retrain_kit.datasets.cityscapes.areas import areas
from retrain_kit.datasets.cityscapes.classes import CLASSES
from retrain_kit.datasets.cityscapes.outlines import outlines, read_objects, without_user
from retrain_kit.datasets.formats import fields, listings
from retrain_kit.datasets.formats.companions import Companions, Naming, require_any
from retrain_kit.datasets.formats.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from retrain_kit.annotations.samples import RejectedAnnotation, Sample
    from retrain_kit.studies.manifests import ImageRow, Manifest
    from retrain_kit.studies.sampling import Candidate

IMAGE_ENDING = "_leftImg8bit"
_GROUND_TRUTHS = ("gtFine", "gtCoarse")
_SWAPS = tuple(("leftImg8bit", name) for name in (*_GROUND_TRUTHS, "gtBboxCityPersons"))


def _naming(kind: str, suffix: str, ending: str, *more: str) -> Naming:
    endings = (*(f"_{name}_{ending}" for name in _GROUND_TRUTHS), *more, f"_{ending}")
    return Naming(kind, suffix, _SWAPS, (IMAGE_ENDING, ""), endings)


NAMINGS = (
    _naming("polygons", ".json", "polygons", "_gtBboxCityPersons"),
    _naming("instances", ".png", "instanceIds"),
    _naming("labels", ".png", "labelIds"),
)
"""The kinds of files, those first that count first."""


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study in Cityscapes' layout, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where what files say goes for which there is no image.

    Raises
    ------
    DataError
        With each folder that is none, and where no image has a file.
    """
    return list(stream(manifest, unmatched))


def stream(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> Iterator[Sample]:
    """Yield what `read` returns, one image after the other.

    Raises
    ------
    DataError
        As `read`; that no image has a file at the end.
    """
    kinds = _kinds(manifest)
    for each in kinds:
        each.check()
    people, found = Pseudonyms("annotator"), False
    for row in manifest.images:
        at = _find(kinds, row.file)
        found = found or at is not None
        yield _sample(manifest, row, at, people)
    require_any(manifest, [found], ".json or .png")
    if unmatched is not None:
        seen: set[str] = set()
        for each in kinds:
            lacking = [lost for lost in each.without_image(_rows) if lost.image not in seen]
            seen |= {lost.image for lost in lacking}
            unmatched += lacking


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images that the rule of the study's draw allows: names up to `_leftImg8bit`.

    Raises
    ------
    ParameterError
        When no object is called so.
    DataError
        When there is no folder of images.
    """
    rule, kinds = manifest.draw, _kinds(manifest)
    found = {
        name: each
        for name, each in _listed(manifest).items()
        if not (rule and rule.subset) or rule.subset in each.path.split("/")[:-1]
    }
    if not rule or not rule.labels:
        return list(found)
    words = {name: _words(kinds, each.file) for name, each in found.items()}
    listings.check_words(
        "labels", rule.labels, {*CLASSES, *(word for each in words.values() for word in each)}
    )
    return [name for name in found if not words[name].isdisjoint(rule.labels)]


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are; who made them is not said of each.

    Raises
    ------
    DataError
        With one fault per id that the folder does not have.
    """
    return listings.candidates(_listed(manifest), ids)


def _listed(manifest: Manifest) -> dict[str, listings.ListedImage]:
    found = listings.list_images(manifest).images
    if "images" not in manifest.files:
        found = tuple(each for each in found if each.stem.endswith(IMAGE_ENDING))
    return {each.stem.removesuffix(IMAGE_ENDING): each for each in found}


def _words(kinds: Collection[Companions], file: str) -> set[str]:
    at = _find(kinds, file)
    said = read_objects(at.path) if at and at.companions.naming is NAMINGS[0] else {}
    objects = said.get("objects") if isinstance(said, dict) else []
    rows = objects if isinstance(objects, list) else []
    return {each["label"] for each in rows if isinstance(each, dict) and isinstance(each.get("label"), str)}


@dataclass(frozen=True)
class _Found:
    """A file that stands for an image, and among which it lies."""

    companions: Companions
    path: Path


def _kinds(manifest: Manifest) -> list[Companions]:
    """Return the kinds of files that a study names; all of them where it names none."""
    every = [Companions(manifest, naming) for naming in NAMINGS]
    return [each for each in every if each.folders] or every


def _find(kinds: Collection[Companions], file: str) -> _Found | None:
    for each in kinds:
        if path := each.find(file):
            return _Found(each, path)
    return None


def _sample(manifest: Manifest, row: ImageRow, at: _Found | None, people: Pseudonyms) -> Sample:
    sample = manifest.sample(row)
    if at is None:
        return sample
    place = at.companions.place(at.path)
    said: dict[str, Any] = {"label_file": place}
    if at.companions.naming is NAMINGS[0]:
        made = outlines(at.path, place, row, people)
    else:
        of_instances = at.companions.naming is NAMINGS[1]
        made, unlabelled_px = areas(at.path, place, row, of_instances=of_instances)
        said |= {"unlabelled_px": unlabelled_px} if unlabelled_px else {}
    return replace(
        sample,
        regions=tuple(each for each in made if isinstance(each, Region)),
        rejected=tuple(each for each in made if not isinstance(each, Region)),
        said=said,
    )


def _rows(path: Path) -> Iterator[tuple[str, object]]:
    """Yield the objects of a file of outlines; of a label image its name alone."""
    if path.suffix.lower() == NAMINGS[0].suffix:
        said = read_objects(path)
        objects = said.get("objects") if isinstance(said, dict) else None
        for number, each in enumerate(objects if isinstance(objects, list) else [], start=1):
            yield f"object {number}", fields.writable(without_user(each))
    else:
        yield "", None
