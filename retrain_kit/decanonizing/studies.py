"""Studies: what a batch works through, a manifest's or a folder's pictures, one after the other.

A folder needs no manifest: marks in the kit's own format, `marks.jsonl`, lie in it and name each picture by
its path below the folder. The folder may be an address with `://`.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from retrain_kit import datasets, manifests
from retrain_kit.datasets import folder, pictures
from retrain_kit.decanonizing import names, places
from retrain_kit.decanonizing.tasks import Task, bare
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.samples import Region

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from retrain_kit.decanonizing.places import Place
    from retrain_kit.manifests import Manifest
    from retrain_kit.masking import Shape
    from retrain_kit.samples import Sample

MARKS = "marks.jsonl"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Credit:
    """What goes on into the result's table of what a study says of a picture."""

    id: str
    licence: str = UNKNOWN
    author: str = UNKNOWN
    source: str = UNKNOWN
    note: str = ""
    notice: str = ""
    leaves_out: str = ""


class Study(Protocol):
    """What a batch works through; every pass gives the same pictures in the same order."""

    name: str
    digest: str
    manifest: Manifest | None

    def __len__(self) -> int:
        """Return how many pictures it has."""

    def tasks(self, shape: Shape) -> Iterator[Task]:
        """Yield the pictures' tasks."""

    def credits(self) -> Iterator[Credit]:
        """Yield what goes on into the result's table."""


def find(text: str, out: Place) -> Study:
    """Return the study of this name or path, or the folder.

    Raises
    ------
    KitError
        When there is none, or nothing to be taken out of its pictures; or the result would lie among them.
    """
    if "://" in text and not text.startswith("file://"):
        return OfFolder(text.rstrip("/"), places.listed(text))
    path = Path(text.removeprefix("file://"))
    if not path.is_dir():
        return OfManifest(manifests.load(text), out)
    root = path.resolve()
    if out.folder == root:
        raise ParameterError(Fault("out", str(path), "another folder than that of the originals"))
    found = (file for file in root.rglob("*") if _outside(file, out.folder) and file.is_file())
    return OfFolder(str(root), sorted(file.relative_to(root).as_posix() for file in found))


class OfManifest:
    """The pictures of a manifest's study.

    Parameters
    ----------
    manifest
        The study.
    out
        Where the result goes.

    Raises
    ------
    DataError
        With the faults of its files.
    ParameterError
        When the result would lie among its pictures.
    """

    def __init__(self, manifest: Manifest, out: Place) -> None:
        self.manifest: Manifest | None = manifest
        self.name, self.digest = manifest.name, manifest.digest
        self._samples = datasets.read(manifest)
        self._folder = manifest.folder.resolve()
        inside = [sample for sample in self._samples if not _outside(sample.path.resolve(), out.folder)]
        if inside:
            found = f"{out.root}, in which {inside[0].path} lies"
            raise ParameterError(Fault("out", found, "another folder than that of the originals"))

    def __len__(self) -> int:
        return len(self._samples)

    def tasks(self, shape: Shape) -> Iterator[Task]:
        """Yield the pictures' tasks; of two with one file, the second gets another name."""
        taken: set[str] = set()
        for row, sample in enumerate(self._samples):
            yield Task(
                row,
                sample.id,
                _free(self._below(sample), taken),
                str(sample.path.resolve()),
                bare(sample.regions, shape),
                sample.size if all(sample.size) else None,
                sample.rotation_deg,
                sample.provenance.sha256,
            )

    def credits(self) -> Iterator[Credit]:
        """Yield what goes on into the result's table."""
        for sample in self._samples:
            of = sample.provenance
            said = (of.licence or UNKNOWN, of.author or UNKNOWN, of.source or UNKNOWN, of.note)
            yield Credit(sample.id, *said, sample.notice, sample.leaves_out)

    def _below(self, sample: Sample) -> str:
        """Return a picture's path below the study's folder; its name where it lies elsewhere."""
        path = sample.path.parent.resolve() / sample.path.name
        return path.relative_to(self._folder).as_posix() if path.is_relative_to(self._folder) else path.name


class OfFolder:
    """The pictures of a folder with marks in it.

    Parameters
    ----------
    root
        The folder, or an address with `://`.
    files
        Its files, in order.

    Raises
    ------
    DataError
        When there are no marks, or with their faults.
    """

    def __init__(self, root: str, files: Collection[str]) -> None:
        self.manifest: Manifest | None = None
        self.name = PurePosixPath(root).name or "folder"
        self._root = root
        self._files = [file for file in files if _is_picture(file)]
        if MARKS not in files:
            do = f"Put the marks into it as {MARKS}, or name a study: without marks nothing can be taken out."
            raise DataError(Fault(root, f"no {MARKS}", "a folder of pictures with their marks", do))
        data = places.read(f"{root}/{MARKS}")
        self._marks = _regions(data, f"{root}/{MARKS}", {pictures.id_of(file) for file in self._files})
        listing = "\n".join(self._files).encode()
        self.digest = hashlib.sha256(hashlib.sha256(data).digest() + listing).hexdigest()

    def __len__(self) -> int:
        return len(self._files)

    def tasks(self, shape: Shape) -> Iterator[Task]:
        """Yield the pictures' tasks."""
        for row, file in enumerate(self._files):
            name = pictures.id_of(file)
            yield Task(row, name, file, f"{self._root}/{file}", bare(self._marks.get(name, ()), shape))

    def credits(self) -> Iterator[Credit]:
        """Yield what goes on into the result's table: nothing but the ids is known."""
        return (Credit(pictures.id_of(file)) for file in self._files)


def _regions(data: bytes, where: str, ids: set[str]) -> Mapping[str, list[Region]]:
    """Return the regions of each picture, which the marks name by path or by id."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(Fault(where, f"no marks ({error})", "JSON Lines in UTF-8")) from None
    known = ids | {pictures.path_of(name) for name in ids}
    found: dict[str, list[Region]] = defaultdict(list)
    for image, marks in folder.parse(text.splitlines(), Path(where), known).items():
        name = image if image in ids else pictures.id_of(image)
        found[name] += [mark for mark in marks if isinstance(mark, Region)]
    return found


def _is_picture(file: str) -> bool:
    path = PurePosixPath(file)
    hidden = any(part.startswith(".") for part in path.parts)
    nameable = file.isprintable() and file == file.strip()
    return path.suffix.lower() in names.PICTURES and nameable and not hidden


def _outside(path: Path, place: Path | None) -> bool:
    return not (place and path.is_relative_to(place))


def _free(file: str, taken: set[str]) -> str:
    """Return the name, or one with a number where it is taken, and take it."""
    stem, suffix = posixpath.splitext(file)
    name, number = file, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}~{number}{suffix}"
    taken.add(name.casefold())
    return name
