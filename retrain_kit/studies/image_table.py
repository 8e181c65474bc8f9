"""Image tables: a study's CSV, an image a row, held in memory or read again each time it is gone through.

A table may be separated by commas, semicolons or tabs, as its first line is: spreadsheets write all three.
A cell of `sha256` may be empty: nobody has computed that digest yet.
"""

from __future__ import annotations

import csv
import os
import re
import tempfile
from array import array
from collections import Counter
from collections.abc import Collection
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import Fault, reason_of
from retrain_kit.storage import files, texts
from retrain_kit.studies.disclosure import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrain_kit.annotations.veil import VeilOverStudy

REQUIRED_COLUMNS = ("id", "file", "sha256", "width_px", "height_px", "licence", "author", "source")


@dataclass(frozen=True)
class ImageRow:
    """One row of the CSV: an image, its file below the study's folder, its size and where it comes from.

    `sha256` is empty where nobody has computed it yet. `split` is the part of the data set that the image
    belongs to, as `train`; empty where it has no parts.
    """

    id: str
    file: str
    sha256: str
    width_px: int
    height_px: int
    licence: str
    author: str
    source: str
    note: str = ""
    alt: str = ""
    notice: str = ""
    leaves_out: str = ""
    split: str = ""


class StreamedRows(Collection[ImageRow]):
    """The rows of a table without faults, read from the file each time they are gone through.

    Parameters
    ----------
    path
        The CSV.
    folder
        Where the images' files are.
    count
        How many rows it has.
    """

    def __init__(self, path: Path, folder: Path, count: int) -> None:
        self._path, self._folder, self._count = path, folder, count

    def __iter__(self) -> Iterator[ImageRow]:
        with open_table(self._path) as rows:
            yield from (_image(_cells(row, self._folder)) for row in rows)

    def __len__(self) -> int:
        return self._count

    def __contains__(self, image: object) -> bool:
        return any(image == each for each in self)


def read_image_table(
    path: Path, folder: Path, faults: list[Fault], *, keep: bool = True
) -> Collection[ImageRow]:
    """Return the rows of a study's table, and list its faults.

    Parameters
    ----------
    path, folder
        The CSV, and where the images' files are.
    keep
        Whether the rows are held in memory; if not, each takes eight bytes while its table is checked.
    """
    if not path.is_file():
        faults.append(Fault(str(path), "no file", "one row per image, beside the TOML"))
        return ()
    kept: list[ImageRow] = []
    hashes = array("q")
    line = 0
    try:
        with open_table(path) as rows:
            for image in _rows(rows, path, folder, faults):
                line = rows.line_num
                hashes.append(hash(image.id))
                kept += [image] if keep else []
    except UnicodeError:
        faults.append(texts.no_text(path, "CSV"))
        return ()
    except (csv.Error, OSError) as error:
        faults.append(
            Fault(f"{path}, line {line + 1}", f"no CSV ({reason_of(error)})", "comma-separated UTF-8")
        )
        return ()
    images = tuple(kept) if keep else StreamedRows(path, folder, len(hashes))
    faults += _twice(path, images, hashes)
    return images


@contextmanager
def open_table(path: Path) -> Iterator[csv.DictReader[str]]:
    """Give the rows of a table for the block: by the names in its first line, separated as that line is.

    Raises
    ------
    OSError, UnicodeError, csv.Error
        When it cannot be read, or is no table.
    """
    with path.open(encoding=texts.encoding_of(path), newline="") as file:
        header = file.readline()
        file.seek(0)
        rows = csv.DictReader(file, strict=True, delimiter=texts.separator(header, REQUIRED_COLUMNS))
        rows.fieldnames = [name.strip() for name in rows.fieldnames or ()]
        yield rows


@contextmanager
def plain_csv(path: Path, veil: VeilOverStudy | None = None) -> Iterator[Path]:
    """Give a table as a CSV in UTF-8, separated by commas, for the block: itself, where it is one.

    Where a veil is over the study, the table is under it: its cells, and the names of files.
    """
    with open_table(path) as rows:
        if veil is None and rows.reader.dialect.delimiter == "," and texts.encoding_of(path) == "utf-8":
            yield path
            return
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder) / path.name
            with plain.open("w", encoding="utf-8", newline="") as file:
                written = csv.DictWriter(
                    file, list(rows.fieldnames or ()), lineterminator="\n", extrasaction="ignore"
                )
                written.writeheader()
                written.writerows(rows if veil is None else (_veiled_cells(row, veil) for row in rows))
            yield plain


def _veiled_cells(row: Mapping[str, Any], veil: VeilOverStudy) -> dict[str, Any]:
    shown = {"id": veil.name, "file": veil.file}
    return {
        name: shown.get(name, veil.told)(cell) if isinstance(cell, str) else cell
        for name, cell in row.items()
    }


