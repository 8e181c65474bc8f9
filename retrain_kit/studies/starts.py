"""Starts: what stands on a list of *What If…?* before anybody has spoken, and who wrote it.

It is a table beside the study, NAME.starts.csv, with a row an image:

    image,blank,start,anchor,author
    bison,,a calf | tall grass | a hay bale,a submarine,Ana
    cloud,sky,,,

`image` is its id in the study. `start` holds the options, parted by `|`: what fits the blank area there.
`anchor` is what is improbable there; where it is empty, it is the exercise's own, the elephant. `author` is
who wrote the row's list. Where `blank` says `sky`, the list is the one that the exercise was made with, and
the other cells stay empty. Of an image without a row nothing is said: its list starts empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault, advise_names
from retrain_kit.storage import files, texts
from retrain_kit.studies.disclosure import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from retrain_kit.studies.manifests import Manifest

COLUMNS = ("image", "blank", "start", "anchor", "author")
REQUIRED = ("image",)
SKY = "sky"
"""What `blank` says of a blank area that the exercise's own list was written for."""
SEPARATOR = "|"
MOST_OPTIONS, MOST_LETTERS = 30, 100


@dataclass(frozen=True)
class Start:
    """What stands on the list of an image at first.

    Parameters
    ----------
    options
        In their order; none where the blank area is sky.
    anchor
        What is improbable there; empty for the elephant.
    author
        Who wrote the list; empty where the blank area is sky.
    sky
        Whether the exercise's own list belongs there.
    """

    options: tuple[str, ...] = ()
    anchor: str = ""
    author: str = ""
    sky: bool = False


def starts_path(toml: Path) -> Path:
    """Return the table in which the starts of a study are kept, whether or not it is there."""
    return toml.with_suffix(".starts.csv") if toml.name else toml


def load_starts(manifest: Manifest) -> dict[str, Start]:
    """Return the starts of a study, by the image's id; nothing where there is no table.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    path = starts_path(manifest.toml)
    if not path.is_file():
        return {}
    faults: list[Fault] = []
    found: dict[str, Start] = {}
    ids = {image.id for image in manifest.images}
    for line, cells in texts.table_rows(path, COLUMNS, REQUIRED, faults):
        where, image = f"{path}, line {line}", manifest.shown_id(cells["image"])
        start = _start(cells)
        faults += _image_faults(image, where, ids, found)
        faults += _faults(cells, start, where)
        found[image] = start
    if faults:
        raise DataError(*faults)
    return found


def keep_starts(source: Path, toml: Path, ids: Collection[str], shown: Callable[[str], str] = str) -> None:
    """Write the starts of a study's images beside another TOML: those whose ids it has, as they are.

    Parameters
    ----------
    source
        The TOML of the study that they are of.
    toml
        The other one.
    ids
        Of the images.
    shown
        How an id is shown: `ids` are those.
    """
    kept = starts_path(toml)
    if starts_path(source).resolve() == kept.resolve():
        return
    if table := starts_table(source, ids, shown):
        with files.writing(kept) as temporary:
            temporary.write_text(table, encoding="utf-8", newline="")


def starts_table(source: Path, ids: Collection[str], shown: Callable[[str], str] = str) -> str:
    """Return the starts of some images of a study as a table; empty where it says nothing of them.

    `shown` returns how an id is shown, and `ids` are those.
    """
    table = starts_path(source)
    found = texts.table_rows(table, COLUMNS, REQUIRED) if table.is_file() else ()
    rows = [{**cells, "image": name} for _, cells in found if (name := shown(cells["image"])) in ids]
    return texts.table_text(COLUMNS, rows) if rows else ""


def _start(cells: Mapping[str, str]) -> Start:
    options = tuple(text for part in cells["start"].split(SEPARATOR) if (text := " ".join(part.split())))
    sky = cells["blank"].casefold() == SKY
    return Start(options, " ".join(cells["anchor"].split()), cells["author"], sky)


def _image_faults(image: str, where: str, ids: set[str], before: Collection[str]) -> Iterator[Fault]:
    if not image:
        yield Fault(f"{where}, image", "nothing", "the id of an image of the study")
    elif image not in ids:
        do = advise_names(image, ids)
        yield Fault(f"{where}, image", shown(image), "the id of an image of the study", do)
    elif image in before:
        yield Fault(f"{where}, image", f"{shown(image)} a second time", "a row an image")


def _faults(cells: Mapping[str, str], start: Start, where: str) -> Iterator[Fault]:
    if cells["blank"] and not start.sky:
        do = f"Only {SKY} has a list of its own. Elsewhere write one in the column start."
        yield Fault(f"{where}, blank", shown(cells["blank"]), f"{SKY}, or nothing", do)
    if start.sky:
        for name in ("start", "anchor", "author"):
            if cells[name]:
                yield Fault(f"{where}, {name}", shown(cells[name]), "nothing, where the blank area is sky")
        return
    if not start.options:
        yield Fault(f"{where}, start", "nothing", f"options, parted by {SEPARATOR}, or blank = {SKY}")
    if not start.author:
        yield Fault(f"{where}, author", "nothing", "who wrote the list")
    yield from _wording_faults(start, where)


def _wording_faults(start: Start, where: str) -> Iterator[Fault]:
    if len(start.options) > MOST_OPTIONS:
        yield Fault(f"{where}, start", f"{len(start.options)} options", f"at most {MOST_OPTIONS}")
    for name, wordings in (("start", start.options), ("anchor", (start.anchor,))):
        for text in wordings:
            if len(text) > MOST_LETTERS:
                expected = f"at most {MOST_LETTERS} letters an option"
                yield Fault(f"{where}, {name}", f"{len(text)} letters", expected)
    for text in _twice((*start.options, start.anchor)):
        found = f"{shown(text)} more than once"
        yield Fault(f"{where}, start", found, "every option once, and the anchor not among them")


def _twice(wordings: Iterable[str]) -> list[str]:
    met: set[str] = set()
    again = []
    for text in filter(None, wordings):
        if (key := text.casefold()) in met:
            again.append(text)
        met.add(key)
    return again
