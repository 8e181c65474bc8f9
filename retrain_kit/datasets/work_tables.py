"""Tables of works: a museum's CSV, a work a row, read row by row under the names of its own columns."""

from __future__ import annotations

import csv
import io
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from retrain_kit.annotations.works import COLUMNS, numbers_of, plain_name, work_of
from retrain_kit.datasets.formats.opening import open_text
from retrain_kit.datasets.images import id_of_path
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrain_kit.annotations.works import Work

_KNOWN = frozenset(name for names in COLUMNS.values() for name in names)
_STATED = re.compile(r"sep=([,;\t])[^\S\r\n]*(?:\r\n?|\n)")
_SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_MOST_SIGNS = 1 << 24
"""No cell is longer."""
_HEAD_SIGNS = 1 << 16


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
        return id_of_path(image_name(self.work.image).rpartition(".")[0])


def form_of(head: str) -> TableForm | None:
    """Return how a table is written, from its beginning; None where there is nothing in it."""
    text = head.removeprefix("\ufeff")
    before = 1 if (stated := _STATED.match(text)) else 0
    text = text[stated.end() :] if stated else text
    sign = stated[1] if stated else max(texts.SEPARATORS, key=lambda each: _number_known(text, each))
    columns = tuple(name.strip() for name in _first(text, sign))
    return TableForm(sign, columns, before) if columns else None


def _first(text: str, sign: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=sign), [])


def _number_known(text: str, sign: str) -> int:
    return len({plain_name(name) for name in _first(text, sign)} & _KNOWN)


def image_name(told: str) -> str:
    """Return the name of a file from a name, a path or an address."""
    path = re.split(r"[?#]", told, maxsplit=1)[0] if "://" in told else told
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def read_rows(path: Path) -> Iterator[WorkRow]:
    """Yield the rows of a table of works; empty ones are passed over.

    Raises
    ------
    DataError
        When it is no table, or no text in UTF-8 or in what its mark announces; with the place.
    """
    csv.field_size_limit(_MOST_SIGNS)
    line = 0
    with _told(path), open_text(path) as file:
        try:
            form = form_of(file.read(_HEAD_SIGNS))
            file.seek(0)
            for _ in range(form.lines_before if form else 0):
                file.readline()
            rows = csv.reader(file, delimiter=form.sign if form else ",")
            next(rows, None)
            for cells in rows:
                line = rows.line_num + (form.lines_before if form else 0)
                if form and any(map(str.strip, cells)):
                    yield _row(line, cells, form)
        except csv.Error as error:
            raise DataError(Fault(f"{path}, line {line + 1}", f"no CSV ({error})", "a CSV")) from None


def _row(line: int, cells: list[str], form: TableForm) -> WorkRow:
    said = dict[str, str]()
    for column, cell in zip(form.columns, cells, strict=False):
        if column and cell.strip() and column not in said:
            said[column] = cell.strip()
    more = any(cell.strip() for cell in cells[len(form.columns) :])
    return WorkRow(line, said, "a row with more cells than the table has columns" if more else "")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except UnicodeError:
        raise DataError(texts.no_text(path, "CSV")) from None
    except (OSError, io.UnsupportedOperation) as error:
        raise DataError(Fault(str(path), f"no table ({error})", "a CSV in UTF-8")) from None
