"""Companions: files of annotations, one an image, in a folder that mirrors the images' own, or beside them.

An image `images/train/a.jpg` has its companion at `labels/train/a.txt`, where the last folder of the one name
stands for that of the other; else where a stated folder holds `images/train/a.txt`, `train/a.txt` or `a.txt`,
if it holds no images; else beside itself. Where the mirroring folder is there, only that one counts.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.datasets.formats.listings import IMAGE_SUFFIXES
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import files as stored
from retrain_kit.storage.texts import composed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from retrain_kit.studies.manifests import ImageRow, Manifest

    Rows = Callable[[Path], Iterable[tuple[str, object]]]


@dataclass(frozen=True)
class Naming:
    """How companions are named.

    Parameters
    ----------
    prefix
        How the names begin, among a manifest's files, of the folders that hold them.
    suffix
        Their ending.
    swaps
        The names of folders of images, each with that of the folder that mirrors it.
    image_endings, own_endings
        What images, and their companions, have in their names behind what they share.
    """

    prefix: str
    suffix: str
    swaps: tuple[tuple[str, str], ...] = ()
    image_endings: tuple[str, ...] = ("",)
    own_endings: tuple[str, ...] = ("",)

    def mirror(self, folder: Path, root: Path) -> Path | None:
        """Return the folder that mirrors one of images, both below `root`; None where none is there."""
        return _swapped(folder, root, self.swaps)

    def mirrored(self, folder: Path, root: Path) -> Path | None:
        """Return the folder of images that one of companions mirrors, or None."""
        return _swapped(folder, root, [(own, images) for images, own in self.swaps])

    def names(self, image: Path) -> list[str]:
        """Return what the companion of an image may be called."""
        return [f"{self.image_name(image.name)}{ending}{self.suffix}" for ending in self.own_endings]

    def image_name(self, file: str) -> str:
        """Return what an image's file shares with its companion."""
        return _shared(file, self.image_endings)

    def own_name(self, file: str) -> str:
        """Return what a companion shares with its image; empty where its name is not that of one."""
        stem = file.rpartition(".")[0]
        return _shared(file, self.own_endings) if stem.endswith(self.own_endings) else ""


