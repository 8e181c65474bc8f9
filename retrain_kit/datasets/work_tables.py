"""Tables of works: a museum's CSV, a work a row, read row by row under the names of its own columns."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from retrain_kit.annotations.works import image_of, numbers_of, place_of_column, work_of
from retrain_kit.datasets.formats.listings import IMAGE_SUFFIXES
from retrain_kit.datasets.formats.opening import open_text
from retrain_kit.datasets.images import id_of_path
from retrain_kit.errors import DataError, Fault, reason_of
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from retrain_kit.annotations.works import Work

_STATED = re.compile(r"sep=([,;\t])[^\S\r\n]*(?:\r\n?|\n)")
_SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_MOST_SIGNS = 1 << 24
"""No cell is longer."""
_HEAD_SIGNS = 1 << 16
_SEVERAL = re.compile(r"[|;\n]|,\s*(?=['\"])")
_IIIF = re.compile(r"([^/]+)/(?:(?:full|square|[\d.,]+|pct:[\d.,]+)/[^/]+/!?[\d.]+/\w+\.\w+|info\.json)/?$")
"""The end of an image's address by the IIIF Image API: identifier, region, size, rotation, quality."""


@dataclass(frozen=True)
class TableForm:
    """How a table is written: the sign that parts its cells, its columns, how many lines come before."""

    sign: str
    columns: tuple[str, ...]
    lines_before: int = 0

    @property
    def parted_by(self) -> str:
        """The sign in words."""
        return _SIGNS[self.sign]


class WorkRow(NamedTuple):
    """A row of a table: where it ends, what it says by columns, and why it is none that can be taken."""

    line: int
    cells: dict[str, str]
    why: str = ""

    @property
    def work(self) -> Work:
        """What it says of the work."""
        return work_of(self.cells)

    @property
    def id(self) -> str:
        """The id of its image: the work's number, else the image's name without ending; or nothing."""
        if numbers := numbers_of(self.cells):
            return id_of_path(numbers[0])
        return id_of_path(stem_of(image_name(next(iter(self.images), ""))))

    @property
    def images(self) -> list[str]:
        """The names, paths or addresses of its images; a cell may name several."""
        told = image_of(self.cells)
        listed = told[1:-1] if told.startswith(("['", '["')) else told
        parts = (part.strip(" '\"") for part in _SEVERAL.split(listed))
        return list(dict.fromkeys(filter(None, parts)))


def form_of(head: str) -> TableForm | None:
    """Return how a table is written, from its beginning; None where there is nothing in it."""
    text = head.removeprefix("\ufeff")
    before = 1 if (stated := _STATED.match(text)) else 0
    text = text[stated.end() :] if stated else text
    sign = stated[1] if stated else max(texts.SEPARATORS, key=lambda each: _number_known(text, each))
    columns = _each_once(" ".join(name.split()) for name in _first(text, sign))
    return TableForm(sign, columns, before) if columns else None


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of columns, with a number behind one that another column has, too."""
    seen = Counter[str]()
    found = []
    for name in names:
        seen[name] += 1
        found.append(f"{name} [{seen[name]}]" if name and seen[name] > 1 else name)
    return tuple(found)


def _first(text: str, sign: str) -> list[str]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    return next(filter(_is_filled, rows), [])


def _is_filled(cells: list[str]) -> bool:
    return any(map(str.strip, cells))


def _number_known(text: str, sign: str) -> int:
    return sum(place_of_column(name) is not None for name in dict.fromkeys(_first(text, sign)))


def image_name(told: str) -> str:
    """Return the name of a file from a name, a path or an address; of one by IIIF the image's identifier."""
    if "://" not in told:
        return told.replace("\\", "/").rstrip("/").rpartition("/")[2]
    path = re.split(r"[?#]", told, maxsplit=1)[0].rstrip("/")
    found = _IIIF.search(path)
    return unquote(found[1] if found else path.rpartition("/")[2]).rpartition("/")[2]


def stem_of(name: str) -> str:
    """Return the name of an image's file without its ending; 1999.8 has none."""
    stem, dot, ending = name.rpartition(".")
    return stem if f"{dot}{ending}".lower() in IMAGE_SUFFIXES else name


def read_rows(path: Path) -> Iterator[WorkRow]:
    """Yield the rows of a table of works; empty ones are passed over.

    Raises
    ------
    DataError
        When it is no table, or no text in UTF-8 or in what its mark announces; with the place.
    """
    csv.field_size_limit(_MOST_SIGNS)
    above = line = 0
    with _told(path), open_text(path) as file:
        try:
            form = form_of(file.read(_HEAD_SIGNS))
            file.seek(0)
            before = form.lines_before if form else 0
            for _ in range(before):
                file.readline()
            lines = _Lines(file)
            rows = csv.reader(lines, delimiter=form.sign if form else ",")
            next(filter(_is_filled, rows), None)
            line = rows.line_num + before
            for cells in rows:
                above, line = line, rows.line_num + before
                if form and _is_filled(cells):
                    yield _row(line, cells, form)
        except csv.Error as error:
            raise DataError(Fault(f"{path}, line {line + 1}", f"no CSV ({error})", "a CSV")) from None
    if lines.quotes % 2 and line > above + 1:
        found, do = "a quotation mark that nothing closes", "One that is of the text is written twice."
        raise DataError(Fault(f"{path}, line {above + 1}", found, "one at each end of a cell", do))


class _Lines:
    """The lines of a table, with how many quotation marks there were."""

    def __init__(self, file: IO[str]) -> None:
        self._file, self.quotes = file, 0

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self.quotes += line.count('"')
            yield line


def _row(line: int, cells: list[str], form: TableForm) -> WorkRow:
    said = dict[str, str]()
    for place, (column, cell) in enumerate(zip(form.columns, cells, strict=False), 1):
        if cell.strip():
            said[column or f"column {place}"] = cell.strip()
    more = any(cell.strip() for cell in cells[len(form.columns) :])
    return WorkRow(line, said, "a row with more cells than the table has columns" if more else "")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except UnicodeError:
        raise DataError(texts.no_text(path, "CSV")) from None
    except (OSError, io.UnsupportedOperation) as error:
        raise DataError(Fault(str(path), f"no table ({reason_of(error)})", "a CSV in UTF-8")) from None
