"""COCO's layouts: JSON files of annotations beside folders of images, or in each split's folder.

A file is COCO's where it is an object with the lists `images` and `annotations`, whatever its name. Its
images are looked for in the folders that are called like its split, beside it as Roboflow has them, in
`images` beside its folder, and at last by their names anywhere. Captions and keypoints come with it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from retrain_kit.datasets.coco import files as coco_files
from retrain_kit.datasets.formats import fields, json_entries, opening
from retrain_kit.datasets.layouts.found import OUTLINES, Found, FoundImage
from retrain_kit.datasets.layouts.readmes import stated_in_readmes
from retrain_kit.errors import DataError, Fault, names_in_words, reason_of
from retrain_kit.storage.files import size_in_words
from retrain_kit.storage.spill import SpilledNames
from retrain_kit.storage.texts import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import ListedFile, Listing

    Row = dict[str, Any]

UNSAID = "Who drew which annotation, where it has no field of its own for that, and who checked it."
_ENDINGS = (".json", ".gz")
_MOST_IN_FOLDER = 50
"""Of more JSON files in a folder those alone are looked at that are called COCO's."""
_GENERIC = {
    "annotations",
    "annotation",
    "instances",
    "labels",
    "result",
    "results",
    "coco",
    "data",
    "dataset",
}
_PREFIXES = ("instances_", "captions_", "person_keypoints_", "keypoints_")
_OF_COCO = re.compile(r"coco|instances|captions|keypoints", re.IGNORECASE)


@dataclass(frozen=True)
class _JsonFile:
    """A file of COCO's annotations: its path, which of the reader's kinds it is, and its split."""

    file: ListedFile
    kind: str
    split: str
    info: Row

    @property
    def path(self) -> str:
        return self.file.path


def find(listing: Listing) -> Found | None:
    """Return the data set of the COCO files in a folder."""
    every = [found for each in _candidates(listing) if (found := _look_into(listing, each))]
    instances = [each for each in every if each.kind == "instances"]
    instances += [each for each in every if each.kind == "keypoints" and not _beside(each, instances)]
    if not instances:
        return None
    more = [each for each in every if each.kind in {"captions", "keypoints"}]
    images = _Images(listing, instances)
    readme = stated_in_readmes(listing)
    return Found(
        layout="coco",
        dataset="coco",
        files=_named([*((("instances", each)) for each in instances), *((each.kind, each) for each in more)]),
        images=images.found,
        sentences=(*_sentences(instances, more), *readme.sentences),
        detail=OUTLINES,
        version=_stated(instances, "version"),
        licence=readme.licence or _licences(instances),
        publication=_publication(instances),
        how=readme.how,
        looked_into=readme.files,
        undisclosed=(UNSAID,),
    )


def _candidates(listing: Listing) -> Iterator[ListedFile]:
    """Yield the files that may be COCO's; of a JSON for each image, none is."""
    for place, contents in listing.folders.items():
        number = sum(contents.endings[ending] for ending in _ENDINGS)
        for each in listing.files(place, *_ENDINGS) if number else ():
            is_json = each.name.lower().endswith((".json", ".json.gz"))
            if is_json and (number <= _MOST_IN_FOLDER or _OF_COCO.search(each.name)):
                yield each


def _beside(other: _JsonFile, instances: Sequence[_JsonFile]) -> bool:
    return any(each.split == other.split for each in instances)


def _named(files: Sequence[tuple[str, _JsonFile]]) -> dict[str, str]:
    """Return the paths of files under the reader's names: a kind, and the split behind it."""
    named: dict[str, str] = {}
    for kind, each in files:
        name = f"{kind}_{each.split}" if each.split else kind
        named[name if name not in named else f"{name}-{len(named)}"] = each.path
    return named


# -- what a file is


_LISTS = re.compile(rb'"(images|annotations)"\s*:\s*\[')
_CHUNK_BYTES, _OVERLAP_BYTES = 1 << 20, 1 << 6


def _look_into(listing: Listing, file: ListedFile) -> _JsonFile | None:
    """Return a file with its kind; None where it is none of COCO's that the kit reads."""
    path = listing.root / file.path
    try:
        with opening.open_unpacked(path) as opened:
            head = opened.read(_CHUNK_BYTES)
            if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
                return None
            first = _first_annotation(head, opened)
    except (OSError, EOFError):
        return None
    kind = _kind(first) if first else ""
    if not kind and file.ending == ".json" and _LISTS.search(head) and _is_cut(listing, file):
        kind = "instances"  # whoever reads it says that it was cut
    return _JsonFile(file, kind, _split(file), _info(head)) if kind else None


def _is_cut(listing: Listing, file: ListedFile) -> bool:
    return not listing.tail(file.path, 1 << 10).rstrip().endswith(b"}")