def path_inside(folder: Path, text: str, where: str, faults: list[Fault]) -> Path:
    """Return `folder / text` as it is there; list a fault where that leaves the folder, links followed."""
    if why := files.why_no_path(text):
        faults.append(Fault(where, why, f"a path inside {folder}"))
        return folder
    path = files.find_file(folder, text)
    if Path(text).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        faults.append(Fault(where, repr(text), f"a path inside {folder}", "Move the file into it."))
    return path


def _rows(rows: csv.DictReader[str], path: Path, folder: Path, faults: list[Fault]) -> Iterator[ImageRow]:
    """Yield the rows that are whole; list the faults of the others."""
    missing = [column for column in REQUIRED_COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        found = f"the columns {', '.join(rows.fieldnames or ()) or 'of an empty file'}"
        faults.append(Fault(f"{path}, line 1", found, f"also {', '.join(missing)}"))
        return
    place = _Folder(folder)
    for row in rows:
        where, cells, before = f"{path}, line {rows.line_num}", _cells(row, folder), len(faults)
        if too_many := row.get(None, ()):  # where csv puts further cells
            names = len(rows.fieldnames or ())
            do = "Does a cell hold the sign that parts the columns? Put it in quotation marks."
            faults.append(Fault(where, f"{names + len(too_many)} cells", f"{names}, as in line 1", do))
            continue
        cut = any(row[key] is None for key in REQUIRED_COLUMNS)  # else there may be no digest
        _check(cells, where, place, faults, REQUIRED_COLUMNS if cut else _NEEDED)
        if len(faults) == before:
            yield _image(cells)


def _cells(row: dict[str, str], folder: Path) -> dict[str, str]:
    """Return the cells without the spaces around them, unless they belong to the name of a file."""
    cells = {key: (row[key] or "").strip() for key in row if isinstance(key, str)}
    whole = row.get("file") or ""
    if whole != cells.get("file", "") and (folder / whole).is_file():
        cells["file"] = whole
    return cells


class _Folder:
    """A folder of a table's images: says which paths stay in it, links followed; it asks once a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._root = folder, os.path.realpath(folder)
        self._is_inside = lru_cache(_FOLDERS)(self._resolved_inside)

    def check(self, text: str, where: str, faults: list[Fault]) -> None:
        """List a fault where a path leaves the folder."""
        folder, _, name = text.rpartition("/")
        plain = text.isascii() and not {"..", "."}.intersection(text.split("/")) and "\\" not in text
        known = plain and not text.startswith("/") and len(text) < _SHORT_SIGNS and "\0" not in text
        plain_file = known and name and not os.path.islink(f"{self._root}/{text}")  # noqa: PTH114 - a row's time
        if not (plain_file and self._is_inside(folder)):
            path_inside(self._folder, text, where, faults)

    def _resolved_inside(self, below: str) -> bool:
        return Path(os.path.realpath(self._folder / below)).is_relative_to(self._root)


_FOLDERS, _SHORT_SIGNS = 1 << 16, 200


_NEEDED = tuple(name for name in REQUIRED_COLUMNS if name != "sha256")


def _check(
    cells: dict[str, str], where: str, place: _Folder, faults: list[Fault], needed: Sequence[str] = _NEEDED
) -> None:
    faults += [Fault(f"{where}, {key}", "nothing", "a text") for key in needed if not cells[key]]
    if cells["sha256"] and not re.fullmatch("[0-9a-f]{64}", cells["sha256"]):
        faults.append(
            Fault(f"{where}, sha256", shown(cells["sha256"]), "64 hexadecimal digits in lower case")
        )
    if re.search(r"[/\\\x00-\x1f]", cells["id"]) or cells["id"] in {".", ".."}:
        faults.append(Fault(f"{where}, id", shown(cells["id"]), "an id that can name a file: no slash in it"))
    for key in _SIZES:
        if cells[key] and not _is_size(cells[key]):
            faults.append(Fault(f"{where}, {key}", shown(cells[key]), "a whole number of pixels above 0"))
    place.check(cells["file"], f"{where}, file", faults)


def _is_size(text: str) -> bool:
    return text.isdecimal() and len(text) <= _SIZE_SIGNS and int(text) > 0


def _image(cells: dict[str, str]) -> ImageRow:
    texts = {key: cells.get(key, "") for key in _TEXTS}
    return ImageRow(**texts, width_px=int(cells["width_px"]), height_px=int(cells["height_px"]))


def _twice(path: Path, images: Collection[ImageRow], hashes: Sequence[int]) -> list[Fault]:
    """Return a fault for each id that stands more than once; ids are counted where their hash does."""
    import numpy as np  # noqa: PLC0415 - the command line starts without it

    values, counts = np.unique(np.asarray(hashes, dtype=np.int64), return_counts=True)
    if not (again := set(values[counts > 1].tolist())):
        return []
    ids = Counter(image.id for image in images if hash(image.id) in again)
    twice = sorted(name for name, count in ids.items() if count > 1)
    return [Fault(f"{path}, id", f"{name!r} more than once", "every id once") for name in twice]


_SIZE_SIGNS = 9
_SIZES = ("width_px", "height_px")
_TEXTS = [name for name in ImageRow.__dataclass_fields__ if name not in _SIZES]
