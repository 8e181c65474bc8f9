"""ImageNet in the small sample of FiftyOne's zoo (`imagenet-sample`): words, and no synsets.

Files of the manifest:

* `labels`: the sample's `labels.json`, with `classes` (a list of words) and `labels` (image → place in that
  list). The images lie beside it in the folder `data`;
* `synsets`, `wordnet`: see `retrain_kit.datasets.imagenet.tables`.

A label is the word, and `said` has all else of the file. The synset is given, with gloss and paths, where
exactly one synset of the mapping has the word as its first, or as its whole row of words. Of crane, which is
two, it stays unknown, and `said["synsets"]` lists both: the sample's words do not tell them apart.

Who annotated which image is not said: every annotator is unknown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import ImageLabel
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.datasets.formats.wordnet import SYNSET_ID
from retrain_kit.datasets.imagenet import tables as imagenet_tables
from retrain_kit.errors import DataError, Fault
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
    """What the sample's file says: its words in their order, and the annotations of each image."""

    classes: list[str]
    annotations: dict[str, list[Target]]

    @property
    def words(self) -> list[str]:
        """All words that images may bear: the listed ones, and those that stand at images unlisted."""
        borne = (
            str(annotation["class"])
            for annotations in self.annotations.values()
            for annotation in annotations
        )
        return list(dict.fromkeys([*self.classes, *borne]))


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Raises
    ------
    DataError
        With every fault of the files.
    """
    zoo, tables = _load(manifest)
    where = manifest.files["labels"]
    faults = [
        Fault(f"{where}, labels", f"no image {image.id}", "all images of the manifest")
        for image in manifest.images
        if image.id not in zoo.annotations
    ]
    if faults:
        raise DataError(*faults)
    return [
        replace(
            manifest.sample(image),
            labels=tuple(_label(annotation, tables) for annotation in zoo.annotations[image.id]),
        )
        for image in manifest.images
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
        table = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        faults.append(Fault(str(path), f"no labels ({error})", "labels.json of the sample"))
        return _Zoo([], {})
    table = table if isinstance(table, dict) else {}
    classes, labels = table.get("classes") or [], table.get("labels")
    if not isinstance(classes, list) or not isinstance(labels, dict):
        faults.append(
            Fault(str(path), "no classes or no labels", "a list of words, and images with places in it")
        )
        return _Zoo([], {})
    words = [str(word) for word in classes]
    return _Zoo(
        words, {name: _annotations(name, each, words, str(path), faults) for name, each in labels.items()}
    )


def _annotations(
    name: str,
    targets: Any,  # noqa: ANN401 - whatever JSON holds
    classes: list[str],
    where: str,
    faults: list[Fault],
) -> list[Target]:
    """Return what the file says of an image, each annotation with its word as `class`; list what is none."""
    if "/" in name or "\\" in name:
        faults.append(Fault(f"{where}, labels", repr(name), "an image in data itself: no slash in its name"))
    annotations = []
    for target in targets if isinstance(targets, list) else [targets]:
        annotation = dict(target) if isinstance(target, dict) else {"label": target}
        place = annotation.get("label")
        if isinstance(place, int) and not isinstance(place, bool) and 0 <= place < len(classes):
            annotations.append(annotation | {"class": classes[place]})
        elif isinstance(place, str):
            annotations.append(annotation | {"class": place})
        elif target is not None:
            expected = f"a place in classes, from 0 to {len(classes) - 1}"
            faults.append(Fault(f"{where}, labels, {name}", json.dumps(target)[:60], expected))
    return annotations


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
