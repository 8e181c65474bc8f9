"""Label systems: the words of a data set and what stands above them, in the forms they are published in.

The form is told from the file:

* WordNet 3.0, in the forms of `formats.wordnet`. Where `index.noun` lies beside `data.noun`, the names of
  senses that Visual Genome gives, as clock.n.01, lead to their synsets;
* Open Images' hierarchy of its boxable classes, and MIAP's: JSON of `LabelName`, `Subcategory` and `Part`.
  What is a part of something stands below it, after that of which it is a kind;
* COCO's annotations: JSON with `categories`, below their supercategories;
* a table of one's own: CSV with `id`, and `words`, `parents`, `gloss`, `retired`; several words or parents in
  one cell are parted by |.

Words that were withdrawn come as a list of their ids, as published: they join the system, each with its
reason.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.datasets.formats import json_entries, values, wordnet
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

COLUMNS = ("id", "words", "parents", "gloss", "retired")
LIST_COLUMNS = ("id", "reason", "date", "source")
PARTING = "|"
BELOW_FIELDS = ("Subcategory", "Part")
INDEX_FILE = "index.noun"
SUPER_PREFIX = "supercategory: "
_JSON_ENDINGS = (".json", ".json.gz")
_WITHDRAWN = "withdrawn, by the list that was given; it states no reason"


def read_label_system(path: Path, names: Path | None = None, withdrawn: Path | None = None) -> Taxonomy:
    """Return the label system in a file.

    Parameters
    ----------
    path
        The file, or the folder with WordNet's.
    names
        What ids are called: a CSV of two columns, as Open Images' class descriptions.
    withdrawn
        A list of ids that were withdrawn, see `read_withdrawn`.

    Raises
    ------
    DataError
        When the file is missing or of none of these forms, or with all its faults.
    """
    synsets, notice = _synsets(path, _names(names) if names else {})
    try:
        return Taxonomy(synsets, read_withdrawn(withdrawn) if withdrawn else None, notice)
    except DataError as error:
        faults = (Fault(f"{path}, {each.where}", each.found, each.expected, each.do) for each in error.faults)
        raise DataError(*faults) from None


def read_withdrawn(path: Path) -> dict[str, str]:
    """Return why ids were withdrawn, as a list says that somebody has published.

    Parameters
    ----------
    path
        A CSV with `id`, and `reason`, `date`, `source` where they are known; JSON, a list of ids or an object
        with a reason for each; or a text with an id a line.

    Raises
    ------
    DataError
        When it is missing or none of these, with each line that has no id.
    """
    if path.name.endswith(_JSON_ENDINGS):
        return _withdrawn_in_json(path)
    text = texts.read_text(path)
    if "id" in re.split(r"[,;\t]", text.partition("\n")[0].strip().lower()):
        return dict(_withdrawn_in_table(path))
    return {line.strip(): _WITHDRAWN for line in text.splitlines() if line.strip()}


def sense_ids(path: Path) -> dict[str, str]:
    """Return the ids of WordNet's synsets by the names of senses, as clock.n.01: none without `index.noun`.

    Parameters
    ----------
    path
        Where `data.noun` is: `index.noun` is looked for beside it.
    """
    folder = path if path.is_dir() else path.parent
    index = next(
        (each for each in (folder / INDEX_FILE, folder / "dict" / INDEX_FILE) if each.is_file()), None
    )
    found = {}
    for line in texts.read_text(index).splitlines() if index else ():
        if line.startswith(" ") or not line.strip():
            continue
        lemma, _, count, *rest = line.split()
        for number, offset in enumerate(rest[len(rest) - int(count) :], start=1):
            found[f"{lemma}.n.{number:02}"] = f"n{offset}"
    return found


# -- the forms


def _synsets(path: Path, names: Mapping[str, str]) -> tuple[list[Synset], str]:
    """Return the synsets of a file, and the notice that goes with them."""
    if path.name.endswith(".csv"):
        return [*_own(path)], ""
    if not path.name.endswith(_JSON_ENDINGS):
        nouns = wordnet.read_nouns(path)
        return [*nouns], nouns.notice
    content = _json(path)
    if isinstance(content, dict) and "LabelName" in content:
        return _hierarchy(content, names, str(path)), ""
    if isinstance(content, dict) and isinstance(content.get("categories"), list):
        return _categories(content["categories"], str(path)), ""
    return [*wordnet.read_nouns(path)], ""


def _json(path: Path) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what a JSON says; of a file with many annotations, its categories alone."""
    with suppress(ValueError, OSError):
        found = [
            each.value
            for each in json_entries.stream_entries(path)
            if each.name == "categories" and each.number
        ]
        if found:
            return {"categories": found}
    try:
        data = path.read_bytes()
        return json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)
    except (OSError, EOFError, ValueError, RecursionError, zlib.error) as error:
        fault = Fault(str(path), f"no JSON ({error})", "a label system", "Is the file whole?")
        raise DataError(fault) from None


