"""Visual Genome v1.x: its JSON files, streamed for the pictures of a study.

The manifest's `files` name them, each optional, as `.json` or `.json.gz`: `image_data`, `objects`,
`region_descriptions`, `relationships`, `attributes`. A picture's id in the manifest is its `image_id`. Files
of a gigabyte are read entry by entry; only entries of the study's pictures are kept.

Objects become regions (ids of `o` and a number), region descriptions phrases (`r`), relationships
relationships (`q`). The versions differ in spelling (`image_id` or `id`, `names` or `name`, `w` or `width`);
all are read. Whatever has no field of its own is kept in `said` under the source's name:

- of a region, also the `attributes` of attributes.json, `in_attributes` where its row there says other things
  than its first, and `found_in` where it is not among objects.json's;
- of a relationship, `subject` and `object` where they say other things there than the regions;
- of a picture, `regions`: what else the region descriptions say, by the id of the phrase.

Coordinates are pixels of the picture that Visual Genome had, of the `width` and `height` in `said`. Boxes at
negative places or outside stay as they are. Rows whose box is none, or whose id comes a second time, are
listed whole in `said["rejected"]` of the picture, with `file`, `id` and `why`.
"""

from __future__ import annotations

import gzip
import zlib
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ijson

from retrain_kit.errors import BoxError, DataError, Fault, KitError
from retrain_kit.samples import Box, Phrase, Region, Relationship

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from retrain_kit.manifests import Manifest
    from retrain_kit.samples import Sample

Row = dict[str, Any]

LISTS = {
    "image_data": "",
    "objects": "objects",
    "attributes": "attributes",
    "relationships": "relationships",
    "region_descriptions": "regions",
}
"""The files in the order they are read, and the list that each of their entries holds."""

SPELLINGS = {"id": "object_id", "width": "w", "height": "h"}


def from_xywh(x: float, y: float, width: float, height: float) -> Box:
    """Turn left, top, width and height in pixels into a box.

    Raises
    ------
    BoxError
        When a size is negative or a value is no number.
    """
    return Box(x, y, x + width, y + height)


