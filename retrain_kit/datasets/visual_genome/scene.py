"""One image of Visual Genome: the rows of its files turned into annotations, and what is none listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import Box, Phrase, Region, RejectedAnnotation, Relationship
from retrain_kit.datasets.formats import values
from retrain_kit.errors import BoxError

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
        When a size is negative or a value is no finite number.
    """
    return Box(x, y, x + width, y + height)


class Scene:
    """Turns the entries of one image into annotations; what is none is listed with the reason."""

    def __init__(self, sample: Sample, paths: Mapping[str, Path]) -> None:
        self.sample, self.paths, self.key = sample, paths, image_key(sample.id)
        self.regions: dict[str, Region] = {}
        self.rows: dict[str, Row] = {}
        self.known: dict[str, Row] = {}
        self.ids: set[str] = set()
        self.said: dict[str, Any] = {}
        self.rejected: list[RejectedAnnotation] = []
        self.scale: tuple[float, float] | None = None
        self.unfit = ""

    def sample_with(self, found: Mapping[str, Mapping[str, list[Row]]]) -> Sample:
        """Return the sample with all that its entries in the files say."""
        rows = {name: self._rows(name, found.get(name, {}).get(self.key, [])) for name in LISTS}
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
            rejected=tuple(self.rejected),
            said=self.said,
        )

    def _rows(self, name: str, found: list[Row]) -> list[Any]:
        """Return the rows of a file's entries; what else the entries say is said of the image."""
        rows: list[Any] = []
        for entry in found:
            listed = entry.pop(LISTS[name], None) if LISTS[name] else []
            if isinstance(listed, list):
                rows += listed
            else:
                reason = f"{LISTS[name]}: {values.shown(listed)}, no list"
                self._reject(name, reason, row={**entry, LISTS[name]: listed})
            for key, value in entry.items():
                same = self.said.get(key, value) == value
                self.said[key if same else f"{name}_{key}"] = value
        return rows

    def _compare_sizes(self) -> None:
        """Note how the image was scaled since it was annotated, or that it was cut or turned."""
        stated = [self.said.get(key) for key in ("width", "height")]
        try:
            wide, high = (values.number(each or 0, "size") for each in stated)
        except ValueError as error:
            row = {key: self.said.get(key) for key in ("width", "height")}
            self._reject("image_data", str(error), kept="the annotations as they stand, not scaled", row=row)
            return
        width, height = self.sample.size
        if (wide, high) == (width, height) or not all((wide, high, width, height)):
            return
        if min(wide, high) < 0 or abs(wide * height - high * width) > max(wide, high, width, height):
            self.unfit = (
                f"image_data speaks of {stated[0]} × {stated[1]} pixels, and the image has "
                f"{width} × {height}: not the same scaled, so it was cut or turned"
            )
            return
        self.said["scaled_from"] = stated
        self.scale = (width / wide, height / high)

    def _box(self, row: Row) -> Box:
        """Return a row's box and remove its coordinates; those of a scaled image stay in the row."""
        if self.scale is None:
            return _stated_box(row)
        box, (across, down) = _stated_box(dict(row)), self.scale
        return Box(box.left * across, box.top * down, box.right * across, box.bottom * down)

    def _each(self, name: str, make: Callable[[Row], Any], rows: Mapping[str, list[Any]]) -> list[Any]:
        """Make an annotation of each row of a file; list those of which none can be made."""
        made = []
        for number, row in enumerate(rows[name], start=1):
            try:
                if self.unfit or not isinstance(row, dict):
                    self._reject(name, self.unfit or f"{values.shown(row)}, no row", number, row)
                else:
                    made.append(make(row))
            except BoxError as error:
                fault = error.faults[0]
                self._reject(name, f"{fault.found}, expected {fault.expected}", number, row)
            except ValueError as error:
                self._reject(name, str(error), number, row)
        return made

    def _reject(self, name: str, reason: str, number: int = 0, row: object = None, kept: str = "") -> None:
        own, label = ("", "")
        if isinstance(row, dict) and number:
            own = next(
                (text for key in (_id_name(name), "id") if (text := values.any_text(row.get(key)))), ""
            )
            label = _word_of(name, row)
        place = f"{self.paths[name].name}, image {self.key}" + (f", row {number}" if number else "")
        found = RejectedAnnotation(self.sample.id, reason, own, label, place, kept, row)
        self.rejected.append(found)

    def _once(self, name: str) -> str:
        if name in self.ids:
            raise ValueError(f"{name} a second time, expected every id once an image")
        self.ids.add(name)
        return name

    def _region(self, row: Row, **found_in: str) -> None:
        said = dict(row)
        number = _pop_id(said, "object_id")
        said |= found_in
        region = Region(_label(row), self._box(said), self._once(f"o{number}"), said=said)
        self.regions[region.id], self.rows[region.id] = region, row

    def _attributes(self, row: Row) -> None:
        name = f"o{_pop_id(dict(row), 'object_id')}"
        words = row.get("attributes") or []
        if not isinstance(words, list) or not {str}.issuperset(map(type, words)):
            raise ValueError(f"attributes: {values.shown(words)}, no list of words")
        if name not in self.regions:
            self._region(row, found_in="attributes")
            return
        region = self.regions[name]
        said = dict(region.said)
        before = said.get("attributes") or []
        if "attributes" in row:
            said["attributes"] = [*before, *(word for word in words if word not in before)]
        if other := self._other(row, name, but="attributes"):
            said["in_attributes"] = [*said.get("in_attributes", []), other]
        self.regions[name] = Region(region.label, region.box, name, said=said)

    def _relationship(self, row: Row) -> Relationship:
        said = dict(row)
        name = f"q{_pop_id(said, 'relationship_id')}"
        predicate = _pop_text(said, "predicate")
        ends = {end: _pop_thing(said, end) for end in ("subject", "object")}
        ids = {end: self._end(thing) for end, thing in ends.items()}
        others = {end: self._other(thing, ids[end]) for end, thing in ends.items()}
        said |= {end: other for end, other in others.items() if other}
        return Relationship(ids["subject"], predicate, ids["object"], self._once(name), said=said)

    def _end(self, thing: Row) -> str:
        """Return the id of the region at one end of a relationship, made here where there is none yet."""
        name = f"o{_pop_id(dict(thing), 'object_id')}"
        if name not in self.regions:
            self._region(thing, found_in="relationships")
        return name

    def _other(self, row: Row, name: str, but: str = "") -> Row:
        """Return what a row says of an object that the region's own row does not say, spellings aside."""
        if (known := self.known.get(name)) is None:
            known = {SPELLINGS.get(key, key): value for key, value in self.rows[name].items()}
            self.known[name] = known
        return {
            key: value
            for key, value in row.items()
            if known.get(SPELLINGS.get(key, key)) != value
            and key != but
            and (key != "name" or value != self.regions[name].label)
        }

    def _phrase(self, row: Row) -> Phrase:
        said = dict(row)
        name = f"r{_pop_id(said, 'region_id')}"
        if (image := said.get("image_id")) is not None and values.number_id(image) == self.key:
            del said["image_id"]
        return Phrase(_pop_text(said, "phrase"), self._box(said), self._once(name), said=said)


