"""CVAT's XML, image by image: what each says, in plain texts, without the names of persons."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.datasets.formats import opening
from retrain_kit.datasets.formats.named_images import NamedRow
from retrain_kit.datasets.formats.pseudonyms import Pseudonyms
from retrain_kit.errors import DataError, Fault, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PERSONS = ("owner", "assignee")
_TASKS = ("task", "project", "job")
_BEFORE_ROOT_BYTES = 1 << 16


@dataclass(frozen=True)
class Shape:
    """An annotation of an image as it stands.

    Parameters
    ----------
    kind
        The name of its element: box, polygon, tag and so on.
    number
        Its place among the annotations of its image, from 1.
    attributes
        What stands in its tag.
    more
        The attributes that annotators filled in, by their names.
    parts
        The shapes within it: the points of a skeleton.
    """

    kind: str
    number: int
    attributes: Mapping[str, str]
    more: Mapping[str, str | list[str]] = field(default_factory=dict)
    parts: tuple[Shape, ...] = ()

    def row(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        said: dict[str, Any] = {**self.attributes}
        said |= {"attributes": dict(self.more)} if self.more else {}
        said |= {"parts": [part.row() for part in self.parts]} if self.parts else {}
        return {self.kind: said}


@dataclass(frozen=True)
class CvatImage:
    """What a file says of an image: in its tag, of its task, and its annotations."""

    file: str
    attributes: Mapping[str, str]
    said: Mapping[str, Any]
    shapes: tuple[Shape, ...]


def read_images(path: Path, tracks: list[RejectedAnnotation]) -> Iterator[NamedRow]:
    """Yield what a file says of its images; list its tracks, which are of a video.

    Raises
    ------
    DataError
        When it is no such file, or has tracks alone.
    """
    task: dict[str, str] = {}
    number, before = 0, len(tracks)
    try:
        with opening.open_unpacked(path) as file:
            for element in _children(file):
                if element.tag == "meta":
                    task = _task(element)
                elif element.tag == "image":
                    number += 1
                    yield _image(path, number, element, task)
                elif element.tag == "track":
                    tracks.append(_track(path, len(tracks) - before + 1, element))
    except (OSError, ValueError, LookupError, ET.ParseError, RecursionError) as error:
        reason = " ".join(reason_of(error).split())[:200]
        raise DataError(Fault(str(path), f"no annotations ({reason})", _EXPECTED)) from None
    if not number:
        count = len(tracks) - before
        found = f"a video with {count} tracks, and no images" if count else "no image"
        do = "Export the task as CVAT for images 1.1." if count else ""
        raise DataError(Fault(str(path), found, _EXPECTED, do))


_EXPECTED = "<annotations> of CVAT for images, in XML"


def _children(file: IO[bytes]) -> Iterator[ET.Element]:
    """Yield the children of the root, each whole, and let go of them afterwards.

    Raises
    ------
    ValueError
        When the root is another one, or what might hide other files stands before it.
    """
    start = file.peek(_BEFORE_ROOT_BYTES)[:_BEFORE_ROOT_BYTES]  # type: ignore[attr-defined] # it is buffered
    if b"<!DOCTYPE" in start.replace(b"\0", b""):
        raise ValueError("a document type declaration, which may hide other files")
    depth, root = 0, None
    for event, element in ET.iterparse(file, ("start", "end")):  # noqa: S314 - no document type, no entities
        if event == "start":
            depth += 1
            if root is None:
                root = element
                if element.tag != "annotations":
                    raise ValueError(f"<{element.tag}>")
            if depth > _MOST_DEEP:
                raise ValueError("elements in elements, very deep")
            continue
        depth -= 1
        if depth == 1:
            yield element
            root.clear()  # type: ignore[union-attr] # an end comes after a start


_MOST_DEEP = 50


def _task(meta: ET.Element) -> dict[str, str]:
    """Return what the file says of its task that is worth keeping, a number for each person named."""
    people, said = Pseudonyms("person"), dict[str, str]()
    for name in _TASKS:
        for element in meta.iter(name):
            if text := (element.findtext("name") or "").strip():
                said.setdefault(name, text)
            for role in _PERSONS:
                person = element.find(role)
                told = (person.findtext("username") or person.text or "") if person is not None else ""
                if named := people.of(told):
                    said.setdefault(f"{name}_{role}", named)
    return said


def _image(path: Path, number: int, element: ET.Element, task: Mapping[str, str]) -> NamedRow:
    shapes = tuple(_shape(each, at) for at, each in enumerate(element, start=1))
    subset, name = element.get("subset", ""), element.get("name", "")
    said = {key: value for key, value in element.attrib.items() if key not in {"name", "width", "height"}}
    image = CvatImage(
        path.name, dict(element.attrib), {**task, **{f"cvat_{key}": said[key] for key in said}}, shapes
    )
    return NamedRow(f"{subset}/{name}" if subset else name, number, image, path)


def _shape(element: ET.Element, number: int) -> Shape:
    more: dict[str, str | list[str]] = {}
    parts: list[Shape] = []
    for child in element:
        if child.tag == "attribute":
            name, text = child.get("name", ""), child.text or ""
            before = more.get(name)
            more[name] = (
                text if before is None else [*([before] if isinstance(before, str) else before), text]
            )
        else:
            parts.append(_shape(child, len(parts) + 1))
    return Shape(str(element.tag), number, dict(element.attrib), more, tuple(parts))


def _track(path: Path, number: int, element: ET.Element) -> RejectedAnnotation:
    said = {key: value for key, value in element.attrib.items() if key != "id"}
    row = {"track": {**said, "frames": len(element)}}
    reason = f"a track through {len(element):,} frames of a video, which are no images here"
    place = f"{path.name}, track {number}"
    return RejectedAnnotation("", reason, element.get("id", ""), element.get("label", ""), place, row=row)
