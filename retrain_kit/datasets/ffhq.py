"""Flickr-Faces-HQ: faces cut out of photographs on Flickr, with where each photograph was posted.

Files of the manifest: `metadata`, the file `ffhq-dataset-v2.json`; it is read entry by entry. An image's
id is its index there, `0` to `69999`; a rule's `subset` is the `category`, `training` or `validation`.
The data set has no words, so a rule can name none. The image of a study is the aligned cut of 1024 ×
1024 pixels; thumbnails and the photographs "in the wild" can be named in a study's table as well, by
their paths.

The whole entry is kept in the sample's `said`: the photograph on Flickr with author, licence and the days
when it was uploaded and crawled, the digests, the landmarks that a program (dlib) set on the face, and
how the cut was taken out of the photograph (`in_the_wild`: `face_rect`, `face_quad`). `said["image_kind"]`
tells which of the three the file is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit.datasets.formats import fields, json_entries, listings
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import DataError, Fault
from retrain_kit.studies.sampling import UNSTATED, Candidate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import ImageRow, Manifest

    Entry = dict[str, Any]

IMAGE_KINDS = ("image", "thumbnail", "in_the_wild")
CATEGORIES = ("training", "validation")
NOTICE = "A person's face; nothing says that the person was asked."


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Raises
    ------
    DataError
        When the file is no metadata of the data set, or with one fault per image that it does not list, or
        lists in another size.
    """
    listings.check_files(manifest, "metadata")
    found = _entries(manifest, [row.id for row in manifest.images])

    def sample(row: ImageRow) -> Sample:
        entry = found[row.id]
        kind = _image_kind(row, entry)
        bare = manifest.sample(row)
        said = entry | ({"image_kind": kind} if kind else {})
        return replace(bare, notice=bare.notice or NOTICE, said=said)

    return listings.make_samples(manifest, sample, "an image as the metadata lists it")


def ids(manifest: Manifest) -> Iterator[str]:
    """Yield the ids of all images of the rule's category.

    Raises
    ------
    DataError
        When the file is no metadata of the data set.
    ParameterError
        When the rule names a category that the data set does not have, or any word.
    """
    rule = manifest.draw
    subset = rule.subset if rule else ""
    listings.check_words("labels", rule.labels if rule else (), ())
    listings.check_words("subset", [subset] if subset else [], CATEGORIES)
    return (name for name, entry in _stream(manifest) if subset in ("", entry.get("category")))


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are, with author, licence and address as the metadata says.

    Raises
    ------
    DataError
        When the file is no metadata of the data set, or with one fault per id that it does not list.
    """
    found = _entries(manifest, ids)
    return [_candidate(name, found[name]) for name in ids]


def _candidate(name: str, entry: Entry) -> Candidate:
    cut, photo = entry["image"], entry["metadata"]
    licence = ", ".join(filter(None, (_said(photo, key) for key in ("license", "license_url"))))
    digest = _said(cut, "file_md5")
    return Candidate(
        name,
        cut["file_path"],
        _said(cut, "file_url"),
        licence=licence or UNSTATED,
        author=_said(photo, "author") or UNSTATED,
        source=_said(photo, "photo_url") or UNSTATED,
        note=f"MD5 as stated: {digest}" if digest else "",
        notice=NOTICE,
    )


def _said(table: Entry, key: str) -> str:
    """Return a text of an entry; an empty one where nothing is said."""
    return table.get(key) or ""


def _image_kind(image: ImageRow, entry: Entry) -> str:
    """Return which of the entry's images the study's file is; an empty text where it is none of them."""
    for kind in IMAGE_KINDS:
        listed = entry.get(kind)
        path, size = (
            (listed.get("file_path"), listed.get("pixel_size")) if isinstance(listed, dict) else ("", 0)
        )
        if isinstance(path, str) and path and f"/{image.file}".endswith(f"/{path}"):
            if size and size != [image.width_px, image.height_px]:
                raise ValueError(
                    f"{image.width_px} × {image.height_px} pixels, in the metadata {_size(size)}"
                )
            return kind
    return ""


def _size(stated: object) -> str:
    return " × ".join(map(shown, stated)) if isinstance(stated, list) else shown(stated)


def _entries(manifest: Manifest, ids: Collection[str]) -> dict[str, Entry]:
    """Return the entries of these ids, which are numbers: 7 and 00007 are one."""
    wanted: dict[str, Entry | None] = dict.fromkeys(map(fields.id_key, ids))
    for name, entry in _stream(manifest):
        key = fields.id_key(name)
        if key in wanted:
            where = f"{manifest.files['metadata']}, {name!r}"
            if wanted[key] not in (None, entry):
                raise DataError(Fault(where, "a second entry, with something else", "every image once"))
            wanted[key] = entry
    found = {name: each for name in ids if (each := wanted[fields.id_key(name)]) is not None}
    listings.require_listed(ids, found)
    return found


def _stream(manifest: Manifest) -> Iterator[tuple[str, Entry]]:
    """Yield index and entry of each image; list entries that are not as expected."""
    path = manifest.files.get("metadata")
    if path is None:
        where = f"{manifest.name}.toml, files"
        raise DataError(Fault(where, "no metadata", "metadata = ffhq-dataset-v2.json"))
    faults, name = [], ""
    try:
        for name, entry in json_entries.stream_items(path):
            if _whole(entry):
                yield name, entry
            else:
                expected = "an entry with metadata, and an image with file_path"
                faults.append(Fault(f"{path}, {name!r}", shown(entry), expected))
    except (OSError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        do = manifest.access.how
        raise DataError(Fault(str(path), f"no JSON ({reason})", "ffhq-dataset-v2.json", do)) from None
    if not name:
        faults.append(Fault(str(path), "no entries", "a JSON object with an entry per image"))
    if faults:
        raise DataError(*faults)


_TEXTS = {
    "metadata": ("author", "license", "license_url", "photo_url"),
    "image": ("file_path", "file_url", "file_md5"),
}


def _whole(entry: object) -> bool:
    """Tell whether an entry says where the image is and where it comes from, and says texts in texts."""
    if not isinstance(entry, dict):
        return False
    tables = {name: entry.get(name) for name in _TEXTS}
    return all(
        isinstance(table, dict)
        and all(table.get(key) is None or fields.is_text(table[key]) for key in _TEXTS[name])
        for name, table in tables.items()
    ) and isinstance(entry["image"].get("file_path"), str)