def image_key(name: str) -> str:
    """Return what an image's id is compared by: Visual Genome's ids are numbers, however they are written."""
    return values.number_id(name) or name


def pop_first(row: Row, *names: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Remove and return what stands under the first of these names that the row has.

    Raises
    ------
    ValueError
        When it has none of them.
    """
    for name in names:
        if (value := row.get(name)) is not None:
            del row[name]
            return value
    raise ValueError(f"no {' or '.join(names)}")


def _id_name(name: str) -> str:
    """Return how the ids of a file's rows are called."""
    return {"relationships": "relationship_id", "region_descriptions": "region_id"}.get(name, "object_id")


def _pop_id(row: Row, name: str) -> str:
    """Remove and return a row's id, which is a number."""
    if type(value := row.get(name)) is int:
        del row[name]
        return str(value)
    value = pop_first(row, name, "id")
    if number := values.number_id(value):
        return number
    raise ValueError(f"{name}: {values.shown(value)}, no number of an id")


def _pop_text(row: Row, name: str) -> str:
    if isinstance(value := pop_first(row, name), str):
        return value
    raise ValueError(f"{name}: {values.shown(value)}, no text")


def _pop_thing(row: Row, name: str) -> Row:
    value = pop_first(row, name)
    if isinstance(value, dict):
        return value
    raise ValueError(f"{name}: {values.shown(value)}, no object")


def _stated_box(row: Row) -> Box:
    """Remove a row's coordinates and return its box."""
    wide, high = ("w", "h") if "w" in row else ("width", "height")
    stated: list[Any] = [row.get("x"), row.get("y"), row.get(wide), row.get(high)]
    if _INT.issuperset(map(type, stated)) and max(map(abs, stated)) < _MOST_PIXELS:
        del row["x"], row["y"], row[wide], row[high]
        return box_from_visual_genome(*map(float, stated))
    x, y = pop_first(row, "x"), pop_first(row, "y")
    width, height = pop_first(row, "w", "width"), pop_first(row, "h", "height")
    edges = {"x": x, "y": y, "w": width, "h": height}
    return box_from_visual_genome(*(values.number(value, name) for name, value in edges.items()))


_INT, _MOST_PIXELS = frozenset((int,)), 1 << 53


def _label(row: Row) -> str:
    """Return the first name of an object; an empty text where it has none.

    Raises
    ------
    ValueError
        When what stands there is no word.
    """
    names = row.get("names") or row.get("name") or ""
    first = names[0] if isinstance(names, list) else names
    if isinstance(first, str):
        return first if first.strip() else ""
    raise ValueError(f"names: {values.shown(names)}, no word")


def _word_of(name: str, row: Row) -> str:
    """Return the word of a row that could not be taken, where it has one."""
    names = row.get("names") or row.get("name")
    first = names[0] if isinstance(names, list) and names else names
    found = {"relationships": row.get("predicate"), "region_descriptions": row.get("phrase")}.get(name, first)
    return found if isinstance(found, str) else ""