def _first_annotation(text: bytes, opened: Any) -> bytes | None:  # noqa: ANN401 - a file of bytes
    """Return how the list of annotations begins; None where the file has not both lists."""
    met: set[bytes] = set()
    first = b""
    while text:
        for found in _LISTS.finditer(text):
            if found[1] == b"annotations" and not first:
                first = text[found.end() :]
                first += opened.read(_CHUNK_BYTES) if len(first) < _CHUNK_BYTES else b""
            met.add(found[1])
        if len(met) == len((b"images", b"annotations")):
            return first
        more = opened.read(_CHUNK_BYTES)
        text = text[-_OVERLAP_BYTES:] + more if more else b""
    return None


def _kind(first: bytes) -> str:
    """Return which of the reader's kinds a file is, by its first annotation; empty where it is none."""
    text = first.decode("utf-8", "replace").lstrip()
    if text.startswith("]"):
        return "instances"
    try:
        row, _ = json.JSONDecoder().raw_decode(text)
        keys = set(row) if isinstance(row, dict) else set()
    except (ValueError, RecursionError):
        keys = set(re.findall(r'"(\w+)"\s*:', text[: 1 << 12]))
    if "segments_info" in keys:
        return ""
    if "caption" in keys and not {"bbox", "segmentation"} & keys:
        return "captions"
    if "keypoints" in keys:
        return "keypoints"
    return "instances" if "category_id" in keys and {"bbox", "segmentation"} & keys else ""


def _split(file: ListedFile) -> str:
    """Return the split that a file is of, by its name or its folder's; empty where neither says one."""
    stem = file.name.lower().removesuffix(".gz").removesuffix(".json")
    bare = file.name[: len(stem)]
    for prefix in _PREFIXES:
        bare = bare[len(prefix) :] if bare.lower().startswith(prefix) else bare
    folder = PurePosixPath(file.folder).name
    if stem.strip("_").split(".")[0] not in _GENERIC and bare.lower() not in _GENERIC:
        return _as_name(bare)
    return "" if folder.lower() in {*_GENERIC, "images"} else _as_name(folder)


def _as_name(text: str) -> str:
    """Return a text as it can stand in the name of a file of a study and in an id."""
    return re.sub(r"[^\w.]+", "-", text).strip("-.")


def _info(head: bytes) -> Row:
    """Return the block `info` of a file, where it stands at its beginning."""
    text = head.decode("utf-8", "replace")
    place = re.search(r'"info"\s*:\s*(?=\{)', text)
    try:
        found, _ = json.JSONDecoder().raw_decode(text, place.end()) if place else ({}, 0)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


# -- what its files say of the whole


def _stated(files: Sequence[_JsonFile], *keys: str) -> str:
    """Return what the blocks `info` say under keys, each thing once."""
    said = (each.info.get(key) for each in files for key in keys)
    texts = (str(value).strip() for value in said if isinstance(value, str | int | float))
    return ", ".join(dict.fromkeys(fields.writable(text) for text in texts if text))


def _publication(files: Sequence[_JsonFile]) -> dict[str, str]:
    url = _stated(files, "url")
    said = {
        "url": url if url.startswith(("http://", "https://")) and ", " not in url else "",
        "published": _stated(files, "year"),
        "cite": _stated(files, "description", "contributor"),
    }
    return {key: text for key, text in said.items() if text}


def _licences(files: Sequence[_JsonFile]) -> str:
    return "annotations: unknown; images: as the annotation file lists each, in the table" if files else ""


def _sentences(instances: Sequence[_JsonFile], more: Sequence[_JsonFile]) -> Iterator[str]:
    yield f"COCO: {_in_words(instances)}."
    for kind in ("captions", "keypoints"):
        if of_kind := [each for each in more if each.kind == kind and each not in instances]:
            yield f"{kind.capitalize()}: {_in_words(of_kind)}."
    if said := _stated(instances, "description", "contributor", "year"):
        yield f"Of itself it says: {said}."


def _in_words(files: Sequence[_JsonFile]) -> str:
    return names_in_words([f"{each.path} ({size_in_words(each.file.size_bytes)})" for each in files])


# -- its images


class _Images:
    """The images that files of instances list, each with its file in the folder."""

    def __init__(self, listing: Listing, files: Sequence[_JsonFile]) -> None:
        self._listing, self._files = listing, files

    def found(self, left_out: LeftOut) -> Iterator[FoundImage]:
        """Yield the images. Where several splits number theirs alike, ids begin with the split's name."""
        prefixed = self._share_ids
        for each in self._files:
            places = _Places(self._listing, each, self._files)
            for row in _image_rows(self._listing, each):
                image = fields.id_key(row.get("id"))
                name = row.get("file_name")
                if not image or not isinstance(name, str) or not name:
                    left_out.add(
                        f"{each.path}, image {image or '?'}", "an image without an id or a file's name"
                    )
                    continue
                file, why = places.find(name)
                if why:
                    left_out.add(name, why)
                    continue
                name = f"{each.split}-{image}" if prefixed else image
                yield _found_image(name, file, row, each.split)

    @cached_property
    def _share_ids(self) -> bool:
        """Whether an id is one image in one split and another in another."""
        known = SpilledNames()
        several = len(self._files) > 1
        return several and not all(
            known.add(fields.id_key(row.get("id")))
            for each in self._files
            for row in _image_rows(self._listing, each)
        )


