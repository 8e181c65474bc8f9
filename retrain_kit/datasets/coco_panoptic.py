"""COCO panoptic: every pixel of an image belongs to one segment, a thing or stuff, or to none.

Files of the manifest: `panoptic` (`panoptic_*.json`, or any file of the same form; several under names that
begin with `panoptic`), and for each the folder of its PNGs: `masks` for `panoptic`, `masks_val` for
`panoptic_val`; without it the folder beside the JSON that has its name. The id of an image in the manifest is
COCO's image id.

A PNG holds ids of segments, red + 256 · green + 65536 · blue; each id of `segments_info` becomes a region
whose mask is exactly its pixels and whose box is their extent. The stated box stays in `said["bbox"]` where
it is another one; `isthing` and the rest of the category stay in `said`. Pixels of the id 0 belong to nobody:
how many there are is in `said["unlabelled_px"]` of the image.

Listed with its reason is a segment without pixels, without a category or with an id used before; all segments
of an image whose PNG is missing, broken or of another size; and pixels of an id that `segments_info` does not
list. Whatever else is wrong is said as for COCO's instances. Who drew which segment is not said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.annotations.samples import Flags, Region, RejectedAnnotation
from retrain_kit.datasets.coco import files as coco_files
from retrain_kit.datasets.coco import other_size, sample_of, sampling
from retrain_kit.datasets.coco.annotations import CocoImage, said_with_category, yes_no
from retrain_kit.datasets.formats import fields, id_images
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage.spill import SpilledNames

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.datasets.coco.files import AnnotationFile
    from retrain_kit.datasets.formats.id_images import Ids
    from retrain_kit.studies.manifests import Manifest
    from retrain_kit.studies.sampling import Candidate

    Row = dict[str, Any]

KIND, MASKS = "panoptic", "masks"
_MOST_DIGITS, _MOST_UNKNOWN = 8, 1000
"""Of more ids that nobody lists than so many in one image the rest are counted together."""


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where the annotations go whose image is none that the files list.

    Raises
    ------
    DataError
        With every fault of the files.
    """
    return list(stream(manifest, unmatched))


