"""Rows that name their image by a path or an address of another machine, joined to the images of a study.

A name joins the image whose path ends as it does, by as many parts as possible: `images/x/a.jpg` takes what
is said of `/data/x/a.jpg` rather than what is said of `y/a.jpg`, and `a.jpg` where no more is said. Of two
images that could take the same the first of the study has it; where two names may be one image's, neither is.
Of several files that name it alike the one counts that lies nearest to it. A name without an ending joins an
image of whatever ending.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from retrain_kit.datasets.formats.listings import IMAGE_SUFFIXES
from retrain_kit.storage import texts
from retrain_kit.storage.spill import SpilledValues

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrain_kit.studies.manifests import ImageRow, Manifest


class NamedRow(NamedTuple):
    """What a source says of an image.

    Parameters
    ----------
    name
        Its name for the image.
    number
        The place of the row in its file, from 1.
    value
        The row.
    file
        The file that it stands in.
    """

    name: str
    number: int
    value: Any
    file: Path = Path()


class NamedRows:
    """Rows by the names of their images; they lie on the disk until they are asked for.

    Parameters
    ----------
    manifest
        The study.
    """

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._shelf = SpilledValues()
        self._claimed: dict[int, str] = {}
        self._count = 0
        self.met = False

    def put(self, row: NamedRow, *others: str) -> None:
        """Keep a row under its name, and under others that its image may have."""
        self._count += 1
        for name in (row.name, *others):
            self._shelf.put(_parts(name)[-1], (self._count, row._replace(name=name)))

    def rows_of(self, image: ImageRow) -> tuple[list[NamedRow], str]:
        """Return the rows of an image, and why those that could be its are not; empty where they are."""
        path = _parts(image.file)
        stem = (*path[:-1], PurePosixPath(path[-1]).stem)
        found: list[tuple[int, NamedRow]] = self._shelf.get(path[-1])
        if not found:  # frames of a video are named without an ending
            path, found = stem, self._shelf.get(stem[-1])
        if not found:
            return [], ""
        shared = [_shared(path, _parts(row.name)) for _, row in found]
        taken = [each for each, parts in zip(found, shared, strict=True) if parts == max(shared)]
        near = [_common(self._manifest.folder / image.file, row.file) for _, row in taken]
        taken = [each for each, parts in zip(taken, near, strict=True) if parts == max(near)]
        rows = [row for _, row in taken]
        others = {
            name for place, _ in taken if (name := self._claimed.setdefault(place, image.id)) != image.id
        }
        self.met = True
        if others:
            return rows, f"it may speak of the image {min(others)} too"
        names = sorted({row.name for row in rows})
        return rows, f"{len(names)} names may be this image's: {', '.join(names)}" if len(names) > 1 else ""

    def without_image(self) -> Iterator[NamedRow]:
        """Yield the rows whose images are not there; none where images have yet to be fetched."""
        whole = self._manifest.part_of or self._manifest
        if whole.downloads or whole.image_url:
            return
        folders = {whole.folder / Path(row.file).parent for row in whole.images}
        folders |= {path for name, path in whole.files.items() if name.startswith("images")}
        places = {whole.folder, *folders}
        left = ((place, row) for place, row in self._shelf if place not in self._claimed)
        for _, same in groupby(left, key=itemgetter(0)):
            rows = [row for _, row in same]
            if not any(_is_there(row.name, places) for row in rows):
                yield rows[0]


def _parts(name: str) -> tuple[str, ...]:
    return texts.path_parts(name) or ("",)


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how many parts two paths have in common at their ends."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _common(one: Path, other: Path) -> int:
    """Return how many folders two files have in common, from the outermost on."""
    pairs = zip(one.parent.parts, other.parent.parts, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one.parts), len(other.parts)) - 1)


def _is_there(name: str, folders: Iterable[Path]) -> bool:
    parts = _parts(name)
    if "\0" in name or ".." in parts:
        return False
    tails = {"/".join(parts).lstrip("/"), parts[-1]}
    ending = PurePosixPath(parts[-1]).suffix.lower()
    endings = ("",) if ending in IMAGE_SUFFIXES else ("", *sorted(IMAGE_SUFFIXES))
    try:
        return any(
            (folder / f"{tail}{end}").is_file() for folder in folders for tail in tails for end in endings
        )
    except OSError:  # a name that is too long for one
        return False
