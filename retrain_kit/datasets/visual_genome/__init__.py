"""Visual Genome v1.x: its JSON files, streamed for the images of a study.

The manifest's `files` name them, each optional, as `.json`, `.json.gz` or the `.zip` as distributed:
`image_data`, `objects`, `region_descriptions`, `relationships`, `attributes`. Names that begin with `images`
are archives of images. An image's id in the manifest is its `image_id`: a number, and 1, 1.0 and "1" are the
same one; those of objects, relationships and regions too. Files of a gigabyte are read entry by entry; only
entries of the study's images are kept.

Objects become regions (ids of `o` and a number), region descriptions phrases (`r`), relationships
relationships (`q`). The versions differ in spelling (`image_id` or `id`, `names` or `name`, `w` or `width`);
all are read. Whatever has no field of its own is kept in `said` under the source's name:

- of a region, also the `attributes` of attributes.json, `in_attributes` where its row there says other things
  than its first, and `found_in` where it is not among objects.json's;
- of a relationship, `subject` and `object` where they say other things there than the regions.

Where an image has another size than image_data says, every box is scaled to it; `said["scaled_from"]` of the
image then holds Visual Genome's size, and `said` of each annotation the coordinates as they were. Boxes at
negative places or outside stay as they are. Rows of which no annotation can be made (no box, an id a second
time, no text where there should be one) are listed with their image; where it was cut or turned, all of them.

Entries that name no image, or one that image_data does not list, match none. A file may be without entries of
a study's images, image_data may not: it lists all that Visual Genome has.

A draw takes words of `names` or `synsets` in objects.json, to the letter. Visual Genome has no subsets, and
names neither an author nor a licence of an image.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.datasets.formats import listings
from retrain_kit.datasets.visual_genome import entries
from retrain_kit.datasets.visual_genome.scene import LISTS, Row, Scene, image_key
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage.spill import SpilledNames, SpilledValues
from retrain_kit.storage.texts import path_of
from retrain_kit.studies.sampling import Candidate

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where the entries go that name no image, or one that image_data does not list.

    Raises
    ------
    DataError
        With every file that cannot be used, and where image_data lists none of the images.
    """
    _check_files(manifest)
    found: dict[str, dict[str, list[Row]]] = {name: defaultdict(list) for name in LISTS}
    faults: list[Fault] = []
    keys: set[str] = set()
    twice = [image.id for image in manifest.images if not _added(keys, image_key(image.id))]
    _check_once(manifest, twice)
    for name, key, entry in _wanted(manifest, keys, faults, unmatched):
        found[name][key].append(entry)
    bare = [manifest.sample(image) for image in manifest.images]
    samples = [Scene(sample, manifest.files).sample_with(found) for sample in bare]
    if faults:
        raise DataError(*faults)
    return samples