def _found_image(name: str, file: str, row: Row, split: str) -> FoundImage:
    sizes = [row.get(key) for key in ("width", "height")]
    width_px, height_px = (size if type(size) is int and size > 0 else 0 for size in sizes)
    licence = fields.writable(coco_files.licence_text(row))
    addresses = (row.get(key) for key in ("flickr_url", "coco_url"))
    source = next((each for each in addresses if isinstance(each, str) and fields.is_text(each) and each), "")
    return FoundImage(name, file, width_px, height_px, licence, source=source, split=split)


def _image_rows(listing: Listing, file: _JsonFile) -> Iterator[Row]:
    """Yield the rows of a file's images, the licence in full in the place of its number.

    Raises
    ------
    DataError
        When the file is broken before their end.
    """
    path = listing.root / file.path
    licences: dict[str, Row] = {}
    if b'"licenses"' in listing.tail(file.path):
        stated = (row for name, row in _rows(path, "") if name == "licenses")
        licences |= {fields.id_key(row.get("id")): row for row in stated}
    for name, row in _rows(path, "images"):
        if name == "licenses":
            licences[fields.id_key(row.get("id"))] = row
        elif name == "images":
            yield row | {"license": licences.get(fields.id_key(row.get("license")), row.get("license"))}


def _rows(path: Path, last: str) -> Iterator[tuple[str, Row]]:
    """Yield the objects in the lists of a file, with their list's name, up to the end of the last wanted."""
    met = False
    try:
        for entry in json_entries.stream_entries(path):
            if met and entry.name != last:
                return
            met = met or entry.name == last
            if entry.number and isinstance(entry.value, dict):
                yield entry.name, entry.value
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(
            Fault(str(path), f"no annotations ({reason_of(error)})", "a JSON file of COCO")
        ) from None


class _Places:
    """The folders in which the images of a file are looked for."""

    def __init__(self, listing: Listing, file: _JsonFile, files: Sequence[_JsonFile]) -> None:
        self._listing = listing
        others = {each.split.lower() for each in files} - {file.split.lower(), ""}
        self._folders = list(_folders(listing, file, others))
        self._others = others

    def find(self, name: str) -> tuple[str, str]:
        """Return the path of an image by its name in the annotations, or why there is none."""
        stated = _below(name)
        for folder in self._folders:
            path = f"{folder}/{stated}" if folder else stated
            if path in self._listing:
                return path, ""
        return self._by_name(stated)

    def _by_name(self, stated: str) -> tuple[str, str]:
        """Return the one file of that name anywhere, or the one whose path ends like the stated one."""
        found = self._listing.named(PurePosixPath(stated).name)
        found = [each for each in found if not self._others & set(each.lower().split("/")[:-1])]
        ends = [each for each in found if f"/{each}".endswith(f"/{stated}")] or found
        if len(ends) == 1:
            return ends[0], ""
        return (
            "",
            "several files by its name" if ends else "an image that is listed, and no such file is here",
        )


def _below(name: str) -> str:
    """Return the name of an image's file without what leads out of any folder: a drive, an address, dots."""
    name = path_of(name)
    path = PureWindowsPath(name) if "\\" in name else PurePosixPath(name)
    return "/".join(part for part in path.parts if part not in {path.anchor, "..", "."})


def _folders(listing: Listing, file: _JsonFile, others: set[str]) -> Iterator[str]:
    """Yield the folders with images where a file's may lie: its split's first, then those near it."""
    split = file.split.lower()
    bare = split.rstrip("0123456789-_.")
    with_images = [each for each, contents in listing.folders.items() if contents.images]
    parents = ["/".join(file.file.folder.split("/")[:n]) for n in range(file.file.folder.count("/") + 2)]
    near = [each for parent in reversed(parents) for each in _near(parent)]
    own = [each for each in with_images if split and split in each.lower().split("/")]
    alike = [each for each in with_images if bare and bare in re.split(r"[/\d_.-]+", each.lower())]
    of_others = {each for each in with_images if others & set(each.lower().split("/"))}
    known = set(listing.folders)
    for each in dict.fromkeys([*own, *alike, *near]):
        if each in known and each not in of_others:
            yield each


def _near(parent: str) -> list[str]:
    names = ("images", "Images", "JPEGImages", "img", "data")
    return [*(f"{parent}/{name}".strip("/") for name in names), parent]
