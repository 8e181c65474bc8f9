"""Label systems: the words of a data set and what stands above them, in the forms they are published in.

The form is told from the file:

* WordNet 3.0, in the forms of `formats.wordnet`. Where `index.noun` lies beside `data.noun`, the names of
  senses that Visual Genome gives, as clock.n.01, lead to their synsets;
* Open Images' hierarchy of its boxable classes, and MIAP's: JSON of `LabelName`, `Subcategory` and `Part`.
  What is a part of something stands below it, after that of which it is a kind;
* COCO's annotations: JSON with `categories`, below their supercategories;
* a CSV of MIAP's boxes, for what people in Open Images seemed to be to whoever was asked: each value of
  `GenderPresentation` and of `AgePresentation` that stands there, below the labels of the boxes;
* a table of one's own: CSV with `id`, and `words`, `parents`, `gloss`, `retired`, `retired_on`, `retired_by`,
  `instance_of`; several words or parents in one cell are parted by |.

Words that were withdrawn come as a list of their ids, see `withdrawn_words`: they join the system, each with
its reason, date and source. No synset may stand below itself.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

from retrain_kit.analysis.label_use import PRESENTATIONS
from retrain_kit.annotations.taxonomy import Synset, Taxonomy, circle_fault
from retrain_kit.annotations.veil import PERSON_IDS
from retrain_kit.datasets.formats import json_entries, values, wordnet
from retrain_kit.datasets.withdrawn_words import read_withdrawn
from retrain_kit.errors import DataError, Fault, reason_of
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

COLUMNS = ("id", "words", "parents", "gloss", "retired", "retired_on", "retired_by", "instance_of")
PARTING = "|"
BELOW_FIELDS = ("Subcategory", "Part")
SUPER_PREFIX = "supercategory: "
PRESENTATION_GLOSS = "what a person in a box seemed to be to whoever was asked; not what they are"
_JSON_ENDINGS = (".json", ".json.gz")


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
    gone = read_withdrawn(withdrawn) if withdrawn else None
    synsets, notice = _synsets(path, _names(names) if names else {})
    try:
        found = Taxonomy(synsets, gone, notice)
    except DataError as error:
        faults = (Fault(f"{path}, {each.where}", each.found, each.expected, each.do) for each in error.faults)
        raise DataError(*faults) from None
    if circles := found.circles():
        raise DataError(*(circle_fault(circle, str(path)) for circle in circles))
    return found


def sense_ids(path: Path) -> dict[str, str]:
    """Return the ids of WordNet's synsets by the names of senses, as clock.n.01: none without `index.noun`.

    Parameters
    ----------
    path
        Where `data.noun` is, see `formats.wordnet`: `index.noun` is looked for beside it.

    Raises
    ------
    DataError
        When it is broken, with each line that is none of an index.
    """
    return wordnet.read_senses(path)


# -- the forms


def _synsets(path: Path, names: Mapping[str, str]) -> tuple[list[Synset], str]:
    """Return the synsets of a file, and the notice that goes with them."""
    if path.name.endswith(".csv"):
        return [*(_miap(path) if _is_miap(path) else _own(path))], ""
    if not path.name.endswith(_JSON_ENDINGS):
        nouns = wordnet.read_nouns(path)
        return [*nouns], nouns.notice
    content = _json(path)
    if isinstance(content, dict) and "LabelName" in content:
        return _hierarchy(content, names, str(path)), ""
    if isinstance(content, dict) and isinstance(content.get("categories"), list):
        return _categories(content["categories"], str(path)), ""
    nouns = wordnet.read_nouns(path)
    return [*nouns], nouns.notice


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
        fault = Fault(str(path), f"no JSON ({reason_of(error)})", "a label system", "Is the file whole?")
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
        faults += [
            Fault(f"{where}, {name}", f"{field}: {values.shown(node[field])}", "a list of classes")
            for field in BELOW_FIELDS
            if not isinstance(node.get(field) or [], list)
        ]
        lists = parents.setdefault(name, {each: {} for each in BELOW_FIELDS})
        if above:
            lists[field][above] = None
        called[name] = str(node.get("DisplayName") or names.get(name, ""))
        ahead += [
            (each, below, name)
            for below in BELOW_FIELDS[::-1]
            if isinstance(node.get(below), list)
            for each in reversed(node[below])
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
    faults: list[Fault] = []
    seen: set[str] = set()
    for line, row in texts.table_rows(path, COLUMNS, ("id",), faults):
        name = row["id"]
        if not name or name in seen:
            found = f"{name} a second time" if name else "no id"
            faults.append(Fault(f"{path}, line {line}", found, "an id in each row, and every id once"))
            continue
        seen.add(name)
        parts = (_parted(row["words"]), row["gloss"], _parted(row["parents"]), row["retired"])
        yield Synset(name, *parts, _parted(row["instance_of"]), row["retired_on"], row["retired_by"])
    if not seen and not faults:
        faults.append(Fault(str(path), "no row", "a row for each meaning"))
    if faults:
        raise DataError(*faults)


def _is_miap(path: Path) -> bool:
    return set(PRESENTATIONS) <= set(texts.read_text(path).partition("\n")[0].strip().split(","))


def _miap(path: Path) -> Iterator[Synset]:
    """Yield the labels of MIAP's boxes, and below them each value that people were said to present."""
    seen: dict[str, dict[str, None]] = {name: {} for name in ("LabelName", *PRESENTATIONS)}
    for row in csv.DictReader(io.StringIO(texts.read_text(path))):
        for name, found in seen.items():
            found[row.get(name) or ""] = None
    labels = tuple(filter(None, seen["LabelName"]))
    if not labels:
        raise DataError(Fault(str(path), "no box", "a box a row, with its LabelName"))
    for label in labels:
        yield Synset(label, ("person",) if label in PERSON_IDS else ())
    for name in PRESENTATIONS:
        yield Synset(name, (name,), PRESENTATION_GLOSS, labels)
        for value in filter(None, seen[name]):
            yield Synset(f"{name}: {value}", (value,), "", (name,))


def _parted(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(PARTING) if part.strip())


def _names(path: Path) -> dict[str, str]:
    """Return what ids are called: the first two columns of a table, with or without a line of names."""
    rows = (line.split(",", 1) for line in texts.read_text(path).splitlines() if "," in line)
    return {name.strip(): words.strip().strip('"') for name, words in rows}
