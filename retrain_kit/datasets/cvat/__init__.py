"""CVAT for images: XML with boxes, polygons, lines, points, masks, skeletons and tags of each image.

Files of the manifest: `annotations`, one XML (`annotations.xml`, version 1.1) or several under names that
begin so. An `<image>` speaks of the image whose path ends as its name does, behind its subset where there is
such a folder; ids may be any.

`source` is the annotator, in CVAT's words: manual, auto, semi-auto, file; without it the annotator is
unknown. Who owns a task and to whom it was assigned stands in the image's `said`, a number in the place of
each name: `person 1`. Names and addresses are not kept. `occluded` is a flag; z-order, group, rotation and
whatever else stays in `said`, attributes in `said["attributes"]`. A region's id is its place among the
annotations of its image.

A rotated box is an outline; an ellipse and a mask cover exactly the pixels whose centres lie in them. A line
has no area: its region is the box around it, its vertices are in `said["points"]`. So are the corners of a
cuboid and the keypoints of a skeleton, whose box holds those that are inside the image. Each of the points of
`<points>` is a point with its label, and a `<tag>` is a label of the whole image.

Listed with its reason is what has no label or no shape, all of an image that is listed at another size, and
what might speak of two images. Tracks of a video are unmatched, one by one: CVAT writes the same task as
images too. A file of tracks alone is a fault.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrain_kit.annotations.samples import ImageLabel, PointLabel, Region, RejectedAnnotation
from retrain_kit.datasets.cvat.annotations import made_of
from retrain_kit.datasets.cvat.files import read_images
from retrain_kit.datasets.formats import values
from retrain_kit.datasets.formats.named_images import NamedRows
from retrain_kit.datasets.formats.values import shown
from retrain_kit.datasets.images import id_of_path
from retrain_kit.errors import DataError, Fault, ParameterError, advise_names
from retrain_kit.studies.sampling import Candidate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.datasets.cvat.files import CvatImage
    from retrain_kit.datasets.formats.named_images import NamedRow
    from retrain_kit.studies.manifests import ImageRow, Manifest

PREFIX = "annotations"


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study of CVAT, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where the tracks go, and what is said of images that are not there.

    Raises
    ------
    DataError
        With each file that is no CVAT XML for images, and where none speaks of an image of the study.
    """
    return list(stream(manifest, unmatched))


