"""Rows that name their image by a path or an address of another machine, joined to the images of a study.

A name joins the image whose path ends as it does, by as many parts as possible: `images/x/a.jpg` takes what
is said of `/data/x/a.jpg` rather than what is said of `y/a.jpg`, and `a.jpg` where no more is said. Of two
images that could take the same the first of the study has it; where two names may be one image's, neither is.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

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
    """

    name: str
    number: int
    value: Any


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
        self.met = False

    def put(self, row: NamedRow) -> None:
        """Keep a row."""
        self._shelf.put(_parts(row.name)[-1], row)

    def rows_of(self, image: ImageRow) -> tuple[list[NamedRow], str]:
        """Return the rows of an image, and why those that could be its are not; empty where they are."""
        path = _parts(image.file)
        found: list[NamedRow] = self._shelf.get(path[-1])
        if not found:
            return [], ""
        shared = [_shared(path, _parts(row.name)) for row in found]
        rows = [row for row, parts in zip(found, shared, strict=True) if parts == max(shared)]
        names = {row.name for row in rows}
        others = [
            self._claimed[hash(name)] for name in names if self._claimed.get(hash(name), image.id) != image.id
        ]
        for name in names:
            self._claimed.setdefault(hash(name), image.id)
        self.met = True
        if others:
            return rows, f"it may speak of the image {others[0]} too"
        return rows, f"{len(names)} names may be this image's: {', '.join(sorted(names))}" if len(
            names
        ) > 1 else ""

    def without_image(self) -> Iterator[NamedRow]:
        """Yield the rows whose images are not there; none where images have yet to be fetched."""
        whole = self._manifest.part_of or self._manifest
        if whole.downloads or whole.image_url:
            return
        folders = {whole.folder / Path(row.file).parent for row in whole.images}
        folders |= {path for name, path in whole.files.items() if name.startswith("images")}
        for row in self._shelf:
            if hash(row.name) not in self._claimed and not _is_there(row.name, {whole.folder, *folders}):
                yield row


def _parts(name: str) -> tuple[str, ...]:
    form = name if name.isascii() else unicodedata.normalize("NFC", name)
    return PurePosixPath(form.replace("\\", "/")).parts or ("",)


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how many parts two paths have in common at their ends."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _is_there(name: str, folders: Iterable[Path]) -> bool:
    parts = _parts(name)
    if "\0" in name or ".." in parts:
        return False
    tails = {"/".join(parts).lstrip("/"), parts[-1]}
    try:
        return any((folder / tail).is_file() for folder in folders for tail in tails)
    except OSError:  # a name that is too long for one
        return False
