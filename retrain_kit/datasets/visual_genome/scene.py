"""One image of Visual Genome: the rows of its files turned into annotations, and what is none listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import Box, Phrase, Region, Relationship
from retrain_kit.errors import BoxError, DataError, Fault, KitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample

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


def box_from_visual_genome(x: float, y: float, width: float, height: float) -> Box:
    """Turn left, top, width and height in pixels into a box.

    Raises
    ------
    BoxError
        When a size is negative or a value is no number.
    """
    return Box(x, y, x + width, y + height)


class Scene:
    """Turns the entries of one image into annotations; what is none is listed with the reason."""

    def __init__(self, sample: Sample, paths: Mapping[str, Path], faults: list[Fault]) -> None:
        self.sample, self.paths, self.faults = sample, paths, faults
        self.regions: dict[str, Region] = {}
        self.rows: dict[str, Row] = {}
        self.ids: set[str] = set()
        self.said: dict[str, Any] = {}
        self.rejected: list[Row] = []
        self.scale: tuple[float, float] | None = None

    def sample_with(self, found: Mapping[str, Mapping[str, list[Row]]]) -> Sample:
        """Return the sample with all that its entries in the files say."""
        rows = {name: self._rows(name, found.get(name, {}).get(self.sample.id, [])) for name in LISTS}
        self._compare_sizes()
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
        """Return the rows of a file's entries; what else the entries say is said of the image."""
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

    def _compare_sizes(self) -> None:
        """Note how the image was scaled since it was annotated; list a fault where it was cut or turned."""
        wide, high = (self.said.get(key) or 0 for key in ("width", "height"))
        width, height = self.sample.size
        if (wide, high) == (width, height) or not all((wide, high, width, height)):
            return
        if abs(wide * height - high * width) > max(wide, high, width, height):
            where = f"{self.paths['image_data']}, image {self.sample.id}"
            expected = f"{width} × {height}, as the manifest says, or the same scaled"
            do = "The annotations do not fit it: take it out of the manifest, or put the right file there."
            self.faults.append(Fault(where, f"{wide} × {high} pixels", expected, do))
            return
        self.said["scaled_from"] = [wide, high]
        self.scale = (width / wide, height / high)

    def _box(self, row: Row) -> Box:
        """Return a row's box and remove its coordinates; those of a scaled image stay in the row."""
        if self.scale is None:
            return _stated_box(row)
        box, (across, down) = _stated_box(dict(row)), self.scale
        return Box(box.left * across, box.top * down, box.right * across, box.bottom * down)

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
            raise DataError(Fault("id", f"{name} a second time", "every id once an image"))
        self.ids.add(name)
        return name

    def _region(self, row: Row, **found_in: str) -> None:
        said = dict(row)
        number = pop_first(said, "object_id", "id")
        region = Region(_label(row), self._box(said), self._once(f"o{number}"), said=said | found_in)
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
        name = f"q{pop_first(said, 'relationship_id', 'id')}"
        predicate = str(pop_first(said, "predicate"))
        ends = {end: pop_first(said, end) for end in ("subject", "object")}
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
        said = dict(row)
        name = f"r{pop_first(said, 'region_id', 'id')}"
        if str(said.get("image_id")) == self.sample.id:
            del said["image_id"]
        return Phrase(str(pop_first(said, "phrase")), self._box(said), self._once(name), said=said)


def pop_first(row: Row, *names: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Remove and return what stands under the first of these names that the row has."""
    for name in names:
        if row.get(name) is not None:
            return row.pop(name)
    raise KeyError(f"no {' or '.join(names)}")


def _own(name: str, row: Row) -> Any:  # noqa: ANN401 - a number or a text
    """Return the id of a row of a file."""
    kind = {"relationships": "relationship_id", "region_descriptions": "region_id"}.get(name, "object_id")
    return pop_first(dict(row), kind, "id")


def _stated_box(row: Row) -> Box:
    """Remove a row's coordinates and return its box."""
    try:
        corner = (float(pop_first(row, "x")), float(pop_first(row, "y")))
        return box_from_visual_genome(
            *corner, float(pop_first(row, "w", "width")), float(pop_first(row, "h", "height"))
        )
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
