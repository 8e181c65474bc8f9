"""Visual Genome v1.x: its JSON files, streamed for the images of a study.

The manifest's `files` name them, each optional, as `.json`, `.json.gz` or the `.zip` as distributed:
`image_data`, `objects`, `region_descriptions`, `relationships`, `attributes`. Names that begin with `images`
are archives of images. An image's id in the manifest is its `image_id`. Files of a gigabyte are read entry
by entry; only entries of the study's images are kept.

Objects become regions (ids of `o` and a number), region descriptions phrases (`r`), relationships
relationships (`q`). The versions differ in spelling (`image_id` or `id`, `names` or `name`, `w` or `width`);
all are read. Whatever has no field of its own is kept in `said` under the source's name:

- of a region, also the `attributes` of attributes.json, `in_attributes` where its row there says other things
  than its first, and `found_in` where it is not among objects.json's;
- of a relationship, `subject` and `object` where they say other things there than the regions.

Where an image has another size than image_data says, every box is scaled to it; `said["scaled_from"]` of the
image then holds Visual Genome's size, and `said` of each annotation the coordinates as they were. Boxes at
negative places or outside stay as they are. Rows whose box is none, or whose id comes a second time, are
listed whole in `said["rejected"]` of the image, with `file`, `id` and `why`.

A draw takes words of `names` or `synsets` in objects.json, to the letter. Visual Genome has no subsets, and
names neither an author nor a licence of an image.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from retrain_kit.datasets.formats import listings, streaming
from retrain_kit.datasets.visual_genome.scene import LISTS, Row, Scene, pop_first
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage.spill import SpilledNames, SpilledValues
from retrain_kit.studies.sampling import Candidate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Raises
    ------
    DataError
        With every fault of the files, as far as it concerns the images of the study.
    """
    _check_files(manifest)
    ids = {image.id for image in manifest.images}
    found: dict[str, dict[str, list[Row]]] = {}
    faults: list[Fault] = []
    for name in filter(manifest.files.__contains__, LISTS):
        try:
            found[name] = entries_by_image(manifest.files[name], ids)
        except DataError as error:
            faults += error.faults
    bare = [manifest.sample(image) for image in manifest.images]
    samples = [Scene(sample, manifest.files, faults).filled(found) for sample in bare]
    if faults:
        raise DataError(*faults)
    return samples


def stream(manifest: Manifest) -> Iterator[Sample]:
    """Yield what `read` returns, in little memory: the entries lie on the disk meanwhile.

    Raises
    ------
    DataError
        As `read`, at the end.
    """
    _check_files(manifest)
    ids = SpilledNames(image.id for image in manifest.images)
    shelves: dict[str, SpilledValues] = {}
    faults: list[Fault] = []
    for name in filter(manifest.files.__contains__, LISTS):
        shelf = SpilledValues()
        try:
            for image_id, entry in _by_image(manifest.files[name]):
                if image_id in ids:
                    shelf.put(image_id, entry)
            shelves[name] = shelf
        except DataError as error:
            faults += error.faults
    for image in manifest.images:
        found = {name: {image.id: shelf.get(image.id)} for name, shelf in shelves.items()}
        yield Scene(manifest.sample(image), manifest.files, faults).filled(found)
    if faults:
        raise DataError(*faults)


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
        return [image for image, _ in _by_image(_listed(manifest, "image_data"))]
    wanted, known = set(rule.labels), set()
    found = []
    for image, entry in _by_image(_listed(manifest, "objects")):
        words = set(_words(entry.get("objects")))
        known |= words
        if words & wanted:
            found.append(image)
    faults = [_unknown(word, known) for word in rule.labels if word not in known]
    if faults:
        raise ParameterError(*faults)
    return found


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are, as image_data and the archives say, in the order of the ids.

    Raises
    ------
    DataError
        With each image that image_data does not list with an address, or when it is broken.
    """
    path = _listed(manifest, "image_data")
    rows = entries_by_image(path, set(ids))
    members = listings.archive_members(manifest)
    faults: list[Fault] = []
    candidates = []
    for name in ids:
        url = str(next((row["url"] for row in rows.get(name, []) if row.get("url")), ""))
        file = re.search(r"[\w-]+/\w[\w.-]*$", urlsplit(url).path)
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
        When the file is missing or is no JSON, or with each entry that names no image.
    """
    kept: dict[str, list[Row]] = defaultdict(list)
    for image, entry in _by_image(path):
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


def _by_image(path: Path) -> Iterator[tuple[str, Row]]:
    """Yield a file's entries with the ids of their images; at the end raise the faults of the others."""
    faults: list[Fault] = []
    number = 0
    for number, entry in enumerate(streaming.stream_json_list(path, "a file of Visual Genome"), start=1):
        try:
            image = str(pop_first(entry, "image_id", "id"))
        except (KeyError, AttributeError):
            faults.append(Fault(f"{path}, entry {number}", "no image_id or id", "an object that has one"))
        else:
            yield image, entry
    if not number:
        faults.append(Fault(str(path), "no list, or an empty one", "a JSON list with an entry per image"))
    if faults:
        raise DataError(*faults)


def _listed(manifest: Manifest, name: str) -> Path:
    if name in manifest.files:
        return manifest.files[name]
    where = f"{manifest.name}.toml, files"
    raise DataError(Fault(where, f"no {name}", f"{name} = Visual Genome's {name}.json, or its .zip"))


def _words(rows: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    """Yield the names and synsets of objects, as far as they have the form of objects."""
    for row in rows if isinstance(rows, list) else []:
        for key in ("names", "name", "synsets") if isinstance(row, dict) else ():
            words = row.get(key) or []
            yield from map(str, words if isinstance(words, list) else [words])


def _unknown(word: str, known: Iterable[str]) -> Fault:
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.6)
    do = f"Near it: {', '.join(near)}." if near else ""
    return Fault("labels", repr(word), "a name or a synset of an object in objects.json", do)
