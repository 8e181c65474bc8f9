"""ImageNet in the small sample of FiftyOne's zoo (`imagenet-sample`): words, and no synsets.

Files of the manifest:

* `labels`: the sample's `labels.json`, with `classes` (a list of words) and `labels` (image → place in that
  list). The images lie beside it in the folder `data`;
* `synsets`, `wordnet`: see `retrain_kit.datasets.imagenet.tables`.

A label is the word, and `said` has all else of the file. The synset is given, with gloss and paths, where
exactly one synset of the mapping has the word as its first, or as its whole row of words. Of crane, which is
two, it stays unknown, and `said["synsets"]` lists both: the sample's words do not tell them apart.

What is no word and no place in the list is listed with its image. Rows of images that lie neither in the
study nor in the folder match none, where images lie there. An image may be without a row; where all are, that
is a fault.

Who annotated which image is not said: every annotator is unknown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import ImageLabel, RejectedAnnotation
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.datasets.formats import values
from retrain_kit.datasets.formats.wordnet import SYNSET_ID
from retrain_kit.datasets.imagenet import tables as imagenet_tables
from retrain_kit.errors import DataError, Fault, reason_of
from retrain_kit.studies.sampling import Candidate

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.datasets.imagenet.tables import Tables
    from retrain_kit.studies.manifests import Manifest

    Target = dict[str, Any]


@dataclass(frozen=True)
class _Zoo:
    """What the sample's file says: its words in their order, each image's annotations, and what is none."""

    classes: list[Any]
    annotations: dict[str, list[Target]]
    rejected: dict[str, list[RejectedAnnotation]] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        """All words that images may bear: the listed ones, and those that stand at images unlisted."""
        borne = [each["class"] for annotations in self.annotations.values() for each in annotations]
        return list(dict.fromkeys([*(word for word in self.classes if isinstance(word, str)), *borne]))


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where rows go for which there is no image.

    Raises
    ------
    DataError
        With every fault of the files, and where they have none of the images.
    """
    zoo, tables = _load(manifest)
    where = manifest.files["labels"]
    images = (manifest.part_of or manifest).images
    if images and not any(image.id in zoo.annotations for image in images):
        first = next(iter(images)).id
        raise DataError(Fault(f"{where}, labels", f"no image {first}", "all images of the manifest"))
    if unmatched is not None:
        unmatched += _without_image(manifest, zoo)
    return [
        manifest.sample(
            image,
            labels=tuple(_label(annotation, tables) for annotation in zoo.annotations.get(image.id, ())),
            rejected=tuple(zoo.rejected.get(image.id, ())),
        )
        for image in manifest.images
    ]


def _without_image(manifest: Manifest, zoo: _Zoo) -> list[RejectedAnnotation]:
    """Return the rows for which there is no image in the study nor in the folder, where images lie there."""
    whole = manifest.part_of or manifest
    folder = manifest.files["labels"].parent / "data"
    there = {path.stem for path in folder.glob("*") if path.is_file()}
    known = there | {image.id for image in whole.images}
    if not there or whole.downloads or whole.image_url:
        return []
    place = manifest.files["labels"].name
    return [
        RejectedAnnotation(name, f"no image {name}", place=f"{place}, {name}", row=annotations)
        for name, annotations in zoo.annotations.items()
        if name not in known
    ]


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images that the study's rule allows.

    A label is a word of the sample, or the id of a synset that has its word for itself. A word that is two
    synsets' draws from both.

    Raises
    ------
    ParameterError
        With each label that the sample does not have.
    DataError
        With the faults of the files.
    """
    zoo, tables = _load(manifest)
    synsets = {word: tuple(_synsets(word, tables)) for word in zoo.words}
    known = Taxonomy(Synset(word, found if len(found) == 1 else ()) for word, found in synsets.items())
    wanted = {each.id for each in known.meanings(manifest.draw.labels if manifest.draw else ())}
    return [
        name
        for name, annotations in zoo.annotations.items()
        if not wanted or any(annotation["class"] in wanted for annotation in annotations)
    ]


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are; the sample says neither author nor licence nor address.

    Raises
    ------
    DataError
        With each image that is not in the folder.
    """
    folder = manifest.files["labels"].parent / "data"
    below = folder.relative_to(manifest.folder).as_posix()
    files = {path.stem: path.name for path in sorted(folder.glob("*")) if path.is_file()}
    faults = [
        Fault(str(folder), f"no image {name}", "all of the sample") for name in ids if name not in files
    ]
    if faults:
        raise DataError(*faults)
    return [Candidate(name, PurePosixPath(below, files[name]).as_posix()) for name in ids]