def stream(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> Iterator[Sample]:
    """Yield what `read` returns, in little memory: the entries lie on the disk meanwhile.

    Parameters
    ----------
    manifest, unmatched
        As for `read`.

    Raises
    ------
    DataError
        As `read`, at the end.
    """
    _check_files(manifest)
    shelves = {name: SpilledValues() for name in LISTS}
    faults: list[Fault] = []
    keys = SpilledNames()
    _check_once(manifest, [image.id for image in manifest.images if not keys.add(image_key(image.id))])
    for name, key, entry in _wanted(manifest, keys, faults, unmatched):
        shelves[name].put(key, entry)
    for image in manifest.images:
        key = image_key(image.id)
        found = {name: {key: shelf.get(key)} for name, shelf in shelves.items()}
        yield Scene(manifest.sample(image), manifest.files).sample_with(found)
    if faults:
        raise DataError(*faults)


def _added(keys: set[str], key: str) -> bool:
    before = len(keys)
    keys.add(key)
    return len(keys) > before


def _check_once(manifest: Manifest, twice: Collection[str]) -> None:
    """Raise where two of a study's ids are the same number."""
    where, expected = f"{manifest.name}.csv", "every number once: Visual Genome's ids are numbers"
    if twice:
        raise DataError(*(Fault(where, f"{name}, the number of another id", expected) for name in twice))


def _wanted(
    manifest: Manifest,
    keys: Container[str],
    faults: list[Fault],
    unmatched: list[RejectedAnnotation] | None,
) -> Iterator[tuple[str, str, Row]]:
    """Yield the entries of wanted images, each with its file and its image; list those that match none."""
    known: set[str] | None = None
    for name in filter(manifest.files.__contains__, LISTS):
        path, met, listed = manifest.files[name], False, set()
        try:
            for key, entry in entries.by_image(path, unmatched):
                if name == "image_data":
                    listed.add(key)
                if key in keys:
                    met = True
                    yield name, key, entry
                elif known is not None and key not in known and unmatched is not None:
                    unmatched.append(_unlisted(path, key, entry))
        except DataError as error:
            faults += error.faults
            continue
        if name == "image_data":
            known = listed
            if manifest.images and not met:
                do = "Are the study's ids those of Visual Genome, its image_id?"
                faults.append(Fault(str(path), "none of the study's images", "all of them", do))


def _unlisted(path: Path, key: str, entry: Row) -> RejectedAnnotation:
    """Return an entry that is of no image of image_data; of its lists, how long they are."""
    lists = {name: len(value) for name, value in entry.items() if isinstance(value, list)}
    held = "".join(f"; {count} {name}" for name, count in lists.items())
    rest = {name: value for name, value in entry.items() if name not in lists}
    reason = f"image_data lists no image {key}{held}"
    return RejectedAnnotation(key, reason, place=f"{path.name}, image {key}", row=rest)


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images that the rule of the study's draw allows.

    Raises
    ------
    ParameterError
        When no object bears one of the rule's labels, or it asks for a subset.
    DataError
        When the file that lists them is missing or broken.
    """
    rule = manifest.draw
    if rule and rule.subset:
        raise ParameterError(Fault("subset", repr(rule.subset), "none: Visual Genome has no subsets"))
    if not rule or not rule.labels:
        return list(
            dict.fromkeys(image for image, _ in entries.by_image(entries.file_of(manifest, "image_data")))
        )
    wanted, known = set(rule.labels), set()
    found = []
    for image, entry in entries.by_image(entries.file_of(manifest, "objects")):
        words = set(_words(entry.get("objects")))
        known |= words
        if words & wanted:
            found.append(image)
    faults = [_unknown(word, known) for word in rule.labels if word not in known]
    if faults:
        raise ParameterError(*faults)
    return list(dict.fromkeys(found))


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are, as image_data and the archives say, in the order of the ids.

    Raises
    ------
    DataError
        With each image that image_data does not list with an address, or when it is broken.
    """
    path = entries.file_of(manifest, "image_data")
    rows = entries_by_image(path, {image_key(name) for name in ids})
    members = listings.archive_members(manifest)
    faults: list[Fault] = []
    candidates = []
    for name in ids:
        urls = (row.get("url") for row in rows.get(image_key(name), []))
        url = next((url for url in urls if isinstance(url, str) and url), "")
        file = re.search(r"[\w-]+/\w[\w.-]*$", path_of(url))
        if file:
            archive = members.get(file[0], ())
            candidates.append(Candidate(name, file[0], url, archive, source=url))
        else:
            faults.append(Fault(f"{path}, image {name}", repr(url), "an address that ends in folder/file"))
    if faults:
        raise DataError(*faults)
    return candidates


def entries_by_image(path: Path, ids: Collection[str]) -> dict[str, list[Row]]:
    """Stream a file and return its entries of these images by image, without the image's id.

    Raises
    ------
    DataError
        When the file is missing or is no JSON, or when no entry names an image.
    """
    kept: dict[str, list[Row]] = defaultdict(list)
    for image, entry in entries.by_image(path):
        if image in ids:
            kept[image].append(entry)
    return kept


def _check_files(manifest: Manifest) -> None:
    unknown = sorted(
        name for name in manifest.files if name not in LISTS and not name.startswith(listings.ARCHIVE_PREFIX)
    )
    if unknown:
        expected = f"some of {', '.join(LISTS)}"
        raise DataError(Fault(f"{manifest.name}.toml, files", ", ".join(unknown), expected))


def _words(rows: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    """Yield the names and synsets of objects, as far as they have the form of objects."""
    for row in rows if isinstance(rows, list) else []:
        for key in ("names", "name", "synsets") if isinstance(row, dict) else ():
            words = row.get(key) or []
            listed = words if isinstance(words, list) else [words]
            yield from (word for word in listed if isinstance(word, str))


def _unknown(word: str, known: Iterable[str]) -> Fault:
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.6)
    do = f"Near it: {', '.join(near)}." if near else ""
    return Fault("labels", repr(word), "a name or a synset of an object in objects.json", do)
