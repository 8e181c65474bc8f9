"""Tencent ML-Images: lists of addresses with words; the images themselves were never given out.

Files of the manifest: `urls`, a list of addresses (`train_urls_from_openimages.txt` and its kin), or
`imagenet_ids`, a list of ImageNet's files (`train_image_id_from_imagenet.txt`), or both; and
`dictionary`, the file `dictionary_and_semantic_hierarchy.txt`. The lists have an image a line: its
address or file, then between tabs the numbers of its classes, each with a confidence, `2367:1`. They are
read line by line.

An image of ImageNet has ImageNet's id (`n04310904_8388`). For an address the lists have no id: it is the
SHA-1 of the address, in 40 hexadecimal digits, so it does not depend on the place in the list. An image
that comes in several lines has the words of all.

A word is the class's name in the dictionary, its number where there is no dictionary. Its `said` holds
number, confidence as written, `category_id` (WordNet's) and `parent`. Confidence 1 counts as present, 0
as absent, anything between as not said. Which words came from ImageNet or Open Images, which from
climbing the hierarchy, and which from a program's guess at what occurs together, the lists do not say; so
no word has an annotator. What stands in the line of an image and is no class with a confidence is listed
among what was rejected.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.annotations.samples import ImageLabel, RejectedAnnotation
from retrain_kit.datasets.formats import listings, opening
from retrain_kit.datasets.formats.values import number_id
from retrain_kit.errors import DataError, Fault, reason_of
from retrain_kit.studies.sampling import Candidate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import ImageRow, Manifest

LISTS = ("urls", "imagenet_ids")
MAX_FAULTS = 20
"""So many wrong lines are reported one by one; the others are counted."""

_TAG = re.compile(r"[0-9]+:[0-9]+(\.[0-9]+)?")
_DICTIONARY_CELLS = 4


@dataclass(frozen=True)
class ListLine:
    """A line of a list: the image's id, its address or file, its words as written, and what is none."""

    id: str
    place: str
    tags: tuple[str, ...]
    line: int
    file: str
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class DictionaryLine:
    """A line of the dictionary."""

    number: str
    category_id: str
    parent: str
    name: str


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Raises
    ------
    DataError
        With the faults of the lists and of the dictionary, or one per image that no list has.
    """
    listings.check_files(manifest, *LISTS, "dictionary")
    classes = _classes(manifest)
    found = _found(manifest, {image.id for image in manifest.images})

    def sample(image: ImageRow) -> Sample:
        entries = found[image.id]
        labels = [_label(tag, classes) for tag in dict.fromkeys(tag for each in entries for tag in each.tags)]
        said = {"place": entries[0].place, "lines": [each.line for each in entries]}
        rejected = tuple(_rejected(each, tag) for each in entries for tag in each.wrong)
        return manifest.sample(image, labels=tuple(labels), rejected=rejected, said=said)

    return listings.make_samples(manifest, sample, "an image of the lists")


def ids(manifest: Manifest) -> Iterator[str]:
    """Yield the ids of all images that bear one of the rule's words: a name, a WordNet id or a number.

    Raises
    ------
    DataError
        With the faults of the lists and of the dictionary.
    ParameterError
        When the rule names words that the dictionary does not have.
    """
    labels = manifest.draw.labels if manifest.draw else ()
    classes = _classes(manifest)
    known = {word for each in classes.values() for word in (each.name, each.category_id, each.number)}
    listings.check_words("labels", labels, known)
    asked = {
        number
        for number, each in classes.items()
        if {each.name, each.category_id, each.number}.intersection(labels)
    }

    def bears(tags: list[str]) -> bool:
        return not labels or any(number_id(tag.partition(":")[0]) in asked for tag in tags)

    return (entry.id for entry in _entries(manifest, bears))


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images can be fetched; an image of ImageNet has to be brought.

    Raises
    ------
    DataError
        With the faults of the lists, or one per id that they do not have.
    """
    found = _found(manifest, set(ids))
    return [_candidate(found[name][0]) for name in ids]


def id_of_url(url: str) -> str:
    """Return the id of the image at an address."""
    return hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()


def _candidate(entry: ListLine) -> Candidate:
    if "://" not in entry.place:
        return Candidate(entry.id, entry.place, source=f"ImageNet, {entry.place}")
    ending = PurePosixPath(entry.place).suffix.lower()
    file = f"{entry.id}{ending if ending in listings.IMAGE_SUFFIXES else '.jpg'}"
    return Candidate(entry.id, file, entry.place, source=entry.place)