def read(manifest: Manifest) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Raises
    ------
    DataError
        With every fault of the files, as far as it concerns the pictures of the study.
    """
    unknown = sorted(manifest.files.keys() - LISTS.keys())
    if unknown:
        expected = f"some of {', '.join(LISTS)}"
        raise DataError(Fault(f"{manifest.name}.toml, files", ", ".join(unknown), expected))
    ids = {image.id for image in manifest.images}
    found: dict[str, dict[str, list[Row]]] = {}
    faults: list[Fault] = []
    for name in filter(manifest.files.__contains__, LISTS):
        try:
            found[name] = entries(manifest.files[name], ids)
        except DataError as error:
            faults += error.faults
    bare = [manifest.sample(image) for image in manifest.images]
    samples = [_Scene(sample, manifest.files, faults).filled(found) for sample in bare]
    if faults:
        raise DataError(*faults)
    return samples


def entries(path: Path, ids: Collection[str]) -> dict[str, list[Row]]:
    """Stream a file and return its entries of these pictures by picture, without the picture's id.

    Raises
    ------
    DataError
        When the file is missing or is no JSON, or with each entry that names no picture.
    """
    kept: dict[str, list[Row]] = defaultdict(list)
    faults: list[Fault] = []
    number = 0
    for number, entry in enumerate(_stream(path), start=1):
        try:
            image = str(_take(entry, "image_id", "id"))
        except (KeyError, AttributeError):
            faults.append(Fault(f"{path}, entry {number}", "no image_id or id", "an object that has one"))
            continue
        if image in ids:
            kept[image].append(entry)
    if not number:
        faults.append(Fault(str(path), "no list, or an empty one", "a JSON list with an entry per picture"))
    if faults:
        raise DataError(*faults)
    return kept


def _stream(path: Path) -> Iterator[Any]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            yield from ijson.items(file, "item", use_float=True)
    except (ijson.JSONError, UnicodeDecodeError, OSError, EOFError, zlib.error) as error:
        reason = " ".join(str(error).split())[:200]
        do = "Is the file whole? NaN and Infinity are no JSON; null is."
        raise DataError(Fault(str(path), f"no JSON ({reason})", "a file of Visual Genome", do)) from None


class _Scene:
    """Turns the entries of one picture into marks; what is none is listed with the reason."""

    def __init__(self, sample: Sample, paths: Mapping[str, Path], faults: list[Fault]) -> None:
        self.sample, self.paths, self.faults = sample, paths, faults
        self.regions: dict[str, Region] = {}
        self.rows: dict[str, Row] = {}
        self.ids: set[str] = set()
        self.said: dict[str, Any] = {}
        self.rejected: list[Row] = []

    def filled(self, found: Mapping[str, Mapping[str, list[Row]]]) -> Sample:
        """Return the sample with all that its entries in the files say."""
        rows = {name: self._rows(name, found.get(name, {}).get(self.sample.id, [])) for name in LISTS}
        self._each("objects", self._region, rows)
        self._each("attributes", self._attributes, rows)
        relationships = self._each("relationships", self._relationship, rows)
        phrases = self._each("region_descriptions", self._phrase, rows)
        return replace(
            self.sample,
            regions=tuple(self.regions.values()),
            phrases=tuple(phrases),
            relationships=tuple(relationships),
            said=self.said | ({"rejected": self.rejected} if self.rejected else {}),
        )

    def _rows(self, name: str, found: list[Row]) -> list[Any]:
        """Return the rows of a file's entries; what else the entries say is said of the picture."""
        rows: list[Any] = []
        for entry in found:
            listed = entry.pop(LISTS[name], None) if LISTS[name] else []
            if isinstance(listed, list):
                rows += listed
            else:
                where = f"{self.paths[name]}, image {self.sample.id}, {LISTS[name]}"
                self.faults.append(Fault(where, "no list" if listed is None else repr(listed)[:80], "a list"))
            for key, value in entry.items():
                same = self.said.get(key, value) == value
                self.said[key if same else f"{name}_{key}"] = value
        return rows

    def _each(self, name: str, make: Callable[[Row], Any], rows: Mapping[str, list[Any]]) -> list[Any]:
        made = []
        for number, row in enumerate(rows[name], start=1):
            try:
                made.append(make(row))
            except KitError as error:
                why = "; ".join(f"{fault.found}, expected {fault.expected}" for fault in error.faults)
                self.rejected.append({"file": name, "id": _own(name, row), "why": why, "row": row})
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                found = str(error.args[0]) if isinstance(error, KeyError) else repr(row)[:80]
                where = f"{self.paths[name]}, image {self.sample.id}, {LISTS[name]}, row {number}"
                self.faults.append(Fault(where, found, "a row as Visual Genome writes them"))
        return made

    def _once(self, name: str) -> str:
        if name in self.ids:
            raise DataError(Fault("id", f"{name} a second time", "every id once a picture"))
        self.ids.add(name)
        return name

    def _region(self, row: Row, **found_in: str) -> None:
        said = dict(row)
        number = _take(said, "object_id", "id")
        region = Region(_label(row), _box(said), self._once(f"o{number}"), said=said | found_in)
        self.regions[region.id], self.rows[region.id] = region, row

    def _attributes(self, row: Row) -> None:
        name = f"o{_own('objects', row)}"
        words = row.get("attributes") or []
        if not isinstance(words, list):
            raise KeyError("no list of attributes")
        if name not in self.regions:
            self._region(row, found_in="attributes")
            return
        said = dict(self.regions[name].said)
        before = said.get("attributes") or []
        if "attributes" in row:
            said["attributes"] = [*before, *(word for word in words if word not in before)]
        other = _other({key: row[key] for key in row if key != "attributes"}, self.rows[name])
        if other:
            said["in_attributes"] = [*said.get("in_attributes", []), other]
        self.regions[name] = replace(self.regions[name], said=said)

    def _relationship(self, row: Row) -> Relationship:
        said = dict(row)
        name = f"q{_take(said, 'relationship_id', 'id')}"
        predicate = str(_take(said, "predicate"))
        ends = {end: _take(said, end) for end in ("subject", "object")}
        ids = {end: self._end(thing) for end, thing in ends.items()}
        others = {end: _other(thing, self.rows[ids[end]]) for end, thing in ends.items()}
        said |= {end: other for end, other in others.items() if other}
        return Relationship(ids["subject"], predicate, ids["object"], self._once(name), said=said)

    def _end(self, thing: Row) -> str:
        """Return the id of the region at one end of a relationship, made here where there is none yet."""
        name = f"o{_own('objects', thing)}"
        if name not in self.regions:
            self._region(thing, found_in="relationships")
        return name

    def _phrase(self, row: Row) -> Phrase:
        rest = dict(row)
        name = f"r{_take(rest, 'region_id', 'id')}"
        phrase = Phrase(str(_take(rest, "phrase")), _box(rest), self._once(name))
        if str(rest.get("image_id")) == self.sample.id:
            del rest["image_id"]
        if rest:
            self.said.setdefault("regions", {})[name] = rest
        return phrase


def _take(row: Row, *names: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Remove and return what stands under the first of these names that the row has."""
    for name in names:
        if row.get(name) is not None:
            return row.pop(name)
    raise KeyError(f"no {' or '.join(names)}")


def _own(name: str, row: Row) -> Any:  # noqa: ANN401 - a number or a text
    """Return the id of a row of a file."""
    kind = {"relationships": "relationship_id", "region_descriptions": "region_id"}.get(name, "object_id")
    return _take(dict(row), kind, "id")


def _box(row: Row) -> Box:
    """Remove a row's coordinates and return its box."""
    try:
        corner = (float(_take(row, "x")), float(_take(row, "y")))
        return from_xywh(*corner, float(_take(row, "w", "width")), float(_take(row, "h", "height")))
    except (KeyError, TypeError, ValueError) as error:
        raise BoxError(Fault("box", str(error.args[0]), "four finite numbers")) from None


def _label(row: Row) -> str:
    """Return the first name of an object; an empty text where it has none."""
    names = row.get("names") or row.get("name") or ""
    return str(names[0] if isinstance(names, list) else names)


def _other(row: Row, first: Row) -> Row:
    """Return what a row says of an object that its first row does not say, spellings aside."""
    known = {SPELLINGS.get(key, key): value for key, value in first.items()}
    return {
        key: value
        for key, value in row.items()
        if known.get(SPELLINGS.get(key, key)) != value and (key, value) != ("name", _label(first))
    }
