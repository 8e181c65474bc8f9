"""COCO: instances, crowds, keypoints and captions, as its annotation files say them.

Files of the manifest: `instances` (`instances_*.json`, or any file of the same form; several under names
that begin with `instances`) and, where wanted, `keypoints` (`person_keypoints_*.json`) and `captions`
(`captions_*.json`), several again by the beginnings of their names. Names that begin with `images` are
archives of images. The id of an image in the manifest is COCO's image id; where several splits number their
images alike, as Roboflow's do, `train-17` is image 17 of `instances_train`. Files may be packed by gzip.

A box is [x, y, width, height] with fractions of pixels; the right edge is x + width, excluded. Polygons
are flat lists x, y, x, y …; crowds are runs of pixels (RLE), column by column, and become masks. Where
a stated box has fractions or does not hold the whole mask (COCO's crowd boxes are often one pixel
short), the region's box is the mask's own extent in whole pixels and the stated one stands in
`said["bbox"]`. Keypoints stay in `said` of the region with their id, the names and bones of their category
in `category_keypoints` and `skeleton`; what a row of keypoints says otherwise than the instance, in
`keypoints_…`.

An annotation that cannot be one is listed with its reason, as are the second of two with one id and one whose
category has no name; what can be taken of it is taken: its box, or its outline. An outline without a box
gives its extent. All annotations of an image that is listed at another size than it has are listed so. Ids
are joined by their value: 1, "1" and "0001" are one. A category with two names and an image listed twice
differently are faults of the file.

Who drew which annotation COCO does not say, and the annotator is unknown; but a data set may have a field
of its own, `annotator` or `annotator_id`. That is taken as it stands, the number 3 as `annotator 3`, and an
e-mail address never. What the block `info` says of the whole file is the manifest's affair.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit.datasets.coco import files as coco_files
from retrain_kit.datasets.coco.annotations import CocoImage, add_instance, add_keypoints
from retrain_kit.datasets.coco.sampling import describe, ids
from retrain_kit.datasets.formats import fields, values
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage.spill import SpilledNames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from retrain_kit.annotations.samples import RejectedAnnotation, Sample
    from retrain_kit.datasets.coco.files import AnnotationFile
    from retrain_kit.studies.manifests import ImageRow, Manifest

    Row = dict[str, Any]
    Take = Callable[[Row, Row, CocoImage], tuple[str, str]]

__all__ = ["describe", "ids", "other_size", "read", "sample_with", "stream"]


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
    keys = SpilledNames()
    twice = [row.id for row in manifest.images if not keys.add(fields.id_key(row.id))]
    tables = coco_files.load_files(manifest, keys)
    checks = [
        Fault(f"{manifest.name}.csv, id", f"{name!r}, the number of another row", "every image once")
        for name in twice
    ]
    checks += coco_files.list_unmatched(tables, unmatched)
    listed = [table for table in tables if table.kind == "instances"]
    where = (
        "" if any(table.file_faults for table in listed) else ", ".join(str(table.path) for table in listed)
    )
    for row in manifest.images:
        image = CocoImage((row.width_px, row.height_px))
        for table in tables:
            _TAKE[table.kind](table, fields.id_key(row.id), image)
        if image.row is None and where:
            do = "Take the image out of the manifest or name its file."
            expected = "all images of the manifest"
            checks.append(Fault(f"{where}, images", f"no image {row.id}", expected, do))
        yield sample_of(manifest, row, image)
    if faults := [*coco_files.faults_of_files(tables), *checks]:
        raise DataError(*faults)


def _take_instances(table: AnnotationFile, image_key: str, image: CocoImage) -> None:
    coco_files.add_image_row(table, image_key, image)
    _take_annotations(table, image_key, image, add_instance)


def _take_annotations(
    table: AnnotationFile, image_key: str, image: CocoImage, take: Take = add_keypoints
) -> None:
    rows = table.rows("annotations", image_key)
    if rows and (other := other_size(image)):
        image.rejected += [table.rejected(number, row, other) for number, row in rows]
        return
    seen: set[str] = set()
    for number, row in rows:
        key = fields.id_key(row.get("id"))
        category = table.categories.get(fields.id_key(row.get("category_id")), _NONE)
        again = key in seen or (take is add_instance and key in image.rows)
        if (not key or again or not fields.is_text(category.get("name"))) and (
            reason := _why_not(row, category, again=bool(key) and again)
        ):
            image.rejected.append(table.rejected(number, row, reason))
            continue
        seen.add(key)
        why, kept = take(row, category, image)
        if why:
            image.rejected.append(table.rejected(number, row, why, kept))


_NONE: Row = {}


def _why_not(row: Row, category: Row, *, again: bool) -> str:
    """Return why a row cannot be taken, whatever its box and outline are; an empty text where it can."""
    if again:
        return f"id: {shown(row['id'])} a second time"
    if fields.unfit_id(row.get("id")):
        return f"id: {shown(row['id'])}, no number and no text"
    if category is _NONE:
        return f"category_id: {shown(row.get('category_id'))}, none that categories lists"
    name = category.get("name")
    if fields.is_text(name):
        return ""
    return f"the name of the category {shown(row['category_id'])}: {shown(name)}, no word"


def _take_captions(table: AnnotationFile, image_key: str, image: CocoImage) -> None:
    for number, row in table.rows("annotations", image_key):
        if fields.is_text(row.get("caption")):
            image.captions.append({key: value for key, value in row.items() if key != "image_id"})
        else:
            reason = f"caption: {shown(row.get('caption'))}, no text"
            image.rejected.append(table.rejected(number, row, reason))


_TAKE: dict[str, Callable[[AnnotationFile, str, CocoImage], None]] = {
    "instances": _take_instances,
    "keypoints": _take_annotations,
    "captions": _take_captions,
}


def other_size(image: CocoImage) -> str:
    """Return how the files speak of another size; nothing where they speak of the image's, or of none."""
    found = [(image.row or {}).get(key) for key in ("width", "height")]
    if (found[0], found[1]) == image.size and bool not in map(type, found):
        return ""
    sizes = [values.number_id(value) for value in found]
    if sizes == list(map(str, image.size)) or all(value in (None, "", 0) for value in found):
        return ""
    width, height = image.size
    return f"size: {shown(found[0])} × {shown(found[1])} pixels, not {width} × {height} as the image has"


def sample_of(manifest: Manifest, listed: ImageRow, image: CocoImage) -> Sample:
    """Return an image of a study with what the files say of it."""
    row = image.row or {}
    said = {key: value for key, value in row.items() if key not in {"id", "width", "height"}}
    said |= {"captions": image.captions} if image.captions else {}
    said |= {"unlabelled_px": image.unlabelled_px} if image.unlabelled_px else {}
    parts = {"regions": tuple(image.regions), "rejected": tuple(image.rejected), "said": said}
    sample = manifest.sample(listed, **parts)
    licence = sample.provenance.licence or coco_files.licence_text(row)
    if licence == sample.provenance.licence:
        return sample
    return replace(sample, provenance=replace(sample.provenance, licence=licence))
