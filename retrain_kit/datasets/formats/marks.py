"""Marks in the kit's own format: a dictionary each, as a line of a file; `datasets.folder` says how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.samples import UNKNOWN, Box, Click, Flags, ImageLabel, Phrase, Region, Relationship

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    Mark = Region | Phrase | ImageLabel | Relationship

MIN_VERTICES = 3


def to_record(image: str, mark: Mark) -> dict[str, Any]:
    """Return the line of a mark as a dictionary: the reverse of `of_record`. Instance masks are not kept."""
    record: dict[str, Any] = {"image": image, "id": getattr(mark, "id", "")}
    if isinstance(mark, ImageLabel):
        words = {"image_label": mark.label, "present": mark.present, "maker": mark.maker}
        return record | words | _stated(said=dict(mark.said))
    if isinstance(mark, Relationship):
        words = {"subject": mark.subject, "predicate": mark.predicate, "object": mark.object}
        return record | words | {"maker": mark.maker} | _stated(said=dict(mark.said))
    word = {"phrase": mark.text} if isinstance(mark, Phrase) else {"label": mark.label}
    record |= word | {"maker": mark.maker, "box": list(mark.box.edges)}
    if isinstance(mark, Region):
        flags = {key: value for key, value in vars(mark.flags).items() if value is not None}
        clicks = [[click.x, click.y, click.on] for click in mark.clicks]
        record |= _stated(polygons=mark.polygons, flags=flags, clicks=clicks, said=dict(mark.said))
    return record


def _stated(**parts: Collection[Any]) -> dict[str, Any]:
    """Return the parts that hold something."""
    return {name: part for name, part in parts.items() if part}


def of_record(record: Mapping[str, Any]) -> Mark:
    """Return the mark of a dictionary.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError, ArithmeticError, BoxError
        When it is none.
    """
    maker = str(record.get("maker", UNKNOWN))
    said = dict(record.get("said", {}))
    if "image_label" in record:
        return ImageLabel(str(record["image_label"]), _yes_no(record.get("present")), maker, said)
    name = str(record.get("id", ""))
    if "predicate" in record:
        subject, predicate, thing = (str(record[key]) for key in ("subject", "predicate", "object"))
        return Relationship(subject, predicate, thing, name, maker, said)
    box = Box(*(float(edge) for edge in record["box"]))
    if "phrase" in record:
        return Phrase(str(record["phrase"]), box, name, maker)
    flags = Flags(**{key: _yes_no(value) for key, value in record.get("flags", {}).items()})
    clicks = tuple(Click(float(x), float(y), _yes_no(on)) for x, y, on in record.get("clicks", []))
    outline = _polygons(record.get("polygons", []))
    return Region(str(record["label"]), box, name, maker, outline, flags=flags, clicks=clicks, said=said)


def _polygons(lists: Iterable[Iterable[Iterable[float]]]) -> tuple[tuple[tuple[float, float], ...], ...]:
    polygons = tuple(tuple((float(x), float(y)) for x, y in vertices) for vertices in lists)
    if any(len(polygon) < MIN_VERTICES for polygon in polygons):
        raise ValueError("a polygon of fewer than three vertices")
    if polygons:
        Box.around(polygons)
    return polygons


def _yes_no(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise ValueError(f"{value!r} where only true, false and null (not said) can stand")
