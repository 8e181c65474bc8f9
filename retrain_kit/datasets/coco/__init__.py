"""COCO: instances, crowds, keypoints and captions, as its annotation files say them.

Files of the manifest: `instances` (`instances_*.json`, or any file of the same form; several under names
that begin with `instances`) and, where wanted, `keypoints` (`person_keypoints_*.json`) and `captions`
(`captions_*.json`), several again by the beginnings of their names. Names that begin with `images` are
archives of pictures. The id of a picture in the manifest is COCO's image id, without leading zeros.

A box is [x, y, width, height] with fractions of pixels; the right edge is x + width, excluded. Polygons
are flat lists x, y, x, y …; crowds are runs of pixels (RLE), column by column, and become masks. Where
a stated box has fractions or does not hold the whole mask (COCO's crowd boxes are often one pixel
short), the region's box is the mask's own extent in whole pixels and the stated one stands in
`said["bbox"]`. Keypoints stay in `said` of the region with their id, the names and bones of their category
in `category_keypoints` and `skeleton`; what a row of keypoints says otherwise than the instance, in
`keypoints_…`.

A draw takes names, supercategories or ids of categories; its subset is the end of a file's name: `val2017`
for `instances_val2017.json`, or `val` for one that the manifest calls `instances_val`.

Who drew which mark is not said, so every maker is unknown. What the block `info` says of the whole file
is the manifest's affair.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit.datasets.coco import files as coco_files
from retrain_kit.datasets.coco.marks import Picture, take_instance, take_keypoints
from retrain_kit.datasets.formats import picture_archives
from retrain_kit.draws import UNSTATED, Candidate
from retrain_kit.errors import DataError, Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from retrain_kit.manifests import Image, Manifest
    from retrain_kit.samples import Sample

    Row = dict[str, Any]
    Take = Callable[[Row, Row, Picture], None]


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    A mark that is none (a box of negative size, a run of pixels that does not fill the picture) is
    listed in its sample's `said["rejected"]` with its id and why.

    Raises
    ------
    DataError
        With every fault of the files.
    """
    paths = list(coco_files.instances(manifest).values())
    faults: list[Fault] = []
    pictures = {image.id: Picture((image.width_px, image.height_px)) for image in manifest.images}
    tables = [coco_files.load(path, coco_files.TABLES, faults) for path in paths]
    where = ", ".join(map(str, paths)) if not faults else ""
    for path, table in zip(paths, tables, strict=True):
        coco_files.take_images(table, pictures, str(path), faults)
        _take_marks(table, take_instance, pictures, str(path), faults)
    for path in coco_files.named(manifest, "keypoints").values():
        table = coco_files.load(path, ("annotations", "categories"), faults)
        _take_marks(table, take_keypoints, pictures, str(path), faults)
    for path in coco_files.named(manifest, "captions").values():
        _take_captions(coco_files.load(path, ("annotations",), faults), pictures, str(path), faults)
    faults += [fault for image in manifest.images for fault in _check(pictures[image.id], image, where)]
    if faults:
        raise DataError(*faults)
    return [_with_marks(manifest.sample(image), pictures[image.id]) for image in manifest.images]


def stream(manifest: Manifest) -> Iterator[Sample]:
    """Yield what `read` returns: a file of COCO is one JSON text, and is held in memory whole.

    Raises
    ------
    DataError
        As `read`.
    """
    yield from read(manifest)


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all pictures that the rule of the study's draw allows.

    Raises
    ------
    ParameterError
        When no category is called so, or no file is of that subset.
    DataError
        With every fault of the files.
    """
    rule = manifest.draw
    tables = list(coco_files.of_subset(manifest, rule))
    if not rule or not rule.labels:
        return [str(row["id"]) for table in tables for row in table["images"] if "id" in row]
    words = {word for table in tables for row in table["categories"] for word in _words(row)}
    faults = [_unknown(word, words) for word in rule.labels if word not in words]
    if faults:
        raise ParameterError(*faults)
    wanted = set(rule.labels)
    return [image for table in tables for image in _bearing(table, wanted)]


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these pictures are, as the files and the archives say, in the order of the ids.

    Raises
    ------
    DataError
        With each picture that is not listed or has no usable name, and every fault of the files.
    """
    pictures = {name: Picture((0, 0)) for name in ids}
    faults: list[Fault] = []
    for path in coco_files.instances(manifest).values():
        coco_files.take_images(coco_files.load(path, coco_files.TABLES, faults), pictures, str(path), faults)
    where = ", ".join(map(str, coco_files.instances(manifest).values()))
    members = picture_archives.members(manifest)
    candidates = []
    for name, picture in pictures.items():
        row = picture.row or {}
        file = coco_files.file_of(row)
        if not re.fullmatch(r"(?:[\w-]+/)*\w[\w.-]*", file):
            faults.append(Fault(f"{where}, image {name}", repr(file), "the name of a file"))
        url, source = str(row.get("coco_url") or ""), str(row.get("flickr_url") or "")
        archive = members.get(file, ())
        licence = coco_files.licence(row) or UNSTATED
        candidates.append(
            Candidate(name, file, url or source, archive, licence, source=source or url or UNSTATED)
        )
    if faults:
        raise DataError(*faults)
    return candidates