def _hierarchy(top: Mapping[str, Any], names: Mapping[str, str], where: str) -> list[Synset]:
    """Return the classes of Open Images' hierarchy, each once, below all that it stands below."""
    parents: dict[str, dict[str, dict[str, None]]] = {}
    called: dict[str, str] = {}
    faults = []
    ahead: list[tuple[Any, str, str]] = [(top, "", "")]
    while ahead:
        node, field, above = ahead.pop()
        name = node.get("LabelName") if isinstance(node, dict) else None
        if not isinstance(name, str) or not name:
            faults.append(Fault(where, f"{values.shown(node)}", "a class with its LabelName"))
            continue
        lists = parents.setdefault(name, {each: {} for each in BELOW_FIELDS})
        if above:
            lists[field][above] = None
        called[name] = str(node.get("DisplayName") or names.get(name, ""))
        ahead += [
            (each, below, name) for below in BELOW_FIELDS[::-1] for each in reversed(node.get(below) or [])
        ]
    if faults:
        raise DataError(*faults)
    return [
        Synset(
            name, (called[name],) if called[name] else (), "", tuple(dict.fromkeys(chain(*lists.values())))
        )
        for name, lists in parents.items()
    ]


def _categories(rows: list[Any], where: str) -> list[Synset]:
    """Return COCO's categories below their supercategories; a supercategory of a category's name is it."""
    found, supers, faults = [], {}, []
    words = {row.get("name") for row in rows if isinstance(row, dict)}
    for row in rows:
        try:
            name = values.word(row["name"], "name")
        except (ValueError, KeyError, TypeError):
            faults.append(Fault(f"{where}, categories", values.shown(row), "a category with its name"))
            continue
        above = row.get("supercategory")
        parents: tuple[str, ...] = ()
        if isinstance(above, str) and above and above != name:
            top = above if above in words else f"{SUPER_PREFIX}{above}"
            parents = (top,)
            if top != above:
                supers[top] = Synset(top, (above,))
        found.append(Synset(name, (name,), "", parents))
    if faults:
        raise DataError(*faults)
    return [*supers.values(), *found]


def _own(path: Path) -> Iterator[Synset]:
    faults = []
    for line, row in texts.table_rows(path, COLUMNS, ("id",)):
        if not row["id"]:
            faults.append(Fault(f"{path}, line {line}", "no id", "an id in each row"))
            continue
        yield Synset(row["id"], _parted(row["words"]), row["gloss"], _parted(row["parents"]), row["retired"])
    if faults:
        raise DataError(*faults)


def _parted(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(PARTING) if part.strip())


def _names(path: Path) -> dict[str, str]:
    """Return what ids are called: the first two columns of a table, with or without a line of names."""
    rows = (line.split(",", 1) for line in texts.read_text(path).splitlines() if "," in line)
    return {name.strip(): words.strip().strip('"') for name, words in rows}


# -- lists of what was withdrawn


def _withdrawn_in_json(path: Path) -> dict[str, str]:
    content = _json(path)
    if isinstance(content, list):
        content = dict.fromkeys(map(_text, content), _WITHDRAWN)
    if not isinstance(content, dict) or "" in content:
        raise DataError(Fault(str(path), values.shown(content), "ids in a list, or with a reason each"))
    return {name: str(reason) or _WITHDRAWN for name, reason in content.items()}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _withdrawn_in_table(path: Path) -> Iterator[tuple[str, str]]:
    faults = []
    for line, row in texts.table_rows(path, LIST_COLUMNS, ("id",)):
        if not row["id"]:
            faults.append(Fault(f"{path}, line {line}", "no id", "an id in each row"))
        told = ", ".join(row[name] for name in ("date", "source") if row[name])
        reason = row["reason"] or _WITHDRAWN
        yield row["id"], f"{reason} ({told})" if told else reason
    if faults:
        raise DataError(*faults)
