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

A row that cannot be an annotation is listed in its sample's `said["rejected"]`: `table`, `line`, `why` and
`row`. A label of a draw means the boxes that bear it and those of all labels below it in the hierarchy:
*Bird* draws eagles too, as the data set gives a box its most specific word.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit.datasets.formats import localized_narratives
from retrain_kit.datasets.open_images import files
from retrain_kit.datasets.open_images.annotations import AnnotationBuilder, remaining_columns
from retrain_kit.datasets.open_images.files import ImageFrame, MaskFinder, class_hierarchy
from retrain_kit.datasets.open_images.sampling import describe, ids
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.datasets.open_images.tables import Row
    from retrain_kit.studies.manifests import Manifest

    Found = Mapping[str, dict[str, list[Row]]]

__all__ = ["class_hierarchy", "describe", "ids", "read"]


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Raises
    ------
    DataError
        With every fault of the tables, as far as it concerns the images of the study; rows that were cut
        are faults whatever their image.
    """
    files.check_file_names(manifest)
    faults: list[Fault] = []
    found = _tables(manifest, faults)
    names = files.names_of_ids(manifest, faults)
    spoken = _narratives(manifest, faults)
    masks = MaskFinder(
        [path for name, path in manifest.files.items() if name.startswith(files.MASK_FOLDER)], faults
    )
    samples = []
    for image in manifest.images:
        rotation = files.stated_rotation(manifest, found["images"].get(image.id, []), faults)
        annotations = AnnotationBuilder(
            names, ImageFrame((image.width_px, image.height_px), rotation), masks.find
        )
        rows = {name: found[name].pop(image.id, []) for name in files.TABLE_COLUMNS}
        samples.append(_sample(manifest.sample(image), annotations, rows, spoken.get(image.id, [])))
    if faults:
        raise DataError(*faults)
    return samples


def _tables(manifest: Manifest, faults: list[Fault]) -> Found:
    """Return the rows of each table by image."""
    found: dict[str, dict[str, list[Row]]] = {name: defaultdict(list) for name in files.TABLE_COLUMNS}
    wanted = {image.id for image in manifest.images}
    for name in filter(manifest.files.__contains__, files.TABLE_COLUMNS):
        table = files.open_table(manifest, name)
        try:
            for row in table.rows(wanted):
                found[name][row[table.key]].append(row)
        except DataError as error:
            faults += error.faults
    return found


def _narratives(manifest: Manifest, faults: list[Fault]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if path := manifest.files.get("narratives"):
        try:
            for each in localized_narratives.load_narratives(path, {image.id for image in manifest.images}):
                found[each.image_id].append(localized_narratives.record_of_narrative(each))
        except DataError as error:
            faults += error.faults
    return found


def _sample(
    plain: Sample, annotations: AnnotationBuilder, rows: Mapping[str, list[Row]], spoken: list[dict[str, Any]]
) -> Sample:
    """Return the sample with the annotations that its rows in the tables say."""
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
    lists = {"localized_narratives": spoken, "rejected": annotations.rejected}
    return replace(
        plain,
        rotation_deg=annotations.frame.rotation_deg,
        regions=tuple(regions),
        labels=tuple(labels),
        points=tuple(points),
        relationships=tuple(pair[2] for pair in pairs),
        said=said | {name: found for name, found in lists.items() if found},
    )