def _words(category: Row) -> set[str]:
    """Return how a rule may call a category."""
    return {str(category[key]) for key in ("id", "name", "supercategory") if key in category}


def _bearing(table: Row, wanted: Collection[str]) -> list[str]:
    """Return the pictures of a table that bear a mark of these categories, in the table's order."""
    kinds = {str(row.get("id")) for row in table["categories"] if not _words(row).isdisjoint(wanted)}
    bearing = {
        str(row.get("image_id")) for row in table["annotations"] if str(row.get("category_id")) in kinds
    }
    return [str(row["id"]) for row in table["images"] if str(row.get("id")) in bearing and "id" in row]


def _unknown(word: str, words: Collection[str]) -> Fault:
    near = difflib.get_close_matches(word, words, n=3, cutoff=0.5)
    do = f"Near it: {', '.join(near)}." if near else ""
    return Fault("labels", repr(word), "a name, supercategory or id of COCO's categories", do)


def _take_marks(
    table: Row, take: Take, pictures: Mapping[str, Picture], where: str, faults: list[Fault]
) -> None:
    categories = {str(row.get("id")): row for row in table["categories"]}
    seen: set[tuple[str, str]] = set()
    for row in table["annotations"]:
        name, image = str(row.get("id", "")), str(row.get("image_id"))
        if not (picture := pictures.get(image)):
            continue
        category = categories.get(str(row.get("category_id")), {})
        if "name" not in category:
            found = f"the category {row.get('category_id')!r}"
            faults.append(Fault(f"{where}, annotation {name}", found, "one that categories lists"))
        elif (image, name) in seen or (take is take_instance and name in picture.rows):
            faults.append(Fault(f"{where}, annotation {name}", "its id a second time", "every id once"))
        else:
            take(row, category, picture)
        seen.add((image, name))


def _take_captions(table: Row, pictures: Mapping[str, Picture], where: str, faults: list[Fault]) -> None:
    for row in table["annotations"]:
        picture = pictures.get(str(row.get("image_id")))
        if picture and "caption" not in row:
            faults.append(Fault(f"{where}, annotation {row.get('id')}", "no caption", "a caption"))
        elif picture:
            picture.captions.append({key: value for key, value in row.items() if key != "image_id"})


def _check(picture: Picture, image: Image, where: str) -> list[Fault]:
    """Return a fault where the files (`where`, empty when some are broken) do not list it at that size."""
    if picture.row is None and not where:
        return []
    if picture.row is None:
        do = "Take the picture out of the manifest or name its file."
        return [Fault(f"{where}, images", f"no picture {image.id}", "all pictures of the manifest", do)]
    found = (picture.row.get("width"), picture.row.get("height"))
    if found == (image.width_px, image.height_px):
        return []
    size = f"{image.width_px} × {image.height_px}, as the manifest says"
    return [Fault(f"image {image.id}", f"{found[0]} × {found[1]} pixels", size)]


def _with_marks(sample: Sample, picture: Picture) -> Sample:
    row = picture.row or {}
    said = {key: value for key, value in row.items() if key not in {"id", "width", "height"}}
    said |= {"captions": picture.captions} if picture.captions else {}
    said |= {"rejected": picture.rejected} if picture.rejected else {}
    licence = sample.provenance.licence or coco_files.licence(row)
    provenance = replace(sample.provenance, licence=licence)
    return replace(sample, regions=tuple(picture.regions), provenance=provenance, said=said)
