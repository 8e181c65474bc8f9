"""A museum's works: images, and beside them a CSV that says their titles, artists, media and credit lines."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from retrain_kit.annotations import works
from retrain_kit.datasets import work_tables
from retrain_kit.datasets.layouts.found import IMAGE_LABELS, Found, FoundImage
from retrain_kit.datasets.layouts.places import ImagePlaces
from retrain_kit.errors import Fault, ParameterError, count_in_words, names_in_words
from retrain_kit.storage import texts
from retrain_kit.storage.spill import SpilledNames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import ListedFile, Listing
    from retrain_kit.datasets.work_tables import TableForm, WorkRow

UNSAID = (
    "Who wrote the table: the titles, dates and media in it.",
    "Whether the artists, or those who hold their rights, agreed to this use.",
)
NO_IMAGE = "a work of which no image is here"
_NEITHER = "a row that names neither a number nor an image"
_TWICE = "a second row of a work"
_MOST_TABLES = 100
_WORDS = {
    "number": "number",
    "title": "title",
    "artist": "artist",
    "date": "date",
    "medium": "medium",
    "credit": "credit line",
    "licence": "licence",
    "source": "address",
    "image": "image",
    "alt": "image in a sentence",
}


def find(listing: Listing, table: str = "") -> Found | None:
    """Return the images of works that a table speaks of.

    Parameters
    ----------
    listing
        The folder.
    table
        The table's path below it; the first that is one without it.
    """
    asked = islice(_tables(listing, table), _MOST_TABLES)
    tables = {each.path: form for each in asked if (form := _form(listing, each))}
    if not tables or not listing.image_count():
        return None
    path, form = next(iter(tables.items()))
    sentences = [_table_in_words(listing, path, form), *_columns_in_words(form)]
    if others := [each for each in tables if each != path]:
        sentences.append(f"Another such table: {names_in_words(others)}. Name it in the place of the folder.")
    return Found(
        layout="works",
        dataset="works",
        files={"works": path},
        images=_Works(listing, path).found,
        sentences=tuple(sentences),
        detail=IMAGE_LABELS,
        undisclosed=UNSAID,
    )


def find_of_table(listing: Listing, table: str) -> Found:
    """Return the images of the works of one table.

    Raises
    ------
    ParameterError
        When it is no table of works, or no image lies beside it.
    """
    if found := find(listing, table):
        return found
    where, head = str(listing.root / table), listing.head(table)
    form = work_tables.form_of(_text(head))
    if form and works.is_of_works(form.columns):
        raise ParameterError(
            Fault(where, "no image beside it or in folders below", "the works' images there")
        )
    columns = names_in_words([each for each in form.columns if each] if form else []) or "no columns"
    expected = "a CSV with a title, and a number, an artist, a medium or a credit line"
    raise ParameterError(
        Fault(where, columns, expected, "The README has the names of columns that are known.")
    )


def _tables(listing: Listing, table: str) -> Iterator[ListedFile]:
    """Yield the files that may be a table of works, those of the folder itself first."""
    if table:
        if found := listing.get(table):
            yield found
        return
    for folder in sorted(listing.folders, key=lambda path: (path.count("/") + bool(path), path)):
        if any(listing.folders[folder].endings[ending] for ending in _ENDINGS):
            yield from listing.files(folder, *_ENDINGS)


_ENDINGS = (".csv", ".tsv", ".txt")


def _form(listing: Listing, table: ListedFile) -> TableForm | None:
    form = work_tables.form_of(_text(listing.head(table.path)))
    return form if form and works.is_of_works(form.columns) else None


def _text(head: bytes) -> str:
    return head.decode(texts.encoding_of_bytes(head[:4]), "replace")


def _table_in_words(listing: Listing, path: str, form: TableForm) -> str:
    encoding = {"utf-8": "", "utf-8-sig": ", UTF-8 with a mark before it"}
    name = texts.encoding_of_bytes(listing.head(path, 4))
    told = encoding.get(name, f", {name.upper()} by its mark")
    columns = count_in_words(len(form.columns), "column")
    images = count_in_words(listing.image_count(), "image")
    return f"{path}: a table of works, {columns} parted by {form.parted_by}{told}. {images} beside it."


def _columns_in_words(form: TableForm) -> Iterator[str]:
    """Yield which columns are taken for what, and what the table has no column for."""
    known = works.known_columns(form.columns)
    yield "; ".join(f"{_WORDS[field]}: {', '.join(known[field])}" for field in _WORDS if field in known)
    if absent := [_WORDS[field] for field in _WORDS if field not in known and field != "alt"]:
        yield f"It has no column for: {', '.join(absent)}."


class _Works:
    """The images of a table's works."""

    def __init__(self, listing: Listing, table: str) -> None:
        self._listing, self._table = listing, table

    def found(self, left_out: LeftOut) -> Iterator[FoundImage]:
        """Yield the works of which an image is here; count the other rows."""
        places, used = ImagePlaces(self._listing), SpilledNames()
        stems = {hash(each.stem) for each in self._listing.images()}
        for row in work_tables.read_rows(self._listing.root / self._table):
            what = f"{row.id or 'a row'} (line {row.line})"
            why = row.why or _why_no_work(row, used)
            file = "" if why else _file(row, places, stems)
            if file:
                work = row.work
                yield FoundImage(row.id, file, 0, 0, work.licence, work.artist, work.source)
            else:
                left_out.add(what, why or NO_IMAGE)


def _why_no_work(row: WorkRow, used: SpilledNames) -> str:
    if not row.id:
        return _NEITHER
    return "" if used.add(row.id) else _TWICE


def _file(row: WorkRow, places: ImagePlaces, stems: set[int]) -> str:
    """Return the path of a work's image: by the name that the row has for it, else by the work's numbers."""
    told = row.work.image
    name = work_tables.image_name(told)
    if name and hash(name.rpartition(".")[0] or name) in stems:
        whole = "" if "://" in told else told
        if path := places.find(whole) or places.find(name):
            return path
    for number in works.numbers_of(row.cells):
        for form in _name_forms(number):
            if hash(form) in stems and (path := places.find_any_ending(form)):
                return path
    return ""


def _name_forms(number: str) -> list[str]:
    """Return the names, without ending, that the image of a number may have: 35.79a,b as 35.79a-b, too."""
    joined = (re.sub(kept, sign, number) for kept in (r"[^\w.]+", r"\W+") for sign in "-_.")
    return list(dict.fromkeys([number, *joined]))
