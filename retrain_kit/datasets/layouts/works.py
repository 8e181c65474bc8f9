"""A museum's works: images, and beside them a CSV that says their titles, artists, media and credit lines."""

from __future__ import annotations

import codecs
import re
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tqdm.auto import tqdm

from retrain_kit.annotations import works
from retrain_kit.datasets import work_tables
from retrain_kit.datasets.layouts.found import IMAGE_LABELS, Found, FoundImage
from retrain_kit.datasets.layouts.places import ImagePlaces
from retrain_kit.datasets.layouts.tables import SPREADSHEETS
from retrain_kit.errors import Fault, ParameterError, count_in_words, names_in_words
from retrain_kit.storage import texts
from retrain_kit.storage.spill import SpilledNames, SpilledValues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import ListedFile, Listing
    from retrain_kit.datasets.work_tables import TableForm, WorkRow

UNSAID = (
    "Who wrote the table: the titles, dates and media in it.",
    "Whether the artists, or those who hold their rights, agreed to this use.",
)
NO_IMAGE = "a work of which no image is here"
_NEITHER = "a row that names neither a number nor an image"
_TWICE = "a row with the number, or without any the image, of an earlier row"
_TAKEN = "a work whose image is that of an earlier row"
_SAME_NAME = "a work whose image is called as that of another row, in another folder"
_SEVERAL_FOLDERS = "a work whose image may be any of several, in different folders"
_MOST_TABLES = 100
_OLDER = ("cp1252", "mac_roman")
_EXPECTED = "a CSV with a title, and a number, an artist, a medium or a credit line"
_NAME_IMAGES = (
    "Call images by the works' numbers, as 1999.8.jpg, or name them in a column image of the table."
)
_SAVE = "Save it as a CSV: in Excel, Save as, CSV UTF-8."
_ONE_CSV = "Make one CSV of all works, a work a row."
_NO_CSV = dict.fromkeys(SPREADSHEETS, _SAVE) | dict.fromkeys((".json", ".jsonl", ".xml"), _ONE_CSV)
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
    sentences = [_table_in_words(listing, path, form), *_columns_in_words(form), _images_in_words(form)]
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
        advice=_NAME_IMAGES,
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
    do = _NO_CSV.get(PurePosixPath(table).suffix.lower(), "")
    if do or "\0" in _text(head):
        raise ParameterError(Fault(where, "no CSV", _EXPECTED, do))
    form = work_tables.form_of(_text(head))
    if form and works.is_of_works(form.columns):
        raise ParameterError(
            Fault(where, "no image beside it or in folders below", "the works' images there", _NAME_IMAGES)
        )
    columns = names_in_words([each for each in form.columns if each] if form else []) or "no columns"
    do = "Name them so in its first line, with none above: title, number, artist, medium, credit line, image."
    raise ParameterError(Fault(where, columns, _EXPECTED, do))


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
    """Return the beginning of a text; of one in an older encoding as its columns are known best."""
    encoding = texts.encoding_of_bytes(head[:4])
    if _is_in(head, encoding):
        return codecs.getincrementaldecoder(encoding)().decode(head)
    return max((head.decode(each, "replace") for each in (encoding, *_OLDER)), key=_number_known)


