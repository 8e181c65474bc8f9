"""Texts: files in UTF-8, with or without its mark, or in the UTF-16 that a mark announces."""

from __future__ import annotations

import codecs
import csv
import io
import re
import tomllib
import unicodedata
from collections import Counter
from itertools import chain
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_MARK_BYTES = 4


def encoding_of(path: Path) -> str:
    """Return the encoding that a file's first bytes announce; UTF-8 where they announce none."""
    with path.open("rb") as file:
        return encoding_of_bytes(file.read(_MARK_BYTES))


def encoding_of_bytes(start: bytes) -> str:
    """Return the encoding that the first four bytes of a text announce; UTF-8 where they announce none."""
    return next((name for mark, name in _MARKS.items() if start.startswith(mark)), "utf-8")


def is_writable(value: str) -> bool:
    """Say whether a text has only whole signs: JSON can name halves of pairs, which UTF-8 has not."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def composed(name: str) -> str:
    """Return a name in the one form of Unicode in which names are compared: systems write accents in two."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def path_of(name: str) -> str:
    """Return the path of an address, without what stands behind `?` or `#`; another name stays as it is."""
    if "://" not in name:
        return name
    return re.split(r"[?#]", name.partition("://")[2], maxsplit=1)[0].partition("/")[2]


def path_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a path of any system, or of the path of an address, as names are compared.

    Letters that an address writes as numbers are letters. A path that goes nowhere has none.
    """
    path = unquote(path_of(name)) if "://" in name else name
    parts = composed(path).replace("\\", "/").split("/")
    return tuple(part for part in parts if part not in {"", "."})


class NamesAlike:
    """Names, found by themselves, else by the same letters in another form of Unicode."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)
        forms = Counter(map(composed, self._names))
        self._by_form = {form: name for name in self._names if forms[form := composed(name)] == 1}

    def find(self, name: str) -> str:
        """Return the name that is meant; an empty text where none is, or several are."""
        return name if name in self._names else self._by_form.get(composed(name), "")


SEPARATORS = (",", ";", "\t")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet runs a text that begins with one of these."""


def separator(header: str, columns: Collection[str]) -> str:
    """Return the sign that parts the columns of a table's first line: that which shows most of them."""
    line = next(io.StringIO(header.strip(), newline=""), "")  # it may end as lines did on old Macs
    names = {sign: next(csv.reader([line], delimiter=sign), []) for sign in SEPARATORS}
    return max(SEPARATORS, key=lambda sign: len({name.strip() for name in names[sign]}.intersection(columns)))