@dataclass(frozen=True)
class Companions:
    """The files that stand for the images of a study."""

    manifest: Manifest
    naming: Naming

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """The folders that the manifest states."""
        named = self.manifest.files.items()
        return tuple(path for name, path in named if name.startswith(self.naming.prefix))

    @cached_property
    def _apart(self) -> tuple[Path, ...]:
        """Those of them that hold no images: what lies beside images is of those alone."""
        return tuple(path for path in self.folders if next(_names(path, IMAGE_SUFFIXES), None) is None)

    def check(self) -> None:
        """Raise a `DataError` with each stated folder that is none."""
        expected = f"a folder of {self.naming.suffix} files"
        if faults := [Fault(str(path), "no folder", expected) for path in self.folders if not path.is_dir()]:
            raise DataError(*faults)

    def pairs(
        self, rows: Rows, unmatched: list[RejectedAnnotation] | None
    ) -> Iterator[tuple[ImageRow, Path | None]]:
        """Yield each image of the study with what stands for it, None where nothing does.

        Parameters
        ----------
        rows
            As for `without_image`.
        unmatched
            Where the rows go, at the end, for whose file there is no image.

        Raises
        ------
        DataError
            With each stated folder that is none; at the end, where nothing stands for any image.
        """
        self.check()
        found = False
        for row in self.manifest.images:
            path = self.find(row.file)
            found = found or path is not None
            yield row, path
        require_any(self.manifest, [found], self.naming.suffix)
        if unmatched is not None:
            unmatched += self.without_image(rows)

    def find(self, file: str) -> Path | None:
        """Return what stands for an image, by its path below the study's folder; None where nothing does."""
        image = Path(file.replace("\\", "/"))
        names = self.naming.names(image)
        for place in self._places(image.parent):
            for name in names:
                path = stored.find_file(self.manifest.folder, str(place / name))
                if path.is_file():
                    return path
        return None

    def _places(self, folder: Path) -> Iterator[Path]:
        if mirror := self.naming.mirror(folder, self.manifest.folder):
            yield mirror
        else:
            for place in self._apart:
                yield from (place / Path(*folder.parts[at:]) for at in range(len(folder.parts) + 1))
        yield folder

    def place(self, path: Path) -> str:
        """Return how a file is named to a reader: below the study's folder."""
        folder = self.manifest.folder
        return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name

    def without_image(self, rows: Rows) -> Iterator[RejectedAnnotation]:
        """Yield what files say for which there is no image; nothing where images have yet to be fetched.

        Parameters
        ----------
        rows
            Gives the rows of a file, each with its place in it.
        """
        whole = self.manifest.part_of or self.manifest
        if whole.downloads or whole.image_url:
            return
        own = {path.resolve() for path in whole.files.values()}
        claimed: NDArray[np.int64] | None = None
        below = {Path(row.file.replace("\\", "/")).parent for row in whole.images}
        for folder in sorted(self._own_folders(below)):
            known: set[str] | None = None
            for name in sorted(_names(folder, {self.naming.suffix})):
                known = self._images_for(folder, below) if known is None else known
                shared = self.naming.own_name(name)
                path = folder / name
                if not shared or composed(shared) in known or path.resolve() in own:
                    continue
                claimed = self._claimed(whole) if claimed is None else claimed
                at = np.searchsorted(claimed, hash(str(path)))
                if at == len(claimed) or claimed[at] != hash(str(path)):
                    yield from self._lacking(path, shared, rows)

    def _claimed(self, whole: Manifest) -> NDArray[np.int64]:
        """Return hashes of what stands for images that are listed, whether their files are there or not."""
        found = (self.find(row.file) for row in whole.images)
        return np.unique(np.fromiter((hash(str(path)) for path in found), np.int64))

    def _lacking(self, path: Path, image: str, rows: Rows) -> Iterator[RejectedAnnotation]:
        for place, row in rows(path):
            told = f"{self.place(path)}, {place}" if place else self.place(path)
            yield RejectedAnnotation(image, f"no image {image}", place=told, row=row)

    def _own_folders(self, below: Iterable[Path]) -> set[Path]:
        """Return the folders that may hold companions, those in stated ones among them."""
        root = self.manifest.folder
        found = {Path(folder) for place in self.folders for folder, _, _ in os.walk(place)}
        for folder in below:
            if mirror := self.naming.mirror(folder, root):
                found.add(root / mirror)
            elif not self.folders:
                found.add(root / folder)
        return found

    def _images_for(self, folder: Path, below: Iterable[Path]) -> set[str]:
        """Return the names of the images that the files of a folder may stand for."""
        root = self.manifest.folder
        below_root = folder.relative_to(root) if folder.is_relative_to(root) else None
        if below_root and (back := self.naming.mirrored(below_root, root)):
            places = {root / back, folder}
        else:
            stated = (path for name, path in self.manifest.files.items() if name.startswith("images"))
            places = {folder, *stated, *(root / each for each in below)}
        return {
            composed(self.naming.image_name(name))
            for place in places
            for name in _names(place, IMAGE_SUFFIXES)
        }


def require_any(manifest: Manifest, found: Iterable[object], suffix: str) -> None:
    """Raise a `DataError` where no image of a study has a file that stands for it."""
    if manifest.images and not any(found):
        where = ", ".join(map(str, manifest.files.values())) or str(manifest.folder)
        do = "Are the folders the right ones, and do the files have the images' names?"
        raise DataError(Fault(where, f"no {suffix} file of any image", "one for each annotated image", do))


def _swapped(folder: Path, root: Path, swaps: Iterable[tuple[str, str]]) -> Path | None:
    """Return a path with the last of the first names in it exchanged for the second, if that is there."""
    parts = folder.parts
    for at in range(len(parts) - 1, -1, -1):
        for here, there in swaps:
            if parts[at] == here:
                found = Path(*parts[:at], there, *parts[at + 1 :])
                if (root / found).is_dir():
                    return found
    return None


def _shared(file: str, endings: Iterable[str]) -> str:
    stem = file.rpartition(".")[0]
    return next((stem.removesuffix(end) for end in endings if end and stem.endswith(end)), stem)


def _names(folder: Path, suffixes: Iterable[str]) -> Iterator[str]:
    """Yield the names of a folder's files with one of these endings, hidden ones aside."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and Path(entry.name).suffix.lower() in suffixes:
                yield entry.name