def stream(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> Iterator[Sample]:
    """Yield what `read` returns, in little memory: the rows lie on the disk meanwhile.

    Raises
    ------
    DataError
        As `read`, at the end.
    """
    keys = SpilledNames(fields.id_key(row.id) for row in manifest.images)
    places = coco_files.needed_files(manifest, KIND)
    tables = [
        coco_files.load_file(path, KIND, keys, name.removeprefix(KIND).removeprefix("_"))
        for name, path in places.items()
    ]
    folders = [_folder(manifest, name, path) for name, path in places.items()]
    checks = coco_files.list_unmatched(tables, unmatched)
    listing = all(table.listed for table in tables)
    for row in manifest.images:
        image, key = CocoImage((row.width_px, row.height_px)), fields.id_key(row.id)
        for table, folder in zip(tables, folders, strict=True):
            coco_files.add_image_row(table, key, image)
            _take(table, folder, key, image)
        if image.row is None and listing:
            where = ", ".join(map(str, places.values()))
            do = "Take the image out of the manifest or name its file."
            checks.append(Fault(f"{where}, images", f"no image {row.id}", "all images of the manifest", do))
        yield sample_of(manifest, row, image)
    if faults := [*coco_files.faults_of_files(tables), *checks]:
        raise DataError(*faults)


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images that the rule of the study's draw allows.

    Raises
    ------
    ParameterError
        When no category is called so, or no file is of that subset.
    DataError
        With every fault of the files.
    """
    return sampling.ids(manifest, KIND)


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are, as the files and the archives say, in the order of the ids.

    Raises
    ------
    DataError
        With each image that is not listed or has no usable name, and every fault of the files.
    """
    return sampling.describe(manifest, ids, KIND)


def _folder(manifest: Manifest, name: str, path: Path) -> Path:
    """Return the folder of a file's PNGs."""
    return manifest.files.get(f"{MASKS}{name.removeprefix(KIND)}", path.parent / path.name.partition(".")[0])


def _take(table: AnnotationFile, folder: Path, key: str, image: CocoImage) -> None:
    for number, row in table.rows("annotations", key):
        _Annotation(table, number, row).add_to(image, folder)


@dataclass(frozen=True)
class _Annotation:
    """What a file says of one image: a PNG and its segments."""

    table: AnnotationFile
    number: int
    row: Row

    def add_to(self, image: CocoImage, folder: Path) -> None:
        """Add the regions of the segments, and list those that are none."""
        why, ids = other_size(image), None
        if not why:
            try:
                ids = id_images.read_ids(_png(folder, self.row.get("file_name")), image.size)
            except ValueError as error:
                why = f"its PNG, {shown(self.row.get('file_name'))}: {error}"
        segments = self.row.get("segments_info")
        if not isinstance(segments, list):
            reason = f"segments_info: {shown(segments)}, no list of segments"
            image.rejected.append(self.table.rejected(self.number, self.row, reason))
            segments = []
        taken = {region.id for region in image.regions}
        for place, segment in enumerate(segments, start=1):
            made = why or _region_or_reason(self.table, segment, ids, taken)
            if isinstance(made, Region):
                taken.add(made.id)
                image.regions.append(made)
            else:
                image.rejected.append(self._rejected(segment, made, f", segment {place}"))
        if ids is not None:
            image.unlabelled_px += int(np.count_nonzero(ids == 0))
            image.rejected += self._unknown(segments, ids)

    def _unknown(self, segments: list[Any], ids: Ids) -> Iterator[RejectedAnnotation]:
        """Yield the ids of pixels that nobody lists."""
        listed = [fields.id_key(each.get("id")) for each in segments if isinstance(each, dict)]
        known = np.array([0, *(int(each) for each in listed if _is_colour(each))])
        unknown, counts = np.unique(ids[~np.isin(ids, known)], return_counts=True)
        for each, count in zip(unknown[:_MOST_UNKNOWN].tolist(), counts.tolist(), strict=False):
            reason = f"{count:,} pixels of the id {each}, which segments_info does not list"
            yield self._rejected({"id": each}, reason)
        if len(unknown) > _MOST_UNKNOWN:
            more = len(unknown) - _MOST_UNKNOWN
            yield self._rejected(None, f"pixels of {more:,} ids more that segments_info does not list")

    def _rejected(self, segment: object, why: str, place: str = "") -> RejectedAnnotation:
        said: Row = segment if isinstance(segment, dict) else {}
        name = self.table.categories.get(fields.id_key(said.get("category_id")), {}).get("name")
        image, own = fields.id_text(self.row.get("image_id")), fields.id_text(said.get("id"))
        label = name if isinstance(name, str) and fields.is_text(name) else ""
        image, why, own = map(fields.writable, (image, why, own))
        where = f"{self.table.path.name}, annotation {self.number}{place}"
        return RejectedAnnotation(image, why, own, label, where, row=fields.writable(segment))


def _png(folder: Path, name: object) -> Path:
    """Return where a PNG is.

    Raises
    ------
    ValueError
        When it has no name, or one that leads out of its folder.
    """
    if not isinstance(name, str) or not name or "\0" in name:
        raise ValueError("no name of a file")
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError("a name that leads out of its folder")
    return path


def _region_or_reason(
    table: AnnotationFile, segment: object, ids: Ids | None, taken: Collection[str]
) -> Region | str:
    """Return the region of a segment, or why it is none."""
    said: Row = segment if isinstance(segment, dict) else {}
    name = fields.id_key(said.get("id"))
    if not name.isdecimal() or name == "0":
        return f"id: {shown(said.get('id'))}, no number above 0"
    if name in taken:
        return f"id: {name} a second time"
    category = table.categories.get(fields.id_key(said.get("category_id")))
    if category is None:
        return f"category_id: {shown(said.get('category_id'))}, none that categories lists"
    if not fields.is_text(category.get("name")):
        return (
            f"the name of the category {shown(said['category_id'])}: {shown(category.get('name'))}, no word"
        )
    found = id_images.area(ids, int(name)) if ids is not None and _is_colour(name) else None
    if found is None:
        return f"no pixel of the id {name} in its PNG"
    box, mask = found
    crowd = yes_no(said.get("iscrowd"))
    used = {"id", "" if crowd is None else "iscrowd"}
    if said.get("bbox") == [box.left, box.top, box.width_px, box.height_px]:
        used.add("bbox")
    more = said_with_category(said, category, used)
    return Region(category["name"], box, name, mask=mask, flags=Flags(group_of=crowd), said=more)


def _is_colour(name: str) -> bool:
    """Say whether an id is one that a PNG can hold."""
    return name.isdecimal() and len(name) <= _MOST_DIGITS and int(name) < 1 << 24