def stream(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> Iterator[Sample]:
    """Yield what `read` returns, in little memory: what the files say lies on the disk meanwhile.

    Raises
    ------
    DataError
        As `read`, at the end.
    """
    rows, faults = NamedRows(manifest), list[Fault]()
    tracks: list[RejectedAnnotation] = []
    for path in _paths(manifest):
        try:
            for row in read_images(path, tracks):
                rows.put(row)
        except DataError as error:
            faults += error.faults
    for image in manifest.images:
        yield _sample(manifest.sample(image), image, *rows.rows_of(image))
    if manifest.images and not (rows.met or faults):
        where = ", ".join(str(path) for path in _paths(manifest))
        do = "Are the images those of this task, under the names that CVAT has?"
        faults.append(Fault(where, "no image of the study", "<image> with the name of its file", do))
    if faults:
        raise DataError(*faults)
    if unmatched is not None:
        unmatched += tracks
        unmatched += (each for row in rows.without_image() for each in _nobodys(row))


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images that the rule of the study's draw allows: their names in CVAT.

    Raises
    ------
    ParameterError
        When no annotation is called so, or no image is of that subset.
    DataError
        With each file that is no CVAT XML for images.
    """
    rule = manifest.draw
    known: dict[str, set[str]] = {}
    subsets: set[str] = set()
    for row in _rows(manifest):
        subsets.add(row.value.attributes.get("subset", ""))
        if not rule or rule.subset in {"", row.value.attributes.get("subset", "")}:
            words = known.setdefault(id_of_path(_name(row)), set())
            words.update(label for each in row.value.shapes if (label := each.attributes.get("label")))
    if rule and rule.subset and rule.subset not in subsets:
        there = ", ".join(sorted(filter(None, subsets))) or "none"
        raise ParameterError(Fault("subset", repr(rule.subset), f"one of the images' subsets: {there}"))
    labels = rule.labels if rule else ()
    every = {word for words in known.values() for word in words}
    unknown = [
        Fault("labels", repr(word), "a label of an annotation", advise_names(word, every))
        for word in labels
        if word not in every
    ]
    if unknown:
        raise ParameterError(*unknown)
    return [name for name, words in known.items() if not labels or not words.isdisjoint(labels)]


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are: in `images` beside the XML, or below the study's folder.

    Raises
    ------
    DataError
        With each image that no file lists.
    """
    names: dict[str, str] = {}
    for row in _rows(manifest):
        names.setdefault(id_of_path(_name(row)), _name(row))
    where = f"{manifest.name}.toml, files"
    if faults := [
        Fault(where, f"no image {name}", "one that a file lists") for name in ids if name not in names
    ]:
        raise DataError(*faults)
    return [Candidate(name, _place(manifest, names[name])) for name in ids]


def _name(row: NamedRow) -> str:
    """Return the name of an image in CVAT, without its subset."""
    return str(row.value.attributes.get("name", ""))


def _place(manifest: Manifest, name: str) -> str:
    places = [path.parent / "images" for path in _paths(manifest)] + [
        path.parent for path in _paths(manifest)
    ]
    for place in places:
        if (place / name).is_file() and place.is_relative_to(manifest.folder):
            return (place / name).relative_to(manifest.folder).as_posix()
    return name


def _paths(manifest: Manifest) -> list[Path]:
    found = [path for name, path in manifest.files.items() if name.startswith(PREFIX)]
    if not found:
        where = f"{manifest.name}.toml, files"
        raise DataError(Fault(where, f"no {PREFIX}", f"{PREFIX} = a file of CVAT, XML for images"))
    return found


def _rows(manifest: Manifest) -> Iterator[NamedRow]:
    for path in _paths(manifest):
        yield from read_images(path, [])


def _sample(sample: Sample, image: ImageRow, rows: list[NamedRow], why: str) -> Sample:
    made: list[Region | PointLabel | ImageLabel | RejectedAnnotation] = []
    said: dict[str, object] = {}
    number = 0
    for row in rows:
        reason = why or _other_size(row.value, image)
        said |= row.value.said
        for each in row.value.shapes:
            number += 1
            found = reason or made_of(each, str(number), image)
            if isinstance(found, str):
                made.append(replace(_rejected(row, each.number, image.id, found), id=str(number)))
            else:
                made += found
    return replace(
        sample,
        regions=tuple(each for each in made if isinstance(each, Region)),
        points=tuple(each for each in made if isinstance(each, PointLabel)),
        labels=tuple(each for each in made if isinstance(each, ImageLabel)),
        rejected=tuple(each for each in made if isinstance(each, RejectedAnnotation)),
        said=said,
    )


def _other_size(found: CvatImage, image: ImageRow) -> str:
    stated = [found.attributes.get(key) for key in ("width", "height")]
    if stated == [None, None] or [values.number_id(each) for each in stated] == [
        str(image.width_px),
        str(image.height_px),
    ]:
        return ""
    told = " × ".join(each if each is not None else shown(each) for each in stated)
    return f"size: {told} pixels, not {image.width_px} × {image.height_px} as the image has"


def _rejected(row: NamedRow, number: int, image: str, why: str) -> RejectedAnnotation:
    found = row.value
    shape = found.shapes[number - 1]
    place = f"{found.file}, image {row.number}, {shape.kind} {number}"
    label = shape.attributes.get("label", "")
    return RejectedAnnotation(image, why, str(number), label, place, row=shape.row())


def _nobodys(row: NamedRow) -> Iterator[RejectedAnnotation]:
    for each in row.value.shapes:
        yield _rejected(row, each.number, row.name, f"no image {row.name}")