def _is_in(head: bytes, encoding: str) -> bool:
    """Say whether the beginning of a text is in an encoding; its last sign may be cut."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _number_known(text: str) -> int:
    form = work_tables.form_of(text)
    return sum(map(len, works.known_columns(form.columns).values())) if form else 0


def _table_in_words(listing: Listing, path: str, form: TableForm) -> str:
    encoding = {"utf-8": "", "utf-8-sig": ", UTF-8 with a mark before it"}
    name = texts.encoding_of_bytes(listing.head(path, 4))
    told = encoding.get(name, f", {name.upper()} by its mark")
    if name == "utf-8" and not _is_in(listing.head(path), name):
        told = ", no UTF-8: save it so before a study is made; in Excel: Save as, CSV UTF-8"
    columns = count_in_words(len(form.columns), "column")
    images = count_in_words(listing.image_count(), "image")
    return f"{path}: a table of works, {columns} parted by {form.parted_by}{told}. {images} beside it."


def _columns_in_words(form: TableForm) -> Iterator[str]:
    """Yield which columns are taken for what, what the table has no column for, and which are not known."""
    known = works.known_columns(form.columns)
    yield "; ".join(f"{_WORDS[field]}: {', '.join(known[field])}" for field in _WORDS if field in known)
    if absent := [_WORDS[field] for field in _WORDS if field not in known and field != "alt"]:
        yield f"It has no column for: {', '.join(absent)}."
    if kept := [each for each in form.columns if each and works.place_of_column(each) is None]:
        yield f"Kept, and taken for none of these: {names_in_words(kept)}."


def _images_in_words(form: TableForm) -> str:
    known = works.known_columns(form.columns)
    named, called = (" or ".join(known.get(field, ())) for field in ("image", "number"))
    ways = [f"the file that {named} names"] * bool(named) + [f"a file called by {called}"] * bool(called)
    return f"image of a work: {', else '.join(ways) or 'none, there is neither an image nor a number'}"


class _Works:
    """The images of a table's works."""

    def __init__(self, listing: Listing, table: str) -> None:
        self._listing, self._table = listing, listing.root / table

    def found(self, left_out: LeftOut) -> Iterator[FoundImage]:
        """Yield the works of which an image is here; count the other rows."""
        images = _Images(self._listing, self._table)
        ids, files = SpilledNames(), SpilledNames()
        for row in work_tables.read_rows(self._table):
            what = f"{unquote(row.id) or 'a row'} (line {row.line})"
            why = row.why or _why_no_work(row, ids)
            file = "" if why else images.of_work(row)
            if file and files.add(file):
                work = row.work
                yield FoundImage(row.id, file, 0, 0, work.licence, work.artist, work.source)
            else:
                left_out.add(what, why or (f"{_TAKEN}: {file}" if file else images.why_none(row)))


def _why_no_work(row: WorkRow, used: SpilledNames) -> str:
    if not row.id:
        return _NEITHER
    return "" if used.add(row.id) else _TWICE


class _Names:
    """Which names mean one image alone, as a whole table has them.

    `numbers` are those by which the works are known, and `exact` they and the names of images to the letter:
    no image that is called so is another work's. `doubtful` are the names of images that rows have for files
    in several folders or places, `shared` the other names of works that are those of several.

    Parameters
    ----------
    table
        The table.
    is_here
        Says whether an image may be called so.
    """

    def __init__(self, table: Path, is_here: Callable[[str], bool]) -> None:
        self.numbers, self.exact = SpilledNames(), SpilledNames()
        self.doubtful, self.shared = SpilledNames(), SpilledNames()
        known, names, places, others = SpilledNames(), SpilledNames(), SpilledNames(), SpilledNames()
        told = "reading the names of works"
        rows = tqdm(work_tables.read_rows(table), told, unit=" works", delay=1, leave=False, disable=None)
        for row in rows:
            for number, form in _number_names(row):
                if form == number:
                    self.numbers.add(form.casefold())
                    self.exact.add(texts.composed(form))
                    if not known.add(form):
                        break  # a row with the number of an earlier one
                elif is_here(form) and not others.add(form.casefold()):
                    self.shared.add(form.casefold())
            for image in row.images:
                name = work_tables.image_name(image)
                self.exact.add(work_tables.stem_of(texts.composed(name)))
                is_known, is_elsewhere = not names.add(name), places.add(image)
                if is_known and is_elsewhere:
                    self.doubtful.add(name)


