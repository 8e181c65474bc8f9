"""Folders of pictures with marks in them, read as studies: any number of files in little memory."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.datasets import folder, pictures
from retrain_kit.decanonizing import names, places
from retrain_kit.decanonizing.study import Credit, Study
from retrain_kit.decanonizing.tasks import Task, bare
from retrain_kit.errors import DataError, Fault
from retrain_kit.samples import Region
from retrain_kit.shelves import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrain_kit.masking import Shape

MARKS = "marks.jsonl"


def below(root: Path, out: Path | None) -> Iterator[str]:
    """Yield the paths of all files below a folder, but for those of the result `out`."""
    folders = [root]
    while folders:
        with suppress(PermissionError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                path = Path(entry.path)
                if entry.is_dir(follow_symlinks=False):
                    folders += [] if path == out else [path]
                elif entry.is_file():
                    yield path.relative_to(root).as_posix()


def read(root: str, files: Iterable[str], shape: Shape) -> Study:
    """Read the pictures of a folder with marks in it.

    Parameters
    ----------
    root
        The folder, or an address with `://`.
    files
        Its files, in any order.
    shape
        What the marks cover.

    Raises
    ------
    DataError
        When there are no marks, or with their faults.
    """
    study, found, marked = Study(PurePosixPath(root).name or "folder"), Names(), False
    for file in files:
        marked = marked or file == MARKS
        if _is_picture(file):
            found.add(file)
    if not marked:
        do = f"Put the marks into it as {MARKS}, or name a study: without marks nothing can be taken out."
        raise DataError(Fault(root, f"no {MARKS}", "a folder of pictures with their marks", do))
    digest = hashlib.sha256()
    marks = _marks(f"{root}/{MARKS}", found, digest)
    digest = hashlib.sha256(digest.digest())
    for row, file in enumerate(found):
        name = pictures.id_of(file)
        regions = (mark for mark in marks.of(name) if isinstance(mark, Region))
        study.add(Task(row, name, file, f"{root}/{file}", bare(regions, shape)), Credit(name))
        digest.update(f"\n{file}".encode() if row else file.encode())
    marks.check()
    study.digest = digest.hexdigest()
    return study


def _marks(where: str, found: Names, digest: hashlib._Hash) -> folder.Marks:
    """Return the marks of a file, which name the pictures found by path or by id, and digest its bytes."""

    def is_id(image: str) -> bool:
        file = pictures.path_of(image)
        return file in found and pictures.id_of(file) == image

    def lines() -> Iterator[bytes]:
        with places.opened(where) as file:
            for line in file:
                digest.update(line)
                yield line

    return folder.Marks(
        lines(),
        Path(where),
        lambda image: is_id(image) or image in found,
        lambda image: image if is_id(image) else pictures.id_of(image),
    )


def _is_picture(file: str) -> bool:
    path = PurePosixPath(file)
    hidden = any(part.startswith(".") for part in path.parts)
    nameable = file.isprintable() and file == file.strip()
    return path.suffix.lower() in names.PICTURES and nameable and not hidden
