"""KITTI: one text file an image, a line an object, with its box, what hides it, and where it stands in space.

Files of the manifest: names that begin with `labels` are folders of label files (`training/label_2`), those
that begin with `images` folders of images. An image `training/image_2/000000.png` has its labels at
`training/label_2/000000.txt`, else below a stated folder or beside it, by its own name; ids may be any.

A line is the type, how far it is cut off by the image's edge (0 to 1), how far it is hidden (0 to 3), the
angle, the box (left, top, right, bottom in pixels, as they stand), height, width and length, the place, the
turn, and perhaps a score. Cut off at all sets the flag `truncated`, hidden 1 or 2 the flag `occluded`; what
is below 0, and hidden 3, is not said. All numbers stay in `said`. `DontCare` is a region like any: where
nobody looked closely. A region's id is the number of its line. Who drew which box is not said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import Box, Flags, Region, RejectedAnnotation
from retrain_kit.datasets.formats import listings, values
from retrain_kit.datasets.formats.companions import Companions, Naming
from retrain_kit.datasets.images import id_of_path
from retrain_kit.errors import BoxError, DataError
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import ImageRow, Manifest
    from retrain_kit.studies.sampling import Candidate

NAMING = Naming("labels", ".txt", (("image_2", "label_2"), ("images", "labels"), ("image", "label")))
COLUMNS, COLUMNS_WITH_SCORE = 15, 16
_HIDDEN = {0: False, 1: True, 2: True}

Rows = list[tuple[int, str]]


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study in KITTI's layout, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where the lines go for whose file there is no image.

    Raises
    ------
    DataError
        With each folder that is none, and where no image has a label file.
    """
    return list(stream(manifest, unmatched))


def stream(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> Iterator[Sample]:
    """Yield what `read` returns, one image after the other.

    Raises
    ------
    DataError
        As `read`; that no image has a label file at the end.
    """
    companions = Companions(manifest, NAMING)
    for row, path in companions.pairs(_nobodys, unmatched):
        yield _sample(manifest.sample(row), row, companions.place(path) if path else "", path)


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images that the rule of the study's draw allows: their paths, as in `images`.

    Raises
    ------
    ParameterError
        When no object is of that type.
    DataError
        When there is no folder of images.
    """
    rule, listed = manifest.draw, _listed(manifest)
    if not rule or not rule.labels:
        return list(listed)
    companions = Companions(manifest, NAMING)
    types = {name: _types(companions.find(each.file)) for name, each in listed.items()}
    listings.check_words("labels", rule.labels, {word for words in types.values() for word in words})
    return [name for name, words in types.items() if not words.isdisjoint(rule.labels)]


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are; who made them is not said of each.

    Raises
    ------
    DataError
        With one fault per id that the folder does not have.
    """
    return listings.candidates(_listed(manifest), ids)


def _listed(manifest: Manifest) -> dict[str, listings.ListedImage]:
    return {id_of_path(each.path): each for each in listings.list_images(manifest).images}


def _types(path: Path | None) -> set[str]:
    rows = _rows(path) if path else []
    return {line.split()[0] for _, line in rows} if not isinstance(rows, str) else set()


def _rows(path: Path) -> Rows | str:
    """Return the lines of a label file that are not empty, with their numbers; or why it is no text."""
    try:
        text = texts.read_text(path)
    except DataError as error:
        return error.faults[0].found
    return [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]


def _nobodys(path: Path) -> Iterator[tuple[str, object]]:
    rows = _rows(path)
    if isinstance(rows, str):
        yield "", None
    else:
        yield from ((f"line {number}", line) for number, line in rows)


def _sample(sample: Sample, image: ImageRow, place: str, path: Path | None) -> Sample:
    rows = _rows(path) if path else []
    if isinstance(rows, str):
        return replace(sample, rejected=(RejectedAnnotation(image.id, rows, place=place),))
    made = [_region_or_rejected(number, line, image.id, place) for number, line in rows]
    return replace(
        sample,
        regions=tuple(each for each in made if isinstance(each, Region)),
        rejected=tuple(each for each in made if not isinstance(each, Region)),
        said={"label_file": place} if place else {},
    )


def _region_or_rejected(number: int, line: str, image: str, place: str) -> Region | RejectedAnnotation:
    try:
        return _region(str(number), line.split())
    except BoxError as error:
        reason = f"its box: {error.faults[0].found}, not {error.faults[0].expected}"
    except ValueError as error:
        reason = str(error)
    label = line.split(maxsplit=1)[0]
    return RejectedAnnotation(image, reason, str(number), label, f"{place}, line {number}", row=line)


def _region(number: str, columns: list[str]) -> Region:
    """Return the region of a line.

    Raises
    ------
    ValueError, BoxError
        When it has other columns, or something else than numbers in them.
    """
    if len(columns) not in {COLUMNS, COLUMNS_WITH_SCORE}:
        raise ValueError(f"{len(columns)} columns, not {COLUMNS}, or {COLUMNS_WITH_SCORE} with a score")
    label = values.word(columns[0], "type")
    truncated, occluded, alpha, *rest = (values.number(each, "a column") for each in columns[1:])
    flags = Flags(
        occluded=_HIDDEN.get(int(occluded)) if occluded.is_integer() else None,
        truncated=None if truncated < 0 else truncated > 0,
    )
    said: dict[str, Any] = {"truncated": truncated, "occluded": occluded, "alpha": alpha}
    said |= {"dimensions_m": rest[4:7], "location_m": rest[7:10], "rotation_y": rest[10]}
    said |= {"score": rest[11]} if len(columns) == COLUMNS_WITH_SCORE else {}
    return Region(label, Box(*rest[:4]), number, flags=flags, said=said)
