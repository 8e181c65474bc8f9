"""Studies: what a batch works through, a manifest's or a folder's pictures, one after the other.

A folder needs no manifest: marks in the kit's own format, `marks.jsonl`, lie in it and name each picture by
its path below the folder. The folder may be an address with `://`.

A study is read once, before anything is written; what the batch needs of it lies on the disk from then on.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from retrain_kit import datasets, manifests
from retrain_kit.decanonizing import folders, places
from retrain_kit.decanonizing.study import UNKNOWN, Credit, Study
from retrain_kit.decanonizing.tasks import Task, bare
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.shelves import Names

if TYPE_CHECKING:
    from retrain_kit.decanonizing.places import Place
    from retrain_kit.manifests import Manifest
    from retrain_kit.masking import Shape
    from retrain_kit.samples import Sample

_FOLDERS = 1000


def find(text: str, out: Place, shape: Shape = "box", *, shown: bool = False) -> Study:
    """Return the study of this name or path, or the folder.

    Parameters
    ----------
    text
        Its name, its path or its address.
    out
        Where the result goes.
    shape
        What the marks cover.
    shown
        Show how far the reading is, where the standard error is a terminal.

    Raises
    ------
    KitError
        When there is none, or nothing to be taken out of its pictures; or the result would lie among them.
    """
    if "://" in text and not text.startswith("file://"):
        return folders.read(text.rstrip("/"), places.listed(text), shape)
    path = Path(text.removeprefix("file://"))
    if not path.is_dir():
        return of_manifest(manifests.load(text, keep=False), out, shape, shown=shown)
    root = path.resolve()
    if not _outside(root, out.folder):
        raise ParameterError(Fault("out", str(path), "another folder than that of the originals"))
    return folders.read(str(root), folders.below(root, out.folder), shape)


def of_manifest(manifest: Manifest, out: Place, shape: Shape, *, shown: bool = False) -> Study:
    """Read the pictures of a manifest's study; of two with one file, the second gets another name.

    Raises
    ------
    DataError
        With the faults of its files.
    ParameterError
        When the result would lie among its pictures.
    """
    study, taken, root = Study(manifest.name, manifest), Names(), manifest.folder.resolve()
    inside: Path | None = None
    resolved = lru_cache(_FOLDERS)(Path.resolve)
    samples = tqdm(
        datasets.stream(manifest),
        desc="reading",
        total=len(manifest.images),
        unit=" pictures",
        delay=1,
        leave=False,
        disable=None if shown else True,
    )
    for sample in samples:
        path = resolved(sample.path.parent) / sample.path.name
        file = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        path = path.resolve() if path.is_symlink() else path
        if inside is None and not _outside(path, out.folder):
            inside = sample.path
        study.add(_task(len(study), sample, _free(file, taken), path, shape), _credit(sample))
    if inside:
        found = f"{out.root}, in which {inside} lies"
        raise ParameterError(Fault("out", found, "another folder than that of the originals"))
    return study


def _task(row: int, sample: Sample, file: str, path: Path, shape: Shape) -> Task:
    return Task(
        row,
        sample.id,
        file,
        str(path),
        bare(sample.regions, shape),
        sample.size if all(sample.size) else None,
        sample.rotation_deg,
        sample.provenance.sha256,
    )


def _credit(sample: Sample) -> Credit:
    of = sample.provenance
    said = (of.licence or UNKNOWN, of.author or UNKNOWN, of.source or UNKNOWN, of.note)
    return Credit(sample.id, *said, sample.notice, sample.leaves_out)


def _outside(path: Path, place: Path | None) -> bool:
    return not (place and path.is_relative_to(place))


def _free(file: str, taken: Names) -> str:
    """Return the name, or one with a number where it is taken, and take it."""
    stem, suffix = posixpath.splitext(file)
    name, number = file, 1
    while not taken.add(name.casefold()):
        number += 1
        name = f"{stem}~{number}{suffix}"
    return name