class _Images:
    """The images of a folder by their names, with capitals or without, whatever their endings.

    Of several images of one name, in different folders, none is taken: nothing says which is meant.

    Parameters
    ----------
    listing
        The folder.
    table
        The table of their works.
    """

    def __init__(self, listing: Listing, table: Path) -> None:
        self._places, self._paths, self._stems = ImagePlaces(listing), SpilledValues(), set[int]()
        for image in listing.images():
            self._stems.add(hash(_plain(image.stem)))
            self._paths.put(_plain(image.stem), image.path)
        self._names, self._contested = _Names(table, self._has), SpilledNames()
        if any(True for _ in self._names.doubtful):
            self._find_contested(table)

    def _find_contested(self, table: Path) -> None:
        """Note the images at which several paths of rows end, as x/a/1.jpg and y/a/1.jpg do at a/1.jpg."""
        paths, found = SpilledNames(), SpilledNames()
        for row in work_tables.read_rows(table):
            for told in row.images:
                image = (
                    self._at_its_path(told) if work_tables.image_name(told) in self._names.doubtful else ""
                )
                if image and paths.add(told) and not found.add(image):
                    self._contested.add(image)

    def _at_its_path(self, told: str) -> str:
        """Return the image that lies where a path or an address says it, by its folder at least."""
        is_here = self._has(work_tables.stem_of(work_tables.image_name(told)))
        return self._places.find_at(told.partition("://")[2] or told) if is_here else ""

    def _is_elsewhere(self, told: str) -> bool:
        """Say whether a path names a folder that is here: an image that is not in it is another one."""
        folder = "" if "://" in told else PurePosixPath(told.replace("\\", "/")).parent.name
        return bool(folder) and self._places.has_folder(folder)

    def of_work(self, row: WorkRow) -> str:
        """Return the path of a work's image: by the name that its row has for it, else by its numbers."""
        return next(filter(None, self._perhaps(row)), "")

    def why_none(self, row: WorkRow) -> str:
        """Return why a work has no image."""
        names = [work_tables.image_name(image) for image in row.images]
        if any(name in self._names.doubtful and self._has(work_tables.stem_of(name)) for name in names):
            return _SAME_NAME
        stems = [*map(work_tables.stem_of, names), *(form for _, form in _number_names(row))]
        found = (self._paths.get(_plain(stem)) for stem in stems if self._has(stem))
        return _SEVERAL_FOLDERS if any(len(set(map(_above, paths))) > 1 for paths in found) else NO_IMAGE

    def _perhaps(self, row: WorkRow) -> Iterator[str]:
        for told in row.images:
            name, there = work_tables.image_name(told), self._at_its_path(told)
            if name in self._names.doubtful or self._is_elsewhere(told):
                yield there if there not in self._contested else ""
                continue
            yield there
            for each in (name, name.replace("_", " "), name.replace(" ", "_")):
                yield self._called(each, work_tables.stem_of(name))
        for number, form in _number_names(row):
            key = form.casefold()
            if form == number or not (key in self._names.numbers or key in self._names.shared):
                yield self._called(form, number, whole=True)

    def _has(self, stem: str) -> bool:
        return hash(_plain(stem)) in self._stems

    def _called(self, name: str, own: str, *, whole: bool = False) -> str:
        """Return the path of the image of a name: before others with its ending, and in its capitals.

        An image that is called, to the letter, as another row says it is that row's: it is not taken here
        unless its name is `own`, to the letter, too.
        """
        stem = texts.composed(name if whole else work_tables.stem_of(name))
        if not self._has(stem):
            return ""
        ranked: dict[tuple[bool, ...], list[str]] = {}
        for path in self._paths.get(_plain(stem)):
            each = texts.composed(path.rpartition("/")[2])
            own_stem = work_tables.stem_of(each)
            if own_stem == texts.composed(own) or own_stem not in self._names.exact:
                order = (each != name, each.casefold() != name.casefold(), not each.startswith(stem))
                ranked.setdefault(order, []).append(path)
        first = ranked[min(ranked)] if ranked else []
        return min(first) if len({_above(path) for path in first}) == 1 else ""


def _plain(stem: str) -> str:
    return texts.composed(stem).casefold()


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _name_forms(number: str) -> list[str]:
    """Return the names, without ending, that the image of a number may have.

    Of 35.79a,b it is 35.79a-b, too; of A 12/3 also A_12-3, A 12-3 and A12-3.
    """
    kept = (r"[^\w.-]+", r"[^\w.]+", r"\W+")
    forms = [number, *(re.sub(each, sign, number) for each in kept for sign in "-_.")]
    if re.search(r"\s", number):
        parted = [re.sub(r"\s*[^\w\s.-]+\s*", sign, number) for sign in "-_."]
        forms += [re.sub(r"\s+", blank, each) for each in parted for blank in " _-."]
        forms += [re.sub(r"(?<=[^\W\d])\s+(?=\d)", "", each) for each in parted]
    return list(dict.fromkeys(forms))


def _number_names(row: WorkRow) -> Iterator[tuple[str, str]]:
    """Yield the names that the image of a work's numbers may have, each beside the number that is its own."""
    numbers = works.numbers_of(row.cells)
    for number in numbers:
        for form in _name_forms(number):
            yield (numbers[0] if number == numbers[0] else ""), form
