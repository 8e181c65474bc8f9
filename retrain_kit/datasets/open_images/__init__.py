"""Open Images V7: its tables, read for the images of a study, with who made each annotation.

The manifest's `files` name the tables, each of them optional:

- `images` (the image table), `boxes`, `image_labels`, `relationships`, `points`, `miap`, `masks`, as CSV;
- `mask_folder`, where the PNGs of `masks` are; more such folders under names that begin with it. In each, a
  PNG may also lie in a folder named by the first digit of its image's id;
- `narratives`, Localized Narratives as lines of JSON;
- `classes` and `attributes`, the names of machine ids; `hierarchy`, which of them is below which.

Tables of millions of rows are streamed; only rows of the study's images are kept. `Rotation` says how far to
turn the image and its annotations counter-clockwise; all are turned here, once. Where no rotation was
recovered the stored image stands as it is. Flags of -1 are unknown and stay so; `Source` becomes the
annotator; whatever has no field of its own is kept in `said` under the source's name. Presentation of gender
and age in MIAP is what somebody perceived, and stays in `said` as the source puts it.

A row that cannot be an annotation is listed with its image, and so are all rows of an image whose row in the
image table cannot be used; a row that was cut and names no image matches none. Tables speak of millions of
images that no study looks at, and any table but that of images may be without a study's. A machine id that
the lists of classes lack stands as itself.

A label of a draw means the boxes that bear it and those of all labels below it in the hierarchy: *Bird* draws
eagles too, as the data set gives a box its most specific word. A draw leaves out rows that were cut; they are
counted and named.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.datasets.formats import localized_narratives
from retrain_kit.datasets.open_images import files
from retrain_kit.datasets.open_images.annotations import AnnotationBuilder, remaining_columns
from retrain_kit.datasets.open_images.files import ImageFrame, MaskFinder, class_hierarchy
from retrain_kit.datasets.open_images.sampling import describe, ids, reasons_left_out
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.datasets.open_images.tables import BrokenRow, Row, Table
    from retrain_kit.studies.manifests import Manifest

    Found = Mapping[str, dict[str, list[Row]]]

__all__ = ["class_hierarchy", "describe", "ids", "read", "reasons_left_out"]


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where rows and lines go that name no image.

    Raises
    ------
    DataError
        With every table that cannot be used as a whole, and where the image table has none of the images.
    """
    files.check_file_names(manifest)
    faults: list[Fault] = []
    lost: list[RejectedAnnotation] = []
    found = _tables(manifest, faults, lost)
    names = files.names_of_ids(manifest, faults)
    spoken = _narratives(manifest, faults, lost)
    masks = MaskFinder([path for name, path in manifest.files.items() if name.startswith(files.MASK_FOLDER)])
    if found["masks"] and (fault := masks.fault()):
        faults.append(fault)
    wrong: dict[str, list[RejectedAnnotation]] = defaultdict(list)
    for each in lost:
        wrong[each.image].append(each)
    samples = []
    for image in manifest.images:
        unfit: list[Fault] = []
        rotation = files.stated_rotation(manifest, found["images"].get(image.id, []), unfit)
        annotations = AnnotationBuilder(
            names, ImageFrame((image.width_px, image.height_px), rotation), masks.find, manifest.files
        )
        annotations.rejected += wrong.get(image.id, ())
        if unfit:
            annotations.unfit = "; ".join(f"{fault.where}: {fault.found}" for fault in unfit)
            annotations.reject("images", found["images"][image.id][0], annotations.unfit)
        rows = {name: found[name].pop(image.id, []) for name in files.TABLE_COLUMNS}
        parts = _parts(annotations, rows, spoken.get(image.id, []))
        samples.append(manifest.sample(image, **parts))
    if faults:
        raise DataError(*faults)
    if unmatched is not None:
        unmatched += wrong.get("", ())
    return samples


def _tables(manifest: Manifest, faults: list[Fault], lost: list[RejectedAnnotation]) -> Found:
    """Return the rows of each table by image; rows that were cut are lost."""
    found: dict[str, dict[str, list[Row]]] = {name: defaultdict(list) for name in files.TABLE_COLUMNS}
    wanted = {image.id for image in manifest.images}
    for name in filter(manifest.files.__contains__, files.TABLE_COLUMNS):
        table = files.open_table(manifest, name)
        broken: list[BrokenRow] = []
        try:
            for row in table.rows(wanted, broken):
                found[name][row[table.key]].append(row)
        except DataError as error:
            faults += error.faults
            continue
        lost += [_lost(row, table) for row in broken]
        whole = len(manifest.images) == len((manifest.part_of or manifest).images)
        if name == "images" and wanted and not found[name] and whole:
            do = "Is it the table of this subset? Are the study's ids those of Open Images?"
            faults.append(Fault(str(table.path), "none of the study's images", "all of them", do))
    return found


def _lost(row: BrokenRow, table: Table) -> RejectedAnnotation:
    place = f"{table.path.name}, line {row.line}"
    said = remaining_columns(row.cells, ())
    reason = f"{row.fault.found}, not {row.fault.expected}"
    return RejectedAnnotation(row.cells.get(table.key, ""), reason, place=place, row=said)


def _narratives(
    manifest: Manifest, faults: list[Fault], lost: list[RejectedAnnotation]
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if path := manifest.files.get("narratives"):
        try:
            wanted = {image.id for image in manifest.images}
            for each in localized_narratives.load_narratives(path, wanted, lost):
                found[each.image_id].append(localized_narratives.record_of_narrative(each))
        except DataError as error:
            faults += error.faults
    return found


def _parts(
    annotations: AnnotationBuilder, rows: Mapping[str, list[Row]], spoken: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the parts of a sample that its rows in the tables say."""
    pairs = annotations.each("relationships", annotations.pair, rows["relationships"])
    regions = [
        *annotations.each("boxes", annotations.box, rows["boxes"]),
        *annotations.each("masks", annotations.mask, rows["masks"]),
        *annotations.each("miap", annotations.box, rows["miap"]),
        *(region for pair in pairs for region in pair[:2]),
    ]
    labels = annotations.each("image_labels", annotations.label, rows["image_labels"])
    points = annotations.each("points", annotations.point, rows["points"])
    said = remaining_columns(rows["images"][0] if rows["images"] else {}, ("ImageID",))
    return {
        "rotation_deg": annotations.frame.rotation_deg,
        "regions": tuple(regions),
        "labels": tuple(labels),
        "points": tuple(points),
        "relationships": tuple(pair[2] for pair in pairs),
        "rejected": tuple(annotations.rejected),
        "said": said | ({"localized_narratives": spoken} if spoken else {}),
    }
