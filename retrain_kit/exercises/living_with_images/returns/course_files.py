"""Course files: what people handed in to a course system, as the one zip that it gives, or unpacked.

Such systems put people's names before the names of files, or make a folder a person. Of a name only what
stands from the card's code on is kept: of `Doe Jane_12_assignsubmission_file_CK3-4RT-7HM_tern.jpg` that is
the card CK3-4RT-7HM, and tern. What stands before it is never kept and never told.
"""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.answers import handed_in
from retrain_kit.answers.handed_in import MAX_BYTES, MAX_FILE_BYTES
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.answers.handed_in import Given

_CODE = re.compile(r"(?:^|[^0-9A-Za-z])([0-9A-Za-z]{3}-[0-9A-Za-z]{3}-[0-9A-Za-z]{3}_[^/]+)$")
_CHUNK_BYTES = 1 << 20
TABLES = ("people.csv", "keys.csv")


def is_of_a_course(path: Path) -> bool:
    """Say whether a path is a zip, or a folder that holds no files but in folders."""
    if path.is_file():
        return handed_in.is_zip(path)
    inside = [each for each in path.iterdir() if not each.name.startswith(".") and each.name not in TABLES]
    return bool(inside) and all(each.is_dir() for each in inside)


@contextmanager
def course_folder(path: Path) -> Iterator[Path]:
    """Give a folder with the files of a zip, or of folders in a folder, by the codes in their names.

    Raises
    ------
    DataError
        When it is no whole zip, or files in it bear no code, are too large, or have the same name; they are
        told by their number in the order of their names.
    """
    with tempfile.TemporaryDirectory(prefix="retrain-kit-") as scratch:
        with handed_in.files_handed_in(path) as found:
            faults = list(_unpacked(path, found, Path(scratch)))
        if faults:
            raise DataError(*faults)
        yield Path(scratch)


def _unpacked(path: Path, found: list[Given], folder: Path) -> Iterator[Fault]:
    """Put files into a folder under what they are called from the code on; yield the faults."""
    left = MAX_BYTES
    files = [each for each in found if PurePosixPath(each.name).name not in TABLES]
    for number, each in enumerate(files, 1):
        told = f"{path.name}, file {number} of {len(files)}"
        name = _CODE.search(PurePosixPath(each.name.replace("\\", "/")).name)
        if not name:
            do = "Ask whoever handed it in to name it so, or rename it; the code is on the card."
            yield Fault(told, "no card's code in its name", "CARD_PSEUDONYM.ending", do)
        elif (folder / name[1]).exists():
            yield Fault(told, f"{name[1]} once more", "one file of each name")
        else:
            left -= _copy(each, folder / name[1], told, min(left, MAX_FILE_BYTES))


def _copy(each: Given, target: Path, told: str, most: int) -> int:
    size = 0
    with each.open() as file, target.open("wb") as written:
        while piece := file.read(_CHUNK_BYTES):
            size += written.write(piece)
            if size > most:
                raise DataError(Fault(told, f"more than {most / 1e6:,.0f} MB", "what a person hands in"))
    return size