def _load(manifest: Manifest) -> tuple[_Zoo, Tables]:
    faults: list[Fault] = []
    if "labels" not in manifest.files:
        raise DataError(
            Fault(f"{manifest.name}.toml, files", "no labels", "labels = labels.json of the sample")
        )
    tables = imagenet_tables.load_tables(manifest.files, faults)
    zoo = _zoo(manifest.files["labels"], faults)
    if faults:
        raise DataError(*faults)
    return zoo, tables


def _zoo(path: Path, faults: list[Fault]) -> _Zoo:
    try:
        table = json.loads(path.read_bytes(), object_pairs_hook=values.once)
    except (OSError, ValueError, RecursionError) as error:
        faults.append(Fault(str(path), f"no labels ({reason_of(error)})", "labels.json of the sample"))
        return _Zoo([], {})
    table = table if isinstance(table, dict) else {}
    classes, labels = table.get("classes") or [], table.get("labels")
    if not isinstance(classes, list) or not isinstance(labels, dict):
        faults.append(
            Fault(str(path), "no classes or no labels", "a list of words, and images with places in it")
        )
        return _Zoo([], {})
    zoo = _Zoo(classes, {})
    for name, each in labels.items():
        zoo.annotations[name] = _annotations(name, each, zoo, path.name)
    return zoo


def _annotations(
    name: str,
    targets: Any,  # noqa: ANN401 - whatever JSON holds
    zoo: _Zoo,
    place: str,
) -> list[Target]:
    """Return what the file says of an image, each annotation with its word as `class`; list what is none."""
    annotations = []
    for target in targets if isinstance(targets, list) else [targets]:
        if target is None:
            continue
        annotation = dict(target) if isinstance(target, dict) else {"label": target}
        try:
            annotations.append(annotation | {"class": _word(annotation.get("label"), zoo.classes)})
        except ValueError as error:
            found = RejectedAnnotation(name, str(error), place=f"{place}, {name}", row=target)
            zoo.rejected.setdefault(name, []).append(found)
    return annotations


def _word(label: object, classes: list[Any]) -> str:
    """Return the word of an annotation: the one at its place in the list, or the one that it holds itself.

    Raises
    ------
    ValueError
        When it is neither.
    """
    if isinstance(label, str):
        return values.word(label, "label")
    number = values.number_id(label)
    if number is None or number.startswith("-") or int(number) >= len(classes):
        raise ValueError(f"label: {values.shown(label)}, no place in classes, from 0 to {len(classes) - 1}")
    return values.word(classes[int(number)], f"classes, {number}")


def _label(annotation: Target, tables: Tables) -> ImageLabel:
    found = _synsets(annotation["class"], tables)
    said = annotation | (dict(tables.label(found[0]).said) if len(found) == 1 else {})
    said |= {"synsets": found} if len(found) > 1 else {}
    return ImageLabel(annotation["class"], present=True, said=said)


def _synsets(word: str, tables: Tables) -> list[str]:
    """Return the synsets of the mapping with this word as their first or only one; or the id itself."""
    if SYNSET_ID.fullmatch(word):
        return [word]
    return [each.id for each in tables.synsets if word in (each.words, *each.lemmas[:1])]
