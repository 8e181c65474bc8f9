"""YOLO: one text file an image, a line an object, in shares of the image's edges.

Files of the manifest: `data`, the data set's own `data.yaml` (or Darknet's `obj.data`); `names`, a list of
words, one a line, as `classes.txt` or `obj.names`, where `data` has none; names that begin with `labels` are
folders of label files, those that begin with `images` folders of images. An image `images/train/a.jpg` has
its labels at `labels/train/a.txt`, else below a stated folder or beside it, by its own name. Ids may be any:
labels are found by the image's file.

What a line is follows from its columns: class and box (5); class and the corners of an oriented box or the
vertices of an outline (7, 9, 11 …); class, box and keypoints, where `data` says their `kpt_shape`, else where
they come in threes whose third is 0, 1 or 2, and no outline could have so many numbers, or one of them is 2.
A last column more is a model's confidence, in `said["confidence"]`. A box is its middle, width and height.
Keypoints stand in `said`, in pixels, in threes as COCO's; those of two numbers stay two. The number of the
class is in `said["class"]`.

The word of a class is that of `data` or `names`, to the letter: `no` and `1` are words. Without either the
number itself is the word. A line's id is its number. What cannot be taken is listed with its line: a class
that has no word, a number of columns that is none of these, numbers that are no shares of the image (pixels,
most often), a file that is no text. What reaches a little out of the image is taken as it stands.
`said["split"]` is the list of `data` that an image is in. Who drew which box is not said.

An image without a label file has no regions; with an empty one it has none either, and `said["label_file"]`
shows that there is one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrain_kit.annotations.samples import Region
from retrain_kit.datasets.formats import listings
from retrain_kit.datasets.formats.companions import Companions, Naming
from retrain_kit.datasets.formats.values import number_id
from retrain_kit.datasets.images import id_of_path
from retrain_kit.datasets.yolo.rows import label_rows, region_or_rejected
from retrain_kit.datasets.yolo.words import read_words
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from retrain_kit.annotations.samples import RejectedAnnotation, Sample
    from retrain_kit.datasets.yolo.words import Words
    from retrain_kit.studies.manifests import ImageRow, Manifest
    from retrain_kit.studies.sampling import Candidate

_SWAPS = [
    (images, own) for own in ("labels", "label") for images in ("images", "image", "Images", "JPEGImages")
]
NAMING = Naming("labels", ".txt", tuple(_SWAPS))


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study in YOLO's layout, in the order of its manifest.

    Parameters
    ----------
    manifest
        The study.
    unmatched
        Where the lines go for whose file there is no image.

    Raises
    ------
    DataError
        With the faults of the lists of words, each folder that is none, and where no image has a label file.
    """
    return list(stream(manifest, unmatched))


def stream(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> Iterator[Sample]:
    """Yield what `read` returns, one image after the other.

    Raises
    ------
    DataError
        As `read`; that no image has a label file at the end.
    """
    words, companions = read_words(manifest.folder, manifest.files), Companions(manifest, NAMING)
    for row, path in companions.pairs(_rows, unmatched):
        yield _sample(manifest, row, companions.place(path) if path else "", path, words)


def _rows(path: Path) -> Iterator[tuple[str, object]]:
    """Yield the lines of a label file that nobody claims; of a text that is none nothing."""
    rows = label_rows(path)
    if isinstance(rows, str):
        yield "", rows
        return
    for number, line in rows:
        if line.split(maxsplit=1)[0].replace(".", "", 1).isdecimal():
            yield f"line {number}", line


def _sample(manifest: Manifest, row: ImageRow, place: str, path: Path | None, words: Words) -> Sample:
    said = {
        key: value for key, value in (("split", words.split_of(row.file)), ("label_file", place)) if value
    }
    made = region_or_rejected(path, place, row, words) if path else []
    return replace(
        manifest.sample(row),
        regions=tuple(each for each in made if isinstance(each, Region)),
        rejected=tuple(each for each in made if not isinstance(each, Region)),
        said=said,
    )


def ids(manifest: Manifest) -> list[str]:
    """Return the ids of all images that the rule of the study's draw allows: their paths, as in `images`.

    Raises
    ------
    ParameterError
        When no class is called so, or there is no list of that name.
    DataError
        When there is no folder of images, or the words cannot be read.
    """
    rule, words = manifest.draw, read_words(manifest.folder, manifest.files)
    listed = _listed(manifest)
    if rule and rule.subset:
        if rule.subset not in words.splits:
            there = ", ".join(words.splits) or "none: data = the data set's data.yaml"
            raise ParameterError(Fault("subset", repr(rule.subset), f"one that data lists: {there}"))
        listed = {name: each for name, each in listed.items() if words.split_of(each.file) == rule.subset}
    wanted = set(rule.labels) if rule else set()
    listings.check_words("labels", wanted, set(words.names.values()))
    if not wanted:
        return list(listed)
    numbers = {number for number, name in words.names.items() if name in wanted}
    companions = Companions(manifest, NAMING)
    return [name for name, each in listed.items() if numbers.intersection(_classes(companions, each.file))]


def describe(manifest: Manifest, ids: Collection[str]) -> list[Candidate]:
    """Return where these images are; who made them is not known.

    Raises
    ------
    DataError
        With one fault per id that the folder does not have.
    """
    return listings.candidates(_listed(manifest), ids)


def reasons_left_out(manifest: Manifest) -> dict[str, str]:
    """Return why files of the folder are not among its images, by their paths; label files are no images."""
    suffixes = (".txt", ".yaml", ".yml", ".names", ".data", ".cache")
    left_out = listings.list_images(manifest).left_out
    return {path: why for path, why in left_out.items() if not path.lower().endswith(suffixes)}


def _listed(manifest: Manifest) -> dict[str, listings.ListedImage]:
    return {id_of_path(each.path): each for each in listings.list_images(manifest).images}


def _classes(companions: Companions, file: str) -> set[str]:
    rows = label_rows(path) if (path := companions.find(file)) else []
    return {number_id(line.split()[0]) or "" for _, line in rows} if not isinstance(rows, str) else set()
