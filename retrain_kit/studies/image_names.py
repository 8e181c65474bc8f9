"""Names of images: which one of a study is meant by what a person types, or a table from elsewhere says.

From the exact to the lenient:

1. its id, to the letter;
2. its id in another form of Unicode, or the number that a museum has for it;
3. its file: the one whose path ends as the name does, or with whose path the name ends, by most parts, and
   the whole path before all others.

What fits one image alone means it. What fits several equally well means none, and nothing is guessed.

Others ask the other way round, and more: `datasets.layouts.works` which file a row's work is in, also by its
number in other signs, where a file may be another row's; `datasets.formats.named_images` which rows an image
has, of tables too large for memory, and where two paths may part ways before their ends.
"""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from retrain_kit.storage.texts import composed, path_parts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from retrain_kit.studies.image_table import ImageRow

    _Parts = tuple[str, ...]


class MeantImage(NamedTuple):
    """The id of an image that a name means, and how well the name fits: the more the better."""

    id: str
    fit: float


def find_images(
    names: Iterable[str], images: Iterable[ImageRow], *, without_ending: bool = False
) -> dict[str, MeantImage]:
    """Return the image that each name means; names that mean none, or may mean several, are left out.

    Parameters
    ----------
    names
        Ids, names of files, paths or addresses.
    images
        All images of the study. They are gone through once, and no further than all ids are found.
    without_ending
        Whether a file may be named without its ending, as a person does who sees what they get. A table's 12
        may be a number of its own.
    """
    paths = {name: path_parts(name) for name in names}
    ids, files = _called(paths, images, without_ending=without_ending)
    meant = {}
    for name, parts in paths.items():
        own = ids.get(composed(name), [])
        fitting = {math.inf: [name] if name in own else own} if own else _fitting(parts, files)
        if fitting and len(found := fitting[best := max(fitting)]) == 1:
            meant[name] = MeantImage(found[0], best)
    return meant


def _called(
    names: Mapping[str, _Parts], images: Iterable[ImageRow], *, without_ending: bool
) -> tuple[dict[str, list[str]], dict[str, list[tuple[str, _Parts]]]]:
    """Return the images of ids, or of numbers of museums, by these; and images by the names of files."""
    forms, ends = set(map(composed, names)), {parts[-1] for parts in names.values() if parts}
    ids, files, left = defaultdict(list), defaultdict(list), set(names)
    for image in images:
        for own in {composed(image.id), composed(unquote(image.id))} & forms:
            ids[own].append(image.id)
        *above, last = path_parts(image.file) or ("",)
        for end in {last, PurePosixPath(last).stem if without_ending else last} & ends:
            files[end].append((image.id, (*above, end)))
        left.discard(image.id)
        if not left:
            break
    return ids, files


def _fitting(parts: _Parts, files: Mapping[str, Collection[tuple[str, _Parts]]]) -> dict[float, list[str]]:
    """Return the images that a path may mean, by how well: how many of its last parts are theirs."""
    found: dict[float, list[str]] = defaultdict(list)
    for own, there in files.get(parts[-1], ()) if parts else ():
        alike = min(len(parts), len(there))
        if parts[-alike:] == there[-alike:]:
            whole = 1 < len(parts) == len(there)
            found[alike + whole].append(own)
    return found