def table_rows(
    path: Path, columns: Collection[str], required: Collection[str], faults: list[Fault] | None = None
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows of a small table that a person keeps, each with its line; cells without spaces around.

    Names of columns count in capitals too. Empty lines, and rows in which nothing stands, are passed over, as
    is the line `sep=;` by which spreadsheets say how cells are parted.

    Parameters
    ----------
    path
        A CSV, separated by commas, semicolons or tabs.
    columns, required
        The columns it may have, and those of them that it has to; one that is not there is empty.
    faults
        Receives the faults of the table, beside those that whoever reads it finds.

    Raises
    ------
    DataError
        With all faults of the table at its end, unless there is a list for them; at once when it is no text.
    """
    found: list[Fault] = [] if faults is None else faults
    before, text = len(found), read_text(path)
    if stated := re.match("sep=([,;\\t])\\s*?(\r\n?|\n)", text):
        text = "\n" + text[stated.end() :]
    header = text.lstrip().partition("\n")[0]
    sign = stated[1] if stated else separator(header.lower(), columns)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    try:
        first = next((row for row in rows if any(map(str.strip, row))), [])
        names = [name.strip().lower() for name in first]
        found += _header_faults(f"{path}, line {rows.line_num or 1}", first, names, columns, required)
        if len(found) == before:
            least = 1 + max((names.index(name) for name in required), default=-1)
            for row in rows:
                cells = [cell.strip() for cell in row]
                if not any(cells):
                    continue
                where = f"{path}, line {rows.line_num}"
                if not least <= len(row) or any(cells[len(names) :]):
                    do = "Does a cell hold the sign that parts the columns? Put it in quotation marks."
                    found.append(Fault(where, f"{len(row)} cells", f"{len(names)}, as in line 1", do))
                    continue
                by_name = dict(zip(names, cells, strict=False))
                yield rows.line_num, {name: by_name.get(name, "") for name in columns}
    except csv.Error as error:
        found.append(Fault(f"{path}, line {rows.line_num}", f"no CSV ({error})", "comma-separated UTF-8"))
    if found and faults is None:
        raise DataError(*found)


def _header_faults(
    where: str, first: list[str], names: list[str], columns: Collection[str], required: Collection[str]
) -> Iterator[Fault]:
    if missing := [name for name in required if name not in names]:
        found = f"the columns {', '.join(name.strip() for name in first) or 'of an empty file'}"
        yield Fault(where, found, f"also {', '.join(missing)}")
    for name in columns:
        if names.count(name) > 1:
            yield Fault(where, f"the column {name} twice", "each column once")


def table_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return a small table as a CSV, as `table_rows` reads it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([columns, *([row[name] for name in columns] for row in rows)])
    return text.getvalue()


def read_text(path: Path) -> str:
    """Return a file's text, without the mark of its encoding; the ends of lines as they are.

    Raises
    ------
    DataError
        When it is text in none of the encodings, with the place; or when it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(Fault(str(path), f"no file that can be read ({error.strerror})", "a text")) from None
    try:
        return data.decode(encoding_of_bytes(data[:_MARK_BYTES])).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise DataError(_no_text(str(path), data, error, "text")) from None


def read_toml(path: Path, expected: str) -> dict[str, Any]:
    """Return what a TOML says, unchecked; the ends of lines as any system writes them.

    Raises
    ------
    DataError
        When it cannot be read, is no TOML, or holds what nothing can work with.
    """
    try:
        table = tomllib.loads(read_text(path).replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise DataError(Fault(str(path), f"no TOML ({error})", expected)) from None
    except ValueError:  # so many digits that Python reads them as no number
        raise DataError(Fault(str(path), _TOO_LARGE, expected)) from None
    except RecursionError:
        raise DataError(Fault(str(path), _TOO_DEEP, expected)) from None
    if why := _why_unfit(table):
        raise DataError(Fault(str(path), why, expected))
    return table


def _why_unfit(table: dict[str, Any]) -> str:
    """Return what in a TOML nothing can work with: tables without end, numbers that TOML does not promise."""
    level: list[Any] = [table]
    for _ in range(MOST_LEVELS):
        if any(isinstance(value, int) and value.bit_length() >= _INTEGER_BITS for value in level):
            return _TOO_LARGE
        lists = [value for value in level if isinstance(value, list)]
        tables = [value.values() for value in level if isinstance(value, dict)]
        level = [*chain.from_iterable(lists), *chain.from_iterable(tables)]
        if not level:
            return ""
    return _TOO_DEEP


MOST_LEVELS = 50
_INTEGER_BITS = 64
_TOO_LARGE = f"a number of more than {_INTEGER_BITS} bits"
_TOO_DEEP = f"tables in tables, more than {MOST_LEVELS} deep"


def no_text(path: Path, kind: str = "text") -> Fault:
    """Return the fault of a file that could not be decoded, with the place in it."""
    data = path.read_bytes()
    try:
        data.decode(encoding_of_bytes(data[:_MARK_BYTES]))
    except UnicodeDecodeError as error:
        return _no_text(str(path), data, error, kind)
    return Fault(str(path), f"no {kind}", f"a {kind} in UTF-8")


def in_utf8(file: IO[bytes]) -> io.BufferedReader[Any]:
    """Return an open file to be read as UTF-8 without a mark, whatever encoding its own mark announces."""
    raw = file if isinstance(file, io.BufferedReader) else io.BufferedReader(file)  # type: ignore[type-var]
    start = raw.peek(_MARK_BYTES)[:_MARK_BYTES]
    encoding = encoding_of_bytes(start)
    if not encoding.startswith("utf-8"):
        return io.BufferedReader(_Recoded(io.TextIOWrapper(raw, encoding, newline="")))
    if start.startswith(codecs.BOM_UTF8):
        raw.read(len(codecs.BOM_UTF8))
    return raw


class _Recoded(io.RawIOBase):
    """A text, read as the bytes of UTF-8."""

    def __init__(self, text: IO[str]) -> None:
        self._text, self._left = text, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - what io hands over
        self._left = self._left or self._text.read(io.DEFAULT_BUFFER_SIZE).encode()
        found, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(found)] = found
        return len(found)


def _no_text(where: str, data: bytes, error: UnicodeDecodeError, kind: str) -> Fault:
    before = data[: error.start]
    number = len(re.findall(rb"\r\n?|\n", before)) + 1
    column = len(before) - max(before.rfind(b"\n"), before.rfind(b"\r"))
    found = (
        f"no {kind} (byte {column} of the line, 0x{data[error.start]:02X}, is no {error.encoding.upper()})"
    )
    do = "Latin-1, or a code page of Windows? Save it as UTF-8."
    do += " In Excel: Save as, CSV UTF-8." if where.lower().endswith(".csv") else ""
    return Fault(f"{where}, line {number}", found, f"a {kind} in UTF-8", do)