def _label(tag: str, classes: dict[str, DictionaryLine]) -> ImageLabel:
    number, _, confidence = tag.partition(":")
    said = {"class": number, "confidence": confidence}
    if known := classes.get(number_id(number) or number):
        said |= {"category_id": known.category_id, "parent": known.parent}
    present = {1.0: True, 0.0: False}.get(float(confidence))
    return ImageLabel(known.name if known else number, present, said=said)


def _rejected(entry: ListLine, tag: str) -> RejectedAnnotation:
    why = f"{tag!r}, no class with a confidence (2367:1)"
    return RejectedAnnotation(entry.id, why, place=f"{entry.file}, line {entry.line}", row=tag)


def _found(manifest: Manifest, wanted: set[str]) -> dict[str, list[ListLine]]:
    """Return the lines of the wanted images."""
    found = defaultdict(list)
    for entry in _entries(manifest):
        if entry.id in wanted:
            found[entry.id].append(entry)
    listings.require_listed(sorted(wanted), found)
    return found


def _entries(manifest: Manifest, bears: Callable[[list[str]], bool] = lambda _: True) -> Iterator[ListLine]:
    """Yield the lines of the lists whose words are wanted; raise the faults of all others at the end."""
    faults: list[Fault] = []
    wrong = 0
    paths = [(manifest.files[name], name) for name in LISTS if name in manifest.files]
    if not paths:
        faults.append(Fault(f"{manifest.name}.toml, files", "no list", f"one of {', '.join(LISTS)}"))
    for path, name in paths:
        for number, line in _lines(path, manifest.access.how):
            place, *tags = line.split("\t") if "\t" in line else line.split()
            if _fits(place, name):
                wrong_tags = [tag for tag in tags or [""] if not _TAG.fullmatch(tag)]
                good = [tag for tag in tags if tag not in wrong_tags] if wrong_tags else tags
                if bears(good):
                    own = id_of_url(place) if name == "urls" else PurePosixPath(place).stem
                    yield ListLine(own, place, tuple(good), number, path.name, tuple(wrong_tags))
            else:
                wrong += 1
                if wrong <= MAX_FAULTS:
                    faults.append(_wrong(f"{path}, line {number}", line, name))
    if wrong > MAX_FAULTS:
        faults.append(Fault("the lists", f"{wrong - MAX_FAULTS} more such lines", "none"))
    if faults:
        raise DataError(*faults)


def _fits(place: str, name: str) -> bool:
    """Tell whether a line begins as it should: with an address, or with one of ImageNet's files."""
    if name == "urls":
        return place.startswith(("http://", "https://"))
    return bool(re.fullmatch(r"n\d{8}/[\w.-]+", place))


def _wrong(where: str, line: str, name: str) -> Fault:
    begin = "an address" if name == "urls" else "a file of ImageNet"
    return Fault(where, repr(line[:80]), f"{begin}, then classes with a confidence (2367:1) between tabs")


def _lines(path: Path, how: str) -> Iterator[tuple[int, str]]:
    try:
        with opening.open_text(path) as file:
            for number, line in enumerate(file, start=1):
                if stripped := line.strip():
                    yield number, stripped
    except (OSError, UnicodeError) as error:
        expected = "a list of Tencent ML-Images"
        raise DataError(Fault(str(path), f"no list ({reason_of(error)})", expected, how)) from None


def _classes(manifest: Manifest) -> dict[str, DictionaryLine]:
    """Return the classes of the dictionary by their numbers."""
    path = manifest.files.get("dictionary")
    if not path:
        return {}
    classes: dict[str, DictionaryLine] = {}
    faults: list[Fault] = []
    for number, line in _lines(path, manifest.access.how):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) == _DICTIONARY_CELLS and (key := number_id(cells[0])):
            first = classes.setdefault(key, DictionaryLine(*cells))
            if first.name != cells[3]:
                found = f"the class {key} as {first.name!r} and as {cells[3]!r}"
                faults.append(Fault(f"{path}, line {number}", found, "one name a class"))
        elif number > 1:
            expected = "number, WordNet id, number of the parent and name between tabs"
            faults.append(Fault(f"{path}, line {number}", repr(line[:80]), expected))
    if faults:
        raise DataError(*faults[:MAX_FAULTS])
    return classes
